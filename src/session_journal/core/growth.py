"""The log only grows: find the records that a commit's log has lost against the log of one of its parents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from session_journal.core.chain import Record, decode, encode, lane_file
from session_journal.core.records import record


@record(frozen=True, slots=True)
class Loss:
    """Records that a step took away.

    gone: missing in the newest log; impostors: missing, but they never were the log's; back: there again.
    """

    commit: str
    path: str
    gone: tuple[Record, ...]
    impostors: tuple[Record, ...]
    back: tuple[Record, ...]


@record(frozen=True, slots=True)
class Step:
    """What a commit did to one log file of one parent; an object id is "" where there is no plain file."""

    commit: str
    path: str
    old: str
    new: str
    merge: bool = False


class Growth:
    """How the log's files came to be what they are.

    steps: newest first; lengths: (path, object id) → length of a version that is a beginning of the newest file; files:
    the newest files; read: the bytes of another version, None where it is not here. unread: versions that are not here.
    """

    def __init__(
        self,
        steps: Sequence[Step],
        lengths: Mapping[tuple[str, str], int],
        files: Mapping[str, bytes],
        read: Callable[[str], bytes | None],
    ) -> None:
        self.steps, self.lengths, self.files, self.read = steps, lengths, files, read
        self.unread: set[str] = set()
        self._now: set[bytes] | None = None

    def losses(self) -> list[Loss]:
        """Return what the log has lost, newest first."""
        return [loss for step in self.steps if (loss := self._loss_of(step))]

    def is_impostor(self, record: Record) -> bool:
        """Tell whether a record only ever came by taking a place that another record had: it never was the log's.

        A genuine record came to an empty place once, in a commit that stays in the history. Merges don't count: what
        they bring was there before.
        """
        path, line = lane_file(record.w, record.s), encode(record)
        came = False
        for step in self.steps:
            if step.path != path or step.merge or line not in self._lines(path, step.new):
                continue
            before = self._lines(path, step.old)
            if line in before:
                continue
            if not any(one and (one.w, one.s) == (record.w, record.s) for one in map(_record, before)):
                return False
            came = True
        return came

    def _loss_of(self, step: Step) -> Loss | None:
        path = step.path
        before, after = self._length(path, step.old), self._length(path, step.new)
        if before is not None and after is not None:
            if before <= after:
                return None
            gone = _split(self.files[path][after:before])
        else:
            kept = set(self._lines(path, step.new))
            gone = [line for line in self._lines(path, step.old) if line not in kept]
        return self._loss(step.commit, path, gone)

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

    def _loss(self, commit: str, path: str, lines: Iterable[bytes]) -> Loss | None:
        """Count records alone: what was never one (a conflict marker, a torn line) is no loss."""
        pairs = [(record, line) for line in lines if (record := _record(line))]
        if not pairs:
            return None
        now = self._lines_now()
        missing = [record for record, line in pairs if line not in now]
        impostors = tuple(filter(self.is_impostor, missing))
        gone = tuple(record for record in missing if record not in impostors)
        return Loss(commit, path, gone, impostors, tuple(record for record, line in pairs if line in now))

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
