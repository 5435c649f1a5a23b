"""One large JSON document read element by element: a top-level array, or the array under a top-level key."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import orjson

ELEMENT_LIMIT = 12 * 1024 * 1024
"""Longer elements are passed over and counted: they hold images or dumps, and memory must stay small."""
FIELD_LIMIT = 1024 * 1024
"""Longer members beside the array are passed over."""
_CHUNK = 256 * 1024
_FLAT = rb'"[^"]*+"|[^"{}\[\] ]++| ++'
_LEVELS = 6
"""How deep a value may be nested to be passed over at once; what is deeper is gone through level by level."""


def _nested(levels: int) -> bytes:
    """Return a pattern of anything that is nested no deeper than that."""
    return rb"(?:%s|[{\[]%s[}\]])*+" % (_FLAT, _nested(levels - 1)) if levels else rb"(?:%s)*+" % _FLAT


_BETWEEN = re.compile(_nested(_LEVELS))
_WHOLE = re.compile(rb'"[^"]*+"|[{\[]%s[}\]]' % _nested(_LEVELS))
_RUN = re.compile(rb"[{\[]++|[}\]]")
_BLANK = re.compile(rb"[\s,:\0\xef\xbb\xbf]*+")
_SCALAR = re.compile(rb'[^\s,:\0"{}\[\]]*+')
_ESCAPED = re.compile(rb'\\["\\]')
_QUOTE = ord('"')
_CLOSING = (b"]", b"}")
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}(?:\\u[dD][c-fC-F][0-9a-fA-F]{2})?|u[dD][c-fC-F][0-9a-fA-F]{2}|.)", re.DOTALL
)


def elements(stream: BinaryIO, key: str | None = None) -> Iterator[bytes]:
    """Yield each element's bytes of the top-level array, or of the array under a key of the top-level object."""
    return iter(Elements(stream, key))


class Elements:
    """Iterate over the elements of a stream's array; hashes every byte read.

    key: which member of the top-level object is the array, None where the document itself is one.
    fields: the other members, decoded; complete when the iteration is over, for they can follow the array.
    skipped: elements too long, and an end that is missing. What an element holds is not looked at.
    """

    def __init__(self, stream: BinaryIO, key: str | None = None) -> None:
        self.fields: dict[str, Any] = {}
        self.skipped = 0
        self._stream, self._key = stream, key
        self._hash = hashlib.sha256()
        self._chunk, self._shape, self._at, self._ended = b"", b"", 0, False

    @property
    def sha256(self) -> str:
        """Return the hex digest of the bytes read so far."""
        return self._hash.hexdigest()

    def __iter__(self) -> Iterator[bytes]:
        """Yield the bytes of each element; documents that follow one another are read as one."""
        while first := self._peek():
            if first == (b"[" if self._key is None else b"{"):
                self._at += 1
                yield from self._array() if self._key is None else self._members()
                self.skipped += self._ended
            elif first in _CLOSING:
                self._at += 1
            else:
                self._value(0)

    def _array(self) -> Iterator[bytes]:
        while (first := self._peek()) and first not in _CLOSING:
            raw = self._value(ELEMENT_LIMIT)
            if raw is not None:
                yield raw
            else:
                self.skipped += not self._ended
        self._at += 1

    def _members(self) -> Iterator[bytes]:
        while (first := self._peek()) and first not in _CLOSING:
            raw = self._value(FIELD_LIMIT)
            following = self._peek()
            if first != b'"' or following in (b"", *_CLOSING):
                continue  # no name, or a name without a value
            name = decode(raw or b"")
            if name == self._key and following == b"[":
                self._at += 1
                yield from self._array()
            elif (raw := self._value(FIELD_LIMIT)) is not None and isinstance(name, str):
                self.fields[name] = decode(raw)
        self._at += 1

    def _peek(self) -> bytes:
        """Return the next byte that means something without taking it, b"" at the end."""
        while not self._ended:
            found = _BLANK.match(self._chunk, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._chunk):
                return self._chunk[self._at : self._at + 1]
            self._fill()
        return b""

    def _fill(self) -> None:
        """Read on; `_shape` is the chunk with its escapes blanked, so that every quote in it opens or closes."""
        escaped = self._shape.endswith(b"\\")
        self._chunk, self._at = self._stream.read(_CHUNK), 0
        self._shape = self._chunk
        self._hash.update(self._chunk)
        self._ended = not self._chunk
        if escaped:
            self._shape = b"." + self._shape[1:]
        self._shape = _ESCAPED.sub(b"..", self._shape)

    def _value(self, limit: int) -> bytes | None:
        """Take one value; None when it is longer than limit or the stream ends in it."""
        first = self._chunk[self._at]
        if first not in b'"{[':
            return self._take(_Scalar(), limit)
        whole = _WHOLE.match(self._shape, self._at)  # most values lie in one chunk
        if whole and whole.end() - self._at <= limit:
            self._at = whole.end()
            return self._chunk[whole.start() : self._at]
        nested = _Nested(in_string=first == _QUOTE, depth=first != _QUOTE)
        return self._take(nested, limit, 1)

    def _take(self, scan: _Scalar | _Nested, limit: int, ahead: int = 0) -> bytes | None:
        pieces, size, done, start = [], 0, False, self._at
        self._at += ahead
        while not done:
            self._at, done = scan.end(self._shape, self._at)
            size += self._at - start
            if size <= limit:
                pieces.append(self._chunk[start : self._at])
            else:
                pieces.clear()
            if not done:
                self._fill()
                start = 0
                if self._ended:
                    return None
        return b"".join(pieces) if size <= limit else None


