"""Sessions into entries, no questions asked: each once, the longer of two, and never over what a person wrote."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal

from session_journal.app.captured import Memories, Memory, marks_of
from session_journal.app.draft import (
    Clock,
    compose_draft,
    count_turns,
    day_of,
    find_project,
    make_draft,
    read_sessions,
    source_of,
)
from session_journal.app.new import free_path, subject
from session_journal.app.project import find_place, is_inside, lies_in_project
from session_journal.app.redaction import make_redactor
from session_journal.app.start import forget_goals, goals_for
from session_journal.core.drafting import Draft
from session_journal.core.entry import Entry, read
from session_journal.core.events import Session
from session_journal.core.redact import redact
from session_journal.errors import (
    ConflictError,
    DocumentError,
    JournalError,
    NotFoundError,
    SecretError,
    TranscriptError,
)
from session_journal.store.entries import load
from session_journal.store.files import read_bytes
from session_journal.store.journal import Change, Journal
from session_journal.store.lock import Lock

Action = Literal[
    "added", "updated",
    "known", "beginning", "edited", "discarded", "trivial",  # it is (or need not be) in the journal
    "older", "elsewhere",  # the filters leave it out
    "failed",
]  # fmt: skip
Relation = Literal["same", "shorter", "longer", "other"]
_KEPT = ("id", "created", "goals")
_ONE_FILE = (ConflictError, DocumentError, NotFoundError, SecretError, TranscriptError)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which sessions are captured. trivial: also those in which nothing happened; title, named: title and
    project instead of those found.
    """

    since: date | None = None
    project: str = ""
    aliases: Mapping[str, str] = field(default_factory=dict)
    trivial: bool = False
    title: str = ""
    named: str = ""
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one session, or of a file that could not be read."""

    name: str
    action: Action
    path: str = ""
    title: str = ""
    why: str = ""
    waiting: str = ""
    redacted: Mapping[str, int] = field(default_factory=dict)


class Capture:
    """One run: what the journal has, what is remembered, and what is wanted."""

    def __init__(self, journal: Journal, clock: Clock, wanted: Wanted) -> None:
        self._journal, self._clock, self._wanted = journal, clock, wanted
        entries, self.problems = load(journal.root)
        self._entries = {entry.id: entry for entry in entries}
        self._memories = Memories(journal, dry_run=wanted.dry_run)
        self._added = 0
        self._here = lies_in_project(journal.root)
        self._redactor = make_redactor(journal.env, journal.allowed, touch=not wanted.dry_run)

    def take_file(self, path: str) -> list[Outcome]:
        """Capture every session of a transcript file; what is wrong with one file stays with it."""
        outcomes: list[Outcome] = []
        sessions = read_sessions(path)
        while True:
            try:
                session = next(sessions, None)
            except JournalError as error:
                return [*outcomes, _failed(path, error.message)]
            except Exception as error:  # noqa: BLE001 - one file must not stop the others, whatever is in it
                return [*outcomes, _failed(path, f"{path} cannot be read ({type(error).__name__})")]
            if session is None:
                return outcomes
            outcomes.append(self.take(session, path))

    def take(self, session: Session, name: str) -> Outcome:
        """Capture one session."""
        try:
            left_out = self._leave_out(session)
            return Outcome(name, left_out) if left_out else self._place(session, name)
        except _ONE_FILE as error:
            return _failed(name, error.message)
        except (JournalError, OSError):
            raise  # the journal itself or the disk: every other session would meet it, too
        except Exception as error:  # noqa: BLE001 - one session must not stop the others, whatever is in it
            return _failed(name, f"{name} cannot be drafted ({type(error).__name__})")

    def _leave_out(self, session: Session) -> Action | None:
        moment = session.ended or session.started
        if self._wanted.since and moment and moment.astimezone(self._clock.zone).date() < self._wanted.since:
            return "older"
        if self._here and not self._in_this_repository(session.cwd):
            return "elsewhere"
        if self._wanted.project:
            project = find_project(session, self._wanted.aliases)
            return None if project.casefold() == self._wanted.project.casefold() else "elsewhere"
        return None

    def _in_this_repository(self, cwd: str) -> bool:
        if not cwd:
            return False
        place = find_place(cwd) if os.path.isdir(cwd) else None
        if place is None:
            return is_inside(cwd, self._journal.root)
        return os.path.realpath(place.common_dir) == os.path.realpath(self._journal.repo.common_dir)

    def _place(self, session: Session, name: str) -> Outcome:
        marks = marks_of(session)
        entry, gone = self._find(session, marks)
        if entry is None:
            return self._without_entry(session, marks, name, gone)
        relation = self._relate(session, marks, entry)
        if relation in {"same", "shorter"}:
            return Outcome(name, "known" if relation == "same" else "beginning", entry.path, entry.title)
        if relation == "other":
            return self._add(session, marks, name)
        old = self._left_alone(entry)
        if old is None:
            why = "it is final" if entry.status == "final" else "it may have been edited here"
            return Outcome(name, "edited", entry.path, entry.title, why)
        return self._update(session, marks, Outcome(name, "updated", entry.path), entry, old)

    def _without_entry(self, session: Session, marks: frozenset[str], name: str, gone: Memory | None) -> Outcome:
        if gone is not None and marks <= gone.marks:
            return Outcome(name, "discarded", why="its entry was deleted")
        return self._add(session, marks, name)

    def _find(self, session: Session, marks: frozenset[str]) -> tuple[Entry | None, Memory | None]:
        """Return the entry that this session belongs to, or what is remembered of one that is gone."""
        source = source_of(session)
        named = next((entry for entry in self._entries.values() if entry.source == source), None)
        if named is not None:
            return named, None
        memory = self._memories.of(source) or self._memories.contains(marks) or self._memories.continued_by(marks)
        if memory is None:
            return None, None
        entry = self._entries.get(memory.entry)
        return entry, None if entry else memory

    def _relate(self, session: Session, marks: frozenset[str], entry: Entry) -> Relation:
        """Compare a session with the one its entry was drafted from, by their messages or else by length."""
        memory = self._memories.of(entry.source)
        if memory and memory.marks and marks:
            if marks <= memory.marks:
                return "same" if marks == memory.marks else "shorter"
            if marks > memory.marks:
                return "longer"
        if entry.source != source_of(session):
            return "other"
        if entry.fields.get("source_sha256") == session.sha256:
            return "same"
        turns = entry.fields.get("turns")
        before, after = turns if isinstance(turns, int) else 0, count_turns(session)
        return "longer" if after > before else "same" if after == before else "shorter"

    def _left_alone(self, entry: Entry) -> bytes | None:
        """Return an entry's bytes if it is still the draft that capture left; None where that is in doubt."""
        memory = self._memories.of(entry.source)
        data = read_bytes(self._journal.path(entry.path))
        same = memory and data and entry.status == "draft" and _sha256(data) == memory.data_sha256
        return data if same else None

    def _draft(self, session: Session) -> tuple[Draft, str]:
        project = find_project(session, self._wanted.aliases)
        goals = goals_for(self._journal, project, session.started, session.ended)
        made = make_draft(session, self._clock, goals, self._wanted.aliases, self._redactor)
        given = {"title": self._wanted.title, "project": self._wanted.named}
        made = replace(made, fields={**made.fields, **{key: value for key, value in given.items() if value}})
        return made, project if goals else ""

    def _add(self, session: Session, marks: frozenset[str], name: str) -> Outcome:
        made, goals_of = self._draft(session)
        title = str(made.fields.get("title", ""))
        if made.trivial and not self._wanted.trivial:
            return Outcome(name, "trivial", title=title)
        # Entries of one run would all be made at the same moment; a microsecond apart they keep their order.
        now = self._clock.now + timedelta(microseconds=self._added)
        data = compose_draft(made, now, self._journal.root)
        with Lock(self._journal.cache("writing.lock")):
            if self._memories.appeared(source_of(session)):
                return Outcome(name, "known", title=title, why="another capture has just added it")
            path = self._free_path(day_of(made, self._clock.now), title)
            outcome = self._publish(Change(path, data), Outcome(name, "added", path, title, redacted=made.report))
            self._remember(session, marks, path, data)
        self._added += 1
        if goals_of and not self._wanted.dry_run:
            forget_goals(self._journal, goals_of)
        return outcome

    def _free_path(self, day: date, title: str) -> str:
        taken = {entry.path for entry in self._entries.values()}  # in a dry run they are not on disk
        return free_path(self._journal, day, title, taken)

    def _update(self, session: Session, marks: frozenset[str], begun: Outcome, entry: Entry, old: bytes) -> Outcome:
        made, _ = self._draft(session)
        title = str(made.fields.get("title", ""))
        kept = {key: value for key, value in entry.fields.items() if key in _KEPT}
        data = compose_draft(made, self._clock.now, self._journal.root, kept)
        with Lock(self._journal.cache("writing.lock")):
            if read_bytes(self._journal.path(entry.path)) != old:
                return replace(begun, action="edited", title=entry.title, why="it was edited just now")
            outcome = self._publish(Change(entry.path, data, old), replace(begun, title=title, redacted=made.report))
            self._remember(session, marks, entry.path, data)
        return outcome

    def _publish(self, change: Change, outcome: Outcome) -> Outcome:
        if self._wanted.dry_run:
            return outcome
        published = self._journal.publish([change], subject(outcome.title), self._clock.now)
        return replace(outcome, waiting=published.waiting)

    def _remember(self, session: Session, marks: frozenset[str], path: str, data: bytes) -> None:
        entry = read(data, path)
        self._entries[entry.id] = entry
        for source in {source_of(session), entry.source}:
            self._memories.keep(Memory(source, entry.id, _sha256(data), marks))


def capture(journal: Journal, files: Sequence[str], clock: Clock, wanted: Wanted) -> list[Outcome]:
    """Capture transcript files in one go."""
    run = Capture(journal, clock, wanted)
    return [outcome for path in files for outcome in run.take_file(path)]


def _failed(name: str, why: str) -> Outcome:
    """Return the outcome of what failed; a file's name can hold a secret, too."""
    return Outcome(redact(name)[0], "failed", why=redact(why)[0])


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
