"""The journal on disk and its one write path: files, records and commit together, or not at all."""

from __future__ import annotations

import os

from session_journal.core.chain import (
    RECORDS_PER_FILE,
    Record,
    entry_commitment,
    find_id,
)
from session_journal.core.folders import LOG
from session_journal.core.redact import redact
from session_journal.errors import ConflictError, JournalError, NotFoundError
from session_journal.store import commit as commits
from session_journal.store.allowed import Allowed
from session_journal.store.busy import refuse_busy
from session_journal.store.files import read_bytes
from session_journal.store.git import leave_git, run_git, start_git
from session_journal.store.gitdirs import git_dir_of
from session_journal.store.guard import check, is_logged
from session_journal.store.lock import Lock
from session_journal.store.log import Lanes, read_end, remember_end
from session_journal.store.mend import is_needed, mend
from session_journal.store.pins import Pins
from session_journal.store.places import default_journal
from session_journal.store.recording import log_files, make_records
from session_journal.store.repository import Repository
from session_journal.store.staging import BusyError, IndexLock
from session_journal.store.waiting import keep_only, waiting, write_alone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from session_journal.store.log import LogEnd

TRIES = 5


class Change:
    """One file to write, move or (data None) delete; `base` is what the caller read there (None: nothing).

    entry: the entry commitment to record for a file that is gone already, where `base` can't tell its id; with an
    empty path the record stands alone and no file is touched. committed: the current commit has it so already, only
    the record is missing; working file and index entry are left alone.
    """

    __slots__ = ("base", "committed", "data", "entry", "old_path", "path")

    def __init__(
        self, path: str, data: bytes | None, base: bytes | None = None, old_path: str = "", entry: str = "",
        *, committed: bool = False,
    ) -> None:  # fmt: skip
        self.path, self.data, self.base, self.old_path, self.entry = path, data, base, old_path, entry
        self.committed = committed


class Published:
    """What a publish did: the commit ("" when nothing changed or it has to wait), its paths, why it waits."""

    __slots__ = ("commit", "paths", "waiting")

    def __init__(self, commit: str = "", paths: tuple[str, ...] = (), waiting: str = "") -> None:
        self.commit, self.paths, self.waiting = commit, paths, waiting


class _Job:
    """What one publish has to do.

    seen: what lay at its paths when it was checked; head: the commit whose files it records ("" for none); planned: the
    commit that has to be current still ("" for any); ended: an
    operation that git has ended, apart from its files (see Journal.record); mends_log: it writes the log's own files,
    so what the log ended in before counts no more.
    """

    __slots__ = ("begin", "changes", "ended", "head", "mends_log", "message", "now", "planned", "seen")

    def __init__(
        self, changes: list[Change], message: str, now: datetime, *, begin: bool = False, head: str = "",
        ended: str = "", planned: str = "",
    ) -> None:  # fmt: skip
        self.changes, self.message, self.now = changes, message, now
        self.begin, self.head, self.ended, self.planned = begin, head, ended, planned
        self.seen: dict[str, bytes | None] = {}
        self.mends_log = any(change.path.startswith(LOG) for change in changes)


