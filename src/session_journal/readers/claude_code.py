"""Transcripts of Claude Code: JSON lines under ~/.claude/projects, one file a session, more for its sub-agents."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, BinaryIO

import orjson

from session_journal.core.events import Event, EventKind, Role, Session
from session_journal.core.projects import project_name, relative_path
from session_journal.core.text import clean, clip, drop_private, one_line, strip_wrappers
from session_journal.readers.calls import describe, steps
from session_journal.readers.jsonl import Lines

Part = tuple[str, BinaryIO]
Record = dict[str, Any]

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
_MARKS = ("uuid", "sessionId", "leafUuid", "messageId", "parentUuid")
_RESULT_LIMIT = 8_000
_INTERRUPTED = "[Request interrupted by user"
_REFUSED = re.compile(r"The user doesn't want to (?:proceed|take this action)|User rejected|The tool use was rejected")
_REASON = re.compile(
    r"(?:the user said|provided the following reason(?: for the rejection)?|user feedback):\s*(.*)",
    re.DOTALL | re.IGNORECASE,
)
_EXIT = re.compile(r"Exit code (-?\d+)\s*")
_COMMAND = re.compile(r"<command-name>\s*(/?[^<]*?)\s*</command-name>")
_ARGUMENTS = re.compile(r"<command-args>(.*?)</command-args>", re.DOTALL)
_SHELL_INPUT = re.compile(r"<bash-input>(.*?)</bash-input>", re.DOTALL)
_ANSWER = re.compile(r'"((?:[^"\\]|\\.)*)"="((?:[^"\\]|\\.)*)"')


def recognises(head: bytes) -> bool:
    """Say whether some line of these first bytes is a Claude Code record."""
    lines = head.split(b"\n")
    for line in lines[:60]:
        try:
            record = orjson.loads(line.strip(b"\xef\xbb\xbf\0 \t\r"))
        except (orjson.JSONDecodeError, RecursionError):
            if b'"isSidechain"' in line and b'"sessionId"' in line:
                return True
            continue
        if isinstance(record, dict) and record.get("type") in _TYPES and any(mark in record for mark in _MARKS):
            return True
    return False


def read(stream: BinaryIO, name: str, parts: Iterable[Part] = ()) -> tuple[Session, ...]:
    """Read the one session of a transcript and what its sub-agents did in files of their own."""
    state = _State()
    lines = Lines(stream)
    for record in lines:
        state.take(record)
    skipped = lines.skipped
    for agent, part in parts:
        more = Lines(part)
        for record in more:
            state.take(record, agent)
        skipped += more.skipped
    return (state.session(name, skipped, lines.sha256),)


@dataclass(slots=True)
class _State:
    """What is known while the lines go by."""

    events: list[Event] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    roots: tuple[str, ...] = ()
    links: list[str] = field(default_factory=list)
    uuids: set[str] = field(default_factory=set)
    titles: dict[str, str] = field(default_factory=dict)
    turns: int = 0
    message_turns: dict[str, int] = field(default_factory=dict)
    calls: dict[str, Event] = field(default_factory=dict)
    result_turns: dict[int, int] = field(default_factory=dict)
    tasks: dict[str, dict[str, str]] = field(default_factory=dict)
    queued: list[tuple[str, datetime | None]] = field(default_factory=list)
    parts: bool = False

    def take(self, record: Record, agent: str = "") -> None:
        """Add what one record says."""
        kind, uuid = record.get("type"), record.get("uuid")
        if not isinstance(kind, str) or kind in {"progress", "file-history-snapshot"}:
            return
        if isinstance(uuid, str) and uuid:
            if uuid in self.uuids:
                return
            self.uuids.add(uuid)
        self._note_facts(record)
        handle = _HANDLERS.get(kind)
        if handle is not None:
            handle(self, record, agent or _agent(record))
            self.parts = self.parts or bool(agent)

    def _note_facts(self, record: Record) -> None:
        for key, name in (("sessionId", "id"), ("cwd", "cwd")):
            if name not in self.facts and _string(record, key):
                self.facts[name] = _string(record, key)
        for key, name in (("gitBranch", "branch"), ("version", "version")):
            if _string(record, key) not in {"", "HEAD"}:
                self.facts[name] = _string(record, key)
        cwd = _string(record, "cwd").replace("\\", "/").rstrip("/")
        if cwd and cwd not in self.roots and self._is_project(cwd):
            self.roots = (*self.roots, cwd)

    def _is_project(self, cwd: str) -> bool:
        """Say whether a later working directory is another checkout of the same project, not a folder visited."""
        if not self.roots:
            return True
        inside = any(cwd.startswith(f"{root}/") for root in self.roots)
        return not inside and project_name(cwd) == project_name(self.roots[0])

    def turn(self) -> int:
        """Return the number of a new turn."""
        self.turns += 1
        return self.turns

    def add(self, kind: EventKind, role: Role, record: Record, turn: int, agent: str, **more: Any) -> Event:
        """Append an event and return it."""
        event = Event(kind, turn, role, time=_time(record), agent=agent, **more)
        self.events.append(event)
        return event

    def prompt(self, text: str, record: Record, agent: str) -> None:
        """Add what the user said; to a sub-agent it is the assistant who speaks."""
        if text:
            self.add("prompt", "assistant" if agent else "user", record, self.turn(), agent, text=text)

    def session(self, name: str, skipped: int, sha256: str) -> Session:
        """Return the session of everything taken."""
        for text, time in self.queued:
            self.events.append(Event("prompt", self.turn(), "user", text, time=time))
        events = _by_time(self.events) if self.parts else self.events
        times = [event.time for event in events if event.time]
        facts, titles = self.facts, self.titles
        return Session(
            agent="claude-code",
            id=facts.get("id") or re.sub(r"\.jsonl$", "", name.replace("\\", "/").rsplit("/", 1)[-1]),
            events=tuple(events),
            cwd=facts.get("cwd", ""),
            branch=facts.get("branch", ""),
            model=facts.get("model", ""),
            version=facts.get("version", ""),
            title=titles.get("custom-title") or titles.get("ai-title") or titles.get("summary", ""),
            started=min(times, default=None),
            ended=max(times, default=None),
            skipped=skipped,
            sha256=sha256,
            links=tuple(dict.fromkeys(self.links)),
            uuids=frozenset(self.uuids),
        )


def _take_assistant(state: _State, record: Record, agent: str) -> None:
    message = record.get("message")
    if not isinstance(message, dict):
        return
    if record.get("isApiErrorMessage"):
        text = " ".join(_texts(message.get("content")))
        state.add("error", "system", record, state.turn(), agent, text=clip(clean(text), _RESULT_LIMIT))
        return
    model = _string(message, "model")
    if model and not model.startswith("<") and not agent:
        state.facts["model"] = model
    key = _string(message, "id") or _string(record, "uuid")
    turn = state.message_turns.get(key)
    if turn is None or not key:
        turn = state.message_turns[key] = state.turn()
    for block in _blocks(message.get("content")):
        _take_block(state, record, block, turn, agent)


def _take_block(state: _State, record: Record, block: Record, turn: int, agent: str) -> None:
    kind = block.get("type")
    if kind == "tool_use":
        _take_call(state, record, block, turn, agent)
    elif kind in {"text", "thinking"}:
        text = strip_wrappers(clean(_string(block, "text" if kind == "text" else "thinking")))
        if text:
            event: EventKind = "reply" if kind == "text" else "thought"
            state.add(event, "assistant", record, turn, agent, text=text)


def _take_call(state: _State, record: Record, block: Record, turn: int, agent: str) -> None:
    name, given = _string(block, "name"), block.get("input")
    kind, target, text = describe(name, given)
    if name in {"TaskCreate", "TaskUpdate"} and isinstance(given, dict):
        kind, target, text = "plan", "todo", _take_task(state, name, given)
    if kind in {"edit", "read"}:
        target = relative_path(target, state.roots)
    call = _string(block, "id")
    event = state.add(kind, "assistant", record, turn, agent, target=clean(target), text=clean(text), call=call)
    if call:
        state.calls[call] = event


def _take_task(state: _State, name: str, given: Record) -> str:
    """Return the whole task list after a task was added or changed."""
    if name == "TaskCreate":
        state.tasks[str(len(state.tasks) + 1)] = {"content": _string(given, "subject"), "status": "pending"}
    else:
        task = state.tasks.get(str(given.get("taskId", "")), {})
        task["status"] = _string(given, "status") or task.get("status", "")
        task["content"] = _string(given, "subject") or task.get("content", "")
    return steps([task for task in state.tasks.values() if task.get("status") != "deleted"])


def _take_user(state: _State, record: Record, agent: str) -> None:
    message = record.get("message")
    if not isinstance(message, dict):
        return
    content = message.get("content")
    if record.get("isCompactSummary"):
        _take_summary(state, record, " ".join(_texts(content)), agent)
        return
    for block in _blocks(content):
        if block.get("type") == "tool_result":
            _take_result(state, record, block, agent)
    if not record.get("isMeta") and not record.get("isVisibleInTranscriptOnly"):
        _take_speech(state, record, "\n\n".join(_texts(content)), agent)


def _take_summary(state: _State, record: Record, text: str, agent: str) -> None:
    """Add a compaction's summary to the boundary that stands before it."""
    text = clip(strip_wrappers(clean(text)), 4 * _RESULT_LIMIT)
    if state.events and state.events[-1].kind == "compaction" and not state.events[-1].text:
        state.events[-1] = replace(state.events[-1], text=text)
    else:
        state.add("compaction", "system", record, state.turn(), agent, text=text)


