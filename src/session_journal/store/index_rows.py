"""What the index keeps of a page, as rows: made of pages and passages, and read back as them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from session_journal.core import terms
from session_journal.core.pages import Page, Passage

Row = tuple[Any, ...]

TEXTS = (
    "path", "type", "title", "date", "id", "kind", "project", "agent", "status", "visibility", "outcome", "created",
    "problem",
)  # fmt: skip
"""The texts of a Page, in its own order."""
COLUMNS = ("text", "parts", "kind", "section", "mark", "turns", "roles", "block_id")
"""What is kept of a passage beside its page."""


def row_of(key: int, passage: Passage) -> Row:
    """Return a passage of a page as a row of COLUMNS, behind the page's key."""
    text = terms.clean(passage.text)
    turns, roles = " ".join(map(str, passage.turns)), " ".join(passage.roles)
    return (key, text, terms.parts(text), passage.kind, passage.section, passage.mark, turns, roles, passage.block_id)


def words_of(page: Page) -> tuple[str, ...]:
    """Return what of a page is searched: title, tags, items, body, and the parts of compound words."""
    items = "\n".join(passage.text for passage in page.passages if passage.is_item)
    body = "\n".join(passage.text for passage in page.passages if not passage.is_item)
    whole = (page.title, " ".join((*page.tags, page.project)), items, body)
    return tuple(map(terms.clean, (*whole, terms.parts("\n".join(whole)))))


def page_of(row: Row) -> Page:
    """Return the page of a row: its key, its tags, its TEXTS."""
    page = Page(*row[2 : 2 + len(TEXTS)])
    return replace(page, tags=tuple(row[1].split("\n"))) if row[1] else page


def passage_of(row: Row) -> Passage:
    """Return the passage of a row: text, kind, section, mark, turns, roles, block id."""
    text, kind, section, mark, turns, roles, block_id = row
    return Passage(text, kind, section, mark, tuple(map(int, turns.split())), tuple(roles.split()), block_id)
