"""What a statement is about: its terms with how much each tells, names in parts, and the numbers that set it apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from math import log

from session_journal.core.patterns.vocabulary import (
    CARE,
    COMMON,
    EVERYDAY,
    FILE_ENDINGS,
    FILLER,
    OPPOSITES,
    SENSES,
    SHORT_FORMS,
)
from session_journal.core.records import record
from session_journal.core.terms import STOP, pairs, unspaced
from session_journal.core.variants import american

_WORD = re.compile(r"\w[\w'./:#-]*\w|\w")
_PART = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|[^\W\d_a-zA-Z]+")
_NAME = re.compile(r"[a-z][A-Z]|[_/.:#]|\d")
_QUALIFIED = re.compile(r"\w(?:\.|::|#)([^\W\d][\w-]*)$")
_NUMBER = re.compile(r"(?<![\w.])v?(\d+(?:\.\d+)*)(?![\w.]*\w)")
_NEGATION = re.compile(
    r"\b(?:not|never|no|without|avoid(?:ing|ed|s)?|cannot|nor|stop)\b|\wn['\u2019]t\b", re.IGNORECASE
)
_NEGATIVE = re.compile(r"(?:n(?:o[tr]?|ever|['\u2019]t)|without|avoid(?:ing|ed|s)?|cannot|stop)\b")
"""What all that denies has in it, in small letters: found six times as fast, for it may begin within a word."""
_ARROW = re.compile(r"\s(?:\u2192|->|=>)\s")
_ENDINGS = (
    "izations", "ization", "isation", "izing", "ized", "izes", "ize", "itional", "ition", "ional",
    "ements", "ement", "ments", "ment", "ingly", "edly", "ness", "ions", "ion", "ings", "ing", "able", "ible",
    "ally", "ity", "ive", "ely", "ed", "er", "or", "ly", "al", "e",
)  # fmt: skip
_WHOLE = ("ply", "ias")
"""Ends of words that end in no ending: `apply`, `alias`."""
_INFLECTED = ("ed", "ing")
_PLURALS = (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"))

_PART_WEIGHT = 0.8
_MOST_PARTS = 3

# How often a word is expected in statements about software work, before the journal itself has said anything:
# three entries are too few to tell `test` from `gopls`.
_EVERYDAY = 0.05
_COMMON = 0.015
_RARE = 0.0045
_NAMED = 0.0006
_SENSED = 0.02
_PRIOR = 150
"""The prior weighs as much as this many statements of the journal."""

_SENSE_WEIGHT = 0.8
"""Two words of one sense meet in it, and less than one word meets itself: their own terms stay apart."""


@record(frozen=True, slots=True)
class Terms:
    """A statement's terms with the weight of their form, its numbers, whether it denies, whether it tells trouble."""

    weights: dict[str, float]
    numbers: frozenset[str]
    denies: bool
    trouble: bool = False


def read_terms(text: str, *, trouble: bool = False) -> Terms:
    """Read the terms of a statement; a name counts whole (`@findsession`) and, less, in its parts."""
    weights: dict[str, float] = {}
    for word in _WORD.findall(text):
        for term, weight in _terms_of(word):
            if weights.setdefault(term, weight) < weight:
                weights[term] = weight
    for run in () if text.isascii() else unspaced(text):
        weights.update(dict.fromkeys(pairs(run), 1.0))
    return Terms(weights, numbers_in(text), denies(text), trouble)


def numbers_in(text: str) -> frozenset[str]:
    """Return the numbers that set a statement apart: numbers that stand alone, and versions."""
    return frozenset(_NUMBER.findall(text))


def denies(text: str) -> bool:
    """Tell whether a statement denies; what was lacking in `problem → resolution` denies nothing."""
    if not _NEGATIVE.search(text.lower()):
        return False
    told = _ARROW.split(text)[-1] if "\u2192" in text or ">" in text else text
    return _NEGATION.search(told) is not None


def with_senses(terms: Terms) -> Terms:
    """Return the terms with the sense of each word that has one (`~fail` of `error`), so that other words meet too."""
    weights = dict(terms.weights)
    for term in [term for term in weights if term in _SENSE_OF]:
        sense = _SENSE_OF[term]
        weights[sense] = max(weights.get(sense, 0.0), weights[term] * _SENSE_WEIGHT)
    return Terms(weights, terms.numbers, terms.denies, terms.trouble)


def are_one_thing(shared: set[str]) -> bool:
    """Tell whether shared terms are one word with its sense, or one name with its parts."""
    firsts = [term[0] for term in shared]
    if "@" not in firsts and len(firsts) - firsts.count("~") > 1:
        return False
    said = shared.difference([_SENSE_OF.get(term, "") for term in shared])
    if len(said) < 2:
        return True
    name = max((term for term in said if term[0] == "@"), key=len, default="")
    return all(term.removeprefix("@") in name for term in said)


