"""Put the log's files right: union after a conflict, lines back that a commit took away, and letting go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from session_journal.app.grown import look_for_pins, losses
from session_journal.core.chain import Record
from session_journal.core.fold import fold
from session_journal.core.growth import Loss
from session_journal.core.union import merge_lines, rebuild
from session_journal.errors import JournalError
from session_journal.store.files import read_bytes, remove_if_there, write_atomic
from session_journal.store.git import Repository
from session_journal.store.history import History
from session_journal.store.journal import Change, Journal
from session_journal.store.log import FOLDER, read_log
from session_journal.store.memory import recall
from session_journal.store.pins import Pins


@dataclass(slots=True)
class Repaired:
    """What was put right (path, what was done), which files could not be, and what to run next."""

    repaired: list[tuple[str, str]] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class Lost:
    """Records of a lane that are gone: how to name them to a person, and their ids."""

    lane: str
    told: tuple[str, ...]
    records: frozenset[str]


def repair(journal: Journal, now: datetime, *, dry_run: bool = False) -> Repaired:
    """Resolve the log's conflicts in the middle of an operation, else restore what the history had."""
    conflicts = journal.repo.conflicts(FOLDER)
    if conflicts:
        return _resolve(journal, conflicts, dry_run=dry_run)
    return restore(journal, now, dry_run=dry_run)


def _resolve(journal: Journal, conflicts: Mapping[str, Mapping[int, str]], *, dry_run: bool) -> Repaired:
    """Write and stage the union: our lines, and those the other side added if all they build on is there."""
    done = Repaired(next_step="git status; finish what git is doing, then journal seal")
    blobs = journal.repo.blobs([oid for sides in conflicts.values() for oid in sides.values()])
    sides = {
        stage: {path: blobs.get(oids.get(stage, ""), b"") for path, oids in conflicts.items()} for stage in (1, 2, 3)
    }
    known = {**read_log(journal.repo, "HEAD"), **sides[2]}
    merged, left = merge_lines(sides[1], sides[2], sides[3], known)
    done.left = left
    for path, data in merged.items():
        done.repaired.append((path, "resolved"))
        if not dry_run:
            _stage(journal, path, data)
    return done


def _stage(journal: Journal, path: str, data: bytes) -> None:
    if data:
        write_atomic(journal.path(path), data)
    else:  # no record of it is ours
        remove_if_there(journal.path(path))
    journal.repo.git("add", "--force", "--all", "--", path)


def restore(journal: Journal, now: datetime, *, dry_run: bool = False) -> Repaired:
    """Bring back the records that a commit took out of the log, and drop lines that are none."""
    repo, head = journal.repo, journal.repo.head()
    operation = repo.operation()
    if operation or not head:
        return Repaired(next_step=f"finish {operation} with git, then journal seal")
    abandoned = Pins(repo.common_dir, journal.env).abandoned()
    gone = [loss for loss in _losses(repo, head) if not loss.back]
    lines = [
        (record, line)
        for loss in gone
        for record, line in zip(loss.records, loss.lines, strict=True)
        if record.id not in abandoned
    ]
    files = read_log(repo, head)
    fixed = rebuild(files, lines)
    changes = [
        Change(path, data, read_bytes(journal.path(path)))
        for path, data in sorted(fixed.items())
        if data != files.get(path)
    ]
    done = Repaired([(change.path, "restored") for change in changes], next_step="journal seal")
    if changes and not dry_run:
        journal.publish(
            changes, f"log: restore {len(changes)} file{'' if len(changes) == 1 else 's'}", now, reseal=True
        )
    return done


def _losses(repo: Repository, head: str) -> list[Loss]:
    before = recall(repo, head)
    return losses(repo, head, History(repo, head, before.commit if before else ""))[0]


def lost_of(journal: Journal, lane: str) -> Lost:
    """Return what is gone of a lane, named by its first characters; JournalError where nothing is."""
    repo, head = journal.repo, journal.repo.head()
    pins = Pins(repo.common_dir, journal.env)
    folded = fold(read_log(repo, head))
    missing = [pin for pin in pins.all() if list(look_for_pins(repo, folded.graph, [pin]))]
    abandoned = pins.abandoned()
    found = [
        (loss, record)
        for loss in losses(repo, head, History(repo, head))[0]
        for record in loss.records
        if not loss.back and record.id not in abandoned
    ]
    lanes = {pin.lane for pin in missing} | {record.w for _, record in found}
    named = sorted(one for one in lanes if one.startswith(lane)) if len(lane) >= 4 else []
    if len(named) != 1:
        known = f"lanes with lost records: {', '.join(sorted(lanes))}" if lanes else "no lane has lost a record"
        raise JournalError(f"{lane}: nothing to let go; {known}", "journal verify")
    told = [f"record {pin.seq} of lane {pin.lane}, seen on this machine" for pin in missing if pin.lane == named[0]]
    told += [_told(record, loss) for loss, record in found if record.w == named[0]]
    return Lost(named[0], tuple(told), frozenset(record.id for _, record in found if record.w == named[0]))


def _told(record: Record, loss: Loss) -> str:
    return f"record {record.s} of lane {record.w}, taken out by commit {loss.commit[:12]}"


def let_go(journal: Journal, lost: Lost) -> None:
    """Let go of lost records on this machine."""
    Pins(journal.repo.common_dir, journal.env).let_go(lost.lane, sorted(lost.records))
