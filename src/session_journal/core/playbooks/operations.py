"""How a page's lists change: item by item (add, update, merge, retire), so that what was learned is not lost.

A list that is written anew from whatever evidence there is today forgets what the page said before, and reads
differently every week. What stands on a page stays, in its place and words, as long as any evidence says it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from session_journal.core.patterns import distinct, squash
from session_journal.core.records import record

_HEADING = re.compile(r"## (.+)")
_BULLET = re.compile(r"(?:[-*]|\d+\.) (.*\S)")
_SECTIONS = {"what to do": "steps", "steps": "steps", "what not to do": "warnings", "pitfalls": "warnings",
             "history": "history"}  # fmt: skip


@record(frozen=True, slots=True)
class Items:
    """The lists of a page that live on from run to run."""

    steps: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    history: tuple[str, ...] = ()


@record(frozen=True, slots=True)
class Updated:
    """A list after its update, and the items that were retired."""

    items: tuple[str, ...]
    retired: tuple[str, ...] = ()


def read_items(block: str) -> Items:
    """Read the lists of a page's block; one of a template with other headings has none that can be told."""
    found: dict[str, list[str]] = {"steps": [], "warnings": [], "history": []}
    section = ""
    for line in block.splitlines():
        if heading := _HEADING.fullmatch(line):
            section = _SECTIONS.get(heading[1].casefold(), "")
        elif section and (bullet := _BULLET.fullmatch(line)):
            found[section].append(bullet[1])
    return Items(tuple(found["steps"]), tuple(found["warnings"]), tuple(found["history"]))


def update(old: Sequence[str], fresh: Sequence[str], said: Sequence[str], most: int) -> Updated:
    """Return a list brought up to date. fresh: what the evidence says now, the best first; said: all that it says.

    What still is said stays in its words. What is said otherwise now is updated in its place, or merged with an item
    that says the same already; what nothing says any more is retired. Then new items are added while there is room.
    """
    known = {squash(text) for text in (*fresh, *said)}
    standing = [text for text in old if squash(text) in known]
    kept: list[str] = []
    retired: list[str] = []
    for text in old:
        now = text if text in standing else next((one for one in (*standing, *fresh) if _is_alike(text, one)), "")
        if not now:
            retired.append(text)
        elif not any(_is_alike(now, one) for one in kept):
            kept.append(now)
    for text in fresh:
        if len(kept) < most and not any(_is_alike(text, one) for one in kept):
            kept.append(text)
    return Updated(tuple(kept), tuple(retired))


def _is_alike(one: str, other: str) -> bool:
    return len(distinct([one, other])) == 1
