"""What a person has shown to master: work of one kind that was done in several sessions, ready to cite."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from session_journal.core.entry import Entry
from session_journal.core.patterns import Statement, find
from session_journal.core.playbooks import relative_link
from session_journal.core.reflecting.accounts import accounts
from session_journal.rollups.span import Span, clip

_HELPED = re.compile(r"\b(?:had to correct|corrections?|declined|interrupt\w*|had to explain)\b", re.IGNORECASE)
_HELPS = frozenset({"corrected", "interrupted", "interrupted-once"})
_ALONE = frozenset({"smooth", "uncorrected"})
_CUT = re.compile(r"\s*\u2026.*$")
_LEAST = 2
_MOST_LINKS = 3
_LOOKED_BACK = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Capability:
    """Something done again and again; help: how the last session went without or with correction."""

    text: str
    sessions: int
    last: date
    help: str
    links: tuple[tuple[date, str], ...]
    drafts: bool


def capabilities(span: Span) -> list[Capability]:
    """Return what sessions of the period finished, with those of the year before, most often first."""
    since = span.first - _LOOKED_BACK
    done = {entry.path: entry for entry in span.until if entry.outcome == "done" and entry.date >= since}
    told = [_statement(entry) for entry in done.values()]
    found = [
        _capability([done[path] for path in dict.fromkeys(one.path for one in pattern.members)])
        for pattern in find(told, _LEAST)
        if pattern.last >= span.first
    ]
    return sorted(found, key=lambda one: (-one.sessions, -one.last.toordinal(), one.text))


def _statement(entry: Entry) -> Statement:
    return Statement(
        entry.id, entry.path, entry.source or entry.id or entry.path, entry.date, entry.project, "takeaway",
        _CUT.sub("", entry.title), entry.title, (), entry.status != "draft",
    )  # fmt: skip


def _capability(entries: Sequence[Entry]) -> Capability:
    """Return what several sessions have in common, in the words of the one that adds the least of its own."""
    text = min((_CUT.sub("", entry.title) for entry in entries), key=len)
    newest = sorted(entries, key=lambda entry: entry.order, reverse=True)
    last = newest[0]
    links = tuple((entry.date, relative_link(entry.path)) for entry in newest[:_MOST_LINKS])
    drafts = all(entry.status == "draft" for entry in entries)
    return Capability(clip(text), len(entries), last.date, _help(last), links, drafts)


def _help(entry: Entry) -> str:
    """Tell only what the entry says: the report of a draft counts corrections, a person may not have noted any."""
    seen = {key for account in accounts([entry]) for key in account.seen}
    if "corrected-once" in seen and not seen & _HELPS:
        return "last with one correction"
    if seen & _HELPS or any(item.kind == "improve" and _HELPED.search(item.text) for item in entry.items):
        return "last with corrections"
    return "last without correction" if seen & _ALONE else ""
