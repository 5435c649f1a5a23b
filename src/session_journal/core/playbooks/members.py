"""What a member of a pattern is to a playbook: a rule, a lesson, a solved problem, or mere evidence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from session_journal.core.formulas import ARROW, CHECKED, FROM_BEFORE, VERIFIED
from session_journal.core.patterns import (
    Pattern,
    Statement,
    is_rule,
    is_standing,
    mentions,
    rule_in,
    shared_words,
    telling_terms,
)

_FORBIDS = re.compile(
    r"\s*(?:never|do not|don['\u2019]t|avoid)\b|.*\b(?:must not|should not|shouldn['\u2019]t|mustn['\u2019]t)\b",
    re.IGNORECASE,
)
TAG = re.compile(r"\s*(?<!\S)#[A-Za-z][\w/-]*")
_OPEN = ("action", "question", "gap")
CODE = re.compile(r"`[^`]+`")
_TAUGHT = ("takeaway", "insight", "pattern", "decision", "next", "discovery")
_DRAFTED = tuple(kind for kind in _TAUGHT if kind != "next")
"""The same in a draft: what it puts under For next time is what a reply left to its reader."""
_FOUND = ("discovery", "insight", "next", "decision")
"""Kinds under which the drafting also puts plain findings: only the rules among them say what to do."""
DONE = re.compile(rf"({CHECKED}|{VERIFIED}|{FROM_BEFORE})\b")
_LESSONS = (*_TAUGHT, "improve", "went-well", "action")


@lru_cache(maxsize=64)
def support(pattern: Pattern) -> Pattern:
    """Return a pattern with the members alone that carry its lesson, told by the clearest of them."""
    members = tuple(teaching(pattern)) or pattern.members
    sessions = min(pattern.sessions, len({one.session for one in members}))
    best = pattern.best if pattern.best in members else members[-1]
    narrow = Pattern(best.text, pattern.kind, members, sessions, best)
    best = clearest(narrow)[0]
    return replace(narrow, best=best, statement=best.text)


def teaching(pattern: Pattern) -> list[Statement]:
    """Return the members that carry a lesson.

    What is merely still open is none, and a thing to be done once is none beside what was learnt, unless its words are
    a rule that holds. What the drafting reports of how a session went is none either, and a failure
    it saw is one only where two sessions solved it in the same telling way. A command's name in common is no point
    in common.
    """
    if all(member.kind in _OPEN for member in pattern.members):
        return []
    solved = [one for one in pattern.members if is_solved(one)]
    rules = [one.text for one in pattern.members if rank(one) == 0]
    names = [(one.session, _names(one.text)) for one in pattern.members]
    return [
        one
        for one in pattern.members
        if (one.kind not in _OPEN or (one.kind == "action" and is_standing(one.text)))
        and (not one.turns or one.kind in _DRAFTED or (is_solved(one) and _is_solved_alike(one, solved)))
        and (not one.turns or (_belongs(one, names) and _is_run_for(one, rules)))
    ]


def _belongs(one: Statement, names: Sequence[tuple[str, frozenset[str]]]) -> bool:
    mine = _names(one.text)
    return not CODE.search(one.text) or any(mine & other for session, other in names if session != one.session)


def _is_run_for(one: Statement, rules: Sequence[str]) -> bool:
    """Tell whether a check is evidence for the rules beside it: it ran a command that one of them names."""
    spans = [span.strip("`") for span in CODE.findall(one.text)]
    return not rules or not DONE.match(one.text) or any(span in rule for span in spans for rule in rules)


def _names(text: str) -> frozenset[str]:
    """Return what a statement is about: its code, whole, and the telling words around it."""
    spans = frozenset(span.strip("`") for span in CODE.findall(text))
    return spans | (frozenset() if DONE.match(text) else telling_terms(CODE.sub(" ", text)))


def _is_solved_alike(one: Statement, solved: Sequence[Statement]) -> bool:
    mine = telling_terms(resolution(one))
    return any(mine & telling_terms(resolution(other)) for other in solved if other.session != one.session)


def resolution(one: Statement) -> str:
    """Return how a solved problem was solved."""
    return ARROW.split(one.text, maxsplit=1)[1]


def is_lesson(one: Statement) -> bool:
    """Tell whether a member says what to do, or taught what to know."""
    found = bool(one.turns) and one.kind in _FOUND
    return one.kind in _LESSONS and (not found or is_rule_of(one) or DONE.match(one.text) is not None)


def is_rule_of(one: Statement) -> bool:
    """Tell whether a member is a rule; what a draft found is one only where it holds beyond its session."""
    return is_standing(one.text) if one.turns and one.kind in {"discovery", "insight"} else is_rule(one.text)


def forbids(one: Statement) -> bool:
    """Tell whether a member says what not to do."""
    return _FORBIDS.match(plain(one.text)) is not None


def is_solved(one: Statement) -> bool:
    """Tell whether a member is a problem with its solution."""
    return one.kind == "challenge" and ARROW.search(one.text) is not None


@lru_cache(maxsize=64)
def clearest(pattern: Pattern) -> tuple[Statement, ...]:
    """Return the members that hold most of what all of them share, the clearest first; the others are evidence only."""
    shared = shared_words([member.text for member in pattern.members])

    def order(one: Statement) -> tuple[int, bool, bool, int, int, int]:
        held = mentions(one.text, shared)
        return (
            rank(one),
            one != pattern.best,
            not one.reviewed,
            -held,
            abs(len(one.text) - 90) // 30,
            -one.date.toordinal(),
        )

    def is_central(one: Statement) -> bool:
        held = mentions(one.text, shared)
        return one == pattern.best or held * (1 if rank(one) else 3) * 2 > len(shared)

    return tuple(sorted(filter(is_central, pattern.members), key=order))


def rank(one: Statement) -> int:
    """Put rules before other lessons, those before what was merely run, and that before what went wrong."""
    if is_solved(one) or not is_lesson(one):
        return 3
    return 2 if DONE.match(one.text) else 0 if is_rule_of(one) else 1


def plain(text: str) -> str:
    """Return a member's words without tags and what led to them."""
    return rule_in(TAG.sub("", text).strip())
