"""How alike two statements are: the terms they share, and above all the pairs of terms they share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import sqrt

from session_journal.core.patterns.words import Terms, count_terms, read_terms, weigh

PAIR = 0.6
"""What one shared pair of terms adds; one shared word says what is talked about, two say what is said of it."""
OTHERWISE_TOLD = 0.95
"""A lesson and a challenge share the words of their subject more easily than a point."""
ALIKE = 0.5
"""From here on, two statements say nearly the same."""
_NEARLY_SAME = 0.65
_MANY = 3000
_KEYS = 8
_CROWD = 300
"""From so many statements on, each is looked up by its rarest terms alone, among the latest that share them."""


class Likeness:
    """Statements with their weighted terms; `of(a, b)` compares two by their place, from 0 to 1."""

    def __init__(self, terms: Sequence[Terms]) -> None:
        self.terms = terms
        self.weights = weigh(terms)
        self._norms = [sqrt(self._kernel(place, place)) or 1.0 for place in range(len(terms))]
        self.is_large = len(terms) > _MANY

    def of(self, a: int, b: int) -> float:
        """Compare two statements."""
        raw = self._kernel(a, b)
        alike = raw / (self._norms[a] * self._norms[b]) if raw else 0.0
        if self.terms[a].trouble != self.terms[b].trouble:
            alike *= OTHERWISE_TOLD
        return alike * _doubt(self.terms[a], self.terms[b], alike) if alike >= ALIKE else alike

    def _kernel(self, a: int, b: int) -> float:
        """Add up the shared terms and their pairs; a part of a name makes up part of a pair."""
        one, two = self.weights[a], self.weights[b]
        shared = [term for term in one if term in two]
        alone = sum(sorted([one[term] * two[term] for term in shared]))
        if len(shared) == 1:
            return alone / 2
        forms, others = self.terms[a].weights, self.terms[b].weights
        count = sum(sorted([min(forms[term], others[term]) for term in shared]))
        return alone + PAIR * max(0.0, count * (count - 1)) / 2

    def candidates(self) -> Iterator[tuple[int, int]]:
        """Yield the pairs that share some of their most telling terms; each once, in a fixed order."""
        holders: dict[str, list[int]] = {}
        enough = 2 if self.is_large else 1
        for place, keys in enumerate(self._keys()):
            met: Counter[int] = Counter()
            for key in keys:
                others = holders.setdefault(key, [])
                met.update(others[-_CROWD:] if self.is_large else others)
                others.append(place)
            for other in sorted(met):
                if met[other] >= enough:
                    yield other, place

    def _keys(self) -> list[list[str]]:
        """Return what each statement is looked up by: all of its terms that others have too, or the rarest of them."""
        seen = count_terms(self.weights)
        shared = ([term for term in weights if seen[term] > 1] for weights in self.weights)
        if not self.is_large:
            return list(shared)
        return [sorted(terms, key=lambda term: (seen[term], term))[:_KEYS] for terms in shared]


def _doubt(a: Terms, b: Terms, alike: float) -> float:
    """Return what is left of the likeness of two that read alike but name other numbers, or of which one denies."""
    other_numbers = bool(a.numbers and b.numbers and not a.numbers & b.numbers)
    opposite = a.denies != b.denies and alike >= _NEARLY_SAME
    return 0.25 if other_numbers or opposite else 1.0


def distinct(texts: Sequence[str], alike: float = ALIKE) -> list[int]:
    """Return the places of texts that say something no earlier one says."""
    likeness = Likeness([read_terms(text) for text in texts])
    kept: list[int] = []
    for place, text in enumerate(texts):
        said = any(text == texts[other] or likeness.of(place, other) >= alike for other in kept)
        if not said:
            kept.append(place)
    return kept
