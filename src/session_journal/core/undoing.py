"""What a later statement takes back: a decision that holds no more, a fix that was undone."""

from __future__ import annotations

import re
from functools import lru_cache

from session_journal.core.patterns.words import read_terms

_VERB = (
    r"revert(?:s|ed|ing)?|und(?:o|id|oes|one|oing)|roll(?:s|ed|ing)? back|back(?:s|ed|ing)? out|dropp?(?:s|ed|ing)?"
    r"|abandon(?:s|ed|ing)?|g(?:ave|ive) up(?: on)?|discard(?:s|ed|ing)?|scrap(?:s|ped|ping)?|remov(?:es?|ed|ing)"
    r"|delet(?:es?|ed|ing)|replac(?:es?|ed|ing)|stop(?:s|ped|ping)? (?:using|doing)"
    r"|no longer (?:us(?:e|es|ing)|keep|do)"
    r"|(?:mov|switch|migrat)(?:es?|ed|e|ing)? (?:away )?from|instead of|rather than|get(?:ting)? rid of|got rid of"
)
_GIVEN_UP = re.compile(rf"\b(?:{_VERB})\s+(?:the |our |a |an |using |with )?", re.IGNORECASE)
_UNDONE = re.compile(
    r"^(.{3,80}?) (?:was|were|has been|have been|is|are|got) (?:reverted|undone|rolled back|backed out|dropped"
    r"|abandoned|scrapped|removed again)\b",
    re.IGNORECASE,
)
_END = re.compile(
    r"[.;:,()\u2192]\s|[.;:,()\u2192]$|\s(?:with|by|to|for|in favou?r|because|since|as|and|but|so|when|after|before"
    r"|until|which|that|again|instead|into|in|on|at|from|over|rather|than)\s|\s[-\u2013\u2014]\s",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"(?:(?:we|i|the user|let['\u2019]s)\s+)?(?:decided (?:to|on|for)|agreed (?:to|on)|chose(?: to)?|chosen?:"
    r"|opted (?:for|to)"
    r"|us(?:e|ed|ing)|keep|kept|adopt(?:ed)?|go(?:ing)? with|went with|stay(?:ed)? with|prefer(?:red)?|add(?:ed)?"
    r"|introduced?|made?|make|switched to|moved? to|run|ran|put|stored?|implement(?:ed)?)\s+"
    r"(?:to )?(?:use |keep |add |the |an? |our )*",
    re.IGNORECASE,
)
_LONGEST = 80


def undoes(later: str, earlier: str) -> bool:
    """Tell whether a later statement takes back what an earlier one decided or did; sooner miss one than invent it."""
    if any(_is_taken_back(given_up, earlier) for given_up in given_up_in(later)):
        return True
    mine, other = read_terms(later), read_terms(earlier)
    same = mine.weights.keys() & other.weights.keys()
    return (
        mine.denies != other.denies
        and mine.numbers == other.numbers
        and len(same) > 2
        and len(same) * 4 >= 3 * max(len(mine.weights), len(other.weights))
    )


@lru_cache(maxsize=65536)
def given_up_in(text: str) -> tuple[frozenset[str], ...]:
    """Return what a statement says was given up: the terms of each thing; most statements give nothing up."""
    found = [text[match.end() :][:_LONGEST] for match in _GIVEN_UP.finditer(text)]
    undone = _UNDONE.match(text)
    told = [*map(_head, found), *([undone[1]] if undone else [])]
    return tuple(terms for terms in map(_terms, told) if terms)


def _is_taken_back(given_up: frozenset[str], earlier: str) -> bool:
    """What was decided must be named whole, and nothing named that it did not speak of."""
    subject = _terms(_subject(earlier))
    if not subject or subject & frozenset().union(*given_up_in(earlier)):
        return False
    return subject <= given_up <= _terms(earlier)


@lru_cache(maxsize=65536)
def _subject(text: str) -> str:
    lead = _LEAD.match(text)
    return _head(text[lead.end() :] if lead else text)


def _head(text: str) -> str:
    end = _END.search(text)
    return text[: end.start()] if end and end.start() > 1 else text


def _terms(text: str) -> frozenset[str]:
    return frozenset(read_terms(text).weights)
