"""Reading of JSON-lines transcripts: object by object, whatever a line holds, never the whole file at once."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import orjson

LINE_LIMIT = 48 * 1024 * 1024
"""Longer lines are passed over and counted: they hold images or dumps, and memory must stay small."""
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
        for line in self._raw():
            try:
                value = orjson.loads(line)
            except (orjson.JSONDecodeError, RecursionError):
                yield from self._salvage(line)
                continue
            if isinstance(value, dict):
                yield value
            else:
                self.skipped += 1

    def _raw(self) -> Iterator[bytes]:
        while line := self._stream.readline(LINE_LIMIT):
            self._hash.update(line)
            if len(line) >= LINE_LIMIT and not line.endswith(b"\n"):
                self._drain()
                self.skipped += 1
            elif line.strip(b" \t\r\n\0\xef\xbb\xbf"):
                yield line.strip(b"\0\xef\xbb\xbf")

    def _drain(self) -> None:
        while line := self._stream.readline(LINE_LIMIT):
            self._hash.update(line)
            if line.endswith(b"\n"):
                return

    def _salvage(self, line: bytes) -> Iterator[dict[str, Any]]:
        """Yield what can be read of a line that is not one object: two on one line, or one after a torn one."""
        text, at, whole = line.decode("utf-8", "replace").strip(), 0, True
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
