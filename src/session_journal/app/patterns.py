"""What recurs in a journal, as values for people and programs."""

from __future__ import annotations

from collections.abc import Iterable

from session_journal.core.entry import Entry
from session_journal.core.patterns import Pattern, Statement, find, statements


def find_patterns(entries: Iterable[Entry], project: str = "", least: int = 2) -> tuple[Pattern, ...]:
    """Return what at least `least` sessions state, the best founded first; a project narrows what is shown."""
    wanted = project.casefold()
    found = find(statements(entries), least)
    return tuple(one for one in found if not wanted or wanted in {name.casefold() for name in one.projects})


def summarise(pattern: Pattern, playbook: str = "") -> dict[str, object]:
    """Return a pattern as JSON shows it."""
    return {
        "pattern": pattern.key,
        "statement": pattern.statement,
        "kind": pattern.kind,
        "sessions": pattern.sessions,
        "days": pattern.days,
        "first": pattern.first,
        "last": pattern.last,
        "projects": list(pattern.projects),
        "playbook": playbook,
        "members": [_member(one) for one in pattern.members],
    }


def _member(one: Statement) -> dict[str, object]:
    return {
        "entry": one.entry, "path": one.path, "date": one.date, "project": one.project, "kind": one.kind,
        "text": one.text, "turns": list(one.turns), "draft": not one.reviewed,
    }  # fmt: skip
