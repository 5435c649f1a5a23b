"""The records that changes need: one each, in a line that goes on from the log's end."""

from __future__ import annotations

import os

from session_journal.core.chain import (
    RECORDS_PER_FILE,
    Record,
    content_commitment,
    encode,
    entry_commitment,
    find_id,
    lane_file,
)
from session_journal.store.files import read_bytes
from session_journal.store.guard import is_logged
from session_journal.store.log import append

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from session_journal.store.journal import Change
    from session_journal.store.log import LogEnd
    from session_journal.store.repository import Repository


def make_records(
    changes: Iterable[Change], seconds: int, end: LogEnd, lane: str, seq: int, *, begin: bool
) -> list[Record]:
    """Return the records of changes, from place `seq` of a lane; `begin` puts a beginning of the log before them."""
    parents, lamport = end.heads, end.lamport
    records: list[Record] = []

    def add(op: str, c: str = "", e: str = "") -> None:
        before = records[-1] if records else None
        records.append(
            Record(
                op=op, w=lane, s=seq + len(records), t=seconds, c=c, e=e,
                p=(before.id,) if before else parents, l=(before.l if before else lamport) + 1,
            )
        )  # fmt: skip

    if begin:  # nothing else writes without a log to build on; with one, it joins logs that began apart
        add("init", c=os.urandom(32).hex())
    for change in changes:
        if not is_logged(change.path) and not change.entry:
            continue
        known = change.data if change.data is not None else change.base
        e = change.entry or entry_commitment(find_id(known or b""))
        if change.data is None:
            add("del", e=e)
        else:
            add("move" if change.old_path else "put", content_commitment(change.path, change.data), e)
    return records


def log_files(repo: Repository, head: str, records: list[Record], end: LogEnd) -> dict[str, bytes]:
    """Return the log files of a commit (path → bytes) that records go into, with those records."""
    first = lane_file(records[0].w, records[0].s)
    files: dict[str, bytes] = {}
    if records[0].s % RECORDS_PER_FILE:
        files[first] = _committed(repo, head, first, end.blobs.get(first, ""))
    append(files, records, [encode(record) for record in records])
    return files


def _committed(repo: Repository, head: str, path: str, known: str) -> bytes:
    on_disk = read_bytes(os.path.join(repo.root, *path.split("/"))) if known else None
    if on_disk is not None and repo.blob_oid(on_disk) == known:
        return on_disk
    return repo.git("cat-file", "blob", f"{head}:{path}").out
