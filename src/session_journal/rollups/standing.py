"""What stands at a period's end: decisions that nobody took back, open actions and gaps, and since when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from session_journal.core.entry import Entry
from session_journal.core.items import Item, ItemKind
from session_journal.core.patterns import squash
from session_journal.core.undoing import Undoings
from session_journal.rollups.span import Span

_STALE = timedelta(days=180)
"""An open task that nobody touched for so long is no longer carried over."""
_STATES = {"x": "resolved", "/": "practising"}
_STATE_ORDER = ("resolved", "practising", "opened")


def holds(entry: Entry, item: Item, said: Undoings) -> bool:
    """Tell whether a decision was not taken back later, in its own project."""
    return item.mark != "x" and not item.text.startswith("~~") and said.of(entry, item) is None


@dataclass(frozen=True, slots=True)
class Task:
    """An action or gap over all entries that name it: where it was said last, since when, and how it stands."""

    entry: Entry
    item: Item
    since: date
    is_done: bool


def tasks(entries: Iterable[Entry], kind: ItemKind) -> list[Task]:
    """Return each action or gap once, oldest first; ticked in a later entry, or the same, it is done."""
    found: dict[str, Task] = {}
    for entry in entries:
        for item in entry.items:
            if item.kind == kind:
                key = squash(item.text)
                since = found[key].since if key in found else entry.date
                found[key] = Task(entry, item, since, item.mark == "x")
    return list(found.values())


def open_actions(span: Span) -> list[tuple[Task, str]]:
    """Return what is to be done with how old it is: the period's own first, then what it carries over."""
    still = [task for task in tasks(span.until, "action") if not task.is_done]
    own = [task for task in still if task.entry.date >= span.first]
    carried = [task for task in still if task.entry.date < span.first and _is_carried(task, span)]
    own.sort(key=lambda task: (task.entry.status == "draft", task.since))
    return [(task, _age(task, span)) for task in (*own, *carried)]


def _is_carried(task: Task, span: Span) -> bool:
    return task.item.mark != "" and span.first - task.entry.date <= _STALE


def gaps(span: Span) -> list[tuple[Task, str]]:
    """Return the gaps that the period's entries name, with what became of them."""
    named = [task for task in tasks(span.until, "gap") if task.entry.date >= span.first]
    told = [(task, _STATES.get(task.item.mark, "") or _age(task, span) or "opened") for task in named]
    return sorted(told, key=lambda pair: (_place(pair[1]), pair[0].since))


def _place(state: str) -> int:
    return _STATE_ORDER.index(state) if state in _STATE_ORDER else len(_STATE_ORDER)


def _age(task: Task, span: Span) -> str:
    return f"open since {_short(task.since, span.first)}" if task.since < span.first else ""


def _short(day: date, of: date) -> str:
    return day.strftime("%m-%d") if day.year == of.year else day.isoformat()


def planned_by(entry: Entry) -> str:
    """Return the plan that an entry names, "" where it names none."""
    plan = entry.fields.get("plan")
    return " ".join(str(plan).split()) if isinstance(plan, str) else ""


def recurring_questions(span: Span) -> Sequence[str]:
    """Return the words of questions that more than one session asked: worth an investigation."""
    return [
        squash(member.text)
        for pattern in span.patterns
        if pattern.kind == "question"
        for member in pattern.members
        if member.date <= span.last
    ]
