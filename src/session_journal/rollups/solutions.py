"""How a challenge was met, where its writer tells that elsewhere: under what the same piece of work accomplished."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from session_journal.core.entry import Entry
from session_journal.core.excerpts import condensed, sentence
from session_journal.core.items import Item
from session_journal.core.patterns.words import is_everyday, read_terms
from session_journal.rollups import prose
from session_journal.rollups.pieces import reaches
from session_journal.rollups.troubles import is_slight, is_solved

_SOLVES = re.compile(
    r"(?:[^:.]{2,80}: )?(?:successfully )?"
    r"(?:fixed|resolved|restored|solved|recovered|corrected|worked around|eliminated|repaired|rescued)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^[^:.`]{2,80}?(?:: | [-\u2013\u2014] )")
_SHARED = 4
"""So many telling words in common make two sentences speak of one trouble; fewer are often chance."""
_PROBLEM = 160
_SOLUTION = 120


def met(entry: Entry) -> list[tuple[Item, Item]]:
    """Return each challenge of a person's entry that was met elsewhere in it, with what says both."""
    troubles = [one for one in entry.items if one.kind == "challenge" and not (is_solved(one) or is_slight(one.text))]
    if prose.is_drafted(entry) or not troubles:
        return []
    solutions = [(line, text, _telling(text)) for line, text in _solutions(entry)]
    found: list[tuple[Item, Item]] = []
    for first, end in reaches(entry) if solutions else ():
        near = [(text, terms) for line, text, terms in solutions if first <= line < end]
        found += [
            (one, _joined(one, text)) for one in troubles if first <= one.line < end and (text := _best(one, near))
        ]
    return found


def _solutions(entry: Entry) -> Iterator[tuple[int, str]]:
    """Yield what says that something was put right, with its line."""
    changes = ((item.line, prose.unstyled(item.text)) for item in entry.items if item.kind == "change")
    for line, text in (*changes, *prose.told(entry.body)):
        if _SOLVES.match(text):
            yield line, text


def _best(item: Item, near: list[tuple[str, set[str]]]) -> str:
    """Return what shares most telling words with a challenge, the first of several; "" where none shares enough."""
    mine = _telling(item.text)
    rated = [(len(mine & terms), -place) for place, (_, terms) in enumerate(near)]
    shared, place = max(rated, default=(0, 0))
    return near[-place][0] if shared >= _SHARED else ""


def _telling(text: str) -> set[str]:
    return {term for term in read_terms(text).weights if not is_everyday(term)}


def _joined(item: Item, solution: str) -> Item:
    problem = condensed(_LABEL.sub("", prose.unstyled(item.text)), _PROBLEM).rstrip(".")
    return replace(item, text=f"{problem} \u2192 {sentence(condensed(_unlabelled(solution), _SOLUTION))}")


def _unlabelled(solution: str) -> str:
    """Return a solution without a label that stands before the verb, not after it."""
    bare = _LABEL.sub("", solution)
    return bare if _SOLVES.match(bare) else solution
