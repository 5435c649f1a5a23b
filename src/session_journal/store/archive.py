"""The event archive: what happened in each session, redacted and compact; deleting it loses no truth.

One zstd file of JSON lines for each entry, in the git directory, which nothing commits or pushes. It is named by the
entry's id, so it holds just the events whose turns that entry names as evidence.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
from collections.abc import Iterator
from typing import BinaryIO

from session_journal.core.events import Session
from session_journal.core.packing import compact, pack, unpack
from session_journal.errors import JournalError
from session_journal.store.files import remove_if_there, write_atomic
from session_journal.store.journal import Journal

LONGEST = 48_000_000
"""How many bytes an archive may unpack to: what is longer was not written by `keep`, or would not fit in memory."""

_SHARES = (1.0, 0.2, 0.05)
"""How much of the usual length texts keep, tried in turn until the session fits."""

_LEVEL = 9
_WINDOW = 8 * 1024 * 1024
_PLAIN = re.compile(r"[0-9a-z]{8,64}")


def keep(journal: Journal, entry_id: str, session: Session) -> None:
    """Keep the events of an entry's session, redacted already, instead of what was kept for it before.

    JournalError where they cannot be written.
    """
    import zstandard

    for share in _SHARES:
        data = "".join(f"{line}\n" for line in pack(compact(session, share))).encode("utf-8", "surrogatepass")
        if len(data) <= LONGEST:
            break
    else:
        raise JournalError(f"the session is too long to keep its events ({len(session.events)} of them)")
    path = _path(journal, entry_id)
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
    except OSError as error:
        raise JournalError(f"cannot write {path}: {error.strerror}", "check the folder's permissions") from error
    write_atomic(path, zstandard.compress(data, _LEVEL))


def events_of(journal: Journal, entry_id: str) -> Session | None:
    """Return what is kept of an entry's session, None where nothing is; JournalError where it cannot be read."""
    path = _path(journal, entry_id)
    try:
        with open(path, "rb") as stream:
            return unpack(_lines(stream))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise JournalError(f"{path} cannot be read: {error.strerror}", "check its permissions") from error
    except ValueError as error:
        raise JournalError(f"{path} is damaged: {error}", "delete this file; the entry itself is not touched") from None


def kept_texts(journal: Journal) -> Iterator[tuple[str, str]]:
    """Yield name and text of every archive, "" for one that cannot be read."""
    folder = journal.cache("archive")
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return
    for name in names:
        try:
            with open(os.path.join(folder, name), "rb") as stream:
                yield f"archive/{name}", "\n".join(_lines(stream))
        except (OSError, ValueError):
            yield f"archive/{name}", ""


def is_kept(journal: Journal, entry_id: str) -> bool:
    """Tell whether anything is kept of an entry's session."""
    return os.path.exists(_path(journal, entry_id))


def drop(journal: Journal, entry_id: str) -> None:
    """Delete what is kept of an entry's session; that nothing is kept is no error."""
    remove_if_there(_path(journal, entry_id))


def _path(journal: Journal, entry_id: str) -> str:
    """Return where an entry's events are; an id that a person made up may be no file name."""
    name = entry_id if _PLAIN.fullmatch(entry_id) else hashlib.sha256(entry_id.encode("utf-8", "replace")).hexdigest()
    return journal.cache(os.path.join("archive", f"{name}.jsonl.zst"))


def _lines(stream: io.BufferedReader) -> Iterator[str]:
    """Yield an archive's lines; ValueError as soon as it unpacks to more than any archive does."""
    import zstandard

    try:
        with zstandard.ZstdDecompressor(max_window_size=_WINDOW).stream_reader(stream) as reader:
            bounded = io.BufferedReader(_Bounded(reader), 1 << 16)
            for line in bounded:
                yield line.decode("utf-8", "surrogatepass")
    except zstandard.ZstdError as error:
        raise ValueError(f"it cannot be unpacked ({error})") from None


class _Bounded(io.RawIOBase):
    """A stream that breaks off where it grows longer than any archive: some bytes can unpack to any number."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._left = stream, LONGEST

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]  # noqa: UP037
        part = self._stream.read(len(buffer)) or b""
        self._left -= len(part)
        if self._left < 0:
            raise ValueError(f"it unpacks to more than {LONGEST:,} bytes")
        buffer[: len(part)] = part
        return len(part)
