"""Groups of statements that make the same point: the two most alike groups join, again and again."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from heapq import heapify, heappop, heappush
from math import log2, sqrt

ENOUGH = 0.34
"""Two single statements must be this much alike."""
EASIER = 0.02
"""Each doubling of the sessions behind a group lowers that: a point made often is known well."""
_MOST_SESSIONS = 16
_MOST_EASED = EASIER * log2(_MOST_SESSIONS)


class _Group:
    __slots__ = ("inner", "members", "near", "sessions", "version")

    def __init__(self, member: int, sessions: Iterable[Hashable]) -> None:
        self.members = [member]
        self.sessions = set(sessions)
        self.inner = 1.0
        self.near: dict[int, float] = {}
        self.version = 0


def gather(edges: Iterable[tuple[int, int, float]], sessions: Sequence[Iterable[Hashable]]) -> list[list[int]]:
    """Return groups of statements (by place) that are alike, largest likeness first joined; single ones too.

    edges: (place, other place, likeness); what is not named is not alike. The likeness of two groups is the mean over
    their pairs, held against how coherent each is in itself.
    """
    groups: dict[int, _Group] = {}
    heap = []
    for a, b, alike in edges:
        one = groups.get(a) or groups.setdefault(a, _Group(a, sessions[a]))
        two = groups.get(b) or groups.setdefault(b, _Group(b, sessions[b]))
        one.near[b] = two.near[a] = alike
        if alike >= ENOUGH - _MOST_EASED and _score(one, two, alike) >= ENOUGH:
            low, high = (a, b) if a < b else (b, a)
            heap.append((-_score(groups[low], groups[high], alike), low, high, 0, 0))
    alone = [[place] for place in range(len(sessions)) if place not in groups]
    heapify(heap)
    while heap:
        _, a, b, version, other_version = heappop(heap)
        if a in groups and b in groups and (groups[a].version, groups[b].version) == (version, other_version):
            _join(groups, a, b)
            _offer(groups, a, heap)
    return sorted([*(sorted(group.members) if group.version else group.members for group in groups.values()), *alone])


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
