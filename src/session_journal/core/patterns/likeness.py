"""How alike two statements are: the terms they share, and above all the pairs of terms they share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import fsum, sqrt

from session_journal.core.patterns.frames import are_filled_otherwise
from session_journal.core.patterns.words import Telling, Terms, are_one_thing, is_everyday, read_terms

PAIR = 0.46
"""What one shared pair of terms adds; one shared word says what is talked about, two say what is said of it."""
ANY_WORK = 0.5
"""What is left of a likeness in the words of any work alone."""
OTHERWISE_TOLD = 0.87
"""A lesson and a challenge share the words of their subject more easily than a point."""
ALIKE = 0.5
"""From here on, two statements say nearly the same."""
_NEARLY_SAME = 0.65
_DOUBTED = 0.3
_OF_OTHER_THINGS = 0.25
"""So much is left of the likeness of two that read so much alike and speak of other things."""
_MOST_OF_ONE = 7
"""A word with its sense, a qualified name with its own and its parts: so many terms of one thing are counted as one."""
_ROUNDED = 1 + 1e-9
"""Sums of the same numbers in another order differ by less."""


class Likeness:
    """Statements with their weighted terms; `of(a, b)` compares two by their place, from 0 to 1."""

    def __init__(
        self,
        terms: Sequence[Terms],
        learnt_from: int = -1,
        telling: Telling | None = None,
        texts: Sequence[str] = (),
    ) -> None:
        """learnt_from: from so many of them, the first, comes how much a term tells (-1: from all).

        telling: what was learnt from them, where it is known. texts: what the order of their words can be seen in.
        """
        self.terms = terms
        self._texts = texts
        learnt = terms if learnt_from < 0 else terms[:learnt_from]
        self.telling = Telling(learnt) if telling is None else telling
        self._own: dict[int, Terms] = {}
        self._weights: list[dict[str, float] | None] = [None] * len(terms)
        self._norms = [0.0] * len(terms)
        self._most = [0.0] * len(terms)
        self._odd: list[frozenset[str]] = [frozenset()] * len(terms)

    def weights(self, place: int) -> dict[str, float]:
        """Return a statement's terms with their weight, those alone that tell anything."""
        found = self._weights[place]
        if found is None:
            telling = self.telling
            own = self._own[place] = self.terms[place]
            known = own.weights
            found = {term: weight * telling[term] for term, weight in known.items() if telling[term] > 0}
            self._weights[place] = found
            self._odd[place] = frozenset([term for term, form in known.items() if form != 1.0 or term[0] in "@~"])
        return found

    def of(self, a: int, b: int) -> float:
        """Compare two statements."""
        raw = self._kernel(a, b)
        if not raw:
            return 0.0
        alike = raw / ((self._norms[a] or self._norm(a)) * (self._norms[b] or self._norm(b)))
        one, two = self._own[a], self._own[b]
        if one.trouble != two.trouble:
            alike *= OTHERWISE_TOLD
        if alike < _DOUBTED:
            return alike
        texts = self._texts
        is_doubted = _are_at_odds(one, two, alike) or (bool(texts) and are_filled_otherwise(texts[a], texts[b]))
        return alike * _OF_OTHER_THINGS if is_doubted else alike

    def within_reach(self, place: int, sums: Mapping[int, float], counts: Mapping[int, int], least: float) -> list[int]:
        """Return those of some other statements that may be so much alike to one: a bound, cheaper than the likeness.

        counts, sums: for each other, how many terms they share, and what the products of both weights add up to.
        """
        limit = least * self._norm(place) / _ROUNDED
        return [
            other
            for other, count in counts.items()
            if (sums[other] + PAIR * count * (count - 1) / 2 if count > 1 else sums[other] / 2)
            >= limit * (self._norms[other] or self._norm(other))
        ]

    def may_reach(self, a: int, b: int, least: float) -> bool:
        """Tell whether two statements may be so much alike: a bound from how many terms they share, not from which."""
        one, two = self._weights[a] or self.weights(a), self._weights[b] or self.weights(b)
        count = len(one.keys() & two.keys())
        most = (self._most[a] or self._most_of(a)) * (self._most[b] or self._most_of(b))
        norms = (self._norms[a] or self._norm(a)) * (self._norms[b] or self._norm(b))
        return count * most + PAIR * count * (count - 1) / 2 >= least * norms / _ROUNDED

    def _most_of(self, place: int) -> float:
        found = self._most[place] = max(self.weights(place).values(), default=0.0)
        return found

    def _norm(self, place: int) -> float:
        found = self._norms[place]
        if not found:
            found = self._norms[place] = sqrt(self._kernel_of(place)) or 1.0
        return found

    def _kernel_of(self, place: int) -> float:
        """Return what `_kernel` gives for a statement and itself, for less work."""
        own = self.weights(place)
        forms = self._own[place].weights
        alone = fsum([weight * weight for weight in own.values()])
        if len(own) < 2 or (len(own) <= _MOST_OF_ONE and are_one_thing(set(own))):
            return alone / 2
        count = fsum([forms[term] for term in own])
        return self._told(alone + PAIR * max(0.0, count * (count - 1)) / 2, own.keys())

    def _kernel(self, a: int, b: int) -> float:
        """Add up the shared terms and their pairs; a part of a name makes up part of a pair."""
        one, two = self._weights[a] or self.weights(a), self._weights[b] or self.weights(b)
        shared = one.keys() & two.keys()
        # Added up exactly, for a rounded sum depends on the order, and a set's order on the process.
        alone = fsum([one[term] * two[term] for term in shared])
        if len(shared) < 2:
            return alone / 2
        count: float = len(shared)
        if not (shared.isdisjoint(self._odd[a]) and shared.isdisjoint(self._odd[b])):
            if len(shared) <= _MOST_OF_ONE and are_one_thing(shared):
                return alone / 2
            forms, others = self._own[a].weights, self._own[b].weights
            count = fsum([min(forms[term], others[term]) for term in shared])
        return self._told(alone + PAIR * max(0.0, count * (count - 1)) / 2, shared)

    @staticmethod
    def _told(kernel: float, terms: Iterable[str]) -> float:
        """Return what is left of a kernel where only the words of any work are shared: `make changes` is no point."""
        for term in terms:
            if not is_everyday(term):
                return kernel
        return kernel * ANY_WORK


