"""What the opening of a rollup may be written from: the lines that stand on its page, and a key for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from session_journal.core.digest import sha256
from session_journal.core.records import record
from session_journal.core.redact import redact
from session_journal.core.text import counted

_FORM = "1"
"""Raise it with every change of what a model is told or held to: openings are then written anew."""
_BULLETS = {
    "decisions": "decision", "learned": "learned", "surprises": "surprise", "challenges": "challenge",
    "deviations": "deviation from plan", "gaps": "knowledge gap", "well": "went well", "improve": "to improve",
    "actions": "open action", "questions": "open question",
}  # fmt: skip
"""Section → what its bullets are; those that matter most come first."""


@record(frozen=True, slots=True)
class Fact:
    """One line of a rollup, in words alone."""

    kind: str
    text: str


def facts_of(values: Mapping[str, Any]) -> list[Fact]:
    """Return what the values of a period's template say, without secrets, each line once."""
    told = [
        Fact("period", f"{values['first']} to {values['last']}: {values['summary']}"),
        *_sessions(values.get("projects", ())),
        *(fact for name in ("decisions", "learned", "surprises") for fact in _bullets(values, name)),
        *(_recurrence(row) for row in values.get("recurred", ())),
        *(fact for name in list(_BULLETS)[3:] for fact in _bullets(values, name)),
    ]
    return list(dict.fromkeys(Fact(fact.kind, redact(fact.text)[0]) for fact in told))


def _sessions(projects: Iterable[Any]) -> Iterable[Fact]:
    for project in projects:
        for line in project.lines:
            told = [line.text, *(f"outcome: {line.state}" for _ in [0] if line.state), *filter(None, [line.gist])]
            yield Fact(f"session of {project.name}" if project.name else "session", "; ".join(told))


def _bullets(values: Mapping[str, Any], name: str) -> Iterable[Fact]:
    for line in values.get(name, ()):
        yield Fact(_BULLETS[name], f"{line.text} ({line.state})" if line.state else line.text)


def _recurrence(row: Any) -> Fact:
    trend = "gone quiet" if row.trend == "quiet" else row.trend
    return Fact(f"recurring, {trend}", f"{row.text} ({counted(row.sessions, 'session')}, {counted(row.days, 'day')})")


def key_of(facts: Sequence[Fact], model: str) -> str:
    """Return what an opening is known by: a hash of what it was made from, and by which model."""
    lines = [_FORM, model, *(f"{fact.kind}\t{fact.text}" for fact in facts)]
    return sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()[:16]
