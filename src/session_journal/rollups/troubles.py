"""How a challenge weighs: grave or slight, and whether it was met."""

from __future__ import annotations

import re
from dataclasses import replace

from session_journal.core.entry import Entry
from session_journal.core.items import Item
from session_journal.rollups import prose
from session_journal.rollups.praise import is_praise
from session_journal.rollups.talk import is_aside

_SLIGHT = re.compile(
    r"^(?:minor|slight|small|some|a (?:few|bit of)|little|occasional|searched several times)\b(?! tests?\b)"
    r"|\btedi(?:um|ous)\b|\bstraightforward\b|\bexpected at this\b|\bquickly (?:fixed|resolved|solved)\b",
    re.IGNORECASE,
)
_CARE = re.compile(
    r"(?:[\w /-]{2,50}: )?(?:required?|needed|had|ensur(?:ed|ing)|maintained|balancing|successfully|navigated)\b",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"(?:[\w /-]{2,50}: )?(?:successfully |identified and )?(?:fixed|updated|added|achieved|implemented)\b",
    re.IGNORECASE,
)
"""What tells under challenges that something was done, and no trouble with it."""
_ARROW = re.compile(r" (?:\u2192|->|=>) ")
_GRAVE = re.compile(
    r"\b(?:critical\w*|accidental\w*|los(?:t|ing|s)|broke\w*|crash\w*|corrupt\w*|overwr\w+|fundamental\w*|serious\w*"
    r"|misle(?:d|ading)|wrong|outage|leak\w*|hung|dead ?lock\w*|blocked)\b",
    re.IGNORECASE,
)
_SOLVED = re.compile(
    r"(?:\u2192|->|=>)(?! (?:left|still|not|un)\w*\b)|\b(?:resolved|solved|fixed|worked around|addressed"
    r"|(?:solution|fix(?:ed)?) (?:was|is|by)|by (?:using|adding|making|moving|switching)|instead(?! of)"
    r"|had to (?:adapt|adjust|use|switch|rewrite))\b",
    re.IGNORECASE,
)


_NEVER = (
    r"(?:do(?:es)?(?: not|n['\u2019]t)|cannot|can['\u2019]t|(?:is|are)(?:n['\u2019]t| not| never| always| only)"
    r"|never|always|silently)\b"
)
_FACT = re.compile(
    r"\bturn(?:s|ed) out\b|\bbecause\b(?! of\b)"
    r"|\bonly (?:appear|occur|happen|work|run|fail)\w* (?:when|if|in|on|after)\b"
    rf"|^(?:[\w /-]{{2,40}}: )?(?!despite|had|needed)(?:[\w`'./()-]+ ){{1,5}}?{_NEVER}"
    rf"|\b(?:where|since|as|that) [^,;:]{{3,60}}? {_NEVER}",
    re.IGNORECASE,
)
"""How a fact is told: what something does or does not do whenever it is used, or why."""
_OWN = re.compile(
    r"\b(?:i|we|user|ai|agent)\b|^(?:this|that|these|those|it|the (?:bug|issue|problem|error|failure)s?)\b",
    re.IGNORECASE,
)
"""What tells of the people, or of a trouble that it does not name."""


_MET = re.compile(r"[;,.] (?:resolved|fixed|solved|addressed)\b", re.IGNORECASE)


def facts(entry: Entry) -> list[Item]:
    """Return what a person found out in trouble: a fact that stands under challenges teaches too."""
    if prose.is_drafted(entry):
        return []
    told = ((item, prose.unstyled(item.text)) for item in entry.items if item.kind == "challenge" and not item.turns)
    return [replace(item, kind="discovery") for item, text in told if _is_fact(text)]


def _is_fact(text: str) -> bool:
    is_told_whole = _ARROW.search(text) or _MET.search(text)  # a challenge with its solution, which stands as one
    return _FACT.search(text) is not None and not (
        is_told_whole or is_slight(text) or _OWN.search(text) or is_praise(text)
    )


def trouble(text: str) -> int:
    """Return how far back a challenge stands: grave and solved ones come first, small ones last."""
    no_trouble = is_slight(text) or _DONE.match(prose.unstyled(text)) is not None
    return 3 * no_trouble + (_SOLVED.search(text) is None) - (_GRAVE.search(text) is not None)


def is_trouble(item: Item) -> bool:
    """Tell whether a challenge is one: an assistant's hope that something helps is none."""
    return not (item.turns and is_aside(_ARROW.split(item.text)[0]))


def is_slight(text: str) -> bool:
    """Tell whether a challenge was a small one by its own words, or the care that any work takes."""
    return _SLIGHT.search(text) is not None or (_CARE.match(text) is not None and not _SOLVED.search(text))


def is_solved(item: Item) -> bool:
    """Tell whether a challenge says how it was met."""
    return _SOLVED.search(item.text) is not None
