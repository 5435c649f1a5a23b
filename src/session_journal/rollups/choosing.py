"""Which bullets a section gets: what recurs and what is reviewed first, each thing once in the whole page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeVar

from session_journal.core.entry import Entry
from session_journal.core.filler import is_filler
from session_journal.core.formulas import OUTDATED
from session_journal.core.items import Item, ItemKind
from session_journal.core.patterns import distinct, squash
from session_journal.core.pointing import is_lost, looseness
from session_journal.core.reading import speakers
from session_journal.rollups import prose
from session_journal.rollups.lessons import is_telling, strength
from session_journal.rollups.span import Line, Span, item_line

LESSONS: dict[ItemKind, int] = {"takeaway": 0, "insight": 1, "pattern": 2, "decision": 3, "discovery": 4}
"""The kinds that teach, the clearest first."""
ALONE: frozenset[ItemKind] = frozenset({*LESSONS, "challenge", "next"})
"""The kinds that say nothing away from what they point at."""
ROOMY = 2
"""How many times its measure a section may have on a page that has room for it."""
MOST_COMPARED = 120
_REASON = 2
"""How strong a statement is that says why."""

Found = tuple[Entry, Item]
T = TypeVar("T")


class Picker:
    """Choose a section's bullets, and remember what was said and how much was left out."""

    def __init__(self, span: Span) -> None:
        self.entries = span.entries
        self.pattern = {squash(member.text): pattern for pattern in span.patterns for member in pattern.members}
        self.said: set[str] = set()
        self.left: dict[str, int] = {}
        self._changed: dict[str, int] = {}

    def lines(
        self,
        section: str,
        most: int,
        *kinds: ItemKind,
        fits: Callable[[Item], bool] = lambda _: True,
        first: Callable[[Found], int] = lambda _: 0,
        more: Callable[[Entry], Sequence[Item]] = lambda _: (),
    ) -> list[Line]:
        """Return the best bullets of some kinds, more than `most` for a page with room.

        first: what it gives ranks before all else, the smallest ahead. more: what an entry says beside its bullets.
        """
        found = [
            (entry, item)
            for entry in self.entries
            for item in entry.items
            if item.kind in kinds
            and fits(item)
            and squash(item.text) not in self.said
            and not OUTDATED.search(item.text)
        ]
        found += [
            (entry, item)
            for entry in self.entries
            for item in more(entry)
            if item.kind in kinds and fits(item) and not self.is_said(item.text)
        ]
        found.sort(key=lambda pair: (first(pair), *self.rank(*pair)))
        return [item_line(*pair) for pair in self.take(section, most, found)]

    def is_said(self, text: str) -> bool:
        """Tell whether a sentence was said already, alone or with those around it."""
        key = squash(text)
        return any(key in told for told in self.said)

    def take(self, section: str, most: int, ranked: Sequence[Found]) -> list[Found]:
        """Keep the best of what is ranked already: each point once, no session alone, none without what it is of."""
        ranked = [pair for pair in ranked if not (pair[1].kind in ALONE and _is_lost(pair[1]))]
        head = ranked[:MOST_COMPARED]
        places = distinct([item.text for _, item in head])
        once = self._once([head[place] for place in places])
        chosen = _chosen(once, most)
        self.said.update(squash(item.text) for _, item in chosen)
        self.left[section] = len(once) - len(chosen) + len(ranked) - len(head)
        return chosen

    def _once(self, found: Sequence[Found]) -> list[Found]:
        """Keep one bullet of each pattern: what recurs is told once in a section."""
        kept: dict[str, Found] = {}
        for entry, item in found:
            pattern = self.pattern.get(squash(item.text))
            kept.setdefault(pattern.key if pattern else squash(item.text), (entry, item))
        return list(kept.values())

    def _is_users(self, entry: Entry, item: Item) -> bool:
        """Tell whether a draft took a decision or a reason from what the user said, which tells most."""
        if not item.turns or (item.kind != "decision" and strength(item.text) < _REASON):
            return False
        said = speakers(entry.body)
        return {said.get(turn) for turn in item.turns} == {"user"}

    def _is_early(self, entry: Entry, item: Item) -> bool:
        """Tell whether a draft saw something before its last change, and may have changed it since."""
        if item.kind != "discovery" or not item.turns:
            return False
        if entry.path not in self._changed:
            turns = (turn for one in entry.items if one.kind == "change" for turn in one.turns)
            self._changed[entry.path] = max(turns, default=0)
        return max(item.turns) < self._changed[entry.path]

    def rank(self, entry: Entry, item: Item) -> tuple[int, bool, int, bool, bool, int, int, int, int]:
        """Return what puts an item before another: what stands alone, teaches, recurs, is reviewed and is new."""
        pattern = self.pattern.get(squash(item.text))
        recurring = pattern.sessions if pattern and any(member.reviewed for member in pattern.members) else 0
        is_plain = item.kind in LESSONS and not (is_telling(item) or self._is_users(entry, item))
        return (
            max(looseness(_shown(item)), int(is_filler(item.text))),
            is_plain,
            -recurring,
            entry.status == "draft",
            self._is_early(entry, item),
            LESSONS.get(item.kind, 9),
            -strength(item.text) if item.kind in LESSONS or item.kind == "challenge" else 0,
            -entry.date.toordinal(),
            item.line,
        )


def _shown(item: Item) -> str:
    return prose.worded(prose.unstyled(item.text))


def _is_lost(item: Item) -> bool:
    return is_lost(_shown(item), drafted=bool(item.turns))


def _chosen(once: Sequence[Found], most: int) -> list[Found]:
    """Return the best, and for a page with room as many again; of what drafts found, only what explains something."""
    best = spread(once, most, _path)
    rest = [one for one in once if one not in best and _is_full(one[1])]
    return spread([one for one in once if one in best or one in rest], ROOMY * most, _path)


def _is_full(item: Item) -> bool:
    return not item.turns or item.kind not in LESSONS or is_telling(item) or strength(item.text) > 1


def _path(found: Found) -> str:
    return found[0].path


def spread(found: Sequence[T], most: int, owner: Callable[[T], str]) -> list[T]:
    """Take bullets in rank order, but from as many entries as possible: one talkative session is not the period."""
    taken: Counter[str] = Counter()
    turn: dict[int, int] = {}
    for place, one in enumerate(found):
        turn[place] = taken[owner(one)]
        taken[owner(one)] += 1
    order = sorted(turn, key=lambda place: (turn[place], place))[:most]
    return [found[place] for place in sorted(order)]
