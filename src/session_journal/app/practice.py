"""Practice: what later sessions did that an open gap is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from session_journal.app.search import ask
from session_journal.core import query
from session_journal.core.items import ItemKind
from session_journal.core.open_ends import End, key_words
from session_journal.core.patterns import telling_terms
from session_journal.core.query import Filters

if TYPE_CHECKING:
    from session_journal.core.pages import Page, Passage
    from session_journal.store.index import Index
    from session_journal.store.journal import Journal

_PRACTICE: tuple[ItemKind, ...] = (
    "change", "decision", "challenge", "discovery", "pattern", "insight", "takeaway", "went-well",
)  # fmt: skip
_LEAST_SHARED = 2
_MOST_LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class Practice:
    """What a later session did that an open gap is about: it suggests that the gap is being practised."""

    path: str
    entry: str
    title: str
    date: str
    text: str


def find_practice(journal: Journal, gaps: Sequence[End]) -> dict[str, Practice]:
    """Return for open gaps (by id) the newest later session that did what they are about; it suggests, nothing more."""
    return ask(journal, lambda opened: _practices(opened, gaps)) if gaps else {}


def _practices(opened: Index, gaps: Sequence[End]) -> dict[str, Practice]:
    found: dict[str, Practice] = {}
    for gap in gaps:
        about = telling_terms(key_words(gap.text))
        asked = query.narrow(query.topic(gap.text), Filters(kind=("session",)))
        later = [
            (one.page, one.passage)
            for one in opened.passages(asked, _PRACTICE, _MOST_LOOKED_AT)
            if one.page.order > gap.newest.order[:3] and _is_about(one.passage, about)
        ]
        if later:
            found[gap.id] = _practice(*max(later, key=lambda pair: pair[0].order))
    return found


def _is_about(passage: Passage, about: frozenset[str]) -> bool:
    """Tell whether a passage shares most of what is telling in a gap, and tells of something that came about."""
    if passage.kind == "challenge" and "\u2192" not in passage.text:
        return False
    shared = len(about & telling_terms(passage.text))
    return shared >= _LEAST_SHARED and 2 * shared >= len(about)


def _practice(page: Page, passage: Passage) -> Practice:
    return Practice(page.path, page.id, page.title, page.date, passage.text)
