"""Transcripts of Claude Code: JSON lines under ~/.claude/projects, one file a session, more for its sub-agents."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

import orjson

from session_journal.core.events import EventKind, Session
from session_journal.core.projects import relative_path
from session_journal.core.text import clean, clip, drop_private, fold, strip_wrappers
from session_journal.readers.calls import describe, steps
from session_journal.readers.claude_state import State
from session_journal.readers.claude_text import (
    INTERRUPTED,
    answers,
    exit_code_of,
    is_refusal,
    refusal_reason,
    shell_input,
    slash_command,
)
from session_journal.readers.fields import Record, blocks, string, texts
from session_journal.readers.heads import first_lines
from session_journal.readers.jsonl import Lines
from session_journal.readers.keeping import RESULT_LIMIT, Origin, printed

Part = tuple[str, BinaryIO]

_TYPES = frozenset(
    {
        "assistant",
        "user",
        "system",
        "summary",
        "progress",
        "file-history-snapshot",
        "queue-operation",
        "pr-link",
        "permission-mode",
        "attachment",
        "ai-title",
        "custom-title",
        "agent-name",
        "mode",
        "last-prompt",
    }
)
_RAW_MARK = re.compile(rb'"(?:parentUuid|sessionId|leafUuid|messageId|uuid)"')
_MARKS = ("uuid", "sessionId", "leafUuid", "messageId", "parentUuid")
_NOT_HUMAN = frozenset(
    {"channel", "coordinator", "peer", "plugin", "scheduled-trigger", "task-notification", "teammate"}
)
"""Origins of user lines that another agent, a task or a schedule wrote."""
# What a teammate or a shell in the background tells stands as the user's word in older files.
_REPORTS = ("<teammate-message", "<bash-notification")
_REPORTS_END = ("</teammate-message>", "</bash-notification>")


def recognises(head: bytes) -> bool:
    """Say whether some line of these first bytes is a Claude Code record."""
    for line in first_lines(head):
        if not _RAW_MARK.search(line):
            continue
        try:
            record = orjson.loads(line)
        except (orjson.JSONDecodeError, RecursionError):
            if b'"isSidechain"' in line and b'"sessionId"' in line:
                return True
            continue
        if isinstance(record, dict) and _is_record(record):
            return True
    return False


def _is_record(record: Record) -> bool:
    """Say whether an object can only be of Claude Code: its relatives write messages and events of another make."""
    kind = string(record, "type")
    if kind not in _TYPES or not any(mark in record for mark in _MARKS):
        return False
    if kind in {"user", "assistant"}:
        message = record.get("message")
        return isinstance(message, dict) and isinstance(message.get("content"), (str, list))
    if kind == "system":
        return (
            "uuid" in record
            and bool(string(record, "subtype") or string(record, "content"))
            and ("systemPayload" not in record)
        )
    return True


def read(stream: BinaryIO, name: str, parts: Iterable[Part] = ()) -> Iterator[Session]:
    """Read the one session of a transcript and what its sub-agents did in files of their own."""
    state = State()
    lines = Lines(stream)
    for record in lines:
        _take(state, record)
    skipped = lines.skipped
    for agent, part in parts:
        more = Lines(part)
        for record in more:
            _take(state, record, agent)
        skipped += more.skipped
    if state.understood:
        yield state.finish(name, skipped, lines.sha256)


def _take(state: State, record: Record, agent: str = "") -> None:
    """Add what one record says; a record that came before is not counted twice."""
    kind, uuid = record.get("type"), record.get("uuid")
    if not isinstance(kind, str):
        return
    state.understood = state.understood or kind in _TYPES
    if kind in {"progress", "file-history-snapshot"}:
        return
    if isinstance(uuid, str) and uuid and state.is_known(uuid):
        return
    state.note_facts(record)
    state.stamp = record.get("timestamp")
    handle = _HANDLERS.get(kind)
    if handle is not None:
        handle(state, record, agent or _agent(record))
        state.parts = state.parts or bool(agent)


def _take_assistant(state: State, record: Record, agent: str) -> None:
    message = record.get("message")
    if not isinstance(message, dict):
        return
    if record.get("isApiErrorMessage"):
        text = " ".join(texts(message.get("content")))
        state.add("error", "system", state.turn(), agent, text=_error_text(text))
        return
    model = string(message, "model")
    if model and not model.startswith("<") and not agent:
        state.facts["model"] = model
    key = string(message, "id") or string(record, "uuid")
    turn = state.message_turns.get(key)
    if turn is None or not key:
        turn = state.message_turns[key] = state.turn()
    for block in blocks(message.get("content")):
        _take_block(state, block, turn, agent)


def _take_block(state: State, block: Record, turn: int, agent: str) -> None:
    kind = string(block, "type")
    if kind == "tool_use":
        _take_call(state, block, turn, agent)
    elif kind in {"text", "thinking"}:
        text = strip_wrappers(clean(string(block, "text" if kind == "text" else "thinking")))
        if text:
            event: EventKind = "reply" if kind == "text" else "thought"
            state.add(event, "assistant", turn, agent, text=text)


def _take_call(state: State, block: Record, turn: int, agent: str) -> None:
    name, given = string(block, "name"), block.get("input")
    kind, target, text = describe(name, given)
    if name in {"TaskCreate", "TaskUpdate"} and isinstance(given, dict):
        kind, target, text = "plan", "todo", _take_task(state, name, given)
    if kind in {"edit", "read"}:
        target = relative_path(target, state.roots)
    call = string(block, "id")
    state.add(
        kind, "assistant", turn, agent, target=clean(drop_private(target)), text=clean(drop_private(text)), call=call
    )
    if call:
        state.calls[call] = Origin(call, kind, target, turn)


def _take_task(state: State, name: str, given: Record) -> str:
    """Return the whole task list after a task was added or changed."""
    if name == "TaskCreate":
        state.tasks[str(len(state.tasks) + 1)] = {"content": string(given, "subject"), "status": "pending"}
    else:
        task = state.tasks.get(str(given.get("taskId", "")), {})
        task["status"] = string(given, "status") or task.get("status", "")
        task["content"] = string(given, "subject") or task.get("content", "")
    return steps([task for task in state.tasks.values() if task.get("status") != "deleted"])


def _take_user(state: State, record: Record, agent: str) -> None:
    message = record.get("message")
    if not isinstance(message, dict):
        return
    content = message.get("content")
    if record.get("isCompactSummary"):
        state.compact(" ".join(texts(content)), agent)
        return
    for block in blocks(content):
        if block.get("type") == "tool_result":
            _take_result(state, record, block, agent)
    if not (record.get("isMeta") or record.get("isVisibleInTranscriptOnly") or _is_of_another(record)):
        _take_speech(state, "\n\n".join(texts(content)), agent)


def _is_of_another(record: Record) -> bool:
    """Say whether another agent or a task wrote what stands as the user's."""
    origin = string(record.get("origin"), "kind") or string(record, "commandMode")
    return origin in _NOT_HUMAN


