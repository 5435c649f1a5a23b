"""What is said in praise of the work, which decides and teaches nothing."""

from __future__ import annotations

from session_journal.core import lazy_re as re

_PRAISED = re.compile(
    r"\b(?:demonstrat(?:es?|ed|ing)|showcas(?:es?|ed|ing)|exemplif(?:y|ies|ied|ying)|underscor(?:es?|ed|ing)"
    r"|testament to|speaks to|pays? dividends|validates (?:the|our|my))\b(?! (?:that|how|why|what)\b)"
    r"|\b(?:represents?|marks?|is|was) (?:more than just|(?:an?|the) (?:\w+ ){0,3}(?:improvement|milestone|achievement"
    r"|step(?: forward)?|advance(?:ment)?|breakthrough|shift|evolution|power|culmination|success|win|upgrade))\b",
    re.IGNORECASE,
)
_ANY = re.compile(
    r"\b(?:chose|choos\w+|select\w+|picked) (?:(?:an?|the) )?(?:most )?"
    r"(?:appropriate|suitable|proper|right|optimal|sensible|reasonable)\b",
    re.IGNORECASE,
)
_AGAINST = re.compile(r"\b(?:over|instead of|rather than|because|not|against|than|since)\b", re.IGNORECASE)


def is_praise(text: str) -> bool:
    """Tell whether a statement says how good something was, or that the right thing was chosen, and not which."""
    return _PRAISED.search(text) is not None or (_ANY.search(text) is not None and not _AGAINST.search(text))
