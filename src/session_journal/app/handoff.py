"""The hand-off of a project, from its last entries on disk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from session_journal.app.open_ends import find_ends
from session_journal.app.practice import find_practice
from session_journal.app.search import ask
from session_journal.core.entry import Entry
from session_journal.core.handoff import MOST_SESSIONS, Handoff, hand_off, session_of
from session_journal.core.open_ends import End
from session_journal.core.query import Filters

if TYPE_CHECKING:
    from session_journal.core.pages import Page
    from session_journal.store.index import Index
    from session_journal.store.journal import Journal


def make_handoff(journal: Journal, project: str, today: date) -> Handoff:
    """Return where a project stands, by its last sessions; one without an entry gives an empty one."""
    entries = ask(journal, lambda opened: last_sessions(opened, opened.pages(_sessions_of(project))))
    return hand_off(entries[0].project if entries else project, entries, _ends_of(journal, project), today)


def last_sessions(opened: Index, pages: Sequence[Page]) -> list[Entry]:
    """Return the sessions that a hand-off is made of; pages: the newest first."""
    whole = [page for page in pages[:MOST_SESSIONS] if page.date and not page.problem]
    return [session_of(page, opened.passages_of(page)) for page in whole]


def projects(journal: Journal) -> list[str]:
    """Return the projects that have entries, the one worked on last first; "" for entries without one."""
    pages = ask(journal, lambda opened: opened.pages(Filters(kind=("session",))))
    return list(dict.fromkeys(page.project for page in pages))


def _sessions_of(project: str) -> Filters:
    return Filters(project=(project.casefold(),), kind=("session",))


def _ends_of(journal: Journal, project: str) -> Sequence[End]:
    own = [end for end in find_ends(journal) if project.casefold() in end.projects]
    return [end for end in find_practice(journal, own) if end.is_open]
