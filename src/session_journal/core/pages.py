"""Pages: what recall holds of one markdown file of the journal, passage by passage."""

from __future__ import annotations

from session_journal.core.query import Filters
from session_journal.core.records import record

OPEN, CLOSE = "\x02", "\x03"
"""What stands around matched words in a snippet; no text of a page has these."""


@record(frozen=True, slots=True)
class Passage:
    """One paragraph or bullet; kind is its item kind, `evidence` for a quote, "" for prose.

    roles: who said what an item rests on (from the entry's Evidence), sorted; empty where that isn't known.
    """

    text: str
    kind: str = ""
    section: str = ""
    mark: str = ""
    turns: tuple[int, ...] = ()
    roles: tuple[str, ...] = ()
    block_id: str = ""

    @property
    def is_item(self) -> bool:
        """Tell whether it carries learning, in distinction to prose and quotes."""
        return self.kind not in {"", "evidence"}


@record(frozen=True, slots=True)
class Scored:
    """A passage that answers a query; matched: how many of the words asked for it has."""

    page: Page
    passage: Passage
    score: float
    matched: int


@record(frozen=True, slots=True)
class Page:
    """One file of the journal as recall sees it; problem says why its front matter could not be read."""

    path: str
    type: str
    title: str
    date: str = ""
    id: str = ""
    kind: str = ""
    project: str = ""
    agent: str = ""
    status: str = ""
    visibility: str = ""
    outcome: str = ""
    created: str = ""
    problem: str = ""
    tags: tuple[str, ...] = ()
    passages: tuple[Passage, ...] = ()

    @property
    def order(self) -> tuple[str, str, str]:
        """Return what pages are sorted by: day, then the time they were made, then path."""
        return self.date, self.created, self.path


@record(frozen=True, slots=True)
class Hit:
    """One page that answers a query; snippet has matched words between OPEN and CLOSE."""

    page: Page
    score: float
    snippet: str
    passage: Passage | None


def passes(page: Page, filters: Filters, unwanted: Filters) -> bool:
    """Tell whether a page is what the filters want and nothing that is unwanted; names match in any case."""
    if filters.since and page.date < filters.since.isoformat():
        return False
    if filters.until and page.date > filters.until.isoformat():
        return False
    if filters.tag and not _folded(page.tags).issuperset(filters.tag):
        return False
    wanted = all(_folded(have).intersection(names) for have, names in _asked(page, filters) if have is not page.tags)
    return wanted and not any(_folded(have).intersection(names) for have, names in _asked(page, unwanted))


def _asked(page: Page, filters: Filters) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return what the page is, beside what it is asked to be, where anything is asked."""
    both = (
        ((page.project,), filters.project),
        ((page.kind, page.type), filters.kind),
        (page.tags, filters.tag),
        ((page.agent,), filters.agent),
        ((page.status,), filters.status),
    )
    return [(have, names) for have, names in both if names]


def _folded(values: tuple[str, ...]) -> set[str]:
    return {value.casefold() for value in values}
