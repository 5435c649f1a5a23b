"""What a reply says of the code that it has just written: an account of the change at best, and nothing found out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from session_journal.core import lazy_re as re
from session_journal.core.asides import DOES, is_courtesy, is_each_time, is_note, is_promise, is_reminder, lacks_subject
from session_journal.core.events import Session
from session_journal.core.insights.learning import Candidate
from session_journal.core.insights.narration import as_made, narrates
from session_journal.core.insights.talk import is_talk
from session_journal.core.insights.wording import lowered
from session_journal.core.items import ItemKind
from session_journal.core.pointing import dangles

_BENEFIT = re.compile(
    r"(?:this|these|the) (?:new |updated )?(?:changes?|modifications?|updates?|approach|implementation|refactoring|"
    r"setup|solution|\*?search/replace blocks?\*?|diff|patch|edits?) "
    r"(?:will|would|doesn'?t|does not|improves?|makes?|provides?|ensures?|allows?|helps?|gives?|should|"
    r"(?:now |correctly |exactly |also )*(?:match(?:es)?|includes?|follows?|appl(?:y|ies)|adds?|replaces?))\b|"
    r"(?:the )?(?:[\w`'’ .()]{3,60} )?remains? (?:(?:largely|mostly) )?(?:the same|unchanged|intact)\b",
    re.IGNORECASE,
)
"""What a change is said to be good for, or to leave alone."""
_LISTED = re.compile(rf"(?:{DOES}|collects|prepares) ", re.IGNORECASE)
"""The same where the rest of the sentence speaks of what is to come: `Needs a test` is open, `Adds a test` is not."""
_ACCOUNT = re.compile(
    rf"(?:[^,]{{3,60}}, )?we (?:(?:now|then|also|still|first) )?(?!'ll|will|need|have|can|could|should)\w+ |"
    rf"(?:(?:finally|then|next|also|additionally|now),? )?(?:the|our|your) (?:[\w`.()/-]+ ){{1,4}}?"
    rf"(?:now (?:also )?|(?:will|can) (?:now |then |also )?\w+|(?:also )?{DOES})",
    re.IGNORECASE,
)
"""What code does, told in the present tense by who has just written it."""
_POINTS = re.compile(
    r"(?:[^,]{3,70}, )?(?:it|this|that|these|those)(?: [\w`]+){0,3}? (?:\w+s|will|now|can)\b", re.IGNORECASE
)
_FOUND_OUT = re.compile(
    r"(?:it|this|that)(?:'s| is| was)? (?:turn(?:s|ed) out|seem(?:s|ed)|appear(?:s|ed)|look(?:s|ed) like|"
    r"happen(?:s|ed)|fail(?:s|ed)|broke|(?:likely |probably |only )?(?:because|due|caused)|c[ao]mes? from|means)\b",
    re.IGNORECASE,
)
_INTENDED = re.compile(
    r"(?:[^,]{3,90}, )?(?:we|i)(?:'ll| will|'re going to| need to| can)\b|let(?:'s| me)\b|after making this change\b",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"(?:the|all|both|our|your) [^,]{3,60}? (?:ha(?:s|ve)|(?:is|are) now) (?:also |now |then )?(?:been )?"
    r"(?:add|adjust|chang|extend|fix|mov|modifi|remov|renam|replac|simplifi|updat)ed\b",
    re.IGNORECASE,
)
_WAS_THERE = re.compile(r"\b(?:already|exist(?:s|ing)|current(?:ly)?|previous(?:ly)?|original(?:ly)?)\b", re.IGNORECASE)
_ABOUT_TO = re.compile(
    r"(?:to|for) [^,]{5,90}, (?:we|you|i)(?:'ll| will)?(?: also)? (?:need|have) to\b|"
    r"(?:you|we)(?:'ll| will)? (?:also |now |then )?(?:need|have) to "
    r"(?:add|import|update|change|modify|replace|adjust)\b",
    re.IGNORECASE,
)
_ANNOUNCED = re.compile(
    r"(?:(?:first|next|then|finally|now|also),? )?(?:we|i)(?:'ll| will|'re going to| need to) ", re.IGNORECASE
)
"""What a reply is going to do; what it did is seen, or told elsewhere."""
_BOUND = re.compile(r"(?:even )?(?:if|since|unless|given that) (?:not|it|this|that|they|these|those)\b", re.IGNORECASE)
"""A condition that was told before it."""
_NO_STEP = re.compile(
    r".*\bbut consider\b|(?:\S+ ){0,4}(?:good|great|excellent|fair|nice|valid) (?:suggestion|recommendation)\b|"
    r".*\bgoal of the todo\b",
    re.IGNORECASE,
)
"""What thinks of a case, or is said of what somebody else proposed, leaves nothing to be done."""
_CODE_NAME = re.compile(r"`([\w./-]+(?:\(\))?)`$")
_COST = 0.4
_CLAIMS: frozenset[ItemKind] = frozenset({"discovery", "next", "decision"})
"""Kinds that a promise or a benefit makes nothing of."""
_CODE = re.compile(r"^[ \t]*(?:```|~~~).*\n(?:.*\n){3}", re.MULTILINE)
"""A block of at least three lines: what is shorter is quoted or run."""


def without_promises(pool: Sequence[Candidate]) -> list[Candidate]:
    """Return candidates without courtesies, what is about to be done, and what is expected of a change."""
    return [one for one in pool if not (_is_replied(one) and _says_nothing(one))]


def as_written(session: Session, pool: Sequence[Candidate]) -> list[Candidate]:
    """Return candidates as they stand beside the code that replies wrote, and without promises.

    What such a reply says its code does is a change, and what it is about to do is done. What a reply reminds its
    reader of is no rule for other sessions.
    """
    turns, since = writing(session) | _showing(session), _first_edit(session)
    kept = (_of_code(one, is_late=one.turn >= since) for one in without_promises(pool))
    told = (_told(one, is_written=one.turn in turns) if _is_replied(one) else one for one in kept)
    return [one for one in told if one is not None]


def _showing(session: Session) -> frozenset[int]:
    """Return the turns of a conversation in which a reply wrote code for its user to take."""
    if not is_talk(session):
        return frozenset()
    replies = (event for event in session.events if event.kind == "reply" and not event.agent)
    return frozenset(event.turn for event in replies if _CODE.search(event.text))


def _first_edit(session: Session) -> float:
    """Return the turn of the first edit, infinity where nothing was edited."""
    return min((event.turn for event in session.events if event.kind == "edit"), default=math.inf)


def _of_code(one: Candidate, *, is_late: bool) -> Candidate:
    """Return what a list says that some code does as a change, once something was changed; else it ranks behind.

    Where it stands under the name of that code, it can be told: see `with_subject`.
    """
    acts = _LISTED.match(one.text) is not None if one.kind == "next" else lacks_subject(one.text)
    if one.kind not in {"discovery", "decision", "next"} or not _is_replied(one) or not acts:
        return one
    if _CODE_NAME.match(one.source.label):
        return replace(one, kind="discovery")
    return replace(one, kind="change" if is_late else "discovery", score=one.score - _COST)


def with_subject(one: Candidate) -> str:
    """Return what some code does with the name that it stands under in its list as its subject."""
    subject = _CODE_NAME.match(one.source.label) if lacks_subject(one.text) else None
    return f"`{subject[1].rsplit('/', 1)[-1]}` {lowered(one.text)}" if subject else one.text


def writing(session: Session) -> frozenset[int]:
    """Return the turns in which a reply changed files."""
    replies = {event.turn for event in session.events if event.kind == "reply" and not event.agent}
    return frozenset(event.turn for event in session.events if event.kind == "edit" and event.turn in replies)


def _is_replied(one: Candidate) -> bool:
    """Say whether a statement is a reply's own: what was put together of prompts and turns has evidence of its own."""
    return bool(one.source.raw) and not (one.turns or one.source.pasted or one.source.thought)


