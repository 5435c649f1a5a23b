"""Search: the journal's pages that answer a query, best first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from session_journal.core import query
from session_journal.core.pages import CLOSE, OPEN, Hit
from session_journal.core.records import record
from session_journal.store import index

if TYPE_CHECKING:
    from session_journal.core.query import Filters
    from session_journal.store.journal import Journal

INDEX = "index.sqlite3"
T = TypeVar("T")


@record(frozen=True, slots=True)
class Found:
    """One page that answers a query. marked: the snippet with what matched between OPEN and CLOSE."""

    path: str
    title: str
    date: str
    id: str
    kind: str
    type: str
    project: str
    status: str
    item: str
    snippet: str
    score: float
    marked: str
    problem: str = ""


@record(frozen=True, slots=True)
class Answer:
    """What a search found, and what of the query could not be taken as it was written."""

    found: tuple[Found, ...]
    notes: tuple[str, ...] = ()


def ask(journal: Journal, question: Callable[[index.Index], T]) -> T:
    """Answer a question from the journal's index."""
    return index.ask(journal.root, journal.cache(INDEX), question, journal.watch)


def search(journal: Journal, text: str, filters: Filters, limit: int) -> Answer:
    """Return the pages that answer a query within the filters, best first."""
    asked = query.narrow(query.parse(text), filters)
    hits = ask(journal, lambda opened: opened.search(asked, limit))
    return Answer(tuple(map(_found, hits)), asked.notes)


def _found(hit: Hit) -> Found:
    page = hit.page
    marked = " ".join(hit.snippet.split())
    plain = marked.replace(OPEN, "").replace(CLOSE, "")
    item = hit.passage.kind if hit.passage else ""
    return Found(
        page.path, page.title, page.date, page.id, page.kind, page.type, page.project, page.status, item, plain,
        round(hit.score, 4), marked, page.problem,
    )  # fmt: skip
