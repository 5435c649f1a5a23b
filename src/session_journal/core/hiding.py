"""Redaction of whole sessions, before anything is made of them."""

from __future__ import annotations

from dataclasses import replace

from session_journal.core.events import Session
from session_journal.core.redact import Redactor


def redact_session(session: Session, redactor: Redactor) -> Session:
    """Return the session without secrets and personal data, wherever in it they stand."""
    hide = redactor.redact
    return replace(
        session,
        events=tuple(replace(event, text=hide(event.text), target=hide(event.target)) for event in session.events),
        cwd=hide(session.cwd),
        branch=hide(session.branch),
        title=hide(session.title),
        links=tuple(map(hide, session.links)),
    )
