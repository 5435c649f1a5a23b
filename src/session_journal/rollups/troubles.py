"""How a challenge weighs: grave or slight, and whether it was met."""

from __future__ import annotations

from session_journal.core import lazy_re as re
from session_journal.core.asides import is_aside
from session_journal.core.formulas import ARROW, SEARCHED
from session_journal.core.items import Item
from session_journal.rollups import prose

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


_UNTOLD = re.compile(
    r"(?:`[^`]+` )?(?:passed (?:later|after (?:a fix|editing `[^`]+`))|(?:then )?edited `[^`]+`(?: \([^()]*\))?)",
    re.IGNORECASE,
)
"""How a draft ends a trouble of which it knows no remedy."""
_TRIED = re.compile(
    r"(?:(?:we|i) (?:\w+ )?)?(?:tried|attempted)\b|(?:an? )?(?:\w+ )?attempts? (?:to|at)\b", re.IGNORECASE
)
_REVERSED = re.compile(
    r"\b(?:fail(?:s|ed)|(?:did|does|do)(?: not|n['\u2019]t) (?:work|help|hold)|in vain|to no avail|gave (?:it )?up"
    r"|without (?:success|effect|luck)|no (?:luck|success|effect)|made (?:it|things) worse"
    r"|(?:revert|undid|undone|(?:took|rolled|put)(?: it| that| them)? back)\w*)\b",
    re.IGNORECASE,
)


def is_reversed(text: str) -> bool:
    """Tell whether a clause takes back what stands before it: `; that failed`, `but it did not hold`."""
    return _REVERSED.search(text) is not None


def is_vain(text: str) -> bool:
    """Tell whether a text tells of a try that failed: trouble that was met, and nothing accomplished."""
    return _TRIED.match(text) is not None and is_reversed(text) and not is_solved_text(text)


def trouble(text: str) -> int:
    """Return how far back a challenge stands: grave and solved ones come first, small ones last."""
    no_trouble = is_slight(text) or _DONE.match(prose.unstyled(text)) is not None
    return 3 * no_trouble + 2 * is_untold(text) + (_SOLVED.search(text) is None) - (_GRAVE.search(text) is not None)


def is_untold(text: str) -> bool:
    """Tell whether a draft's challenge says no more of its end than that a check passed, or which file was edited."""
    parts = ARROW.split(text)
    return len(parts) > 1 and _UNTOLD.fullmatch(parts[-1].rstrip(".")) is not None


def is_trouble(item: Item) -> bool:
    """Tell whether a challenge is one: an assistant's hope that something helps is none, nor a search alone."""
    is_search = item.text.startswith(SEARCHED) and not ARROW.search(item.text)
    return not (item.turns and (is_search or is_aside(ARROW.split(item.text)[0])))


def is_slight(text: str) -> bool:
    """Tell whether a challenge was a small one by its own words, or the care that any work takes."""
    return _SLIGHT.search(text) is not None or (_CARE.match(text) is not None and not _SOLVED.search(text))


def is_solved(item: Item) -> bool:
    """Tell whether a challenge says how it was met."""
    return is_solved_text(item.text)


def is_solved_text(text: str) -> bool:
    """Tell whether a text says how something was met."""
    return _SOLVED.search(text) is not None
