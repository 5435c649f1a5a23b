"""Concepts: what a knowledge gap is about, and which statements name all of it."""

from __future__ import annotations

import re
from functools import lru_cache

from session_journal.core.patterns.vocabulary import EVERYDAY
from session_journal.core.patterns.words import denies, read_terms, stem, telling_terms
from session_journal.core.records import record

_LEAST = 2
"""So many terms tell one concept from another; of a name one does."""
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

    common: terms of any work, of which half are; keys: how words of it begin, the longest first, for a quick look.
    """

    telling: tuple[frozenset[str], ...]
    common: frozenset[str]
    numbers: frozenset[str]
    denies: bool
    keys: tuple[str, ...]
    broad: bool = False


@lru_cache(maxsize=4096)
def concept_of(text: str) -> Concept | None:
    """Return what a gap is about; None where its words are too common to be found again."""
    telling, common, keys = set[frozenset[str]](), set[str](), set[str]()
    named = False
    for place, word in enumerate(_WORD.findall(text)):
        terms = read_terms(word).weights
        names = frozenset(term for term in terms if term[0] == "@")
        found = [names] if names else [frozenset([term]) for term in terms if term not in _ASKING]
        for one in found:
            if not one <= telling_terms(word):
                common |= one - _ANY_WORK
                continue
            telling.add(one)
            keys.add(_begun(max((term for term in terms if term[0] != "@"), key=len, default="")))
            named = named or bool(names) or "`" in word or (place > 0 and word[:1].isupper())
    count = len(telling) + len(common)
    if not telling or (count < _LEAST and not named):
        return None
    broad = count < _LEAST and not any(term[0] == "@" for one in telling for term in one)
    numbers = frozenset(_DIGITS.findall(text))
    return Concept(
        tuple(telling), frozenset(common), numbers, denies(text), tuple(sorted(keys, key=len, reverse=True)), broad
    )


def _begun(term: str) -> str:
    """Return how all words begin that have a term: `retr` of `retry` and `retries`, `resol` of `resolution`."""
    return term.removesuffix("y").removesuffix("v")


def names(concept: Concept, text: str) -> bool:
    """Tell whether a statement names all of a concept."""
    low = text.lower()
    if not all(key in low for key in concept.keys):
        return False
    terms = read_terms(text).weights.keys()
    return (
        all(not one.isdisjoint(terms) for one in concept.telling)
        and 2 * len(concept.common & terms) >= len(concept.common)
        and concept.numbers <= set(_DIGITS.findall(text))
    )
