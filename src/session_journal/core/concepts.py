"""Concepts: what a knowledge gap is about, and which statements name all of it."""

from __future__ import annotations

import re
from functools import lru_cache

from session_journal.core.patterns.vocabulary import EVERYDAY
from session_journal.core.patterns.words import denies, read_terms, stem, telling_terms
from session_journal.core.records import record

_LEAST = 2
"""So many terms tell one concept from another; of a name in code one does."""
_LONGEST = 40
_WORD = re.compile(r"[^\s,;()\[\]\"]+")
_DIGITS = re.compile(r"\d+")
_ASKING_WORDS = """
    across behave behaviour between concept exact function happen learn mean relate understand work
"""
_ASKING = frozenset(map(stem, _ASKING_WORDS.split()))
"""What a gap asks of its concept, beside naming it."""
_ANY_WORK = frozenset(map(stem, EVERYDAY))


@record(frozen=True, slots=True)
class Concept:
    """What a gap is about. telling: each a term or the forms of one name, of which all are named wherever it is done.

    common: terms of any work, of which half are, all of them beside one telling word; keys: how words of it begin, the
    longest first, for a quick look.
    """

    telling: tuple[frozenset[str], ...]
    common: frozenset[str]
    numbers: frozenset[str]
    denies: bool
    keys: tuple[str, ...]

    @property
    def fewest(self) -> float:
        """Return how many of the common terms a statement must name."""
        return len(self.common) * (0.5 if len(self.telling) > 1 else 1.0)


@lru_cache(maxsize=4096)
def concept_of(text: str) -> Concept | None:
    """Return what a gap is about; None where its words are too few or too common to be found again."""
    telling, common, keys = set[frozenset[str]](), set[str](), set[str]()
    for word in _WORD.findall(text):
        terms = read_terms(word).weights
        names = frozenset(term for term in terms if term[0] == "@")
        for one in [names] if names else [frozenset([term]) for term in terms if term not in _ASKING]:
            if one <= telling_terms(word):
                telling.add(one)
                keys.add(_begun(max((term for term in terms if term[0] != "@"), key=len, default="")))
            else:
                common |= one - _ANY_WORK
    is_name = any(term[0] == "@" for one in telling for term in one)
    if not telling or (len(telling) + len(common) < _LEAST and not is_name):
        return None
    numbers, order = frozenset(_DIGITS.findall(text)), sorted(keys, key=lambda key: (-len(key), key))
    return Concept(tuple(telling), frozenset(common), numbers, denies(text), tuple(order))


def _begun(term: str) -> str:
    """Return how all words begin that have a term: `retr` of `retry` and `retries`, `resol` of `resolution`."""
    return term.removesuffix("y").removesuffix("v")


def names(concept: Concept, text: str) -> bool:
    """Tell whether a statement names all of a concept; a long one has many words by chance."""
    low = text.lower()
    if not all(key in low for key in concept.keys) or len(low.split()) > _LONGEST:
        return False
    terms = read_terms(text).weights.keys()
    return (
        all(not one.isdisjoint(terms) for one in concept.telling)
        and len(concept.common & terms) >= concept.fewest
        and concept.numbers <= set(_DIGITS.findall(text))
    )
