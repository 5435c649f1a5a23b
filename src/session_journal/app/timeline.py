"""What `timeline` shows: the retelling of an entry's session from its kept events, or of a transcript."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import datetime
from itertools import islice
from shlex import quote

from session_journal.app.draft import Clock, count_turns, draft_hidden, find_project, hide, read_sessions
from session_journal.core.entry import Entry
from session_journal.core.events import Event, Session
from session_journal.core.insights.goals import prompts
from session_journal.core.items import Quote
from session_journal.core.records import record
from session_journal.core.redact import Redactor
from session_journal.core.sections import quotes
from session_journal.core.signals import active_minutes, judge, signals
from session_journal.core.timeline import Step, fold, steps
from session_journal.errors import NotFoundError, UsageError
from session_journal.store.archive import events_of
from session_journal.store.journal import Journal


@record(frozen=True, slots=True)
class Subject:
    """The session that is told, and what its entry says of it."""

    name: str
    title: str
    project: str = ""
    outcome: str = ""
    path: str = ""
    id: str = ""


@record(frozen=True, slots=True)
class Timeline:
    """A session retold. told: its steps, folded; all: how many there were; reason: how it ended, by which turns.

    quotes: what the entry quotes of it, where its events are gone.
    """

    subject: Subject
    told: tuple[Step, ...] = ()
    all: int = 0
    agent: str = ""
    model: str = ""
    branch: str = ""
    started: datetime | None = None
    ended: datetime | None = None
    minutes: int = 0
    prompts: int = 0
    turns: int = 0
    reason: str = ""
    reason_turns: tuple[int, ...] = ()
    quotes: tuple[Quote, ...] = field(default=())


def of_entry(entry: Entry) -> Subject:
    """Return what an entry says of its session."""
    return Subject(entry.path, entry.title, entry.project, entry.outcome, entry.path, entry.id)


def kept_session(journal: Journal, entry: Entry) -> Session:
    """Return the events of an entry's session; NotFoundError where neither this machine nor the journal has them."""
    session = events_of(journal, entry.id)
    if session is None:
        what = "its events are not on this machine" if entry.source else "it was not drafted from a transcript"
        raise NotFoundError(f"{entry.path}: {what}", f"journal show {entry.name}")
    return session


def of_transcript(
    path: str, clock: Clock, aliases: Mapping[str, str], redactor: Redactor, number: int | None = None
) -> tuple[Subject, Session]:
    """Read a transcript's session, redacted, and what an entry would say of it."""
    session = pick(read_sessions(path), number, path)
    hidden, _ = hide(session, redactor)
    fields = draft_hidden(hidden, clock, (), aliases, find_project(session, aliases), redactor).fields
    title, project, outcome = (str(fields.get(name, "")) for name in ("title", "project", "outcome"))
    return Subject(path, title, project, outcome), hidden


def pick(sessions: Iterable[Session], number: int | None, path: str) -> Session:
    """Return the session that is meant, counted from 1, without reading those behind it."""
    first = (number or 1) - 1
    found = list(islice(sessions, first, first + (2 if number is None else 1)))
    if len(found) == 1:
        return found[0]
    what = "holds more than one session" if found else f"has no session {number}"
    shell = quote(path)
    raise UsageError(f"{path} {what}", f"journal draft {shell} lists them; journal timeline {shell} --session 1")


def retell(subject: Subject, session: Session, *, full: bool = False) -> Timeline:
    """Retell a session, in the room that a reader has or in full."""
    asked = prompts(session)
    verdict = judge(session, signals(session, asked))
    everything = steps(session)
    return Timeline(
        subject,
        tuple(everything if full else fold(everything)),
        len(everything),
        session.agent,
        session.model,
        session.branch,
        session.started,
        session.ended,
        active_minutes(session),
        len(asked),
        count_turns(session),
        verdict.reason,
        tuple(dict.fromkeys(verdict.turns)),
    )


def quoted(entry: Entry) -> Timeline:
    """Return what an entry quotes of its session, for when the events are gone."""
    return Timeline(of_entry(entry), agent=entry.agent, quotes=quotes(entry.body))


def turn_of(session: Session, number: int, name: str) -> list[Event]:
    """Return the events of one turn; NotFoundError where the session has no such turn."""
    found = [event for event in session.events if event.turn == number]
    if not found:
        last = count_turns(session)
        raise NotFoundError(
            f"{name} has no turn {number}; it has {last}", f"journal timeline {quote(name)} --turn {last}"
        )
    return found
