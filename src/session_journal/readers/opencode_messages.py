"""Messages of opencode in all its schemas: what each says and does, and how its tools report back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from session_journal.core.events import Event
from session_journal.core.text import clean, drop_private, fold
from session_journal.readers.fields import Record, from_milliseconds, string, texts
from session_journal.readers.patches import changes
from session_journal.readers.turns import Turn, called, event, result, said

_REFUSED = re.compile(r"The user (?:rejected permission|has specified a rule which prevents|dismissed)", re.IGNORECASE)
_FEEDBACK = re.compile(r"with the following feedback:\s*(.*)", re.DOTALL)
_STOPPED = frozenset({"aborted", "cancelled", "interrupted"})
_BY_USER = "The following tool was executed by the user"
"""What opencode tells its model when the user ran a command; the command stands in the message behind it."""
_EXITS = ("exit", "exitCode", "exit_code")


def is_by_user(parts: Iterable[Record]) -> bool:
    """Say whether the message behind this one holds a command that the user ran."""
    return any(part.get("synthetic") is True and string(part, "text").startswith(_BY_USER) for part in parts)


def turns_of(info: Record, parts: list[Record], *, by_user: bool = False) -> list[Turn]:
    """Return the turns that a message with its parts makes."""
    time = from_milliseconds(_within(info, "time", "created"))
    if string(info, "role") == "user":
        return _user(info, parts, time)
    if info.get("summary") is True:
        return [said("compaction", "system", _text(parts), time)]
    turns = _assistant(parts, time)
    if by_user:
        turns = [[replace(one, role="user") if one.kind == "command" else one for one in turn] for turn in turns]
    return [*turns, *_error(info.get("error"), time)]


def turns_of_row(kind: str, data: Record) -> list[Turn]:
    """Return the turns that a message of the later schema makes."""
    time = from_milliseconds(_within(data, "time", "created"))
    if kind == "user":
        return [said("prompt", "user", string(data, "text") or "\n".join(texts(data.get("content"))), time)]
    if kind == "shell":
        return _shell(data, time)
    if kind == "compaction":
        return [said("compaction", "system", string(data, "summary"), time)]
    if kind == "assistant":
        content = data.get("content")
        parts = [part for part in content if isinstance(part, dict)] if isinstance(content, list) else []
        return [*_assistant(parts, time), *_error(data.get("error"), time)]
    if kind == "idle" and string(data, "outcome") in _STOPPED:
        return [[event("interruption", "user", f"the turn was {string(data, 'outcome')}", time)]]
    return []


def model_of(info: Record) -> str:
    """Return the model that a message names."""
    model = info.get("model")
    return string(info, "modelID") or string(model, "modelID") or string(model, "id")


def _within(record: Any, *keys: str) -> Any:
    for key in keys:
        record = record.get(key) if isinstance(record, dict) else None
    return record


def _text(parts: list[Record]) -> str:
    """Return what was typed or said: not what opencode adds to it."""
    spoken = [part for part in parts if string(part, "type") == "text"]
    return "\n".join(
        string(part, "text") for part in spoken if part.get("synthetic") is not True and part.get("ignored") is not True
    )


def _user(info: Record, parts: list[Record], time: datetime | None) -> list[Turn]:
    turns: list[Turn] = [said("prompt", "user", _text(parts), time)]
    for part in parts:
        if string(part, "type") == "compaction":
            turns.append([event("compaction", "system", time=time)])
        elif string(part, "type") == "subtask":
            command = string(part, "command")
            turns.append(said("prompt", "user", f"/{command}" if command else string(part, "prompt"), time))
    if not parts:
        # The files with its text are gone; the message's own title is what is left of it.
        turns.append(said("prompt", "user", string(info.get("summary"), "title"), time))
    return turns


def _assistant(parts: list[Record], time: datetime | None) -> list[Turn]:
    """Return what was said and called, and the results; what is said behind a call was said when it had answered."""
    turns: list[Turn] = []
    turn: list[Event] = []
    calls: list[Record] = []
    edited: set[str] = set()
    for part in parts:
        kind = string(part, "type")
        if calls and kind in {"text", "reasoning", "step-start"}:
            turns += [turn, *_results(calls)]
            turn, calls = [], []
        made = _part(part, kind, from_milliseconds(_within(part, "time", "start")) or time, edited)
        if kind == "compaction":
            turns += [turn, made]
            turn = []
            continue
        calls += [part] if kind in _CALLS else []
        edited.update(one.target for one in made if one.kind == "edit")
        turn += made
    return [*turns, turn, *_results(calls)]


_CALLS = frozenset({"tool", "tool-invocation"})


def _part(part: Record, kind: str, time: datetime | None, edited: set[str]) -> list[Event]:
    """Return the events of one part of what the assistant did."""
    if kind in _CALLS:
        return _called(part, time)
    if kind == "text":
        return said("reply", "assistant", _text([part]), time)
    if kind == "reasoning":
        return said("thought", "assistant", string(part, "text"), time)
    if kind == "compaction":
        return [event("compaction", "system", time=time)]
    if kind == "patch":
        files = part.get("files")
        paths = [drop_private(clean(one)) for one in files if isinstance(one, str)] if isinstance(files, list) else []
        return [event("edit", "assistant", time=time, target=path) for path in paths if not _is_told(path, edited)]
    return []


def _is_told(path: str, edited: set[str]) -> bool:
    """Say whether a call of the same message is known to have changed a file, by its whole path or by its end."""
    return path in edited or any(path.endswith(f"/{one.removeprefix('./')}") for one in edited if one)


def _state(part: Record) -> Record:
    """Return how a call stands, in the words of the present schema."""
    state = part.get("state", part.get("toolInvocation"))
    return state if isinstance(state, dict) else {}


def _call_id(part: Record) -> str:
    return string(part, "callID") or string(part, "id") or string(_state(part), "toolCallId")


def _called(part: Record, time: datetime | None) -> list[Event]:
    """Return what a call does: one event, but one for each file that a patch changes."""
    state = _state(part)
    name = string(part, "tool") or string(part, "name") or string(state, "toolName")
    given = state.get("input", state.get("args"))
    time = from_milliseconds(_within(state, "time", "start")) or from_milliseconds(_within(part, "time", "ran")) or time
    patch = string(given, "patchText") if name in {"apply_patch", "patch"} else ""
    if patch:
        one = called(name, {}, _call_id(part), time)
        return [replace(one, kind="edit", target=clean(path), text=clean(text)) for path, text in changes(patch)]
    return [called(name, given, _call_id(part), time)]


def _results(calls: list[Record]) -> list[Turn]:
    """Return what calls gave back as one turn, and what the user said or did about them."""
    results: list[Event] = []
    after: list[Turn] = []
    for part in calls:
        state = _state(part)
        status = string(state, "status") or ("completed" if "result" in state else "")
        if status not in {"completed", "success", "error"}:
            continue  # it was still running when the transcript ended
        time = from_milliseconds(_within(state, "time", "end")) or from_milliseconds(_within(part, "time", "completed"))
        text, failed = _output(state), status == "error"
        results.append(result(text, _call_id(part), time, failed=failed, code=_exit(state)))
        if failed and _REFUSED.search(text[:400]):
            after.append(_refusal(text, time))
        elif string(part, "tool") == "question" and not failed:
            after.append(said("prompt", "user", _answers(state), time))
    return [results, *after]


def _output(state: Record) -> str:
    error = state.get("error")
    given = state.get("output", state.get("result"))
    spoken = "\n".join(texts(state.get("content")))
    failure = error if isinstance(error, str) else string(error, "message")
    return (given if isinstance(given, str) else "") or spoken or failure


def _exit(state: Record) -> int | None:
    """Return a command's exit code, where the call's own record has it."""
    found = state.get("result")
    for holder in (state.get("metadata"), state.get("structured"), found, _within(found, "metadata")):
        for key in _EXITS:
            code = holder.get(key) if isinstance(holder, dict) else None
            if isinstance(code, int) and not isinstance(code, bool):
                return code
    return None


def _refusal(text: str, time: datetime | None) -> Turn:
    """Return what the user said when refusing a call; without a reason it is an interruption."""
    found = _FEEDBACK.search(text)
    spoken = said("prompt", "user", found.group(1), time) if found else []
    return spoken or [event("interruption", "user", "refused the tool call", time)]


def _answers(state: Record) -> str:
    """Return the user's answers to the assistant's questions, one `question → answer` a line."""
    asked, given = _within(state, "input", "questions"), _within(state, "metadata", "answers")
    pairs = zip(asked, given, strict=False) if isinstance(asked, list) and isinstance(given, list) else ()
    return "\n".join(
        f"{fold(clean(string(question, 'question')))} → {fold(clean(', '.join(map(str, answer))))}"
        for question, answer in pairs
        if isinstance(answer, list)
    )


def _shell(data: Record, time: datetime | None) -> list[Turn]:
    """Return a command that the user ran, and what it printed once it had ended."""
    call = string(data, "callID") or string(data, "id")
    command = replace(called("bash", {"command": string(data, "command")}, call, time), role="user")
    end = from_milliseconds(_within(data, "time", "completed"))
    output = string(data, "output")
    answered = [result(output, call, end, code=_exit({"metadata": data}))] if end or output else []
    return [[command], answered]


def _error(error: Any, time: datetime | None) -> list[Turn]:
    """Return what ended a message: the user, or an error of the tool itself."""
    if not isinstance(error, dict):
        return []
    name = string(error, "name") or string(error, "type")
    if "abort" in name.lower() or name.lower() in _STOPPED:
        return [[event("interruption", "user", "the turn was aborted", time)]]
    text = string(error.get("data"), "message") or string(error, "message") or name
    return [said("error", "system", text, time)]
