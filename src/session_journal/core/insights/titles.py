"""Titles: a goal as a short imperative, the sentence that orders before the ones that only tell."""

from __future__ import annotations

import itertools
import re

from session_journal.core.insights.requests import FILLER, IMPERATIVE, POLITE, PROBLEM, QUESTION, wish
from session_journal.core.insights.wording import capital, lowered
from session_journal.core.text import shorten

_ORDER = re.compile(
    r"(?!(?:in|on|at|for|with|from|of|to|by|as|is|are|was|were|does|do|did|has|have|had|what|which|who|when|where|why|"
    r"how|and|but|so|like|about|after|before|if|not|only|all|both|also|then|now|because|since|that|this|per|into|than|"
    r"don't|here|there|got|see)\b)[a-z]+ (?:the|an?|it|them|these|those|each|every|our|my|its|only)\b",
    re.IGNORECASE,
)


def order(goal: str) -> str:
    """Return the sentence of a goal that tells what to do, where the ones before only tell how things are."""
    said = [part.strip() for part in re.split(r"(?<=[\w)`][.!])\s+|;\s", goal) if part.strip()]
    if not said or IMPERATIVE.match(said[0]) or QUESTION.match(said[0]) or said[0].endswith("?"):
        return goal
    for before, part in itertools.pairwise(said[:4]):
        bare = POLITE.sub("", FILLER.sub("", part))
        if _ORDER.match(bare) and not bare.endswith("?"):
            return capital(_with_noun(bare, before))
    return goal


def _with_noun(clause: str, before: str) -> str:
    """Return a clause with the noun that its pronoun means, where the sentence before begins with it."""
    noun = _NOUN.match(before)
    if noun is None:
        return clause
    return re.sub(r"^(\w+) (?:it|them)\b", lambda verb: f"{verb.group(1)} {lowered(noun.group(1))}", clause)


_NOUN = re.compile(
    r"((?:the|our|my|this|these)\s[^,;:]{3,50}?)\s(?:is|are|has|have|takes?|fails?|needs?)\b", re.IGNORECASE
)


def with_subject(goal: str, about: str) -> str:
    """Return a bare request ("Review 181") with what it turned out to be about."""
    verb = IMPERATIVE.match(goal.lstrip("/"))
    return (f"{verb.group().capitalize()} {about}" if verb else about) if about and len(goal.split()) < 4 else goal


def title(goal: str, about: str = "") -> str:
    """Return a short imperative title of at most 70 characters for a goal; `about` names what a bare one is about."""
    goal = wish(with_subject(goal if about else order(goal), about)).rstrip("…")
    text = POLITE.sub(
        "", re.sub(r"^Implement the plan: (?:fix|add)\b", lambda m: m.group()[20:], goal, flags=re.IGNORECASE)
    )
    text = re.sub(r"^Implement the plan: ", "", text)
    text = re.sub(r"^i(?:'m| am|'ve| have)? (?:just )?(?:tried|trying) to\s+", "", text, flags=re.IGNORECASE)
    text = re.sub(r"^how (?:do|can|should|would|could) (?:we|i|you)\s+|^how to\s+", "", text, flags=re.IGNORECASE)
    whole = re.split(r"(?<=\w)[.?!](?:\s|$)|;\s|\n", text, maxsplit=1)[0]
    text = whole if about else re.split(r"\s[-–—]\s", whole, maxsplit=1)[0]
    text = re.split(r",\s+(?=(?:what|why|how|can|could|is|do|does|should)\b)", text)[0]
    text = text if len(text.split()) > 3 else whole.replace(" - ", ": ")
    text = text.replace("`", "").strip(" ,:-")
    failing = re.match(r"(.{4,50}?)\s+(?:is |are |keeps? )?failing\b", text)
    if failing and not IMPERATIVE.match(text):
        text = f"Find out why {failing.group(1)} fail{'' if failing.group(1).endswith('s') else 's'}"
    elif not IMPERATIVE.match(text) and not QUESTION.match(text):
        if re.search(r"\bconflicts?\b", text, re.IGNORECASE):
            text = "Resolve " + re.sub(
                r"^(?:we |i )?(?:got|have|had|there are)\s+(?:some |a few )?", "", text, flags=re.IGNORECASE
            )
        elif PROBLEM.search(text) and len(text.split()) <= 14:
            text = "Fix " + re.sub(
                r"^(?:we |i )?(?:got|have|had|there are|there is)\s+(?:some |a |an |a few )?",
                "",
                text,
                flags=re.IGNORECASE,
            )
    text = re.sub(r"\s*\([^)]*\)", "", text) if len(text) > 50 and not about else text
    text = re.sub(
        r"^(Fix|Resolve|Find out why) ([A-Z])(?=[a-z]+ [a-z])", lambda m: f"{m.group(1)} {m.group(2).lower()}", text
    )
    return _fitted(capital(text))


def _fitted(text: str) -> str:
    """Return a title of at most 70 characters, cut where a phrase ends."""
    if len(text) <= 70:
        return text
    cut = shorten(text, 70).rstrip("…")
    ends = [found.start() for found in _PHRASE.finditer(cut) if len(cut[: found.start()].split()) >= 4]
    return (cut[: ends[-1]] if ends else cut).rstrip(" ,;:—–-(")


_PHRASE = re.compile(
    r"\s+(?:and|or|but|so|because|since|when|while|where|which|that|who|if|from|for|with|without|in|on|by|to|of|at|as|via|"
    r"after|before|into|instead)\b|[,;:]\s|\s[—–(-]",
    re.IGNORECASE,
)
