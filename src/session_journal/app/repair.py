"""Put the log's files right: union after a conflict, lines back that a commit took away, and letting go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from session_journal.app.grown import look_for_pins, read_growth
from session_journal.core.chain import Record, lane_file
from session_journal.core.fold import fold
from session_journal.core.growth import Growth
from session_journal.core.records import record
from session_journal.core.union import merge_lines, rebuild, records_of
from session_journal.errors import JournalError
from session_journal.store.files import read_bytes, remove_if_there, write_atomic
from session_journal.store.history import History
from session_journal.store.journal import Change, Journal
from session_journal.store.log import FOLDER, read_log
from session_journal.store.memory import recall
from session_journal.store.pins import Pins


@record(slots=True)
class Repaired:
    """What was put right (path, what was done), which files could not be, and what to run next."""

    repaired: list[tuple[str, str]] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    next_step: str = ""


@record(frozen=True, slots=True)
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


def restore(journal: Journal, now: datetime, *, replace: bool = True, dry_run: bool = False) -> Repaired:
    """Bring back the records that a commit took out of the log.

    With `replace` also those whose place an impostor has taken, and lines that are no records go; if that mends more
    than it breaks. Without it, only a log that is sound but for what is missing is touched.
    """
    repo, head = journal.repo, journal.repo.head()
    operation = repo.operation()
    if operation or not head:
        return Repaired(next_step=f"finish {operation} with git, then journal seal")
    growth, gone = _read_lost(journal, head)
    lost = [record for _, record in gone]
    if not lost and not replace:
        return Repaired()
    files = read_log(repo, head)
    fixed = _best(files, lost, growth, replace=replace)
    done = Repaired([(path, "restored") for path in sorted(fixed) if fixed[path] != files.get(path)])
    done.next_step = "journal seal" if done.repaired else ""
    there = {record.id for record in records_of(fixed).values()}
    done.left = sorted({lane_file(record.w, record.s) for record in lost if record.id not in there}) if replace else []
    changes = [Change(path, fixed[path], read_bytes(journal.path(path))) for path, _ in done.repaired]
    if changes and not dry_run:
        journal.publish(changes, "log: restore records that a commit took away", now, reseal=True)
    return done


def _best(files: dict[str, bytes], lost: list[Record], growth: Growth, *, replace: bool) -> dict[str, bytes]:
    """Return the log with what was lost, if that has fewer faults; what would break more than it mends stays out."""
    faults = len(fold(files).findings)
    if replace:
        fixed = rebuild(files, lost, growth.is_impostor)
    else:
        taken = records_of(files)
        fixed = files if faults else rebuild(files, [one for one in lost if (one.w, one.s) not in taken])
    left = len(fold(fixed).findings)
    return fixed if left < faults or not left else files


def _read_lost(journal: Journal, head: str, *, whole: bool = False) -> tuple[Growth, list[tuple[str, Record]]]:
    """Return how the log grew, and (commit, record) of what a commit took out and nobody let go, newest first."""
    repo = journal.repo
    before = None if whole else recall(repo, head, journal.env)
    growth = read_growth(repo, head, History(repo, head, before.commit if before else ""))
    losses = growth.losses()
    if before and any(loss.gone or loss.impostors for loss in losses):
        return _read_lost(journal, head, whole=True)
    let_go = Pins(repo.common_dir, journal.env).abandoned()
    return growth, [(loss.commit, record) for loss in losses for record in loss.gone if record.id not in let_go]


def lost_of(journal: Journal, lane: str) -> Lost:
    """Return what is gone of a lane, named by its first characters; JournalError where nothing is."""
    repo, head = journal.repo, journal.repo.head()
    pins = Pins(repo.common_dir, journal.env)
    folded = fold(read_log(repo, head))
    missing = [pin for pin in pins.all() if list(look_for_pins(repo, folded.graph, [pin]))]
    found = _read_lost(journal, head, whole=True)[1]
    lanes = {pin.lane for pin in missing} | {record.w for _, record in found}
    named = sorted(one for one in lanes if one.startswith(lane)) if len(lane) >= 4 else []
    if len(named) != 1:
        known = f"lanes with lost records: {', '.join(sorted(lanes))}" if lanes else "no lane has lost a record"
        raise JournalError(f"{lane}: nothing to let go; {known}", "journal verify")
    told = [f"record {pin.seq} of lane {pin.lane}, seen on this machine" for pin in missing if pin.lane == named[0]]
    mine = [(commit, record) for commit, record in found if record.w == named[0]]
    told += [f"record {record.s} of lane {record.w}, taken out by commit {commit[:12]}" for commit, record in mine]
    return Lost(named[0], tuple(told), frozenset(record.id for _, record in mine))


def let_go(journal: Journal, lost: Lost) -> None:
    """Let go of lost records on this machine."""
    Pins(journal.repo.common_dir, journal.env).let_go(lost.lane, sorted(lost.records))


def join_roots(journal: Journal, now: datetime, *, dry_run: bool = False) -> bool:
    """Record that a log of several beginnings is one from here on; False where no such record is needed."""
    found = fold(read_log(journal.repo, journal.repo.head())).findings
    needed = any(finding.code == "two-roots" for finding in found)
    if needed and not dry_run:
        journal.publish([Change("", None)], "journal: join", now, reseal=True, begin=True)
    return needed
