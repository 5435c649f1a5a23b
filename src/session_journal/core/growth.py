"""The log only grows: find the records that a commit's log has lost against the log of one of its parents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from session_journal.core.chain import Record, decode


@dataclass(frozen=True, slots=True)
class Loss:
    """Records that a step took away: `gone` from the newest log with their lines, or `back` in it."""

    commit: str
    path: str
    gone: tuple[tuple[Record, bytes], ...]
    back: tuple[Record, ...]


def find_losses(
    steps: Iterable[tuple[str, str, str, str]],
    lengths: Mapping[tuple[str, str], int],
    files: Mapping[str, bytes],
    read: Callable[[str], bytes | None],
) -> tuple[list[Loss], int]:
    """Return the losses, newest first, and how many versions could not be read.

    steps: (commit, path, old object id, new object id), "" where there is no file; lengths: (path, object id) → length
    of a version that is a beginning of the newest file; read: the bytes of another version, None where it is not here.
    """
    lossy = _Losses(lengths, files, read)
    losses = [loss for step in steps if (loss := lossy.of(*step))]
    return losses, len(lossy.unread)


def places_restored(losses: Iterable[Loss]) -> set[tuple[str, int]]:
    """Return (lane, seq) of the records that are back: whatever stood there in between was none of the log's."""
    return {(record.w, record.s) for loss in losses for record in loss.back}


class _Losses:
    def __init__(
        self,
        lengths: Mapping[tuple[str, str], int],
        files: Mapping[str, bytes],
        read: Callable[[str], bytes | None],
    ) -> None:
        self.lengths, self.files, self.read = lengths, files, read
        self.unread: set[str] = set()
        self._now: set[bytes] | None = None

    def of(self, commit: str, path: str, old: str, new: str) -> Loss | None:
        before, after = self._length(path, old), self._length(path, new)
        if before is not None and after is not None:
            if before <= after:
                return None
            gone = _split(self.files[path][after:before])
        else:
            kept = set(self._lines(path, new))
            gone = [line for line in self._lines(path, old) if line not in kept]
        return self._loss(commit, path, gone)

    def _length(self, path: str, oid: str) -> int | None:
        return self.lengths.get((path, oid)) if oid else 0

    def _lines(self, path: str, oid: str) -> list[bytes]:
        length = self._length(path, oid)
        if length is not None:
            return _split(self.files[path][:length]) if length else []
        data = self.read(oid)
        if data is None:
            self.unread.add(oid)
        return _split(data or b"")

    def _loss(self, commit: str, path: str, gone: Iterable[bytes]) -> Loss | None:
        """Count records alone: what was never one (a conflict marker, a torn line) is no loss."""
        pairs = [(record, line) for line in gone if (record := _record(line))]
        if not pairs:
            return None
        now = self._lines_now()
        back = tuple(record for record, line in pairs if line in now)
        return Loss(commit, path, tuple(pair for pair in pairs if pair[1] not in now), back)

    def _lines_now(self) -> set[bytes]:
        if self._now is None:
            self._now = {line for data in self.files.values() for line in _split(data)}
        return self._now


def _split(data: bytes) -> list[bytes]:
    """Split at line feeds alone: a line that ends in CRLF is another line."""
    return data.split(b"\n")


def _record(line: bytes) -> Record | None:
    try:
        return decode(line)
    except ValueError:
        return None
