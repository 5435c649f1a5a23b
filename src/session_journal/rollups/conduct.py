"""How a period went, as its sessions together show it: what `reflect` counts, in the words of a rollup."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from session_journal.core.entry import Entry
from session_journal.core.items import Item
from session_journal.core.observations import BY_KEY, NEXT, TABLE, read
from session_journal.core.playbooks import relative_link
from session_journal.core.reflecting.accounts import Point, accounts, group
from session_journal.rollups.span import Line

_ADVICE = {one.said: one.advice for one in reversed(TABLE) if one.sort == "improve" and one.advice}


def went(entries: Sequence[Entry]) -> tuple[list[Line], list[Line]]:
    """Return what several sessions showed to go well and to improve; nothing where they are too few to tell."""
    found = group("", [replace(one, well=(), better=()) for one in accounts(entries)])  # own words stand beside
    by_name = {entry.name: entry for entry in entries}

    def lines(points: Sequence[Point]) -> list[Line]:
        return [_line(point, by_name[point.entries[0]], len(entries)) for point in points]

    return lines(found.went_well), lines(found.to_improve)


def _line(point: Point, newest: Entry, sessions: int) -> Line:
    advice = _ADVICE.get(point.text, "")
    text = f"{point.text} in {len(point.entries)} of {sessions} sessions{NEXT + advice if advice else ''}"
    return Line(text, newest.date, relative_link(newest.path), newest.title, newest.status == "draft")


def beside(counted: Sequence[Line]) -> Callable[[Item], bool]:
    """Return what tells whether an item says something else than what was counted."""

    def is_more(item: Item) -> bool:
        said = [BY_KEY[one.key].said for one in read(item.text)]
        return not any(line.text.startswith(text) for line in counted for text in said)

    return is_more
