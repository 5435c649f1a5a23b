"""The hand-off of a project, from its last entries on disk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from session_journal.app.open_ends import find_ends
from session_journal.app.search import ask
from session_journal.core.entry import Entry, read
from session_journal.core.handoff import MOST_SESSIONS, Handoff, hand_off
from session_journal.core.open_ends import End
from session_journal.core.query import Filters
from session_journal.errors import JournalError
from session_journal.store.files import read_bytes

if TYPE_CHECKING:
    from session_journal.core.pages import Page
    from session_journal.store.journal import Journal


def make_handoff(journal: Journal, project: str, today: date) -> Handoff:
    """Return where a project stands, by its last sessions; one without an entry gives an empty one."""
    pages = ask(journal, lambda opened: opened.pages(_sessions_of(project)))
    entries = [entry for page in pages[:MOST_SESSIONS] if (entry := _entry(journal, page))]
    return hand_off(pages[0].project if pages else project, entries, _ends_of(journal, project), today)


def projects(journal: Journal) -> list[str]:
    """Return the projects that have entries, the one worked on last first; "" for entries without one."""
    pages = ask(journal, lambda opened: opened.pages(Filters(kind=("session",))))
    return list(dict.fromkeys(page.project for page in pages))


def _sessions_of(project: str) -> Filters:
    return Filters(project=(project.casefold(),), kind=("session",))


def _ends_of(journal: Journal, project: str) -> Sequence[End]:
    return [end for end in find_ends(journal) if end.is_open and project.casefold() in end.projects]


def _entry(journal: Journal, page: Page) -> Entry | None:
    data = read_bytes(journal.path(page.path))
    try:
        return read(data, page.path) if data else None
    except JournalError:
        return None  # `list` names what cannot be read
