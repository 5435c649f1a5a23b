"""What git still has of a generated page: its versions, and the playbooks that a person deleted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from session_journal.app.playbook import read_page
from session_journal.core.chain import find_id
from session_journal.core.playbooks import Playbook
from session_journal.errors import JournalError
from session_journal.store.files import markdown_files, read_bytes
from session_journal.store.history import versions
from session_journal.store.journal import Journal

_FOLDER = "journal/playbooks"
_MOST = 50


def versions_of(journal: Journal, path: str) -> Iterator[bytes]:
    """Yield what a file was in the commits of this branch, the newest first; git is asked when the first is wanted."""
    head = journal.repo.head()
    if head:
        oids = list(dict.fromkeys(oid for _, oid in versions(journal.repo, head, path)))[:_MOST]
        yield from _contents(journal, oids)


def _contents(journal: Journal, oids: Iterable[str]) -> Iterator[bytes]:
    wanted = list(oids)
    here = journal.repo.local(wanted)
    blobs = journal.repo.blobs([oid for oid in wanted if oid in here])
    yield from (blobs[oid] for oid in wanted if oid in blobs)


def deleted_playbooks(journal: Journal) -> tuple[Playbook, ...]:
    """Return the playbooks that commits of this branch had and that are gone, as they were last.

    What was merely renamed is there, under its id.
    """
    head = journal.repo.head()
    there = set(markdown_files(journal.root, "playbooks"))
    newest: dict[str, str] = {}
    for path, oid in versions(journal.repo, head, _FOLDER) if head else ():
        if path not in there and path.endswith(".md"):
            newest.setdefault(path, oid)
    if not newest:
        return ()
    ids = {find_id(read_bytes(journal.path(path)) or b"") for path in there}
    blobs = journal.repo.blobs(sorted(journal.repo.local(newest.values())))
    found: list[Playbook] = []
    for path, data in ((path, blobs[oid]) for path, oid in newest.items() if oid in blobs):
        page = _read(path, data) if find_id(data) not in ids else None
        ids.add(find_id(data))  # under an older name it is the same page
        found += [page] if page else []
    return tuple(found)


def _read(path: str, data: bytes) -> Playbook | None:
    try:
        return read_page(path, data)
    except JournalError:
        return None
