"""Resolved: which challenges a later entry of the same project says are over; sooner miss one than invent it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from session_journal.core import accounts
from session_journal.core import lazy_re as re
from session_journal.core.entry import Entry
from session_journal.core.excerpts import sentences
from session_journal.core.formulas import ARROW
from session_journal.core.items import Item, ItemKind
from session_journal.core.patterns.stance import terms_of
from session_journal.core.patterns.words import is_everyday, read_terms
from session_journal.core.projects import are_called_alike
from session_journal.core.records import record
from session_journal.core.terms import has_any
from session_journal.core.undoing import is_later
from session_journal.core.unresolved import is_unresolved

_KINDS: tuple[ItemKind, ...] = ("change", "discovery", "insight", "takeaway", "decision", "went-well")
_HINTS = (
    "fix", "solve", "repair", "cured", "eliminat", "worked around", "rid of", "sorted out", "ironed out", " gone",
    "history", "no longer", "any more", "anymore", " again", " now",
)  # fmt: skip
"""What all that says that something is over has in it: looked for first."""
_DONE = r"(?:fixed|solved|resolved|repaired|cured|eliminated|worked around|sorted out|ironed out)"
_FIXED = re.compile(
    rf"\b(?:{_DONE}|got rid of)\s+(?!(?:one|some|most|many|several|a few|a part|parts?|two|three)\b)(?=\S)",
    re.IGNORECASE,
)
_TO_FIX = re.compile(r"(?:fix(?:es)?|solves?|resolves?|repairs?)(?:\([\w./-]+\))?:?\s+(?=\S)", re.IGNORECASE)
"""How a change, or an action that was ticked, says what was fixed; anywhere else that is a wish."""
_OVER = re.compile(
    rf"(?:\s*[:\u2013\u2014-])?\s+(?:(?:is|are|was|were|has been|have been|got|now|finally|also|all|both)\s+)*"
    rf"(?:{_DONE}|gone|history)\b"
    r"(?=\s*(?:$|[.:;,(\u2192\u2013\u2014-]|(?:by|with|now|too|since|in|thanks|after|again)\b))",
    re.IGNORECASE,
)
_GOOD = r"(?:works?|passes|pass|runs?|succeeds?|loads?|starts?|builds?)"
_WORKS = re.compile(
    rf"\s(?:now\s+(?P<now>{_GOOD})\b|(?P<again>{_GOOD})\b(?=[^.;:,]*(?<! and)\s(?:now|again)\b(?! and\b)))[^.;:,]*",
    re.IGNORECASE,
)
_NO_MORE = re.compile(
    r"\s(?:no longer|(?:does not|do not|doesn['\u2019]t|don['\u2019]t)(?=.* any ?more))\s+"
    rf"(?!(?:{_GOOD}|compiles?|finds?|accepts?|responds?|supports?)\b)(?P<rest>[^.;:,]{{2,80}})",
    re.IGNORECASE,
)
_UNSURE = re.compile(
    r"\b(?:not|never|nothing|nobody|none|neither|nor|hardly|barely|almost|nearly|partly|partially|mostly|half|tr(?:y|ied"
    r"|ying)|attempt\w*|could|would|should|might|may|maybe|perhaps|probably|must|needs? to|wants?|wanted"
    r"|hop(?:e|ed|es|ing)|plann(?:ed|ing)|plans? to|will|shall|going to|to ?do|tbd|if|unless|until|whether|says?|said"
    r"|claim\w*|believ\w*|think\w*|thought|assum\w*|suppos\w*|suspect\w*|seem\w*|appear\w*|pretend\w*|unclear|unknown"
    r"|investigat\w*|next time|how|others?|theory|theoretically|someone|somebody"
    r"|let['\u2019]s)\b|\w['\u2019](?:ll|d)\b|n['\u2019]t\b|\?",
    re.IGNORECASE,
)
_TURNED = re.compile(
    r"\b(?:but|though|however|only|except|still|temporarily|for now|revert\w*|rolled back|undone|undid|reappear\w*"
    r"|regress\w*|(?:it|they|that|this) (?:came|comes?) back|br(?:eaks|oke) (?:it|them|again|something))\b",
    re.IGNORECASE,
)
"""What takes back, wherever it stands in a sentence, that all of it is over."""
_OPEN = re.compile(
    r"^(?:ask|wait|look|try|check|need|find out|see|open|later|none|unsolved)\b|\b(?:maybe|perhaps|probably|might|could"
    r"|should|would|will|to ?do|tbd|to be|unclear|unknown|investigat\w*|next time|tr(?:y|ied|ying)|plans? to|wants? to"
    r"|hop(?:e|ing)|suspect\w*|for now|temporarily|no idea)\b|\?",
    re.IGNORECASE,
)
"""What stands in the place of a solution and is none yet."""
_REASON = re.compile(r":\s|\s[-\u2013\u2014]\s|\s\(|[,;]? (?:because|since|as|by|after)\s", re.IGNORECASE)
"""Where a sentence goes on to say why: what was not so there is how it came about."""
_ENDS = re.compile(
    r"[:;,(\u2192]|\.\s|\.$|\s[-\u2013\u2014]\s|\s(?:by|because|since|so|and|after|using|via|thanks)\s", re.IGNORECASE
)
"""Where a sentence has said what was fixed; where and when it went wrong belongs to that."""
_HEADS = re.compile(r":\s|;\s|\s\(|\s[-\u2013\u2014]\s")
_PLACES = re.compile(
    r"\b(?:before|after|up|down|off|over|under|above|below|without|outside|inside|until|during)\b", re.IGNORECASE
)
_WAYS = re.compile(r"\b(?:from|to|into|onto)\b", re.IGNORECASE)
_TROUBLE = terms_of(
    "fail failed failure failing error exception crash broke broken break die died bug problem issue trouble defect"
    " work pass run succeed"
)
"""That something went wrong, or works, is said in any of these words; what is left says what it was."""
_CLAUSE = re.compile(r"[.;:,]\s|\b(?:and|so|that)\s", re.IGNORECASE)
_LONGEST, _LONGEST_THING = 400, 120
_FEWEST, _MOST_ALIKE = 2, 4


@record(frozen=True, slots=True)
class Resolution:
    """What says that a challenge is over. text: its words; restated: it is that challenge, told with its solution."""

    entry: Entry
    text: str
    restated: bool = False


@record(frozen=True, slots=True)
class _Said:
    """A statement that something is over. thing: its words for that; does: what it says that works again."""

    found: Resolution
    thing: str
    ticked: bool = False
    does: str = ""


class Resolutions:
    """All that says of a challenge that it is over, by the terms that name it."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._exact: dict[frozenset[str], list[_Said]] = {}
        self._longer: dict[frozenset[str], list[_Said]] = {}
        for entry in sorted(entries, key=lambda one: one.order):
            for said in _said(entry):
                self._add(said)

    def _add(self, said: _Said) -> None:
        terms = _named(said.thing)
        if not _tells(terms):
            return
        self._exact.setdefault(terms, []).append(said)
        if said.found.restated and len(terms) > _MOST_ALIKE:
            for term in sorted(terms):
                self._longer.setdefault(terms - {term}, []).append(said)

    def of(self, entry: Entry, item: Item) -> Resolution | None:
        """Return the first later statement of the same project that says that a challenge is over."""
        problem = ARROW.split(item.text)[0]
        for thing in _things(problem):
            found = [one for one in self._near(_named(thing)) if _is_after(one, entry) and _is_of(one, thing)]
            if found:
                return min(found, key=lambda one: (one.found.entry.order, not one.found.restated)).found
        return None

    def _near(self, terms: frozenset[str]) -> Iterator[_Said]:
        """Yield what names the same thing, or says it again with one word more or less."""
        if not _tells(terms):
            return
        yield from self._exact.get(terms, ())
        yield from self._longer.get(terms, ())
        for term in sorted(terms) if len(terms) > _FEWEST + 1 else ():
            for one in self._exact.get(terms - {term}, ()):
                if is_everyday(term) or (one.found.restated and len(terms) > _MOST_ALIKE):
                    yield one


