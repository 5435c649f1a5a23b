"""A week's rollup: what the week's entries and notes come to, the best of each kind first, about one page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from session_journal.core.entry import Entry
from session_journal.core.excerpts import cut_short
from session_journal.core.items import Item, ItemKind
from session_journal.core.patterns import Pattern, distinct, is_rule, is_standing, squash
from session_journal.core.periods import week_days
from session_journal.core.playbooks import relative_link, support
from session_journal.rollups import merit

MOST = {
    "accomplished": 10, "decisions": 5, "learned": 5, "surprises": 3, "recurred": 5, "challenges": 3, "actions": 5,
    "questions": 3, "gaps": 4, "next": 3, "well": 2, "improve": 2, "reps": 3, "notes": 7,
}  # fmt: skip
_LONGEST = 200
_RANK: dict[ItemKind, int] = {"takeaway": 0, "insight": 1, "pattern": 2, "decision": 3, "discovery": 4}
_CONDUCT = ("went-well", "improve", "deviation")
"""How the work went comes after what it taught."""
_UNTAUGHT = ("challenge", "action", "question", "gap")
_GAP_STATES = {"x": "resolved", "/": "practising"}


@dataclass(frozen=True, slots=True)
class Line:
    """One bullet of the rollup with the entry it comes from."""

    text: str
    date: date
    link: str
    title: str
    draft: bool = False
    state: str = ""
    gist: str = ""


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A pattern as the week sees it; link: its playbook, if it has one."""

    trend: str
    text: str
    sessions: int
    days: int
    link: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """One line of a day's notes."""

    date: date
    text: str


@dataclass(frozen=True, slots=True)
class Week:
    """What a week's rollup is made of. patterns: found in all entries up to the week's end; older: entries before.

    pages: pattern key → (path, title, status) of its playbook.
    """

    name: str
    entries: Sequence[Entry]
    notes: Sequence[Note] = ()
    patterns: Sequence[Pattern] = ()
    pages: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)


def values_of(week: Week) -> dict[str, object]:
    """Return what the template of a week's managed block needs; an empty list leaves its section out."""
    first, last = week_days(week.name)
    pick = _Picker(week)
    shown = _recurred(week, first, last)
    recurred = [row for row, _ in shown]
    told = {squash(member.text) for _, pattern in shown for member in pattern.members}

    def is_learned(item: Item) -> bool:
        return not _is_surprise(item) and squash(item.text) not in told and merit.is_lesson(item)

    def is_ahead(item: Item) -> bool:
        return _is_open(item) and merit.is_intention(item)

    values: dict[str, object] = {
        "week": week.name, "first": first, "last": last, "summary": _summary(week.entries),
        "projects": _projects(week.entries),
        "decisions": pick.lines("decisions", "decision", fits=merit.is_decision),
        "learned": pick.lines("learned", *_RANK, fits=is_learned),
        "surprises": pick.lines("surprises", "discovery", "insight", "takeaway", fits=_is_surprise),
        "recurred": recurred,
        "challenges": pick.lines("challenges", "challenge"),
        "actions": pick.lines("actions", "action", fits=_is_open),
        "questions": pick.lines("questions", "question", fits=_is_open),
        "gaps": pick.lines("gaps", "gap"),
        "next": pick.lines("next", "next", fits=is_ahead),
        "well": pick.lines("well", "went-well"),
        "improve": pick.lines("improve", "improve", "deviation"),
        "notes": [Note(note.date, _clip(note.text)) for note in week.notes[: MOST["notes"]]],
        "more_notes": max(0, len(week.notes) - MOST["notes"]),
    }  # fmt: skip
    return values | {"reps": _reps(week, shown), "drafts": sum(one.status == "draft" for one in week.entries)}


