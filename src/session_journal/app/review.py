"""Reviewing: a person accepts an entry, drops items from it, says who it may reach, or discards it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from shlex import quote

from session_journal.app.new import subject
from session_journal.app.visibility import Exposure, find_private, is_raise
from session_journal.core.document import dump, parse, set_body, set_fields
from session_journal.core.entry import Entry, read
from session_journal.core.records import record
from session_journal.core.removals import Removal, drop_items
from session_journal.errors import ConflictError, JournalError, NotFoundError, UsageError
from session_journal.store.archive import drop, page_removal
from session_journal.store.files import read_bytes
from session_journal.store.journal import Change, Journal, Published


@record(frozen=True, slots=True)
class Decision:
    """What a person decides about an entry: the items to drop by number, who it may reach ("": as before), whether
    it is final.
    """

    accept: bool = False
    drop: tuple[int, ...] = ()
    visibility: str = ""


@record(frozen=True, slots=True)
class Plan:
    """What a decision makes of an entry. old, new: the file's bytes; removal: None where no item goes.

    raises: more people may see it then; exposed: what they would see that is private.
    """

    entry: Entry
    decision: Decision
    old: bytes
    new: bytes
    removal: Removal | None = None
    raises: bool = False
    exposed: tuple[Exposure, ...] = ()


@record(frozen=True, slots=True)
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


def plan(journal: Journal, entry: Entry, decision: Decision, now: datetime) -> Plan:
    """Work out what a decision changes; ConflictError where the file is no longer what the person saw."""
    old = _read(journal, entry)
    document, removal = parse(old, entry.path), None
    if decision.drop:
        removal = drop_items(document.body, decision.drop)
        document = set_body(document, removal.body)
    values: dict[str, object] = {"status": "final"} if decision.accept and entry.status != "final" else {}
    if decision.visibility and decision.visibility != entry.visibility:
        values["visibility"] = decision.visibility
    if values or removal:
        document = set_fields(document, {**values, "updated": now})
    new = dump(document)
    raises = "visibility" in values and is_raise(entry.visibility, decision.visibility)
    return Plan(entry, decision, old, new, removal, raises, find_private(journal, new) if raises else ())


def carry_out(journal: Journal, planned: Plan, now: datetime) -> Published:
    """Write what was planned, and nothing else; ConflictError where the file has changed since."""
    entry = planned.entry
    return journal.publish([Change(entry.path, planned.new, planned.old)], subject(entry.title), now)


def accept(journal: Journal, entry: Entry, now: datetime) -> Published:
    """Make a draft final; nothing else in it changes."""
    return carry_out(journal, plan(journal, entry, Decision(accept=True), now), now)


def reread(journal: Journal, entry: Entry) -> Entry:
    """Return an entry as its file is now; NotFoundError where that is gone."""
    return read(_bytes(journal, entry), entry.path)


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
    changes = [Change(entry.path, None, data), *page_removal(journal, entry.id)]
    published = journal.publish(changes, subject(f"discard {entry.title}"), now)
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
    data = _bytes(journal, entry)
    if parse(data, entry.path).body != entry.body:
        raise ConflictError(f"{entry.path} was changed meanwhile", "journal review")
    return data


def _bytes(journal: Journal, entry: Entry) -> bytes:
    data = read_bytes(journal.path(entry.path))
    if data is None:
        raise NotFoundError(f"{entry.path} is gone", "journal list --status draft")
    return data
