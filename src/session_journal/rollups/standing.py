"""What stands at a period's end: decisions that nobody took back, open actions and gaps, and since when."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

from session_journal.core.entry import Entry
from session_journal.core.formulas import LEFT_OVER, OFFERED
from session_journal.core.items import Item, ItemKind
from session_journal.core.open_ends import End
from session_journal.core.patterns import squash
from session_journal.core.practice import Practice
from session_journal.core.records import record
from session_journal.core.undoing import Undoings
from session_journal.rollups.span import GAP_STATES, Span

STALE = timedelta(days=180)
"""An open task that nobody touched for so long is no longer carried over."""
_PASSED = timedelta(days=14)
"""What was offered, committed or pushed so long ago is settled, done elsewhere, or not wanted."""
AGAIN = "asked again: worth an investigation"
_OPENED, _OPEN_AGAIN = "opened", "open again"
_STATE_ORDER = ("resolved", "practising", _OPEN_AGAIN, _OPENED)


def holds(entry: Entry, item: Item, said: Undoings) -> bool:
    """Tell whether a decision was not taken back later, in its own project."""
    return item.mark != "x" and not item.text.startswith("~~") and said.of(entry, item) is None


@record(frozen=True, slots=True)
class Task:
    """An open end as a span sees it: the newest of its entries that states it, and since when it is open.

    ended: it was open at the span's end, or the page names it, and has been closed since. own: it came up in the span,
    or was ticked within it. kept: it is closed and the page names it: it stays there, ticked, however old it is.
    practice: what sessions did of a gap up to the span's last day.
    """

    end: End
    entry: Entry
    item: Item
    since: date
    own: bool
    ended: bool = False
    kept: bool = False
    practice: Practice | None = None

    @property
    def is_offer(self) -> bool:
        """Tell whether it is what an assistant offered and nobody took up."""
        return self.end.is_draft and self.item.text.startswith(OFFERED)

    @property
    def is_to_do(self) -> bool:
        """Tell whether it came up in the span and is open still."""
        return self.own and self.end.is_open

    @property
    def was_closed(self) -> bool:
        """Tell whether it had been closed when it was stated anew."""
        return any(one.mark == "x" and one.date <= self.since for one in self.end.mentions[:-1])

    def was_practised(self, first: date) -> bool:
        """Tell whether a session did what it is about from a day on; once resolved, that is not told again."""
        if self.practice is None or self.practice.deeds[-1].date < first:
            return False
        before = self.practice.until(first - timedelta(days=1))
        return not (before and before.is_resolved and self.practice.is_resolved)


def tasks(span: Span, kind: ItemKind) -> list[Task]:
    """Return each action, gap or question that the span's entries state up to its last day, the oldest first.

    What no entry has stated for long is left out: a span of any length carries it over no more.
    """
    first, last = span.first, span.last
    entries = {entry.path: entry for entry in span.until}
    found = []
    for end in span.open_ends():
        is_meant = end.kind == kind and not (end.is_habit or end.passed)
        stated = [one for one in end.mentions if one.path in entries] if is_meant else []
        kept, ticked = not end.is_open and end.id in span.told, end.id in span.closed
        if stated and ((entry := entries[stated[-1].path]).date >= first - STALE or kept or ticked or end.practice):
            ended = kept or ticked or (not end.is_open and stated[-1].state != "x")
            since = end.since if end.since <= last else stated[0].date
            item = Item(kind, end.text, mark=stated[-1].mark and end.mark)
            practice = end.practice.until(last) if end.practice else None
            own = ticked or entry.date >= first
            found.append(Task(end, entry, item, since, own, ended, kept, practice))
    return found


def open_actions(span: Span) -> list[tuple[Task, str]]:
    """Return what is to be done with how old it is: the period's own, then what it carries over, then what was done."""
    found = [task for task in tasks(span, "action") if task.end.is_open or task.ended]
    found = [
        task
        for task in found
        if task.own
        or task.kept
        or ((task.item.mark or not task.end.is_draft) and not task.is_offer and _is_carried(task, span))
    ]
    found.sort(key=lambda task: (task.ended, not task.own, task.entry.status == "draft" and task.own, task.since))
    return [(task, "done" if task.ended else _age(task, span)) for task in found]


def gaps(span: Span) -> list[tuple[Task, str]]:
    """Return the gaps that the period names, practises or resolved, with what became of them, then older ones."""
    found = tasks(span, "gap")
    own = [task for task in found if task.own or task.kept or task.was_practised(span.first)]
    told = [(task, _became(task, span)) for task in own]
    told.sort(key=lambda pair: (_place(pair[1]), pair[0].since))
    left = _reminders([task for task in found if not task.was_practised(span.first)], span)
    return [*told, *((task, _became(task, span) if task.practice else age) for task, age in left)]


def _became(task: Task, span: Span) -> str:
    """Return how a gap stands by its mark, else by what was done of it, else since when it is open."""
    practice = task.practice if task.end.mark != "x" else None
    marked = f"{practice.state}: {practice.words(span.first.year)}" if practice else GAP_STATES.get(task.end.mark, "")
    return marked or _age(task, span) or (_OPEN_AGAIN if task.was_closed else _OPENED)


def questions(span: Span) -> list[tuple[Task, str]]:
    """Return the open questions of the period, then older ones, then those that were answered."""
    found = tasks(span, "question")
    again = set(recurring_questions(span))
    own = [task for task in found if task.kept or (task.own and (task.end.is_open or task.ended))]
    own.sort(key=lambda task: (task.entry.status == "draft", -task.entry.date.toordinal()))
    told = [(task, _asked(task, again, span)) for task in own if not task.ended]
    return [*told, *_reminders(found, span), *((task, "answered") for task in own if task.ended)]


def _asked(task: Task, again: Collection[str], span: Span) -> str:
    told = any(squash(one.text) in again for one in task.end.mentions)
    return AGAIN if told or task.end.sessions > 1 else _age(task, span)


def _reminders(found: Iterable[Task], span: Span) -> list[tuple[Task, str]]:
    """Return what is open from before the period, and not in drafts alone: they are too many to be reminded of."""
    old = [task for task in found if not task.own and task.end.is_open and not task.end.is_draft]
    return [(task, _age(task, span)) for task in old if _is_carried(task, span)]


def _is_carried(task: Task, span: Span) -> bool:
    if task.item.text.startswith(OFFERED) or LEFT_OVER.match(task.item.text):
        return max([entry.date for entry in span.entries], default=span.first) - task.entry.date <= _PASSED
    return span.first - task.entry.date <= STALE


def _place(state: str) -> int:
    word = state.partition(":")[0]
    return _STATE_ORDER.index(word) if word in _STATE_ORDER else len(_STATE_ORDER)


def _age(task: Task, span: Span) -> str:
    return f"open since {short(task.since, span.first)}" if task.since < span.first else ""


def is_open(item: Item) -> bool:
    """Tell whether an item is not done."""
    return item.mark != "x"


def short(day: date, of: date) -> str:
    """Return a day as a page names it: without its year where that is the page's own."""
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
