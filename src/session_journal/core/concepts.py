"""Concepts: what a knowledge gap is about, and which statements name all of it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from functools import lru_cache

from session_journal.core.patterns.vocabulary import EVERYDAY
from session_journal.core.patterns.words import denies, read_terms, stem, telling_terms
from session_journal.core.records import record
from session_journal.core.variants import forms, in_base_form

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
_UNABLE_TO = r"(?:(?:could|have|had)(?: ?not|n['\u2019]t)|can(?: ?not|['\u2019]t))"
_LACKING = re.compile(
    r"(?:^|\b(?:i|we)(?:['\u2019](?:m|re|ve))?\b|[,;:(\u2013\u2014-](?=\s)|(?<=\())\s*"
    r"(?:(?:i|we|am|are|was|were|is|(?:it['\u2019]s)|i['\u2019](?:m|ve)|we['\u2019](?:re|ve)|still|also|really|but)\s+)*"
    rf"(?:(?:(?:do|did)(?: ?not|n['\u2019]t)|{_UNABLE_TO}|never)(?:\s+(?:\w+ly|quite|yet|even|ever|have|had))*"
    r"\s+(?:kn(?:ow|ew|own)|underst(?:and|ood)|get|got|see|seen|grasp(?:ed)?|remember|recall|explain|tell|figured? out"
    r"|used?|tried|try|learn(?:ed|t)?|worked with|heard of|d(?:id|one)|had to do with)"
    r"|not (?:\w+ly |quite |yet |so |too )*(?:sure|certain|clear|familiar|confident|comfortable|at home)(?: yet)?"
    r"|no (?:real |good |clear )?(?:idea|clue|experience|understanding|knowledge|grasp)"
    r"|(?:un(?:clear|sure|certain|familiar)|confused|puzzled|struggl(?:e|ed|ing)|shaky|lost)"
    r"(?=\s+(?:about|with|on|by|in|how|why|what|when|where|which|whether|if)\b|\s*[:,;.)]|\s*$))"
    r"(?:\s+(?:with|about|of|on|in|by|at)\b|\s*[:,.;]+)?",
    re.IGNORECASE,
)
_UNABLE = re.compile(
    rf"^\s*(?:(?:i|we)(?:['\u2019]ve)?\s+|still\s+)*"
    rf"(?:{_UNABLE_TO}|never(?=\s+\w+(?:ed|en|n|t|ne)\b))\s+(?:(?:yet|ever|really)\s+)*",
    re.IGNORECASE,
)
"""How a gap says that something is not known, or was never done: no part of what it is about, nor a denial of it."""


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
    text = _UNABLE.sub("", _LACKING.sub(" ", text))
    telling, common, keys = set[frozenset[str]](), set[str](), set[str]()
    for word in _WORD.findall(text):
        terms, base = read_terms(word).weights, read_terms(in_base_form(word)).weights
        names = frozenset(term for term in terms if term[0] == "@")
        for one in [names] if names else [frozenset([term]) for term in terms if term not in _ASKING]:
            if one <= telling_terms(word):
                telling.add(one if names or len(terms) > 1 else one.union(base))
                keys.add(_key(word, terms))
            else:
                common |= (one if len(terms) > 1 else frozenset(base)) - _ANY_WORK
    is_name = any(term[0] == "@" for one in telling for term in one)
    if not telling or (len(telling) + len(common) < _LEAST and not is_name):
        return None
    numbers, order = frozenset(_DIGITS.findall(text)), sorted(keys, key=lambda key: (-len(key), key))
    return Concept(tuple(telling), frozenset(common), numbers, denies(text), tuple(order))


def _key(word: str, terms: Iterable[str]) -> str:
    """Return how all words begin that may stand for a telling one: `f` of `freeze` and `froze`."""
    begun = [_begun(stem(form)) for form in forms(word.lower())]
    if not begun:
        return _begun(max((term for term in terms if term[0] != "@"), key=len, default=""))
    first, last = min(begun), max(begun)
    same = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    return first[: len(list(same))]


def _begun(term: str) -> str:
    """Return how all words begin that have a term: `retr` of `retry` and `retries`, `resol` of `resolution`."""
    return term.removesuffix("y").removesuffix("v")


def names(concept: Concept, text: str) -> bool:
    """Tell whether a statement names all of a concept; a long one has many words by chance."""
    low = text.lower()
    if not all(key in low for key in concept.keys) or len(low.split()) > _LONGEST:
        return False
    terms, based = set(read_terms(text).weights), in_base_form(text)
    if based != text:
        terms.update(read_terms(based).weights)
    return (
        all(not one.isdisjoint(terms) for one in concept.telling)
        and len(concept.common & terms) >= concept.fewest
        and concept.numbers <= set(_DIGITS.findall(text))
    )
