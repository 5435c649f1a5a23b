"""What a person thinks, feels and is surprised by."""

from __future__ import annotations

import re
from itertools import islice

from session_journal.core.excerpts import sentences
from session_journal.core.items import Item, ItemKind
from session_journal.core.patterns import is_rule, is_standing
from session_journal.rollups import prose
from session_journal.rollups.lessons import OPENING, strength

_FEWEST_THOUGHT = 10
_TOLD_MUCH = 2
_SURPRISING: tuple[ItemKind, ...] = ("discovery", "insight", "takeaway")
_SURPRISED = re.compile(
    r"\b(?:surpris\w+|unexpected(?:ly)?|turn(?:s|ed) out|did(?:n['\u2019]t| not) (?:realiz|realis|expect)\w*"
    r"|(?:just|only) (?:now )?(?:realiz|realis|notic)\w+|astonish\w+|who knew)\b",
    re.IGNORECASE,
)
_OWN = re.compile(r"\b(?:I|[Mm]y|[Mm]e|[Ww]e|[Oo]ur)\b")


def is_surprise(item: Item) -> bool:
    """Tell whether an item is tagged as a surprise or, of what a person noted, tells of one."""
    if "#surprise" in item.text.casefold():
        return True
    return item.kind in _SURPRISING and not item.turns and _SURPRISED.search(item.text) is not None


def weight(text: str) -> int:
    """Return how much a reflection has to tell: what it explains, and what was felt."""
    return strength(text) + 2 * (prose.FEELING.search(text) is not None)


def is_reflection(item: Item) -> bool:
    """Tell whether an item is what a person thinks or feels about the work, rather than a lesson from it."""
    text = item.text
    if item.kind != "insight" or item.turns or text.endswith(":") or prose.is_reported(text):
        return False
    is_bare = weight(text) < _TOLD_MUCH and len(text.split()) < _FEWEST_THOUGHT
    if is_bare or (text.endswith("?") and prose.is_asked(text) and len(list(sentences(text))) == 1):
        return False
    if OPENING.match(text) or prose.EXCLAIMED.match(text):
        return True
    opening = " ".join(islice(sentences(item.text), 2))
    is_lesson_too = not prose.is_asked(text) and (is_standing(text) or is_rule(text))
    return _OWN.search(opening) is not None and not is_lesson_too
