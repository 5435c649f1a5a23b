"""Reading of text transcripts line by line, whatever a line holds, never the whole file at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import BinaryIO

LINE_LIMIT = 8 * 1024 * 1024
"""Longer lines are passed over and counted: nobody speaks or prints so long a line."""
PASSAGE_LIMIT = 1024 * 1024
"""How many characters of one message are kept before it is clipped; the rest is counted, not held."""


class TextLines:
    """Iterate over the lines of a stream without their ends; counts skipped lines and hashes every byte read."""

    def __init__(self, stream: BinaryIO) -> None:
        self.skipped = 0
        self._stream = stream
        self._hash = hashlib.sha256()
        self._last = b""

    def __iter__(self) -> Iterator[str]:
        """Yield each line; bytes that are no UTF-8 read as U+FFFD."""
        first = True
        while data := self._readline():
            if len(data) >= LINE_LIMIT and not data.endswith(b"\n"):
                while not self._readline().endswith(b"\n") and self._last:
                    pass
                self.skipped += 1
                continue
            line = data.decode("utf-8", "replace").rstrip("\r\n")
            yield line.removeprefix("\ufeff") if first else line
            first = False

    def _readline(self) -> bytes:
        self._hash.update(self._last)
        self._last = self._stream.readline(LINE_LIMIT)
        return self._last

    def cut(self) -> str:
        """Return the hex digest of the bytes before the line just read, and start anew with that line."""
        digest, self._hash = self._hash.hexdigest(), hashlib.sha256()
        return digest


class Passage:
    """The lines of one message; what goes beyond PASSAGE_LIMIT is counted."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._size = 0
        self._left_out = 0

    def add(self, line: str) -> None:
        """Add a line."""
        self._size += len(line) + 1
        if self._size <= PASSAGE_LIMIT:
            self.lines.append(line)
        else:
            self._left_out += len(line) + 1

    def text(self) -> str:
        """Return the lines as one text; how many characters are missing stands at its end."""
        text = "\n".join(self.lines)
        return f"{text}\n… {self._left_out} characters …" if self._left_out else text
