"""The accounts of work in an entry: one of a session, one for each piece of work of a day that a person noted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from session_journal.core import sections
from session_journal.core.accounts import TOLD, first_line, form
from session_journal.core.bullets import MARK, bullets
from session_journal.core.entry import Entry
from session_journal.core.records import record
from session_journal.rollups.prose import is_drafted, unstyled

_FILE = re.compile(r"[`*]*[\w.-]*[/.][\w./-]+[`*]*(?:\s|$)")
"""A line of a list of files, which tells where work was done and not what."""
_COMMIT = re.compile(r"\bcommit\b:?\s+[\[`]*([0-9a-f]{7,40})\b|\bcommit: (?=\S)", re.IGNORECASE)
_FEWEST = 2
_BOLD = 7
"""The level of a line in bold that stands for a heading."""
_HASH = 7


@record(frozen=True, slots=True)
class Account:
    """One account of work within an entry.

    size: the words that were written on it, with what stands below it; more: of a commit's message, what tells of it.
    """

    text: str
    size: int
    more: str = ""


@lru_cache(maxsize=512)
def accounts(entry: Entry) -> tuple[Account, ...]:
    """Return the accounts in an entry: one for a session, many for a day of imported work.

    They stand all under one heading or, where a commit's part has none such, are its first words. Where a person wrote
    a list instead, of what they did or of changes, each of it is one.
    """
    parts = sections.split(entry.body)
    told = [(place, text) for place, part in enumerate(parts) if part.title == TOLD and (text := first_line(part))]
    name = form(parts[told[0][0]].heading) if told else ""
    own = {place: text for place, text in told if form(parts[place].heading) == name}
    own = own if is_drafted(entry) else _by_commit(parts, own)
    if not own:
        return () if is_drafted(entry) else tuple(_listed(entry))
    if len(own) == 1 and not is_drafted(entry) and (listed := _bulleted(parts[next(iter(own))])):
        return tuple(listed)
    ends = [*list(own)[1:], len(parts)]
    return tuple(_account(text, parts[place:end]) for (place, text), end in zip(own.items(), ends, strict=True))


def _account(text: str, parts: Sequence[sections.Section]) -> Account:
    more = "" if parts[0].title == TOLD else _told(parts)
    return Account(text, sum(len(line.split()) for part in parts for line in part.lines), more)


def reaches(entry: Entry) -> list[tuple[int, int]]:
    """Return the lines of each commit's part of an entry, as first and end; of an entry without them, all of it."""
    parts = sections.split(entry.body)
    starts = [part.start for part in parts if _is_commit(part)]
    last = parts[-1].end if parts else 0
    return list(pairwise([*starts, last])) or [(0, last)]


def _is_commit(part: sections.Section) -> bool:
    return 0 < part.level < _BOLD and _COMMIT.search(part.heading) is not None


def _by_commit(parts: Sequence[sections.Section], own: Mapping[int, str]) -> dict[int, str]:
    """Return the accounts with those of commits that have none under the common heading; a commit told twice is one."""
    found, seen = dict(own), set[str]()
    for place, part in enumerate(parts):
        commit = _COMMIT.search(part.heading) if 0 < part.level < _BOLD else None
        if not commit:
            continue
        end = next((later for later in range(place + 1, len(parts)) if _ends(parts[later], part)), len(parts))
        inside = [one for one in own if place <= one < end]
        known = (commit[1] or "")[:_HASH]
        if known and known in seen:
            found = {one: text for one, text in found.items() if one not in inside}
        elif not inside and (text := _of_commit(parts[place:end], part.heading[commit.end() :])):
            found[place] = text
        seen.add(known)
    return dict(sorted(found.items()))


def _ends(later: sections.Section, part: sections.Section) -> bool:
    """Tell whether a commit's part ends at a heading: at the next commit, or one of its level that is no section."""
    return _is_commit(later) or (later.level <= part.level and not later.known)


def _of_commit(parts: Sequence[sections.Section], message: str) -> str:
    """Return a commit's account: the words right below its heading, else its message, else what tells of it."""
    return first_line(parts[0]) or message.strip() or _told(parts)


def _told(parts: Sequence[sections.Section]) -> str:
    return next((text for part in parts[1:] if part.title == TOLD and (text := first_line(part))), "")


def _bulleted(part: sections.Section) -> list[Account]:
    """Return what a section lists, but for tasks that are still open; none where it begins with a sentence."""
    found = [one for one in bullets(part.lines) if one.parent is None]
    first = next((number for number, line in enumerate(part.lines) if line.strip()), -1)
    if len(found) < _FEWEST or found[0].line != first:
        return []
    done = [one.joined for one in found if not (mark := MARK.match(one.joined)) or mark[1] in "xX"]
    return [Account(unstyled(MARK.sub("", text, count=1)), len(text.split())) for text in done]


def _listed(entry: Entry) -> Iterator[Account]:
    for item in entry.items:
        if item.kind == "change" and item.mark in {"", "x"} and not _FILE.match(item.text):
            yield Account(unstyled(item.text), len(item.text.split()))


def letters(text: str) -> str:
    """Return a text's letters and digits alone, in small letters."""
    return "".join(filter(str.isalnum, text.casefold()))
