"""Checks of a journal's own state: its settings, log and files, commits that wait, locks, hooks, the search index."""

from __future__ import annotations

import os
from collections.abc import Iterator

from session_journal.app import git_hooks
from session_journal.app.archiving import is_wanted, open_remote
from session_journal.app.doctor import Fix, JournalCheck, Patient, Seen
from session_journal.app.seal import seal
from session_journal.app.search import INDEX, ask
from session_journal.app.verify import verify
from session_journal.core import config
from session_journal.core.text import counted
from session_journal.errors import JournalError
from session_journal.store.files import markdown_files, read_bytes
from session_journal.store.guard import is_logged
from session_journal.store.journal import Journal
from session_journal.store.mend import is_needed
from session_journal.store.settings import load, read_toml
from session_journal.store.staging import OURS
from session_journal.store.traces import FOLDERS
from session_journal.store.waiting import waiting

_SHOWN = 5
_HAND_WORK = frozenset({"uncommitted-change", "uncommitted-deletion", "unsealed", "no-id"})  # what check_sealed tells
_STALE_LOCK = 600.0
_SQLITE = b"SQLite format 3\0"


def check_own_settings(_: Patient, journal: Journal) -> Iterator[Seen]:
    """Read journal.toml, and name what in it counts for nothing."""
    path = journal.path("journal/journal.toml")
    flat = config.flatten(read_toml(path))
    own = {name: value for name, value in flat.items() if name not in {"format", "here"}}
    odd = [name for name in own if not config.known({name: own[name]}, shared_only=True)]
    for name in odd:
        yield "warn", f"{path}: {name} counts for nothing there", "journal config list"
    if not odd:
        yield "ok", "journal.toml", ""


def check_log(patient: Patient, journal: Journal) -> Iterator[Seen]:
    """Verify what is new since the last verification."""
    verdict = verify(journal, int(patient.now.timestamp()), progress=patient.say)
    findings = [one for one in verdict.findings if one.code not in _HAND_WORK or not is_logged(one.where)]
    for finding in findings[:_SHOWN]:
        level = "fail" if finding.level == "FAIL" else "warn"
        yield level, f"{finding.where}: {finding.message}", finding.hint or "journal verify"  # type: ignore[misc]
    if len(findings) > _SHOWN:
        yield "warn", counted(len(findings) - _SHOWN, "more finding"), "journal verify"
    for what in verdict.unchecked:
        yield "warn", f"not looked at: {what}", "journal verify"
    if not findings:
        yield "ok", f"{counted(verdict.files, 'file')} and {counted(verdict.records, 'record')} agree", ""


def check_sealed(patient: Patient, journal: Journal) -> Iterator[Seen]:
    """Look for files that were changed by hand and not recorded."""
    planned = seal(journal, patient.now, dry_run=True)
    for refused in planned.refused[:_SHOWN]:
        yield "fail", refused.told, refused.hint or f"put {refused.path} right, then `journal seal`"
    waits = set(waiting(journal.repo))
    paths = sorted({planned.where(change) for change in planned.changes} - waits)
    if paths:
        yield "warn", f"{counted(len(paths), 'file')} changed and not recorded: {_few(paths)}", "journal seal"
    elif not planned.refused:
        yield "ok", "every file is recorded", ""


def check_waiting(patient: Patient, journal: Journal) -> Iterator[Seen]:
    """Look for commits that wait, and for what a killed command left half done."""
    busy = journal.repo.operation()
    paths = waiting(journal.repo)
    if busy:
        told = f"; {counted(len(paths), 'file')} wait for it to end: {_few(paths)}" if paths else ""
        yield "warn", f"git is in the middle of {busy}{told}", f"git -C {journal.root} status"
    elif paths:
        fix = Fix("commit what waits", lambda: _complete(journal, patient))
        told = f"{counted(len(paths), 'file')} written whose commit waits: {_few(paths)}"
        yield "warn", told, "journal doctor --fix", fix
    if is_needed(journal.repo):
        fix = Fix("finish what a killed command left half done", lambda: _mend(journal))
        yield "warn", "a command was killed in the middle of a commit", "journal doctor --fix", fix
    elif not busy and not paths:
        yield "ok", "no commit waits", ""