def _take_speech(state: _State, record: Record, raw: str, agent: str) -> None:
    raw = clean(raw)
    if raw.lstrip().startswith(_INTERRUPTED):
        state.add("interruption", "user", record, state.turn(), agent, text=one_line(raw))
        return
    shell = _SHELL_INPUT.search(raw)
    if shell:
        command = drop_private(shell.group(1)).strip()
        state.add("command", "user", record, state.turn(), agent, target=command)
        return
    text = _slash_command(raw) or strip_wrappers(raw)
    state.queued = [(queued, time) for queued, time in state.queued if queued != text]
    state.prompt(text, record, agent)


def _slash_command(raw: str) -> str:
    """Return a slash command as it was typed, "" when the text is none."""
    found = _COMMAND.search(raw)
    if not found:
        return ""
    given = _ARGUMENTS.search(raw)
    name = found.group(1)
    text = f"{name if name.startswith('/') else '/' + name} {given.group(1).strip() if given else ''}"
    return drop_private(text).strip()


def _take_result(state: _State, record: Record, block: Record, agent: str) -> None:
    call = _string(block, "tool_use_id")
    origin = state.calls.get(call)
    turn = _result_turn(state, origin)
    raw = clean("\n".join(_texts(block.get("content"))))
    failed = block.get("is_error") is True
    refused = failed and bool(_REFUSED.search(raw[:400]))
    code = _EXIT.match(raw)
    text = clip(strip_wrappers(raw), _RESULT_LIMIT)
    exit_code = int(code.group(1)) if code else _exit_code(record, origin, failed=failed)
    kind: EventKind = "error" if failed else "result"
    state.add(kind, "tool", record, turn, agent, text=text, call=call, exit_code=exit_code)
    if refused:
        _take_refusal(state, record, raw, agent)
    elif origin and origin.target == "AskUserQuestion" and not failed:
        state.prompt(_answers(record, raw), record, agent)


