"""What recurred in a period: new, growing, gone quiet; and what to practise next."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date

from session_journal.core.entry import Entry
from session_journal.core.excerpts import sentence
from session_journal.core.filler import is_filler
from session_journal.core.formulas import ARROW, OFFERED
from session_journal.core.items import Item, ItemKind
from session_journal.core.open_ends import End
from session_journal.core.patterns import Pattern, Statement, distinct, is_rule, is_standing, squash
from session_journal.core.periods import before, days
from session_journal.core.playbooks import relative_link, support
from session_journal.core.records import record
from session_journal.core.resolved import is_told_then_solved
from session_journal.rollups import prose
from session_journal.rollups.lessons import is_lesson, is_teachable
from session_journal.rollups.span import Span, clip, untagged
from session_journal.rollups.troubles import is_slight

_CONDUCT = ("went-well", "improve", "deviation")
"""How the work went comes after what it taught."""
_UNTAUGHT = ("challenge", "action", "question", "gap")
_FOUND: frozenset[ItemKind] = frozenset({"discovery", "insight", "decision", "next", "action"})
"""What a draft takes from what was said; it may be talk."""
_ENDED = ("action", "question")
_LEAST = 2
_QUIET_SESSIONS = 3
_MOST_QUIET = 2
_MOST_REPS = 3
_REPEAT = "Repeat: "
_ORDER = {"growing": 0, "new": 1, "steady": 2, "quiet": 3}


@record(frozen=True, slots=True)
class Recurrence:
    """A pattern as the period sees it; link: its playbook, if it has one, else the entry that says it best."""

    trend: str
    text: str
    sessions: int
    days: int
    link: str = ""
    status: str = ""
    evidence: str = ""


Shown = tuple[Recurrence, Pattern]


def known_by(pattern: Pattern, last: date) -> Pattern | None:
    """Return a pattern as it was known on a day; None where it was none yet."""
    return _narrowed(pattern, tuple(one for one in pattern.members if one.date <= last))


def known_in(pattern: Pattern, project: str) -> Pattern | None:
    """Return a pattern by what one project's sessions say of it; None where it recurs in no two of them."""
    name = project.casefold()
    return _narrowed(pattern, tuple(one for one in pattern.members if one.project.casefold() == name))


def _narrowed(pattern: Pattern, members: tuple[Statement, ...]) -> Pattern | None:
    if len(members) == len(pattern.members):
        return pattern
    sessions = min(pattern.sessions, len({one.session for one in members}))
    if sessions < 2:
        return None
    best = pattern.best if pattern.best in members else members[-1]
    statement = pattern.statement if best.checks else best.text  # what all reports of checks share, any of them do
    return replace(pattern, members=members, sessions=sessions, best=best, statement=statement)


def recurred(span: Span, most: int) -> list[Shown]:
    """Return what recurred: growing and new first, then what was seen in the period before and not in this one."""
    done = {squash(one.text) for end in span.open_ends() if _is_done_once(end) for one in end.mentions}
    rows = [row for pattern in span.patterns if not _is_of(pattern, done) and (row := _row(span, pattern))]
    rows.sort(
        key=lambda row: (
            row[1].kind in _CONDUCT or is_slight(row[0].text),
            not row[0].status,
            _ORDER.get(row[0].trend, 2),
            *_size(row[0]),
        )
    )
    telling = [row for row in rows if not is_filler(row[0].text)]
    rows = telling if any(pattern.kind not in _CONDUCT for _, pattern in telling) else rows
    busy = [row for row in rows if row[0].trend != "quiet"][:most]
    quiet = [row for row in rows if row[0].trend == "quiet"][: max(0, min(_MOST_QUIET, most - len(busy)))]
    return [*busy, *quiet]


def _is_done_once(end: End) -> bool:
    """Tell whether an action was stated and then done, or a question asked and answered, by which it did not recur."""
    return end.kind in _ENDED and end.mark == "x" and end.since == end.mentions[0].date and not end.is_habit


def _is_of(pattern: Pattern, done: Collection[str]) -> bool:
    return all(one.kind in _ENDED and squash(one.text) in done for one in pattern.members)


def _row(span: Span, whole: Pattern) -> Shown | None:
    pattern = known_by(whole, span.last)
    path, title, status = span.pages.get(whole.key, ("", "", ""))
    if pattern is None or (not path and not _is_worth_telling(pattern)):
        return None
    best = pattern.best if title else _best(pattern)
    if best is None:
        return None
    trend = pattern.trend(span.first, span.last)
    if trend == "quiet" and not _is_missed(span, pattern, status):
        return None
    said = pattern.statement if best.checks else best.text
    text = sentence(clip(title or prose.worded(prose.unstyled(untagged(said)))))
    seen = support(pattern) if path else pattern
    link = relative_link(path) if path else ""
    return Recurrence(trend, text, seen.sessions, seen.days, link, status, relative_link(best.path)), pattern


