"""How sessions that this tool starts itself are known again: they are no work of the user's and are never captured."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from session_journal.core.events import Session

GUARD = "JOURNAL_HOOK"
"""Set in the environment of all that a hook starts: a hook that finds it does nothing."""
MARK = "[session-journal: a call of its own, not to be captured]"
"""Stands in the first line of every prompt that this tool sends to an agent or a model."""
_WITHIN = 400


def is_own_call(session: Session) -> bool:
    """Tell whether this tool began the session: its first prompt begins with the mark, whatever an agent put before."""
    first = next((event.text for event in session.events if event.kind == "prompt" and not event.agent), "")
    return MARK in first[:_WITHIN]
