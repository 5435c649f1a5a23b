"""What the search for patterns has worked out already, kept in the git directory: it can be deleted without harm."""

from __future__ import annotations

import os
import zlib
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from session_journal.core.patterns import Compared, Edges, Memory, Statement, statements
from session_journal.core.patterns.words import Terms
from session_journal.errors import JournalError
from session_journal.store.entries import Problem, load, read_entry
from session_journal.store.files import markdown_files, read_bytes, write_atomic
from session_journal.store.traces import GRANULARITY

_FORM = 2
_WORTH = 20
"""From so many files on that had to be read, what they say is kept."""


@dataclass(slots=True)
class Known:
    """What is known. files: path → (size, time of change, the entry's id, what it states)."""

    memory: Memory = field(default_factory=Memory)
    files: dict[str, list[Any]] = field(default_factory=dict)


def recall(place: str) -> Known:
    """Read what was kept; what is torn or of another form counts as none."""
    try:
        checked, _, text = (read_bytes(place) or b"").partition(b"\n")
    except (OSError, JournalError):
        return Known()
    if not text or checked != _check(text):
        return Known()
    import orjson

    told = orjson.loads(text)
    if told["form"] != _FORM:
        return Known()
    terms = {
        text: Terms(weights, frozenset(numbers), denies) for text, (weights, numbers, denies) in told["terms"].items()
    }
    compared = {
        part: Compared(chain, Edges(array("I", counts), array("I", others), array("d", alike)))
        for part, (chain, counts, others, alike) in told["compared"].items()
    }
    return Known(Memory(terms, compared=compared), told["files"])


def keep(place: str, known: Known) -> None:
    """Keep what is known, where that is more than before; a folder that can't be written keeps nothing."""
    memory = known.memory
    if not memory.changed:
        return
    import orjson

    told = {
        "form": _FORM,
        "files": known.files,
        "terms": {text: (one.weights, sorted(one.numbers), one.denies) for text, one in memory.read.items()},
        "compared": {
            part: (one.chain, one.edges.counts.tolist(), one.edges.others.tolist(), one.edges.alike.tolist())
            for part, one in memory.compared.items()
        },
    }
    try:
        text = orjson.dumps(told)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        write_atomic(place, _check(text) + b"\n" + text)
    except (JournalError, OSError, TypeError):  # TypeError: a text that is no Unicode
        return


def _check(text: bytes) -> bytes:
    return b"%08x" % zlib.crc32(text)


def clock(place: str) -> int:
    """Return a time that has certainly passed for whatever is written later, by the file system's clock; 0: unknown."""
    try:
        os.makedirs(os.path.dirname(place), exist_ok=True)
        write_atomic(f"{place}.now", b"")
        return os.stat(f"{place}.now").st_mtime_ns
    except (JournalError, OSError):
        return 0


def load_statements(root: str, known: Known, now: int) -> tuple[tuple[Statement, ...], list[Problem]]:
    """Return what all entries state, and a problem for each file that can't be one; files known are not read again.

    now: what `clock` says; a file that was changed right before it may change once more without a sign.
    """
    files: dict[str, list[Any]] = {}
    problems: list[Problem] = []
    fresh = 0
    for path in markdown_files(root, "sessions"):
        told = _recalled(root, path, known)
        if told is None:
            told = _read(root, path, problems)
            fresh += told is not None
        if told is not None:
            files[path] = told
    ids = [told[2] for told in files.values() if told[2]]
    if len(set(ids)) < len(ids):  # a copy of an entry: which one counts, git knows
        entries, problems = load(root)
        return statements(entries), problems
    known.files = {path: told for path, told in files.items() if told[1] + GRANULARITY < now}
    known.memory.changed |= fresh >= _WORTH
    found = (one for path, told in files.items() for one in _statements(path, told))
    return tuple(sorted(found, key=lambda one: (one.date, one.path))), sorted(problems, key=lambda one: one.path)


def _recalled(root: str, path: str, known: Known) -> list[Any] | None:
    """Return what is known of a file that is what it was: a change shows in its size or its time."""
    told = known.files.get(path)
    if told is None:
        return None
    try:
        status = os.lstat(os.path.join(root, path))
    except OSError:
        return None
    return told if (status.st_size, status.st_mtime_ns) == (told[0], told[1]) else None


def _read(root: str, path: str, problems: list[Problem]) -> list[Any] | None:
    try:
        status = os.lstat(os.path.join(root, path))
    except OSError:
        return None
    entry = read_entry(root, path)
    if entry is None:
        return None
    if isinstance(entry, Problem):
        problems.append(entry)
        return None
    return [status.st_size, status.st_mtime_ns, entry.id, _told(statements([entry]))]


def _told(found: Sequence[Statement]) -> list[Any]:
    """Put an entry's statements into lists: what they share, then what each says."""
    if not found:
        return []
    one = found[0]
    shared = [one.entry, one.session, one.date.isoformat(), one.project, one.title, one.reviewed]
    return [shared, [[each.kind, each.text, list(each.turns)] for each in found]]


def _statements(path: str, told: Sequence[Any]) -> Iterable[Statement]:
    if not told[3]:
        return
    (entry, session, day, project, title, reviewed), items = told[3]
    on = date.fromisoformat(day)
    for kind, text, turns in items:
        yield Statement(entry, path, session, on, project, kind, text, title, tuple(turns), reviewed)
