"""What a reply says of the code that it has just written: an account of the change at best, and nothing found out."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace

from session_journal.core.events import Session
from session_journal.core.insights.learning import Candidate
from session_journal.core.insights.narration import narrates
from session_journal.core.insights.talk import is_talk
from session_journal.core.insights.wording import as_made, dangles, lowered
from session_journal.core.items import ItemKind

_COURTESY = re.compile(
    r"(?:thank(?:s| you)\b|you(?:'re| are) (?:absolutely |quite )?(?:right|correct|welcome)\b|"
    r"(?:i(?:'m| am)? )?sorry\b|"
    r"i (?:sincerely )?apologi[sz]e\b|(?:my )?apologies\b|(?:certainly|absolutely|of course|sure)\b[!,.]|"
    r"(?:great|good|excellent) (?:question|idea|point|suggestion)\b|"
    r"(?:please |do )?(?:feel free|don'?t hesitate|let me know)\b|"
    r"you(?:'ve)? rais(?:e|ed) an? (?:very )?(?:excellent|good|great|valid|important)\b|(?:if so, |can you )please\b|"
    r"(?:to [^,]{3,60}, )?(?:could you )?please (?:add|share|provide|confirm|let|tell|paste|try|specify|clarify)\b|"
    r".{0,120}\bthere'?s no need (?:for|to)\b.{0,40}\b(?:block|change|edit|modif\w+)\b|"
    r"if you(?:'d|'re| would| need| want| have| run| encounter|'ve)\b.{0,120}"
    r"\b(?:feel free|let me know|please (?:ask|share|provide|let|specify)|i(?:'d| would|'ll| can| will) |"
    r"you(?:'ll| will| should| can| may| could)? (?:need to |have to )?"
    r"(?:(?:share|provide|send|paste)\b|(?:add|give) (?:\w+ ){1,3}(?:files?|contents?|chat)\b))|"
    r".{0,120}\b(?:share|paste|post|send)(?: me| us)? (?:the|your|any|its) (?:\w+ )?"
    r"(?:outputs?|results?|errors?|logs?)\b|"
    r"(?:is there anything|would you like|do you want|shall i|should i)\b.{0,120}\?|"
    r"to (?:provide|give|help|assist|better|proceed)\b[^,]{0,80}, (?:i|we)(?:'d|'ll| would| will)?(?: also)? need\b|"
    r"(?:apparently |it (?:seems|appears|looks like) (?:that )?)?(?:the|your) (?:last|previous) message\b|"
    r"(?:the|your) (?:\w+ )?(?:contents?|files?|code|snippets?|text|outputs?|errors?|logs?|diff) (?:that )?"
    r"you(?:'ve| have)? (?:just )?(?:shared|provided|pasted|given|sent)\b)",
    re.IGNORECASE,
)
"""What is said to whom one talks, of the talk itself."""
_PROMISE = re.compile(
    r"(?:(?:this|these|it|that|which)(?: [\w`*/-]+){0,4}|(?:the|your|all) [\w` ]{3,40}?) should "
    r"(?:(?:now|also|still|no longer|then|correctly|properly) )*"
    r"(?:(?:be )?(?:able to|fixed|resolved|gone|working|available)|remain|work|pass|run|match|fix|resolve|solve|"
    r"address|catch|check|cover|reflect|verify|handle|prevent|allow|help|give|make|provide|improve|eliminate|ensure|"
    r"behave|display|show|produce|look|see)\b",
    re.IGNORECASE,
)
"""What is expected of a change and was not seen."""
_BENEFIT = re.compile(
    r"(?:this|these|the) (?:new |updated )?(?:changes?|modifications?|updates?|approach|implementation|refactoring|"
    r"setup|solution|\*?search/replace blocks?\*?|diff|patch|edits?) "
    r"(?:will|would|doesn'?t|does not|improves?|makes?|provides?|ensures?|allows?|helps?|gives?|should|"
    r"(?:now |correctly |exactly |also )*(?:match(?:es)?|includes?|follows?|appl(?:y|ies)|adds?|replaces?))\b|"
    r"(?:the )?(?:[\w`'’ .()]{3,60} )?remains? (?:(?:largely|mostly) )?(?:the same|unchanged|intact)\b",
    re.IGNORECASE,
)
"""What a change is said to be good for, or to leave alone."""
_VERB = (
    r"(?:add|allow|append|appl|assign|avoid|build|calculat|call|captur|catch|chang|check|clean|combin|comput|configur|"
    r"confirm|convert|count|cover|creat|defin|dispatch|display|distinguish|enabl|ensur|extract|filter|find|format|"
    r"generat|get|handl|ignor|implement|import|improv|includ|initiali[sz]|iterat|join|keep|load|log|loop|mak|map|match|"
    r"mock|modif|mov|open|output|pad|pars|pass|prevent|print|process|provid|rais|read|remov|renam|replac|return|run|"
    r"sav|search|send|separat|set|show|simplif|simulat|sort|split|start|stor|structur|support|tak|track|updat|us|"
    r"validat|verif|wrap|writ)(?:e?s|ies)\b"
)
_NO_SUBJECT = re.compile(
    r"(?:\w+ly,? |also |then |now )?(?!(?:updates|changes|calls) (?:to|in)\b)"
    rf"(?:{_VERB}(?! (?:of|for|are|is|was|were|can|will|would|should|must|may|have|had|do|did|failed|passed)\b)|"
    r"(?!(?:as|is|was|has|does|this|thus|its|his|plus|perhaps|yes|besides|across|towards|versus|always|sometimes|"
    r"whereas|minus|afterwards)\b)[a-z]+[a-rt-z]s (?:the|an?|its|each|whether|every|all)\b)",
    re.IGNORECASE,
)
"""A verb without its subject, in a list of what some code does; no plural stands before an article."""
_LISTED = re.compile(rf"(?:{_VERB}|collects|prepares) ", re.IGNORECASE)
"""The same where the rest of the sentence speaks of what is to come: `Needs a test` is open, `Adds a test` is not."""
_ACCOUNT = re.compile(
    rf"(?:[^,]{{3,60}}, )?we (?:(?:now|then|also|still|first) )?(?!'ll|will|need|have|can|could|should)\w+ |"
    rf"(?:(?:finally|then|next|also|additionally|now),? )?(?:the|our|your) (?:[\w`.()/-]+ ){{1,4}}?"
    rf"(?:now (?:also )?|(?:will|can) (?:now |then |also )?\w+|(?:also )?{_VERB})",
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
_NOTHING: dict[ItemKind, tuple[re.Pattern[str], ...]] = {
    "discovery": (_PROMISE, _BENEFIT, _BOUND), "next": (_PROMISE, _BENEFIT, _BOUND, _NO_STEP),
    "decision": (_ABOUT_TO, _PROMISE, _BENEFIT),
}  # fmt: skip
_REMINDER = re.compile(r"(?:please )?(?:make sure|remember to|don'?t forget to|ensure|be sure)\b", re.IGNORECASE)
_EACH_TIME = re.compile(r"\b(?:before|after|when(?:ever)?|each|every|always|never)\b", re.IGNORECASE)
"""What makes a reminder a rule for more than the code beside it."""
_NOTE = re.compile(r"(?:please )?(?:note|keep in mind|be aware)\b", re.IGNORECASE)
_CODE_NAME = re.compile(r"`([\w./-]+(?:\(\))?)`$")
_COST = 0.4
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
    acts = _LISTED if one.kind == "next" else _NO_SUBJECT
    if one.kind not in {"discovery", "decision", "next"} or not _is_replied(one) or not acts.match(one.text):
        return one
    if _CODE_NAME.match(one.source.label):
        return replace(one, kind="discovery")
    return replace(one, kind="change" if is_late else "discovery", score=one.score - _COST)


def with_subject(one: Candidate) -> str:
    """Return what some code does with the name that it stands under in its list as its subject."""
    subject = _CODE_NAME.match(one.source.label) if _NO_SUBJECT.match(one.text) else None
    return f"`{subject[1].rsplit('/', 1)[-1]}` {lowered(one.text)}" if subject else one.text


def writing(session: Session) -> frozenset[int]:
    """Return the turns in which a reply changed files."""
    replies = {event.turn for event in session.events if event.kind == "reply" and not event.agent}
    return frozenset(event.turn for event in session.events if event.kind == "edit" and event.turn in replies)


def _is_replied(one: Candidate) -> bool:
    """Say whether a statement is a reply's own: what was put together of prompts and turns has evidence of its own."""
    return bool(one.source.raw) and not (one.turns or one.source.pasted or one.source.thought)


