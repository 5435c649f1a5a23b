"""Transcripts of Cursor: JSON lines with a role and content, or the earlier text with markers; no ids, few times."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from session_journal.core.events import Session
from session_journal.readers.cursor_state import State
from session_journal.readers.cursor_text import TextMessages, is_text
from session_journal.readers.elements import decode
from session_journal.readers.fields import Record, string
from session_journal.readers.heads import SIZE, first_records, peek
from session_journal.readers.jsonl import Lines

Part = tuple[str, BinaryIO]

META = "meta.json"
"""What the part is called in which Cursor's command line notes a conversation's title and times."""
_SUB_AGENT = re.compile(r"[/\\]subagents[/\\]([^/\\]+)\.(?:jsonl|txt)$")
_BEGIN = re.compile(rb'[\xef\xbb\xbf\s]*\{"role": ?"(?:user|assistant)", ?"message": ?\{"content": ?[\["][^\n]*\Z')
_FOREIGN = ("uuid", "sessionId", "parentUuid", "timestamp", "id", "payload")
"""What a line of Cursor never has beside role and message, while those of its relatives do."""


def recognises(head: bytes) -> bool:
    """Say whether a file that begins so holds a conversation with Cursor."""
    return _is_lines(head) or is_text(head)


def read(stream: BinaryIO, name: str, parts: Iterable[Part] = ()) -> Iterator[Session]:
    """Read the one conversation of a transcript; what its sub-agents did stands behind it, for nothing tells when."""
    state = State()
    own = _SUB_AGENT.search(name)
    skipped, sha256 = _read_file(stream, state, own.group(1) if own else "")
    for agent, part in parts:
        if agent == META:
            state.note(decode(part.read(SIZE)))
        else:
            skipped += _read_file(part, state, agent)[0]
    if state.understood:
        yield state.session(name, skipped, sha256)


def _read_file(stream: BinaryIO, state: State, agent: str) -> tuple[int, str]:
    """Take all messages of a file; return how many records were malformed, and the hash of its bytes."""
    records: Lines | TextMessages = TextMessages(stream) if is_text(peek(stream)) else Lines(stream)
    state.begin(agent)
    for record in records:
        state.take(record)
    return records.skipped, records.sha256


def _is_lines(head: bytes) -> bool:
    """Say whether some line is a message; the first one can be longer than what is looked at."""
    is_cut = len(head) >= SIZE and bool(_BEGIN.match(head))
    return is_cut or any(_is_message(record) for record in first_records(head))


def _is_message(record: Record) -> bool:
    if string(record, "role") not in {"user", "assistant"}:
        return False
    message = record.get("message")
    has_content = isinstance(message, dict) and isinstance(message.get("content"), (str, list))
    return has_content and "type" not in record and not any(key in record for key in _FOREIGN)
