"""Narration: how a reply goes through the code that it has just written, line by line or case by case."""

from __future__ import annotations

from session_journal.core import lazy_re as re
from session_journal.core.insights.prose import Statement
from session_journal.core.insights.signs import signs
from session_journal.core.insights.wording import MADE

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
    shown = signs(text)
    if shown.cause or shown.trouble or _SEEN.search(text):
        return False
    if one.bullet and _LEAD.search(one.lead):
        return True
    return bool(_PASSIVE.match(text) or _WILL.match(text))


_TO_BE_DONE = {**MADE, "import": "Imported", "append": "Appended", "initializ": "Initialized"}
_LISTED_DOING = re.compile(
    rf"^({'|'.join(_TO_BE_DONE)})(?:e|y)? (?=[\w`])(?![^,]* and [a-z]+ (?:the|an?|its)\b)", re.IGNORECASE
)


def as_made(text: str) -> str:
    """Return what a list says that a change does ("Import the module") as done, any other text as it is."""
    return _LISTED_DOING.sub(lambda found: f"{_TO_BE_DONE[found.group(1).lower()]} ", text)
