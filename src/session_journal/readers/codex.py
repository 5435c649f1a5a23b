"""Transcripts of the OpenAI Codex CLI: rollout files of JSON lines, plain or compressed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

import orjson

from session_journal.core.events import Session
from session_journal.core.text import clean, clip, fold, strip_wrappers
from session_journal.readers.codex_calls import acts_of, arguments_of, search_of
from session_journal.readers.codex_code import NAME, is_of_script, take_script, take_script_output, take_wait
from session_journal.readers.codex_events import take_event
from session_journal.readers.codex_state import State
from session_journal.readers.codex_text import output_of, shell_command, summary_in, user_text
from session_journal.readers.fields import Record, blocks, string
from session_journal.readers.heads import first_lines
from session_journal.readers.jsonl import Lines
from session_journal.readers.keeping import RESULT_LIMIT
from session_journal.readers.recorder import Act, Output
from session_journal.readers.zstd import decompressed, is_compressed, opened

Part = tuple[str, BinaryIO]

_ENVELOPES = frozenset(
    {"session_meta", "response_item", "event_msg", "turn_context", "compacted", "world_state"}
)  # fmt: skip
_MARK = re.compile(rb'"(?:payload|instructions|record_type)"')
_BARE = frozenset({"message", "reasoning", "function_call", "function_call_output", "local_shell_call"})
_PATCH = "/patch"
"""What the call of a patch within a script is named after the script's own."""
_APPLIED = re.compile(r"^Success\. Updated the following files:(?:\n[AMD] .*)*", re.MULTILINE)
_NAME = re.compile(r"(?:rollout-[\dT:-]*?-)?([0-9a-f-]{36})?(?:\.jsonl)?(?:\.zst)?$")


def recognises(head: bytes) -> bool:
    """Say whether these first bytes, decompressed where they are compressed, hold a line of a rollout."""
    if is_compressed(head):
        head = decompressed(head)
    return any(map(_is_rollout, first_lines(head, 20)))


def _is_rollout(line: bytes) -> bool:
    start = line[:400]
    if not _MARK.search(start):
        return False
    try:
        record = orjson.loads(line)
    except (orjson.JSONDecodeError, RecursionError):
        return b'"type":"session_meta"' in start.replace(b" ", b"") and b'"payload"' in start
    if not isinstance(record, dict):
        return False
    if string(record, "type") in _ENVELOPES and isinstance(record.get("payload"), dict):
        return True
    is_first = "instructions" in record and "id" in record and "timestamp" in record and "type" not in record
    return is_first or record.get("record_type") == "state"


def read(stream: BinaryIO, name: str, parts: Iterable[Part] = ()) -> Iterator[Session]:  # noqa: ARG001
    """Read the one session of a rollout."""
    state = State()
    lines = Lines(opened(stream))
    for record in lines:
        _take(state, record)
    if state.understood:
        state.facts.setdefault("id", _id_in(name))
        yield state.session("codex", lines.skipped, lines.sha256)


def _id_in(name: str) -> str:
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    found = _NAME.search(base)
    return (found.group(1) if found else "") or re.sub(r"\.jsonl(?:\.zst)?$", "", base)


def _take(state: State, record: Record) -> None:
    kind, payload = record.get("type"), record.get("payload")
    if not isinstance(kind, str):
        if "instructions" in record and string(record, "id"):  # the first line of the oldest files
            _take_meta(state, record)
        return
    state.stamp = record.get("timestamp")
    if isinstance(payload, dict):
        state.understood = state.understood or kind in _ENVELOPES
        handle = _HANDLERS.get(kind)
        if handle is not None:
            handle(state, payload)
    elif kind in _BARE:
        state.understood = True
        _take_item(state, record)


def _take_meta(state: State, payload: Record) -> None:
    """Keep what the first one says: a fork repeats its parent's, a resumed session its own."""
    state.understood = True
    if string(payload, "cli_version"):
        state.facts["version"] = string(payload, "cli_version")
    if "id" in state.facts:
        return
    state.facts["id"] = string(payload, "id") or string(payload, "session_id")
    git = payload.get("git")
    if string(git, "branch"):
        state.facts["branch"] = string(git, "branch")
    if string(payload, "cwd"):
        state.visit(string(payload, "cwd"))
    source = payload.get("source")
    if (isinstance(source, dict) and "subagent" in source) or string(payload, "thread_source") == "subagent":
        state.agent = string(payload, "agent_nickname") or string(payload, "agent_role") or "sub-agent"


def _take_context(state: State, payload: Record) -> None:
    if string(payload, "turn_id"):
        state.is_known(string(payload, "turn_id"))
    if string(payload, "model"):
        state.facts["model"] = string(payload, "model")
    if string(payload, "cwd"):
        state.visit(string(payload, "cwd"))


def _take_compaction(state: State, payload: Record) -> None:
    summary = string(payload, "message") or summary_in(payload.get("replacement_history"))
    state.compact(summary, state.agent)


