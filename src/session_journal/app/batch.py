"""New entries of one capture on their way into the journal: several in one commit, each whole or not at all."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from session_journal.app.captured import Memories, Memory
from session_journal.app.new import free_path, subject
from session_journal.app.outcome import Outcome
from session_journal.core.records import record
from session_journal.errors import (
    ConflictError,
    DocumentError,
    JournalError,
    NotFoundError,
    SecretError,
    TranscriptError,
)
from session_journal.store.journal import Change, Journal, Published
from session_journal.store.lock import Lock

SIZE = 64
"""How many entries wait at most: what an interrupt loses is drafted again by the next run."""
_MOST_EVENTS = 8_000_000
"""How many bytes of events wait at most: they are held in memory."""

ONE_FILE = (ConflictError, DocumentError, NotFoundError, SecretError, TranscriptError)
"""Errors that stay with one session; any other would be met by all."""


@record(frozen=True, slots=True)
class Addition:
    """An entry that is not stored yet.

    place: of its outcome in the run; goals_of: the project whose goals it took; events: what its commit holds, too.
    """

    place: int
    outcome: Outcome
    data: bytes
    day: date
    memories: tuple[Memory, ...]
    goals_of: str = ""
    events: tuple[Change, ...] = ()

    @property
    def source(self) -> str:
        """Return what its entry calls its session."""
        return self.memories[0].source


class Batch:
    """Additions that wait for their commit; `publish` stores them and says what became of each.

    most: how many wait; one where each took long or cost something, so that an interrupt loses none.
    """

    def __init__(
        self, journal: Journal, memories: Memories, publish: Callable[[list[Change], str], Published], most: int = SIZE
    ) -> None:
        self._journal, self._memories, self._publish, self._most = journal, memories, publish, most
        self._waiting: list[Addition] = []

    def __contains__(self, source: str) -> bool:
        return any(one.source == source for one in self._waiting)

    def is_full(self) -> bool:
        """Tell whether it is time for a commit: goals that were taken must not be taken twice."""
        events = sum(len(event.data or b"") for one in self._waiting for event in one.events)
        full = len(self._waiting) >= self._most or events >= _MOST_EVENTS
        return full or any(one.goals_of for one in self._waiting)

    def add(self, addition: Addition) -> None:
        """Let an entry wait for the next commit; from now on its session counts as captured."""
        self._waiting.append(addition)
        for memory in addition.memories:
            self._memories.know(memory)

    def publish(self) -> list[tuple[Addition, Outcome]]:
        """Store what waits; return each with its outcome."""
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return []
        with Lock(self._journal.cache("writing.lock")):
            return list(self._store(waiting))

    def _store(self, waiting: list[Addition]) -> Iterator[tuple[Addition, Outcome]]:
        ready: list[Addition] = []
        taken: set[str] = set()
        for one in waiting:
            if self._memories.appeared(one.source):
                yield one, replace(one.outcome, action="known", path="", why="another capture has just added it")
                continue
            path = one.outcome.path
            if path in taken or os.path.lexists(self._journal.path(path)):
                path = free_path(self._journal, one.day, one.outcome.title, taken)
            taken.add(path)
            ready.append(replace(one, outcome=replace(one.outcome, path=path)))
        if ready:
            yield from self._commit(ready)

    def _commit(self, ready: list[Addition]) -> Iterator[tuple[Addition, Outcome]]:
        """Store entries in one commit; where one of them cannot be stored, each in its own."""
        try:
            changes = [change for one in ready for change in (Change(one.outcome.path, one.data), *one.events)]
            published = self._publish(changes, _message(ready))
        except ONE_FILE as error:
            if len(ready) > 1:
                for one in ready:
                    yield from self._commit([one])
                return
            self._memories.forget(ready[0].source)
            yield ready[0], replace(ready[0].outcome, action="failed", path="", why=error.message)
            return
        except (JournalError, OSError):
            for one in ready:
                self._memories.forget(one.source)
            raise
        for one in ready:
            for memory in one.memories:
                self._memories.keep(memory)
            yield one, replace(one.outcome, waiting=published.waiting)


def _message(ready: list[Addition]) -> str:
    if len(ready) == 1:
        return subject(ready[0].outcome.title)
    titles = "\n".join(f"- {one.outcome.title}" for one in ready)
    return f"entries: {len(ready)} from {ready[0].outcome.agent}\n\n{titles}"


def sha256(data: bytes) -> str:
    """Return the hex digest by which capture knows an entry that it left."""
    return hashlib.sha256(data).hexdigest()
