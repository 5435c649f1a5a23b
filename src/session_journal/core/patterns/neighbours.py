"""Which statements are worth comparing, and how alike they are; in a large journal, new ones with what is known.

What is known of the first statements holds whatever comes after them: how much a term tells is learnt from the first
part of a large journal, and each statement is compared with earlier ones alone. So what was compared once need not be
compared again, and comes out the same where it is.
"""

from __future__ import annotations

import itertools
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from session_journal.core.digest import sha256
from session_journal.core.patterns.likeness import Likeness
from session_journal.core.patterns.words import Terms

MANY = 3000
"""From so many statements on a journal is large."""
_FLOOR = 0.02
_FLOOR_OF_MANY = 0.06
"""Less likeness than this counts as none; in a large journal more is left out, or the work would grow too fast."""
_KEYS = 12
_CROWD = 100
_RARE, _RARE_SHARE = 300, 1 / 50
"""In a large journal, a statement is looked up by its rarest terms alone, among the latest that share two of them. A
term in more statements than that, and in a larger share of them, is none of these.
"""
_BLOCK = 256
_FORM = "1"
"""Raise it with every change of how statements are read and compared."""


@dataclass(slots=True)
class Edges:
    """Which earlier statements each one is like: counts says how many, others and alike which and how much."""

    counts: array[int] = field(default_factory=lambda: array("I"))
    others: array[int] = field(default_factory=lambda: array("I"))
    alike: array[float] = field(default_factory=lambda: array("d"))

    def __iter__(self) -> Iterator[tuple[int, int, float]]:
        """Yield (statement, earlier statement, likeness)."""
        places = itertools.chain.from_iterable(map(itertools.repeat, itertools.count(), self.counts))
        return zip(places, self.others, self.alike, strict=True)

    def first(self, places: int) -> Edges:
        """Return those of the first statements."""
        end = sum(self.counts[:places])
        return Edges(self.counts[:places], self.others[:end], self.alike[:end])

    def add(self, found: Sequence[tuple[int, float]]) -> None:
        """Add the next statement."""
        self.counts.append(len(found))
        self.others.extend([other for other, _ in found])
        self.alike.extend([alike for _, alike in found])


@dataclass(slots=True)
class Compared:
    """What was compared before. chain: a hash for every so many statements of all up to there."""

    chain: list[str] = field(default_factory=list)
    edges: Edges = field(default_factory=Edges)


@dataclass(slots=True)
class Memory:
    """What an earlier run worked out, of no influence on what comes out.

    terms: of each text it read; read: of those that this run met; changed: there is more to keep than before.
    """

    terms: dict[str, Terms] = field(default_factory=dict)
    read: dict[str, Terms] = field(default_factory=dict)
    compared: dict[str, Compared] = field(default_factory=dict)
    changed: bool = False


def basis(count: int) -> int:
    """Return from how many statements, the first ones, a journal of so many learns which terms tell."""
    if count <= MANY:
        return count
    size = MANY
    while size * 2 <= count:
        size *= 2
    return size


def compare(likeness: Likeness, texts: Sequence[str], memory: Memory, part: str) -> Edges:
    """Compare each statement of a large journal with earlier ones, as far as the memory doesn't know it."""
    chain = _chain(likeness, texts)
    known = memory.compared.get(part, Compared())
    same = next((at for at, pair in enumerate(zip(chain, known.chain, strict=False)) if pair[0] != pair[1]), None)
    blocks = min(len(chain), len(known.chain)) if same is None else same
    edges = known.edges.first(blocks * _BLOCK)
    for found in _found(likeness, blocks * _BLOCK):
        edges.add(found)
    if blocks < len(chain):
        memory.compared[part] = Compared(chain, edges.first(len(chain) * _BLOCK))
        memory.changed = True
    return edges


def _chain(likeness: Likeness, texts: Sequence[str]) -> list[str]:
    """Return a hash for each whole block of statements, of what it and all before it are compared by."""
    learnt = likeness.telling
    digest = sha256(f"{_FORM}\0{learnt.total}\0{sorted(learnt.seen.items())}".encode("utf-8", "surrogatepass"))
    chain = []
    for start in range(0, len(texts) - _BLOCK + 1, _BLOCK):
        places = range(start, start + _BLOCK)
        lines = [f"{texts[place]}\0{likeness.terms[place].trouble:d}" for place in places]
        digest.update("\0".join(lines).encode("utf-8", "surrogatepass"))
        chain.append(digest.hexdigest()[:32])
    return chain


def compare_all(likeness: Likeness) -> Edges:
    """Compare each statement with all earlier ones that share a term, but those that are too little alike for sure."""
    seen = likeness.telling.seen
    holders: dict[str, list[tuple[int, float]]] = {}
    edges = Edges()
    for place in range(len(likeness.terms)):
        products: dict[int, list[float]] = {}
        for term, weight in likeness.weights(place).items():
            if seen[term] > 1:
                held = holders.setdefault(term, [])
                for other, its_weight in held:
                    products.setdefault(other, []).append(weight * its_weight)
                held.append((place, weight))
        edges.add(_alike(likeness, place, sorted(likeness.within_reach(place, products, _FLOOR)), _FLOOR))
    return edges


def _found(likeness: Likeness, start: int) -> Iterator[list[tuple[int, float]]]:
    """Yield for each statement from a place on what it is like."""
    keys_of = _Keys(likeness)
    count = len(likeness.terms)
    keys = {place: keys_of(place) for place in range(start, count)}
    holders: dict[str, list[int]] = {key: [] for own in keys.values() for key in own}
    wanted = set(holders)
    for place in range(start):
        held = wanted.intersection(likeness.terms[place].weights)
        for key in held.intersection(keys_of(place)) if held else ():
            holders[key].append(place)
    for place, own in keys.items():
        once, twice = set[int](), set[int]()
        for key in own:
            others = holders[key][-_CROWD:]
            twice.update(once.intersection(others))
            once.update(others)
            holders[key].append(place)
        yield _alike(likeness, place, sorted(twice), _FLOOR_OF_MANY)


class _Keys:
    """The terms by which a statement is looked up: its rarest, in an order that other statements don't change."""

    def __init__(self, likeness: Likeness) -> None:
        seen, most = likeness.telling.seen, max(_RARE, likeness.telling.total * _RARE_SHARE)
        found = set[str]().union(*(terms.weights for terms in likeness.terms))
        ranked = sorted((term for term in found if seen[term] <= most), key=lambda term: (seen[term], term))
        self._rank = {term: place for place, term in enumerate(ranked)}
        self._terms = likeness.terms

    def __call__(self, place: int) -> list[str]:
        """Return the keys of a statement."""
        return sorted(self._rank.keys() & self._terms[place].weights.keys(), key=self._rank.__getitem__)[:_KEYS]


def _alike(likeness: Likeness, place: int, others: Sequence[int], floor: float) -> list[tuple[int, float]]:
    rated = ((other, likeness.of(other, place)) for other in others)
    return [(other, alike) for other, alike in rated if alike >= floor]
