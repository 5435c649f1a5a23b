"""The door to transcripts: recognise a format by its content and read its sessions."""

from __future__ import annotations

import importlib
import io
from collections.abc import Iterable, Iterator
from functools import cache
from typing import BinaryIO, Protocol, cast

from session_journal.core.events import Session
from session_journal.errors import TranscriptError

FORMATS = (
    "opencode", "gemini", "codex", "copilot", "specstory", "claude_code", "cursor", "aider", "chatgpt", "claude_web",
    "export_zip", "plain",
)  # fmt: skip
"""Modules of this package, the most particular format first; a further format is one more name."""

HEAD = 256 * 1024
"""How many bytes from the beginning a format is recognised by."""

Part = tuple[str, BinaryIO]
"""A further file of the same transcript: what its agent's module calls it (a sub-agent's id) and its stream."""


class Reader(Protocol):
    """What each format's module offers."""

    def recognises(self, head: bytes) -> bool:
        """Say whether a file that begins so is of this format."""

    def read(self, stream: BinaryIO, name: str, parts: Iterable[Part]) -> Iterable[Session]:
        """Read the sessions of the file one after the other; none where nothing in it was understood.

        stream: at its beginning, seekable unless it is a pipe. name: what the caller calls the file, for messages.
        """


def recognise(head: bytes) -> Reader | None:
    """Return the reader of the format that a file with these first bytes has, None when it is unknown."""
    for name in FORMATS:
        reader = _reader(name)
        if reader.recognises(head):
            return reader
    return None


@cache
def _reader(name: str) -> Reader:
    return cast("Reader", importlib.import_module(f"{__name__}.{name}"))


def read_transcript(stream: BinaryIO, name: str, parts: Iterable[Part] = ()) -> Iterator[Session]:
    """Read the sessions of one transcript, each when it is asked for; `parts` are its further files.

    TranscriptError when nothing in it can be read.
    """
    head = _read_head(stream)
    if not head.strip(b" \t\r\n\0"):
        raise TranscriptError(f"{name}: the transcript is empty", "give a transcript file: journal draft FILE")
    reader = recognise(head)
    if reader is None:
        raise TranscriptError(f"{name}: no known transcript format", _HINT)
    count = 0
    for session in reader.read(_from_beginning(stream, head), name, parts):
        count += 1
        yield session
    if not count:
        raise TranscriptError(f"{name}: nothing in this transcript can be read", _HINT)


_HINT = "give a file that an AI tool wrote about a session: journal draft FILE"


def _read_head(stream: BinaryIO) -> bytes:
    parts, missing = [], HEAD
    while missing > 0 and (part := stream.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def _from_beginning(stream: BinaryIO, head: bytes) -> BinaryIO:
    if stream.seekable():
        stream.seek(0)
        return stream
    return cast("BinaryIO", io.BufferedReader(_Joined(head, stream), HEAD))


class _Joined(io.RawIOBase):
    """A stream whose beginning was already read: pipes cannot be rewound."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head, self._rest = memoryview(head), rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]  # noqa: UP037
        part = self._head[: len(buffer)] or self._rest.read(len(buffer))
        self._head = self._head[len(part) :]
        buffer[: len(part)] = part
        return len(part)
