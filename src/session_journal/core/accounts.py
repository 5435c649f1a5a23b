"""Accounts: what an entry says happened, once, or for each of the pieces of work of a day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import groupby
from typing import get_args

from session_journal.core import sections
from session_journal.core.bullets import MARK
from session_journal.core.entry import Entry
from session_journal.core.excerpts import sentences
from session_journal.core.headings import meaning
from session_journal.core.items import Item, ItemKind
from session_journal.core.pages import Page, Passage

TOLD = "What happened"
_HEADING = f"## {TOLD}"
_TURNS = re.compile(r"\s*\[t\d+(?:, ?t\d+)*\]")
_PIECES = 2
_NO_PROSE = ("<!--", "```", "|", "#", ">", "![")


def is_account(passage: Passage) -> bool:
    """Tell whether a passage says what happened in its session."""
    named = meaning(passage.section)
    return not passage.kind and named is not None and named[0] == TOLD


def pieces(passages: Sequence[Passage]) -> list[list[Passage]]:
    """Return the accounts of an entry in their order.

    A day's pieces have headings of one form: each begins with what the first one begins with.
    """
    runs = groupby(passages, lambda one: (is_account(one), one.section))
    parts = [list(told) for (is_told, _), told in runs if is_told]
    return [part for part in parts if form(part[0].section) == form(parts[0][0].section)]


def form(heading: str) -> str:
    """Return a heading without what tells one piece of a day from another: its time, number or marks."""
    return " ".join(re.findall(r"[^\W\d_]{3,}", heading.casefold()))


def first_line(part: sections.Section) -> str:
    """Return the first line of a section as text without its evidence, "" where it is no account."""
    line = next(filter(None, map(str.strip, part.lines)), "")
    return "" if line.startswith(_NO_PROSE) else _TURNS.sub("", MARK.sub("", line.lstrip("-*+ "), count=1))


def about_line(entry: Entry, line: int) -> str:
    """Return what the piece of work is about in which a line of an entry stands, "" where nothing says it.

    That is the first sentence of the account above it; of an entry with no more than one, its title as well.
    """
    parts = sections.split(entry.body)
    if entry.status == "draft" or entry.fields.get("drafted_by"):
        return entry.title
    told = [part for part in parts if part.title == TOLD and first_line(part)]
    told = [part for part in told if form(part.heading) == form(told[0].heading)]
    above = [next(sentences(first_line(part)), "") for part in told if part.start <= line]
    titled = [entry.title] if len(told) < _PIECES and any(part.known for part in parts) else []
    return ". ".join((*titled, *above[-1:]))


def entry_of(page: Page, passages: Sequence[Passage], body: str) -> Entry:
    """Return an entry as the index has it; its items are numbered in their order."""
    items = tuple(
        Item(kind, one.text, one.turns, one.mark, one.block_id, place)
        for place, one in enumerate(passages)
        if (kind := _kind(one.kind))
    )
    return Entry(
        path=page.path, id=page.id, title=page.title, date=date.fromisoformat(page.date), status=page.status,
        project=page.project, outcome=page.outcome, items=items, body=body,
        created=datetime.fromisoformat(page.created).replace(tzinfo=UTC) if page.created else None,
    )  # fmt: skip


def _kind(name: str) -> ItemKind | None:
    return next((kind for kind in get_args(ItemKind) if kind == name), None)


def body_of(passages: Sequence[Passage]) -> str:
    """Return a body that holds the accounts alone."""
    parts = ["\n".join((_HEADING, "", *(one.text for one in part))) for part in pieces(passages)]
    return "\n\n".join(parts or [_HEADING]) + "\n"


def openings(entry: Entry) -> list[str]:
    """Return the first line of each account, in the entry's own words; none that is no prose."""
    firsts = (first_line(part) for part in sections.split(entry.body) if part.title == TOLD)
    return [" ".join(line.split()) for line in firsts if line]


def lines(entry: Entry) -> list[str]:
    """Return all lines of an entry's accounts."""
    return [line for part in sections.split(entry.body) if part.title == TOLD for line in part.lines]
