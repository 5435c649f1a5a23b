"""What is known of a conversation with Cursor while its messages go by."""

from __future__ import annotations

import hashlib
import re
from collections import deque
from dataclasses import field, replace
from datetime import datetime, timedelta, timezone
from typing import Any

import orjson

from session_journal.core.events import Event, Session
from session_journal.core.records import record
from session_journal.core.text import clean, drop_block, drop_private, fold
from session_journal.readers.fields import Record, blocks, from_milliseconds, span, string, texts
from session_journal.readers.keeping import MOST_IDS
from session_journal.readers.patches import changes
from session_journal.readers.turns import Turns, called, event, result, said

_INJECTED = (
    "timestamp", "user_info", "git_status", "rules", "always_applied_workspace_rules", "agent_skills",
    "agent_transcripts", "open_and_recently_viewed_files", "attached_files", "image_files", "system_reminder",
    "system_notification", "cursor_commands", "manually_attached_skills", "external_links", "additional_data",
    "project_layout", "mcp_file_system", "terminal_files_information", "linter_errors", "selected_code",
    "recommended_plugins", "hook_context", "user_context",
)  # fmt: skip
"""What Cursor puts around the user's words."""
_QUERY = re.compile(r"<user_query>(.*?)(?:</user_query>|\Z)", re.DOTALL)
_CONTINUATION = re.compile(
    r"Briefly inform the user about the task result\b"
    r"|The (?:beginning of the )?above subagent result is already visible to the user\b"
    r"|Perform any necessary follow-?up actions in response to the subagent completion\b"
)
"""How Cursor asks its assistant to go on when a sub-agent is done."""
_TIMESTAMP = re.compile(r"<timestamp>(.*?)</timestamp>", re.DOTALL)
_WRITTEN = re.compile(
    r"([A-Z][a-z]{2})[a-z]* (\d{1,2}), (\d{4}),? (\d{1,2}):(\d{2}) ?([AP]M)? ?\(UTC(?:([+-]\d{1,2})(?::?(\d{2}))?)?\)"
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WORKSPACE = re.compile(r"^Workspace Path: *(.+?) *$", re.MULTILINE)
_CONVERSATION = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_FOLDER = re.compile(r"[/\\]projects[/\\]([^/\\]+)[/\\]agent-transcripts[/\\]")
_HIDDEN = "[REDACTED]"
"""What stands for a thought that is not shown."""
_MOST_PATHS = 500
_CALLS = frozenset({"tool_use", "tool_call", "tool-call"})
_GIVEN = ("input", "args", "arguments")
_RESULTS = frozenset({"tool_result", "tool-result"})
_PATCHES = frozenset({"ApplyPatch", "apply_patch"})
_OTHER_NAMES = {"ReadFile": "Read", "rg": "Grep", "ListDir": "LS", "ListDirectory": "LS"}
"""Tools that some models are given under another name."""


@record(slots=True)
class State:
    """What is known while the messages go by. open: calls without a result yet, as (id, tool)."""

    turns: Turns = field(default_factory=Turns)
    agent: str = ""
    understood: bool = False
    cwd: str = ""
    model: str = ""
    paths: dict[str, None] = field(default_factory=dict)
    open: deque[tuple[str, str]] = field(default_factory=lambda: deque(maxlen=100))
    calls: int = 0
    title: str = ""
    noted: tuple[datetime | None, datetime | None] = (None, None)
    digest: str = ""
    digests: dict[str, None] = field(default_factory=dict)

    def begin(self, agent: str) -> None:
        """Begin a file: the conversation's own, or that of one of its sub-agents."""
        self.agent = agent
        self.open.clear()

    def note(self, meta: Any) -> None:
        """Keep what is noted about the conversation as a whole."""
        if isinstance(meta, dict):
            self.title = fold(drop_private(clean(string(meta, "title"))))
            self.noted = (from_milliseconds(meta.get("createdAtMs")), from_milliseconds(meta.get("updatedAtMs")))
            self.cwd = self.cwd or string(meta, "cwd")

    def take(self, record: Record) -> None:
        """Add what one line says."""
        role, message = string(record, "role"), record.get("message")
        if string(record, "type") == "turn_ended":
            self._take_end(record)
        elif isinstance(message, dict) and role in {"user", "assistant"}:
            self.understood = True
            self._remember(record)
            self.model = string(record, "model") or string(message, "model") or self.model
            if role == "user":
                self._take_user(message.get("content"))
            else:
                self._take_assistant(message.get("content"))

    def _remember(self, record: Record) -> None:
        """Give the message an id by what stands up to it: a conversation that goes on begins with the same ones."""
        if self.agent or len(self.digests) >= MOST_IDS:
            return
        data = orjson.dumps([self.digest, record["role"], record["message"]], default=str)
        self.digest = hashlib.blake2b(data, digest_size=16).hexdigest()
        self.digests[self.digest] = None

    def _take_end(self, record: Record) -> None:
        status, text = string(record, "status"), string(record, "error")
        self.understood = True
        if status in {"aborted", "cancelled", "canceled", "interrupted"}:
            self.turns.add([event("interruption", "user", f"turn {status}")], self.agent)
        elif text or status == "error":
            self.turns.add(said("error", "system", text or "the turn ended in an error"), self.agent)

    def _take_user(self, content: Any) -> None:
        if isinstance(content, list):
            self._take_results([block for block in blocks(content) if string(block, "type") in _RESULTS])
        raw = "\n".join(texts(content))
        workspace = _WORKSPACE.search(raw) if "<user_info>" in raw else None
        self.cwd = self.cwd or (workspace.group(1) if workspace else "")
        self.turns.add(said("prompt", "user", _query(raw), _time(raw)), self.agent)

    def _take_assistant(self, content: Any) -> None:
        """Add what the assistant said and called; results that stand among it end its turn."""
        turn: list[Event] = []
        results: list[Record] = []
        for block in blocks(content):
            if string(block, "type") in _RESULTS:
                self.turns.add(turn, self.agent)
                turn = []
                results.append(block)
                continue
            made = self._block(block)
            if made and results:
                self._take_results(results)
                results = []
            turn += made
        self._take_results(results)
        self.turns.add(turn, self.agent)

    def _block(self, block: Record) -> list[Event]:
        kind = string(block, "type")
        if kind in _CALLS:
            return self._called(block)
        if kind == "thinking":
            return said("thought", "assistant", string(block, "thinking") or string(block, "text"))
        if kind == "text":
            text = string(block, "text")
            if _HIDDEN in text:
                text = "\n".join([line for line in text.split("\n") if line.strip() != _HIDDEN])
            return said("reply", "assistant", text)
        return []

    def _called(self, block: Record) -> list[Event]:
        """Return what a call does: one event, but one for each file that a patch changes."""
        name = (string(block, "name") or string(block, "toolName")).split("\n")[0]
        name = _OTHER_NAMES.get(name, name)
        given: Record = next((block[key] for key in _GIVEN if isinstance(block.get(key), dict)), {})
        self.calls += 1
        call = string(block, "id") or string(block, "toolCallId") or f"call-{self.calls}"
        self.open.append((call, name))
        if len(self.paths) < _MOST_PATHS:
            self.paths.update(dict.fromkeys(filter(_is_absolute, given.values())))
        one = called(name, given, call)
        if name not in _PATCHES:
            return [one]
        written = next((block[key] for key in _GIVEN if isinstance(block.get(key), str)), "")
        patch = written or string(given, "patch") or string(given, "input")
        edits = [replace(one, kind="edit", target=clean(path), text=clean(text)) for path, text in changes(patch)]
        if len(self.paths) < _MOST_PATHS:
            self.paths.update(dict.fromkeys(edit.target for edit in edits if _is_absolute(edit.target)))
        return edits or [one]

    def _take_results(self, results: list[Record]) -> None:
        turn: list[Event] = []
        for block in results:
            raw = block.get("content", block.get("result"))
            text = "\n".join(texts(raw))
            call = self._answered(string(block, "tool_use_id") or string(block, "toolCallId"), string(block, "name"))
            turn.append(result(text, call, failed=block.get("is_error") is True))
        self.turns.add(turn, self.agent)

    def _answered(self, call: str, name: str) -> str:
        """Return the call that a result answers: the one it names, else the first of its tool without a result."""
        known = [key for key, _ in self.open]
        if call in known:
            at = known.index(call)
        else:
            at = next((at for at, (_, tool) in enumerate(self.open) if name in {"", tool}), -1)
        if at < 0:
            return call
        del self.open[at]
        return known[at]

    def session(self, name: str, skipped: int, sha256: str) -> Session:
        """Return the conversation of everything taken; where no end is noted, the last prompt's time stands for it."""
        cwd = self.cwd or self._find_cwd(name)
        events = self.turns.events((cwd.replace("\\", "/"), cwd) if cwd else ())
        started, ended = span(events)
        return Session(
            agent="cursor",
            id=self._id(name),
            events=events,
            cwd=cwd,
            model=fold(clean(self.model)),
            title=self.title,
            started=min(filter(None, (started, self.noted[0])), default=None),
            ended=max(filter(None, (ended, self.noted[1])), default=None),
            skipped=skipped,
            sha256=sha256,
            uuids=frozenset(self.digests),
            left_out=self.turns.kept.left_out,
        )

    def _id(self, name: str) -> str:
        """Return the conversation's id, by which Cursor calls its file; else a hash of what it began with."""
        stem = name.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
        if _CONVERSATION.fullmatch(stem) or _FOLDER.search(name):
            return stem
        exchange = list(self.digests)[:2]  # the first prompt alone can be that of many conversations
        return exchange[-1] if exchange else hashlib.sha256(stem.encode("utf-8", "replace")).hexdigest()[:32]

    def _find_cwd(self, name: str) -> str:
        """Return the folder among the paths by which the project's folder of transcripts is called.

        That name is the path with its separators replaced, which cannot be undone; a path that was used confirms it.
        """
        found = _FOLDER.search(name)
        wanted = _slug(found.group(1)) if found else ""
        for path in self.paths:
            folder = path
            while wanted and folder:
                if _slug(folder) == wanted:
                    return folder
                folder = folder[: max(folder.rfind("/"), folder.rfind("\\"), 0)]
        return ""


def _slug(path: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", path).strip("-").lower()


def _is_absolute(value: object) -> bool:
    if not isinstance(value, str) or len(value) > 1_000:
        return False
    return value.startswith("/") or value[1:3] in {":\\", ":/"}


def _query(raw: str) -> str:
    """Return what the user typed: what stands in the tags made for it, else what is left without Cursor's own."""
    found = _QUERY.findall(raw) if "<" in raw else []
    if found:
        typed = [one.strip() for one in found]
        return "\n\n".join(one for one in typed if not _CONTINUATION.match(one))
    for name in _INJECTED if "<" in raw else ():
        raw = drop_block(raw, name)
    return raw


def _time(raw: str) -> datetime | None:
    """Return the time that Cursor puts before a prompt, None where it names no zone."""
    tag = _TIMESTAMP.search(raw) if "<" in raw else None
    found = _WRITTEN.search(fold(tag.group(1))) if tag else None
    if found is None or found.group(1) not in _MONTHS:
        return None
    month, day, year, hour, minute, half, zone, more = found.groups()
    hours = int(hour) % 12 + 12 * (half == "PM") if half else int(hour)
    offset = timedelta(hours=int(zone or 0), minutes=int(more or 0) * (-1 if (zone or "").startswith("-") else 1))
    try:
        return datetime(int(year), _MONTHS.index(month) + 1, int(day), hours, int(minute), tzinfo=timezone(offset))
    except ValueError:
        return None
