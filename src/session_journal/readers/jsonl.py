"""Reading of JSON-lines transcripts: object by object, whatever a line holds, never the whole file at once."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import orjson

from session_journal.readers.long_lines import shorten_strings

LINE_LIMIT = 2 * 1024 * 1024
"""Of longer lines, which hold images or dumps, long strings are cut; those still longer are passed over and counted."""
_PIECE = 256 * 1024
MARGIN = b"\0\xef\xbb\xbf \t\r\n"
"""What may stand around the object of a line."""
_TOO_LONG = b"[]"
"""What stands in the place of a line that is passed over: it is no object."""
_ATTEMPTS = 8
_OBJECT = re.compile(r'\{\s*"')
_RECORD = re.compile(r'\{"(?:parentUuid|type|uuid|timestamp|sessionId|messageId|id)"')
_DECODER = json.JSONDecoder()


class Lines:
    """Iterate over the objects of a stream; counts skipped lines and hashes every byte read."""

    def __init__(self, stream: BinaryIO) -> None:
        self.skipped = 0
        self._stream = stream
        self._hash = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """Return the hex digest of the bytes read so far."""
        return self._hash.hexdigest()

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Yield each object; a line in which something else stands is counted as skipped."""
        readline, update, loads = self._stream.readline, self._hash.update, orjson.loads
        while line := readline(LINE_LIMIT):
            if len(line) < LINE_LIMIT or line.endswith(b"\n"):
                update(line)
            else:
                line = shorten_strings(self._pieces(line), LINE_LIMIT) or _TOO_LONG
            try:
                value = loads(line)
            except (orjson.JSONDecodeError, RecursionError):
                yield from self._salvage(line)
                continue
            if type(value) is dict:
                yield value
            else:
                self.skipped += 1

    def _pieces(self, line: bytes) -> Iterator[bytes]:
        """Yield a long line's beginning and what follows of it, to its end."""
        while line:
            self._hash.update(line)
            yield line
            line = b"" if line.endswith(b"\n") else self._stream.readline(_PIECE)

    def _salvage(self, line: bytes) -> Iterator[dict[str, Any]]:
        """Yield what can be read of a line that is not one object: two on one line, or one after a torn one."""
        text, at, whole = line.strip(MARGIN).decode("utf-8", "replace"), 0, True
        if not text:
            return
        for _ in range(_ATTEMPTS):
            found = _OBJECT.search(text, at)
            if found is None:
                whole = whole and not text[at:].strip()
                break
            whole = whole and not text[at : found.start()].strip()
            value, end = _decode(text, found.start())
            if isinstance(value, dict):
                yield _without_surrogates(value)
            whole = whole and value is not None
            at = end
        self.skipped += not whole


def _decode(text: str, at: int) -> tuple[Any, int]:
    """Return the value at a position and where it ends; (None, where to look on) when there is none."""
    try:
        return _DECODER.raw_decode(text, at)
    except (ValueError, RecursionError):
        following = _RECORD.search(text, at + 1)
        return None, following.start() if following else len(text)


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_surrogates(item) for item in value]
    return value
