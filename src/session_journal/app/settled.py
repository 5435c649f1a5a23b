"""Transcripts that need not be read again: unchanged since a run in which nothing of them was left to do.

Losing it loses no truth; the next run reads them.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, cast

from session_journal import __version__
from session_journal.app.outcome import Action, Outcome
from session_journal.app.sources import parts
from session_journal.errors import JournalError
from session_journal.store.files import read_bytes, write_atomic
from session_journal.store.journal import Journal

Stamp = list[Any]
_AFTER: dict[str, Action] = {"added": "known", "updated": "known"}
_DONE = frozenset({"known", "beginning", "discarded", "trivial", "older"})


def stamp_of(path: str) -> Stamp:
    """Return by what a transcript and its further files are known to be unchanged; [] where they cannot be asked."""
    try:
        files = [path, *(part for _, part in parts(path))]
        # A database that is in use keeps what is new beside itself.
        found = [os.stat(one) for one in (*files, f"{path}-wal") if one in files or os.path.exists(one)]
    except OSError:
        return []
    return [[__version__], *([one.st_size, one.st_mtime_ns] for one in found)]


class Settled:
    """What is remembered of the transcripts of earlier runs."""

    def __init__(self, journal: Journal) -> None:
        self._folder = journal.cache("transcripts")

    def of(self, path: str, stamp: Stamp, since: date | None, is_there: Callable[[str], bool]) -> list[Outcome] | None:
        """Return what became of the sessions of an unchanged transcript; None where it has to be read.

        is_there: tells whether the journal has the entry of a source.
        """
        try:
            kept = json.loads(read_bytes(self._path(path)) or b"")
            rows = [_outcome(path, row) for row in kept["rows"]] if stamp and kept["stamp"] == stamp else None
        except (JournalError, ValueError, KeyError, TypeError):
            return None  # torn or foreign: as if it were not remembered
        return rows if rows is not None and all(_holds(row, since, is_there) for row in rows) else None

    def keep(self, path: str, stamp: Stamp, outcomes: Sequence[Outcome]) -> None:
        """Remember a transcript where nothing of it is left to do."""
        rows = [_row(one) for one in outcomes]
        if not stamp or not rows or any(row[0] not in _DONE for row in rows) or any(one.waiting for one in outcomes):
            return
        os.makedirs(self._folder, exist_ok=True)
        write_atomic(self._path(path), json.dumps({"stamp": stamp, "rows": rows}).encode())

    def _path(self, path: str) -> str:
        name = hashlib.sha256(os.path.abspath(path).encode("utf-8", "surrogateescape")).hexdigest()[:24]
        return os.path.join(self._folder, f"{name}.json")


def _row(one: Outcome) -> list[str]:
    action = _AFTER.get(one.action, one.action)
    return [action, one.source, one.agent, one.project, one.day, one.last, one.title, one.path]


def _outcome(name: str, row: list[str]) -> Outcome:
    action, source, agent, project, day, last, title, path = row
    return Outcome(
        name,
        cast("Action", action),
        path,
        title,
        agent=agent,
        project=project,
        day=day,
        last=last,
        source=source,
        again=True,
    )


def _holds(row: Outcome, since: date | None, is_there: Callable[[str], bool]) -> bool:
    """Tell whether what became of a session then is what would become of it now."""
    is_older = bool(since and row.last and row.last < since.isoformat())
    if is_older != (row.action == "older"):
        return False
    return is_there(row.source) if row.action in {"known", "beginning"} else True
