"""Conversations of Claude.ai: the export's conversations.json, or one conversation as the web page gets it."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import field
from datetime import datetime
from typing import BinaryIO

from session_journal.core.events import Event, Session
from session_journal.core.records import record
from session_journal.core.text import clean, clip, drop_block, fold, strip_wrappers
from session_journal.readers.conversations import Conversations, Found, ancestors, decoded, is_unique, moment
from session_journal.readers.elements import Elements
from session_journal.readers.fields import Record, blocks, span, string, texts
from session_journal.readers.turns import Turns, called, result, said

Part = tuple[str, BinaryIO]

_MARK = re.compile(
    rb'"chat_messages"\s*:\s*\[\s*(?:(\])|\{[^{}\[\]]{0,400}?"(?:uuid|sender)"\s*:|\{\s*"id"\s*:\s*"claude_chat_|\Z)'
)
_KEY = "chat_messages"
_UNSUPPORTED = "This block is not supported on your current device yet"
_UNSHOWN = re.compile(rf"```\s*\n?{_UNSUPPORTED}\.?\s*\n?```")
_PASTED_LIMIT = 4_000


def recognises(head: bytes) -> bool:
    """Say whether JSON begins so that holds conversations with Claude."""
    if head.lstrip(b" \t\r\n\0\xef\xbb\xbf")[:1] not in {b"[", b"{"}:
        return False
    return any(not found.group(1) or b'"uuid"' in head for found in _MARK.finditer(head))


def read(stream: BinaryIO, name: str, parts: Iterable[Part] = ()) -> Iterator[Session]:
    """Read the conversations of a file one after the other, each along its current branch.

    What could not be read of the file is counted with its last conversation.
    """
    del name, parts
    file = Conversations(stream)
    waiting: Found | None = None
    for found in file:
        if isinstance(found.record.get(_KEY), list):
            if waiting:
                yield _session(waiting)
            waiting = found
    if waiting is None and file.rest:
        waiting = _torn(file.rest)
    if waiting:
        yield _session(waiting, file.skipped)


def _torn(raw: bytes) -> Found | None:
    """Return what can be read of a single conversation whose end is missing."""
    elements = Elements(io.BytesIO(raw), _KEY)
    messages = [message for message in map(decoded, elements) if isinstance(message, dict)]
    return Found({**elements.fields, _KEY: messages}, hashlib.sha256(raw).hexdigest()) if messages else None


def _session(found: Found, skipped: int = 0) -> Session:
    record, state = found.record, _State()
    for message in _branch(record):
        state.take(message)
    events = state.turns.events(())
    started, ended = span(events)
    return Session(
        agent="claude-web",
        id=clean(string(record, "uuid") or string(record, "conversation_id") or string(record, "id")),
        events=events,
        model=clean(string(record, "model")),
        title=fold(strip_wrappers(clean(string(record, "name") or string(record, "title")))),
        started=started or moment(record.get("created_at")),
        ended=ended or moment(record.get("updated_at")),
        skipped=skipped,
        sha256=found.sha256,
        uuids=frozenset(state.ids),
        left_out=state.turns.kept.left_out,
    )


def _branch(record: Record) -> list[Record]:
    """Return the messages of the branch that is shown; all of them where they do not name what they answer."""
    messages = [message for message in record[_KEY] if isinstance(message, dict)]
    nodes = {string(message, "uuid"): message for message in messages if string(message, "uuid")}
    if not any(string(message, "parent_message_uuid") in nodes for message in messages):
        return messages
    leaf = string(record, "current_leaf_message_uuid")
    return ancestors(nodes, leaf if leaf in nodes else string(messages[-1], "uuid"), "parent_message_uuid")


@record(slots=True)
class _State:
    """What is known of a conversation while its messages go by."""

    turns: Turns = field(default_factory=Turns)
    ids: set[str] = field(default_factory=set)
    calls: int = 0

    def take(self, message: Record) -> None:
        """Take a message."""
        if is_unique(string(message, "uuid")):
            self.ids.add(string(message, "uuid"))
        sender = string(message, "sender") or string(message, "role")
        if sender in {"human", "user"}:
            self.turns.add(said("prompt", "user", _words(message) or _pasted(message), _time(message)))
        elif sender == "assistant":
            self._take_reply(message)

    def _take_reply(self, message: Record) -> None:
        """Add what Claude says and does; what its tools give back in between ends a turn."""
        time, content = _time(message), _blocks(message)
        acts: list[Event] = []
        results: list[Event] = []
        if not any(block.get("type") == "text" and string(block, "text").strip() for block in content):
            acts += said("reply", "assistant", _shown(string(message, "text")), time)
        for block in content:
            if block.get("type") == "tool_result":
                results.append(_result(block, str(self.calls), time))
                continue
            if results:
                self.turns.add(acts)
                self.turns.add(results)
                acts, results = [], []
            acts += self._act(block, time)
        self.turns.add(acts)
        self.turns.add(results)

    def _act(self, block: Record, time: datetime | None) -> list[Event]:
        kind, begun = block.get("type"), moment(block.get("start_timestamp")) or time
        if kind == "text":
            return said("reply", "assistant", _shown(string(block, "text")), begun)
        if kind == "thinking":
            return said("thought", "assistant", string(block, "thinking") or _summed_up(block), begun)
        if kind == "tool_use" and string(block, "name"):
            self.calls += 1
            call = clean(string(block, "id")) or str(self.calls)
            return [called(string(block, "name"), block.get("input"), call, begun)]
        return []


def _summed_up(block: Record) -> str:
    """Return what is told of a thought that is not shown."""
    summaries = block.get("summaries")
    return "\n".join(string(one, "summary") for one in summaries) if isinstance(summaries, list) else ""


def _time(message: Record) -> datetime | None:
    return moment(message.get("created_at"))


def _result(block: Record, last: str, time: datetime | None) -> Event:
    text = "\n".join(texts(block.get("content")))
    call = clean(string(block, "tool_use_id")) or last
    return result(text, call, moment(block.get("start_timestamp")) or time, failed=block.get("is_error") is True)


def _blocks(message: Record) -> list[Record]:
    """Return a message's blocks; bare text stands for them where nothing else does."""
    content = message.get("content")
    return blocks(content) if isinstance(content, list) or not string(message, "text") else []


def _words(message: Record) -> str:
    return "\n\n".join(texts(_blocks(message))) or string(message, "text")


def _pasted(message: Record) -> str:
    """Return what the user pasted instead of writing: the page keeps long text as an attachment."""
    attachments = message.get("attachments")
    pasted = [string(one, "extracted_content") for one in attachments] if isinstance(attachments, list) else []
    return clip("\n\n".join(text for text in pasted if text.strip()), _PASTED_LIMIT)


def _shown(text: str) -> str:
    """Return what the page shows of a reply."""
    text = drop_block(text, "antThinking") if "<" in text else text
    return _UNSHOWN.sub("", text) if _UNSUPPORTED in text else text
