"""What was called solved and was not: a later statement says that the same thing has yet to work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from session_journal.core import lazy_re as re
from session_journal.core.entry import Entry
from session_journal.core.items import ItemKind
from session_journal.core.patterns.stance import head
from session_journal.core.patterns.words import is_everyday, read_terms
from session_journal.core.projects import may_be_one
from session_journal.core.records import record
from session_journal.rollups.ahead import intentions

_HERE = r"(?!\s+(?:with|on|for|in|under|across|offline|again|faster|better|like|from|at|together|well)\b)"
_TO_WORK = re.compile(
    r"(?:^|[:;,] |\b(?:need|needs|have|has|want|must|should|going|is|still|now|first|next|on)(?: to)? )"
    r"(?:make|get|making|getting)\s+(?P<made>[^.;:!?,()]{3,60}?)\s+(?:to )?work(?:ing)?\b" + _HERE,
    re.IGNORECASE,
)
_FAILS = re.compile(
    r"(?:^|[.;:,] |\b(?:but|and|because|that|as) )(?P<made>[^.;:!?,()]{3,60}?)\s+(?:(?:still )?(?:is|are|does|do)"
    r"(?: not|n['\u2019]t) (?:work(?:ing)?|fixed|solved|resolved)(?: yet| still| at all)?"
    r"|still (?:needs?|has|have) to be (?:fixed|solved|resolved))\b" + _HERE,
    re.IGNORECASE,
)
_STILL = re.compile(
    r"\bstill (?:needs? to|has to|have to|must) (?:fix|solve|resolve|sort out|figure out)\b(?P<made>[^.;:!?,()]{0,60})",
    re.IGNORECASE,
)
_KINDS: frozenset[ItemKind] = frozenset({"next", "action", "insight", "question", "gap"})
_AHEAD: frozenset[ItemKind] = frozenset({"next", "action"})
"""What an entry itself says of what comes next: the rest of it may tell of how things were before."""
_CLAIM = re.compile(
    r"(?P<before>(?:[^:.]{2,80}: )?)(?:successfully |finally )?"
    r"(?:fixed|resolved|solved|recovered|corrected|repaired|cracked)\b",
    re.IGNORECASE,
)
_FEWEST = 2


@record(frozen=True, slots=True)
class Undone:
    """Something that has yet to work, by the terms of its name, and where it is said. ahead: as what comes next."""

    what: frozenset[str]
    project: str
    date: date
    path: str
    line: int
    ahead: bool

    def is_later(self, entry: Entry, line: int) -> bool:
        """Tell whether it is said of the same project after a line of an entry."""
        if self.path == entry.path:
            return self.ahead and self.line > line
        return self.date > entry.date and may_be_one(self.project, entry.project)


def undone(entries: Iterable[Entry]) -> list[Undone]:
    """Return what entries say has yet to work, where its name is of two telling words at least."""
    found = []
    for entry in entries:
        said = [one for one in entry.items if one.kind in _KINDS and one.mark != "x"]
        for one in [*said, *intentions(entry)]:
            whats = [what for what in _whats(one.text) if len(what) >= _FEWEST]
            is_ahead = one.kind in _AHEAD
            found += [Undone(what, entry.project, entry.date, entry.path, one.line, is_ahead) for what in whats]
    return found


def _whats(text: str) -> Iterator[frozenset[str]]:
    for pattern in (_TO_WORK, _FAILS, _STILL):
        for match in pattern.finditer(text):
            yield telling(head(match["made"].strip()))


def telling(text: str) -> frozenset[str]:
    """Return the terms of a text that are not those of any work."""
    return frozenset(term for term in read_terms(text).weights if not is_everyday(term))


def is_unsettled(entry: Entry, line: int, said: frozenset[str], open_things: Sequence[Undone]) -> bool:
    """Tell whether what a line of an entry calls solved, by its terms, is later said to have yet to work."""
    return any(one.what <= said and one.is_later(entry, line) for one in open_things)


def as_tried(text: str) -> str:
    """Return what is told as solved as what was worked on."""
    return _CLAIM.sub(lambda claim: f"{claim['before']}Worked on", text, count=1)
