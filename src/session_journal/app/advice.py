"""What a quarter asks of playbooks: which have earned promotion, which wait for a review, which should go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from session_journal.app.promotion import Promotion
from session_journal.core import playbooks
from session_journal.core.patterns import Pattern
from session_journal.core.playbooks import LEVELS, Bar, Standing, relative_link, stand
from session_journal.core.text import counted
from session_journal.rollups.recurring import known_by
from session_journal.rollups.span import Advice


def advise(patterns: Sequence[Pattern], promotion: Promotion, first: date, last: date, bar: Bar) -> tuple[Advice, ...]:
    """Return what to do about playbooks: first those to retire, then those that rose since a day or wait for review.

    last: what nothing spoke of up to this day is none of the quarter.
    """
    found = [
        Advice(title, relative_link(path), verb, why)
        for pattern in patterns
        if pattern.key in promotion.pages and known_by(pattern, last) is not None
        for path, title, status in [promotion.pages[pattern.key]]
        if status != "retired"
        for verb, why in _about(pattern, promotion.standings[pattern.key], first, bar)
    ]
    doubled = [
        Advice(one.title, relative_link(one.path), "Retire", f"`{other.name}` says the same by now")
        for one, other in promotion.doubles
    ]
    return tuple(sorted([*found, *doubled], key=lambda one: one.verb != "Retire"))


def _about(pattern: Pattern, standing: Standing, first: date, bar: Bar) -> Iterator[tuple[str, str]]:
    if reason := _against(standing):
        yield "Retire", reason
    elif standing.status != "candidate" and standing.is_faded:
        yield "Retire", f"last seen {pattern.last}"
    elif standing.by_hand and LEVELS.index(standing.earned) > _level(standing.status):
        yield "Promote", f"its evidence makes it {standing.earned}"
    elif (before := known_by(pattern, first - timedelta(days=1))) is None or _level(standing.earned) > _level(
        stand(before, None, bar).earned
    ):
        yield from _risen(pattern, standing)


def _risen(pattern: Pattern, standing: Standing) -> Iterator[tuple[str, str]]:
    told = playbooks.support(pattern)  # as the page counts
    seen = f"{counted(told.sessions, 'session')} on {counted(told.days, 'day')}"
    if standing.earned in {"established", "proven"}:
        yield f"Now {standing.earned}:", f"seen in {seen}"
    elif playbooks.promotable(pattern):
        reviewed = len({one.session for one in told.members if one.reviewed})
        yield "Review what is behind", f"seen in {seen}, {reviewed} of them reviewed"


def _against(standing: Standing) -> str:
    if standing.harmful > standing.helpful:
        return f"marked harmful {counted(standing.harmful, 'time')}"
    if standing.against and standing.strength <= 0:
        return f"taken back in {counted(len(standing.against), 'entry')}"
    return ""


def _level(status: str) -> int:
    return LEVELS.index(status) if status in LEVELS else 1
