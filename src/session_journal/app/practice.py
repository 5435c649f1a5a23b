"""Practice on disk: what the sessions of a journal did that its open gaps are about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from session_journal.app.open_ends import MOST_ASKED, find_ends, marks_in
from session_journal.app.ticking import carry_out, plan_mark
from session_journal.core.concepts import concept_of
from session_journal.core.entry import Entry
from session_journal.core.mentions import Mention
from session_journal.core.open_ends import End
from session_journal.core.practice import practise
from session_journal.errors import JournalError
from session_journal.store.entries import ITEMS, load, read_entry
from session_journal.store.files import read_bytes
from session_journal.store.history import day_of, steps_of
from session_journal.store.journal import Journal

if TYPE_CHECKING:
    from session_journal.store.index import Index

_FEW = 12
"""So many gaps at most are looked up for who waits, in so many sessions."""
_MOST_READ = 100


def find_practice(journal: Journal, ends: Sequence[End], entries: Sequence[Entry] | None = None) -> tuple[End, ...]:
    """Return the ends, open gaps with what later sessions did of them.

    entries: all of the journal, where the caller has read them. What was done before a person emptied a gap's box
    again does not count: the history tells the day.
    """
    if not any(end.kind == "gap" and end.is_open for end in ends):
        return tuple(ends)
    told = load(journal.root, journal.cache(ITEMS))[0] if entries is None else entries
    found = practise(ends, told)
    opened = _opened_again(journal, [end for end in found if end.practice][:MOST_ASKED])
    return practise(ends, told, opened) if opened else found


def find_practice_of(journal: Journal, opened: Index, ends: Sequence[End]) -> tuple[End, ...]:
    """Return the ends, the newest open gaps with what later sessions did of them; an agent waits for it.

    Only sessions that the index says name one of them are read, the newest of many.
    """
    gaps = sorted((end for end in ends if end.kind == "gap" and end.is_open), key=lambda end: end.newest.order)[-_FEW:]
    asked = [(concept.keys, end.mentions[0].date.isoformat()) for end in gaps if (concept := concept_of(end.text))]
    if not asked:
        return tuple(ends)
    paths = {path for keys, since in asked for path in opened.naming(keys, since)}
    newest = sorted(paths, key=lambda path: path.rpartition("/")[2])[-_MOST_READ:]
    read = [read_entry(journal.root, path) for path in newest]
    return find_practice(journal, ends, [one for one in read if isinstance(one, Entry)])


def deny(journal: Journal, end: End, now: datetime) -> None:
    """Open a gap again whose box is empty while what was done says otherwise: ticked and emptied, each in a commit.

    JournalError where no commit can be made now: the history is what remembers it.
    """
    waiting = carry_out(journal, plan_mark(journal, end, "x"), now)
    ticked = next(one for one in find_ends(journal) if one.id == end.id)
    carry_out(journal, plan_mark(journal, ticked, " "), now)
    if waiting:
        raise JournalError(f"it stays as it was: {waiting}", "journal gaps reopen, when that is over")


def _opened_again(journal: Journal, gaps: Sequence[End]) -> dict[str, date]:
    """Return the day on which each gap was opened again by a box that was ticked before, as far as one was."""
    first = min((deed.date for end in gaps if end.practice for deed in end.practice.deeds), default=None)
    head = journal.repo.head()
    if first is None or not head:
        return {}
    lines = [(end.id, one) for end in gaps for one in end.mentions if one.path.startswith("journal/sessions/")]
    paths = sorted({one.path for _, one in lines})
    steps = steps_of(journal.repo, head, first.isoformat(), *(f":(literal){path}" for path in paths))
    kept = journal.repo.blobs([oid for step in steps for oid in (step.old, step.new) if oid])
    unsaved = _unsaved(journal, paths)
    found: dict[str, date] = {}
    for name, line in lines:
        own = [step for step in steps if step.path == line.path and step.old in kept and step.new in kept]
        step = next((one for one in own if not one.merge and _is_emptied(kept[one.old], kept[one.new], line)), None)
        days = [date.fromisoformat(day_of(journal.repo, step.commit))] if step else []
        days += [date.max] if line.path in unsaved and _is_emptied(*unsaved[line.path], line) else []
        found |= {name: max(days + ([found[name]] if name in found else []))} if days else {}
    return found


def _unsaved(journal: Journal, paths: Sequence[str]) -> dict[str, tuple[bytes, bytes]]:
    """Return what files were and are that have changed since they were committed."""
    names = {path: f"HEAD:{path}" for path in paths if "\n" not in path}
    objects = journal.repo.objects_named(list(names.values()))
    kept = journal.repo.blobs(list(objects.values()))
    both = {path: (kept.get(objects.get(name, "")), read_bytes(journal.path(path))) for path, name in names.items()}
    return {path: (old, new) for path, (old, new) in both.items() if old and new and old != new}


def _is_emptied(old: bytes, new: bytes, line: Mention) -> bool:
    """Tell whether a line says of a gap that less of it is done than it said before."""
    before, after = marks_in(old, line), marks_in(new, line)
    return bool(before and after) and max(map(_rank, before)) > max(map(_rank, after))


def _rank(mark: str) -> int:
    return " /x".index(mark or " ")