def resolved_in(entries: Iterable[Entry]) -> frozenset[tuple[str, str]]:
    """Return path and words of each challenge of some entries that a later one of them says is over."""
    whole = list(entries)
    over = Resolutions(whole)
    found = ((entry, item) for entry in whole for item in entry.items if item.kind == "challenge")
    return frozenset((entry.path, item.text) for entry, item in found if _is_open(item) and over.of(entry, item))


def _is_open(item: Item) -> bool:
    return not _solves(item.text) or is_unresolved(item)


def is_told_then_solved(first: str, later: str) -> bool:
    """Tell whether of two challenges that are one the first has no solution, and the later one has."""
    return not ARROW.search(first) and _solves(later)


def _said(entry: Entry) -> Iterator[_Said]:
    for item in entry.items:
        if item.kind == "challenge":
            if _solves(item.text) and not is_unresolved(item):
                yield _Said(Resolution(entry, item.text, restated=True), ARROW.split(item.text)[0])
        elif item.kind in _KINDS or (item.kind == "action" and item.mark == "x"):
            yield from _over(entry, item.text, item.kind)
    for line in () if entry.is_drafted else accounts.lines(entry):
        if len(line) < 20 * _LONGEST:
            yield from _over(entry, line.strip().lstrip("-*+ "), "")


