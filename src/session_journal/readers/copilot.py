"""Transcripts of GitHub Copilot CLI: events as JSON lines, with facts about the workspace in a file beside."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

import orjson

from session_journal.core.events import Session
from session_journal.core.text import clean, fold
from session_journal.readers.copilot_calls import acts_of, answer_in, arguments_of, feedback_in, output_of
from session_journal.readers.fields import Record, string
from session_journal.readers.heads import first_lines
from session_journal.readers.jsonl import Lines
from session_journal.readers.keeping import Recent
from session_journal.readers.recorder import Recorder

Part = tuple[str, BinaryIO]

_KINDS = re.compile(r"(?:session|user|assistant|tool|hook|subagent|system)\.[a-z_]+$|abort$")
_NOT_SAID = re.compile(r"(?:skill|system|autopilot|schedule|jit|instruction|hook|notification)", re.IGNORECASE)
"""Origins of user messages that no person wrote."""
_FACT = re.compile(r"^(cwd|branch|name|summary):[^\S\n]*(?:[|>][+-]?[^\S\n]*\n\s+)?(\S.*?)[^\S\n]*$", re.MULTILINE)
_ABSOLUTE = re.compile(r"/|[A-Za-z]:[\\/]|\\\\")
_NOTHING = frozenset({"null", "~"})
_WORKSPACE = 64 * 1024


@dataclass(slots=True)
class State(Recorder):
    """What is known while the lines go by. shells: the call that started each shell; polls: calls that look at one.

    workspace: the folder that the workspace's file names.
    """

    names: Recent[str, str] = field(default_factory=Recent)
    shells: Recent[str, str] = field(default_factory=Recent)
    polls: Recent[str, str] = field(default_factory=Recent)
    questions: Recent[str, str] = field(default_factory=Recent)
    workspace: str = ""


def recognises(head: bytes) -> bool:
    """Say whether some line of these first bytes is an event of Copilot CLI."""
    for line in first_lines(head, 20):
        if b'"data"' not in line[:400]:
            continue
        try:
            record = orjson.loads(line)
        except (orjson.JSONDecodeError, RecursionError):
            continue
        if isinstance(record, dict) and _is_event(record):
            return True
    return False


def _is_event(record: Record) -> bool:
    data, kind = record.get("data"), string(record, "type")
    if not isinstance(data, dict):
        return False
    if kind == "session.start":
        return bool(string(data, "copilotVersion") or string(data, "sessionId"))
    return "id" in record and "parentId" in record and bool(_KINDS.match(kind))


def read(stream: BinaryIO, name: str, parts: Iterable[Part] = ()) -> Iterator[Session]:
    """Read the one session of an event log, and what the workspace's file knows about it."""
    state = State()
    for part, beside in parts:
        if part == "workspace":
            _take_workspace(state, beside.read(_WORKSPACE).decode("utf-8", "replace"))
    lines = Lines(stream)
    for record in lines:
        _take(state, record)
    if state.understood:
        state.facts.setdefault("id", _id_in(name))
        yield state.session("copilot", lines.skipped, lines.sha256)


def _id_in(name: str) -> str:
    """Return the session's id from where its file lies: `<id>/events.jsonl`, or `<id>.jsonl`."""
    *folders, base = name.replace("\\", "/").split("/")
    return folders[-1] if base == "events.jsonl" and folders else base.removesuffix(".jsonl")


def _take_workspace(state: State, raw: str) -> None:
    """Keep what the workspace's file knows: flat YAML, of which four keys matter."""
    found = {key: value.strip("\"'") for key, value in _FACT.findall(raw)}
    if _ABSOLUTE.match(found.get("cwd", "")):
        state.workspace = found["cwd"]
    for name, value in (("branch", found.get("branch")), ("title", found.get("name") or found.get("summary"))):
        if value and value not in _NOTHING:
            state.facts[name] = fold(clean(value))


def _take(state: State, record: Record) -> None:
    """Add what one event says; one that came before is not counted twice."""
    kind, data, mark = record.get("type"), record.get("data"), string(record, "id")
    if not isinstance(kind, str) or not isinstance(data, dict):
        return
    state.understood = state.understood or bool(_KINDS.match(kind))
    handle = _HANDLERS.get(kind)
    if handle is None or (mark and state.is_known(mark)):
        return
    if not state.roots and state.workspace and not kind.startswith("session."):
        state.visit(state.workspace)  # the log itself has named no folder
    parent = string(data, "parentToolCallId")
    state.agent = state.names.get(parent) or parent or string(record, "agentId")
    state.stamp = record.get("timestamp")
    handle(state, data)