class _Scalar:
    """A number, a word, or what should not be there: it ends before the next sign."""

    def end(self, shape: bytes, at: int) -> tuple[int, bool]:
        """Return how far the value goes in this chunk, and whether it ends there."""
        found = _SCALAR.match(shape, at)
        at = found.end() if found else len(shape)
        return at, at < len(shape)


class _Nested:
    """A string, an object or an array, followed through the chunks by its depth alone."""

    def __init__(self, *, in_string: bool, depth: int) -> None:
        self._in_string, self._depth = in_string, depth

    def end(self, shape: bytes, at: int) -> tuple[int, bool]:
        """Return how far the value goes in this chunk, and whether it ends there."""
        while at < len(shape):
            at = self._in(shape, at) if self._in_string else self._between(shape, at)
            if self._depth <= 0 and not self._in_string:
                return at, True
        return len(shape), False

    def _in(self, shape: bytes, at: int) -> int:
        end = shape.find(b'"', at)
        self._in_string = end < 0
        return end + 1 or len(shape)

    def _between(self, shape: bytes, at: int) -> int:
        found = _BETWEEN.match(shape, at)
        at = found.end() if found else len(shape)
        if at == len(shape):
            return at
        if shape[at] == _QUOTE:
            self._in_string = True
            return at + 1
        run = _RUN.match(shape, at)
        end = run.end() if run else at + 1
        self._depth += end - at if shape[at] in b"{[" else -1
        return end


def decode(raw: bytes) -> Any:
    """Return the value that bytes hold, broken characters in it replaced; None where they hold none."""
    try:
        return orjson.loads(raw)
    except (orjson.JSONDecodeError, RecursionError):
        if raw.isascii() and b"\\u" not in raw:
            return None  # no character is broken
        text = _ESCAPE.sub(_whole, raw.decode("utf-8", "replace"))
    try:
        return orjson.loads(text)
    except (orjson.JSONDecodeError, RecursionError):
        return None


def _whole(escape: re.Match[str]) -> str:
    """Return an escape as it is, but one half of a pair without the other as what stands for a broken character."""
    text = escape.group()
    is_half = len(text) == 6 and text[1:3].lower() == "ud" and text[3] in "89abcdefABCDEF"
    return r"\ufffd" if is_half else text
