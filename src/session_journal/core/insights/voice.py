"""How the work was done together: what was agreed, and what was left open."""

from __future__ import annotations

from session_journal.core import formulas
from session_journal.core import lazy_re as re
from session_journal.core.events import Session
from session_journal.core.insights.choices import replied_before
from session_journal.core.insights.endings import last_reply
from session_journal.core.insights.goals import Prompt
from session_journal.core.insights.learning import Candidate, candidate
from session_journal.core.insights.prose import plain
from session_journal.core.insights.wording import trim


def agreements(session: Session, asked: list[Prompt]) -> list[Candidate]:
    """Return what the user agreed to: the offer, with the turns of both."""
    made = []
    for prompt in asked:
        offer = replied_before(session, prompt.order)
        text = offered(offer.text) if offer is not None and prompt.kind == "consent" else ""
        if offer is not None and len(text.split()) >= 4:
            turns = (offer.turn, prompt.turn)
            made.append(candidate("decision", f"Agreed to {trim(text, 20)}", prompt.turn, score=1.2, turns=turns))
    return made


def open_ends(session: Session) -> list[Candidate]:
    """Return what the last reply asked or offered and nobody answered."""
    last = last_reply(session)
    if last is None or "?" not in last.text.rstrip().rsplit("\n", 1)[-1]:
        return []
    options = [plain(found.group(2)) for found in _OPTION.finditer(last.text)]
    if len(options) >= 2:
        return [
            candidate(
                "question",
                f"{formulas.TO_CHOOSE}: {'; '.join(trim(one, 9) for one in options[:4])}",
                last.turn,
                score=3.0,
            )
        ]
    offer = offered(last.text)
    return (
        [candidate("action", f"{formulas.OFFERED}: {trim(offer, 22)}", last.turn, score=2.4)]
        if len(offer.split()) >= 3
        else []
    )


_OPTION = re.compile(r"^\s*(?:[-*]\s+)?\*\*(Option \w+|\d)[.:)]?\s*:?\s*([^*\n]{4,120})\*\*", re.MULTILINE)
_OFFER = re.compile(
    r"(?:want me to|would you like me to|should i|shall i|do you want me to|should we|shall we|ready "
    r"to|want to)\s+([^?]{6,200})\?",
    re.IGNORECASE,
)


def offered(reply: str) -> str:
    """Return what the last question of a reply offers to do."""
    found = _OFFER.findall(reply[-600:])
    text = _APPROACH.sub("", plain(found[-1]).strip() if found else "")
    text = re.sub(r"^(?:go ahead and|proceed (?:with|and)|go ahead)\b\s*", "", text)
    return _THESE.sub(r"\1 the changes", text)


_APPROACH = re.compile(
    r",? (?:using|with|via|in|following|incorporating|including|applying|based on) (?:this|that|these|those) "
    r"(?:approach|way|plan|pattern|simplification|change|suggestion|fix|idea|improvement)e?s?$"
)
_THESE = re.compile(r"\b(commit|push|merge|apply) (?:this|that|these|those|them|it)$")
