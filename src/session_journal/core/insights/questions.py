"""Open questions: what was asked and not answered when the session ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from session_journal.core import lazy_re as re
from session_journal.core.events import Event, Session
from session_journal.core.insights.choices import options, replied_before
from session_journal.core.insights.deeds import words
from session_journal.core.insights.endings import last_reply
from session_journal.core.insights.goals import Prompt
from session_journal.core.insights.learning import Candidate, candidate
from session_journal.core.insights.prose import plain, statements
from session_journal.core.insights.requests import FILLER, POLITE, QUESTION
from session_journal.core.insights.voice import offered
from session_journal.core.insights.wording import capital, trim

_WORDS, _SCORE = 20, 2.9
_LEAST = 5
"""Words: a shorter question does not say what it is about."""
_TAIL = 800
"""Characters: what a reply asks of the user stands at its end."""
_COURTESY = re.compile(
    r"\b(?:anything|any (?:other |specific )?(?:questions?|thoughts|preferences?|feedback|concerns|changes?)|"
    r"what do you think|(?:how|what)(?: else)? (?:can|may|would|should|do) (?:i|we|you)\b.{0,24}"
    r"\b(?:help|assist|do|next|tackle|work on|like|want)|sounds? good|looks? (?:good|right|ok|okay)|"
    r"does (?:this|that|it) (?:look|sound|work|make|help|match|answer)|is (?:this|that) (?:ok|okay|right|correct|what)|"
    r"are you (?:ready|happy|ok)|ready|make sense|let me know|(?:would|could|can|will) you|you'?d like|do you want|"
    r"want me|shall (?:i|we)|should i|may i|can i|prefer|which (?:one|option|approach|of (?:these|those|them))|"
    r"more (?:context|details?|information)|specific|clarify|refer(?:ring)? to|is there)\b",
    re.IGNORECASE,
)
"""Questions that any reply could end in: who leaves them open leaves nothing open."""
_UNDECIDED = re.compile(
    r"^(?:(?:hm+|well|good question|honestly|ok|okay|no)[\s,.:;!—–-]+)*"
    r"(?:(?:i'?m |i am )?not sure(?: yet)?|i (?:don'?t|do not) know(?: yet)?|no idea(?: yet)?|unclear(?: yet)?|"
    r"(?:i(?:'ll| will| have to| need to)|let me) (?:ask|check with|think|find out|get back)|"
    r"(?:we|i) (?:still )?(?:have|need) to (?:ask|decide|discuss|find out|figure (?:it|that) out)|"
    r"let'?s (?:decide|discuss)|that'?s (?:still )?(?:open|undecided)|good question)\b",
    re.IGNORECASE,
)
_DECIDES = re.compile(r"\b(?:but|so|let'?s (?!decide|discuss)|go with|use|take|assume|for now)\b", re.IGNORECASE)
_OPEN = re.compile(
    r"\b(?:(?:is|are|was|remains?|still|it'?s) (?:still )?(?:unclear|undecided|an open question|to be decided|open)|"
    r"(?:still |yet )(?:to be|needs? to be) (?:decided|clarified|answered)|open question)\b",
    re.IGNORECASE,
)


def questions(session: Session, asked: Sequence[Prompt]) -> Iterator[Candidate]:
    """Yield the questions left open: the user's without a reply, the assistant's without an answer."""
    yield from _unanswered(session, asked)
    yield from _undecided(session, asked)
    last = last_reply(session)
    if last is not None:
        yield from _at_the_end(last)


def _question(text: str, turns: tuple[int, ...]) -> Candidate:
    return candidate("question", text, turns[0], score=_SCORE, turns=turns)


def _unanswered(session: Session, asked: Sequence[Prompt]) -> Iterator[Candidate]:
    """Yield the user's last question where nothing was said or done after it."""
    last = asked[-1] if asked else None
    if last is None or last.kind not in {"question", "request"}:
        return
    if any(
        not event.agent and event.kind not in {"interruption", "thought"} for event in session.events[last.order + 1 :]
    ):
        return
    text = _asked_of(last.text)
    if text:
        yield _question(text, (last.turn,))


def _undecided(session: Session, asked: Sequence[Prompt]) -> Iterator[Candidate]:
    """Yield what the assistant asked and the user said they could not say, and did not come back to."""
    for place, prompt in enumerate(asked):
        if len(prompt.text.split()) > _TO_SAY or not _UNDECIDED.match(prompt.text) or _DECIDES.search(prompt.text):
            continue
        reply = replied_before(session, prompt.order)
        text = _asked_by(reply.text) if reply is not None else ""
        if reply is None or not text:
            continue
        later = [words(one.text) for one in asked[place + 1 :]]
        if not any(2 * len(words(text) & said) >= len(words(text)) for said in later):
            yield _question(text, (reply.turn, prompt.turn))


_TO_SAY = 25


def _at_the_end(last: Event) -> Iterator[Candidate]:
    """Yield what the last reply asks the user, and what it says is open; offers and options are told elsewhere."""
    for one in statements(last.text[-_TAIL:], last.turn):
        if _OPEN.search(one.text) and not one.text.endswith("?") and _LEAST <= one.words <= _WORDS:
            yield _question(capital(one.text.rstrip(".")), (last.turn,))
    if "?" not in last.text.rstrip().rsplit("\n", 1)[-1] or offered(last.text) or len(options(last.text)) >= 2:
        return
    text = _asked_by(last.text)
    if text:
        yield _question(text, (last.turn,))


def _asked_by(reply: str) -> str:
    """Return the last question of a reply that asks for something it cannot know, "" without one."""
    found = [one.text for one in statements(reply[-_TAIL:], 0) if one.text.endswith("?")]
    return _as_item(found[-1]) if found and not _COURTESY.search(found[-1]) else ""


def _asked_of(prompt: str) -> str:
    """Return the last question of a prompt, "" without one."""
    found = [one.text for one in statements(prompt, 0) if one.text.endswith("?")]
    return _as_item(FILLER.sub("", found[-1])) if found and not POLITE.match(found[-1]) else ""


def _as_item(question: str) -> str:
    """Return a question that stands alone within _WORDS, "" where it points at something before it."""
    bare = FILLER.sub("", plain(question)).rstrip("? ")
    pointing = re.search(r"\b(?:this|that|these|those|it|they|them)\b", " ".join(bare.split()[:4]), re.IGNORECASE)
    if (
        pointing
        or len(bare.split()) < _LEAST
        or not (QUESTION.match(bare) or re.match(r"(?:can|could|would|will)\b", bare, re.IGNORECASE))
    ):
        return ""
    text = trim(bare, _WORDS)
    return "" if text.endswith("…") else f"{capital(text)}?"