def _take_speech(state: State, raw: str, agent: str) -> None:
    if not raw:
        return
    raw = clean(raw)
    if raw[:200].lstrip().startswith(INTERRUPTED):
        if not state.events or state.events[-1].kind != "interruption":  # a refused call is told twice
            state.add("interruption", "user", state.turn(), agent, text=fold(raw))
        return
    command = shell_input(raw)
    if command:
        state.add("command", "user", state.turn(), agent, target=command)
        return
    text = slash_command(raw) or strip_wrappers(raw)
    if text.startswith(_REPORTS) and text.endswith(_REPORTS_END):
        return
    state.queued = [(queued, stamp) for queued, stamp in state.queued if queued != text]
    state.prompt(text, agent)


def _take_result(state: State, record: Record, block: Record, agent: str) -> None:
    call = string(block, "tool_use_id")
    origin = state.calls.get(call)
    turn = _result_turn(state, origin)
    raw = "\n".join(texts(block.get("content")))
    failed = block.get("is_error") is True
    refused = failed and is_refusal(raw)
    text = printed(raw)
    exit_code = exit_code_of(record, origin, raw, failed=failed)
    kind: EventKind = "error" if failed else "result"
    call = origin.call if origin else call
    state.add(kind, "tool", turn, agent, text=text, call=call, exit_code=exit_code)
    if refused:
        _take_refusal(state, raw, agent)
    elif origin and origin.target == "AskUserQuestion" and not failed:
        state.prompt(answers(record, raw), agent)


