"""What a statement is about: its terms with how much each tells, names in parts, and the numbers that set it apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log

from session_journal.core.terms import STOP, pairs, unspaced

_FILLER_WORDS = """
    although always among already could else even ever every however into just let like may might near need needs
    one onto or others per rather really since still though throughout thus unless upon us use used uses using
    usually via want way well without within would yes yet
"""
_FILLER = frozenset(_FILLER_WORDS.split())
_WORD = re.compile(r"\w[\w'./:#-]*\w|\w")
_PART = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|[^\W\d_a-zA-Z]+")
_NAME = re.compile(r"[a-z][A-Z]|[_/.:#]|\d")
_NUMBER = re.compile(r"(?<![\w.])v?(\d+(?:\.\d+)+|\d{2,})(?![\w.]*\w)")
_NEGATION = re.compile(r"\b(?:not|never|no|without|avoid(?:ing|ed|s)?|cannot|nor|stop|\w+n['\u2019]t)\b", re.IGNORECASE)
_ARROW = re.compile(r"\s(?:\u2192|->|=>)\s")
_ENDINGS = (
    "izations", "ization", "isation", "izing", "ized", "izes", "ize", "ational", "ations", "ation", "ition",
    "ements", "ement", "ments", "ment", "ingly", "edly", "ness", "ions", "ion", "ings", "ing", "able", "ible",
    "ally", "ity", "ive", "ed", "er", "or", "ly", "al", "e",
)  # fmt: skip
_PLURALS = (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"))

_SHORT_FORMS = {
    "application": "app", "argument": "arg", "authentication": "auth", "configuration": "config",
    "database": "db", "dependency": "dep", "directory": "dir", "document": "doc", "documentation": "doc",
    "documented": "doc", "environment": "env", "function": "func", "parameter": "param", "repository": "repo",
    "specification": "spec", "synchronise": "sync", "synchronize": "sync", "temporary": "temp", "variable": "var",
}  # fmt: skip
"""What people write short as often as whole."""

_PART_WEIGHT = 0.8
_MOST_PARTS = 3

# How often a word is expected in statements about software work, before the journal itself has said anything:
# three entries are too few to tell `test` from `gopls`.
_EVERYDAY = 0.05
_COMMON = 0.015
_RARE = 0.003
_NAMED = 0.0008
_PRIOR = 150
"""The prior weighs as much as this many statements of the journal."""

_EVERYDAY_WORDS = """
    test code file change error fail run work make add set new check fix update function first time problem issue
    user project build create require
"""
_COMMON_WORDS = """
    actual agent allow api app approach argument ask assume automatic available back bad behaviour behavior better
    block branch break bug call case catch cause class clean clear cli client command comment commit common compile
    complete config configuration confirm consistent contain content context convert copy correct cover data database
    date debug default define delete depend dependency deploy describe design develop difference different direct
    directory doc document documentation edit empty end ensure environment example exist existing expect explicit
    export extra failure fall feature field find follow force format full generate git good group handle hard help
    hook id implement implementation import improve include incorrect index initial input install instance
    integration interface internal introduce item job keep key know large later lead learn leave length level library
    line link lint list load local log logic long look loop lose main manual mean match matter merge message method miss
    mock mode model module move multiple name network next note number object old open operation option order
    original output package page parse part pass path pattern place plan point possible prefer prevent previous print
    process production prompt proper provide public pull push put query question quick read real reason refactor
    reference release remain remember remove rename repeat replace repo repository request resolve response rest
    result return reuse review rule safe save schema script search second see separate sequence server service
    session setting setup share show side silent simple single skip slow small solution solve source specific stage
    start state step store string structure style suite support system table take task team think thing thread token
    tool track try turn two type understand unit unexpected unused url value variable verify version view wait
    warning whole wrong write
"""


@dataclass(frozen=True, slots=True)
class Terms:
    """A statement's terms with the weight of their form, its numbers, whether it denies, whether it tells trouble."""

    weights: dict[str, float]
    numbers: frozenset[str]
    denies: bool
    trouble: bool = False


