"""An outline of what could be taught from a period: what recurred and was solved, each with its examples."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date

from session_journal.core.entry import Entry
from session_journal.core.items import Item
from session_journal.core.patterns import Pattern, Statement, distinct, squash
from session_journal.core.pointing import looseness
from session_journal.core.text import counted
from session_journal.rollups.choosing import LESSONS, Found, spread
from session_journal.rollups.lessons import is_lesson, is_teachable, is_telling, strength
from session_journal.rollups.prose import unstyled
from session_journal.rollups.recurring import Recurrence, Shown, recurred
from session_journal.rollups.reflections import is_reflection, is_surprise
from session_journal.rollups.span import Line, Span, clip, item_line
from session_journal.rollups.standing import is_open
from session_journal.rollups.troubles import is_solved, is_trouble, trouble

_LEFT_OUT = re.compile(r" \(and \d+ more\)$")
_LESSONS = 5
_MOST = 3
_MOST_COMPARED = 60


def outline(span: Span) -> str:
    """Return the outline in markdown, "" where the period has nothing to teach; every line names its entry."""
    lessons = [row for row in recurred(span, 3 * _LESSONS) if _is_lesson(*row)][:_LESSONS]
    told = {squash(member.text) for _, pattern in lessons for member in pattern.members}
    parts = [
        *_lessons(lessons),
        *_part("Examples to work through: problems and how they were solved", _best(span.entries, "challenge", told)),
        *_part("What surprises people", _best(span.entries, "surprise", told)),
        *_part("Worth knowing", _best(span.entries, "lesson", told)),
        *_part("Left as an exercise", _best(span.entries, "gap", {*told, *_resolved(span)})),
    ]
    return "\n".join([f"# What could be taught from {span.name}", *parts]) + "\n" if parts else ""


def _resolved(span: Span) -> Iterator[str]:
    """Yield what gaps say that are resolved by now, wherever that was told: such a one is no exercise."""
    closed = (end for end in span.open_ends() if end.kind == "gap" and not end.is_open)
    return (squash(one.text) for end in closed for one in end.mentions)


def _is_lesson(row: Recurrence, pattern: Pattern) -> bool:
    """Tell whether what recurred is a lesson; where drafts alone say so, a rule or a cause."""
    if pattern.kind in {"action", "question", "gap"}:
        return False
    is_own = any(one.reviewed or not one.turns for one in pattern.members)
    is_told = is_own or is_telling(Item("discovery", row.text, turns=(0,)))
    return bool(row.status) or (is_told and is_teachable(row.text))


def _lessons(shown: Sequence[Shown]) -> Iterator[str]:
    for number, (row, pattern) in enumerate(shown, 1):
        yield f"\n## {number}. {row.text}\n"
        yield f"Seen in {counted(row.sessions, 'session')} on {counted(row.days, 'day')}."
        yield from (f"- {_line(_said(one), one.date, one.title, draft=not one.reviewed)}" for one in _examples(pattern))


def _examples(pattern: Pattern) -> list[Statement]:
    """Return the newest members, those that teach before the others, and one of a session before two."""
    rated = sorted(pattern.members, key=lambda one: (not _teaches(one), -one.date.toordinal()))
    return spread(rated, _MOST, lambda one: one.session)


def _teaches(one: Statement) -> bool:
    return is_lesson(Item(one.kind, one.text, turns=one.turns))


def _said(one: Statement) -> str:
    return clip(unstyled(one.text))


def _line(text: str, day: date, title: str, *, draft: bool) -> str:
    """Return a line with its entry: a title that says how much was left out of it stands without that."""
    short = _LEFT_OUT.sub("", title)
    return f"{text} ({day}, {short}{', draft' if draft else ''})"


def _part(title: str, lines: Sequence[Line]) -> Iterator[str]:
    if lines:
        yield f"\n## {title}\n"
        yield from (f"- {_line(line.text, line.date, line.title, draft=line.draft)}" for line in lines)


def _best(entries: Sequence[Entry], what: str, told: Collection[str]) -> list[Line]:
    """Return the best of a kind, without what a lesson above was made of."""
    found = [
        (entry, item) for entry in entries for item in entry.items if _is(item, what) and squash(item.text) not in told
    ]
    found.sort(key=_rank)
    once = [found[place] for place in distinct([item.text for _, item in found[:_MOST_COMPARED]])]
    return [item_line(*one) for one in spread(once, _LESSONS, lambda one: one[0].path)]


def _rank(pair: Found) -> tuple[int, bool, int, int, int, int]:
    entry, item = pair
    weight = trouble(item.text) if item.kind == "challenge" else 0
    return (
        looseness(item.text), entry.status == "draft", weight, LESSONS.get(item.kind, 9), -strength(item.text),
        -entry.date.toordinal(),
    )  # fmt: skip


def _is(item: Item, what: str) -> bool:
    if what == "challenge":
        return item.kind == "challenge" and is_trouble(item) and is_solved(item)
    if what == "surprise":
        return is_surprise(item)
    if what == "gap":
        return item.kind == "gap" and is_open(item)
    is_other = is_surprise(item) or is_reflection(item)
    return item.kind in LESSONS and not is_other and is_lesson(item) and _is_worth_knowing(item)


def _is_worth_knowing(item: Item) -> bool:
    """Tell whether a lesson is a rule or a cause or, of what a person noted, explains something."""
    return is_telling(item) or (not item.turns and strength(item.text) > 1)