def _take_item(state: State, payload: Record) -> None:
    """Add one item of what was sent to the model or came from it; one that came before is not counted twice."""
    kind = string(payload, "type")
    mark = string(payload, "id") or (f"{kind}:{string(payload, 'call_id')}" if payload.get("call_id") else "")
    handle = _ITEMS.get(kind)
    if handle is not None and not (mark and state.is_known(mark)):
        handle(state, payload)


def _take_message(state: State, payload: Record) -> None:
    role = payload.get("role")
    said = [
        string(block, "text")
        for block in blocks(payload.get("content"))
        if string(block, "type") in {"input_text", "output_text", "text"} and string(block, "text")
    ]
    if role == "assistant":
        state.say("reply", "assistant", "\n\n".join(said), "item")
    elif role == "user":
        _take_user(state, said)


def _take_user(state: State, said: list[str]) -> None:
    kept = []
    for raw in said:
        command, outcome = shell_command(raw)
        if command:
            _take_own_command(state, command, outcome)
        elif raw.lstrip().startswith("<turn_aborted>"):
            state.interrupt("interrupted")
        elif text := user_text(raw).strip():
            kept.append(text)
    state.say("prompt", "user", "\n\n".join(kept), "item")


def _take_own_command(state: State, command: str, outcome: str) -> None:
    """Add a command that the user ran themselves, with its own name for the result to join."""
    if state.is_echo("command", command, "item"):
        return
    call = f"user-{state.turns + 1}"
    state.speaker = None
    state.act(Act("command", command), call, "user")
    state.answer(output_of(outcome), call)


def _take_reasoning(state: State, payload: Record) -> None:
    for key in ("summary", "content"):
        for block in blocks(payload.get(key)):
            state.say("thought", "assistant", string(block, "text"), "item")


def _take_call(state: State, payload: Record) -> None:
    name = string(payload, "name").removeprefix("functions.") or "local_shell"
    call = string(payload, "call_id") or string(payload, "id")
    given = arguments_of(payload)
    if name == "write_stdin":
        _take_input(state, given, call)
        return
    if name == NAME and take_script(state, string(given, "input"), call):
        return
    if name == "wait" and take_wait(state, given, call):
        return
    acts = list(acts_of(name, given))
    mixed = bool(acts) and acts[-1].kind != acts[0].kind
    for act in acts:
        state.act(act, f"{call}{_PATCH}" if mixed and act.kind == "edit" else call)


def _take_input(state: State, given: Record, call: str) -> None:
    """Follow what goes to a process that still runs: its output belongs to the command that started it."""
    origin = state.running.get(str(given.get("session_id")))
    if origin is None:
        state.act(Act("tool", "write_stdin", clip(string(given, "chars"), 400)), call)
        return
    state.polls[call] = origin
    if string(given, "chars").strip():
        state.act(Act("tool", "write_stdin", clip(string(given, "chars"), 400)), "")


def _take_output(state: State, payload: Record) -> None:
    call = string(payload, "call_id")
    call = state.polls.get(call) or call
    if is_of_script(state, call):
        take_script_output(state, payload.get("output"), call)
        return
    output = output_of(payload.get("output"))
    if output.running:
        state.running[output.running] = call
    if state.calls.get(f"{call}{_PATCH}") is not None:
        # What a script ran after its patch may fail, and the patch be in place all the same.
        applied = _APPLIED.search(output.text)
        state.result(Output(applied.group() if applied else output.text, failed=applied is None), f"{call}{_PATCH}")
    state.answer(output, call)


def _take_search(state: State, payload: Record) -> None:
    action = payload.get("action")
    act = search_of(action if isinstance(action, dict) else payload)
    if act.target and not state.is_echo("search", act.target, "item"):
        state.act(act, "")


def _take_agent_message(state: State, payload: Record) -> None:
    """Add what a sub-agent reported back."""
    text = "\n\n".join(string(block, "text") for block in blocks(payload.get("content")))
    text = clip(strip_wrappers(clean(text)), RESULT_LIMIT)
    if text:
        agent = fold(string(payload, "author")) or "sub-agent"
        state.speaker = None
        state.add("reply", "assistant", state.turn_of("assistant"), agent, text=text)


Handler = Callable[[State, Record], None]

_HANDLERS: dict[str, Handler] = {
    "session_meta": _take_meta,
    "turn_context": _take_context,
    "compacted": _take_compaction,
    "response_item": _take_item,
    "event_msg": take_event,
}
_ITEMS: dict[str, Handler] = {
    "message": _take_message,
    "reasoning": _take_reasoning,
    "function_call": _take_call,
    "custom_tool_call": _take_call,
    "local_shell_call": _take_call,
    "function_call_output": _take_output,
    "custom_tool_call_output": _take_output,
    "web_search_call": _take_search,
    "agent_message": _take_agent_message,
}
