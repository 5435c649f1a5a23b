"""How a session ended: what was last said, and whether anybody was left waiting."""

from __future__ import annotations

from collections.abc import Sequence

from session_journal.core.events import Event, Session
from session_journal.core.insights.goals import Prompt
from session_journal.core.insights.responses import declines, is_asking, is_offer


def is_waiting(session: Session, prompts: Sequence[Prompt]) -> bool:
    """Say whether the last prompt has no reply, one that refuses, or one that asks for more than a consent."""
    asked = prompts[-1].order if prompts else -1
    replies = [event for event in session.events[asked + 1 :] if event.kind == "reply" and not event.agent]
    last = replies[-1].text if replies else ""
    return not last or declines(last) or (is_asking(last) and not is_offer(last))


def last_reply(session: Session) -> Event | None:
    """Return the reply that the session ends with, None where the user spoke last."""
    said = (event for event in reversed(session.events) if event.kind in {"reply", "prompt"} and not event.agent)
    last = next(said, None)
    return last if last is not None and last.kind == "reply" else None


def ends_asking(session: Session) -> bool:
    """Say whether the session ends with a question of the assistant that nobody answered."""
    last = last_reply(session)
    return last is not None and is_asking(last.text)


def interrupted_at_end(session: Session) -> bool:
    """Say whether the user stopped the assistant, and nothing came after it."""
    for event in reversed(session.events):
        if event.kind in {"reply", "prompt", "edit", "command"}:
            return False
        if event.kind == "interruption":
            return True
    return False