class Nearby:
    """Statements that were added, found again by the terms that they share with a further one."""

    def __init__(self, likeness: Likeness) -> None:
        self._likeness = likeness
        self._holders: dict[str, list[tuple[int, float]]] = {}

    def add(self, place: int) -> None:
        """Add a statement."""
        seen = self._likeness.telling.seen
        for term, weight in self._likeness.weights(place).items():
            if seen[term] > 1:
                self._holders.setdefault(term, []).append((place, weight))

    def of(self, place: int, least: float) -> list[tuple[int, float]]:
        """Return which of those added are at least so much alike to a statement, and how much, by their place."""
        sums: dict[int, float] = {}
        counts: dict[int, int] = {}
        for term, weight in self._likeness.weights(place).items():
            for other, its_weight in self._holders.get(term, ()):
                sums[other] = sums.get(other, 0.0) + weight * its_weight
                counts[other] = counts.get(other, 0) + 1
        near = sorted(self._likeness.within_reach(place, sums, counts, least))
        rated = ((other, self._likeness.of(other, place)) for other in near)
        return [(other, alike) for other, alike in rated if alike >= least]


def _are_at_odds(a: Terms, b: Terms, alike: float) -> bool:
    """Tell whether two that read alike name other numbers, or one denies."""
    other_numbers = alike >= ALIKE and bool(a.numbers and b.numbers and not a.numbers & b.numbers)
    return other_numbers or (a.denies != b.denies and alike >= _NEARLY_SAME)


def distinct(texts: Sequence[str], most: int | None = None) -> list[int]:
    """Return the places of texts that say something no earlier one says; the first of them, where most is given."""
    likeness = Likeness([read_terms(text) for text in texts], texts=texts)
    nearby = Nearby(likeness)
    kept: dict[str, int] = {}
    for place, text in enumerate(texts):
        if len(kept) == most:
            break
        if text not in kept and not nearby.of(place, ALIKE):
            kept[text] = place
            nearby.add(place)
    return list(kept.values())
