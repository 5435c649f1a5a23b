"""Sessions of opencode: its database, the files that earlier versions kept, and what its `export` writes."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from session_journal.core.events import Session
from session_journal.errors import TranscriptError
from session_journal.readers.elements import Elements, decode
from session_journal.readers.fields import Record, string
from session_journal.readers.heads import SIZE, line_object, peek, whole_object
from session_journal.readers.opencode_database import MAGIC, read_database
from session_journal.readers.opencode_state import State

Part = tuple[str, BinaryIO]

_FILE_LIMIT = 16 * 1024 * 1024


def recognises(head: bytes) -> bool:
    """Say whether a file that begins so holds sessions of opencode, or is a database at all.

    The tables of a database need not stand at its beginning, nor in the file while opencode is writing: reading tells.
    """
    return head.startswith(MAGIC) or _is_session(members := _members(head)) or _is_export(head, members)


def read(stream: BinaryIO, name: str, parts: Iterable[Part] = ()) -> Iterator[Session]:
    """Read the sessions of a database one after the other, or the one of a session's file and its further files."""
    head = peek(stream)
    if head.startswith(MAGIC):
        path = getattr(stream, "name", None)
        if not isinstance(path, str) or not os.path.isfile(path):
            raise TranscriptError(
                f"{name}: a database cannot be read from a pipe", "name the database itself: journal draft FILE"
            )
        yield from read_database(path, name)
    elif _is_export(head, _members(head)):
        yield from _read_export(stream)
    else:
        yield from _read_files(stream, parts)


def _read_files(stream: BinaryIO, parts: Iterable[Part]) -> Iterator[Session]:
    """Read a session's file, and the files of its messages, each followed by those of its parts.

    Sessions below it come behind it in the same way.
    """
    raw = stream.read(_FILE_LIMIT)
    info = decode(raw)
    if not isinstance(info, dict):
        return
    state = State(info)
    state.begin(info)
    state.load(raw)
    message: Record | None = None
    inside: list[Record] = []
    for _, part in parts:
        record = state.load(part.read(_FILE_LIMIT))
        if record is None:
            continue
        if not string(record, "role") and not _is_session(record):
            inside.append(record)
            continue
        _take(state, message, inside)
        message, inside = (None, []) if _is_session(record) else (record, [])
        if message is None:
            state.begin(record)
    _take(state, message, inside)
    yield state.session()


def _take(state: State, message: Record | None, parts: list[Record]) -> None:
    if message is not None:
        state.take(string(message, "id"), message, parts)


def _read_export(stream: BinaryIO) -> Iterator[Session]:
    """Read what `opencode export` wrote: the session, then its messages with their parts."""
    elements = Elements(stream, "messages")
    state: State | None = None
    for raw in elements:
        if state is None:
            state = _exported(elements.fields)
        message = state.load(raw)
        info, parts = (message or {}).get("info"), (message or {}).get("parts")
        if isinstance(info, dict):
            given = [one for one in parts if isinstance(one, dict)] if isinstance(parts, list) else []
            state.take(string(info, "id"), info, given)
    state = state or _exported(elements.fields)
    state.skipped += elements.skipped
    yield state.session()


def _exported(fields: Record) -> State:
    info = fields.get("info")
    state = State(info if isinstance(info, dict) else {})
    state.begin(state.info)
    return state


def _is_session(record: Any) -> bool:
    """Say whether a record is a session's: with a time of its own, and a title, a project or a folder."""
    if not isinstance(record, dict) or not string(record, "id") or "role" in record or "type" in record:
        return False
    time = record.get("time")
    if not isinstance(time, dict) or not isinstance(time.get("created"), (int, float)):
        return False
    return bool(string(record, "projectID") or string(record, "directory")) or (
        string(record, "id").startswith("ses_") and bool(string(record, "title") or string(record, "version"))
    )


def _is_export(head: bytes, members: Record) -> bool:
    """Say whether an object with a session and its messages begins so."""
    return _is_session(members.get("info")) and b'"messages"' in head


def _members(head: bytes) -> Record:
    """Return the members of the object that begins a file, those that are whole."""
    known = line_object(head)
    if known or b'"created"' not in head or not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return known
    whole = whole_object(head)
    if whole:
        return whole
    elements = Elements(io.BytesIO(head[:SIZE]), "")
    for _ in elements:
        pass
    return elements.fields
