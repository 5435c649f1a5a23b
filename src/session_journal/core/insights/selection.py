"""A choice of statements that together stand for what a session said, within a number of words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from session_journal.core.insights.learning import Candidate

_POOL, _SAME, _OWN, _COST, _OFFSET = 220, 0.55, 1.0, 0.7, 8


def choose(
    pool: list[Candidate], words: int, *, taken: set[str] | None = None, limits: Mapping[str, int] | None = None
) -> list[Candidate]:
    """Return candidates within a number of words that together stand for what the session said.

    Greedy facility location: each choice is worth how much closer it brings every candidate to one that is chosen.
    """
    pool = sorted(pool, key=lambda one: -one.score)[:_POOL]
    sizes = [len(one.text.split()) for one in pool]
    near = _near(pool)
    covered = _covered(pool, taken or ())
    weights = [max(0.05, one.score) for one in pool]
    most = [math.inf] * len(pool)  # what a candidate was worth when it was last looked at: it is never worth more later
    chosen: list[int] = []
    left = words
    room = dict(limits or {})
    while True:
        best, value = -1, 0.0
        for place, one in enumerate(pool):
            if most[place] <= value or sizes[place] > left or not room.get(one.kind, 99):
                continue
            if any(near[place].get(other, 0.0) > _SAME for other in chosen):
                most[place] = 0.0
                continue
            gain = sum(
                weights[other] * (close - covered[other])
                for other, close in near[place].items()
                if close > covered[other]
            )
            most[place] = worth = (gain + _OWN * max(0.0, one.score)) / (sizes[place] + _OFFSET) ** _COST
            if worth > value:
                best, value = place, worth
        if best < 0:
            break
        chosen.append(best)
        most[best] = 0.0
        room[pool[best].kind] = room.get(pool[best].kind, 99) - 1
        left -= sizes[best]
        for other, close in near[best].items():
            covered[other] = max(covered[other], close)
    return [pool[place] for place in chosen]


def _near(pool: Sequence[Candidate]) -> list[dict[int, float]]:
    """Return for each candidate those it shares a term with, in order, and how much alike they are."""
    places: dict[str, list[int]] = {}
    for place, one in enumerate(pool):
        for term in one.terms:
            places.setdefault(term, []).append(place)
    near: list[dict[int, float]] = []
    for one in pool:
        shared = Counter(chain.from_iterable(places[term] for term in one.terms))
        size = len(one.terms)
        near.append({other: shared[other] / math.sqrt(size * len(pool[other].terms)) for other in sorted(shared)})
    return near


def _covered(pool: Sequence[Candidate], taken: Iterable[str]) -> list[float]:
    given = frozenset(taken)
    return [0.8 * similar(one.terms, given) if given else 0.0 for one in pool]


def similar(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the cosine of two sets of terms."""
    if one.isdisjoint(other):
        return 0.0
    return len(one & other) / math.sqrt(len(one) * len(other))
