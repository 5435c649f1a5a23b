"""Practice: what later sessions did that a knowledge gap is about, and whether they needed help for it.

A gap that a later session did is being practised; one that was done again without help is resolved. Both are worked
out anew each time and written nowhere: what a person marks goes before. In doubt a gap is still being practised.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from session_journal.core import lazy_re as re
from session_journal.core.concepts import Concept, concept_of, names
from session_journal.core.entry import Entry
from session_journal.core.excerpts import sentences
from session_journal.core.items import ItemKind
from session_journal.core.observations import read
from session_journal.core.patterns.words import denies, read_terms
from session_journal.core.reading import moment, safe
from session_journal.core.records import record
from session_journal.core.sections import split
from session_journal.core.text import counted

if TYPE_CHECKING:
    from session_journal.core.mentions import Mention
    from session_journal.core.open_ends import End

Help = Literal["alone", "uncorrected", "helped", ""]
"""Without help, by a person's words; without correction, by a reviewed draft's signals; with help; nobody said."""

DONE: tuple[ItemKind, ...] = ("change", "discovery", "decision", "went-well", "insight", "takeaway", "pattern")
"""The items that tell what a session did or learned."""
_HELPFUL = {"alone": "without help", "uncorrected": "without correction", "helped": "with help", "": ""}
_LEAST = 2
"""In so many sessions a gap must have been practised before one of them resolves it."""
_REMEMBERED = timedelta(days=180)
"""A gap that only drafts state is looked at for so long: nobody is reminded of it after that."""
_MOST = 200
"""So many gaps are looked at, the newest first; a person has a few."""
_ALONE = re.compile(
    r"\b(?:(?:all )?by myself|on my own|unaided|unassisted|single-?handed(?:ly)?"
    r"|(?:without|with no|(?:needed|needing|required) no|no|(?:did not|didn['\u2019]t) need(?: any)?)"
    r" (?:any |further |outside |the assistant['\u2019]s )?(?:help|assistance)(?: (?:needed|required|necessary))?"
    r"|without (?:looking (?:it|anything|things) up|(?:having to ask|asking)(?: anyone| anybody)?|the assistant))\b",
    re.IGNORECASE,
)
_DOUBT = re.compile(
    r"\b(?:almost|mostly|nearly|partly|partially|half|hardly|barely|tried|try(?:ing)?|hope|want\w*|would|could|can"
    r"|should|might|may|must|will|shall|wish|plan(?:ned|s)?|next time|not yet|to ?do|need(?:s)? to|going to"
    r"|let['\u2019]s|if|until|unless|nobody|someone|somebody|he|she|they|his|her|their|him|them)\b|n['\u2019]t\b",
    re.IGNORECASE,
)
_HELPED = re.compile(
    r"\b(?:(?:with|needed|required|got|lots? of|some|much|more|\w+['\u2019]s) (?:\w+ ){0,3}?help"
    r"|help(?:ed)? (?:from|by|of)|helped|assistant|corrections?|corrected|pair(?:ing|ed)|guid(?:ance|ed)|explained"
    r"|looked (?:it )?up|walked (?:me )?through|stuck)\b",
    re.IGNORECASE,
)
_OWN_HELP = re.compile(
    r"(?:^|[.;:,]\s+|\b(?:i|we)(?:\s+(?:\w+ly|then|also|have|had))*\s+)(?:explained|helped|guided)\b"
    r"(?!\s+(?:by|me|us|much|a lot)\b|.{0,80}\bto (?:me|us)\b)",
    re.IGNORECASE,
)
"""Help that one gave: it tells of no help that one needed."""
_UNDONE = re.compile(
    r"\b(?:fail(?:s|ed|ing|ure)?|gave up|given up|tried|trying|abandoned|stuck|broke(?:n)?|blocked|skipped|postponed"
    r"|reverted|unclear|confus\w+|will|would|could|should|shall|might|want(?:s|ed)? to|plan(?:s|ned)? to|going to"
    r"|need(?:s|ed)? to|have to|has to|let['\u2019]s|to ?do|next time|ask(?:ed)? (?:how|why|what|whether|for|to)"
    r"|offered|instead of|put off|ran out of|nothing (?:(?:\w+ )?(?:about|of|on|for|with|in)|was|is|has|got|came)"
    r"|(?:hardly|barely|scarcely) \w+|none of|little (?:about|of)|(?:her|his|their) own|by (?:him|her|them)sel(?:f|ves)"
    r"|(?:written|built|made|done|created|added|implemented|developed|configured|set up)"
    r" by (?!(?:me|myself|us|ourselves|hand)\b))\b|\w['\u2019]ll\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r";\s+|\s+[\u2013\u2014]\s+")
_BARE = re.compile(r"(?:\W|\b(?:i|it|we|all|did|done|and|this|time|again|now|needed|was|were|that)\b)*", re.IGNORECASE)
_LEAD = re.compile(r"\s*(?:[-*+\u2022]|\d{1,3}[.)])?\s*")
_EVIDENCE = re.compile(r"\s*\[t\d[^\]]*\][.\s]*$")
_NO_PROSE = (">", "|", "#", "<", "![")
_NOT_DONE = frozenset({"blocked", "abandoned", "failed", "partial"})
_UNCORRECTED = frozenset({"smooth", "uncorrected"})
_CORRECTED = frozenset({"corrected", "corrected-once", "interrupted", "interrupted-once", "objected", "declined"})


@record(frozen=True, slots=True)
class Deed:
    """What one session did that a gap is about. text: its words, as they may be shown; session: what it drafts."""

    path: str
    entry: str
    session: str
    title: str
    date: date
    text: str
    draft: bool
    help: Help


@record(frozen=True, slots=True)
class Practice:
    """The sessions that did what a gap is about since it was opened, oldest first, one deed of each."""

    deeds: tuple[Deed, ...]

    @property
    def is_resolved(self) -> bool:
        """Tell whether it was done without help after it had been done before, and never with help since."""
        return self._settled is not None

    @property
    def state(self) -> str:
        """Return how the gap stands by what was done."""
        return "resolved" if self.is_resolved else "practising"

    @property
    def last(self) -> Deed:
        """Return what tells most of how it stands: the deed that resolved it, else the newest."""
        return self._settled or self.deeds[-1]

    @property
    def _settled(self) -> Deed | None:
        found: Deed | None = None
        for number, deed in enumerate(self.deeds, 1):
            if deed.help == "helped":
                found = None
            elif number >= _LEAST and deed.help:
                found = deed
        return found

    def until(self, day: date) -> Practice | None:
        """Return what was known of it on a day; None where nothing was done by then."""
        deeds = tuple(deed for deed in self.deeds if deed.date <= day)
        return Practice(deeds) if deeds else None

    def words(self, year: int = 0) -> str:
        """Return the evidence in words: `3 sessions, last 2026-11-20 without help`; days of a year go without it."""
        last = self.last
        day = last.date.strftime("%m-%d") if last.date.year == year else last.date.isoformat()
        return f"{counted(len(self.deeds), 'session')}, last {day} {_HELPFUL[last.help]}".rstrip()


def deed(entry: Entry, concept: Concept) -> Deed | None:
    """Return what an entry did that a concept is about; None where it does not say that it did."""
    return _deed(entry, _told(entry), concept)


def _deed(entry: Entry, told: Iterable[str], concept: Concept) -> Deed | None:
    found = [(text, _helped(text, concept)) for text in told if _is_done(text, concept)]
    # A title may say what was meant to be done.
    found = [(text, "" if text == entry.title and entry.outcome != "done" else how) for text, how in found]
    if not found:
        return None
    text, helped = min(found, key=lambda one: _ORDER.index(one[1]))
    return Deed(
        entry.path, entry.id, entry.source or entry.id or entry.path, safe(entry.title), entry.date, safe(text),
        entry.status == "draft", _help(entry, concept, helped),
    )  # fmt: skip


_ORDER: tuple[Help, ...] = ("helped", "alone", "uncorrected", "")


def practise(
    ends: Iterable[End], entries: Iterable[Entry], opened: Mapping[str, date] | None = None
) -> tuple[End, ...]:
    """Return the ends, open gaps with what later sessions did of them.

    opened: when a person opened one again whose line had been ticked, by its id; what was done until then is over.
    """
    listed, since = list(ends), opened or {}
    gaps = [(end, concept) for end in listed if _is_asked(end) for concept in [concept_of(end.text)] if concept]
    if not gaps:
        return tuple(listed)
    shelf = _Shelf(entries)
    gaps = [pair for pair in gaps if not pair[0].is_draft or pair[0].newest.date >= shelf.newest - _REMEMBERED]
    gaps.sort(key=lambda pair: (not pair[0].is_draft, pair[0].newest.order), reverse=True)
    found = {end.id: shelf.practice(end, concept, since.get(end.id)) for end, concept in gaps[:_MOST]}
    return tuple(replace(end, practice=found[end.id]) if found.get(end.id) else end for end in listed)


def _is_asked(end: End) -> bool:
    """Tell whether a gap is open by all that its lines say: one just set in a page is as its person says."""
    return end.kind == "gap" and end.mark != "x" and end.mark == end.newest.state


class _Shelf:
    """The sessions of a journal by day, and what those tell of that were looked at."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = sorted((one for one in entries if one.type == "session"), key=lambda one: one.order)
        self.days = [one.date for one in self.entries]
        self.newest = self.days[-1] if self.days else date.min
        self.low = [f"{one.title}\n{one.body}".lower() for one in self.entries]
        self.told: dict[int, list[str]] = {}

    def practice(self, end: End, concept: Concept, after: date | None) -> Practice | None:
        """Return what sessions did of a gap after it was opened, or opened again.

        Of the day on which it was opened only what is known to have been written later counts, and of the day on which
        it was opened again nothing: a commit's time is that of a person's tick, not of the work.
        """
        opened = ([one for one in end.mentions if one.state == " "] or end.mentions[:1])[-1]
        first = bisect_right(self.days, after) if after else bisect_left(self.days, opened.date)
        own = {one.path for one in end.mentions}
        deeds: dict[str, Deed] = {}
        for place in self._naming(first, concept):
            entry = self.entries[place]
            if entry.path in own or not _is_after(entry, opened):
                continue
            if found := _deed(entry, self._told(place), concept):
                deeds[found.session] = _told_once(deeds.pop(found.session, None), found)
        return Practice(tuple(deeds.values())) if deeds else None

    def _naming(self, first: int, concept: Concept) -> list[int]:
        """Return the places of what may name a concept: a quick look, key by key."""
        places = list(range(first, len(self.entries)))
        for key in concept.keys:
            places = [place for place in places if key in self.low[place]]
        return places

    def _told(self, place: int) -> list[str]:
        if place not in self.told:
            self.told[place] = list(_told(self.entries[place]))
        return self.told[place]


