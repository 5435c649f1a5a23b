"""Groups of statements that make the same point: the two most alike groups join, again and again."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from heapq import heapify, heappop, heappush
from math import log2, sqrt

from session_journal.core.patterns.likeness import Likeness

ENOUGH = 0.325
"""Two single statements must be this much alike."""
EASIER = 0.02
"""Each doubling of the sessions behind a group lowers that: a point made often is known well."""
_FLOOR = 0.02
_FLOOR_OF_MANY = 0.1
"""Less likeness than this counts as none; in a large journal more is left out, or the work would grow too fast."""
_MOST_SESSIONS = 16


class _Group:
    __slots__ = ("inner", "members", "near", "sessions", "version")

    def __init__(self, member: int, sessions: Iterable[Hashable]) -> None:
        self.members = [member]
        self.sessions = set(sessions)
        self.inner = 1.0
        self.near: dict[int, float] = {}
        self.version = 0


def gather(likeness: Likeness, sessions: Sequence[Iterable[Hashable]]) -> list[list[int]]:
    """Return groups of statements (by place) that are alike, largest likeness first joined; single ones too.

    The likeness of two groups is the mean over their pairs, held against how coherent each is in itself.
    """
    groups = {place: _Group(place, own) for place, own in enumerate(sessions)}
    floor = _FLOOR_OF_MANY if likeness.is_large else _FLOOR
    for a, b in likeness.candidates():
        alike = likeness.of(a, b)
        if alike >= floor:
            groups[a].near[b] = groups[b].near[a] = alike
    heap = [
        (-_score(group, groups[other], alike), place, other, 0, 0)
        for place, group in groups.items()
        for other, alike in group.near.items()
        if place < other
    ]
    heap = [entry for entry in heap if -entry[0] >= ENOUGH]
    heapify(heap)
    while heap:
        _, a, b, version, other_version = heappop(heap)
        if a in groups and b in groups and (groups[a].version, groups[b].version) == (version, other_version):
            _join(groups, a, b)
            _offer(groups, a, heap)
    return [sorted(group.members) for group in groups.values()]


def _score(a: _Group, b: _Group, sum_between: float) -> float:
    coherence = sqrt(a.inner * b.inner)
    behind = min(len(a.sessions) * len(b.sessions), _MOST_SESSIONS)
    return sum_between / coherence + EASIER * log2(behind)


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
    one.version += 1


def _offer(groups: dict[int, _Group], a: int, heap: list[tuple[float, int, int, int, int]]) -> None:
    group = groups[a]
    for place, between in group.near.items():
        score = _score(group, groups[place], between)
        if score >= ENOUGH:
            low, high = sorted((a, place))
            heappush(heap, (-score, low, high, groups[low].version, groups[high].version))
