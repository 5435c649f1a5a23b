"""The zip in which an export arrives: its conversations are read where they lie, by the reader of their format."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import IO, BinaryIO, cast

from session_journal.core.events import Session
from session_journal.errors import TranscriptError
from session_journal.readers import chatgpt, claude_web

Part = tuple[str, BinaryIO]

_ENTRY = re.compile(r"(?:.*/)?conversations(?:[-_]\d+)?\.json")
_PIECE = 64 * 1024
"""What is unpacked at a time: where an entry is damaged, all that was asked for at once is lost."""
_MOST_TIMES = 200
"""How much longer than its compressed form an entry may get: text gets ten times as long, a bomb a thousand times."""
_ALWAYS = 64 * 1024 * 1024
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)
"""What zipfile raises for archives that are torn, encrypted, or packed in a way it does not know."""


def recognises(head: bytes) -> bool:
    """Say whether a file that begins so is a zip."""
    return head.startswith(b"PK\x03\x04")


def holds_export(stream: BinaryIO) -> bool:
    """Say whether a zip, from its beginning, holds conversations: most zips are something else."""
    try:
        with zipfile.ZipFile(stream) as archive:
            return any(map(_is_entry, archive.infolist()))
    except _DAMAGED:
        return False


def _is_entry(info: zipfile.ZipInfo) -> bool:
    return _ENTRY.fullmatch(info.filename.replace("\\", "/")) is not None


def read(stream: BinaryIO, name: str, parts: Iterable[Part] = ()) -> Iterator[Session]:
    """Read the conversations of an export, those of one entry after those of the other.

    TranscriptError where it is damaged or comes through a pipe; what cannot be unpacked of an entry is left out.
    """
    del parts
    if not stream.seekable():
        raise TranscriptError(f"{name}: a zip cannot be read from a pipe", "journal draft FILE.zip")
    try:
        archive = zipfile.ZipFile(stream)
    except _DAMAGED as error:
        raise TranscriptError(f"{name}: the zip is damaged ({error})", f"unzip -t {name}") from error
    with archive:
        wanted = list(filter(_is_entry, archive.infolist()))
        if not wanted:
            raise TranscriptError(f"{name}: this zip holds no conversations.json", "journal draft conversations.json")
        for info in sorted(wanted, key=lambda one: one.filename):
            yield from _entry(archive, info, f"{name}/{info.filename}")


def _entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Iterator[Session]:
    try:
        with archive.open(info) as first:
            head = first.read(_PIECE)
        entry = archive.open(info)
    except _DAMAGED as error:
        raise TranscriptError(f"{name} cannot be unpacked ({error})", "download the export once more") from error
    with entry:
        bounded = cast("BinaryIO", _Bounded(entry, max(_ALWAYS, _MOST_TIMES * info.compress_size)))
        for reader in (chatgpt, claude_web):
            if reader.recognises(head):
                yield from reader.read(bounded, name)
                return


class _Bounded:
    """An entry up to a length, or to where it is damaged: its reader counts an end that is missing."""

    def __init__(self, entry: IO[bytes], room: int) -> None:
        self._entry, self._room = entry, room

    def read(self, size: int) -> bytes:
        """Return the next bytes, none where the entry ends."""
        try:
            data = self._entry.read(min(size, _PIECE, self._room))
        except _DAMAGED:
            data = b""
        self._room -= len(data)
        return data
