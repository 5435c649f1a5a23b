"""The weekly use case: find what recurs, bring playbooks up to date, write the week's rollup."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from session_journal.app.generated import make_page
from session_journal.app.patterns import find_patterns
from session_journal.app.playbook import Bar, Promotion, load_shelf, promote
from session_journal.core.document import parse
from session_journal.core.entry import Entry
from session_journal.core.patterns import Pattern
from session_journal.core.periods import week_days, week_of
from session_journal.errors import JournalError
from session_journal.rollups.weekly import Note, Week, values_of
from session_journal.store.entries import Problem, load
from session_journal.store.files import read_bytes
from session_journal.store.journal import Change, Journal
from session_journal.store.settings import Settings
from session_journal.store.templates import render

TEMPLATE = "weekly.md.j2"
BLOCK = "weekly"
_WEEK = re.compile(r"\d{4}-[Ww]\d{2}")
_BULLET = re.compile(r"\s{0,3}[-*+]\s+(.*\S)")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rolled:
    """What a weekly run did. path: the rollup, "" for an empty week; changed: files written (or to be written).

    suggestion: for an empty week, the command for one that is not.
    """

    week: str
    path: str = ""
    entries: int = 0
    text: str = ""
    changed: tuple[str, ...] = ()
    new_playbooks: tuple[str, ...] = ()
    pages: Mapping[str, tuple[str, str, str]] | None = None
    refused: tuple[JournalError, ...] = ()
    problems: tuple[Problem, ...] = ()
    waiting: str = ""
    suggestion: str = ""


def read_week(text: str, now: datetime, *, last: bool = False) -> str:
    """Return the name of the ISO week that is meant; nothing means this week."""
    if _WEEK.fullmatch(text.strip()):
        week = text.strip().upper()
        first, _ = week_days(week)
    elif text.strip():
        from session_journal.app.dates import read_span

        first, _ = read_span(text, now)
    else:
        first = now.date()
    return week_of(first - 7 * _DAY) if last else week_of(first)


def roll_week(
    journal: Journal, week: str, now: datetime, settings: Settings, *, dry_run: bool = False, force: bool = False
) -> Rolled:
    """Write a week's rollup and the playbooks that the whole journal earns; an empty week writes nothing."""
    entries, problems = load(journal.root)
    first, last = week_days(week)
    own = [entry for entry in entries if first <= entry.date <= last and entry.type == "session"]
    notes = read_notes(journal, first, last)
    if not own and not notes:
        return Rolled(week, suggestion=_elsewhere(entries, first, now), problems=tuple(problems))
    patterns = find_patterns(entries)
    bar = Bar(settings.number("patterns.sessions", 3), settings.number("patterns.days", 2))
    promotion = promote(journal, patterns, entries, load_shelf(journal.root), now, bar, force=force)
    until = patterns if entries[-1:] and entries[-1].date <= last else find_patterns(_before(entries, last))
    rollup = _rollup(journal, Week(week, own, notes, until, _pages_of(until, patterns, promotion)), now, force=force)
    return _published(journal, week, now, rollup, promotion, len(own), problems, dry_run=dry_run)


def _elsewhere(entries: Sequence[Entry], first: date, now: datetime) -> str:
    """Return the command for the newest week before this one that has entries, else for the newest of all."""
    if not entries:
        return "journal capture"
    earlier = [entry.date for entry in entries if entry.date < first] or [entry.date for entry in entries]
    week = week_of(max(earlier))
    return "journal weekly --last" if week == week_of(now.date() - 7 * _DAY) else f"journal weekly --date {week}"


def _before(entries: Sequence[Entry], last: date) -> list[Entry]:
    return [entry for entry in entries if entry.date <= last]


def _pages_of(
    until: Sequence[Pattern], patterns: Sequence[Pattern], promotion: Promotion
) -> dict[str, tuple[str, str, str]]:
    """Find the playbook of each pattern as the week knew it: the one whose members it shares."""
    owner = {
        (member.path, member.text): promotion.pages[pattern.key]
        for pattern in patterns
        if pattern.key in promotion.pages
        for member in pattern.members
    }
    pages = {}
    for pattern in until:
        found = [owner[place] for member in pattern.members if (place := (member.path, member.text)) in owner]
        if found:
            pages[pattern.key] = max(found, key=found.count)
    return pages


def _rollup(journal: Journal, week: Week, now: datetime, *, force: bool) -> tuple[Change, JournalError | None]:
    path = f"journal/rollups/{week.name}.md"
    first, last = week_days(week.name)
    old = read_bytes(journal.path(path))
    content = render(TEMPLATE, values_of(week), journal.root)
    keys: dict[str, object] = {
        "title": f"Week {week.name}", "date": first, "type": "rollup", "visibility": "self",
        "period": week.name, "until": last,
    }  # fmt: skip
    try:
        return Change(path, make_page(path, old, BLOCK, content, keys, {}, now, force=force), old), None
    except JournalError as error:
        return Change(path, old, old), error


def _published(
    journal: Journal,
    week: str,
    now: datetime,
    rollup: tuple[Change, JournalError | None],
    promotion: Promotion,
    count: int,
    problems: Sequence[Problem],
    *,
    dry_run: bool,
) -> Rolled:
    change, error = rollup
    waiting = ""
    if not dry_run:
        pages = journal.publish(promotion.changes, _playbook_message(promotion), now)
        waiting = pages.waiting or journal.publish([change], f"weekly: {week}", now).waiting
    changed = [one.path for one in (change, *promotion.changes) if one.data != one.base]
    return Rolled(
        week, change.path, count, (change.data or b"").decode("utf-8", "replace"), tuple(changed), promotion.new,
        promotion.pages, tuple(filter(None, (error, *promotion.refused))), tuple(problems), waiting,
    )  # fmt: skip


def _playbook_message(promotion: Promotion) -> str:
    if len(promotion.changes) != 1:
        return f"playbook: {len(promotion.changes)} pages"
    titles = {path: title for path, title, _ in promotion.pages.values()}
    return f"playbook: {titles[promotion.changes[0].path]}"


def read_notes(journal: Journal, first: date, last: date) -> list[Note]:
    """Return the notes of some days, line by line; a day's file that cannot be read counts as none."""
    notes = []
    for number in range((last - first).days + 1):
        day = first + number * _DAY
        data = read_bytes(journal.path(f"journal/notes/{day.isoformat()}.md"))
        notes += [Note(day, text) for text in _lines(data)] if data else []
    return notes


def _lines(data: bytes) -> list[str]:
    try:
        body = parse(data).body
    except JournalError:
        return []
    return [match[1] for match in map(_BULLET.match, body.splitlines()) if match]
