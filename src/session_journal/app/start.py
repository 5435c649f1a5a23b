"""Before work: the goals of the coming session, kept until its entry is drafted."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from datetime import datetime, timedelta

from session_journal.core.events import Session
from session_journal.store.files import read_bytes, remove_if_there, write_atomic
from session_journal.store.journal import Journal

FORGOTTEN_AFTER = timedelta(days=7)


def note_goals(
    journal: Journal, project: str, goals: Sequence[str], now: datetime, *, clear: bool = False
) -> tuple[str, ...]:
    """Add goals for the next session of this project; return all that wait for it. clear: drop those noted before."""
    if clear:
        forget_goals(journal, project)
    known = waiting_goals(journal, project, now)
    new = [journal.allowed.redact(" ".join(goal.split()))[0] for goal in goals if goal.strip()]
    goals = tuple(dict.fromkeys((*known, *new)))
    if new:
        path = _file(journal, project)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        write_atomic(path, json.dumps({"project": project, "noted": now.isoformat(), "goals": goals}).encode())
    return goals


def digest(journal: Journal, project: str, goals: Sequence[str], now: datetime, *, framed: bool = True) -> str:
    """Return what the journal knows that matters for these goals; "" where nothing does.

    framed: between the marks by which a transcript's reader knows our own words, for whatever may end up in one.
    """
    from session_journal.app.context import Wish, make_pack
    from session_journal.core.context import body, render

    found = make_pack(journal, Wish(project, " ".join(goals)), now)
    return render(found, "markdown") if framed else body(found)


def waiting_goals(journal: Journal, project: str, now: datetime) -> tuple[str, ...]:
    """Return the goals that wait for this project's next session; after a week they no longer do."""
    noted, goals = _read(journal, project)
    return goals if noted and now - noted <= FORGOTTEN_AFTER else ()


def goals_for(journal: Journal, project: str, started: datetime | None, ended: datetime | None) -> tuple[str, ...]:
    """Return the goals that were noted for a session: before it ended, and not long before it began."""
    noted, goals = _read(journal, project)
    if not noted or started is None:
        return ()
    return goals if started - FORGOTTEN_AFTER <= noted <= (ended or started) else ()


def given_goals(goals: Sequence[str], session: Session) -> tuple[str, ...]:
    """Return those goals of a session's entry that were noted before the work, not read from its requests.

    session: as it was when its entry was drafted, or longer; redacted, as the entry's goals are.
    """
    from session_journal.core.insights import goals as read  # its rules take longer to load than `context` to answer

    requests = {text for text, _ in read.goals(read.prompts(session), limit=len(session.events))}
    return tuple(goal for goal in goals if goal not in requests)


def forget_goals(journal: Journal, project: str) -> None:
    """Drop the goals once an entry carries them."""
    remove_if_there(_file(journal, project))


def _read(journal: Journal, project: str) -> tuple[datetime | None, tuple[str, ...]]:
    try:
        kept = json.loads(read_bytes(_file(journal, project)) or b"{}")
        return datetime.fromisoformat(kept["noted"]), tuple(str(goal) for goal in kept["goals"])
    except (ValueError, KeyError, TypeError):
        return None, ()


def _file(journal: Journal, project: str) -> str:
    return journal.cache(f"goals/{hashlib.sha256(project.casefold().encode()).hexdigest()[:16]}.json")
