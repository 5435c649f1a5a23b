"""What was accomplished in a period and how it went, in counts and by project."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

from session_journal.core.entry import Entry
from session_journal.core.excerpts import cut_short
from session_journal.core.passing import is_followed, newest_of_entries
from session_journal.core.periods import month_of, period_of, week_of
from session_journal.core.playbooks import relative_link
from session_journal.core.records import record
from session_journal.core.reflecting.accounts import mark_of
from session_journal.core.text import counted
from session_journal.rollups.gist import count_pieces, gist_of, is_cut, is_thought, pieces_of, reason_of, whole_title
from session_journal.rollups.prose import is_drafted
from session_journal.rollups.solutions import unsettled
from session_journal.rollups.span import Line, Span, clip
from session_journal.rollups.unsettled import Undone, undone

_UNNAMED = "No project"
MOST_PROJECTS = 4
MOST_PIECES = 5
_MANY = 2
"""Where so many times more sessions than lines are told, they are told by stretches of the period."""
_MOST_FILES = 3
_MOST_OTHERS = 3
_SHORT_TITLE = 70
_FILE = re.compile(r"`(?:[^`]*[/\\])?([^`/\\]+\.\w+)`")
_STATES = {"unknown": "", "partial": "partly done"}
_OUTCOMES = {"done": 0, "partial": 1, "blocked": 2, "unknown": 3, "abandoned": 4}


def summary_of(entries: Sequence[Entry]) -> str:
    """Return a period in one line of counts."""
    if not entries:
        return "no sessions"
    days = len({entry.date for entry in entries})
    parts = [f"{counted(len(entries), 'session')} on {counted(days, 'day')}"]
    pieces = sum(map(count_pieces, entries))
    if pieces > len(entries):
        parts.append(f"{pieces} pieces of work")
    minutes = sum(_minutes(entry) for entry in entries)
    if minutes:
        parts.append(f"{minutes // 60} h {minutes % 60:02} min" if minutes >= 60 else f"{minutes} min")
    if outcomes := _outcomes(entries):
        parts.append(outcomes)
    if mean := _effectiveness(entries):
        judged = sum(mark_of(entry) > 0 for entry in entries)
        parts.append(f"effectiveness {mean:.1f} of 5{f' in {judged} of them' if judged < len(entries) else ''}")
    return " · ".join(parts)


def _outcomes(entries: Sequence[Entry]) -> str:
    """Count the outcomes, those that are not known last; "" where none is known."""
    known = Counter(entry.outcome for entry in entries if entry.outcome != "unknown")
    told = [f"{count} {name}" for name, count in sorted(known.items(), key=_most)]
    return ", ".join([*told, *(f"{left} unknown" for left in [len(entries) - known.total()] if told and left)])


def change_in_effect(span: Span, before: tuple[date, date]) -> str:
    """Return how effective the period before was, "" where one of the two was not judged."""
    mean = _effectiveness([entry for entry in span.everything if before[0] <= entry.date <= before[1]])
    return f"{mean:.1f}" if mean and _effectiveness(span.entries) else ""


@record(frozen=True, slots=True)
class Part:
    """A stretch of a busy period.

    label: its days, its sessions and the files that most of them changed; others: titles of more of its sessions.
    """

    label: str
    lines: tuple[Line, ...]
    others: tuple[str, ...] = ()


@record(frozen=True, slots=True)
class Project:
    """What one project's sessions came to; more: how many of them are not named.

    parts: the same lines by stretches, where there are many more sessions than lines; one without a label otherwise.
    """

    name: str
    sessions: int
    parts: tuple[Part, ...]
    more: int

    @property
    def lines(self) -> tuple[Line, ...]:
        """Return the lines of all parts."""
        return tuple(line for part in self.parts for line in part.lines)


def accomplished(
    span: Span, most: int, pieces: int = MOST_PIECES, others: int | None = None, named: int = MOST_PROJECTS
) -> list[Project]:
    """Return the sessions of each project, the busiest project first; of many, those that got somewhere.

    pieces: how much a day of many accounts is told by at most; others: so many of the lines that are left the projects
    may have that are not named one by one, all of them where None; named: how many are.
    """
    ranked = _by_project(span.entries)
    groups, small = ranked[:named], ranked[named:]
    room, sessions = most, sum(len(own) for _, own in groups)
    known = _later(span)
    out: list[Project] = []
    for left, (name, own) in zip(range(len(groups) - 1, -1, -1), groups, strict=True):
        done = len(_done(own))
        share = min(done, max(1, min(room - left, round(room * len(own) / sessions))))
        room, sessions = room - share, sessions - len(own)
        parts = _parts(own, share, span.name) if len(own) > _MANY * share else [own]
        lines = _shares([len(_done(of)) for of in parts], share)
        many = len(parts) > 1
        told = tuple(_part(of, its, pieces, known, of_many=many) for of, its in zip(parts, lines, strict=True))
        more = done - sum(len(part.lines) for part in told) if len(told) == 1 else 0
        out.append(Project(name or (_UNNAMED if len(groups) > 1 else ""), len(own), told, more))
    if small:
        names = ", ".join(name or _UNNAMED for name, _ in small)
        rest = [entry for _, own in small for entry in own]
        few = room if others is None else min(room, others)
        out.append(Project(clip(f"Others: {names}"), len(rest), (_part(rest, few, pieces, known),), 0))
    return out


def lines_of_others(told: Sequence[Project]) -> int:
    """Return how many lines the projects have that are not named one by one."""
    return sum(len(one.lines) for one in told[MOST_PROJECTS:])


def lengthened(told: Sequence[Project], longer: Sequence[Project], room: int) -> list[Project]:
    """Return what is told with so many lines more of what tells the same at length: first of the days that lack most.

    longer: the same projects, parts and lines, each with as many pieces at least; none where nothing is longer.
    """
    pairs = [pair for one in zip(told, longer, strict=False) for pair in zip(one[0].lines, one[1].lines, strict=True)]
    gains = sorted(pairs, key=lambda pair: (-pair[0].unnamed, pair[0].date, pair[0].link))
    chosen: dict[str, Line] = {}
    for short, long in gains:
        cost = len(long.pieces) - len(short.pieces)
        if 0 < cost <= room:
            chosen[short.link] = long
            room -= cost

    def full(part: Part) -> Part:
        return replace(part, lines=tuple(chosen.get(line.link, line) for line in part.lines))

    return [replace(one, parts=tuple(map(full, one.parts))) for one in told]


def _by_project(entries: Sequence[Entry]) -> list[tuple[str, list[Entry]]]:
    """Return the entries of each project that accomplished something, the busiest project first."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.project, []).append(entry)
    told = [(name, own) for name, own in found.items() if _done(own)]
    return sorted(told, key=lambda pair: (-len(pair[1]), -_size(pair[1]), pair[0]))


