"""Sameness: which two lines that read alike can't be one thing, for what they share are its words and not its sense.

What reads alike is found by stems of words in any order, without the small words. Here the words themselves decide:
`turn on` and `turn off`, `copy A to B` and `copy B to A`, Ann and Anne are two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise, product

from session_journal.core import lazy_re as re
from session_journal.core.patterns.contrary import is_contrary
from session_journal.core.patterns.vocabulary import SHORT_FORMS
from session_journal.core.patterns.words import are_opposed, read_terms, stem, telling_terms
from session_journal.core.records import record
from session_journal.core.terms import STOP

_CODE = re.compile(r"`([^`]+)`")
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"\w+(?:['\u2019./:#-]\w+)*(?:\+\+|#(?!\w))?|\u2192|->|=>")
_SYMBOL = re.compile(r"(?<=\w)(?:\+\+|#)(?!\w)")
_NAME = re.compile(r"(?<=[\w,;)] )[A-Z][a-z]+\b")
"""A word written like a name, not the first of a sentence."""
_ARROWS = dict.fromkeys(("->", "=>", "\u2192"), "to")
_AGAINST = """
    on off; in out; up down; out back; forward back; forwards backwards; to from; into from; onto from; onto off;
    into out; before after; until after; since until; over under; above below; inside outside; for against;
    more less; more fewer; most least; ahead behind; all none; both neither
"""
_OPPOSED = tuple((one, two) for pair in _AGAINST.split(";") for one, two in [pair.split()])
_APART = frozenset(["away", "back", "down", "off", "out", "up"])
"""What makes another verb of one: `clean up`, `clean out`."""
_BETWEEN_WORDS = """
    after against as at before behind below by for from in instead into of off on onto over than to under until via
    when while with
"""
_BETWEEN = frozenset(_BETWEEN_WORDS.split())
"""What has something before it and something right behind it that are not to change places."""
_ARTICLES = frozenset(["a", "an", "the"])
_NO_SIGNS = frozenset(["i", "s", "t"])
_NEGATIVE = ("un", "dis", "de", "in", "non", "mis")
_PLURAL = ("s", "es", "'s", "\u2019s")


@record(frozen=True, slots=True)
class _Words:
    """The words of a line in order, in small letters, and what is told by how they are written."""

    order: tuple[str, ...]
    count: Counter[str]
    names: frozenset[str]
    signs: frozenset[str]


def may_be_same(one: str, other: str) -> bool:
    """Tell whether two lines that read alike may be one thing: to do, to learn, or to answer.

    `foo()` and `bar()` are two, as are chapter 2 and chapter 3, opposites, and what goes the other way.
    """
    # Here a digit within a name counts, which the terms pass over.
    if set(_NUMBER.findall(one)) != set(_NUMBER.findall(other)):
        return False
    pairs = ((one, other), (other, one))
    if not all(name in text for named, text in pairs for name in _CODE.findall(named)):
        return False
    mine, its = _words_of(one), _words_of(other)
    if mine.order == its.order:
        return True
    if mine.signs != its.signs or _is_against(mine, its) or _is_turned(mine, its):
        return False
    return not is_contrary(one, other)


def share_much(one: str, other: str) -> bool:
    """Tell whether two lines with one id may be two wordings of a thing: a telling word in common, or most."""
    if not telling_terms(one).isdisjoint(telling_terms(other)):
        return True
    mine, its = read_terms(one).weights.keys(), read_terms(other).weights.keys()
    fewest = min(len(mine), len(its))
    return not fewest or len(mine & its) * 2 > fewest


def symbols_in(text: str) -> tuple[str, ...]:
    """Return what is written behind words and tells their names apart: `C++`, `C#`."""
    return tuple(_SYMBOL.findall(text)) if "+" in text or "#" in text else ()


@lru_cache(maxsize=65536)
def _words_of(text: str) -> _Words:
    written = _WORD.findall(text)
    kept: list[str] = []
    for word, following in pairwise([*written, ""]):
        if kept and word == "A" and not following[:1].isupper():
            kept.append(word)  # the first of several, as in `plan A`, no article
        elif (low := word.lower()) not in _ARTICLES:
            kept.append(_ARROWS.get(word, low))
    return _Words(
        tuple(kept), Counter(kept), frozenset(_NAME.findall(text)), frozenset(word for word in kept if _is_sign(word))
    )


def _is_sign(word: str) -> bool:
    """Tell whether a word is a letter that names something, as in `plan B`, or has a sign behind it: no term has."""
    return (len(word) == 1 and word.isalpha() and word not in _NO_SIGNS) or word[-1] in "+#"


# --- other words in one place -----------------------------------------------------------------------------------------


def _is_against(one: _Words, two: _Words) -> bool:
    """Tell whether what one says in place of the other's words makes it another thing."""
    mine, its = (one.count - two.count).keys(), (two.count - one.count).keys()
    if not (mine and its):
        return False
    if any((a in mine and b in its) or (b in mine and a in its) for a, b in _OPPOSED):
        return True
    if len(_APART & mine) and len(_APART & its):
        return True
    names = one.names | two.names
    return any(_are_two(a, b, names) for a, b in product(sorted(mine - STOP), sorted(its - STOP)))


def _are_two(one: str, two: str, names: frozenset[str]) -> bool:
    """Tell whether two words are opposites, or two names that their stems join."""
    mine, its = stem(one), stem(two)
    if mine == its:
        return _are_names(sorted((one, two), key=len), names)
    return are_opposed(mine, its) or any(mine == before + its or its == before + mine for before in _NEGATIVE)


def _are_names(words: Sequence[str], names: frozenset[str]) -> bool:
    """Tell whether words of one stem are two names: no word is inflected by an `e` alone, and no name but by an `s`."""
    short, long = words
    if short in SHORT_FORMS or long in SHORT_FORMS:
        return False
    rest = long.removeprefix(short)
    if rest == "e" or rest == f"{short[-1]}e":
        return True
    return rest not in _PLURAL and {short.capitalize(), long.capitalize()} <= names


# --- the same words in another order ----------------------------------------------------------------------------------


def _is_turned(one: _Words, two: _Words) -> bool:
    """Tell whether one says of two things what the other says of them the other way round: `A into B`, `B into A`."""
    shared = one.count.keys() & two.count.keys()
    if [word for word in one.order if word in shared] == [word for word in two.order if word in shared]:
        return False
    return any(
        mine and its and mine[0] in before and its[0] in earlier
        for word in sorted(_BETWEEN & shared)
        for (earlier, mine), (before, its) in _cut_at(word, one.order, two.order)
    )


_Sides = tuple[frozenset[str], Sequence[str]]


def _cut_at(word: str, one: Sequence[str], two: Sequence[str]) -> Iterator[tuple[_Sides, _Sides]]:
    """Yield what stands before and behind a word in both, for each of its places that may be the same."""
    mine, its = ([place for place, said in enumerate(text) if said == word] for text in (one, two))
    pairs = zip(mine, its, strict=True) if len(mine) == len(its) else [(mine[-1], its[-1])]
    for a, b in pairs:
        yield _sides(one, a), _sides(two, b)


def _sides(words: Sequence[str], place: int) -> _Sides:
    """Return the stems of what stands on one side of a word alone: before it, and behind it in order."""
    before, after = ([stem(word) for word in part if word not in STOP] for part in (words[:place], words[place + 1 :]))
    return frozenset(before).difference(after), [one for one in after if one not in before]
