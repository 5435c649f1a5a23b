"""Deferred work: what the user said is for later, as actions; nothing that the session did after all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from session_journal.core import lazy_re as re
from session_journal.core.events import Session
from session_journal.core.insights.choices import replied_before
from session_journal.core.insights.deeds import deeds, is_traced, words
from session_journal.core.insights.goals import Prompt
from session_journal.core.insights.labels import labelled
from session_journal.core.insights.learning import Candidate, candidate
from session_journal.core.insights.prose import statements
from session_journal.core.insights.voice import offered
from session_journal.core.insights.wording import capital, trim
from session_journal.core.records import record

_LONGEST_PROMPT = 120
"""Words: what is longer is pasted, and its plans are somebody else's."""
_WORDS, _SCORE = 14, 2.9

_WHEN = (
    r"(?P<when>(?:(?:some time|sometime|a bit|much) )?later(?: on)?|"
    r"(?:in|for|as|with) (?:a|an|another|the next|its own|some) ?"
    r"(?:(?:separate|follow-?up|different|other|future|later|subsequent|next) )*"
    r"(?:pr|pull request|task|issue|ticket|session|story|follow-?up|release)|"
    r"(?:for|until) (?:tomorrow|later|next (?:week|sprint|time|session|release))|(?:for )?another (?:day|time)|"
    r"tomorrow|next (?:week|sprint|session|time)|"
    r"(?:after|once) [\w ]{2,24}(?:merged?|released?|shipped|landed|release))"
)
_END = (
    r"(?:\s+(?:please|then|instead|though|maybe|i think|i guess|ok|okay))?\s*"
    r"(?:$|[,.;:!()—–-]|(?:and|but|so|because|since|if)\b)"
)
_START = (
    r"(?:^|[,;:.?!]\s*|\b(?:and|but|so|then)\s+)"
    r"(?:(?:ok|okay|yes|no|yeah|well|actually|maybe|i think|i guess|just)[\s,]+)*"
)
_PUT_OFF = re.compile(
    _START + r"(?:let'?s|we(?:'ll| can| could| should| will)|i(?:'ll| will| can)|can we|could we)\s+"
    r"(?:then |just |also |still |always |go back and |come back (?:and|to) )*(?P<do>[a-z]+ .+?),?\s+" + _WHEN + _END,
    re.IGNORECASE,
)
"""An order to work elsewhere (`please put it in a new branch`) puts nothing off, so `please` does not begin one."""
_LEFT = re.compile(
    r"\b(?:leave|save|park|postpone|defer|delay)\s+(?P<do>.+?),?\s+" + _WHEN + _END,
    re.IGNORECASE,
)
_STILL = re.compile(
    r"^(?:(?:and|but|also|oh|btw|note to self)[\s,:]+)*"
    r"(?:remind me to|(?:i|we)(?:'ll)? still (?:have|need) to|(?:let'?s )?not forget to|don'?t let me forget to)\s+"
    r"(?P<do>.+)$",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"^(?:(?:ok|okay|yes|no|nah|nope|yeah|well|actually|maybe|good (?:idea|point)|fair|right|but|and|not (?:now|today))"
    r"[\s,.:;!—–-]+)*(?:(?:let'?s|we(?:'ll| can| could| should| will)|i(?:'ll| will)|please|you can)\s+)?"
    r"(?:(?:do|fix|handle|tackle|leave|look at|get to|address|save|park|postpone|discuss)\s+)?"
    r"(?:it|that|this|them|those|these)?\s*" + _WHEN + _END,
    re.IGNORECASE,
)
_DEICTIC = re.compile(
    r"^(?:\S+ (?:(?:at|to|with|up|on|into|about) )?)?(?:it|that|this|them|those|these|one|so|as is|it as is|things?)$",
    re.IGNORECASE,
)
_TALK = re.compile(r"^(?:see|talk|speak|continue|go on|resume|pick (?:this|it) up|be|get back|keep)\b", re.IGNORECASE)


@record(frozen=True, slots=True)
class _Put:
    """Work that was put off. when: the user's words for it; turns: where that was said."""

    what: str
    when: str
    turns: tuple[int, ...]


def actions(session: Session, asked: Sequence[Prompt]) -> Iterator[Candidate]:
    """Yield what the user put off: the work itself, with when or where it is to be done.

    Nothing is told of a session with events left out: it may have done the work after all.
    """
    if session.left_out:
        return
    found = [
        (prompt, put)
        for prompt in asked
        if len(prompt.text.split()) <= _LONGEST_PROMPT and prompt.kind != "answer"
        for one in statements(prompt.text, prompt.turn)
        if (put := _put_off(one.text, prompt, session)) and _names(put.what)
    ]
    done = deeds(session) if found else []
    for prompt, put in found:
        if not is_traced(put.what, done, prompt.order):
            text = f"{capital(trim(put.what, _WORDS))}{put.when}"
            yield candidate("action", text, prompt.turn, score=_SCORE, turns=put.turns)


def _names(what: str) -> bool:
    """Say whether work that was put off is named: `clean up stuff` can't be taken up by anybody."""
    bare = _VAGUE.sub("", what)
    return bool(words(bare)) and (bare == what or len(words(bare)) >= _NAMES_WORK)


_VAGUE = re.compile(r"\b(?:stuff|things?|the rest|everything|all (?:that|this|of (?:it|that|this)))\b", re.IGNORECASE)


def _put_off(said: str, prompt: Prompt, session: Session) -> _Put | None:
    """Return the work that a sentence puts off, None where it puts off none."""
    if labelled(said)[0] or (said.endswith("?") and not _MAY_WE.match(said)):
        return None  # what a label names is told as such
    said = said.rstrip(" .!?")
    found = _PUT_OFF.search(said) or _LEFT.search(said)
    if found and not _DEICTIC.match(found.group("do")) and not _TALK.match(found.group("do")):
        return _Put(found.group("do").strip(), f" {found.group('when')}", (prompt.turn,))
    found = _STILL.match(said)
    if found:
        return _Put(found.group("do"), "", (prompt.turn,))
    found = _BARE.match(said)
    offer = replied_before(session, prompt.order) if found else None
    text = offered(offer.text) if offer else ""
    if found is None or offer is None or len(text.split()) < _NAMES_WORK:
        return None
    return _Put(
        trim(text.removeprefix("also "), _WORDS), f" ({found.group('when').lower()})", (offer.turn, prompt.turn)
    )


_NAMES_WORK = 3
_MAY_WE = re.compile(r"(?:(?:ok|okay|so|and|maybe)[\s,]+)*(?:can|could) we\b", re.IGNORECASE)
