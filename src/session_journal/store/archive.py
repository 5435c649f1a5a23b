"""The event archive: what happened in each session, redacted and compact; deleting it loses no truth.

One zstd file of JSON lines for each entry, in the git directory, which nothing commits or pushes. It is named by the
entry's id, so it holds just the events whose turns that entry names as evidence. Where the user wants it, the same
events are a page of the journal, too (see core/archive_pages.py).
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from typing import BinaryIO

from session_journal.core.archive_pages import archive_path, file_stem, is_as_made, lines_of, make_page
from session_journal.core.events import Session
from session_journal.core.packing import compact, pack, unpack
from session_journal.errors import JournalError
from session_journal.store.files import is_plain, read_bytes, remove_if_there, write_atomic
from session_journal.store.guard import check
from session_journal.store.journal import Change, Journal

LONGEST = 48_000_000
"""How many bytes an archive may unpack to: what is longer was not written by `keep`, or would not fit in memory."""

LONGEST_PAGE = 8_000_000
"""How many bytes a page of events may have: every clone of the journal carries all of its versions for ever."""

_SHARES = (1.0, 0.2, 0.05)
"""How much of the usual length texts keep, tried in turn until the session fits."""

_LEVEL = 9
_WINDOW = 8 * 1024 * 1024


def keep(journal: Journal, entry_id: str, session: Session) -> None:
    """Keep the events of an entry's session, redacted already, instead of what was kept for it before.

    JournalError where they cannot be written.
    """
    import zstandard

    data = _packed(session, LONGEST).encode("utf-8", "surrogatepass")
    path = _path(journal, entry_id)
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
    except OSError as error:
        raise JournalError(f"cannot write {path}: {error.strerror}", "check the folder's permissions") from error
    write_atomic(path, zstandard.compress(data, _LEVEL))


def _packed(session: Session, most: int) -> str:
    """Return a session's lines with its texts clipped until they fit; JournalError where they do not."""
    for share in _SHARES:
        lines = "".join(f"{line}\n" for line in pack(compact(session, share)))
        if len(lines.encode("utf-8", "surrogatepass")) <= most:
            return lines
    raise JournalError(f"the session is too long to keep its events ({len(session.events)} of them)")


def page_change(journal: Journal, entry_id: str, session: Session) -> Change:
    """Return the change that lets the entry's page of events tell this session, redacted already.

    JournalError where that must not be: something in it still looks like a secret, or a person has changed the page
    that is there.
    """
    path = archive_path(entry_id)
    data, there = make_page(entry_id, _packed(session, LONGEST_PAGE)), read_bytes(journal.path(path))
    if there is not None and not is_as_made(there):
        raise JournalError(f"{path} was changed by hand and stays as it is")
    check(journal.root, path, data, journal.allowed)
    return Change(path, data, there)


def page_removal(journal: Journal, entry_id: str) -> list[Change]:
    """Return the change that takes the entry's page of events away, none where there is no such page."""
    path = archive_path(entry_id)
    there = read_bytes(journal.path(path)) if is_plain(journal.path(path)) else None
    return [] if there is None else [Change(path, None, there)]


def events_of(journal: Journal, entry_id: str) -> Session | None:
    """Return what is kept of an entry's session, on this machine or else in the journal, None where nothing is.

    JournalError where it cannot be read.
    """
    path = _path(journal, entry_id)
    try:
        with open(path, "rb") as stream:
            return unpack(_lines(stream))
    except (FileNotFoundError, NotADirectoryError):
        return _on_page(journal, entry_id)
    except OSError as error:
        raise JournalError(f"{path} cannot be read: {error.strerror}", "check its permissions") from error
    except ValueError as error:
        raise JournalError(f"{path} is damaged: {error}", "delete this file; the entry itself is not touched") from None


def _on_page(journal: Journal, entry_id: str) -> Session | None:
    path = journal.path(archive_path(entry_id))
    if not is_plain(path):
        return None
    try:
        if os.path.getsize(path) > LONGEST:
            raise ValueError(f"it has more than {LONGEST:,} bytes")  # noqa: TRY301 - one message for all that is wrong
        return unpack(lines_of(read_bytes(path) or b""))
    except (OSError, ValueError) as error:
        raise JournalError(
            f"{archive_path(entry_id)} is damaged: {error}", "journal log --diff; the entry itself is not touched"
        ) from None


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
    """Tell whether anything is kept of an entry's session on this machine."""
    return os.path.exists(_path(journal, entry_id))


def drop(journal: Journal, entry_id: str) -> None:
    """Delete what is kept of an entry's session on this machine; that nothing is kept is no error."""
    remove_if_there(_path(journal, entry_id))


def _path(journal: Journal, entry_id: str) -> str:
    """Return where an entry's events are on this machine."""
    return journal.cache(os.path.join("archive", f"{file_stem(entry_id)}.jsonl.zst"))


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