def _done(entries: Sequence[Entry]) -> list[Entry]:
    return [entry for entry in entries if not is_thought(entry)]


def _size(entries: Sequence[Entry]) -> int:
    """Return how much some sessions wrote down: of projects with as many sessions it tells which was worked on more."""
    return sum(len(entry.items) for entry in entries)


def _shares(counts: Sequence[int], room: int) -> list[int]:
    """Share lines out evenly, as far as there is something to tell; one over goes to where most sessions are."""
    shares = [0] * len(counts)
    for _ in range(min(room, sum(counts))):
        open_ones = [place for place, count in enumerate(counts) if shares[place] < count]
        shares[min(open_ones, key=lambda place: (shares[place], -counts[place]))] += 1
    return shares


def _parts(own: list[Entry], most: int, name: str) -> list[list[Entry]]:
    """Return a busy period's sessions by its days, weeks or months, by shorter ones where all are of one."""
    steps = {"week": (_day,), "month": (week_of, _day), "quarter": (month_of, week_of, _day)}
    found: dict[str, list[Entry]] = {}
    for step in steps[period_of(name)]:
        found = {}
        for entry in sorted(own, key=lambda entry: entry.order):
            found.setdefault(step(entry.date), []).append(entry)
        if len(found) > 1:
            break
    return list(found.values()) if 1 < len(found) <= most else [own]


def _day(day: date) -> str:
    return day.isoformat()


