"""Filler: what is said of any work in large words, and of this work nothing."""

from __future__ import annotations

from session_journal.core import lazy_re as re

_CARE = re.compile(
    r"\b(?:required?|requires|requiring|needed|demand(?:ed|s)) (?:[\w-]+ ){0,2}?(?:careful|attention|coordination|"
    r"diligence|consideration|thoroughness)\b|"
    r"^(?:[\w /-]{2,50}: )?(?:needed|had|was important|careful)\b[^.:;`]{0,20}? to (?:ensure|maintain|guarantee|"
    r"balance)\b|\battention to detail\b|\b(?:highlight|underscor|demonstrat|exemplif)\w* (?:the |an? |our )?(?:power|"
    r"value|importance|need|effectiveness|maturity|benefits?|balance|commitment|strength)\b|\bexemplary\b",
    re.IGNORECASE,
)
"""The care that any work takes, and what is said in its praise."""
_LARGE = re.compile(
    r"\b(enhanc|robust|comprehensiv|reliab|seamless|matur|sophisticat|systematic|meticulous|thorough|maintainab|"
    r"significant|consisten|stabil|quality|integrity|excellen|best practice|careful|attention|diligen|compromis|"
    r"streamlin|optimi[sz]|scalab|extensib|strateg|holistic|alignment|leverag|rigor|traceab|clarity|effort)\w*",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"`|\b(?:because|since|due to|turn(?:s|ed) out|so that|caused|instead of|rather than|unless|until|identify that|"
    r"fail\w*|wrong|lost|broke\w*|overwr\w+|never|always)\b|\b[a-z]+_\w+|\w\(\)|\d",
    re.IGNORECASE,
)
"""What names a thing, a cause or an amount."""
_MANY = 3


def is_filler(text: str) -> bool:
    """Tell whether a statement is said of any work: large words, and no name, cause or trouble of its own."""
    if _SAID.search(text):
        return False
    return _CARE.search(text) is not None or len({one.casefold() for one in _LARGE.findall(text)}) >= _MANY
