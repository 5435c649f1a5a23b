"""Files of whole conversations as JSON: an export's array of them, or a single one."""

from __future__ import annotations

import hashlib
import io
import itertools
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, BinaryIO, NamedTuple, cast

import orjson

from session_journal.readers.elements import ELEMENT_LIMIT, Elements
from session_journal.readers.fields import Record
from session_journal.readers.long_lines import shorten_strings

_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_CHUNK = 256 * 1024
AT_ONCE = 4 * 1024 * 1024
"""How long a file may be to be decoded as a whole."""
_BLANK = b" \t\r\n\0\xef\xbb\xbf"
_DECODER = json.JSONDecoder(strict=False)


class Found(NamedTuple):
    """A conversation and the hex digest of its bytes, written without white space: exports differ in that alone."""

    record: Record
    sha256: str


class Conversations:
    """Iterate over the objects of an array, or yield the single object that a file is.

    skipped: what could not be read, complete when the iteration is over. rest: the bytes of a single object that
    is not whole, for a reader that can read a part of it.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self.skipped = 0
        self.rest = b""
        self._stream = stream

    def __iter__(self) -> Iterator[Found]:
        """Yield each object."""
        first = b"".join(_up_to(iter(lambda: self._stream.read(_CHUNK), b""), AT_ONCE))
        again = cast("BinaryIO", Again(first, self._stream))
        if first.lstrip(_BLANK)[:1] == b"[":
            yield from self._short(first) if len(first) < AT_ONCE else self._array(again)
        else:
            yield from self._single(again)

    def _short(self, data: bytes) -> Iterator[Found]:
        """Decode a small array as a whole: that is several times faster than to look for where its elements end."""
        try:
            values = orjson.loads(data.strip(_BLANK))
        except (orjson.JSONDecodeError, RecursionError):
            yield from self._array(io.BytesIO(data))
            return
        for value in values:
            if isinstance(value, dict):
                yield Found(value, _digest(value))
            else:
                self.skipped += 1

    def _array(self, stream: BinaryIO) -> Iterator[Found]:
        elements = Elements(stream)
        for raw in elements:
            value = decoded(raw)
            if isinstance(value, dict):
                yield Found(value, _digest(value))
            else:
                self.skipped += 1
        self.skipped += elements.skipped

    def _single(self, stream: BinaryIO) -> Iterator[Found]:
        pieces = iter(lambda: stream.read(_CHUNK), b"")
        begun = list(_up_to(pieces, ELEMENT_LIMIT))
        if sum(map(len, begun)) < ELEMENT_LIMIT:
            raw: bytes | None = b"".join(begun)
        else:
            raw = shorten_strings(itertools.chain(_emptied(begun), pieces), ELEMENT_LIMIT)
        value = decoded((raw or b"").strip(_BLANK))
        if isinstance(value, dict):
            yield Found(value, _digest(value))
        else:
            self.rest = raw or b""
            self.skipped += 1


def _up_to(pieces: Iterator[bytes], size: int) -> Iterator[bytes]:
    """Yield pieces until they are as long as that."""
    while size > 0 and (piece := next(pieces, b"")):
        size -= len(piece)
        yield piece


def _emptied(pieces: list[bytes]) -> Iterator[bytes]:
    """Yield pieces and let go of each."""
    pieces.reverse()
    while pieces:
        yield pieces.pop()


def _digest(value: Record) -> str:
    try:
        data = orjson.dumps(value)
    except (TypeError, RecursionError):
        data = json.dumps(value).encode()  # halves of surrogate pairs, which only json writes
    return hashlib.sha256(data).hexdigest()


class Again:
    """A stream whose beginning was read already."""

    def __init__(self, first: bytes, rest: BinaryIO) -> None:
        self._first, self._rest = first, rest

    def read(self, size: int) -> bytes:
        """Return what was read already, then what follows."""
        first, self._first = self._first, b""
        return first or self._rest.read(size)


def decoded(raw: bytes) -> Any:
    """Return a JSON value, None where there is none; what follows it is left out."""
    try:
        return orjson.loads(raw)
    except (orjson.JSONDecodeError, RecursionError):
        pass
    try:
        return _DECODER.raw_decode(raw.decode("utf-8", "replace"))[0]  # halves of pairs, too
    except (ValueError, RecursionError):
        return None


def moment(value: Any) -> datetime | None:
    """Return a time given as seconds since 1970 or in ISO form, None where it is neither or names no zone."""
    try:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
        time = datetime.fromisoformat(value) if isinstance(value, str) else None
    except (ValueError, OverflowError, OSError):
        return None
    return time if time and time.tzinfo else None


def is_unique(key: str) -> bool:
    """Say whether a message's id names it everywhere: `msg-1` names one in every conversation."""
    return bool(_UUID.fullmatch(key))


def ancestors(nodes: dict[str, Record], leaf: str, parent: str) -> list[Record]:
    """Return the nodes from the root to a leaf by their parent's key; a circle ends where it closes."""
    path: list[Record] = []
    seen: set[str] = set()
    key: Any = leaf
    while isinstance(key, str) and key in nodes and key not in seen:
        seen.add(key)
        path.append(nodes[key])
        key = nodes[key].get(parent)
    return path[::-1]