def read_terms(text: str, *, trouble: bool = False) -> Terms:
    """Read the terms of a statement; a name counts whole (`@findsession`) and, less, in its parts."""
    weights: dict[str, float] = {}
    for match in _WORD.finditer(text):
        for term, weight in _terms_of(match.group().strip(".-:/'")):
            weights[term] = max(weight, weights.get(term, 0.0))
    for run in unspaced(text):
        weights.update(dict.fromkeys(pairs(run), 1.0))
    numbers = frozenset(match[1] for match in _NUMBER.finditer(text))
    return Terms(weights, numbers, denies(text), trouble)


def denies(text: str) -> bool:
    """Tell whether a statement denies; what was lacking in `problem → resolution` denies nothing."""
    return _NEGATION.search(_ARROW.split(text)[-1]) is not None


@lru_cache(maxsize=65536)
def _terms_of(word: str) -> tuple[tuple[str, float], ...]:
    if unspaced(word):
        return ()
    named = _NAME.search(word) is not None
    parts = _PART.findall(word) if named else word.split("-")
    whole = named and len(parts) > 1
    # A long name is one thing however many parts it has: a branch in common is no point in common.
    part_weight = _PART_WEIGHT * min(1.0, _MOST_PARTS / len(parts)) if whole else 1.0
    found = [("@" + re.sub(r"[\W_]", "", word.lower()), 1.0)] if whole else []
    for part in parts:
        low = part.lower().removesuffix("'s")
        if len(low) > 1 and low not in STOP and low not in _FILLER:
            found.append((stem(low), part_weight))
    return tuple(found)


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Cut English endings off, so that `parallelized` and `parallel` meet."""
    if len(word) <= 3 or not word.isascii():
        return word
    word = _singular(word)
    word = _SHORT_FORMS.get(word, word)
    if len(word) <= 3:
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    return word[:-1] + "y" if word.endswith("i") else word


def _singular(word: str) -> str:
    for ending, instead in _PLURALS:
        if word.endswith(ending) and len(word) >= len(ending) + 2:
            return word[: -len(ending)] + instead
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


_EXPECTED = {stem(word): _COMMON for word in _COMMON_WORDS.split()} | {
    stem(word): _EVERYDAY for word in _EVERYDAY_WORDS.split()
}


class Telling(dict[str, float]):
    """How much each term tells: rare ones tell more than common ones, in the statements that it was learnt from."""

    def __init__(self, statements: Iterable[Terms]) -> None:
        """Count the terms of some statements."""
        super().__init__()
        self.seen: Counter[str] = Counter()
        self.total = 0
        for statement in statements:
            self.seen.update(statement.weights.keys())
            self.total += 1

    def __missing__(self, term: str) -> float:
        """Work out a term's value when it is first asked for."""
        value = self[term] = _telling(term, self.seen[term], self.total)
        return value


def _telling(term: str, count: int, total: int) -> float:
    expected = _NAMED if term[0] == "@" else _EXPECTED.get(term, _RARE)
    rarity = log((total + _PRIOR + 1) / (count + _PRIOR * expected + 0.5))
    return float(max(0.0, rarity) ** 0.8)


def shared_words(texts: Sequence[str], most: int = 6) -> tuple[str, ...]:
    """Return the words that at least half of some texts share, as they are mostly written, the most telling first."""
    written: dict[str, Counter[str]] = {}
    for text in texts:
        seen = {term: word for word in _plain_words(text) for term, _ in _terms_of(word)[:1]}
        for term, word in seen.items():
            written.setdefault(term, Counter())[word] += 1
    common = {
        term: words
        for term, words in written.items()
        if words.total() * 2 >= len(texts) and words.total() > 1 and _EXPECTED.get(term, 0.0) < _EVERYDAY
    }
    order = sorted(common, key=lambda term: (-_telling(term, 0, 0), -common[term].total(), term))
    names = [max(common[term], key=lambda word: (common[term][word], word.islower(), word)) for term in order]
    return tuple(names[:most])


def mentions(text: str, words: Sequence[str]) -> int:
    """Count how many of some words stand in a text, in whatever form."""
    terms = read_terms(text).weights
    return sum(any(term in terms for term, _ in _terms_of(word)[:1]) for word in words)


def telling_terms(text: str) -> frozenset[str]:
    """Return the terms of a text that are not the common words of any work."""
    return frozenset(term for term in read_terms(text).weights if term not in _EXPECTED)


def _plain_words(text: str) -> list[str]:
    return [match.group().strip(".-:/'") for match in _WORD.finditer(text)]
