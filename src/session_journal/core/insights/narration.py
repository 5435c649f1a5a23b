"""Narration: how a reply goes through the code that it has just written, line by line or case by case."""

from __future__ import annotations

import re

from session_journal.core.insights.prose import Statement
from session_journal.core.insights.signs import CAUSE, TROUBLE

_CODE = (
    r"(?:changes?|modifications?|updates?|updated|versions?|code|examples?|tests?|methods?|functions?|implementation|"
    r"script|blocks?|diff|edits?|solution|fix|class|approach|setup)"
)
_LEAD = re.compile(
    rf"(?:\b(?:this|these|the) (?:[\w`'’*/.-]+ ){{0,4}}?{_CODE}\b[^:.]{{0,120}}|"
    rf"\b(?:here(?:'s| is| are)|explanation of)\b[^:.]{{0,60}}\b(?:changes?|changed|improvements?|"
    rf"(?:code|it|version) does)\b[^:.]*|"
    r"\bin the following ways|\b(?:adds?|covers?|includes?|creates?|add(?:ed|ing)) [^:.]{3,90}|\bto)\s*:$",
    re.IGNORECASE,
)
"""What leads into a list of what the code does that stands above it."""
_PASSIVE = re.compile(
    r"(?:the|our|your|each|every|all|both|it) (?:[\w`.()/*\"'’-]+ ){0,6}?(?:is|are) (?:now |then |also |only |simply )?"
    r"(?:set|placed|used|stored|imported|added|obtained|named|called|moved|initiali[sz]ed|prefixed|updated|defined|passed|"
    r"returned|given|appended|wrapped|displayed|shown|printed|converted|mocked|included|applied|replaced|created|"
    r"calculated|computed|checked|removed|now at)\b",
    re.IGNORECASE,
)
_WILL = re.compile(
    r"(?:(?:when|if|after|once|every|each|whenever)\b[^.]+,? [^.]*\bwill\b|"
    r"(?:the|all|both|every|each|users?|clients?|[\w\"`.]+) (?:[\w`.()/\"'’-]+ ){0,6}?will "
    r"(?:not |now |then |also |remain |still )?\w+)",
    re.IGNORECASE,
)
_KEPT = re.compile(
    r"(?:the )?(?:[\w`’' .()]{3,60} )?(?:remains?|is still|stays?) (?:largely |mostly )?"
    r"(?:the same|unchanged|intact|appended|returned)\b",
    re.IGNORECASE,
)
_SEEN = re.compile(r"\b(?:already|existing|previous(?:ly)?|original(?:ly)?|was|were|did)\b", re.IGNORECASE)
"""What was there before the change, or happened, was found out."""


def narrates(one: Statement, text: str) -> bool:
    """Say whether a statement, said beside code that its reply wrote, only goes through what that code does."""
    if _KEPT.match(text):
        return True
    if CAUSE.search(text) or TROUBLE.search(text) or _SEEN.search(text):
        return False
    if one.bullet and _LEAD.search(one.lead):
        return True
    return bool(_PASSIVE.match(text) or _WILL.match(text))
