"""Decided: what a reply lists as its decisions, under a heading that says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from session_journal.core import lazy_re as re
from session_journal.core.insights.learning import Candidate, candidate
from session_journal.core.insights.prose import Statement
from session_journal.core.insights.signs import OPEN_HEADING
from session_journal.core.insights.wording import capital, lowered, terms, tidy

_COUNT = r"(?:an?|the|some|(?:a )?few|one|two|three|four|five|six|several|all|\d+)"
_WHAT = (
    r"(?:architectur(?:e|al)|code|design|final|implementation|important|interesting|key|main|major|minor|notable|other|"
    r"scope|small(?:er)?|technical)"
)
_NOUN = r"(?:decisions?(?: log)?|choices|judge?ment calls?)"
_TAIL = (
    r"(?:\s*(?:&|and|,|/|—|–|-|\+)\s*(?:the )?(?:why|rationale|reason(?:s|ing)?|trade-?offs|assumptions))?"
    r"(?: (?:i|we)(?:'ve| have)? (?:made|took|taken)\b[^:?]{0,40}| (?:made|taken)\b[^:?]{0,30}|"
    r" (?:worth|to) (?:a |be )?(?:\w+)(?: \w+){0,2}| (?:behind|in|for|of) (?:this|the|it)\b[^:?]{0,30})?"
)
_LISTED = re.compile(rf"(?:{_COUNT} )?(?:{_WHAT},? )*{_NOUN}{_TAIL}\W*$", re.IGNORECASE)
"""Names of a list of decisions; those still to be made are `pending`, `open`, `needed`."""
_OWN = re.compile(
    r"(?:decisions?|(?:so )?(?:i|we)(?:'ve| have)? (?:decided|settled on)|"
    r"(?:(?:what|which \w+|why) (?:i|we)(?:'ve| have)? "
    r"(?:chose|decided|picked|settled on|went with|kept)\b|"
    rf"(?:i|we)(?:'ve| have)? (?:also )?(?:made|took) (?:{_COUNT} )?(?:{_WHAT},? )*{_NOUN}\b)[^?]{{0,60}})\W*$",
    re.IGNORECASE,
)
"""What can only be of who says it: the decisions of the code under review are somebody else's."""
_VERDICT = re.compile(r"(?:(?:my|the|final|overall|short) )*verdict\W*$", re.IGNORECASE)
_OPEN = re.compile(
    r"\b(?:needs?|needed|pending|open|required|remaining|to (?:be )?(?:made?|decide)|for you|your|you|left)\b|\?",
    re.IGNORECASE,
)
_I = re.compile(
    r"^(?:(?:I|we)(?:'ve| have)? (?:also |deliberately |intentionally |purposely |explicitly )*)"
    r"(?=(?:\w+ed|kept|left|chose|went|made|put|took|built|wrote|held|set|did(?: not|n't))\b)",
    re.IGNORECASE,
)
_PRAISE = re.compile(
    r"^(?:(?:very|really) )?(?:good|great|solid|nice|excellent|well[- ]\w+)\b|\b(?:is|are) (?:an? )?(?:\w+ly )?"
    r"(?:good|great|well[- ]\w+|solid|excellent|clean|sound|thorough|nice)\b",
    re.IGNORECASE,
)
_SCORE = 2.4
_FEWEST, _WORDS = 4, 20


def decisions(said: Sequence[Statement], since: int) -> Iterator[Candidate]:
    """Yield what stands in a list of decisions, or first under a verdict.

    since: the turn of the first edit, 0 without one: before it a list of decisions may be of anybody's code.
    """
    judged: set[tuple[int, str]] = set()
    for place, one in enumerate(said):
        if not one.opens or one.thought or one.pasted or one.option or one.text.endswith(("?", ":")):
            continue
        kind = _under(one, is_own=0 < since <= one.turn)
        if not kind or (kind == "verdict" and (one.turn, one.heading) in judged):
            continue
        judged.add((one.turn, one.heading))
        after = said[place + 1] if place + 1 < len(said) else None
        text = _text(one, after if after is not None and after.turn == one.turn and not after.opens else None)
        if kind == "verdict":
            text = "" if _PRAISE.search(text) else f"Verdict: {lowered(text)}" if text else ""
        if text:
            yield candidate("decision", text, one.turn, score=_SCORE, source=one)


def _under(one: Statement, *, is_own: bool) -> str:
    """Return of what kind a statement is by what it stands under: "decision", "verdict" or ""."""
    path = one.heading.split(" / ")
    names = (*(path if one.finding else path[-1:]), *((one.lead,) if one.bullet else ()))
    kinds = [kind for name in names if name and (kind := _named(name))]
    return next((kind.removeprefix("any ") for kind in kinds if is_own or not kind.startswith("any ")), "")


_PARTS = ("deci", "choice", "chose", "judg", "verdict", "picked", "settled", "went with", "kept")


@lru_cache(maxsize=512)
def _named(name: str) -> str:
    """Return what a heading names: a "verdict", a "decision", "any decision" where it may be of anybody, or ""."""
    low = name.lower()
    if not any(part in low for part in _PARTS):
        return ""
    name = name.strip(" :*")
    if _OPEN.search(name) or OPEN_HEADING.search(name):
        return ""
    if _VERDICT.match(name):
        return "verdict"
    return "decision" if _OWN.match(name) else "any decision" if _LISTED.match(name) else ""


def _text(one: Statement, after: Statement | None) -> str:
    """Return a decision as it stands alone; a name of few words is told with the sentence that goes on from it."""
    text = tidy(_I.sub("", one.text), _WORDS)
    if after is None or (text and len(terms(text)) >= _FEWEST):
        return text
    more = tidy(_I.sub("", after.text), _WORDS - one.words)
    bare = _I.sub("", one.text).rstrip(" .:;")
    return f"{capital(bare)}: {lowered(more)}" if more and one.words <= _WORDS // 2 else text
