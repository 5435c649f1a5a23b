"""What a person has shown to master: work of one kind that was done in several sessions, ready to cite."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

from session_journal.core.concepts import Concept, concept_of
from session_journal.core.entry import Entry
from session_journal.core.excerpts import sentence
from session_journal.core.patterns import Statement, find
from session_journal.core.patterns.words import read_terms
from session_journal.core.playbooks import relative_link
from session_journal.core.practice import deed
from session_journal.core.records import record
from session_journal.core.reflecting.accounts import accounts
from session_journal.rollups.span import Span, clip

_HELPED = re.compile(r"\b(?:had to correct|corrections?|declined|interrupt\w*|had to explain)\b", re.IGNORECASE)
_HELPS = frozenset({"corrected", "interrupted", "interrupted-once"})
_ALONE = frozenset({"smooth", "uncorrected"})
_CUT = re.compile(r"\s*\u2026.*$")
_BESIDE = re.compile(
    r",? (?:again|once more|another time)$|, (?:first|second|third|next|last|another|final|part|take|round|try)\b.*$",
    re.IGNORECASE,
)
"""What a title says of the one session, beside what was done."""
_DID = re.compile(r"[A-Z][a-z]{2,}ed\b(?<!eed)(?<!mbed)")
"""How a sentence begins that tells what was done: `Configured ...`; that form goes with `has` as well."""
_LEAST = 2
_MOST_LINKS = 3
_MOST_WORDS = 8
_MOST_READ = 20
"""The words of so many sessions are compared, the newest."""
_HOW_TO = re.compile(r"how to\s+", re.IGNORECASE)
_LOOKED_BACK = timedelta(days=365)


@record(frozen=True, slots=True)
class Capability:
    """Something done again and again; help: how the last session went without or with help, or correction.

    has: whether the text is a sentence's predicate, `configured Netlify deploys`.
    """

    text: str
    sessions: int
    last: date
    help: str
    links: tuple[tuple[date, str], ...]
    drafts: bool
    has: bool = False


def capabilities(span: Span) -> list[Capability]:
    """Return what sessions of the period did, with those of the year before, most often first.

    It is what several that ended well are called, and gaps that were practised: those sessions say what they did.
    """
    since = span.first - _LOOKED_BACK
    past = {entry.path: entry for entry in span.until if entry.date >= since}
    told = [_statement(entry) for entry in past.values() if entry.outcome == "done"]
    groups = [_Group(frozenset(one.path for one in pattern.members)) for pattern in find(told, _LEAST)]
    found = [
        _capability(group.gap, [past[path] for path in group.paths])
        for group in _joined([*_practised(span, past), *groups])
        if len(group.paths) >= _LEAST and max(past[path].date for path in group.paths) >= span.first
    ]
    return sorted(found, key=lambda one: (-one.sessions, -one.last.toordinal(), one.text))


@record(frozen=True, slots=True)
class _Group:
    """Entries that tell of one kind of work; gap: the words of the gap that they practised, "" where it was none."""

    paths: frozenset[str]
    gap: str = ""


def _practised(span: Span, past: Collection[str]) -> Iterable[_Group]:
    """Yield the sessions of each gap that they resolved."""
    for end in span.open_ends():
        practice = end.practice.until(span.last) if end.practice else None
        if practice and practice.is_resolved:
            yield _Group(frozenset(one.path for one in practice.deeds if one.path in past), end.text)


def _joined(groups: Iterable[_Group]) -> list[_Group]:
    """Join what tells of the same sessions."""
    kept: list[_Group] = []
    for group in groups:
        place = next((n for n, known in enumerate(kept) if len(known.paths & group.paths) >= _LEAST), None)
        if place is None:
            kept.append(group)
        else:
            kept[place] = _Group(kept[place].paths | group.paths, kept[place].gap or group.gap)
    return kept


def _statement(entry: Entry) -> Statement:
    return Statement(
        entry.id, entry.path, entry.source or entry.id or entry.path, entry.date, entry.project, "takeaway",
        _CUT.sub("", entry.title), _CUT.sub("", entry.title), (), entry.status != "draft",
    )  # fmt: skip


def _capability(gap: str, entries: Sequence[Entry]) -> Capability:
    newest = sorted(entries, key=lambda entry: entry.order, reverse=True)
    last = newest[0]
    links = tuple((entry.date, relative_link(entry.path)) for entry in newest[:_MOST_LINKS])
    drafts = all(entry.status == "draft" for entry in entries)
    concept = concept_of(gap or _shared(newest))
    text = _common([found.text for entry in newest[:_MOST_READ] if concept and (found := deed(entry, concept))])
    named = text[:1].lower() + text[1:] or sentence(_HOW_TO.sub("", gap)) or _title(newest)
    sessions = len({one.source or one.path for one in entries})
    return Capability(clip(named), sessions, last.date, _help(last, concept), links, drafts, bool(text))


def _shared(entries: Sequence[Entry]) -> str:
    """Return the words of the shortest title that most titles have."""
    counted = Counter(term for entry in entries for term in _terms(entry.title))
    words = _title(entries).split()
    return " ".join(word for word in words if any(2 * counted[term] > len(entries) for term in _terms(word)))


def _terms(word: str) -> Collection[str]:
    return read_terms(word).weights


def _common(did: Sequence[str]) -> str:
    """Return the words on which at least two sessions that say what they did, and half of them, begin; else ""."""
    begun = [text for text in did if _DID.match(text)]
    found = Counter(filter(None, (_shared_start(text, begun, len(did)) for text in begun)))
    return max(found, key=lambda text: (len(_terms(text)), found[text], -len(text), text), default="")


def _shared_start(text: str, begun: Sequence[str], of: int) -> str:
    words = text.split()[:_MOST_WORDS]
    for size in range(len(words), 2, -1):
        start = _in_order(words[:size])
        alike = sum(_in_order(other.split())[: len(start)] == start for other in begun)
        if alike >= _LEAST and 2 * alike >= of:
            return _trimmed(words[:size])
    return ""


def _in_order(words: Sequence[str]) -> list[frozenset[str]]:
    return [terms for word in words if (terms := frozenset(_terms(word)))]


def _trimmed(words: list[str]) -> str:
    """Return words without what leads on to what only one session says."""
    while words and not _terms(words[-1]):
        words.pop()
    return " ".join(words).rstrip(",;:.") if len(words) > 1 else ""


def _title(entries: Sequence[Entry]) -> str:
    """Return what sessions have in common, in the words of the title that adds the least of its own."""
    return min((_bare(entry.title) for entry in entries), key=len)


def _bare(title: str) -> str:
    title = _CUT.sub("", title)
    return _BESIDE.sub("", title) or title


def _help(entry: Entry, concept: Concept | None) -> str:
    """Tell only what the entry says: the report of a draft counts corrections, a person may not have noted any."""
    seen = {key for account in accounts([entry]) for key in account.seen}
    if "corrected-once" in seen and not seen & _HELPS:
        return "last with one correction"
    if seen & _HELPS or any(item.kind == "improve" and _HELPED.search(item.text) for item in entry.items):
        return "last with corrections"
    did = deed(entry, concept) if concept else None
    if did and did.help == "alone":
        return "last without help"
    return "last without correction" if seen & _ALONE else ""
