"""Unresolved: which challenges came to nothing, by their own words."""

from __future__ import annotations

import re

from session_journal.core.formulas import ARROW, SEARCHED
from session_journal.core.items import Item

_FAILED = re.compile(
    r"\b(?:left failing|(?<=\()not run again|not (?:fixed|resolved|solved|working|found)|unresolved|unsolved"
    r"|gave up|given up|abandoned"
    r"|no (?:fix|luck|solution)|still (?:fails?|failing|broken|open|stuck)"
    r"|(?:did|does|do)(?: not|n['\u2019]t) (?:work|help))\b",
    re.IGNORECASE,
)
_SOLVED = re.compile(
    r"\b(?:fix(?:ed|es|ing)?|solv(?:ed|es|ing)|resolv(?:ed|es|ing)|work(?:s|ed|ing)? around|workaround|turned out"
    r"|overc(?:a|o)me|address(?:ed|es)|correct(?:ed|s)|handled|succe(?:ss|eded)\w*|finally|eventually"
    r"|now (?:works?|pass)|by (?:\w+ly )?\w+ing|instead|replaced|switched|solution|resolution|learned)\b",
    re.IGNORECASE,
)
_WORRY = re.compile(
    r"\b(?:need(?:s|ed|ing)? to|balanc(?:e|es|ing)|unclear|uncertain\w*|undecided|tension|trade-?offs?|wonder\w*"
    r"|worr(?:y|ied|ying)|concern(?:s|ed)?|whether|temptation|urge|pressure|risk of|hard to decide|vs\.?|versus"
    r"|required?|friction|tedi(?:um|ous)|careful(?:ly)?|while \w+ing)\b",
    re.IGNORECASE,
)
"""What somebody weighs or fears, or what took effort, has not gone wrong."""
_HINDSIGHT = re.compile(
    r"\b(?!(?:failed|blocked|crashed|timed|stalled|rejected)\b)(?:[a-z]{2,}(?<!e)ed|was|were|took|led|had|made|went|got|broke"
    r"|came|did|became)\b",
    re.IGNORECASE,
)
"""What is told in the past was over when it was told."""
_HABITUAL = re.compile(
    r"^(?!.*\b(?:i|we|my|our)\b).*\b(?:(?:on|in|at|with|after|before|for|by) (?:every|each)|each time|always|whenever"
    r"|every (?:time|other|second|run)|again and again|repeatedly|sometimes|randomly|intermittently|occasionally"
    r"|from time to time|now and then)\b",
    re.IGNORECASE,
)
"""What went wrong every time goes on until somebody tells how it ended, whatever tense it is told in."""
_TASK = re.compile(r"(?:\W*[^:]{2,60}:\W*)?(?!Failing|Missing|Flickering)[A-Z][a-z]+ing\b")
"""What begins with a thing to do names that, and nothing that went wrong."""
_SHORT = 20
"""Words: in a longer account how it ended may be told in any words, so nothing is made of it."""
_HABIT = re.compile(rf"(?:{SEARCHED}|Merged the branch)\b")
"""How a draft counts detours: they came to an end with the session."""


def is_unresolved(item: Item) -> bool:
    """Tell whether an item is a problem that was met and, by its own words, not solved."""
    if item.kind != "challenge" or item.mark == "x" or _HABIT.match(item.text):
        return False
    parts = ARROW.split(item.text)
    if len(parts) > 1:
        return _FAILED.search(parts[-1]) is not None
    if _FAILED.search(item.text):
        return True
    is_past = _HINDSIGHT.search(item.text) is not None and not _HABITUAL.match(item.text)
    is_other = is_past or any(sign.search(item.text) for sign in (_SOLVED, _WORRY)) or _TASK.match(item.text)
    return len(item.text.split()) <= _SHORT and not is_other
