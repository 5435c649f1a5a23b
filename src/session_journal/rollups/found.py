"""What people found out, where no heading says so: facts under challenges, and in running text."""

from __future__ import annotations

from dataclasses import replace

from session_journal.core import lazy_re as re
from session_journal.core.entry import Entry
from session_journal.core.excerpts import sentence
from session_journal.core.formulas import ARROW
from session_journal.core.items import Item
from session_journal.rollups import prose
from session_journal.rollups.praise import is_praise
from session_journal.rollups.troubles import is_slight

_TOLD = re.compile(
    r"(?:(?:key|main|important|core) )?(?:insight|finding|lesson|learning|takeaway|root cause|discovery): "
    r"|(?:[\w-]+:? ){0,8}?(?:reveal(?:ed|s)|discovered|found out|learned|reali[sz]ed|it turn(?:s|ed) out)"
    r" (?:that |(?-i:(?=[A-Z`]\S* [a-z]+s ))(?!the\b))",
    re.IGNORECASE,
)
"""How running text begins to tell what was found."""
_FEWEST = 6
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
_WHO = re.compile(
    r"(?:i|we|they|he|she|this|that|these|those|it|the (?:user|bug|issue|problem|error|failure)s?)\b", re.IGNORECASE
)
"""What tells of the people, or of something that it does not name."""
_PEOPLE = re.compile(r"\b(?:i|we|user|ai|agent)\b", re.IGNORECASE)
_MET = re.compile(r"[;,.] (?:resolved|fixed|solved|addressed)\b", re.IGNORECASE)


def facts(entry: Entry) -> list[Item]:
    """Return what a person found out, where no heading says so: under challenges and in running text."""
    if prose.is_drafted(entry):
        return []
    met = ((item, prose.unstyled(item.text)) for item in entry.items if item.kind == "challenge" and not item.turns)
    found = [replace(item, kind="discovery") for item, text in met if _is_fact(text)]
    told = ((line, _found(text)) for line, text in prose.told(entry.body))
    return [*found, *(Item("discovery", text, line=line) for line, text in told if text)]


def _found(text: str) -> str:
    """Return what a sentence of running text says was found out, "" where it says nothing of the kind."""
    told = _TOLD.match(text)
    said = sentence(text[told.end() :]) if told else ""
    is_whole = len(said.split()) >= _FEWEST and not said.endswith((":", "?"))
    return said if is_whole and not (_WHO.match(said) or is_praise(said)) else ""


def _is_fact(text: str) -> bool:
    is_met = ARROW.search(text) or _MET.search(text)  # with its solution it stands as a challenge
    is_other = is_met or is_slight(text) or _WHO.match(text) or _PEOPLE.search(text) or is_praise(text)
    return _FACT.search(text) is not None and not is_other
