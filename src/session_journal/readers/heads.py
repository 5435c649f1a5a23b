"""The beginning of a file, looked at before it is read: which of a format's forms it has."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO

from session_journal.readers.elements import decode
from session_journal.readers.fields import Record
from session_journal.readers.jsonl import first_lines

SIZE = 64 * 1024
_MOST_LINES = 60


def peek(stream: BinaryIO) -> bytes:
    """Return the file's beginning and leave the stream where it is."""
    if stream.seekable():
        at = stream.tell()
        head = stream.read(SIZE)
        stream.seek(at)
        return head
    return stream.peek(SIZE)[:SIZE] if isinstance(stream, io.BufferedReader) else b""


def first_records(head: bytes) -> Iterator[Record]:
    """Yield the JSON objects that the first lines are."""
    for line in first_lines(head, _MOST_LINES):
        record = decode(line) if line.startswith(b"{") else None
        if isinstance(record, dict):
            yield record