def _is_after(entry: Entry, opened: Mention) -> bool:
    """Tell whether an entry is of a later day than a line, or of a later hour of the same, by when both were made."""
    written = opened.order[1]
    is_later = bool(written) and moment(entry.created) > written
    return entry.date > opened.date or (is_later and entry.date == opened.date)


def _told_once(before: Deed | None, now: Deed) -> Deed:
    """Return one deed of two drafts of a session: the reviewed one, and help in any of them."""
    if before is None:
        return now
    kept = before if now.draft and not before.draft else now
    return replace(kept, help="helped") if "helped" in {before.help, now.help} else kept


def _told(entry: Entry) -> Iterator[str]:
    """Yield the sentences in which an entry tells what was done or learned; a request is none."""
    if entry.outcome not in _NOT_DONE and ("drafted_by" not in entry.fields or entry.outcome == "done"):
        yield entry.title
    for item in entry.items:
        if item.kind in DONE:
            yield from sentences(item.text)
    for section in split(entry.body):
        if section.title == "What happened" or section.level == 0 or (section.level == 1 and not section.known):
            yield from _prose(section.lines)


def _prose(lines: Sequence[str]) -> Iterator[str]:
    fenced = False
    for line in lines:
        fenced ^= line.lstrip().startswith(("```", "~~~"))
        text = _EVIDENCE.sub("", _LEAD.sub("", line, count=1))
        if text and not fenced and not text.startswith(_NO_PROSE):
            yield from sentences(text)