def _result_turn(state: _State, origin: Event | None) -> int:
    """Return the turn of the results that answer one assistant message: one turn, however many lines it takes."""
    if origin is None:
        return state.turn()
    if origin.turn not in state.result_turns:
        state.result_turns[origin.turn] = state.turn()
    return state.result_turns[origin.turn]


def _exit_code(record: Record, origin: Event | None, *, failed: bool) -> int | None:
    """Return the exit code of a command, where the tool's own result tells it."""
    result = record.get("toolUseResult")
    if origin is None or origin.kind != "command":
        return None
    if isinstance(result, dict):
        for key in ("exitCode", "exit_code", "code"):
            if isinstance(result.get(key), int):
                return int(result[key])
        if not failed and not result.get("interrupted") and not result.get("backgroundTaskId"):
            return 0
    return None


def _take_refusal(state: _State, record: Record, raw: str, agent: str) -> None:
    """Add what the user said when refusing a call; without a reason it is an interruption."""
    reason = _REASON.search(raw)
    said = strip_wrappers(reason.group(1)).split("\n\nNote: The user's next message")[0].strip() if reason else ""
    if said:
        state.prompt(said, record, agent)
    else:
        state.add("interruption", "user", record, state.turn(), agent, text="refused the tool call")


def _answers(record: Record, raw: str) -> str:
    """Return the user's answers to the assistant's questions, one `question → answer` a line."""
    result = record.get("toolUseResult")
    given = result.get("answers") if isinstance(result, dict) else None
    pairs = list(given.items()) if isinstance(given, dict) else _ANSWER.findall(raw)
    return "\n".join(f"{one_line(str(question))} → {one_line(str(answer))}" for question, answer in pairs)


