"""The beginning of a file, looked at before it is read: which of a format's forms it has."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import BinaryIO

from session_journal.readers.elements import decode
from session_journal.readers.fields import Record
from session_journal.readers.jsonl import first_lines

SIZE = 64 * 1024
_BLANK = b"\xef\xbb\xbf \t\r\n"
_MOST_LINES = 60


def peek(stream: BinaryIO) -> bytes:
    """Return the file's beginning and leave the stream where it is."""
    if stream.seekable():
        at = stream.tell()
        head = stream.read(SIZE)
        stream.seek(at)
        return head
    return stream.peek(SIZE)[:SIZE] if isinstance(stream, io.BufferedReader) else b""


def first_records(head: bytes, mark: re.Pattern[bytes] | None = None, near: int = SIZE) -> Iterator[Record]:
    """Yield the JSON objects that the first lines are, those with a mark in their first `near` bytes."""
    for line in first_lines(head, _MOST_LINES):
        if line.startswith(b"{") and line.endswith(b"}") and (mark is None or mark.search(line, 0, near)):
            record = decode(line)
            if isinstance(record, dict):
                yield record


def first_object(head: bytes) -> Record:
    """Return the object that the first line of a file is, or else its whole beginning; empty where neither is one.

    Several formats are asked for the same file, most of them in vain: it is decoded once, and JSON lines by the first.
    """
    start = len(head) - len(head.lstrip(_BLANK))
    if head[start : start + 1] != b"{":
        return {}
    end = head.find(b"\n", start)
    line = head[start:end] if end >= 0 else head[start:]
    return _object(line) or (_object(head) if len(line) < len(head) - start else {})


@lru_cache(maxsize=2)
def _object(raw: bytes) -> Record:
    value = decode(raw)
    return value if isinstance(value, dict) else {}