def _says_nothing(one: Candidate) -> bool:
    if is_courtesy(one.text):
        return True
    if one.kind == "decision" and _ABOUT_TO.match(one.text):
        return True
    if one.kind == "next" and _NO_STEP.match(one.text):
        return True
    if one.kind in {"discovery", "next"} and _BOUND.match(one.text):
        return True
    return one.kind in _CLAIMS and (is_promise(one.text) or _BENEFIT.match(one.text) is not None)


def _told(one: Candidate, *, is_written: bool) -> Candidate | None:
    if (one.kind == "discovery" and _ANNOUNCED.match(one.text)) or (one.kind == "next" and _leads(one)):
        return None
    if one.kind == "insight" and is_reminder(one.text):
        return replace(one, kind="next")
    if one.kind == "decision" and is_note(one.text):
        return replace(one, kind="discovery")
    return _beside_code(one) if is_written else one


def _leads(one: Candidate) -> bool:
    """Say whether a statement leads into what stands below it: a list or code, which is then given already."""
    return not (one.source.bullet or one.source.finding) and one.raw.rstrip("*_ ").endswith(":")


def _beside_code(one: Candidate) -> Candidate | None:
    if one.kind == "next":
        return None if _ABOUT_TO.match(one.text) else one
    if one.kind == "insight" and _ACCOUNT.match(one.text) and not is_each_time(one.text):
        return replace(one, kind="change", score=one.score - _COST)
    if one.kind not in {"discovery", "decision"}:
        return one
    if _INTENDED.match(one.text) or _points(one.text):
        return None
    is_account = tells_of_code(one.text) or narrates(one.source, one.text)
    return replace(one, kind="change", text=as_made(one.text), score=one.score - _COST) if is_account else one


def _points(text: str) -> bool:
    """Say whether a statement points at the code above it, and not at what was found out."""
    return not _FOUND_OUT.match(text) and (dangles(text) or _POINTS.match(text) is not None)


def tells_of_code(text: str) -> bool:
    """Say whether a statement tells what the code does that was just written, not what was there before."""
    return bool(_DONE.match(text) or (_ACCOUNT.match(text) and not _WAS_THERE.search(text)))
