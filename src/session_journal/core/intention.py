"""Intention: whether an item is about what comes next, and whether that was done since."""

from __future__ import annotations

import re

from session_journal.core.asides import is_advice
from session_journal.core.items import Item
from session_journal.core.pages import Passage
from session_journal.core.patterns import is_rule

_AHEAD = re.compile(
    r"\b(?:still (?:open|to do|missing)|left (?:open|to)|follow-?up|investigat\w+|next (?:time|step|up)|to ?do)\b",
    re.IGNORECASE,
)


def is_ahead(item: Item) -> bool:
    """Tell whether an item is about what comes next: a person's is, in a draft not all that stands there."""
    text = item.text
    return not item.turns or ((is_rule(text) or _AHEAD.search(text) is not None) and not is_advice(text))


def is_done(one: Item | Passage) -> bool:
    """Tell whether what was meant for next time was ticked since."""
    return one.kind == "next" and one.mark == "x"