def _take_system(state: _State, record: Record, agent: str) -> None:
    subtype = record.get("subtype")
    if subtype == "compact_boundary":
        state.add("compaction", "system", record, state.turn(), agent)
    elif subtype == "api_error":
        error = record.get("error")
        text = _string(error, "message") or _string(error, "formatted") if isinstance(error, dict) else ""
        state.add("error", "system", record, state.turn(), agent, text=clip(clean(text) or "API error", _RESULT_LIMIT))


def _take_queue(state: _State, record: Record, agent: str) -> None:
    """Follow what the user typed while the assistant worked: it is delivered later as a line of its own, or at once."""
    operation = record.get("operation")
    text = strip_wrappers(clean(_string(record, "content")))
    if operation == "enqueue" and text:
        state.queued.append((text, _time(record)))
    elif operation == "popAll":
        state.queued.clear()
    elif operation == "remove" and state.queued:
        queued, _ = state.queued.pop(0)
        state.prompt(queued, record, agent)
    elif operation == "dequeue" and state.queued:
        state.queued.pop(0)


def _take_attachment(state: _State, record: Record, agent: str) -> None:
    attachment = record.get("attachment")
    if not isinstance(attachment, dict) or attachment.get("type") != "queued_command":
        return
    prompt = attachment.get("prompt")
    text = strip_wrappers(clean("\n".join(_texts(prompt))))
    recent = {event.text for event in state.events[-12:] if event.kind == "prompt"}
    if text and text not in recent and attachment.get("commandMode") != "task-notification":
        state.queued = [(queued, time) for queued, time in state.queued if queued != text]
        state.prompt(text, record, agent)


def _take_title(state: _State, record: Record, agent: str) -> None:
    """Keep a title; a summary that belongs to another session's messages names nothing here."""
    kind = record["type"]
    text = _string(record, "customTitle") or _string(record, "aiTitle") or _string(record, "summary")
    leaf = _string(record, "leafUuid")
    if text and not agent and (not leaf or leaf in state.uuids):
        state.titles[kind] = one_line(clean(text))


def _take_link(state: _State, record: Record, agent: str) -> None:
    if _string(record, "prUrl") and not agent:
        state.links.append(clean(_string(record, "prUrl")))


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
    return (_string(record, "agentId") or "sub-agent") if record.get("isSidechain") is True else ""


def _blocks(content: Any) -> list[Record]:
    return (
        [block for block in content if isinstance(block, dict)]
        if isinstance(content, list)
        else ([{"type": "text", "text": content}] if isinstance(content, str) else [])
    )


def _texts(content: Any) -> list[str]:
    return [
        _string(block, "text")
        for block in _blocks(content)
        if block.get("type") in {"text", None} and _string(block, "text")
    ]


def _string(record: Any, key: str) -> str:
    value = record.get(key) if isinstance(record, dict) else None
    return value if isinstance(value, str) else ""


def _time(record: Record) -> datetime | None:
    try:
        time = datetime.fromisoformat(_string(record, "timestamp"))
    except ValueError:
        return None
    return time if time.tzinfo else None


def _by_time(events: list[Event]) -> list[Event]:
    """Sort events by time; one without a time stays behind the one before it."""
    keyed, last = [], 0.0
    for event in events:
        last = event.time.timestamp() if event.time else last
        keyed.append((last, event))
    return [event for _, event in sorted(keyed, key=lambda pair: pair[0])]
