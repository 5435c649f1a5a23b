"""How a period went: what to do better and how, and what went better than before; other numbers say nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from heapq import nlargest

from session_journal.core.entry import Entry
from session_journal.core.items import Item
from session_journal.core.observations import BY_KEY, NEXT, TABLE, read
from session_journal.core.playbooks import relative_link
from session_journal.core.reflecting.accounts import FEWEST, Account, Point, accounts, group
from session_journal.rollups.span import Line

_ADVICE = {one.said: one.advice for one in reversed(TABLE) if one.sort == "improve" and one.advice}
_LATELY = 60
"""So many sessions from before tell how it usually went: what was so years ago is no measure."""
_MORE = 0.3
"""From this difference of shares on something is more frequent than it was before."""


def went(entries: Sequence[Entry], earlier: Sequence[Entry] = ()) -> tuple[list[Line], list[Line]]:
    """Return what went well more often than before, and what several sessions showed is to improve.

    earlier: the sessions from before the period; the latest count. Nothing is said where they, or those of the period,
    are too few.
    """
    found = group("", [replace(one, well=(), better=()) for one in accounts(entries)])  # own words stand beside
    before = [one for one in accounts(nlargest(_LATELY, earlier, key=lambda one: one.order)) if one.told]
    by_name = {entry.name: entry for entry in entries}

    def line(point: Point, more: str) -> Line:
        newest = by_name[point.entries[0]]
        text = f"{point.text} in {len(point.entries)} of {len(entries)} sessions{more}"
        return Line(text, newest.date, relative_link(newest.path), newest.title, newest.status == "draft")

    better = [(point, _before(point.text, before)) for point in found.went_well]
    return (
        [
            line(point, f", before in {often} of {len(before)}")
            for point, often in better
            if len(before) >= FEWEST and len(point.entries) / len(entries) - often / len(before) >= _MORE
        ],
        [line(point, f"{NEXT}{_ADVICE[point.text]}" if point.text in _ADVICE else "") for point in found.to_improve],
    )


def _before(said: str, before: Sequence[Account]) -> int:
    """Return how many sessions showed something."""
    return sum(any(BY_KEY[key].said == said for key in one.seen) for one in before)


def is_own(item: Item) -> bool:
    """Tell whether somebody wrote in words of their own that something went well: what a draft counts says nothing."""
    return not any(read(item.text))


def beside(counted: Sequence[Line]) -> Callable[[Item], bool]:
    """Return what tells whether an item says something else than what was counted."""

    def is_more(item: Item) -> bool:
        said = [BY_KEY[one.key].said for one in read(item.text)]
        return not any(line.text.startswith(text) for line in counted for text in said)

    return is_more
