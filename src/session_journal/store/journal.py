"""The journal on disk and its one write path: files, records and commit together, or not at all."""

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
from session_journal.core.redact import redact
from session_journal.errors import ConflictError, JournalError, NotFoundError
from session_journal.store import commit as commits
from session_journal.store.busy import busy
from session_journal.store.files import move_if_there, read_bytes
from session_journal.store.git import Repository, git_dir_of, leave_git, run_git, start_git
from session_journal.store.guard import check, is_logged
from session_journal.store.lock import Lock
from session_journal.store.log import Lanes, append, read_end, remember_end
from session_journal.store.mend import is_needed, mend
from session_journal.store.places import default_journal
from session_journal.store.staging import BusyError, IndexLock
from session_journal.store.waiting import keep_only, remember, waiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from session_journal.store.log import LogEnd

TRIES = 5


class Change:
    """One file to write, move or (data None) delete; `base` is what the caller read there (None: nothing).

    entry: the entry commitment to record for a file that is gone already, where `base` can't tell its id; with an
    empty path the record stands alone and no file is touched.
    """

    __slots__ = ("base", "data", "entry", "old_path", "path")

    def __init__(
        self, path: str, data: bytes | None, base: bytes | None = None, old_path: str = "", entry: str = ""
    ) -> None:
        self.path, self.data, self.base, self.old_path, self.entry = path, data, base, old_path, entry


class Published:
    """What a publish did: the commit ("" when nothing changed or it has to wait), its paths, why it waits."""

    __slots__ = ("commit", "paths", "waiting")

    def __init__(self, commit: str = "", paths: tuple[str, ...] = (), waiting: str = "") -> None:
        self.commit, self.paths, self.waiting = commit, paths, waiting


class _Job:
    """What one publish has to do; `seen` is what lay at its paths when it was checked."""

    __slots__ = ("begin", "changes", "message", "now", "seen")

    def __init__(
        self, changes: list[Change], seen: dict[str, bytes | None], message: str, now: datetime, *, begin: bool
    ) -> None:
        self.changes, self.seen, self.message, self.now, self.begin = changes, seen, message, now, begin


