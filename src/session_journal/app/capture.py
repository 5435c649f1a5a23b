"""Sessions into entries, no questions asked: each once, the longer of two, and never over what a person wrote."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from session_journal.app.archiving import Archivist
from session_journal.app.batch import ONE_FILE, SIZE, Addition, Batch, sha256
from session_journal.app.captured import (
    Memories,
    Memory,
    Relation,
    compare_sizes,
    given,
    is_as_drafted,
    marks_of,
    renamed,
    size_of,
    was_all,
    with_given,
)
from session_journal.app.draft import (
    Clock,
    compose_draft,
    day_of,
    draft_hidden,
    find_project,
    hide,
    made_at,
    read_sessions,
    source_of,
)
from session_journal.app.new import add_counts, free_path, subject
from session_journal.app.offers import make_offer, read_offer
from session_journal.app.outcome import Action, Outcome, Wanted
from session_journal.app.project import is_of_repository, lies_in_project
from session_journal.app.redaction import make_redactor
from session_journal.app.settled import Settled, stamp_of
from session_journal.app.start import forget_goals, given_goals, goals_for
from session_journal.core.drafting import Draft, Retell
from session_journal.core.entry import Entry, read
from session_journal.core.events import Session
from session_journal.core.folders import is_archive
from session_journal.core.insights.story import is_trivial, name
from session_journal.core.own_calls import is_own_call
from session_journal.errors import JournalError
from session_journal.store.archive import drop, is_kept
from session_journal.store.entries import load
from session_journal.store.files import read_bytes
from session_journal.store.journal import Change, Journal, Published
from session_journal.store.lock import Lock


class Capture:
    """One run. seen, stored: how many sessions were looked at and published, also while a file is read; others: the
    projects that were not wanted; taken: what was taken for secrets, as the Redactor has it. retell: what tells the
    stories of sessions instead of the offline draft.
    """

    def __init__(self, journal: Journal, clock: Clock, wanted: Wanted, retell: Retell | None = None) -> None:
        self._journal, self._clock, self._wanted, self._retell = journal, clock, wanted, retell
        entries, self.problems = load(journal.root)
        self._entries = {entry.id: entry for entry in entries}
        self._memories = Memories(journal, dry_run=wanted.dry_run)
        self._settled = Settled(journal)
        self._batch = Batch(journal, self._memories, self._publish, most=1 if retell else SIZE)
        self._outcomes: list[Outcome] = []
        self._hidden: tuple[Session, Session, dict[str, int]] | None = None
        self._projects: dict[str, str] = {}
        self.archivist = Archivist(journal, dry_run=wanted.dry_run)
        self.seen = self.stored = self._added = 0
        self.others: set[str] = set()
        self._here = lies_in_project(journal.root)
        self._redactor = make_redactor(journal.env, journal.allowed, touch=not wanted.dry_run)
        self.taken = self._redactor.taken

    def take_file(self, path: str) -> list[Outcome]:
        """Capture every session of a transcript file; what is wrong with one file stays with it."""
        stamp = stamp_of(path)
        plain = not (self._wanted.agent or self._wanted.project or self._wanted.trivial or self._here)
        settled = self._settled.of(path, stamp, self._wanted.since, self._is_there) if plain else None
        if settled is not None:
            self.seen += len(settled)
            return self._showable(settled)
        outcomes = self._read_file(path)
        if not self._wanted.dry_run:
            self._settled.keep(path, stamp, outcomes)
        return self._showable(outcomes)

    def _showable(self, outcomes: list[Outcome]) -> list[Outcome]:
        """Return outcomes without what a file's name can hold: anything."""
        hide = self._redactor.redact
        return [replace(one, name=hide(one.name), why=hide(one.why)) for one in outcomes]

    def _is_there(self, source: str) -> bool:
        """Tell whether a session has its entry, and its events are kept, too."""
        return any(entry.source == source and is_kept(self._journal, entry.id) for entry in self._entries.values())

    def _read_file(self, path: str) -> list[Outcome]:
        self._outcomes = []
        sessions = read_sessions(path)
        while True:
            try:
                session = next(sessions, None)
            except JournalError as error:
                self._outcomes.append(Outcome(path, "failed", why=error.message))
                break
            except Exception as error:  # noqa: BLE001 - one file must not stop the others, whatever is in it
                why = f"{path} cannot be read ({type(error).__name__})"
                self._outcomes.append(Outcome(path, "failed", why=why))
                break
            if session is None:
                break
            self._outcomes.append(self._take(session, path))
            self.seen += 1
            if self._batch.is_full():
                self._flush()
        return self._flush()

    def take(self, session: Session, name: str) -> Outcome:
        """Capture one session."""
        self._outcomes = []
        self._outcomes.append(self._take(session, name))
        return self._showable(self._flush())[0]

    def _take(self, session: Session, name: str) -> Outcome:
        """Decide about one session; a new entry waits for the next commit."""
        try:
            session = replace(session, id=self._redactor.name(session.id))
            outcome = self._describe(session, name)
            left_out = self._leave_out(session)
            return replace(outcome, action=left_out) if left_out else self._place(session, outcome)
        except ONE_FILE as error:
            why = error.message
        except (JournalError, OSError):
            raise  # the journal itself or the disk: every other session would meet it, too
        except Exception as error:  # noqa: BLE001 - one session must not stop the others, whatever is in it
            why = f"{name} cannot be drafted ({type(error).__name__})"
        return Outcome(name, "failed", why=why, agent=session.agent)

    def _describe(self, session: Session, name: str) -> Outcome:
        day, last = self._day(session.started or session.ended), self._day(session.ended or session.started)
        source, left_out = source_of(session), session.left_out
        return Outcome(name, "known", agent=session.agent, day=day, last=last, source=source, left_out=left_out)

    def _flush(self) -> list[Outcome]:
        """Store what waits, and put down what became of it."""
        for one, outcome in self._batch.publish():
            self._outcomes[one.place] = outcome
            if outcome.action != "added":
                self._entries.pop(one.memories[0].entry, None)
                drop(self._journal, one.memories[0].entry)
            elif one.goals_of and not self._wanted.dry_run:
                forget_goals(self._journal, one.goals_of)
        return self._outcomes

    def _leave_out(self, session: Session) -> Action | None:
        if is_own_call(session) and not self._wanted.trivial:
            return "trivial"  # no work of the user's; whoever asks for it by name gets it
        moment = session.ended or session.started
        if self._wanted.since and moment and moment.astimezone(self._clock.zone).date() < self._wanted.since:
            return "older"
        if self._wanted.agent not in {"", session.agent}:
            return "elsewhere"
        if self._here and not is_of_repository(session.cwd, self._journal.repo.common_dir, self._journal.root):
            return "elsewhere"
        if self._wanted.project and self._project(session).casefold() != self._wanted.project.casefold():
            self.others.add(self._redactor.redact(self._project(session)))
            return "elsewhere"
        return None

    def _project(self, session: Session) -> str:
        """Name a session's project; a folder is looked at once in a run."""
        if session.cwd not in self._projects:
            self._projects[session.cwd] = find_project(session, self._wanted.aliases)
        return self._projects[session.cwd]

    def _place(self, session: Session, outcome: Outcome) -> Outcome:
        marks = marks_of(session)
        outcome = replace(outcome, project=self._redactor.redact(self._project(session)))
        entry, gone = self._find(session, marks)
        offer = read_offer(self._journal, gone.entry) if gone else None
        if entry is None and gone and not self._wanted.trivial and was_all(session, marks, gone, offer):
            return replace(outcome, action="discarded", why="its entry was deleted")
        relation = self._relate(session, marks, entry) if entry else "other"
        if entry is None or relation == "other":
            taken = entry is not None and entry.source == outcome.source
            if not taken:
                return self._add(session, marks, outcome)
            other = renamed(session)
            return self._place(other, replace(outcome, source=source_of(other)))
        if relation == "same" and not (self._wanted.dry_run or is_kept(self._journal, entry.id)):
            self.archivist.keep(entry.id, self._hide(session)[0])
        outcome = replace(outcome, path=entry.path, title=entry.title, source=entry.source)
        if relation == "shorter":
            return replace(outcome, action="beginning")
        tell = self._tell_again if relation == "same" else self._go_on
        return tell(session, marks, outcome, entry)

    def _tell_again(self, session: Session, marks: frozenset[str], outcome: Outcome, entry: Entry) -> Outcome:
        """Have the model tell what was drafted offline, where a person asks for this session by name."""
        wanted = self._retell and self._wanted.trivial and entry.fields.get("drafted_by") == "offline"
        old = self._left_alone(entry) if wanted else None
        return self._update(session, marks, outcome, entry, old, same=True) if old else outcome

    def _go_on(self, session: Session, marks: frozenset[str], outcome: Outcome, entry: Entry) -> Outcome:
        """See to an entry whose session went on."""
        if entry.source in self._batch:
            self._flush()
        if self._wanted.dry_run and not os.path.lexists(self._journal.path(entry.path)):
            return replace(outcome, action="updated")  # it would have been added just now
        old = self._left_alone(entry)
        if old is None:
            return self._offer(session, entry, outcome)
        return self._update(session, marks, outcome, entry, old)

    def _day(self, moment: datetime | None) -> str:
        return moment.astimezone(self._clock.zone).date().isoformat() if moment else ""

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
        if memory and memory.marks and marks and memory.marks != marks:
            if session.started and marks.isdisjoint(memory.marks):
                return "other"
            if marks < memory.marks or marks > memory.marks:
                return "shorter" if marks < memory.marks else "longer"
        if entry.source != source_of(session) and not (memory and memory.marks and memory.marks == marks):
            return "other"
        if memory and bool(memory.marks) != bool(marks):  # a rendering tells less than what it was made from
            return "longer" if marks else "shorter"
        return compare_sizes(session, entry, memory)

    def _left_alone(self, entry: Entry) -> bytes | None:
        """Return an entry's bytes if it is still the draft that capture left; None where that is in doubt."""
        memory = self._memories.of(entry.source)
        data = read_bytes(self._journal.path(entry.path))
        same = memory and data and entry.status == "draft" and is_as_drafted(data, memory)
        return data if same else None

    def _hide(self, session: Session) -> tuple[Session, dict[str, int]]:
        """Return the session redacted, with what was taken out by kind; the same one is gone over once."""
        if self._hidden is None or self._hidden[0] is not session:
            self._hidden = (session, *hide(session, self._redactor))
        return self._hidden[1], self._hidden[2]

    def _draft(self, session: Session, entry: Entry | None = None) -> tuple[Draft, str]:
        project = self._project(session)
        noted = goals_for(self._journal, project, session.started, session.ended)
        hidden, report = self._hide(session)
        goals = (*(given_goals(entry.goals, hidden) if entry else ()), *noted)
        made = draft_hidden(hidden, self._clock, goals, self._wanted.aliases, project, self._redactor, self._retell)
        memory = self._memories.of(entry.source) if entry else None
        fields = with_given(made.fields, given(self._wanted, entry, memory))
        return replace(made, fields=fields, report=add_counts(report, made.report)), project if noted else ""

    def _add(self, session: Session, marks: frozenset[str], begun: Outcome) -> Outcome:
        if not self._wanted.trivial and is_trivial(session):
            return replace(begun, action="trivial", title=name(self._hide(session)[0]))
        made, goals_of = self._draft(session)
        title = str(made.fields.get("title", ""))
        # Without a time, entries of one run are made a microsecond apart: they keep the order in which they came.
        now = self._clock.now + timedelta(microseconds=self._added)
        self._added += 1
        data = compose_draft(made, now, self._journal.root, {"created": made_at(session, now)})
        path = self._free_path(day := day_of(made, self._clock.now), title)
        outcome = replace(begun, action="added", path=path, title=title, redacted=made.report)
        noted = self._note(session, marks, path, data)
        events = self.archivist.changes(noted[0].entry, self._hide(session)[0])
        self._batch.add(Addition(len(self._outcomes), outcome, data, day, noted, goals_of, tuple(events)))
        return outcome

    def _free_path(self, day: date, title: str) -> str:
        taken = {entry.path for entry in self._entries.values()}  # what waits for its commit is not on disk
        return free_path(self._journal, day, title, taken)

    def _update(
        self, session: Session, marks: frozenset[str], begun: Outcome, entry: Entry, old: bytes, *, same: bool = False
    ) -> Outcome:
        made, goals_of = self._draft(session, entry)
        if same and made.fields["drafted_by"] == "offline":
            return begun
        title = str(made.fields.get("title", ""))
        kept: dict[str, object] = {key: entry.fields[key] for key in ("id", "created") if key in entry.fields}
        data = compose_draft(made, self._clock.now, self._journal.root, kept)
        with Lock(self._journal.cache("writing.lock")):
            if read_bytes(self._journal.path(entry.path)) != old:
                return replace(begun, action="edited", why="it was edited just now")
            events = self.archivist.changes(entry.id, self._hide(session)[0])
            published = self._publish([Change(entry.path, data, old), *events], subject(title))
            for memory in self._note(session, marks, entry.path, data, entry.source):
                self._memories.keep(memory)
        if goals_of and not self._wanted.dry_run:
            forget_goals(self._journal, goals_of)
        return replace(begun, action="updated", title=title, redacted=made.report, waiting=published.waiting)

    def _offer(self, session: Session, entry: Entry, outcome: Outcome) -> Outcome:
        """Leave an entry as it is, and keep what its session has brought since for `review`."""
        known = read_offer(self._journal, entry.id)
        if known and known.sha256 == session.sha256:
            offer = None if known.decided else known
            action: Action = "known" if known.decided else "edited"
        else:
            offer, action = None, "edited"
            if not self._wanted.dry_run:
                offer = make_offer(self._journal, entry, self._draft(session, entry)[0])
                self.archivist.keep_longer(entry.id, self._hide(session)[0])
        why = "it is final" if entry.status == "final" else "it may have been edited here"
        return replace(outcome, action=action, why=why, offered=offer.count if offer else 0)

    def _publish(self, changes: Sequence[Change], message: str) -> Published:
        if self._wanted.dry_run:
            return Published()
        published = self._journal.publish(changes, message, self._clock.now)
        self.stored += sum(not is_archive(change.path) for change in changes)
        return published

    def _note(
        self, session: Session, marks: frozenset[str], path: str, data: bytes, before: str = ""
    ) -> tuple[Memory, ...]:
        """Count an entry as the journal's; return what is to be remembered of its session."""
        entry = read(data, path)
        self._entries[entry.id] = entry
        self.archivist.keep(entry.id, self._hide(session)[0])
        sources = dict.fromkeys(filter(None, (source_of(session), before)))
        names = tuple(given(self._wanted, entry, self._memories.of(before)))
        return tuple(Memory(source, entry.id, sha256(data), marks, size_of(session), names) for source in sources)


def capture(journal: Journal, files: Sequence[str], clock: Clock, wanted: Wanted) -> list[Outcome]:
    """Capture transcript files in one go."""
    run = Capture(journal, clock, wanted)
    return [outcome for path in files for outcome in run.take_file(path)]
