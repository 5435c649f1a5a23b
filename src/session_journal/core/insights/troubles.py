"""Challenges: what failed or got in the way, and what resolved it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from session_journal.core.events import Session
from session_journal.core.insights.learning import TROUBLE, Candidate, candidate
from session_journal.core.insights.prose import Statement
from session_journal.core.insights.shell import Check
from session_journal.core.insights.wording import terms, tidy
from session_journal.core.signals import Signals
from session_journal.core.text import one_line, shorten


def challenges(session: Session, said: Sequence[Statement], found: Signals) -> list[Candidate]:
    """Return candidates that read `problem → resolution`: failed checks that pass later, troubles that replies name."""
    return [*_failed_checks(said, found), *_named_troubles(said)]


def _failed_checks(said: Sequence[Statement], found: Signals) -> list[Candidate]:
    made: list[Candidate] = []
    seen: set[str] = set()
    for check in found.checks:
        if check.passed is not False:
            continue
        later = next((other for other in found.checks if other.order > check.order and other.kind == check.kind and other.passed), None)
        text = _failure(check, said, later)
        if text and text.split("→")[0] not in seen:
            seen.add(text.split("→")[0])
            turns = (check.turn, later.turn) if later else (check.turn,)
            made.append(candidate("challenge", text, check.turn, score=1.0 + 0.4 * bool(later), turns=turns))
    return made


def _failure(check: Check, said: Sequence[Statement], later: Check | None) -> str:
    """Return what failed, in the words of the reply that follows, else of the tool; and how it passed."""
    after = [one for one in said if check.turn < one.turn <= check.turn + 2]
    problem = next((text for one in after if TROUBLE.search(one.text) and (text := tidy(one.text, 20))), "")
    if not problem and check.said and re.search(r"[a-z]{3}", check.said):
        problem = f"`{shorten(check.command, 50)}` failed: {shorten(one_line(check.said), 110)}"
    if not problem:
        return ""
    fix = next((text for one in after if one.text != problem and not TROUBLE.search(one.text) and (text := tidy(one.text, 16)) and text != problem), "")
    if fix:
        return f"{problem} → {fix[:1].lower() + fix[1:] if fix[1:2].islower() else fix}"
    return f"{problem} → passed after a fix" if later else f"{problem} → left failing"


def _named_troubles(said: Sequence[Statement]) -> list[Candidate]:
    """Return troubles that a reply names while at work, joined with what the reply says next."""
    made: list[Candidate] = []
    for place, one in enumerate(said):
        text = tidy(one.text, 20)
        if one.closing or one.bullet or not text or not TROUBLE.search(text) or len(text.split()) < 4:
            continue
        following = [other for other in said[place + 1 : place + 3] if other.turn <= one.turn + 4]
        fix = next((fixed for other in following if (fixed := tidy(other.text, 16)) and not TROUBLE.search(fixed)), "")
        joined = f"{text} → {fix[:1].lower() + fix[1:] if fix[1:2].islower() else fix}" if fix else text
        turns = tuple(dict.fromkeys((one.turn, *(other.turn for other in following if fix and tidy(other.text, 16) == fix))))
        weight = 0.9 + 0.25 * min(3, len(terms(text)) / 3) + 0.2 * bool(fix)
        made.append(candidate("challenge", joined, one.turn, score=weight, turns=turns, source=one))
    return made
