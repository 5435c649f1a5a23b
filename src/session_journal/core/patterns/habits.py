"""Habits: what the drafting counted of how sessions went and were checked, told apart without any likeness."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from session_journal.core.formulas import report
from session_journal.core.observations import read_clauses
from session_journal.core.patterns.statements import Statement
from session_journal.core.records import record


@record(frozen=True, slots=True)
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


_COMMAND = re.compile(r"`([^`]+)`")
_STARTS = 8
"""So many of the commonest commands are tried as the first of a habit."""
_Run = tuple[str, tuple[str, ...]]
"""A session, and the commands that one of its reports names."""


def checks_in(reports: Sequence[Statement]) -> list[Habit]:
    """Return reports of checks by what they share: the commands that most sessions ran, then those of the others.

    Each report is of one habit, and ran all the commands that its label names.
    """
    left = {place: (one.session, tuple(_COMMAND.findall(one.text))) for place, one in enumerate(reports)}
    labels: dict[int, str] = {}
    while left and (shared := _habit(list(left.values()))):
        ran = [place for place, (_, commands) in left.items() if shared.issubset(commands)]
        order = left[ran[-1]][1]
        labels |= dict.fromkeys(ran, report([command for command in order if command in shared]))
        left = {place: run for place, run in left.items() if place not in labels}
    return [Habit(one, labels.get(place, one.text)) for place, one in enumerate(reports)]


def _habit(runs: Sequence[_Run]) -> frozenset[str]:
    """Return the commands that say most of what sessions have in common: many commands, run together in many."""
    sessions = _sessions(runs)
    starts = sorted((one for one in sessions if len(sessions[one]) > 1), key=lambda one: (-len(sessions[one]), one))
    chains = [chain for start in starts[:_STARTS] for chain in _grown(start, runs)]
    best = max(chains, key=lambda one: ((one[1] - 1) * len(one[0]), one[1], sorted(one[0])), default=None)
    return best[0] if best else frozenset()


def _grown(start: str, runs: Sequence[_Run]) -> Iterable[tuple[frozenset[str], int]]:
    """Yield ever more commands that were run together, with the number of sessions that ran them all."""
    shared = frozenset({start})
    while True:
        runs = [run for run in runs if shared.issubset(run[1])]
        sessions = _sessions(runs)
        yield shared, len(sessions[start])
        more = sorted((one for one in sessions if one not in shared), key=lambda one: (-len(sessions[one]), one))
        if not more or len(sessions[more[0]]) < _LEAST:
            return
        shared |= {more[0]}


_LEAST = 2


def _sessions(runs: Iterable[_Run]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for session, commands in runs:
        for command in commands:
            found.setdefault(command, set()).add(session)
    return found
