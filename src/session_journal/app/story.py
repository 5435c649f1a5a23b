"""Tell the log for people: what was recorded when, newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from session_journal.app.contents import deleted_names, read_files
from session_journal.core.chain import Record
from session_journal.core.fold import fold
from session_journal.store.guard import is_logged
from session_journal.store.journal import Journal
from session_journal.store.log import read_log

_WORDS = {
    "init": "began",
    "put": "recorded",
    "move": "renamed",
    "del": "deleted",
    "forget": "forgot",
    "ckpt": "checkpoint",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One record in words; path is "" where only the log still knows the file."""

    time: datetime
    what: str
    path: str
    record: str
    lane: str
    op: str


def tell(journal: Journal, limit: int = 0) -> list[Told]:
    """Return the log's records in words, newest first (at most `limit` of them, 0 for all)."""
    head = journal.repo.head()
    folded = fold(read_log(journal.repo, head))
    newest = sorted(folded.records.values(), key=lambda record: (record.l, record.w, record.s), reverse=True)
    chosen = newest[:limit] if limit else newest
    names = _names(journal, head, {record.e for record in chosen if record.e})
    first = _firsts(folded.records.values())
    return [_told(record, names, record.id in first) for record in chosen]


def _told(record: Record, names: dict[str, str], is_first: bool) -> Told:  # noqa: FBT001
    what = _WORDS[record.op]
    if record.op == "put" and not is_first:
        what = "recorded again"
    return Told(
        datetime.fromtimestamp(record.t, UTC).astimezone(),
        what,
        names.get(record.e, ""),
        record.id,
        record.w,
        record.op,
    )


def _firsts(records: Iterable[Record]) -> set[str]:
    seen: set[str] = set()
    first: set[str] = set()
    for record in records:
        if record.e and record.e not in seen:
            seen.add(record.e)
            first.add(record.id)
    return first


def _names(journal: Journal, head: str, entries: set[str]) -> dict[str, str]:
    tree = {path: where for path, where in journal.repo.tree(head, "journal").items() if is_logged(path)}
    names = {file.entry: file.path for file in read_files(journal.repo, tree) if file.entry}
    missing = entries - set(names)
    return {**(deleted_names(journal.repo, head, missing) if missing else {}), **names}
