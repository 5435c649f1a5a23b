"""Frames: statements in the same words in the same order, with other things in a place or two, make two points.

`Restart the worker after changing the queue settings` is not `Restart the scheduler after changing the cron settings`,
though most of both is the same. Told in other words or in another order, one point may well name other things.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from session_journal.core.patterns.vocabulary import FILLER
from session_journal.core.patterns.words import are_opposed, is_common, plain_words, sense_of, stem
from session_journal.core.terms import STOP

_LONGEST = 30
_SAME = 0.4
"""So many of all words are the same ones."""
_TELLING = 2
_WIDEST = 3
_BEGUN = 4
_UNIT = 3
_NUMBERS = frozenset(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "dozen"])
_WHERE = ("in", "within", "inside", "across", "throughout")
_LOOSE_WORDS = "a an the is are was were be been being has have had our my your its their this that these those"
_LOOSE = frozenset(_LOOSE_WORDS.split())
"""Words that make no difference wherever they stand."""


_NAME = re.compile(r"[a-z][A-Z][a-z]|[_/.:#]")
"""A name as code has them; `macOS` and `GraphQL` are none."""


class _Word(NamedTuple):
    """A word with its stem. name: as code has them; telling: it is no preposition, conjunction or the like."""

    stem: str
    text: str
    name: bool
    telling: bool


def are_filled_otherwise(one: str, two: str) -> bool:
    """Tell whether two statements are one frame that is filled with other things."""
    mine, other = _words(one), _words(two)
    places = _places(mine, other)
    if not places or not all(_is_place(here, there) for here, there in places):
        return False
    if len(places) == 1 and _is_where(mine, places[0][0]):
        return False
    filled = [pair for pair in ((_alone(here, other), _alone(there, mine)) for here, there in places) if all(pair)]
    # Common words in one place may be two ways to say one thing; in two places they are not.
    return len(filled) > 1 or any(_differ(a, b) for here, there in filled for a in here for b in there)


@lru_cache(maxsize=16384)
def _words(text: str) -> tuple[_Word, ...]:
    """Return the words of a statement that make a difference, none of a long one: that is no frame."""
    code = frozenset(text.split("`")[1::2])
    found = [_word(word, code) for word in plain_words(text.replace("`", " "))]
    found = [word for word in found if word.text not in _LOOSE]
    return tuple(found) if len(found) <= _LONGEST else ()


def _word(written: str, code: Container[str]) -> _Word:
    low = written.lower().removesuffix("'s")
    is_telling = _is_number(low) or (written.isupper() and len(low) > 1) or not _is_small(low)
    return _Word(
        stem(low) if low.isalpha() else low,
        low,
        not _is_number(low) and (_NAME.search(written) is not None or written in code),
        is_telling,
    )


def _is_number(low: str) -> bool:
    """Tell whether a word is a number, with its unit or without: `20m`."""
    return low in _NUMBERS or (low[:1].isdigit() and len(low.lstrip("0123456789.")) <= _UNIT)


def _is_small(low: str) -> bool:
    return len(low) < 2 or low in STOP or low in FILLER


def _places(mine: Sequence[_Word], other: Sequence[_Word]) -> list[tuple[Sequence[_Word], Sequence[_Word]]]:
    """Return what stands between the words that two have in common; nothing where these make no frame.

    The common words must be enough, and in one order.
    """
    at: dict[str, list[int]] = {}
    for place, word in enumerate(reversed(other), 1):
        at.setdefault(word.stem, []).append(len(other) - place)
    common = [(place, at[word.stem].pop()) for place, word in enumerate(mine) if at.get(word.stem)]
    is_in_order = all(a < b for (_, a), (_, b) in pairwise(common))
    telling = sum(mine[place].telling for place, _ in common)
    if not is_in_order or 2 * len(common) < _SAME * (len(mine) + len(other)) or telling < _TELLING:
        return []
    ends = [(-1, -1), *common, (len(mine), len(other))]
    return [(mine[a + 1 : c], other[b + 1 : d]) for (a, b), (c, d) in pairwise(ends) if c - a > 1 or d - b > 1]


def _is_place(here: Sequence[_Word], there: Sequence[_Word]) -> bool:
    """Tell whether something stands in a place of both, and no more than a thing: no clause that one has alone."""
    return 0 < len(here) <= _WIDEST and 0 < len(there) <= _WIDEST and all(word.telling for word in (*here, *there))


def _is_where(words: Sequence[_Word], place: Sequence[_Word]) -> bool:
    """Tell whether a sentence ends in where it holds, and that is all: what to do in two places is one thing to do."""
    before = words[: -len(place)]
    return words[-len(place) :] == place and bool(before) and before[-1].text in _WHERE


def _alone(words: Iterable[_Word], others: Sequence[_Word]) -> list[_Word]:
    """Return those of some words that have no like in the other statement, without names in code.

    What holds of two names is one thing to know: a command may be run on any file.
    """
    return [word for word in words if not (word.name or any(_are_like(word, other) for other in others))]


def _are_like(one: _Word, two: _Word) -> bool:
    sense = sense_of(one.stem)
    if one.stem == two.stem or (sense and sense == sense_of(two.stem)):
        return True
    return len(one.text) >= _BEGUN and one.stem[:_BEGUN] == two.stem[:_BEGUN]


def _differ(one: _Word, two: _Word) -> bool:
    """Tell whether two words in one place are two things, whatever else they might be."""
    if _is_number(one.text):
        return _is_number(two.text)
    if are_opposed(one.stem, two.stem) or (sense_of(one.stem) and sense_of(two.stem)):
        return True
    return not (is_common(one.stem) and is_common(two.stem))
