"""From a transcript to the entry that would be stored: reading, drafting, composing; nothing is written."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, tzinfo
from shlex import quote

from session_journal.app.new import add_counts
from session_journal.app.project import find_place
from session_journal.app.sources import parts
from session_journal.core.document import compose, dump
from session_journal.core.drafting import Draft, Retell, draft
from session_journal.core.events import Session
from session_journal.core.hiding import redact_session
from session_journal.core.projects import project_name
from session_journal.core.records import record
from session_journal.core.redact import Redactor
from session_journal.core.text import counted, shorten
from session_journal.errors import NotFoundError, TranscriptError, UsageError
from session_journal.readers import Part, read_transcript
from session_journal.store.templates import render

TEMPLATE = "draft.md.j2"
Row = tuple[str, str, str, str]


@record(frozen=True, slots=True)
class Clock:
    """The moment a draft is made and the zone whose days its entry counts in."""

    now: datetime
    zone: tzinfo


def read_sessions(path: str) -> Iterator[Session]:
    """Read the sessions of a transcript file and of its further files, each when it is asked for."""
    try:
        with open(path, "rb") as stream:
            for session in read_transcript(stream, path, _parts(path)):
                yield _with_real_times(session)
    except FileNotFoundError:
        raise NotFoundError(f"there is no file {path}", "journal draft FILE") from None
    except IsADirectoryError:
        hint = f"journal capture {quote(path)} takes every transcript in it"
        raise TranscriptError(f"{path} is a folder, not a transcript", hint) from None
    except OSError as error:
        raise TranscriptError(f"{path} cannot be read: {error.strerror or error}") from error


def _with_real_times(session: Session) -> Session:
    """Take out times at the calendar's ends: no zone can show them, and nobody worked then."""
    if all(_is_real(event.time) for event in session.events) and _is_real(session.started) and _is_real(session.ended):
        return session
    events = tuple(event if _is_real(event.time) else replace(event, time=None) for event in session.events)
    times = [event.time for event in events if event.time]
    return replace(
        session,
        events=events,
        started=session.started if _is_real(session.started) else min(times, default=None),
        ended=session.ended if _is_real(session.ended) else max(times, default=None),
    )


def _is_real(moment: datetime | None) -> bool:
    return moment is None or 1 < moment.year < 9999


def _parts(path: str) -> Iterable[Part]:
    for agent, part in parts(path):
        with open(part, "rb") as stream:
            yield agent, stream


class ManySessionsError(UsageError):
    """A file holds many sessions and none is named; rows: one for each, as describe_session returns them."""

    def __init__(self, path: str, rows: Sequence[Row], command: str) -> None:
        super().__init__(f"{path} holds {len(rows)} sessions", f"{command} {quote(path)} --session {len(rows)}")
        self.rows = tuple(rows)


def pick_session(
    sessions: Iterable[Session],
    number: int | None,
    path: str,
    zone: tzinfo,
    redactor: Redactor | None = None,
    command: str = "journal draft",
) -> Session:
    """Return the one session that is meant, counted from 1; ManySessionsError where it has to be named.

    command: what a hint tells the person to run again.
    """
    rows: list[Row] = []
    count, only = 0, None
    for count, session in enumerate(sessions, 1):
        if count == number:
            return session
        if number is None:
            rows.append(describe_session(count, session, zone, redactor))
            only = session
    if only is not None and count == 1:
        return only
    if number is None:
        raise ManySessionsError(path, rows, command)
    raise UsageError(f"{path} has no session {number}; it holds {count}", f"{command} {quote(path)} --session {count}")


def newest_session(sessions: Iterable[Session]) -> Session | None:
    """Return the session that ended last, the later one in the file where times do not tell.

    One in which nobody spoke is meant only where there is no other: some tools note that they were opened.
    """

    def rank(session: Session) -> tuple[bool, float]:
        moment = session.ended or session.started
        return any(event.kind == "prompt" for event in session.events), moment.timestamp() if moment else 0.0

    best: Session | None = None
    for session in sessions:
        best = session if best is None or rank(session) >= rank(best) else best
    return best


