"""What a statement says against the words that it rests on: a negation or a number changed, another one's words."""

from __future__ import annotations

import re
from itertools import pairwise

from session_journal.core.insights.wording import terms
from session_journal.llm.record import numbers, ungrouped

_REACH = 6
"""How many words a negation is taken to hold for."""
_BEFORE = 240
_NOT = re.compile(
    r"\b(?:not|never|cannot|nor|without)\b(?! (?:only|just|sure|yet)\b)|\b(?:\w+n't|dont|doesnt|didnt|cant|wont)\b|"
    r"\bno\b(?! longer\b)",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"\b(?:not|never|no|nor|none|neither|nothing|cannot|without|instead|rather|until|unless|hardly|against|unlike|absent|"
    r"avoid|reject|refus|declin|fail|lack|miss|stop|prevent|forb|prohibit|ban|skip|ignor|drop|remov|disallow|disabl|"
    r"exclud|wrong|keep|kept|leav|left|stay|block|rule|withhold|deny|deni|dis\w{3}|in(?:valid|complet|correct|effect|active)|"
    r"un(?!der|til|it|ion|ique)\w{3})\w*|\b\w+n't\b|\bfree of\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[.!?;:](?=\s|$)|, | (?:but|and|because|so|then|which|when|while|if) | [-→] ")
_COUNTED = re.compile(
    r"(?<![\w.-])(\d+(?:\.\d+)*)(?:[ -](?:more|other|new|different))?[ -]?"
    r"(?!(?:to|of|in|or|and|is|as|on|at|by|for|per|with|was|are)\b)([A-Za-z]{2,})"
)
# A line as transcripts have them, `user: we decided …`; `user: postgres` is a setting.
_SPEAKS = re.compile(r"(?:^|[\s\"'>\]*])(user|human|assistant)\W{0,3}:\W{1,3}(?=\w+ \w+\b(?!\s*[:=]))", re.IGNORECASE)
_SAME = {"human": "user"}
_LINE = 60


def borrows(said: str, quote: str, role: str) -> bool:
    """Tell whether a quote is put into another one's mouth by who speaks: printed by a tool, the user said nothing."""
    at = said.find(quote)
    end = at + len(quote)
    start = at - 1 - len(re.split(r"[.!?] ", said[max(0, at - _LINE) : at])[-1])
    speakers = [found[1].lower() for found in _SPEAKS.finditer(said, max(0, start), end + _LINE) if found.start() < end]
    return any(_SAME.get(who, who) != role for who in speakers)


def unsays(text: str, said: str, quote: str) -> bool:
    """Tell whether a statement leaves out the negation of what it repeats; all three texts are folded.

    said: the message that the quote stands in. What the negation is about is what follows it in its clause.
    """
    if _DENIES.search(text):
        return False
    at = said.find(quote)
    start = max(0, at - _BEFORE)
    clauses = _spans(said, start, at + len(quote) + _BEFORE)
    told = terms(text)
    for begin, end in clauses:
        if end <= at or begin >= at + len(quote):
            continue
        for found in _NOT.finditer(said, begin, end):
            about = terms(" ".join(said[found.end() : end].split()[:_REACH]))
            if about and 2 * len(about & told) >= len(about):
                return True
    return False


def _spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return where the clauses of a part of a text begin and end."""
    marks = [start, *(found.end() for found in _CLAUSE.finditer(text, start, end)), min(end, len(text))]
    return list(pairwise(marks))


def miscounts(text: str, said: str) -> str:
    """Return a number of things that a statement has and the messages do not, which name another; "" for none."""
    said = ungrouped(said)
    things = {_thing(found) for found in _COUNTED.finditer(said)}
    given = set(numbers(said))
    told = _COUNTED.finditer(ungrouped(text))
    return next((found[0] for found in told if _thing(found) in things and found[1] not in given), "")


def _thing(counted: re.Match[str]) -> str:
    return counted[2].lower().removesuffix("s")
