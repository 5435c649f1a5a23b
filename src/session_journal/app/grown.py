"""What has to be there still: the log's earlier lines, what this machine has seen, what somebody has noted."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence

from session_journal.core.chain import lane_file, record_id
from session_journal.core.fold import Finding
from session_journal.core.graph import Graph
from session_journal.core.growth import Growth, Loss
from session_journal.core.text import counted
from session_journal.errors import JournalError
from session_journal.store.history import History, boundaries, prefixes
from session_journal.store.pins import Pin
from session_journal.store.repository import Repository

_ID = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


def read_growth(repo: Repository, head: str, history: History) -> Growth:
    """Return how the log grew on its way to a commit."""
    steps = history.steps()
    files = _newest(repo, head, {step.path for step in steps}) if steps else {}
    known = prefixes(repo, steps, files)
    others = {oid for step in steps for oid in (step.old, step.new) if oid and (step.path, oid) not in known}
    blobs = repo.blobs(sorted(repo.local(others)))
    return Growth(steps, known, files, blobs.get)


def _newest(repo: Repository, head: str, paths: set[str]) -> dict[str, bytes]:
    tree = {path: oid for path, (mode, oid) in repo.tree(head, "journal/log").items() if mode == "100644"}
    wanted = {path: tree[path] for path in paths if path in tree}
    blobs = repo.blobs(list(wanted.values()))
    return {path: blobs[oid] for path, oid in wanted.items() if oid in blobs}


def tell_losses(losses: Iterable[Loss], abandoned: set[str]) -> Iterator[Finding]:
    """Yield a finding for each loss: a failure unless the log has the records again, or they were let go."""
    for loss in losses:
        where = f"{loss.path}, commit {loss.commit[:12]}"
        look = f"git show {loss.commit[:12]} -- journal/log"
        lost = [record for record in loss.gone if record.id not in abandoned]
        if lost:
            hint = f"`journal log repair` brings them back; `journal log abandon {lost[0].w}` lets them go"
            message = f"this commit took {counted(len(lost), 'record')} out of the log"
            yield Finding("FAIL", "lost", where, message, hint)
        elif loss.gone:
            message = f"{counted(len(loss.gone), 'record')} lost here, let go on this machine"
            yield Finding("WARN", "abandoned", where, message, look)
        elif loss.back:
            message = f"this commit took {counted(len(loss.back), 'record')} away, and the log has them again"
            yield Finding("WARN", "lost-and-back", where, message, look)
        else:
            yield Finding("WARN", "put-right", where, "this commit took out what had stood in a record's place", look)


def tell_unread(repo: Repository, unread: int) -> Iterator[str]:
    """Yield what could not be checked, in words."""
    if boundaries(repo):
        yield "this is a shallow clone: how the log grew before its first commits was not checked"
    if unread:
        yield f"{unread} earlier version(s) of the log are not in this partial clone and were not checked"


def look_for_pins(repo: Repository, graph: Graph, pins: Sequence[Pin]) -> Iterator[Finding]:
    """Yield what became of records that this machine has seen here and that the log does not have.

    A failure where no branch has them, or another record stands in their place; a warning where this branch had them.
    """
    gone = [pin for pin in pins if graph.where(pin.id) is None]
    elsewhere = _on_other_branches(repo, gone) if gone else set()
    branch = repo.branch()
    for pin in gone:
        where, seen = f"journal/log/{pin.lane}", f"this machine has seen record {pin.seq} of this lane"
        let_go = f"`journal log abandon {pin.lane}` lets it go"
        if graph.tips.get(pin.lane, (-1, ""))[0] >= pin.seq:
            message = f"{seen}, and another record stands in its place"
            yield Finding("FAIL", "pin", where, message, f"compare with another clone, or the reflog; {let_go}")
        elif pin.id not in elsewhere:
            message = f"{seen}, and no branch has it any more"
            hint = f"`journal sync`, or merge its commit (git reflog); {let_go}"
            yield Finding("FAIL", "pin", where, message, hint)
        elif pin.branch == branch:
            message = f"{seen} on this branch, and only other branches have it now"
            yield Finding("WARN", "pin-moved", where, message, f"git log --all -- {where}; {let_go}")


def _on_other_branches(repo: Repository, pins: Iterable[Pin]) -> set[str]:
    refs = repo.git("for-each-ref", "--format=%(objectname)").out.decode().split()
    asked = [(pin, f"{ref}:{lane_file(pin.lane, pin.seq)}") for pin in pins for ref in sorted(set(refs))]
    names = repo.objects_named([name for _, name in asked])
    blobs = repo.blobs(sorted(repo.local(set(names.values()))))
    found = set()
    for pin, name in asked:
        data = blobs.get(names.get(name, ""), b"")
        if any(record_id(line) == pin.id for line in data.splitlines()):
            found.add(pin.id)
    return found


def look_for_anchors(graph: Graph, anchors: Iterable[str]) -> Iterator[Finding]:
    """Yield a failure for each noted record that the log does not have."""
    for anchor in anchors:
        if graph.where(anchor) is None:
            message = "the anchor names this record, and the log does not have it"
            hint = "compare with the journal that the anchor was taken from"
            yield Finding("FAIL", "anchor", f"record {anchor[:16]}", message, hint)


def read_anchor(path: str) -> tuple[str, ...]:
    """Return the record ids that a text names: what `journal verify` printed once, or anything that quotes it."""
    try:
        with open(path, "rb") as file:
            found = _ID.findall(file.read())
    except OSError as error:
        raise JournalError(f"{path} cannot be read: {error.strerror}", "give a file that names a head") from error
    if not found:
        raise JournalError(
            f"{path} names no record (64 hex digits)", "journal verify > FILE notes the head; compare with it later"
        )
    return tuple(dict.fromkeys(key.decode() for key in found))


def look_for_replacements(repo: Repository) -> Iterator[Finding]:
    """Yield a warning where git was told to show other objects than the real ones; they are not followed here."""
    if repo.git("for-each-ref", "--count=1", "refs/replace").out:
        message = "git shows other objects in the place of real ones here; they were not followed"
        yield Finding("WARN", "replaced", "refs/replace", message, "git replace -l; git replace -d OBJECT")
    if os.path.exists(os.path.join(repo.common_dir, "info", "grafts")):
        message = "commits are given other parents here; that was not followed"
        yield Finding("WARN", "grafted", ".git/info/grafts", message, "remove the file")
