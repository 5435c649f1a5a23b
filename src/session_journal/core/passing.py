"""Chores that pass: how a session left the repository is for the next one to see to, and nobody knows after that."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from session_journal.core.entry import Entry
from session_journal.core.formulas import LEFT_OVER, OFFERED
from session_journal.core.open_ends import End
from session_journal.core.pages import Page
from session_journal.core.reading import moment, safe

_CHORE = re.compile(rf"{LEFT_OVER.pattern}|{OFFERED}:? (?:commit|push)(?:ting|ing)?\b", re.IGNORECASE)
Newest = dict[str, tuple[str, str]]
"""Of each project, folded, the day of its newest session and when that was made."""


def newest_of_pages(pages: Iterable[Page]) -> Newest:
    """Return the newest session of each project, by what the index knows."""
    return _folded((page.project, (page.date, page.created)) for page in pages)


def newest_of_entries(entries: Iterable[Entry]) -> Newest:
    """Return the same of entries that were read whole."""
    last: dict[str, Entry] = {}
    for entry in entries:
        if entry.type == "session" and (entry.project not in last or entry.order > last[entry.project].order):
            last[entry.project] = entry
    return _folded((safe(name), (one.date.isoformat(), moment(one.created))) for name, one in last.items())


def _folded(told: Iterable[tuple[str, tuple[str, str]]]) -> Newest:
    found: Newest = {}
    for project, when in told:
        key = project.casefold()
        found[key] = max(when, found.get(key, ("", "")))
    return found


def is_followed(entry: Entry, newest: Mapping[str, tuple[str, str]]) -> bool:
    """Tell whether a later session of an entry's project followed, which saw to how it left the repository."""
    return (entry.date.isoformat(), moment(entry.created)) < newest.get(safe(entry.project).casefold(), ("", ""))


def passing(ends: Iterable[End], newest: Mapping[str, tuple[str, str]]) -> tuple[End, ...]:
    """Return the ends, chores that a draft left open told as passed where a later session of the project followed."""
    return tuple(replace(end, passed=True) if _has_passed(end, newest) else end for end in ends)


def _has_passed(end: End, newest: Mapping[str, tuple[str, str]]) -> bool:
    if end.kind != "action" or end.mark != " " or not _CHORE.match(end.text):
        return False
    last = end.newest
    return last.order[:2] < newest.get(last.project.casefold(), ("", ""))