class Journal:
    """A journal in a git worktree; `root` is the worktree's top, the files lie in `root`/journal/."""

    __slots__ = ("_env", "repo", "root")

    def __init__(self, root: str, env: Mapping[str, str]) -> None:
        self.repo = Repository(root)
        self.root = self.repo.root
        self._env = env

    @property
    def git_dir(self) -> str:
        """Return this worktree's git directory."""
        return self.repo.git_dir

    def path(self, relative: str) -> str:
        """Return the absolute path of a journal file."""
        return os.path.join(self.root, *relative.split("/"))

    def cache(self, name: str) -> str:
        """Return the path of a local, disposable file inside the git directory."""
        return os.path.join(self.repo.common_dir, "journal", name)

    def publish(
        self,
        changes: Sequence[Change],
        message: str,
        now: datetime,
        *,
        reseal: bool = False,
        begin: bool = False,
        head: str = "",
    ) -> Published:
        """Write files, append their records and commit both at once; what else is staged or changed stays as it is.

        `reseal` records also what is unchanged on disk (a file committed by plain git). Only `begin` starts a log.
        Raises ConflictError when a file is no longer what the caller read, or `head` no longer the current commit,
        SecretError when a text still holds a secret; nothing is written then.
        """
        wanted = [change for change in changes if reseal or change.data != change.base or change.old_path]
        if not wanted:
            return Published()
        for change in wanted:
            for path in filter(None, (change.path, change.old_path)):
                check(self.root, path, change.data if path == change.path else None)
        identity = start_git(["var", "-l"], self.root)
        try:
            with Lock(self.cache("lock")):
                why = mend(self.repo)
                if head and self.repo.head() != head:
                    raise ConflictError("the journal has moved on meanwhile; nothing was written", "try again")
                seen = _compare(self, wanted, reseal=reseal)
                job = _Job(wanted, seen, redact(message)[0], now, begin=begin)
                why = why or self.repo.operation()
                return self._write_and_wait(wanted, why) if why else self._publish_locked(job, identity)
        finally:
            identity.wait()

    def mend(self) -> None:
        """Finish what a killed command left half done, where there is any sign of it."""
        if is_needed(self.repo):
            with Lock(self.cache("lock")):
                mend(self.repo)

    def _publish_locked(self, job: _Job, identity: commits.Started) -> Published:
        paths = tuple(change.path for change in job.changes if change.path)
        named = {*paths, *(change.old_path for change in job.changes)}
        who = commits.read_identity(identity.wait())
        for _ in range(TRIES):
            try:
                with IndexLock(self.repo) as index:
                    late, refused = self._late(named)
                    done = self._commit(index, job, late, who)
            except BusyError as error:
                return self._write_and_wait(job.changes, error.message)
            if done:
                keep_only(self.repo, refused)
                return Published(done, paths)
        return self._write_and_wait(job.changes, "other commits, one right after the other")

    def _commit(self, index: IndexLock, job: _Job, late: list[Change], who: commits.Identity) -> str:
        branch = self.repo.branch()
        head = self.repo.commit_of(branch)
        why = busy(self.repo, branch, head)
        if why:
            raise BusyError(why)
        end = read_end(self.repo, head)
        changes = [*late, *job.changes]
        if not end.heads and not job.begin and any(is_logged(change.path) for change in changes):
            raise JournalError(
                "the current commit has no journal log to build on",
                "git log --oneline -- journal/log, then git checkout COMMIT -- journal/log; or another branch",
            )
        lanes = Lanes(self.git_dir, self._env)
        records = _records(changes, int(job.now.timestamp()), end, *lanes.choose(end))
        files: dict[str, bytes | None] = {change.old_path: None for change in changes if change.old_path}
        files.update({change.path: change.data for change in changes if change.path})
        logs = self._log_files(head, records, end) if records else {}
        if records:
            files.update(logs)
            lanes.wrote(records[-1].w, records[-1].id)
        expected = {**{change.path: change.base for change in late}, **job.seen}
        plan = commits.Plan(branch, head, files, job.message, who, job.now, expected)
        try:
            done = commits.commit(self.repo, index, plan)
        except JournalError:
            self._give_back(lanes, records, end)
            raise
        if not done:
            self._give_back(lanes, records, end)
        else:
            blobs = {path: self.repo.blob_oid(data) for path, data in logs.items()}
            self._settle(done, end.after(records, blobs), records)
        return done

    def _give_back(self, lanes: Lanes, records: list[Record], end: LogEnd) -> None:
        """Let the lane go on where it was: nobody will ever see the records of a commit that failed in order."""
        if records and records[-1].w in end.tips and not commits.is_pending(self.repo):
            lanes.wrote(records[-1].w, end.tips[records[-1].w][1])

    def _settle(self, commit: str, end: LogEnd, records: list[Record]) -> None:
        """Do what helps the next command; whatever fails now, the commit stands and is no failure."""
        try:
            remember_end(self.repo, commit, end)
            if any(record.s and record.s % RECORDS_PER_FILE == 0 for record in records):
                leave_git(["gc", "--auto", "--quiet"], self.root)  # plumbing alone would never let git tidy up
        except (JournalError, OSError):
            return

    def _log_files(self, head: str, records: list[Record], end: LogEnd) -> dict[str, bytes]:
        first = lane_file(records[0].w, records[0].s)
        files: dict[str, bytes] = {}
        if records[0].s % RECORDS_PER_FILE:
            files[first] = self._committed(head, first, end.blobs.get(first, ""))
        append(files, records, [encode(record) for record in records])
        return files

    def _committed(self, head: str, path: str, known: str) -> bytes:
        on_disk = read_bytes(self.path(path)) if known else None
        if on_disk is not None and self.repo.blob_oid(on_disk) == known:
            return on_disk
        return self.repo.git("cat-file", "blob", f"{head}:{path}").out

    def _write_and_wait(self, changes: Iterable[Change], why: str) -> Published:
        """Write the files alone; a later command commits them."""
        remember(self.repo, filter(None, (path for change in changes for path in (change.path, change.old_path))))
        for change in changes:
            if change.old_path:
                move_if_there(self.path(change.old_path), self.path(change.path))
            if change.path:
                commits.write_file(self.path(change.path), change.data)
        return Published("", tuple(change.path for change in changes if change.path), why)

    def _late(self, named: Collection[str]) -> tuple[list[Change], list[str]]:
        """Return what earlier commands wrote while git was busy, and the paths that may not be stored as they are."""
        late: list[Change] = []
        refused: list[str] = []
        for path in waiting(self.repo):
            try:
                change = self._late_change(path) if path not in named else None
                if change:
                    check(self.root, path, change.data)
                    late.append(change)
            except JournalError:
                refused.append(path)  # `journal seal` names it and says why
        late.sort(key=lambda change: change.data is not None)  # of a move, the log's last word is where the entry is
        return late, refused

    def _late_change(self, path: str) -> Change | None:
        on_disk = read_bytes(self.path(path))
        if on_disk is not None:
            return Change(path, on_disk, on_disk)
        committed = self.repo.git("cat-file", "blob", f"HEAD:{path}", check=False)
        entry_id = find_id(committed.out) if committed.code == 0 else ""
        return Change(path, None, entry=entry_commitment(entry_id)) if entry_id else None


