"""Facts: what a statement says is so, where it may be taken for what somebody decided."""

from __future__ import annotations

import re

from session_journal.core.formulas import OUTDATED
from session_journal.core.patterns import is_rule

_FACT = re.compile(r"(?:\S+ ){1,7}?(?:is|are|was|were) ", re.IGNORECASE)
_CHOICE = re.compile(
    r"\b(?:choice|chose\w*|choos\w+|cleaner|better|best|simpler|safer|prefer\w*|enough|fine|worth|decided|agreed|instead|over)\b",
    re.IGNORECASE,
)


def is_fact(text: str) -> bool:
    """Tell whether a statement sets a fact right; a draft can't tell that from a decision."""
    return bool(_FACT.match(text)) and not (_CHOICE.search(text) or OUTDATED.search(text) or is_rule(text))
