"""Transcripts compressed with Zstandard: read as they unpack, up to where a torn file ends."""

from __future__ import annotations

import io
from typing import BinaryIO, cast

import zstandard

MAGIC = b"\x28\xb5\x2f\xfd"
_WINDOW = 32 * 1024 * 1024
"""The most memory that unpacking may take."""
_BUFFER = 256 * 1024


def is_compressed(head: bytes) -> bool:
    """Say whether a file with these first bytes is compressed."""
    return head[:4] == MAGIC


def decompressed(head: bytes) -> bytes:
    """Return what can be unpacked of a file's first bytes."""
    return opened(io.BytesIO(head)).read(_BUFFER)


def opened(stream: BinaryIO) -> BinaryIO:
    """Return the stream as it reads unpacked; one that is not compressed as it is. `stream` stands at its beginning."""
    if not stream.seekable() and not hasattr(stream, "peek"):
        return stream
    head = stream.peek(4)[:4] if hasattr(stream, "peek") else stream.read(4)
    if not hasattr(stream, "peek"):
        stream.seek(0)
    return cast("BinaryIO", io.BufferedReader(_Unpacked(stream), _BUFFER)) if is_compressed(head) else stream


class _Unpacked(io.RawIOBase):
    """The unpacked bytes of a stream; it ends where no more can be unpacked."""

    def __init__(self, stream: BinaryIO) -> None:
        self._reader = zstandard.ZstdDecompressor(max_window_size=_WINDOW).stream_reader(
            stream, read_size=_BUFFER, read_across_frames=True, closefd=False
        )

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]  # noqa: UP037
        try:
            part = self._reader.read(len(buffer))
        except zstandard.ZstdError:
            return 0  # torn or damaged: what came before it is read
        buffer[: len(part)] = part
        return len(part)
