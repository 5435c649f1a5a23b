"""Transcripts of Gemini CLI: one JSON object a session, or JSON lines that also take messages back and replace them."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, cast

from session_journal.core.events import Session
from session_journal.readers.conversations import AT_ONCE, Again
from session_journal.readers.elements import Elements, decode
from session_journal.readers.fields import Record, string
from session_journal.readers.gemini_messages import TYPES, turns_of
from session_journal.readers.gemini_state import UNNAMED, State
from session_journal.readers.heads import SIZE, first_records, line_object, peek, whole_object
from session_journal.readers.jsonl import Lines

Part = tuple[str, BinaryIO]

ROOT = ".project_root"
"""What the part is called that names the project's folder."""
_KEY = "messages"
_MARK = re.compile(rb'"(?:projectHash"|gemini"|\$)')
_NEAR = 400
"""In how many bytes of a line its marks stand: before what was said."""


def recognises(head: bytes) -> bool:
    """Say whether a file that begins so holds a session of Gemini CLI."""
    return _is_lines(head) or _is_object(head)


def read(stream: BinaryIO, name: str, parts: Iterable[Part] = ()) -> Iterator[Session]:
    """Read the one session of a transcript and what its sub-agents did in files of their own."""
    state = State()
    skipped, sha256 = _read_file(stream, state)
    for part_name, part in parts:
        if part_name == ROOT:
            state.root = part.read(SIZE).decode("utf-8", "replace").strip()
        else:
            inner = State(agent=part_name)
            skipped += _read_file(part, inner)[0]
            state.sub_agents.append(inner)
    if state.understood:
        yield state.session(name, skipped, sha256)


def _read_file(stream: BinaryIO, state: State) -> tuple[int, str]:
    """Take all records of a file; return how many were malformed, and the hash of its bytes."""
    head = peek(stream)
    if _is_lines(head):
        lines = Lines(stream)
        for record in lines:
            _take(state, record)
        return lines.skipped, lines.sha256
    begun = stream.read(AT_ONCE)
    whole = whole_object(head) if begun == head else _whole(begun)
    if isinstance(whole.get(_KEY), list):
        fields = {key: value for key, value in whole.items() if key != _KEY}
        return _take_messages(state, whole[_KEY], fields), hashlib.sha256(begun).hexdigest()
    elements = Elements(cast("BinaryIO", Again(begun, stream)), _KEY)
    malformed = _take_messages(state, map(decode, elements), elements.fields)
    return elements.skipped + malformed, elements.sha256


def _whole(begun: bytes) -> Record:
    """Decode a small file at once: that is several times faster than to look for where its elements end."""
    value = decode(begun) if len(begun) < AT_ONCE else None
    return value if isinstance(value, dict) else {}


def _take_messages(state: State, messages: Iterable[Any], fields: Record) -> int:
    """Take the messages of one object, then what stands beside them; return how many were malformed."""
    malformed = 0
    for number, message in enumerate(messages):
        malformed += not isinstance(message, dict)
        _take_message(state, _with_id(message, number))
    state.note(fields)
    return malformed


def _take(state: State, record: Record) -> None:
    """Follow one line: a message, a change of what is known, or messages taken back."""
    update = record.get("$set")
    if isinstance(record.get("$rewindTo"), str):
        state.rewind(record["$rewindTo"])
    elif isinstance(update, dict):
        _take_update(state, update)
    elif not _take_message(state, record) and string(record, "sessionId"):
        _take_update(state, record)


def _take_update(state: State, update: Record) -> None:
    state.note({key: value for key, value in update.items() if key != _KEY})
    messages = update.get(_KEY)
    if isinstance(messages, list):
        numbered = [_with_id(one, number) for number, one in enumerate(messages)]
        known = [one for one in numbered if _is_message(one)]
        for one in known:
            state.note_message(one)
        state.rebuild([(_id(one), turns_of(one)) for one in known])


def _take_message(state: State, record: Any) -> bool:
    if not _is_message(record):
        return False
    state.note_message(record)
    state.put(_id(record), turns_of(record))
    return True


def _with_id(message: Any, number: int) -> Any:
    """Return a message that stands in a list, with an id for as long as it is read where it has none."""
    return {**message, "id": f"{UNNAMED}{number}"} if isinstance(message, dict) and "id" not in message else message


def _id(message: Record) -> str:
    return string(message, "id")


def _is_message(record: Any) -> bool:
    return isinstance(record, dict) and bool(string(record, "id")) and string(record, "type") in TYPES


def _is_lines(head: bytes) -> bool:
    """Say whether some line is a record of the later generation."""
    return any(_is_record(record) for record in first_records(head, _MARK, _NEAR))


def _is_record(record: Record) -> bool:
    """Say whether one line can only be of Gemini CLI: a line that might be of another tool does not count."""
    if isinstance(record.get("$rewindTo"), str) or isinstance(record.get("$set"), dict):
        return True
    if string(record, "projectHash") and string(record, "sessionId"):
        return True
    return _is_message(record) and record.get("type") == "gemini" and "content" in record


def _is_object(head: bytes) -> bool:
    """Say whether one object with messages begins so; its other members can stand before or after them."""
    known = line_object(head)
    if known and not isinstance(known.get(_KEY), list):
        return False
    if not head.lstrip(b"\xef\xbb\xbf \t\r\n\0").startswith(b"{") or b'"messages"' not in head:
        return False
    if b'"lastUpdated"' not in head and b'"projectHash"' not in head:
        return False
    known = known or whole_object(head)
    messages: Any = known.get(_KEY)
    if known and not isinstance(messages, list):
        return False
    if not known:
        elements = Elements(io.BytesIO(head), _KEY)
        messages, known = map(decode, elements), elements.fields
    # The members that follow the messages are known once those are read.
    if any(_is_message(message) and message["type"] == "gemini" for message in messages):
        return True
    return bool(string(known, "projectHash")) or bool(string(known, "lastUpdated") and string(known, "kind"))
