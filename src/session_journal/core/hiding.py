"""Redaction of whole sessions, before anything is made of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from session_journal.core.events import Event, Session
from session_journal.core.key_blocks import STOP, in_one_go
from session_journal.core.redact import Redactor, has_marks
from session_journal.core.text import one_line


def redact_session(session: Session, redactor: Redactor) -> Session:
    """Return the session without secrets and personal data, wherever in it they stand."""
    events = session.events
    about = (session.cwd, session.branch, session.title, session.model, session.version, *session.links)
    said = (text for event in events for text in (event.text, event.target, event.agent, event.call))
    clean = _clean((*about, *said), redactor)
    # What joins a call and its result stays one name for each call, also where it cannot be shown.
    calls = dict.fromkeys(("", *(event.call for event in events)))
    names = {call: call if clean[call] == call else f"call-{at}" for at, call in enumerate(calls)}
    return replace(
        session,
        id=redactor.name(session.id),
        events=tuple(_hidden(event, clean, names) for event in events),
        cwd=clean[session.cwd],
        branch=clean[session.branch],
        title=one_line(clean[session.title]),
        model=one_line(clean[session.model]),
        version=clean[session.version],
        links=tuple(clean[link] for link in session.links),
    )


def _clean(texts: Iterable[str], redactor: Redactor) -> dict[str, str]:
    """Return each text with what it is redacted."""
    said = list(dict.fromkeys(filter(None, texts)))
    return {"": "", **dict(zip(said, redact_texts(said, redactor), strict=True))}


def _hidden(event: Event, clean: Mapping[str, str], calls: Mapping[str, str]) -> Event:
    text, target, agent, call = clean[event.text], clean[event.target], clean[event.agent], calls[event.call]
    if (text, target, agent, call) == (event.text, event.target, event.agent, event.call):
        return event
    # dataclasses.replace does the same in ten times the time.
    return Event(event.kind, event.turn, event.role, text, target, event.time, call, event.exit_code, agent)


def redact_texts(texts: list[str], redactor: Redactor) -> list[str]:
    """Redact texts in one go, which is faster than one by one."""
    # Where a part that is marked private is not closed it ends with its text, and so does a key.
    alone = {at: redactor.redact(text) for at, text in enumerate(texts) if STOP in text or has_marks(text)}
    rest = iter(_redact_joined([text for at, text in enumerate(texts) if at not in alone], redactor))
    return [alone[at] if at in alone else next(rest) for at in range(len(texts))]


def _redact_joined(texts: list[str], redactor: Redactor) -> list[str]:
    before = dict(redactor.counts)
    clean = in_one_go(texts, redactor.redact)
    if clean is None:
        redactor.counts = before  # what was counted is counted again
        clean = [redactor.redact(text) for text in texts]
    return clean
