"""What a person's entries say about how they work: by kind of work and by project, each statement with its entries."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import islice

from session_journal.core.entry import Entry
from session_journal.core.excerpts import cut_short
from session_journal.core.items import ItemKind
from session_journal.core.observations import ANSWERED, BY_KEY, Sort, read
from session_journal.core.records import record

FEWEST = 5
"""Below so many sessions nothing is said of them together."""
GOOD = 4
"""From this effectiveness on a session went well."""
MOST = 2
"""So many points are told of each side of a group."""
_OWN: tuple[ItemKind, ...] = ("went-well", "improve", "challenge")
_LONGEST = 120
_REPORT = re.compile(r"^Effectiveness \d of 5: (.+?)\.?(?: \[t\d[^\]]*\])?$", re.MULTILINE)


@record(frozen=True, slots=True)
class Account:
    """What one entry says of how its session went.

    mark: its effectiveness, 0 where nobody could judge it; outcome: the entry's, and `answered` for a question that
    was; told: whether the drafting looked at how it was approached,
    so that what is not seen was not so; seen: keys of observations; well, better: what a person wrote or let stand on
    what went well and what is to be improved (else on what got in the way), in other words than the drafting's.
    """

    entry: str
    date: date
    kind: str
    project: str
    mark: int
    outcome: str
    told: bool
    seen: frozenset[str]
    well: tuple[str, ...]
    better: tuple[str, ...]

    @property
    def went_well(self) -> bool:
        """Say whether it went well."""
        return self.mark >= GOOD


@record(frozen=True, slots=True)
class Point:
    """Something said of several sessions, the newest entry first; quoted: one entry's own words."""

    text: str
    entries: tuple[str, ...]
    quoted: bool = False


@record(frozen=True, slots=True)
class Group:
    """Sessions of one kind or project. judged: how many of them can be; good: how many of those went well."""

    name: str
    sessions: int
    judged: int
    good: int
    went_well: tuple[Point, ...] = ()
    to_improve: tuple[Point, ...] = ()

    @property
    def tells(self) -> bool:
        """Say whether there are enough sessions to say something of them together."""
        return self.sessions >= FEWEST

    @property
    def can_be_rated(self) -> bool:
        """Say whether enough of them can be judged to say how they went."""
        return self.judged >= FEWEST


def accounts(entries: Iterable[Entry]) -> tuple[Account, ...]:
    """Return what each entry about a session says of how it went, oldest first."""
    return tuple(_account(entry) for entry in sorted(entries, key=lambda one: one.order) if entry.type == "session")


def _account(entry: Entry) -> Account:
    lines = [item for item in entry.items if item.kind in {"went-well", "improve", "deviation"}]
    keys = {one.key for item in lines for one in read(item.text)}
    report = _REPORT.findall(entry.body)
    keys |= {one.key for told in report for one in read(told)}
    own = [item for item in entry.items if not any(read(item.text)) and not (item.turns and entry.status == "draft")]
    wrote = {kind: tuple(item.text for item in own if item.kind == kind) for kind in _OWN}
    return Account(
        entry.name,
        entry.date,
        entry.kind.casefold(),
        entry.project,
        mark_of(entry),
        "answered" if entry.outcome == "unknown" and not ANSWERED.isdisjoint(keys) else entry.outcome,
        bool(report),
        frozenset(keys),
        wrote["went-well"],
        wrote["improve"] or wrote["challenge"],
    )


def mark_of(entry: Entry) -> int:
    """Return how effective a session was, 1 to 5; 0 where nobody could judge it.

    A draft's mark stands in the middle where nothing shows how the session ended.
    """
    is_unjudged = entry.outcome == "unknown" and entry.effectiveness == 3 and "drafted_by" in entry.fields
    return 0 if is_unjudged else entry.effectiveness


def groups(found: Sequence[Account], name_of: Callable[[Account], str]) -> tuple[Group, ...]:
    """Return the sessions by what `name_of` says of them, the largest group first; what has no name is left out."""
    names = {name for one in found if (name := name_of(one))}
    made = [group(name, [one for one in found if name_of(one) == name]) for name in names]
    return tuple(sorted(made, key=lambda one: (-one.sessions, one.name)))


def group(name: str, found: Sequence[Account]) -> Group:
    """Return what some sessions have in common."""
    judged = [one for one in found if one.mark]
    made = Group(name, len(found), len(judged), sum(one.went_well for one in judged))
    if not made.tells:
        return made
    return Group(
        made.name, made.sessions, made.judged, made.good,
        _points(found, {"practice", "well"}, lambda one: one.well), _points(found, {"improve"}, lambda one: one.better),
    )  # fmt: skip


def _points(found: Sequence[Account], sorts: set[Sort], own: Callable[[Account], Sequence[str]]) -> tuple[Point, ...]:
    """Return what is said of at least two sessions, the most frequent first, then a person's newest own words."""
    said: dict[str, dict[str, None]] = {}
    for one in reversed(found):
        for key in sorted(one.seen):
            if BY_KEY[key].sort in sorts:
                said.setdefault(BY_KEY[key].said, {})[one.entry] = None
    often = sorted(((text, tuple(names)) for text, names in said.items() if len(names) > 1), key=_by_count)
    newest = islice(((one.entry, text) for one in reversed(found) for text in own(one)), 1)
    wrote = [Point(cut_short(text.replace("**", ""), _LONGEST), (name,), quoted=True) for name, text in newest]
    counted = [Point(text, names) for text, names in often]
    return (*counted[: MOST - bool(wrote)], *wrote)


def _by_count(one: tuple[str, tuple[str, ...]]) -> tuple[int, str]:
    return -len(one[1]), one[0]
