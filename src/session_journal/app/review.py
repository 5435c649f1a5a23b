"""Reviewing drafts: a person accepts one, or discards it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from session_journal.app.new import subject
from session_journal.core.document import dump, parse, set_fields
from session_journal.core.entry import Entry
from session_journal.errors import ConflictError, NotFoundError, UsageError
from session_journal.store.files import read_bytes
from session_journal.store.journal import Change, Journal, Published


def drafts_of(entries: Iterable[Entry], project: str = "") -> list[Entry]:
    """Return the entries that nobody has reviewed yet."""
    wanted = project.casefold()
    return [
        entry for entry in entries if entry.status == "draft" and (not wanted or entry.project.casefold() == wanted)
    ]


def accept(journal: Journal, entry: Entry, now: datetime) -> Published:
    """Make a draft final; nothing else in it changes."""
    old = _read(journal, entry)
    document = set_fields(parse(old, entry.path), {"status": "final", "updated": now})
    return journal.publish([Change(entry.path, dump(document), old)], subject(entry.title), now)


def discard(journal: Journal, entry: Entry, now: datetime) -> Published:
    """Delete a draft; git's history and the log still know that it was there."""
    if entry.status != "draft":
        raise UsageError(f"{entry.path} is final, so it is not discarded", f"git rm {entry.path} && journal seal")
    return journal.publish([Change(entry.path, None, _read(journal, entry))], subject(f"discard {entry.title}"), now)


def _read(journal: Journal, entry: Entry) -> bytes:
    data = read_bytes(journal.path(entry.path))
    if data is None:
        raise NotFoundError(f"{entry.path} is gone", "journal list --status draft")
    if parse(data, entry.path).body != entry.body:
        raise ConflictError(f"{entry.path} was changed meanwhile", "journal review")
    return data
