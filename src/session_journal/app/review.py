"""Reviewing drafts: a person accepts one, or discards it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from shlex import quote

from session_journal.app.new import subject
from session_journal.core.document import dump, parse, set_fields
from session_journal.core.entry import Entry
from session_journal.errors import ConflictError, JournalError, NotFoundError, UsageError
from session_journal.store.archive import drop
from session_journal.store.files import read_bytes
from session_journal.store.journal import Change, Journal, Published


@dataclass(frozen=True, slots=True)
class Discarded:
    """A deleted draft. last: the commit that still has it; saved: edits were committed first; waiting: as Published."""

    last: str
    waiting: str
    saved: bool


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


def discard(journal: Journal, entry: Entry, now: datetime) -> Discarded:
    """Delete a draft; what a person changed in it since the last commit is committed first, without secrets."""
    if entry.status != "draft":
        raise UsageError(
            f"{entry.path} is final, so it is not discarded", f"git rm {quote(entry.path)} && journal seal"
        )
    data = _read(journal, entry)
    last, saved = journal.repo.head(), False
    if data != _committed(journal, entry.path):
        data, last, saved = *_save(journal, entry, data, now), True
    published = journal.publish([Change(entry.path, None, data)], subject(f"discard {entry.title}"), now)
    drop(journal, entry.id)
    return Discarded(last, published.waiting, saved=saved)


def _save(journal: Journal, entry: Entry, data: bytes, now: datetime) -> tuple[bytes, str]:
    """Commit a draft as it lies there; return the bytes that were committed, and the commit."""
    busy = journal.repo.operation()
    if not busy:
        kept = journal.allowed.redact(data.decode())[0].encode()
        saved = journal.publish([Change(entry.path, kept, data)], subject(entry.title), now, reseal=True)
        busy = saved.waiting
        if not busy:
            return kept, saved.commit
    raise JournalError(
        f"{entry.path} was edited, and git cannot keep that now: it is in the middle of {busy}; nothing was deleted",
        "end that first, then discard the draft",
    )


def _committed(journal: Journal, path: str) -> bytes | None:
    output = journal.repo.git("cat-file", "blob", f"HEAD:{path}", check=False)
    return None if output.code else output.out


def _read(journal: Journal, entry: Entry) -> bytes:
    data = read_bytes(journal.path(entry.path))
    if data is None:
        raise NotFoundError(f"{entry.path} is gone", "journal list --status draft")
    if parse(data, entry.path).body != entry.body:
        raise ConflictError(f"{entry.path} was changed meanwhile", "journal review")
    return data
