"""Which lines are worth comparing: those that may say the same, found by the words that they share."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

_KEYS = 4
_CROWD = 400
"""In a large journal a line is compared with so many of the latest that share one of its rarest words."""


def pairs(weights: Sequence[Mapping[str, float]]) -> Iterator[tuple[int, int]]:
    """Yield the pairs that may say the same: most of their words are shared, so two of their rarest are as well.

    Lines that share a word are the bits of a number: thousands of them are held against each other in one step.
    """
    seen = Counter(chain.from_iterable(weights))
    ranked = sorted((count, term) for term, count in seen.items() if count > 1)
    rank = {term: number for number, (_, term) in enumerate(ranked)}
    holders = [_Latest() for _ in ranked]
    lone = 0
    for place, own in enumerate(weights):
        rarest = sorted([rank[term] for term in own if term in rank])
        keys = rarest[: max(_KEYS, -(-2 * len(rarest) // 3))]
        once = twice = 0
        for key in keys:
            held = holders[key]
            twice |= once & held.bits
            once |= held.bits
            held.add(place)
        yield from ((other, place) for other in _places(once if len(keys) < 2 else twice | once & lone))
        if len(keys) < 2:
            lone |= 1 << place


class _Latest:
    """The latest lines that have a word, as many as are compared; a bit for each."""

    __slots__ = ("bits", "places")

    def __init__(self) -> None:
        self.bits = 0
        self.places: deque[int] = deque()

    def add(self, place: int) -> None:
        """Add the next line."""
        self.bits |= 1 << place
        self.places.append(place)
        if len(self.places) > _CROWD:
            self.bits ^= 1 << self.places.popleft()


def _places(bits: int) -> Iterator[int]:
    """Yield the places of the bits that are set, the first first."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