def _result_turn(state: State, origin: Origin | None) -> int:
    """Return the turn of the results that answer one assistant message: one turn, however many lines it takes."""
    if origin is None:
        return state.turn()
    turn = state.result_turns.get(origin.turn)
    if turn is None:
        turn = state.result_turns[origin.turn] = state.turn()
    return turn


def _take_refusal(state: State, raw: str, agent: str) -> None:
    """Add what the user said when refusing a call; without a reason it is an interruption."""
    said = refusal_reason(raw)
    if said:
        state.prompt(said, agent)
    else:
        state.add("interruption", "user", state.turn(), agent, text="refused the tool call")


def _error_text(text: str) -> str:
    return clip(strip_wrappers(clean(text)), RESULT_LIMIT) or "API error"


def _take_system(state: State, record: Record, agent: str) -> None:
    subtype = record.get("subtype")
    if subtype == "compact_boundary":
        state.compact("", agent)
    elif subtype == "api_error":
        error = record.get("error")
        text = string(error, "message") or string(error, "formatted") if isinstance(error, dict) else ""
        state.add(
            "error",
            "system",
            state.turn(),
            agent,
            text=_error_text(text),
        )


def _take_queue(state: State, record: Record, agent: str) -> None:
    """Follow what the user typed while the assistant worked: it is delivered later as a line of its own, or at once."""
    operation = record.get("operation")
    text = strip_wrappers(clean("\n\n".join(texts(record.get("content")))))
    if operation == "enqueue":
        state.queued.append((text, record.get("timestamp")))  # "" for what is not the user's: it waits among the rest
    elif operation == "popAll":
        state.queued.clear()
    elif operation == "remove":
        # Later versions name what is taken out, which need not be the oldest.
        names = "content" in record
        at = next((at for at, (queued, _) in enumerate(state.queued) if queued == text or not names), None)
        state.prompt(state.queued.pop(at)[0] if at is not None else text, agent)
    elif operation == "dequeue" and state.queued:
        state.queued.pop(0)


def _take_attachment(state: State, record: Record, agent: str) -> None:
    attachment = record.get("attachment")
    if not isinstance(attachment, dict) or attachment.get("type") != "queued_command":
        return
    prompt = attachment.get("prompt")
    text = strip_wrappers(clean("\n".join(texts(prompt))))
    recent = {event.text for event in state.events[-12:] if event.kind == "prompt"}
    if text and text not in recent and not _is_of_another(attachment):
        state.queued = [(queued, stamp) for queued, stamp in state.queued if queued != text]
        state.prompt(text, agent)


def _take_title(state: State, record: Record, agent: str) -> None:
    """Keep a title; a summary that belongs to another session's messages names nothing here."""
    kind = record["type"]
    text = string(record, "customTitle") or string(record, "aiTitle") or string(record, "summary")
    leaf = string(record, "leafUuid")
    if text and not agent and (not leaf or leaf in state.uuids):
        state.titles[kind] = fold(clean(text))


def _take_link(state: State, record: Record, agent: str) -> None:
    if string(record, "prUrl") and not agent:
        state.links[clean(string(record, "prUrl"))] = None


_HANDLERS = {
    "assistant": _take_assistant,
    "user": _take_user,
    "system": _take_system,
    "queue-operation": _take_queue,
    "attachment": _take_attachment,
    "summary": _take_title,
    "ai-title": _take_title,
    "custom-title": _take_title,
    "pr-link": _take_link,
}


def _agent(record: Record) -> str:
    return (string(record, "agentId") or "sub-agent") if record.get("isSidechain") is True else ""