def _complete(journal: Journal, patient: Patient) -> str:
    done = journal.complete(patient.now)
    if done.waiting:
        raise JournalError(f"the commit waits still, for git is in the middle of {done.waiting}")
    return f"committed {counted(len(done.paths), 'file')}"


def _mend(journal: Journal) -> str:
    journal.mend()
    return "finished"


def check_locks(patient: Patient, journal: Journal) -> Iterator[Seen]:
    """Look for git's own lock files that nobody holds any more."""
    found = False
    for name in ("index.lock", "HEAD.lock", "config.lock", "packed-refs.lock"):
        for folder in dict.fromkeys((journal.git_dir, journal.repo.common_dir)):
            path = os.path.join(folder, name)
            if not os.path.lexists(path) or (name == "index.lock" and read_bytes(path) == OURS):
                continue
            age = patient.now.timestamp() - os.lstat(path).st_mtime
            if age > _STALE_LOCK:
                found = True
                yield (
                    "fail",
                    f"{path} has been there for {age / 60:.0f} min; git refuses to commit",
                    f"if no git runs there: rm {path}",
                )
    if not found:
        yield "ok", "no lock was left behind", ""


def check_hooks(_: Patient, journal: Journal) -> Iterator[Seen]:
    """Look whether git runs the journal's hooks."""
    states = git_hooks.status(journal)
    odd = {state.state: state for state in states if not state.active or state.hint}
    if all(state.state == "not installed" for state in states):
        yield "ok", "not installed; `journal seal` records what you commit by hand", "journal hooks install git"
    elif odd:
        for state in odd.values():
            yield "warn", f"{state.hook}: {state.state}", state.hint
    else:
        yield "ok", "active", ""


def check_index(_: Patient, journal: Journal) -> Iterator[Seen]:
    """Look at the search index: it may be made anew at any time."""
    path = journal.cache(INDEX)
    fix = Fix("bring the search index up to date", lambda: _rebuild(journal))
    head = (read_bytes(path) or b"")[: len(_SQLITE)] if os.path.lexists(path) else _SQLITE
    if head not in {_SQLITE, b""}:
        yield "warn", f"{path} is no index; it is made anew", "journal doctor --fix", fix
        return
    newer = _newer(journal, path)
    told = f"{counted(newer, 'file')} newer than the index; the next search reads them" if newer else "up to date"
    yield "ok", told, "", fix if newer else None


def check_events(patient: Patient, journal: Journal) -> Iterator[Seen]:
    """Tell whether events of sessions are committed, how much of them is, and what keeps them from it."""
    settings = load(patient.env, journal.root)
    reader = open_remote(journal, settings) if is_wanted(settings) else ""
    pages = markdown_files(journal.root, "archive")
    size = sum(_size(journal.path(page)) for page in pages)
    told = f"events of {counted(len(pages), 'session')} are committed ({size / 1e6:.1f} MB)"
    if reader:
        why = f"no more events are committed while remote {reader} is not marked as private"
        yield "warn", f"{told}; {why}", f"journal config set remote.{reader} private, if nobody else can read it"
    elif is_wanted(settings) or pages:
        yield "ok", told, ""


def _size(path: str) -> int:
    try:
        return os.lstat(path).st_size
    except OSError:
        return 0


def _newer(journal: Journal, path: str) -> int:
    try:
        made = os.stat(path).st_mtime_ns
    except OSError:
        made = 0
    return sum(_written(journal.path(file)) > made for file in markdown_files(journal.root, *FOLDERS))


def _written(path: str) -> int:
    try:
        return os.lstat(path).st_mtime_ns
    except OSError:
        return 0


def _rebuild(journal: Journal) -> str:
    ask(journal, lambda _: None)
    return "the search index is up to date"


def _few(paths: list[str]) -> str:
    return ", ".join(paths[:3]) + (", …" if len(paths) > 3 else "")


CHECKS: tuple[tuple[str, JournalCheck], ...] = (
    ("journal.toml", check_own_settings),
    ("log", check_log),
    ("files", check_sealed),
    ("commits", check_waiting),
    ("locks", check_locks),
    ("git hooks", check_hooks),
    ("index", check_index),
    ("events", check_events),
)