def _is_worth_telling(pattern: Pattern) -> bool:
    """Tell whether a pattern is worth telling: not what drafts counted, users merely asked, one check or solution."""
    asked = pattern.statement.startswith(prose.REPORTED) and not is_rule(pattern.statement)
    asked = asked or pattern.statement.startswith(OFFERED) or bool(_unsolved_first(pattern))
    return not (asked or pattern.is_one_check) and not all(member.is_conduct for member in pattern.members)


def solved_beside(shown: Iterable[Shown]) -> frozenset[str]:
    """Return in small letters people's solved challenges in patterns told as a lesson: how each was met is not told."""
    lessons = [pattern for _, pattern in shown if all(ARROW.search(text) is None for text in _told_as(pattern))]
    members = (one for pattern in lessons for one in pattern.members)
    solved = (one for one in members if one.kind == "challenge" and not one.turns and ARROW.search(one.text))
    return frozenset(squash(one.text) for one in solved)


def _told_as(pattern: Pattern) -> tuple[str, str]:
    return pattern.statement, support(pattern).statement


def solved_since(span: Span) -> frozenset[str]:
    """Return in small letters the challenges that patterns tell once without a solution, and then with one."""
    known = filter(None, (known_by(pattern, span.last) for pattern in span.patterns))
    return frozenset(squash(one.text) for pattern in known for one in _unsolved_first(pattern))


def _unsolved_first(pattern: Pattern) -> list[Statement]:
    """Return how one session stated a challenge where all else is one later session that solved it; else nothing.

    That is one problem with its own solution, and nothing that came back.
    """
    is_one = all(one.kind == "challenge" for one in pattern.members) and len(pattern.projects) < _LEAST
    first, *others = dict.fromkeys(one.session for one in pattern.members)  # by date
    if not is_one or len(others) != 1:
        return []
    told, since = ([one for one in pattern.members if one.session == name] for name in (first, *others))
    return told if all(is_told_then_solved(one.text, other.text) for one in told for other in since) else []


def _best(pattern: Pattern) -> Statement | None:
    """Return the member that says a pattern best; None where drafts alone make it, and fewer than two teach.

    A check that was run again and again is a practice, whatever else it teaches.
    """
    kinds = {member.kind for member in pattern.members}
    if not kinds <= _FOUND or any(member.reviewed or not member.turns or member.checks for member in pattern.members):
        return pattern.best
    teaching = [one for one in pattern.members if is_lesson(Item(one.kind, one.text, turns=one.turns))]
    best = [one for one in teaching if is_teachable(one.text)]
    if len({one.session for one in teaching}) < _LEAST or not best:
        return None
    return pattern.best if pattern.best in best else best[-1]


def _is_missed(span: Span, pattern: Pattern, status: str) -> bool:
    """Tell whether a pattern went quiet just now: a playbook is missed longer than what two sessions said."""
    since = days(before(span.name))[0]
    if status:
        return status != "retired" and (pattern.last >= since or (span.first - pattern.last).days <= 28)
    return pattern.sessions >= _QUIET_SESSIONS and pattern.last >= since


def _size(row: Recurrence) -> tuple[int, int, str]:
    return -row.sessions, -row.days, row.text


def reps(entries: Sequence[Entry], shown: Sequence[Shown], gaps: Sequence[str]) -> list[str]:
    """Suggest what to practise next: open gaps, lessons that keep coming back, what was meant for next time."""
    lessons = [(row, pattern) for row, pattern in shown if row.trend != "quiet" and _is_practice(row, pattern)]
    told = {squash(member.text) for _, pattern in lessons for member in pattern.members}

    def is_fresh(item: Item) -> bool:
        return item.mark != "x" and squash(item.text) not in told and (not item.turns or is_standing(item.text))

    # What a draft would do next time nobody has agreed to yet.
    agreed = [entry for entry in entries if entry.status != "draft"]
    suggestions = [
        *(f"Practise: {clip(untagged(text))}" for text in gaps[:2]),
        *(f"{_REPEAT}{row.text}{f' ([playbook]({row.link}))' if row.link else ''}" for row, _ in lessons[:1]),
        *(f"Try: {text}" for text in _texts(agreed, "next", is_fresh)[:2]),
    ]
    return suggestions[:_MOST_REPS]


def unsaid(suggestions: Sequence[object], shown: Sequence[object]) -> list[object]:
    """Return the suggestions without those to repeat what a page tells in the same words."""
    told = tuple(f"{_REPEAT}{row.text}" for row in shown if isinstance(row, Recurrence))
    return [one for one in suggestions if not str(one).startswith(told)]


def _is_practice(row: Recurrence, pattern: Pattern) -> bool:
    """Tell whether something that recurred is a thing to do, and not in drafts alone; a playbook's title is one."""
    is_agreed = any(member.reviewed for member in pattern.members)
    return bool(row.status) or (is_agreed and pattern.kind not in _UNTAUGHT and is_rule(row.text))


def _texts(entries: Iterable[Entry], kind: ItemKind, fits: Callable[[Item], bool]) -> list[str]:
    found = [clip(untagged(item.text)) for entry in entries for item in entry.items if item.kind == kind and fits(item)]
    return [found[place] for place in distinct(found[-60:])]