def _says_nothing(one: Candidate) -> bool:
    return any(nothing.match(one.text) for nothing in (_COURTESY, *_NOTHING.get(one.kind, ())))


def _told(one: Candidate, *, is_written: bool) -> Candidate | None:
    if (one.kind == "discovery" and _ANNOUNCED.match(one.text)) or (one.kind == "next" and _leads(one)):
        return None
    if one.kind == "insight" and _REMINDER.match(one.text) and not _EACH_TIME.search(one.text):
        return replace(one, kind="next")
    if one.kind == "decision" and _NOTE.match(one.text):
        return replace(one, kind="discovery")
    return _beside_code(one) if is_written else one


def _leads(one: Candidate) -> bool:
    """Say whether a statement leads into what stands below it: a list or code, which is then given already."""
    return not (one.source.bullet or one.source.finding) and one.raw.rstrip("*_ ").endswith(":")


def _beside_code(one: Candidate) -> Candidate | None:
    if one.kind == "next":
        return None if _ABOUT_TO.match(one.text) else one
    if one.kind == "insight" and _ACCOUNT.match(one.text) and not _EACH_TIME.search(one.text):
        return replace(one, kind="change", score=one.score - _COST)
    if one.kind not in {"discovery", "decision"}:
        return one
    if _INTENDED.match(one.text) or _points(one.text):
        return None
    is_account = _tells(one.text) or narrates(one.source, one.text)
    return replace(one, kind="change", text=as_made(one.text), score=one.score - _COST) if is_account else one


def _points(text: str) -> bool:
    """Say whether a statement points at the code above it, and not at what was found out."""
    return not _FOUND_OUT.match(text) and (dangles(text) or _POINTS.match(text) is not None)


def _tells(text: str) -> bool:
    """Say whether a statement tells what the code does that was just written, not what was there before."""
    return bool(_DONE.match(text) or (_ACCOUNT.match(text) and not _WAS_THERE.search(text)))
