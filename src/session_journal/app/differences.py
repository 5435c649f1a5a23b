"""Show what differs from what the log recorded: in the current commit, and in the working tree."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from session_journal.app.contents import deleted_names, is_known, read_files
from session_journal.core.chain import content_commitment
from session_journal.core.fold import Folded, fold
from session_journal.core.graph import Last
from session_journal.core.records import record
from session_journal.store.files import is_plain, markdown_files, read_bytes
from session_journal.store.guard import is_logged
from session_journal.store.history import versions
from session_journal.store.journal import Journal
from session_journal.store.log import read_log

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff]")


@record(frozen=True, slots=True)
class Difference:
    """A file as it was recorded and as it is; None where it is not there, or (old) where the history lacks it."""

    path: str
    what: str
    old: bytes | None
    new: bytes | None


def find_differences(journal: Journal) -> list[Difference]:
    """Return every file that is not what its last record says, then every uncommitted change; by path."""
    repo, head = journal.repo, journal.repo.head()
    tree = repo.tree(head, "journal")
    folded = fold(read_log(repo, head))
    committed = sorted(_committed(journal, head, tree, folded), key=lambda one: one.path)
    return [*committed, *_uncommitted(journal, tree)]


def _committed(journal: Journal, head: str, tree: dict[str, tuple[str, str]], folded: Folded) -> Iterator[Difference]:
    repo = journal.repo
    files = read_files(repo, {path: where for path, where in tree.items() if is_logged(path)})
    for file in files:
        last = folded.graph.last_of(file.entry) if file.entry else []
        if file.mode == "100644" and file.content in {one.c for one in last if one.c}:
            continue
        data = repo.blobs([file.oid]).get(file.oid)
        old = _recorded(journal, head, file.path, last)
        what = "has no record yet" if not last else "differs from its record"
        yield Difference(file.path, what, old, data)
    gone = {entry for entry, last in folded.last.items() if is_known(last)} - {file.entry for file in files}
    for entry, path in (deleted_names(repo, head, gone) if gone else {}).items():
        yield Difference(path, "is gone", _recorded(journal, head, path, folded.last[entry]), None)


def _recorded(journal: Journal, head: str, path: str, last: list[Last]) -> bytes | None:
    """Find the version that was recorded: under this name first, then (it was renamed) under any."""
    wanted = {one.c for one in last if one.c}
    for names in ((path,), ()) if wanted else ():
        found = versions(journal.repo, head, *names)
        blobs = journal.repo.blobs(sorted(journal.repo.local(oid for _, oid in found)))
        for name, oid in found:
            if oid in blobs and content_commitment(name, blobs[oid]) in wanted:
                return blobs[oid]
    return None


def _uncommitted(journal: Journal, tree: dict[str, tuple[str, str]]) -> Iterator[Difference]:
    untracked = {path for path in markdown_files(journal.root) if path not in tree}
    for path in sorted({path for path, (mode, _) in tree.items() if mode == "100644"} | untracked):
        place = journal.path(path)
        data = read_bytes(place) if is_plain(place) else None
        oid = tree[path][1] if path in tree else ""
        if data is None or journal.repo.blob_oid(data) != oid:
            old = journal.repo.blobs([oid]).get(oid) if oid else None
            yield Difference(path, "is not committed" if data is not None else "is deleted, not committed", old, data)


def unified(one: Difference) -> str:
    """Return a difference as a unified diff, with what a terminal would not show written out."""
    old, new = (_lines(data) for data in (one.old, one.new))
    head = f"{one.path}: {one.what}\n"
    if one.old is None and one.what == "differs from its record":
        return f"{head}the version that was recorded is not in this repository's history\n"
    names = f"recorded/{one.path}", f"now/{one.path}"
    return head + "".join(difflib.unified_diff(old, new, *names, n=2))


def _lines(data: bytes | None) -> list[str]:
    text = _CONTROL.sub(_escaped, (data or b"").decode("utf-8", "backslashreplace"))
    return [line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in _split(text)]


def _split(text: str) -> list[str]:
    return [line for line in re.split(r"(?<=\n)", text) if line]


def _escaped(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode()
