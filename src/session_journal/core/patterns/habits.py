"""Habits: what the drafting counted of how sessions went, told apart by its own words instead of by likeness."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from session_journal.core.observations import read_clauses
from session_journal.core.patterns.statements import Statement


@dataclass(frozen=True, slots=True)
class Habit:
    """One thing that a statement says of how its session went; label: the same without a session's own numbers."""

    statement: Statement
    label: str


def habits_in(conduct: Iterable[Statement]) -> tuple[list[Habit], list[Statement]]:
    """Return the habits that statements name, each by itself, and the statements that name none."""
    habits: list[Habit] = []
    rest: list[Statement] = []
    for one in conduct:
        found = list(read_clauses(one.text)) if one.kind != "deviation" else []
        texts = [words for _, words in found] if len(found) > 1 else [one.text]
        habits += [
            Habit(replace(one, text=text), read.observation.said) for (read, _), text in zip(found, texts, strict=False)
        ]
        rest += [] if found else [one]
    return habits, rest
