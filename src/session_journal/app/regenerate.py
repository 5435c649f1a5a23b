"""Generated pages whose managed block two machines wrote: written once more from what both have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from session_journal.app import learnings
from session_journal.app.patterns import recurring
from session_journal.app.playbook import Bar, load_shelf, promote
from session_journal.app.weekly import roll_week
from session_journal.errors import JournalError
from session_journal.store.entries import load
from session_journal.store.journal import Journal
from session_journal.store.settings import Settings
from session_journal.store.settings import load as load_settings

_WEEK = re.compile(r"journal/rollups/(\d{4}-W\d{2})\.md")


def generate_again(journal: Journal, paths: Iterable[str], env: Mapping[str, str], now: datetime) -> list[str]:
    """Write the blocks of these pages again; return what could not be, in words. The rest stays as it was merged."""
    settings = load_settings(env, journal.root)
    wanted = sorted(paths)
    weeks = [match[1] for match in map(_WEEK.fullmatch, wanted) if match]
    failed = [error.message for week in weeks for error in _roll(journal, week, now, settings)]
    if not weeks and any(path.startswith("journal/playbooks/") for path in wanted):
        failed += [error.message for error in _promote(journal, now, settings)]
    if learnings.PATH in wanted:
        failed += [error.message for error in _learn(journal, now)]
    return list(dict.fromkeys(failed))


def _roll(journal: Journal, week: str, now: datetime, settings: Settings) -> Iterator[JournalError]:
    try:
        yield from roll_week(journal, week, now, settings).refused
    except JournalError as error:
        yield error


def _learn(journal: Journal, now: datetime) -> Iterator[JournalError]:
    try:
        journal.publish(learnings.plan(journal, now), "learnings: after a merge", now)
    except JournalError as error:
        yield error


def _promote(journal: Journal, now: datetime, settings: Settings) -> Iterator[JournalError]:
    entries, _ = load(journal.root)
    bar = Bar(settings.number("patterns.sessions", 3), settings.number("patterns.days", 2))
    try:
        made = promote(journal, recurring(journal, entries), entries, load_shelf(journal.root), now, bar)
        journal.publish(made.changes, "playbook: after a merge", now)
        yield from made.refused
    except JournalError as error:
        yield error
