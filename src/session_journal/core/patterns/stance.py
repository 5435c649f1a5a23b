"""Stance: what a statement gives up and what it keeps to; two that name the same thing may say the opposite of it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from session_journal.core import lazy_re as re
from session_journal.core.patterns.words import read_terms
from session_journal.core.records import record
from session_journal.core.terms import has_any

_VERB = (
    r"revert(?:s|ed|ing)?|und(?:o|id|oes|one|oing)|roll(?:s|ed|ing)? back|back(?:s|ed|ing)? out|dropp?(?:s|ed|ing)?"
    r"|abandon(?:s|ed|ing)?|g(?:ave|ive) up(?: on)?|discard(?:s|ed|ing)?|scrap(?:s|ped|ping)?|remov(?:es?|ed|ing)"
    r"|delet(?:es?|ed|ing)|replac(?:es?|ed|ing)|stop(?:s|ped|ping)? (?:using|doing)"
    r"|no longer (?:us(?:e|es|ing)|keep|do)"
    r"|(?:mov|switch|migrat)(?:es?|ed|e|ing)? (?:away )?from|instead of|rather than|get(?:ting)? rid of|got rid of"
)
_GIVEN_UP = re.compile(rf"\b(?:{_VERB})\s+(?!to\s)(?:the |our |a |an |using |with )?", re.IGNORECASE)
_UNDONE = re.compile(
    r"^(.{3,80}?) (?:was|were|has been|have been|is|are|got) (?:replaced"
    r"|(?:reverted|undone|rolled back|backed out|dropped|abandoned|scrapped|removed|deleted|ripped out)(?! by\b))\b",
    re.IGNORECASE,
)
_END = re.compile(
    r"[.;:,()\u2192]\s|[.;:,()\u2192]$|\s(?:with|by|to|for|in favou?r|because|since|as|and|but|so|when|after|before"
    r"|until|which|that|again|instead|into|in|on|at|from|over|rather|than)\s|\s[-\u2013\u2014]\s",
    re.IGNORECASE,
)
LONGEST = 80
_HEDGED = re.compile(
    r"(?:\b(?:not|never|without|avoid|almost|nearly|temporarily|briefly|accidentally|if|unless|consider(?:ed|ing)?"
    r"|(?:thought|thinking|think|talked|talking) (?:about|of)|(?:mistake|wrong|tempted|about|refused|tried|wanted) to"
    r"|(?:close|near) to|idea of)"
    r"|n['\u2019]t)\s+(?:(?:we|i|you|they|to|ever|be|just|simply)\s+){0,2}\Z",
    re.IGNORECASE,
)
_NEARLY = re.compile(
    r"\b(?:almost|nearly|came (?:close|near) to|(?:were|was) (?:about|tempted|close) to|toyed with|thought about)"
    rf"\s+(?:had to |be |to )?(?:(?:{_VERB}|ditch|shelv|bin|ax|rip|retir|t(?:ake|ook) |thr(?:ow|ew) )\w*|go\b)",
    re.IGNORECASE,
)
"""How a thing is told to have stayed after all."""
_BEFORE = 30
_HINTS = (
    "revert", "undo", "undid", "roll", "back", "drop", "abandon", "gave up", "give up", "discard", "scrap", "remov",
    "delet", "replac", "stop", "no longer", "from", "instead", "rather", "rid of",
)  # fmt: skip
"""What all that gives something up has in it: looked for first, for a journal has a hundred thousand statements."""
_KEPT = re.compile(
    r"(?:^|[.;:] |\b(?:always|should|must|needs? to|ha(?:s|ve) to|let['\u2019]s|please) )"
    r"(?:use|call|add|keep|prefer|adopt|enable)\s+(?:to )?(?:use |call |add |the |our |an? )*",
    re.IGNORECASE,
)
"""How a statement says what is to be: that something is used may be what it complains of."""


_UPHELD = re.compile(
    r"\b(?:must|should|needs? to|ha(?:s|ve) to)\s+(?:also |always |all )?"
    r"(?:be (?:updated|changed|kept (?:in|up)|maintained|called|set|passed|in sync)|(?:stay|remain) (?:in|up)|match)\b",
    re.IGNORECASE,
)
_SHORT = 6
_CLAUSES = re.compile(r"[;:!?\u2192]|\.\s|,(?! (?:which|that|and|or)\b)")
_NAME = re.compile(r"[A-Za-z]\w*(?:[a-z][A-Z]|_|\.\w)[\w.]*")


@record(frozen=True, slots=True)
class Loss:
    """One thing that was given up, in its words and as terms; rest: what is said after it."""

    thing: str
    terms: frozenset[str]
    rest: str = ""


@lru_cache(maxsize=65536)
def losses_in(text: str) -> tuple[Loss, ...]:
    """Return what a statement says was given up, each thing; most statements give nothing up."""
    if not has_any(text.casefold(), _HINTS):
        return ()
    found = [text[match.end() :] for match in _GIVEN_UP.finditer(text) if not _is_hedged(text, match.start())]
    told = [(head(rest[:LONGEST]), rest) for rest in found]
    losses = [Loss(thing, terms_of(thing), rest[len(thing) :]) for thing, rest in told]
    if undone := _UNDONE.match(text):
        losses.append(Loss(undone[1], terms_of(undone[1]), text[undone.end() :]))
    return tuple(one for one in losses if one.terms)


def given_up_in(text: str) -> tuple[frozenset[str], ...]:
    """Return the terms of each thing that a statement says was given up."""
    return tuple(one.terms for one in losses_in(text))


def is_near_miss(text: str) -> bool:
    """Tell whether a statement says that something was nearly given up, and was not."""
    return _NEARLY.search(text) is not None


def _is_hedged(text: str, start: int) -> bool:
    """Tell whether the words before a verb say that it was not done, or not for good."""
    return _HEDGED.search(text, max(0, start - _BEFORE), start) is not None


@lru_cache(maxsize=65536)
def kept_in(text: str) -> tuple[frozenset[str], ...]:
    """Return what a statement says to use, to add or to keep: the terms of each thing."""
    found = [head(text[match.end() :][:LONGEST]) for match in _KEPT.finditer(text)]
    return tuple(filter(None, [*map(terms_of, found), *_upheld_in(text)]))


def _upheld_in(text: str) -> Iterator[frozenset[str]]:
    """Yield what a statement says must be looked after, and each name of code there: what is gone need not be."""
    upheld = _UPHELD.search(text)
    if upheld:
        subject = _CLAUSES.split(text[: upheld.start()])[-1]
        whole = terms_of(subject) if len(subject.split()) <= _SHORT else frozenset[str]()
        yield whole if len(whole) > 1 else frozenset()
        yield from map(terms_of, _NAME.findall(subject))


def is_opposed(one: str, two: str) -> bool:
    """Tell whether one of two statements gives up what the other keeps to: `remove X`, `always use X`."""
    return _gives_up(one, two) or _gives_up(two, one)


def _gives_up(one: str, two: str) -> bool:
    given_up = given_up_in(one)
    return bool(given_up) and any(
        (left <= kept or kept <= left) for kept in kept_in(two) for left in given_up if not left <= _left(two)
    )


def _left(text: str) -> frozenset[str]:
    return frozenset[str]().union(*given_up_in(text))


def head(text: str) -> str:
    """Return a statement up to the end of its first clause."""
    end = _END.search(text)
    return text[: end.start()] if end and end.start() > 1 else text


def terms_of(text: str) -> frozenset[str]:
    """Return the terms of a text, whatever their weight."""
    return frozenset(read_terms(text).weights)
