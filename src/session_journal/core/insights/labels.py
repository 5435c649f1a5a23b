"""Labels that say what a line is: what comes next, what is open, what was learned, which rule stands."""

from __future__ import annotations

from collections.abc import Iterable

from session_journal.core import lazy_re as re
from session_journal.core.insights.wording import lowered
from session_journal.core.items import ItemKind

_LABEL = re.compile(
    r"^(?:(?P<question>open questions?)|(?P<open>open(?: points?| items?| issues?)?|still open)|"
    r"(?P<next>next(?: steps?| up)?|to-?do|left to do|still to do|still missing|not done(?: yet)?|follow-?ups?|"
    r"outstanding|remaining(?: (?:work|items?))?|pending)|"
    r"(?P<takeaway>what (?:we|i)(?:'ve| have)? learn(?:ed|t)|lessons?(?: learn(?:ed|t))?|takeaways?|next time|"
    r"(?:one )?things? to remember))\s*(?::|\s[—–-]\s)\s*(?P<rest>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)
_ASKS = re.compile(r"^(?:how|whether|which|what|who|when|where|why|if)\b|\?$", re.IGNORECASE)
_LESSON = re.compile(r"^(?:next time|in (?:the )?future|from now on|going forward)\b[, ]", re.IGNORECASE)
_STANDING = re.compile(
    r"^(?:please\s+)?(?:always|never|prefer|avoid|make sure|remember to|from now on)\b|"
    r"^(?:please\s+)?(?:check|run|ensure|verify|apply|read|ask|update|start|migrate|test|build|lint|format)\b"
    r".{3,80}\b(?:before (?:running|you|we|any|each|every|the|a|\w+ing)|first,? (?:and )?then|every time|each time)\b|"
    r"^we (?:always|never|don'?t|do not|use|prefer)\b",
    re.IGNORECASE,
)


def labelled(text: str) -> tuple[ItemKind | None, str]:
    """Return what a label makes of a sentence, and the sentence without it; (None, text) where there is none."""
    found = _LABEL.match(text)
    if found is None:
        return ("takeaway", text) if _LESSON.match(text) else (None, text)
    rest = found.group("rest").rstrip(" .")
    if found.group("takeaway"):
        return "takeaway", rest
    asks = found.group("question") or (found.group("open") and _ASKS.search(rest))
    return ("question" if asks else "next"), rest


def is_standing(text: str) -> bool:
    """Say whether a sentence is a rule that holds beyond this session."""
    return bool(_STANDING.match(text))


_EARLIER = re.compile(
    r"(?:before(?! (?:\w+ing|you|we|they|i|it|the|an?|each|every|any)\b)|old|previous(?:ly)?|formerly|originally|"
    r"until now)\b[^.,]{0,30}$",
    re.IGNORECASE,
)


def dated(text: str, under: Iterable[str]) -> str:
    """Return a bullet with the word that dates it, where a title above it says that it tells how things were."""
    names = (name for name in under if name and _EARLIER.match(name))
    found = next((name for name in names if len(name.split()) <= _TITLE), "")
    return f"Before: {lowered(text)}" if found and not _EARLIER.match(text.partition(":")[0]) else text


_TITLE = 4
