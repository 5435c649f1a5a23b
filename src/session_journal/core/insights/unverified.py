"""Unverified: what a closing reply says was not tested, run or checked, where nothing after it shows that it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from session_journal.core import formulas
from session_journal.core import lazy_re as re
from session_journal.core.events import Session
from session_journal.core.insights.deeds import words
from session_journal.core.insights.goals import Prompt
from session_journal.core.insights.learning import Candidate, candidate
from session_journal.core.insights.prose import Statement
from session_journal.core.insights.talk import is_talk
from session_journal.core.insights.wording import lowered, trim
from session_journal.core.signals import Signals

_RAN = r"(?:run|ran|execut(?:e|ed)|built|build|compil(?:e|ed)|start(?:ed)?|launch(?:ed)?)"
_TESTED = r"(?:test(?:ed)?|exercis(?:e|ed)|try|tried|benchmark(?:ed)?|measur(?:e|ed))"
_VERB = rf"(?:{_RAN}|{_TESTED}|verify|verified|check(?:ed)?|confirm(?:ed)?|validat(?:e|ed))"
_NOT = (
    r"(?:(?:was|were|am|'m) (?:not |un)able to|(?:wasn't|weren't) able to|(?:'ve|have) not been able to|"
    r"couldn't|could not|didn't|did not|haven't|(?:'ve|have) not|had no way to|never|"
    r"(?<=\bi )(?:can't|cannot|have no way to))"
)
"""`We can't test the private parts` is advice; what the assistant itself cannot do is not."""
_HOW = (
    r"(?: (?:actually|also|yet|fully|really|personally|directly|manually|locally|properly|independently|be able to))*"
)
_SAID = re.compile(
    rf"\b(?:i|we)(?: |(?='))(?:have )?{_NOT}{_HOW} {_VERB}\b(?! (?:into|out of|off|across)\b)", re.IGNORECASE
)
"""Who did the work says that they did not see whether it holds."""
_WHO = re.compile(r"\b(?:I|[Ww]e)[ ']")
_STARTS = re.compile(
    rf"(?:still |as yet |currently )?(?:not (?:yet )?(?:been )?{_VERB}|un(?:verified|tested|checked|validated))\b"
    r"(?: yet)?(?: (?:here|at all|so far))?[:,—–-]*\s*",
    re.IGNORECASE,
)
_BEGINS = ("not ", "un", "still ", "as yet ", "currently ")
_LEFT = re.compile(
    r"\b(?:is|are|remains?|stays?|left|was|were|been)(?: still| as yet| also)? (?:un(?:verified|tested)|"
    r"not (?:yet )?(?:been )?(?:run|tested|verified|exercised)(?! (?:for|by|in|as|when|if) ))\b|"
    r"\b(?:could not|couldn't) be (?:run|tested|verified|exercised|checked)\b",
    re.IGNORECASE,
)
"""Said of a thing, at the end of work: in a review it is a finding of its own."""
_HEADING = re.compile(
    r"(?:(?:one|two|three|some|the|a few) )?(?:things? |parts? )?(?:that )?"
    rf"(?:(?:what )?(?:i|we) {_NOT}{_HOW} {_VERB}|"
    r"(?:what(?: is|'s| was|'s been)? )?"
    rf"(?:(?:not|wasn't|isn't|hasn't been)(?: yet)?(?: been)? {_VERB}|un(?:verified|tested|checked|validated)))\b"
    r"[^.?]{0,40}\W*$",
    re.IGNORECASE,
)
_RETRACTED = re.compile(
    r"\b(?:if|unless|when(?:ever)?|earlier|previously|at first)\b[^,;]{0,30}\b(?:i|we) |\bno need\b|"
    r"\bbut (?:now|it (?:now )?(?:works|passes))\b|\b(?:not|n't) (?:needed|necessary|relevant)\b|\bunnecessary\b",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"(?:it|this|that|these|those|them|any of (?:it|this|that|them)|everything|anything|commands?|code)?"
    r"(?: (?:in|from) (?:here|this \w+))?\W*$",
    re.IGNORECASE,
)
_BY = re.compile(r"(?:that|whether|if|how|for|the fact that)\s+", re.IGNORECASE)
_SCORE, _WORDS, _FEWEST = 2.8, 22, 2
_CODE = re.compile(r"`([^`]{3,80})`")


def limits(session: Session, asked: Sequence[Prompt], said: Sequence[Statement], found: Signals) -> Iterator[Candidate]:
    """Yield what closing replies say they did not verify, as actions; nothing that was seen to hold after all."""
    if session.left_out or is_talk(session):
        return
    for one in said:
        if not one.closing or one.thought or one.option or one.pasted or one.text.endswith(("?", ":")):
            continue
        text = _limit(one, worked=0 < found.first_edit_turn <= one.turn)
        if text and _names(text) and not _seen_later(one, text, session, asked, found):
            yield candidate("action", trim(text, _WORDS), one.turn, score=_SCORE, turns=(one.turn,))


def _limit(one: Statement, *, worked: bool) -> str:
    """Return what a statement says was not seen to hold, "" where it says no such thing.

    worked: something was edited before it: without that, what is untested is the subject of a review.
    """
    text = one.text.rstrip(" .").replace("\u2019", "'")
    said = _SAID.search(text) if _WHO.search(text) and _may_say(text) else None
    if said:
        return "" if _RETRACTED.search(text) else _told(said, text)
    if not worked:
        return ""
    names = (one.heading.rpartition(" / ")[2], one.lead) if one.opens else ()
    likely = (name.replace("\u2019", "'").strip(" :*") for name in names if _may_say(name))
    under = next((found for name in likely if (found := _HEADING.match(name))), None)
    starts = _STARTS.match(text) if text.lower().startswith(_BEGINS) and _may_say(text) else None
    if starts or under:
        rest = text[starts.end() :] if starts else text
        return "" if _POINTS.match(rest) else _put(starts or under, rest)
    return f"{formulas.UNVERIFIED}: {lowered(text)}" if _is_left(text) and _LEFT.search(text) else ""


def _is_left(text: str) -> bool:
    return any(part in text for part in (" untested", " unverified", " not ", "n't be "))


_NEGATED = re.compile(r"n['\u2019]t |[Nn]ot |NOT |cannot |[Nn]ever |[Uu]n(?:able|test|verif|check|valid)|no way ")
_VERBS = re.compile(r"verif|test|r[ua]n\b|check|confirm|valid|exerc|tri|try|buil|exec|comp|meas|bench|start|launch")


def _may_say(text: str) -> bool:
    """Say whether a text may say that something was not verified; the long patterns are made for those alone."""
    return _NEGATED.search(text) is not None and _VERBS.search(text) is not None


def _told(found: re.Match[str], text: str) -> str:
    """Return what the verb of a sentence names: behind its colon, right behind it, else the whole sentence."""
    rest = text[found.end() :].strip(" ,")
    head, colon, tail = rest.partition(": ")
    if colon and len(words(tail)) >= _FEWEST and "`" not in head:
        return _put(found, tail)
    rest = _SO.split(rest)[0]
    starts = len(text[: found.start()].split()) <= _LEAD
    if (
        starts
        and (len(words(rest)) >= _FEWEST or _CODE.search(rest) or len(rest.split()) >= _SAYS_IT)
        and not _POINTS.match(rest.split(",")[0].split(" on ")[0])
    ):
        return _put(found, rest)
    return f"{formulas.UNVERIFIED}: {lowered(text)}"


_SO = re.compile(r", so |; | - (?:so|please) ", re.IGNORECASE)
_LEAD, _SAYS_IT = 2, 4
"""Words: `However, I` leads in; what stands before more of them belongs to what is said."""


def _put(found: re.Match[str] | None, rest: str) -> str:
    """Return how it is told that something was not done, by the verb with which a reply says so."""
    verb = found.group() if found else ""
    is_run = _NOT_RUN.search(verb)
    formula = formulas.NOT_RUN if is_run else formulas.UNTESTED if _NOT_TESTED.search(verb) else formulas.UNVERIFIED
    bare = _BY.sub("", rest, count=1)
    return f"{formula} {lowered(bare)}" if _WHERE.match(bare) else f"{formula}: {lowered(bare)}"


_WHERE = re.compile(r"(?:on|in|with|against|under|at|after|without|from|end[- ]to[- ]end)\b", re.IGNORECASE)
_NOT_RUN = re.compile(rf"\b{_RAN}\b", re.IGNORECASE)
_NOT_TESTED = re.compile(rf"\b(?:{_TESTED}|untested)\b", re.IGNORECASE)


def _names(text: str) -> bool:
    """Say whether a text names what was not verified: `I have not verified it` says nothing to who reads it here."""
    return bool(_CODE.search(text)) or len(words(text)) > _FEWEST or any(name.search(text) for name, _ in _RUNS)


_WORKS = re.compile(
    r"\b(?:works?|worked|working|verified|confirmed|tested|pass(?:es|ed)?|checked|correct|fine|looks good|lgtm)\b",
    re.IGNORECASE,
)
_NOT_SO = re.compile(r"\b(?:not|no|never|still|but)\b|n't\b|\?", re.IGNORECASE)
_RUNS = (
    (re.compile(r"\b(?:tests?|suite|specs?)\b", re.IGNORECASE), "test"),
    (re.compile(r"\b(?:build|compil\w+)\b", re.IGNORECASE), "build"),
    (re.compile(r"\blint\w*\b", re.IGNORECASE), "lint"),
)


def _seen_later(one: Statement, text: str, session: Session, asked: Sequence[Prompt], found: Signals) -> bool:
    """Say whether the user said that it holds, or a check or a command that it names ran after it."""
    about = words(text)
    for prompt in asked:
        first = prompt.text.strip()[:300].split("\n")[0] if prompt.turn > one.turn else ""
        if _WORKS.search(first) and not _NOT_SO.search(first) and about & words(first):
            return True
    kinds = {kind for name, kind in _RUNS if name.search(text)}
    if any(check.turn > one.turn and check.kind in kinds and check.passed is not None for check in found.checks):
        return True
    named = _CODE.findall(text)
    later = [event.target for event in session.events if event.kind == "command" and event.turn > one.turn]
    return any(name in target for name in named for target in later)
