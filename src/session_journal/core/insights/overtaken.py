"""Overtaken: what a session said to be wrong and then set out to change; as it was said, it holds no more."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from session_journal.core import lazy_re as re
from session_journal.core.events import Event, Session, failed_calls
from session_journal.core.insights.goals import Prompt
from session_journal.core.insights.prose import Statement
from session_journal.core.insights.shell import Check, CheckKind
from session_journal.core.insights.signs import CHANGE
from session_journal.core.insights.steps import announced, in_past
from session_journal.core.insights.wording import capital, terms, trim

_STATE = re.compile(
    r"\b(?:missing|undefined|unused|stale|lacks?|not yet \w+ed|"
    r"(?:where|but|though|although|when) (?:[\w'`.]+ ){1,3}should(?:n't| not)?|"
    r"still (?:uses?|using|calls?|expects?|has|have|points?|refers?|imports?|passes|assumes?|reads?|writes?|returns?|"
    r"depends?|rel(?:ies|y)|lists?|mentions?|says?|shows?)|"
    r"(?:lint(?:er|ing)?|compiler|tests?|build|ci|check(?:er|s)?|diagnostics?)\b.{0,30} (?:catch(?:es)?|complains?|"
    r"flags?|objects?|rejects?|warns?|reports?)|"
    r"(?:(?:do|does|wo)(?:n't| not)|no longer) (?:even |yet )?(?:compile|build|type-?check)s?)\b"
)
"""What the code is like at the moment, and should not be: nothing of that is left once it is changed."""
_FAULT = re.compile(
    r"\b(?:never|silently|broken|breaks(?! (?:down|apart|up|out|into))|wrong(?:ly)?|fail(?:s|ing)|incorrect(?:ly)?|"
    r"bugs?|bogus|swallow(?:s|ed)|crash(?:es)?|leaks?|(?:issue|problem|cause) (?:is|here|lies|comes)|"
    r"errors? (?:is|are|occurs?))\b"
)
"""What goes wrong: why it does is worth to be known after it was mended, too."""
WAS = re.compile(r"\b(?:was|were|had|did|didn't|wasn't|previously|before|used to|old|now|would|could|might|if)\b")
_CODE = re.compile(r"`([^`]+)`")
_NAME = re.compile(r"[A-Za-z_.][\w./-]{3,}")
_SETS_OUT = re.compile(
    r"^(?:(?:so|now|ok(?:ay)?|then|first|next|and)[\s,]+)*"
    r"(?:let me|let's|(?:i|we)(?:'ll| will| need to| have to| should|'m going to| am going to)|need to|fixing)\b"
    r"(?:.{0,60}? (?:and|to|then))? ?(?:also |now |just |quickly )*"
    r"(?:fix|add|update|move|remove|replace|convert|correct|change|rename|switch|adjust|address|handle|rewrite|make|set|"
    r"import|restore|drop|delete|wire|wrap|it\b|them\b)"
    r"|\bfix (?:is|here is|would be) to\b",
    re.IGNORECASE,
)
_FIX = re.compile(r"\bfix (?:is|here is) to (?P<order>[a-z]+ [^:?]{12,})", re.IGNORECASE)
_WORDS = 12


Said = tuple[int, str]
"""A statement's turn and words."""


class Overtaken(NamedTuple):
    """When a session changed what it had said to be wrong, in which file, and what it said it would do there."""

    turn: int
    path: str
    how: str


def overtaken(
    session: Session, said: Sequence[Statement], asked: Sequence[Prompt], checks: Sequence[Check] = ()
) -> Mapping[Said, Overtaken]:
    """Return by turn and words what was said to be wrong as it was, and then changed before the next request.

    It was changed where an edit touches what it names in code, or the reply goes on to say that it will mend it and an
    edit follows, or the check that it speaks of passes after an edit. What is said again after that stands.
    """
    lost = failed_calls(session.events)
    edits = [one for one in session.events if one.kind == "edit" and not one.agent and one.call not in lost]
    starts = [one.turn for one in asked]
    found: dict[Said, Overtaken] = {}
    for place, one in enumerate(said if edits else ()):
        if one.pasted or one.option or not is_fault(one.text):
            continue
        edit, how = _changed(one, said[place + 1 : place + 4], _until_next(edits, starts, one))
        edit = edit or _passed_after(one, edits, checks)
        if edit and not _said_again(one, said[place + 1 :], edit.turn):
            found[one.turn, one.raw] = Overtaken(edit.turn, edit.target.replace("\\", "/").rpartition("/")[2], how)
    return found


def is_fault(text: str) -> bool:
    """Say whether a sentence tells of something as it is now, and that it is wrong."""
    said = text.lower()
    return (_FAULT.search(said) or _STATE.search(said)) is not None and WAS.search(said) is None


def passes(text: str) -> bool:
    """Say whether a fault is no more than a state of the code: nothing of it is worth knowing once it is gone."""
    said = text.lower()
    return _STATE.search(said) is not None and _FAULT.search(said) is None


def _until_next(edits: Sequence[Event], starts: Sequence[int], one: Statement) -> list[Event]:
    """Return the edits after a statement up to the next prompt; of a closing reply, up to the one after that."""
    place = bisect_right(starts, one.turn) + one.closing
    end = starts[place] if place < len(starts) else math.inf
    return [edit for edit in edits if one.turn <= edit.turn < end]


def _changed(one: Statement, after: Sequence[Statement], edits: Sequence[Event]) -> tuple[Event | None, str]:
    """Return the edit that changed what a statement is about, None without one, and what was said to be done there."""
    if not edits:
        return None, ""
    near = [other for other in after if other.turn == one.turn]
    how = next((text for other in near if (text := _meant(other.text))), "")
    names = {name for code in _CODE.findall(one.text) for name in _NAME.findall(code)}
    touching = (edit for edit in edits if any(name in edit.text or name in edit.target for name in names))
    edit = next(touching, None)
    if edit is None and near[:1] and _SETS_OUT.search(near[0].text):
        edit = edits[0]
    return edit, how if edit else ""


def _passed_after(one: Statement, edits: Sequence[Event], checks: Sequence[Check]) -> Event | None:
    """Return the first edit after a statement that a check objects, where the next of its kind passes after that."""
    kinds = next((kinds for words, kinds in _CHECKS if words.search(one.text)), None) if passes(one.text) else None
    edit = next((edit for edit in edits if edit.turn >= one.turn), None) if kinds else None
    if kinds is None or edit is None:
        return None
    later = (check for check in checks if check.kind in kinds and check.turn > edit.turn and check.passed is not None)
    first = next(later, None)
    return edit if first is not None and first.passed else None


_CHECKS: tuple[tuple[re.Pattern[str], frozenset[CheckKind]], ...] = (
    (re.compile(r"\blint", re.IGNORECASE), frozenset({"lint"})),
    (re.compile(r"\b(?:compil|build|type-?check)", re.IGNORECASE), frozenset({"build", "test"})),
)
"""Words by which a state is one of a check, and the checks that show that it has passed."""


def _meant(text: str) -> str:
    """Return what a reply says it will do to mend something, told as done; "" where it says nothing to keep."""
    fix = _FIX.search(text)
    told = in_past(trim(capital(fix["order"]), _WORDS)) if fix else announced(text, _WORDS)
    return told.rstrip(".") if CHANGE.match(told) else ""


def _said_again(one: Statement, after: Iterable[Statement], since: int) -> bool:
    about = terms(one.text)
    return any(
        other.turn > since and is_fault(other.text) and len(about & terms(other.text)) >= 0.6 * len(about)
        for other in after
    )