def describe_session(number: int, session: Session, zone: tzinfo, redactor: Redactor | None = None) -> Row:
    """Return a session's number, time, length and first words, for a table."""
    started = session.started.astimezone(zone).strftime("%Y-%m-%d %H:%M") if session.started else "?"
    prompt = next((event.text for event in session.events if event.kind == "prompt" and not event.agent), "")
    words = " ".join((redactor or Redactor()).redact(session.title or prompt).split()) or "(no prompt)"
    return str(number), started, counted(count_turns(session), "turn"), shorten(words, 80)


def count_turns(session: Session) -> int:
    """Return the number of a session's messages."""
    return max((event.turn for event in session.events), default=0)


def find_project(session: Session, aliases: Mapping[str, str]) -> str:
    """Name a session's project; the remote is asked where its folder still exists on this machine."""
    if not session.cwd:
        return ""
    place = find_place(session.cwd) if os.path.isdir(session.cwd) else None
    cwd = session.cwd
    if place is not None:
        cwd = os.path.dirname(place.common_dir) if os.path.basename(place.common_dir) == ".git" else place.top
    return project_name(cwd, place.remote if place else "", aliases)


def make_draft(
    session: Session,
    clock: Clock,
    goals: Sequence[str] = (),
    aliases: Mapping[str, str] | None = None,
    redactor: Redactor | None = None,
    retell: Retell | None = None,
) -> Draft:
    """Draft a session, offline unless `retell` is given; a transcript without times belongs to the day it is read.

    The session is redacted before anything of it is chosen or cut, so that no part of a secret can stay behind.
    """
    known, redactor = aliases or {}, redactor or Redactor()
    hidden, report = hide(session, redactor)
    made = draft_hidden(hidden, clock, goals, known, find_project(session, known), redactor, retell)
    return replace(made, report=add_counts(report, made.report))


def hide(session: Session, redactor: Redactor) -> tuple[Session, dict[str, int]]:
    """Return the session without secrets and personal data, and how many of each kind were taken out."""
    before = dict(redactor.counts)
    hidden = redact_session(session, redactor)
    found = {kind: number - before.get(kind, 0) for kind, number in redactor.counts.items()}
    return hidden, {kind: number for kind, number in found.items() if number}


def draft_hidden(
    session: Session,
    clock: Clock,
    goals: Sequence[str],
    aliases: Mapping[str, str],
    project: str,
    redactor: Redactor,
    retell: Retell | None = None,
) -> Draft:
    """Draft a session that is redacted already; the project's name is not."""
    known_as, keep = redactor.redact(project), redactor.permits
    made = draft(
        session, goals=tuple(goals), aliases=aliases, project=known_as, tz=clock.zone, keep=keep, retell=retell
    )
    fields = {"date": clock.now.date(), **made.fields, "source": source_of(session)}
    return replace(made, fields=fields)


def source_of(session: Session) -> str:
    """Return what an entry calls its session: agent and session id, or the transcript's hash where it has no id.

    session: its id can be shown (`Redactor.name`).
    """
    return f"{session.agent}:{session.id or session.sha256[:32]}"


def compose_draft(
    made: Draft, now: datetime, journal_root: str = "", kept: Mapping[str, object] | None = None
) -> bytes:
    """Return the entry's bytes; `kept` are the id and the creation time of the entry it replaces."""
    values = {"id": os.urandom(16).hex(), "created": now, "updated": now, **made.fields, **(kept or {})}
    sections = [{"title": title, "lines": list(lines)} for title, lines in made.sections]
    body = render(TEMPLATE, {**values, "sections": sections}, journal_root)
    return dump(compose(values, body))


def made_at(session: Session, now: datetime) -> datetime:
    """Return when a session's entry counts as made: as it ended, so that those of a day stand in their order."""
    ended = session.ended
    return ended.astimezone(now.tzinfo) if ended and ended.tzinfo and ended < now else now


def day_of(made: Draft, now: datetime) -> date:
    """Return the day that a drafted entry belongs to."""
    value = made.fields.get("date")
    return value if isinstance(value, date) else now.date()