class Journal:
    """A journal in a git worktree; `root` is the worktree's top, the files lie in `root`/journal/.

    watch: hands the paths of long work on one by one, so that whoever waits can be shown how far it is.
    """

    __slots__ = ("allowed", "env", "repo", "root", "watch")

    def __init__(self, root: str, env: Mapping[str, str]) -> None:
        self.repo = Repository(root)
        self.root = self.repo.root
        self.env = env
        self.allowed = Allowed(env)
        self.watch: Callable[[Sequence[str]], Iterable[str]] = iter

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
        planned: str = "",
    ) -> Published:
        """Write files, append their records and commit both at once; what else is staged or changed stays as it is.

        `reseal` records also what is unchanged on disk (committed by plain git). Only `begin` starts or joins logs.
        Raises ConflictError when a file is no longer what the caller read, or `planned` (where it is given) no longer
        the current commit, SecretError when a text still holds a secret; nothing is written then.
        """
        wanted = [change for change in changes if reseal or change.data != change.base or change.old_path]
        if not wanted:
            return Published()
        return self._publish(_Job(wanted, redact(message)[0], now, begin=begin, planned=planned), reseal=reseal)

    def record(
        self, changes: Sequence[Change], message: str, now: datetime, head: str, *, ended: str = ""
    ) -> Published:
        """Append the records of what the commit `head` has already; ConflictError when the branch has it no more.

        `ended`: git runs its last hook of a merge or a rebase before it removes the files that tell of it.
        """
        job = _Job(list(changes), redact(message)[0], now, head=head, ended=ended)
        return self._publish(job, reseal=True) if changes else Published()

    def _publish(self, job: _Job, *, reseal: bool) -> Published:
        for change in job.changes:
            for path in filter(None, (change.path, change.old_path)):
                check(self.root, path, change.data if path == change.path else None, self.allowed)
        identity = start_git(["var", "-l"], self.root)
        try:
            with Lock(self.cache("lock")):
                why = mend(self.repo)
                if job.planned and self.repo.head() != job.planned:
                    raise ConflictError("the journal has moved on meanwhile; nothing was written", "try again")
                job.seen = _compare(self, job.changes, reseal=reseal)
                why = why or self.repo.operation(job.ended)
                return self._write_and_wait(job, why) if why else self._publish_locked(job, identity)
        finally:
            identity.wait()

    def complete(self, now: datetime) -> Published:
        """Commit what earlier commands wrote while git was busy, and nothing else."""
        late, _ = self._late(())
        return self.publish(late, f"seal: {len(late)} files that waited", now, reseal=True)

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
                    late, refused = ([], waiting(self.repo)) if job.head or job.mends_log else self._late(named)
                    done = self._commit(index, job, late, who)
            except BusyError as error:
                return self._write_and_wait(job, error.message)
            if done:
                keep_only(self.repo, refused)
                return Published(done, paths)
        return self._write_and_wait(job, "other commits, one right after the other")

    def _commit(self, index: IndexLock, job: _Job, late: list[Change], who: commits.Identity) -> str:
        branch = self.repo.branch()
        head = self.repo.commit_of(branch)
        refuse_busy(self.repo, branch, head, job.ended)
        if job.head not in {"", head} and not self._holds(head, job.changes):
            raise ConflictError("the branch moved on meanwhile; nothing was written", "try again")
        end = read_end(self.repo, head)
        changes = [*late, *job.changes]
        if not end.heads and not job.begin:
            _refuse_without_log(changes)
        lanes = Lanes(self.git_dir, self.env)
        records = make_records(changes, int(job.now.timestamp()), end, *lanes.choose(end), begin=job.begin)
        own = [change for change in changes if not change.committed]
        files: dict[str, bytes | None] = {change.old_path: None for change in own if change.old_path}
        files.update({change.path: change.data for change in own if change.path})
        logs = log_files(self.repo, head, records, end) if records else {}
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
        elif not job.mends_log:
            self._settle(done, end, records, logs)
        return done

    def _give_back(self, lanes: Lanes, records: list[Record], end: LogEnd) -> None:
        """Let the lane go on where it was: nobody will ever see the records of a commit that failed in order."""
        if records and records[-1].w in end.tips and not commits.is_pending(self.repo):
            lanes.wrote(records[-1].w, end.tips[records[-1].w][1])

    def _settle(self, commit: str, end: LogEnd, records: list[Record], logs: Mapping[str, bytes]) -> None:
        """Pin what was written and keep what helps the next command; whatever fails now, the commit stands."""
        blobs = {path: self.repo.blob_oid(data) for path, data in logs.items()}
        try:
            pins, branch = Pins(self.repo.common_dir, self.env), self.repo.branch()
            for newest in records[-1:]:
                pins.advance(newest.w, newest.s, newest.id, newest.t, branch)
            remember_end(self.repo, commit, end.after(records, blobs))
            if any(record.s and record.s % RECORDS_PER_FILE == 0 for record in records):
                leave_git(["gc", "--auto", "--quiet"], self.root)  # plumbing alone would never let git tidy up
        except (JournalError, OSError):
            return

    def _holds(self, head: str, changes: list[Change]) -> bool:
        """Tell whether a commit has at the changes' paths what they were read from."""
        wanted = {change.path: change.data if change.committed else change.base for change in changes if change.path}
        tree = self.repo.tree(head, *wanted) if wanted else {}
        expected = {path: ("100644", self.repo.blob_oid(data)) for path, data in wanted.items() if data is not None}
        return tree == expected

    def _write_and_wait(self, job: _Job, why: str) -> Published:
        """Write the files alone; a later command commits them. What builds on one commit alone is not written."""
        write_alone(self.repo, [] if job.head else job.changes, job.seen)
        return Published("", tuple(change.path for change in job.changes if change.path), why)

    def _late(self, named: Collection[str]) -> tuple[list[Change], list[str]]:
        """Return what earlier commands wrote while git was busy, and the paths that may not be stored as they are."""
        late: list[Change] = []
        refused: list[str] = []
        for path in waiting(self.repo):
            try:
                change = self._late_change(path) if path not in named else None
                if change:
                    check(self.root, path, change.data, self.allowed)
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


def _refuse_without_log(changes: Iterable[Change]) -> None:
    if any(is_logged(change.path) for change in changes):
        raise JournalError(
            "the current commit has no journal log to build on",
            "git log --oneline -- journal/log, then git checkout COMMIT -- journal/log; or another branch",
        )


def _compare(journal: Journal, changes: Iterable[Change], *, reseal: bool) -> dict[str, bytes | None]:
    """Return what lies at the changes' paths, or refuse when one is no longer what its caller read."""
    own = [change for change in changes if not change.committed]
    paths = [path for change in own for path in (change.path, change.old_path) if path]
    seen = {path: read_bytes(journal.path(path)) for path in paths}
    for change in own:
        # What is sealed was moved by hand already: it lies at its new place, and nothing at the old one.
        there, here = (None, change.base) if change.old_path and not reseal else (change.base, None)
        if change.path:
            _compare_one(change.path, seen[change.path], there)
        if change.old_path:
            _compare_one(change.old_path, seen[change.old_path], here)
    return seen


def _compare_one(path: str, on_disk: bytes | None, base: bytes | None) -> None:
    if on_disk != base:
        what = "is already there" if base is None else "has changed on disk meanwhile"
        raise ConflictError(f"{path} {what}; nothing was written", "try again")