def _take_start(state: State, data: Record) -> None:
    if string(data, "sessionId"):
        state.facts.setdefault("id", string(data, "sessionId"))
    for key, name in (("copilotVersion", "version"), ("selectedModel", "model")):
        if string(data, key):
            state.facts[name] = string(data, key)
    _take_place(state, data.get("context"))
    _take_place(state, data)


def _take_place(state: State, data: object) -> None:
    if string(data, "cwd"):
        state.visit(string(data, "cwd"))
    if string(data, "branch"):
        state.facts["branch"] = string(data, "branch")


def _take_model(state: State, data: Record) -> None:
    if string(data, "newModel"):
        state.facts["model"] = string(data, "newModel")


def _take_title(state: State, data: Record) -> None:
    if string(data, "title"):
        state.facts["title"] = fold(clean(string(data, "title")))


def _take_prompt(state: State, data: Record) -> None:
    if not _NOT_SAID.match(string(data, "source")):
        state.say("prompt", "user", string(data, "content"), "message")


def _take_message(state: State, data: Record) -> None:
    if string(data, "model") and not state.agent:
        state.facts["model"] = string(data, "model")
    state.say("thought", "assistant", string(data, "reasoningText"), "message")
    state.say("reply", "assistant", string(data, "content"), "message")
    requests = data.get("toolRequests")
    for request in requests if isinstance(requests, list) else ():
        if isinstance(request, dict):
            _take_call(state, string(request, "toolCallId"), string(request, "name"), request.get("arguments"))


def _take_reasoning(state: State, data: Record) -> None:
    state.say("thought", "assistant", string(data, "content"), "reasoning")


def _take_execution(state: State, data: Record) -> None:
    _take_call(state, string(data, "toolCallId"), string(data, "toolName"), data.get("arguments"))


def _take_call(state: State, call: str, name: str, arguments: object) -> None:
    """Add a call, which is told when it is asked for and again when it begins."""
    if not name or (call and state.is_known(f"call:{call}")):
        return
    given = arguments_of(arguments)
    shell = string(given, "sessionId") or string(given, "shellId")
    if name.startswith("read_") and state.shells.get(shell):
        state.polls[call] = state.shells.get(shell) or call
        return
    if name == "ask_user":
        state.questions[call] = fold(string(given, "question"))
    for act in acts_of(name, given):
        state.act(act, call)
        if act.kind == "command" and shell:
            state.shells[shell] = call


def _take_result(state: State, data: Record) -> None:
    call = string(data, "toolCallId")
    output = output_of(data)
    if output.running:
        state.shells[output.running] = call
    said = feedback_in(output.text) if output.refused else ""
    state.result(output._replace(refused=output.refused and not said), state.polls.get(call) or call)
    question = state.questions.get(call)
    if said:
        state.say("prompt", "user", said, "refusal")
    elif question is not None and not output.failed:
        state.say("prompt", "user", f"{question} → {fold(answer_in(output.text))}", "answer")


def _take_compaction(state: State, data: Record) -> None:
    if data.get("success") is not False:
        state.compact(string(data, "summaryContent"), state.agent)


def _take_error(state: State, data: Record) -> None:
    state.fail(string(data, "message"))


def _take_abort(state: State, data: Record) -> None:  # noqa: ARG001
    state.interrupt("interrupted")


def _take_agent(state: State, data: Record) -> None:
    state.names[string(data, "toolCallId")] = string(data, "agentName") or string(data, "agentDisplayName")


_HANDLERS: dict[str, Callable[[State, Record], None]] = {
    "session.start": _take_start,
    "session.resume": _take_start,
    "session.context_changed": _take_place,
    "session.model_change": _take_model,
    "session.title_changed": _take_title,
    "session.compaction_complete": _take_compaction,
    "session.error": _take_error,
    "user.message": _take_prompt,
    "assistant.message": _take_message,
    "assistant.reasoning": _take_reasoning,
    "tool.execution_start": _take_execution,
    "tool.execution_complete": _take_result,
    "subagent.started": _take_agent,
    "abort": _take_abort,
}
