"""Record what was changed by hand: new, edited, renamed and deleted files, committed or not."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import datetime

from session_journal.app.verify import deleted_names
from session_journal.core.chain import content_commitment, entry_commitment, find_id
from session_journal.core.document import dump, fields, parse, set_fields
from session_journal.core.fold import Folded, fold
from session_journal.core.redact import redact
from session_journal.errors import DocumentError
from session_journal.store.files import markdown_files, read_bytes
from session_journal.store.journal import Change, Journal, Published, is_logged
from session_journal.store.log import read_log


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that could not be sealed, and why; it stays as it is."""

    path: str
    message: str


@dataclass(slots=True)
class Sealed:
    """What a seal does: the changes, files that got an id, files it refuses; `published` after it ran."""

    changes: list[Change] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    published: Published | None = None


def seal(journal: Journal, now: datetime, *, dry_run: bool = False) -> Sealed:
    """Commit every change of the journal's files that has no record yet, with its records."""
    sealed = _plan(journal)
    if sealed.changes and not dry_run:
        sealed.published = journal.publish(sealed.changes, _message(sealed.changes), now, reseal=True)
    return sealed


def _message(changes: list[Change]) -> str:
    if len(changes) == 1:
        return f"seal: {os.path.basename(changes[0].path)}"
    return f"seal: {len(changes)} files"


def _plan(journal: Journal) -> Sealed:
    head = journal.repo.head()
    tree = journal.repo.tree(head, "journal")
    folded = fold(read_log(journal.repo, head))
    sealed = Sealed()
    owners: dict[str, str] = {}
    for path in _present(journal, tree):
        _plan_file(journal, path, tree, folded, owners, sealed)
    _plan_gone(journal, tree, folded, owners, sealed)
    return sealed


def _present(journal: Journal, tree: dict[str, tuple[str, str]]) -> list[str]:
    """Return the files of the working tree that belong to the journal, those first that the log may know."""
    there = {path for path in tree if not path.startswith("journal/log/") and os.path.isfile(journal.path(path))}
    found = set(markdown_files(journal.root)) | there
    for name in ("journal.toml", "patterns.toml"):
        if os.path.isfile(journal.path(f"journal/{name}")):
            found.add(f"journal/{name}")
    return sorted(found, key=lambda path: (path not in tree, path))


def _plan_file(
    journal: Journal,
    path: str,
    tree: dict[str, tuple[str, str]],
    folded: Folded,
    owners: dict[str, str],
    sealed: Sealed,
) -> None:
    data = read_bytes(journal.path(path)) or b""
    committed = path in tree and tree[path] == ("100644", journal.repo.blob_oid(data))
    if not is_logged(path):
        if not committed:
            sealed.changes.append(Change(path, data, data))
        return
    refusal, wanted = _checked(path, data)
    entry_id = find_id(wanted)
    if not refusal and entry_id in owners:
        refusal = f"{path}:1: it carries the same id as {owners[entry_id]}; give one of the two another id"
    if refusal:
        sealed.refused.append(Refused(path, refusal))
        return
    owners[entry_id] = path
    if committed and wanted == data and _is_recorded(folded, path, data, entry_id):
        return
    if wanted != data:
        sealed.named.append(path)
    sealed.changes.append(Change(path, wanted, data))


def _checked(path: str, data: bytes) -> tuple[str, bytes]:
    """Return why a markdown file can't be sealed, or "" and its bytes with an id."""
    try:
        document = parse(data, path)
        fields(document, path)
    except DocumentError as error:
        return error.message, data
    text = data.decode("utf-8")
    if redact(text)[1]:
        kinds = {number: redact(line)[1] for number, line in enumerate(text.splitlines(), 1)}
        found = [f"{path}:{number}: {', '.join(sorted(kind))}" for number, kind in kinds.items() if kind]
        return "it holds a secret: " + "; ".join(found or [f"{path}:1: {', '.join(sorted(redact(text)[1]))}"]), data
    if find_id(data):
        return "", data
    return "", dump(set_fields(document, {"id": os.urandom(16).hex()}))


def _is_recorded(folded: Folded, path: str, data: bytes, entry_id: str) -> bool:
    last = folded.last.get(entry_commitment(entry_id), [])
    return content_commitment(path, data) in {record.c for record in last if record.c}


def _plan_gone(
    journal: Journal, tree: dict[str, tuple[str, str]], folded: Folded, owners: dict[str, str], sealed: Sealed
) -> None:
    """Record deletions and renames: what the commit or the log still has and the working tree lacks."""
    gone = {
        path: oid
        for path, (_, oid) in tree.items()
        if not path.startswith("journal/log/") and not os.path.lexists(journal.path(path))
    }
    blobs = journal.repo.blobs(list(gone.values()))
    settled = {entry_commitment(entry_id) for entry_id in owners}
    for path, oid in sorted(gone.items()):
        entry_id = find_id(blobs.get(oid, b"")) if is_logged(path) else ""
        entry = entry_commitment(entry_id) if entry_id else ""
        moved = next((change for change in sealed.changes if change.path == owners.get(entry_id, "")), None)
        if moved:
            moved.old_path = path
        else:
            sealed.changes.append(Change(path, None, entry=entry))
        settled.add(entry)
    kept = {refused.path for refused in sealed.refused}
    unaccounted = {
        entry for entry, last in folded.last.items() if entry not in settled and all(record.c for record in last)
    }
    names = deleted_names(journal.repo, journal.repo.head(), unaccounted) if unaccounted else {}
    sealed.changes += [
        Change(names[entry], None, entry=entry)
        for entry in sorted(names, key=names.__getitem__)
        if names[entry] not in kept
    ]
