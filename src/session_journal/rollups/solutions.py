"""How a challenge was met, where that is told elsewhere: under what its piece of work accomplished, or later."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from session_journal.core.entry import Entry
from session_journal.core.excerpts import condensed, sentence
from session_journal.core.items import Item
from session_journal.core.resolved import Resolutions
from session_journal.rollups import prose
from session_journal.rollups.pieces import reaches
from session_journal.rollups.troubles import is_slight, is_solved
from session_journal.rollups.unsettled import Undone, is_unsettled, telling

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


def met(entry: Entry, open_things: Sequence[Undone] = ()) -> list[tuple[Item, Item]]:
    """Return each challenge of a person's entry that was met elsewhere in it, with what says both.

    open_things: what has yet to work, by later statements; nobody met that.
    """
    doubtful = unsettled(entry, open_things)
    return [(one, _joined(one, text)) for one, _, text in _pairs(entry) if text not in doubtful]


def unsettled(entry: Entry, open_things: Sequence[Undone]) -> frozenset[str]:
    """Return the sentences by which a person's entry calls solved what has yet to work.

    What one solved is named by itself, or by the challenge that it met.
    """
    if not open_things or prose.is_drafted(entry):
        return frozenset()
    said = [(line, text, telling(text)) for line, text in _solutions(entry)]
    said += [(line, text, telling(f"{one.text} {text}")) for one, line, text in _pairs(entry)]
    return frozenset(text for line, text, terms in said if is_unsettled(entry, line, terms, open_things))


def _pairs(entry: Entry) -> list[tuple[Item, int, str]]:
    """Return each challenge with the sentence that says how it was met, and that one's line."""
    troubles = [one for one in entry.items if one.kind == "challenge" and not (is_solved(one) or is_slight(one.text))]
    if prose.is_drafted(entry) or not troubles:
        return []
    solutions = [(line, text, telling(text)) for line, text in _solutions(entry)]
    found: list[tuple[Item, int, str]] = []
    for first, end in reaches(entry) if solutions else ():
        near = [one for one in solutions if first <= one[0] < end]
        found += [(one, *best) for one in troubles if first <= one.line < end and (best := _best(one, near))]
    return found


def met_later(entries: Sequence[Entry]) -> dict[str, list[tuple[Item, Item | None]]]:
    """Return by path each challenge without a solution that a later entry says is over, with what says both.

    None where the later one states it again with its solution: that says both itself.
    """
    later = Resolutions(entries)
    found: dict[str, list[tuple[Item, Item | None]]] = {}
    for entry in entries:
        for one in entry.items:
            over = later.of(entry, one) if one.kind == "challenge" and not is_solved(one) else None
            if over:
                whole = None if over.restated else _joined(one, prose.unstyled(over.text))
                found.setdefault(entry.path, []).append((one, whole))
    return found


def _solutions(entry: Entry) -> Iterator[tuple[int, str]]:
    """Yield what says that something was put right, with its line."""
    changes = ((item.line, prose.unstyled(item.text)) for item in entry.items if item.kind == "change")
    for line, text in (*changes, *prose.told(entry.body)):
        if _SOLVES.match(text):
            yield line, text


def _best(item: Item, near: Sequence[tuple[int, str, frozenset[str]]]) -> tuple[int, str] | None:
    """Return what shares most telling words with a challenge, the first of several; None where none shares enough."""
    mine = telling(item.text)
    rated = [(len(mine & terms), -place) for place, (_, _, terms) in enumerate(near)]
    shared, place = max(rated, default=(0, 0))
    return near[-place][:2] if shared >= _SHARED else None


def _joined(item: Item, solution: str) -> Item:
    problem = condensed(_LABEL.sub("", prose.unstyled(item.text)), _PROBLEM).rstrip(".")
    return replace(item, text=f"{problem} \u2192 {sentence(condensed(_unlabelled(solution), _SOLUTION))}")


def _unlabelled(solution: str) -> str:
    """Return a solution without a label that stands before the verb, not after it."""
    bare = _LABEL.sub("", solution)
    return bare if _SOLVES.match(bare) else solution