def _summary(entries: Sequence[Entry]) -> str:
    """Return the week in one line of counts."""
    if not entries:
        return "no sessions"
    days = len({entry.date for entry in entries})
    parts = [f"{_count(len(entries), 'session')} on {_count(days, 'day')}"]
    minutes = sum(_minutes(entry) for entry in entries)
    if minutes:
        parts.append(f"{minutes // 60} h {minutes % 60:02} min" if minutes >= 60 else f"{minutes} min")
    outcomes = Counter(entry.outcome for entry in entries if entry.outcome != "unknown")
    if outcomes:
        parts.append(", ".join(f"{count} {name}" for name, count in sorted(outcomes.items(), key=_most)))
    marks = [entry.effectiveness for entry in entries if entry.effectiveness]
    if marks:
        parts.append(f"effectiveness {sum(marks) / len(marks):.1f} of 5")
    return " · ".join(parts)


def _most(pair: tuple[str, int]) -> tuple[int, str]:
    return -pair[1], pair[0]


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _minutes(entry: Entry) -> int:
    value = entry.fields.get("duration")
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _projects(entries: Sequence[Entry]) -> list[dict[str, object]]:
    """Return the sessions of each project, the busiest project first; of many, those that got somewhere."""
    by_project: dict[str, list[Entry]] = {}
    for entry in entries:
        by_project.setdefault(entry.project, []).append(entry)
    groups = sorted(by_project.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    room = MOST["accomplished"]
    out = []
    for left, (name, own) in zip(range(len(groups), 0, -1), groups, strict=True):
        share = min(len(own), max(1, room // left if left > 1 else room))
        best = sorted(own, key=_rank_of_outcome)[:share]
        room = max(1, room - share)
        lines = [_session_line(entry) for entry in sorted(best, key=lambda entry: entry.order)]
        out.append({"name": name or "No project", "sessions": len(own), "lines": lines, "more": len(own) - share})
    return out


def _rank_of_outcome(entry: Entry) -> tuple[int, int, tuple[date, float, str]]:
    order = {"done": 0, "partial": 1, "blocked": 2, "unknown": 3, "abandoned": 4}
    return order.get(entry.outcome, 3), -len(entry.items), entry.order


def _session_line(entry: Entry) -> Line:
    return Line(
        _clip(entry.title), entry.date, relative_link(entry.path), entry.title, entry.status == "draft",
        merit.outcome_of(entry), merit.gist_of(entry),
    )  # fmt: skip


def _is_open(item: Item) -> bool:
    return item.mark != "x"


def _is_surprise(item: Item) -> bool:
    return "#surprise" in item.text.casefold()


class _Picker:
    """Choose a section's bullets: what recurs and what is reviewed first, each thing once in the whole page."""

    def __init__(self, week: Week) -> None:
        self.entries = week.entries
        self.pattern = {squash(member.text): pattern for pattern in week.patterns for member in pattern.members}
        self.said: set[str] = set()

    def lines(self, section: str, *kinds: ItemKind, fits: Callable[[Item], bool] = lambda _: True) -> list[Line]:
        """Return the best bullets of some kinds."""
        found = [
            (entry, item)
            for entry in self.entries
            for item in entry.items
            if item.kind in kinds and fits(item) and squash(item.text) not in self.said
        ]
        found.sort(key=lambda pair: self._rank(*pair))
        places = distinct([item.text for _, item in found])
        chosen = _spread(self._once([found[place] for place in places]), MOST[section])
        self.said.update(squash(item.text) for _, item in chosen)
        return [_item_line(entry, item) for entry, item in chosen]

    def _once(self, found: Sequence[tuple[Entry, Item]]) -> list[tuple[Entry, Item]]:
        """Keep one bullet of each pattern: what recurs is told once in a section."""
        kept: dict[str, tuple[Entry, Item]] = {}
        for entry, item in found:
            pattern = self.pattern.get(squash(item.text))
            kept.setdefault(pattern.key if pattern else squash(item.text), (entry, item))
        return list(kept.values())

    def _rank(self, entry: Entry, item: Item) -> tuple[bool, int, bool, int, int, int]:
        pattern = self.pattern.get(squash(item.text))
        recurring = pattern.sessions if pattern else 0
        is_plain = item.kind in _RANK and not merit.is_telling(item)
        return (
            is_plain,
            -recurring,
            entry.status == "draft",
            _RANK.get(item.kind, 9),
            -entry.date.toordinal(),
            item.line,
        )


def _spread(found: Sequence[tuple[Entry, Item]], most: int) -> list[tuple[Entry, Item]]:
    """Take bullets in rank order, but from as many entries as possible: one talkative session is not the week."""
    taken: Counter[str] = Counter()
    turn: dict[int, int] = {}
    for place, (entry, _) in enumerate(found):
        turn[place] = taken[entry.path]
        taken[entry.path] += 1
    order = sorted(turn, key=lambda place: (turn[place], place))[:most]
    return [found[place] for place in sorted(order)]


def _item_line(entry: Entry, item: Item) -> Line:
    state = _GAP_STATES.get(item.mark, "") if item.kind == "gap" else ""
    return Line(
        _clip(merit.worded(_untagged(item.text))),
        entry.date,
        relative_link(entry.path),
        entry.title,
        entry.status == "draft",
        state,
    )


def _untagged(text: str) -> str:
    words = [word for word in text.split(" ") if word.casefold() != "#surprise"]
    return " ".join(words).strip() or text


def _clip(text: str) -> str:
    return cut_short(" ".join(text.split()), _LONGEST)


def _recurred(week: Week, first: date, last: date) -> list[tuple[Recurrence, Pattern]]:
    """Return what recurred: growing and new first, and playbooks that were quiet this week."""
    rows = []
    for pattern in week.patterns:
        trend = pattern.trend(first, last)
        path, title, status = week.pages.get(pattern.key, ("", "", ""))
        if trend == "quiet" and (not path or (first - pattern.last).days > 28 or status == "retired"):
            continue
        if not path and not merit.recurs(pattern):
            continue
        text = _clip(title or merit.worded(_untagged(pattern.statement)))
        seen = support(pattern) if path else pattern
        link = relative_link(path) if path else ""
        rows.append((Recurrence(trend, text, seen.sessions, seen.days, link, status), pattern))
    order = {"growing": 0, "new": 1, "quiet": 2}
    rows.sort(key=lambda row: (row[1].kind in _CONDUCT, not row[0].link, order[row[0].trend], *_size(row[0])))
    busy = [row for row in rows if row[0].trend != "quiet"][: MOST["recurred"]]
    quiet = [row for row in rows if row[0].trend == "quiet"][: max(0, min(2, MOST["recurred"] - len(busy)))]
    return [*busy, *quiet]


def _size(row: Recurrence) -> tuple[int, int, str]:
    return -row.sessions, -row.days, row.text


def _reps(week: Week, shown: Sequence[tuple[Recurrence, Pattern]]) -> list[str]:
    """Suggest what to practise next: open gaps, lessons that keep coming back, what was meant for next time."""
    lessons = [(row, pattern) for row, pattern in shown if row.trend != "quiet" and _is_practice(row, pattern)]
    told = {squash(member.text) for _, pattern in lessons for member in pattern.members}

    def is_fresh(item: Item) -> bool:
        return _is_open(item) and squash(item.text) not in told and (not item.turns or is_standing(item.text))

    # What a draft would do next time nobody has agreed to yet.
    agreed = [entry for entry in week.entries if entry.status != "draft"]
    suggestions = [
        *(f"Practise: {text}" for text in _texts(week.entries, "gap", _is_open)[:2]),
        *(f"Repeat: {row.text}{f' ([playbook]({row.link}))' if row.link else ''}" for row, _ in lessons[:1]),
        *(f"Try: {text}" for text in _texts(agreed, "next", is_fresh)[:2]),
    ]
    return suggestions[: MOST["reps"]]


def _is_practice(row: Recurrence, pattern: Pattern) -> bool:
    """Tell whether something that recurred is a thing to do; a playbook's title is one."""
    return bool(row.link) or (pattern.kind not in _UNTAUGHT and is_rule(row.text))


def _texts(entries: Iterable[Entry], kind: ItemKind, fits: Callable[[Item], bool]) -> list[str]:
    found = [
        _clip(_untagged(item.text)) for entry in entries for item in entry.items if item.kind == kind and fits(item)
    ]
    return [found[place] for place in distinct(found)]
