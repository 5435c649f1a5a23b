"""Lines too long to be parsed as they are: their long strings are cut while they are read, to save memory."""

from __future__ import annotations

import re
from collections.abc import Iterable

STRING_LIMIT = 64 * 1024
"""How many bytes of one string are kept, in the order they are read: images and dumps, not what anyone said."""
CROWDED_LIMIT = 512
"""The same for a line of very many strings, once half of its room is used."""

_WHOLE = re.compile(
    rb"(?:[^\\]++|\\[^u]|\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u(?![dD][89abAB])[0-9a-fA-F]{4})*+", re.DOTALL
)
"""The escapes of a string that are complete, up to one that is not."""
_LAST = re.compile(rb"[\xc0-\xff][\x80-\xbf]{0,3}$")
_INSIDE = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)


def shorten_strings(pieces: Iterable[bytes], limit: int) -> bytes | None:
    """Return a line, given in pieces, with its long strings cut; None when it is longer than `limit` bytes even so.

    Only the beginning of a string is kept: a private part that begins in it can then never end outside of it.
    Every piece is taken from the iterable either way.
    """
    line = _Line(limit)
    for piece in pieces:
        line.add(piece)
    return bytes(line.kept) if len(line.kept) <= limit else None


class _Line:
    """What is kept of one line so far, and where in its syntax it stands."""

    def __init__(self, limit: int) -> None:
        self.kept = bytearray()
        self._limit = limit
        self._inside = self._cut = False
        self._room = self._start = 0
        self._rest = b""

    def add(self, piece: bytes) -> None:
        if len(self.kept) > self._limit:
            return  # too long already: the rest is only read
        data, at = self._rest + piece, 0
        self._rest = b""
        while at < len(data):
            at = self._in_string(data, at) if self._inside else self._between(data, at)

    def _between(self, data: bytes, at: int) -> int:
        """Take what stands between strings, up to and with the next quote."""
        quote = data.find(b'"', at)
        end = quote + 1 if quote >= 0 else len(data)
        self.kept += data[at:end]
        if quote >= 0:
            self._inside, self._cut, self._start = True, False, len(self.kept)
            self._room = STRING_LIMIT if len(self.kept) < self._limit // 2 else CROWDED_LIMIT
        return end

    def _in_string(self, data: bytes, at: int) -> int:
        """Take what fits of a string, up to and with its closing quote."""
        found = _INSIDE.match(data, at)
        end = found.end() if found else at
        self._keep(data, at, end)
        if end < len(data) and data[end : end + 1] == b"\\":
            self._rest = data[end:]  # an escape that the next piece completes
            return len(data)
        if end < len(data):
            self.kept += b'"'
            self._inside = False
        return end + 1

    def _keep(self, data: bytes, at: int, end: int) -> None:
        if self._cut:
            return
        self.kept += data[at : min(end, at + self._room)]
        self._room -= end - at
        if self._room < 0:
            self._cut = True
            string = bytes(self.kept[self._start :])
            found = _WHOLE.match(string)
            whole = string[: found.end()] if found else b""
            last = _LAST.search(whole)
            del self.kept[self._start + (last.start() if last else len(whole)) :]
