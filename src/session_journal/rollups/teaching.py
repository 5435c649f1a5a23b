"""An outline of what could be taught from a period: what recurred and was solved, each with its examples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from session_journal.core.entry import Entry
from session_journal.core.items import Item
from session_journal.core.patterns import Pattern, distinct
from session_journal.rollups.choosing import LESSONS, Found, spread
from session_journal.rollups.lessons import is_lesson, is_teachable, is_telling, strength
from session_journal.rollups.recurring import Recurrence, Shown, recurred
from session_journal.rollups.reflections import is_reflection, is_surprise
from session_journal.rollups.span import Line, Span, count_of, item_line
from session_journal.rollups.standing import is_open
from session_journal.rollups.troubles import is_solved

_LESSONS = 5
_MOST = 3
_MOST_COMPARED = 60


def outline(span: Span) -> str:
    """Return the outline in markdown, "" where the period has nothing to teach; every line names its entry."""
    lessons = [row for row in recurred(span, 3 * _LESSONS) if _is_lesson(*row)]
    parts = [
        *_lessons(lessons[:_LESSONS]),
        *_part("Examples to work through: problems and how they were solved", _best(span.entries, "challenge")),
        *_part("What surprises people", _best(span.entries, "surprise")),
        *_part("Worth knowing", _best(span.entries, "lesson")),
        *_part("Left as an exercise", _best(span.entries, "gap")),
    ]
    return "\n".join([f"# What could be taught from {span.name}", *parts]) + "\n" if parts else ""


def _is_lesson(row: Recurrence, pattern: Pattern) -> bool:
    is_open = pattern.kind in {"action", "question", "gap"}
    return not is_open and (bool(row.status) or is_teachable(row.text))


def _lessons(shown: Sequence[Shown]) -> Iterator[str]:
    for number, (row, pattern) in enumerate(shown, 1):
        yield f"\n## {number}. {row.text}\n"
        yield f"Seen in {count_of(row.sessions, 'session')} on {count_of(row.days, 'day')}."
        for one in pattern.members[-_MOST:]:
            yield f"- {one.date} {one.title}: {' '.join(one.text.split())}"


def _part(title: str, lines: Sequence[Line]) -> Iterator[str]:
    if lines:
        yield f"\n## {title}\n"
        yield from (f"- {line.text} ({line.date}, {line.title}{', draft' if line.draft else ''})" for line in lines)


def _best(entries: Sequence[Entry], what: str) -> list[Line]:
    found = [(entry, item) for entry in entries for item in entry.items if _is(item, what)]
    found.sort(key=_rank)
    once = [found[place] for place in distinct([item.text for _, item in found[:_MOST_COMPARED]])]
    return [item_line(*one) for one in spread(once, _LESSONS, lambda one: one[0].path)]


def _rank(pair: Found) -> tuple[bool, int, int, int]:
    entry, item = pair
    return (
        entry.status == "draft", LESSONS.get(item.kind, 9), -strength(item.text), -entry.date.toordinal(),
    )  # fmt: skip


def _is(item: Item, what: str) -> bool:
    if what == "challenge":
        return item.kind == "challenge" and is_solved(item)
    if what == "surprise":
        return is_surprise(item)
    if what == "gap":
        return item.kind == "gap" and is_open(item)
    is_other = is_surprise(item) or is_reflection(item)
    return item.kind in LESSONS and not is_other and is_lesson(item) and is_telling(item)
