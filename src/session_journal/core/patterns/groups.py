"""Groups of statements that make the same point: the two most alike groups join, again and again."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from heapq import heapify, heappop, heappush
from math import log2, sqrt

ENOUGH = 0.345
"""Two single statements must be this much alike."""
EASIER = 0.022
"""Each doubling of the sessions behind the better founded of two groups lowers that: a point made often is known well.
That both were made often is no reason to take them for one.
"""
_MOST_SESSIONS = 16
_EASED = [EASIER * log2(behind) for behind in range(1, _MOST_SESSIONS + 1)]
_MOST_EASED = _EASED[-1]
WEAKEST = ENOUGH - _MOST_EASED
"""No two statements that are less alike begin a group."""
LOOSEST = 0.15
"""Groups that are less alike than this on average don't join. The larger a group, the less alike another must be to be
as near as it is coherent: without an end to that, all that was ever said of tests would come to be one point.
"""
ESTABLISHED = 3
"""From so many statements and sessions on it is known what a point is, whatever one of them adds."""
_SEEMING = 0.2
"""Two that are of no one mind read alike: who says the opposite of something says it in its words."""
Edge = tuple[int, int, float]
Saying = Callable[[Sequence[int], Sequence[int]], Iterable[int]]
"""Returns which of some single statements (second) say what a group (first) says."""


class _Group:
    __slots__ = ("against", "inner", "members", "near", "sessions", "version")

    def __init__(self, member: int, sessions: Iterable[Hashable]) -> None:
        self.members = [member]
        self.sessions = set(sessions)
        self.inner = 1.0
        self.near: dict[int, float] = {}
        self.against: set[int] = set()
        self.version = 0


def gather(
    edges: Iterable[Edge],
    sessions: Sequence[Iterable[Hashable]],
    apart: Callable[[int, int], bool] | None = None,
    saying: Saying | None = None,
) -> list[list[int]]:
    """Return groups of statements (by place) that are alike, largest likeness first joined; single ones too.

    edges: (place, other place, likeness); what is not named is not alike. apart: tells which two are of no one mind,
    though they read alike: no group holds both. The likeness of two groups is the mean over their pairs, held against
    how coherent each is in itself.
    saying: asked in the end about single statements that are like nothing so much as an established group.
    """
    every = list(edges)
    contrary = {edge for edge in every if edge[2] >= _SEEMING and apart(edge[0], edge[1])} if apart else set[Edge]()
    every = [edge for edge in every if edge[2] < _SEEMING or edge not in contrary] if contrary else every
    near = _Near(every, sessions)
    near.keep_apart(contrary)
    groups = near.groups
    heap = [
        (-score, min(a, b), max(a, b), 0, 0)
        for a, b, alike in near.strong
        if (score := _score(groups[a], groups[b], alike)) >= ENOUGH
    ]
    heapify(heap)
    while heap:
        _, a, b, version, other_version = heappop(heap)
        if _are(groups, a, version) and _are(groups, b, other_version) and _are_of_one_mind(groups[a], groups[b]):
            near.show(a)
            near.show(b)
            _join(groups, a, b)
            _offer(groups, a, heap)
    if saying:
        _take_in(groups, saying)
    found: list[list[int]] = [[place] for place in range(len(sessions))]
    for group in groups.values():
        if group.version:
            first, *others = sorted(group.members)
            found[first] += others
            for place in others:
                found[place] = []
    return [group for group in found if group]


class _Near:
    """Which statements are alike, told to their groups as far as it can matter.

    Most are so little like any other that they begin no group. What two of these are like is told only when one of
    them joins a group.
    """

    def __init__(self, every: Sequence[Edge], sessions: Sequence[Iterable[Hashable]]) -> None:
        self.groups: dict[int, _Group] = {}
        self._sessions = sessions
        self.strong = [edge for edge in every if edge[2] >= WEAKEST]
        self._shown = shown = {place for a, b, _ in self.strong for place in (a, b)}
        self._hidden: dict[int, list[tuple[int, int, float]]] = {}
        self._every = every
        for edge in every:
            if edge[0] in shown or edge[1] in shown:
                self._tell(*edge)

    def keep_apart(self, pairs: Iterable[Edge]) -> None:
        """Let no group hold two of a pair."""
        for a, b, _ in pairs:
            self._group(a).against.add(b)
            self._group(b).against.add(a)

    def show(self, place: int) -> None:
        """Tell the group of a single statement all that it is like."""
        if place in self._shown:
            return
        for edge in self._every:
            if edge[0] not in self._shown and edge[1] not in self._shown:
                for end in edge[:2]:
                    self._hidden.setdefault(end, []).append(edge)
        self._every = ()
        for edge in self._hidden.get(place, ()):
            if not self._shown.intersection(edge[:2]):
                self._tell(*edge)
        self._shown.add(place)

    def _tell(self, a: int, b: int, alike: float) -> None:
        one, two = self.groups.get(a) or self._group(a), self.groups.get(b) or self._group(b)
        one.near[b] = two.near[a] = alike

    def _group(self, place: int) -> _Group:
        return self.groups.setdefault(place, _Group(place, self._sessions[place]))


def _are(groups: dict[int, _Group], place: int, version: int) -> bool:
    """Tell whether a group is as it was."""
    return place in groups and groups[place].version == version


def _are_of_one_mind(a: _Group, b: _Group) -> bool:
    return a.against.isdisjoint(b.members)


def _score(a: _Group, b: _Group, sum_between: float) -> float:
    coherence = sqrt(a.inner * b.inner)
    behind = max(len(a.sessions), len(b.sessions))
    return sum_between / coherence + (_EASED[behind - 1] if behind < _MOST_SESSIONS else _MOST_EASED)


def _join(groups: dict[int, _Group], a: int, b: int) -> None:
    one, two = groups[a], groups.pop(b)
    between = one.near.pop(b)
    two.near.pop(a)
    for place, other in two.near.items():
        group = groups[place]
        del group.near[b]
        one.near[place] = group.near[a] = one.near.get(place, 0.0) + other
    one.members += two.members
    one.sessions |= two.sessions
    one.inner += two.inner + 2 * between
    one.against |= two.against
    one.version += 1


def _offer(groups: dict[int, _Group], a: int, heap: list[tuple[float, int, int, int, int]]) -> None:
    group = groups[a]
    least = LOOSEST * len(group.members)
    for place, between in group.near.items():
        other = groups[place]
        if between >= least * len(other.members) and (score := _score(group, other, between)) >= ENOUGH:
            low, high = sorted((a, place))
            heappush(heap, (-score, low, high, groups[low].version, groups[high].version))


def _take_in(groups: dict[int, _Group], saying: Saying) -> None:
    """Add to each established group the single statements that say what it says; what that is stands before any is."""
    wanted: dict[int, list[int]] = {}
    for a, group in groups.items():
        if group.version and min(len(group.members), len(group.sessions)) >= ESTABLISHED:
            least = LOOSEST * len(group.members)
            near = (place for place, between in group.near.items() if between >= least and not groups[place].version)
            wanted[a] = [place for place in near if _nearest(groups, place) == a]
    for a, places in wanted.items():
        groups[a].members += saying(sorted(groups[a].members), sorted(places)) if places else ()


def _nearest(groups: dict[int, _Group], place: int) -> int:
    """Return the group, or the single statement, that a single statement is most like."""
    one = groups[place]
    return max(one.near, key=lambda a: (_score(one, groups[a], one.near[a]), -a))