def _solves(text: str) -> bool:
    parts = ARROW.split(text, maxsplit=1)
    return len(parts) > 1 and not _OPEN.search(parts[1])


def _over(entry: Entry, text: str, kind: str) -> Iterator[_Said]:
    for said in sentences(text) if has_any(text.casefold(), _HINTS) else ():
        if len(said) > _LONGEST or _is_unsure(said):
            continue
        found = Resolution(entry, said)
        for thing in dict.fromkeys(_things_over(said, kind)):
            yield _Said(found, thing, kind == "action")
        for match in _WORKS.finditer(said):
            does = match["now"] or match["again"]
            for thing in _wholes(said, match, match[0]):
                yield _Said(found, thing, kind == "action", does)


def _is_unsure(said: str) -> bool:
    """Tell whether a sentence does not say for sure that something is over, by the words before its reasons."""
    if _TURNED.search(said) or said.endswith("?"):
        return True
    told = next((match for pattern in (_FIXED, _OVER) if (match := pattern.search(said))), None)
    reason = _REASON.search(said, told.end() if told else 0)
    return _UNSURE.search(_NO_MORE.sub("", said[: reason.start()] if reason else said)) is not None


def _things_over(said: str, kind: str) -> Iterator[str]:
    """Yield what a sentence may mean by the thing that is over, in its words."""
    starts = [match.end() for match in _FIXED.finditer(said)]
    if kind in {"change", "action"} and (match := _TO_FIX.match(said)):
        starts.append(match.end())
    for start in starts:
        rest = said[start:]
        yield from (rest[:end] for end in (*(match.start() for match in _ENDS.finditer(rest)), len(rest)))
    for match in _OVER.finditer(said):
        yield from _wholes(said, match)
    for match in _NO_MORE.finditer(said):
        yield from _wholes(said, match, match["rest"])


def _wholes(said: str, match: re.Match[str], rest: str = "") -> Iterator[str]:
    """Yield the words around a verb that may name one thing: from the sentence's beginning, or from one of a clause."""
    first = max(0, match.start() - _LONGEST_THING)
    begins = [*([] if first else [0]), *(clause.end() for clause in _CLAUSE.finditer(said, first, match.start()))]
    yield from (f"{said[begin : match.start()]} {_ENDS.split(rest)[0]}" for begin in begins)


def _things(problem: str) -> Iterator[str]:
    """Yield a challenge's words, then those before it goes into detail, where they name it well."""
    yield problem
    head = _HEADS.search(problem)
    if head and len(_named(problem[: head.start()])) > _FEWEST:
        yield problem[: head.start()]


def _named(text: str) -> frozenset[str]:
    return terms_of(text) - _TROUBLE


def _tells(terms: frozenset[str]) -> bool:
    return len(terms) >= _FEWEST and not all(map(is_everyday, terms))


def _is_after(one: _Said, entry: Entry) -> bool:
    """Tell whether something was said of the same project later; a box may have been ticked at any time since."""
    other = one.found.entry
    is_same = one.ticked and other.path == entry.path
    return are_called_alike(other.project, entry.project) and (is_same or is_later(other, entry))


def _is_of(said: _Said, other: str) -> bool:
    """Tell whether two with nearly the same terms mean one thing: at the same place and time, in the same order."""
    one = said.thing
    mine, its = read_terms(one), read_terms(other)
    if {word.casefold() for word in _PLACES.findall(one)} != {word.casefold() for word in _PLACES.findall(other)}:
        return False
    if said.found.restated and mine.denies != its.denies:
        return False
    if said.does and not its.denies and not terms_of(said.does).isdisjoint(its.weights):
        return False  # `starts twice` is no trouble that `starts twice again` ends
    shared = mine.weights.keys() & its.weights.keys()
    if _WAYS.search(one) and _WAYS.search(other):
        first, second = ([term for term in terms.weights if term in shared] for terms in (mine, its))
        return first == second
    return True
