"""Generated pages whose managed block two machines wrote: written once more from what both have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from session_journal.app import learnings
from session_journal.app.patterns import recurring
from session_journal.app.playbook import load_shelf, read_bar
from session_journal.app.promotion import promote
from session_journal.app.rollup import Asked, roll_up
from session_journal.core.document import fields, parse
from session_journal.errors import JournalError
from session_journal.store.entries import load
from session_journal.store.files import read_bytes
from session_journal.store.journal import Journal
from session_journal.store.settings import Settings
from session_journal.store.settings import load as load_settings

_ROLLUP = re.compile(r"journal/rollups/(\d{4}-(?:W\d{2}|Q\d|\d{2}))(-.+)?\.md")


def generate_again(journal: Journal, paths: Iterable[str], env: Mapping[str, str], now: datetime) -> list[str]:
    """Write the blocks of these pages again; return what could not be, in words. The rest stays as it was merged."""
    settings = load_settings(env, journal.root)
    wanted = sorted(paths)
    rollups = [found for found in map(_ROLLUP.fullmatch, wanted) if found]
    failed = [error.message for found in rollups for error in _roll(journal, found, now, settings)]
    if not rollups and any(path.startswith("journal/playbooks/") for path in wanted):
        failed += [error.message for error in _promote(journal, now, settings)]
    if learnings.PATH in wanted:
        failed += [error.message for error in _learn(journal, now)]
    return list(dict.fromkeys(failed))


def _roll(journal: Journal, found: re.Match[str], now: datetime, settings: Settings) -> Iterator[JournalError]:
    try:
        project = _project_of(journal, found[0]) if found[2] else ""
        yield from roll_up(journal, Asked(found[1], project), now, settings).refused
    except JournalError as error:
        yield error


def _learn(journal: Journal, now: datetime) -> Iterator[JournalError]:
    try:
        journal.publish(learnings.plan(journal, now), "learnings: after a merge", now)
    except JournalError as error:
        yield error


def _project_of(journal: Journal, path: str) -> str:
    """Return the project whose rollup lies at a path: its name tells it only in small letters."""
    return str(fields(parse(read_bytes(journal.path(path)) or b"", path), path).get("project") or "")


def _promote(journal: Journal, now: datetime, settings: Settings) -> Iterator[JournalError]:
    entries, _ = load(journal.root)
    try:
        made = promote(journal, recurring(journal, entries), entries, load_shelf(journal.root), now, read_bar(settings))
        journal.publish(made.changes, "playbook: after a merge", now)
        yield from made.refused
    except JournalError as error:
        yield error