@lru_cache(maxsize=65536)
def _terms_of(written: str) -> tuple[tuple[str, float], ...]:
    word = written.strip(".-:/'")
    if not word.isascii() and unspaced(word):
        return ()
    named = _NAME.search(word) is not None
    parts = _PART.findall(word) if named else word.split("-")
    names: list[str] = []
    weights = [1.0] * len(parts)
    if named and len(parts) > 1:
        names, weights = _in_parts(word, len(parts))
    found = [("@" + re.sub(r"[\W_]", "", name.lower()), 1.0) for name in names]
    for part, weight in zip(parts, weights, strict=False):
        low = part.lower().removesuffix("'s")
        if len(low) > 1 and low not in STOP and low not in FILLER:
            found.append((stem(low), weight))
    return tuple(found)


def _in_parts(word: str, count: int) -> tuple[list[str], list[float]]:
    """Return by which names a name of so many parts is known, and the weight of each part that is a word.

    The ending of a file is none. `os.Chdir` and `t.Chdir` are known by `Chdir`, `id.CheckpointID` by `CheckpointID`.
    """
    last = word.rpartition("/")[2]
    is_file = last.rpartition(".")[2] in FILE_ENDINGS
    count -= is_file
    # A long name is one thing however many parts it has: a branch in common is no point in common.
    weights = [_PART_WEIGHT * min(1.0, _MOST_PARTS / count)] * count
    qualified = None if is_file else _QUALIFIED.search(last)
    if qualified and len(_PART.findall(qualified[1])) > 1:
        return [word, qualified[1]], weights
    return [word], [*weights[:-1], 1.0] if qualified else weights


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Cut English endings off, so that `parallelized` and `parallel` meet."""
    if len(word) <= 3 or not word.isascii():
        return SHORT_FORMS.get(word, word)
    word = american(_singular(word))
    word = SHORT_FORMS.get(word, word)
    if len(word) <= 3:
        return word
    root = _root(word)
    return root[:-1] + "y" if root.endswith("i") else root


def _root(word: str) -> str:
    """Cut off what makes `migrating` and `migration` of `migrat`, and `commented` of `comment`, and its ending too."""
    cut = _cut(word)
    is_doubled = word.startswith(cut + cut[-1])
    if cut.endswith("olut"):
        return cut[:-2] + "v"
    if cut != word and len(cut) > 5 and cut.endswith("at") and cut[-3] not in "aeo" and not is_doubled:
        cut = cut[:-2]
        return _cut(cut) if cut.endswith("ment") else cut
    return _cut(cut) if word[len(cut) + is_doubled :] in _INFLECTED else cut


def _cut(word: str) -> str:
    if word.endswith(_WHOLE):
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            cut = word[: -len(ending)]
            return cut[:-1] if len(cut) > 3 and cut[-1] == cut[-2] and cut[-1] not in "lsz" else cut
    return word


def _singular(word: str) -> str:
    if word.endswith(_WHOLE):
        return word
    for ending, instead in _PLURALS:
        if word.endswith(ending) and len(word) >= len(ending) + 2:
            return word[: -len(ending)] + instead
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


_SENSE_OF = {stem(word): f"~{words[0]}" for words in SENSES for word in words}
_EXPECTED = (
    {stem(word): _COMMON for word in COMMON}
    | {stem(word): _EVERYDAY for word in EVERYDAY}
    | dict.fromkeys(_SENSE_OF.values(), _SENSED)
)


_ANY_WORK = frozenset(map(stem, EVERYDAY))
_OPPOSED = frozenset((stem(one), stem(two)) for pair in OPPOSITES for one, two in (pair, pair[::-1]))


def is_everyday(term: str) -> bool:
    """Tell whether a term, or a sense, is one of any work."""
    return term in _ANY_WORK or term[0] == "~"


def names_trouble(core: Mapping[str, float]) -> bool:
    """Tell whether the terms that troubles share, by how much they tell, name more than the care any work takes.

    `Required careful coordination of tests and docs` names nothing.
    """
    if _CAREFUL.isdisjoint(core):
        return True
    whole = sum(sorted(weight for term, weight in core.items() if term[0] != "~"))
    return sum(sorted(core[term] for term in _named(core))) >= _NAMED_AT_LEAST * whole


def names(core: Iterable[str]) -> int:
    """Count the shared terms that name something: `the test passes` is true of any test at some time."""
    return len(_named(core))


def _named(core: Iterable[str]) -> list[str]:
    return [term for term in core if not (term in _EXPECTED or term in _CAREFUL)]


_CAREFUL = frozenset(map(stem, CARE))
_NAMED_AT_LEAST = 0.35


def is_common(term: str) -> bool:
    """Tell whether a term is a common word of such work, or a sense."""
    return term in _EXPECTED


def sense_of(term: str) -> str:
    """Return the sense that a term shares with others, "" for most."""
    return _SENSE_OF.get(term, "")


def are_opposed(one: str, two: str) -> bool:
    """Tell whether two terms are opposites: `large`, `small`."""
    return (one, two) in _OPPOSED


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
        seen = {term: word for word in plain_words(text) for term, _ in _terms_of(word)[:1]}
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


@lru_cache(maxsize=4096)
def telling_terms(text: str) -> frozenset[str]:
    """Return the terms of a text that are not the common words of any work."""
    return frozenset(term for term in read_terms(text).weights if term not in _EXPECTED)


def plain_words(text: str) -> list[str]:
    """Return the words of a text as they are written, without the punctuation around them."""
    return [match.group().strip(".-:/'") for match in _WORD.finditer(text)]
