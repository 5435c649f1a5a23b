"""The beginning of a file, looked at before it is read: which of a format's forms it has."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import BinaryIO, TypeVar

from session_journal.readers.elements import decode
from session_journal.readers.fields import Record
from session_journal.readers.jsonl import MARGIN

SIZE = 64 * 1024
_BLANK = b"\xef\xbb\xbf \t\r\n"
_SPACE = b" \t\r\n"
_MOST_LINES = 60

Found = TypeVar("Found")


def _once(look: Callable[[bytes], Found]) -> Callable[[bytes], Found]:
    """Keep what was found in a file's beginning for whoever looks at the same bytes next: a format, or its reader.

    `lru_cache` would hash them, which takes longer than most looks do.
    """
    last: tuple[bytes, Found] | None = None

    def looked(head: bytes) -> Found:
        nonlocal last
        known = last
        if known is None or known[0] != head:
            known = last = (head, look(head))
        return known[1]

    return looked


def peek(stream: BinaryIO) -> bytes:
    """Return the file's beginning and leave the stream where it is."""
    if stream.seekable():
        at = stream.tell()
        head = stream.read(SIZE)
        stream.seek(at)
        return head
    return stream.peek(SIZE)[:SIZE] if isinstance(stream, io.BufferedReader) else b""


def first_lines(head: bytes, most: int = _MOST_LINES) -> tuple[bytes, ...]:
    """Return the first lines of a file's beginning, 60 at most, without what may stand around their objects.

    None where it is another text with objects on some of its lines, as a program or a manual has them, or one object
    over many lines.
    """
    found = _lines(head)[:most]
    objects = sum([line.startswith(b"{") for line in found])
    return found if 2 * objects >= len(found) or (found[0].startswith(b"{") and found[0] != b"{") else ()


@_once
def _lines(head: bytes) -> tuple[bytes, ...]:
    lines = filter(None, (line.strip(MARGIN) for line in io.BytesIO(head)))
    return tuple(islice(lines, _MOST_LINES))


def first_records(head: bytes, mark: re.Pattern[bytes] | None = None, near: int = SIZE) -> Iterator[Record]:
    """Yield the JSON objects that the first lines are, those with a mark in their first `near` bytes."""
    for line in first_lines(head):
        if line.startswith(b"{") and line.endswith(b"}") and (mark is None or mark.search(line, 0, near)):
            record = decode(line)
            if isinstance(record, dict):
                yield record


@_once
def line_object(head: bytes) -> Record:
    """Return the object that the first of several lines is; empty where it is none."""
    start = head.lstrip(_BLANK)
    end = start.find(b"\n")
    return _object(start[:end]) if end >= 0 else {}


@_once
def whole_object(head: bytes) -> Record:
    """Return the object that a file's beginning is as a whole; empty where it is none."""
    return _object(head.lstrip(_BLANK))


def _object(raw: bytes) -> Record:
    if not raw.startswith(b"{") or not raw.rstrip(_SPACE).endswith(b"}"):
        return {}  # most beginnings are cut off somewhere
    value = decode(raw)
    return value if isinstance(value, dict) else {}