def _label(entries: Sequence[Entry], changed: Mapping[str, int]) -> str:
    """Say which days a stretch has, how many sessions, and which files most of them changed."""
    first, last = (f"{entries[place].date:%m-%d}" for place in (0, -1))
    days = first if first == last else f"{first} to {last}"
    often = [f"`{name}` ({count})" for name, count in changed.items()]
    told = f"; changed most: {', '.join(often)}" if often else ""
    return f"{days}: {counted(len(entries), 'session')}{told}"


def _changed_most(entries: Sequence[Entry]) -> list[tuple[str, int]]:
    """Return the files that several sessions changed, those that most did first."""
    files = Counter(name for entry in entries for name in sorted(_changed(entry)))
    return [one for one in sorted(files.items(), key=_most) if one[1] > 1][:_MOST_FILES]


def _changed(entry: Entry) -> set[str]:
    """Return the names of the files that an entry lists as changed."""
    found = (_FILE.match(item.text) for item in entry.items if item.kind == "change")
    return {match[1] for match in found if match}


@record(frozen=True, slots=True)
class _Later:
    """What later sessions of a period show of earlier ones.

    followed: paths of those after which their project had another one; open_things: what has yet to work.
    """

    followed: frozenset[str]
    open_things: Sequence[Undone]


def _later(span: Span) -> _Later:
    newest = newest_of_entries(span.until)
    followed = frozenset(entry.path for entry in span.entries if is_followed(entry, newest))
    return _Later(followed, undone(span.entries))


def _part(own: Sequence[Entry], most: int, pieces: int, known: _Later, *, of_many: bool = False) -> Part:
    is_stretch = of_many and len(own) > 1
    often = dict(_changed_most(own)) if is_stretch else {}
    label = _label(own, often) if is_stretch else ""
    ranked = sorted(_done(own), key=lambda entry: _rank(entry, often))
    best = sorted(ranked[:most], key=lambda entry: entry.order)
    told = {cut_short(entry.title, _SHORT_TITLE) for entry in best}
    titles = dict.fromkeys(cut_short(entry.title, _SHORT_TITLE) for entry in ranked[most:] if label)
    others = [title for title in titles if title not in told]
    lines = tuple(_session_line(entry, pieces, known) for entry in best)
    return Part(label, lines, tuple(others[:_MOST_OTHERS]))


def _effectiveness(entries: Sequence[Entry]) -> float:
    marks = [mark for entry in entries if (mark := mark_of(entry))]
    return sum(marks) / len(marks) if marks else 0.0


def _most(pair: tuple[str, int]) -> tuple[int, str]:
    return -pair[1], pair[0]


def _minutes(entry: Entry) -> int:
    value = entry.fields.get("duration")
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _rank(entry: Entry, often: Collection[str]) -> tuple[int, int, int, tuple[date, float, str]]:
    """Put first what got somewhere, then what was about the same files as most of its stretch."""
    shared = len(_changed(entry).intersection(often)) if often else 0
    return _OUTCOMES.get(entry.outcome, 3), -shared, -len(entry.items), entry.order


def _session_line(entry: Entry, most: int, known: _Later) -> Line:
    doubtful = unsettled(entry, known.open_things)
    text, gist = entry.title, gist_of(entry, doubtful, followed=entry.path in known.followed)
    pieces, number = ([], 0) if is_drafted(entry) else pieces_of(entry, most, doubtful)
    if number > 1:
        gist = f"{number} pieces of work"
    titled = bool(pieces) and is_cut(entry)
    if titled:
        text, *pieces = pieces
    elif not pieces:
        text = whole_title(entry, doubtful)
    return Line(
        clip(text), entry.date, relative_link(entry.path), entry.title, entry.status == "draft",
        outcome_of(entry), gist, tuple(pieces) if number > 1 else (), of=number if number > 1 else 0,
        titled=titled,
    )  # fmt: skip


def outcome_of(entry: Entry) -> str:
    """Return the outcome in words, "" where it isn't known; of a draft that got not all done, with its reason."""
    state = _STATES.get(entry.outcome, entry.outcome)
    reason = reason_of(entry) if state and entry.outcome != "done" else ""
    return f"{state} ({reason})" if reason else state