def open_journal(explicit: str = "", cwd: str = "", env: Mapping[str, str] = os.environ) -> Journal:
    """Find the journal: `explicit`, then JOURNAL_HOME, then upwards from `cwd`, then the user's default journal."""
    named = explicit or env.get("JOURNAL_HOME", "")
    if named:
        return _open_at(os.path.abspath(os.path.expanduser(named)), env)
    folder = os.path.abspath(cwd or os.getcwd())
    while True:
        # Only at the top of a repository: its git directory keeps the journal's history.
        names = (os.path.join("journal", "journal.toml"), ".git")
        if all(os.path.exists(os.path.join(folder, name)) for name in names):
            return Journal(folder, env)
        parent = os.path.dirname(folder)
        if parent == folder:
            break
        folder = parent
    default = default_journal(env)
    if not default:
        raise NotFoundError("there is no journal yet", "journal init")
    return _open_at(default, env)


def _open_at(root: str, env: Mapping[str, str]) -> Journal:
    if os.path.basename(root) == "journal" and os.path.isfile(os.path.join(root, "journal.toml")):
        root = os.path.dirname(root)
    if not os.path.isfile(os.path.join(root, "journal", "journal.toml")):
        raise NotFoundError(f"{root} holds no journal", f"journal init {root}")
    return Journal(root, env)


def create(root: str, now: datetime, files: Mapping[str, bytes], env: Mapping[str, str] = os.environ) -> Journal:
    """Make a journal in `root`: the git repository where there is none, these files and the log's first record."""
    os.makedirs(root, exist_ok=True)
    if not os.path.exists(os.path.join(git_dir_of(root) or os.path.join(root, ".git"), "HEAD")):
        run_git(["init", "--quiet"], root)
    journal = Journal(root, env)
    journal.mend()
    changes = [Change(path, data, read_bytes(journal.path(path))) for path, data in sorted(files.items())]
    journal.publish(changes, "journal: begin", now, begin=True)
    return journal


def _compare(journal: Journal, changes: Iterable[Change], *, reseal: bool) -> dict[str, bytes | None]:
    """Return what lies at the changes' paths, or refuse when one is no longer what its caller read."""
    seen = {change.path: read_bytes(journal.path(change.path)) for change in changes if change.path}
    for change in changes:
        if change.old_path and not reseal:
            _compare_one(change.path, seen[change.path], None)
            _compare_one(change.old_path, read_bytes(journal.path(change.old_path)), change.base)
        elif change.path:  # what is sealed was moved by hand already: it lies at its new place
            _compare_one(change.path, seen[change.path], change.base)
    return seen


def _compare_one(path: str, on_disk: bytes | None, base: bytes | None) -> None:
    if on_disk != base:
        what = "is already there" if base is None else "has changed on disk meanwhile"
        raise ConflictError(f"{path} {what}; nothing was written", "try again")


def _records(changes: Iterable[Change], seconds: int, end: LogEnd, lane: str, seq: int) -> list[Record]:
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

    if not parents:  # `begin`: nothing else writes without a log to build on
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