def _is_done(text: str, concept: Concept) -> bool:
    """Tell whether a sentence says that what a concept is about was done or learned."""
    if not names(concept, text) or text.rstrip().endswith("?") or _UNDONE.search(_ALONE.sub(" ", text)):
        return False
    return denies(_ALONE.sub(" ", text)) == concept.denies


def _helped(text: str, concept: Concept) -> Help:
    """Return what a sentence says of help: that there was none, for the very thing, or that there was some."""
    rest = _ALONE.sub(" ", text)
    if _HELPED.search(_OWN_HELP.sub(" ", rest)):
        return "helped"
    if rest == text or _DOUBT.search(rest):
        return ""
    return "alone" if any(_is_of(clause, concept) for clause in _CLAUSE.split(text) if _ALONE.search(clause)) else ""


def _is_of(clause: str, concept: Concept) -> bool:
    """Tell whether a clause is about a concept, or about nothing else: `no help needed`."""
    terms = read_terms(clause).weights.keys()
    return any(not one.isdisjoint(terms) for one in concept.telling) or bool(_BARE.fullmatch(_ALONE.sub(" ", clause)))


def _help(entry: Entry, concept: Concept, said: Help) -> Help:
    """Return how much help a session needed for what it did; what nobody reviewed and what it asked tell against it."""
    asked = any(item.kind in {"question", "gap"} and names(concept, item.text) for item in entry.items)
    seen = _seen(entry)
    if said == "helped" or asked or (said != "alone" and seen & _CORRECTED):
        return "helped"
    if entry.status == "draft":
        return ""
    is_smooth = "drafted_by" in entry.fields and entry.outcome == "done" and bool(seen & _UNCORRECTED)
    return said or ("uncorrected" if is_smooth and not _asks(entry) else "")


def _asks(entry: Entry) -> bool:
    return any(item.kind in {"question", "gap"} for item in entry.items)


def _seen(entry: Entry) -> set[str]:
    """Return the keys of what the drafting saw of how a session went."""
    lines = [item.text for item in entry.items if item.kind in {"went-well", "improve", "deviation"}]
    told = [line for section in split(entry.body) if section.title == "How it went" for line in section.lines]
    return {one.key for text in (*lines, *map(_report, told)) for one in read(text)}


_REPORT = re.compile(r"Effectiveness \d of 5: (.+?)\.?(?: \[t\d[^\]]*\])?$")


def _report(line: str) -> str:
    found = _REPORT.match(line)
    return found[1] if found else ""
