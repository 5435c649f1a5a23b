"""The journal on disk and its one write path: files, records and commit together, or not at all."""

from __future__ import annotations

import os

from session_journal.core.chain import Record, content_commitment, encode, entry_commitment, find_id, lane_file
from session_journal.core.redact import redact
from session_journal.errors import ConflictError, JournalError, NotFoundError, SecretError
from session_journal.store import commit as commits
from session_journal.store.files import read_bytes, remove_if_there, write_atomic
from session_journal.store.git import Repository, find_root, run_git, start_git
from session_journal.store.lock import Lock
from session_journal.store.log import Lanes, append, read_end, remember_end

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from session_journal.store.log import LogEnd

TRIES = 5


class Change:
    """One file to write, move or (data None) delete; `base` is what the caller read there (None: nothing).

    entry: the entry commitment to record for a file that is gone already, where `base` can't tell its id.
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

    def publish(self, changes: Sequence[Change], message: str, now: datetime, *, reseal: bool = False) -> Published:
        """Write files, append their records and commit both at once; what else is staged or changed stays as it is.

        `reseal` records also what is unchanged on disk (a file committed by plain git). Raises ConflictError when a
        file is no longer what the caller read, SecretError when a text still holds a secret; nothing is written then.
        """
        wanted = [change for change in changes if reseal or change.data != change.base or change.old_path]
        if not wanted:
            return Published()
        for change in wanted:
            _check(change)
        identity = start_git(["var", "-l"], self.root)
        try:
            with Lock(self.cache("lock")):
                commits.mend(self.repo)
                _compare(self, wanted, reseal=reseal)
                return self._publish_locked(wanted, message, now, identity)
        finally:
            identity.wait()

    def _publish_locked(
        self, changes: list[Change], message: str, now: datetime, identity: commits.Started
    ) -> Published:
        paths = tuple(change.path for change in changes)
        waiting = self.repo.operation() or commits.held_index(self.repo)
        if waiting:
            self._write_and_wait(changes)
            return Published("", paths, waiting)
        who = commits.read_identity(identity.wait())
        late = self._take_waiting(paths)
        for _ in range(TRIES):
            done = self._commit([*late, *changes], message, now, who)
            if done:
                remove_if_there(self._waiting_file())
                return Published(done, paths)
        raise JournalError(
            "the branch moved on each time the journal wanted to commit", "try again when other git commands have ended"
        )

    def _commit(self, changes: list[Change], message: str, now: datetime, who: commits.Identity) -> str:
        branch = self.repo.branch()
        head = self.repo.commit_of(branch)
        end = read_end(self.repo, head)
        lanes = Lanes(self.git_dir, self._env)
        records = _records(changes, int(now.timestamp()), end, *lanes.choose(end))
        files: dict[str, bytes | None] = {}
        for change in changes:
            if change.old_path:
                files[change.old_path] = None
            files[change.path] = change.data
        logs = self._log_files(head, records, end) if records else {}
        if records:
            files.update(logs)
            lanes.wrote(records[-1].w, records[-1].id)
        done = commits.commit(self.repo, commits.Plan(branch, head, files, message, who, now))
        if done:
            remember_end(
                self.repo, done, end.after(records, {path: self.repo.blob_oid(data) for path, data in logs.items()})
            )
        return done

    def _log_files(self, head: str, records: list[Record], end: LogEnd) -> dict[str, bytes]:
        first = lane_file(records[0].w, records[0].s)
        files: dict[str, bytes] = {}
        if records[0].s % 256:
            files[first] = self._committed(head, first, end.blobs.get(first, ""))
        append(files, records, [encode(record) for record in records])
        return files

    def _committed(self, head: str, path: str, known: str) -> bytes:
        on_disk = read_bytes(self.path(path)) if known else None
        if on_disk is not None and self.repo.blob_oid(on_disk) == known:
            return on_disk
        return self.repo.git("cat-file", "blob", f"{head}:{path}").out

    def _write_and_wait(self, changes: Iterable[Change]) -> None:
        for change in changes:
            if change.old_path:
                remove_if_there(self.path(change.old_path))
            commits.write_file(self.path(change.path), change.data)
        already = (read_bytes(self._waiting_file()) or b"").decode().splitlines()
        waiting = sorted({*already, *(path for change in changes for path in (change.path, change.old_path) if path)})
        write_atomic(self._waiting_file(), ("\n".join(waiting) + "\n").encode())

    def _waiting_file(self) -> str:
        return os.path.join(self.git_dir, "journal", "waiting")

    def _take_waiting(self, paths: tuple[str, ...]) -> list[Change]:
        """Return what earlier commands wrote while git was busy, so that it goes into this commit."""
        data = read_bytes(self._waiting_file())
        if not data:
            return []
        late = [path for path in data.decode().splitlines() if path not in paths]
        changes = []
        for path in late:
            now_there = read_bytes(self.path(path))
            if now_there is not None and (find_id(now_there) or not path.endswith(".md")):
                changes.append(Change(path, now_there))
        return changes


def open_journal(explicit: str = "", cwd: str = "", env: Mapping[str, str] = os.environ) -> Journal:
    """Find the journal: `explicit`, then JOURNAL_HOME, then upwards from `cwd`, then the user's default journal."""
    named = explicit or env.get("JOURNAL_HOME", "")
    if named:
        return _open_at(os.path.abspath(os.path.expanduser(named)), env)
    folder = os.path.abspath(cwd or os.getcwd())
    while True:
        if os.path.isfile(os.path.join(folder, "journal", "journal.toml")):
            return Journal(find_root(folder) or folder, env)
        parent = os.path.dirname(folder)
        if parent == folder:
            break
        folder = parent
    default = _default_journal(env)
    if not default:
        raise NotFoundError("there is no journal yet", "journal init")
    return _open_at(default, env)


def _open_at(root: str, env: Mapping[str, str]) -> Journal:
    if os.path.basename(root) == "journal" and os.path.isfile(os.path.join(root, "journal.toml")):
        root = os.path.dirname(root)
    if not os.path.isfile(os.path.join(root, "journal", "journal.toml")):
        raise NotFoundError(f"{root} holds no journal", f"journal init {root}")
    return Journal(root, env)


def _default_journal(env: Mapping[str, str]) -> str:
    from session_journal.store.places import config_file

    data = read_bytes(config_file(env)) or b""
    value = _plain_default(data)
    if value is None:
        import tomllib

        try:
            found = tomllib.loads(data.decode("utf-8")).get("default", "")
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise JournalError(
                f"{config_file(env)} cannot be read: {error}", "mend the file, or move it away"
            ) from error
        value = found if isinstance(found, str) else ""
    return os.path.abspath(os.path.expanduser(value)) if value else ""


def _plain_default(data: bytes) -> str | None:
    """Read `default = "…"` at the top of the settings without a TOML parser; None where it takes one to be sure."""
    for line in data.decode("utf-8", "replace").splitlines():
        name, _, value = line.partition("=")
        value = value.strip()
        if name.strip() == "default":
            plain = len(value) > 1 and value[0] == value[-1] == '"' and not set(value[1:-1]) & {'"', "\\"}
            return value[1:-1] if plain else None
        if line.strip() and not line.lstrip().startswith("#"):
            return None
    return ""


def create(root: str, now: datetime, files: Mapping[str, bytes], env: Mapping[str, str] = os.environ) -> Journal:
    """Make a journal in `root`: the git repository where there is none, these files and the log's first record."""
    os.makedirs(root, exist_ok=True)
    if not os.path.exists(os.path.join(root, ".git")):
        run_git(["init", "--quiet"], root)
    journal = Journal(root, env)
    changes = [Change(path, data, read_bytes(journal.path(path))) for path, data in sorted(files.items())]
    journal.publish(changes, "journal: begin", now)
    return journal


def _check(change: Change) -> None:
    for path in filter(None, (change.path, change.old_path)):
        parts = path.split("/")
        if path.startswith("/") or "\\" in path or ".." in parts or ".git" in parts or "" in parts:
            raise JournalError(f"{path} is not a path inside the journal")
    if change.data is None:
        return
    if is_logged(change.path) and not find_id(change.data):
        raise JournalError(f"{change.path} carries no id in its front matter", "journal seal")
    _refuse_secrets(change.path, change.data.decode("utf-8", "replace"))


def _refuse_secrets(path: str, text: str) -> None:
    if not redact(path)[1] and not redact(text)[1]:
        return
    for number, line in enumerate([path, *text.splitlines()]):
        kinds = redact(line)[1]
        if kinds:
            raise SecretError(
                f"{path}:{number or 1} holds a secret ({', '.join(sorted(kinds))}); nothing was stored",
                f"take it out of {path}, then try again",
            )
    raise SecretError(
        f"{path} holds a secret ({', '.join(sorted(redact(text)[1]))}); nothing was stored",
        f"take it out of {path}, then try again",
    )


def _compare(journal: Journal, changes: Iterable[Change], *, reseal: bool) -> None:
    for change in changes:
        # What is sealed was moved by hand already: the file lies at its new place.
        place = change.path if reseal else change.old_path or change.path
        on_disk = read_bytes(journal.path(place))
        if on_disk != change.base:
            what = "is already there" if change.base is None else "has changed on disk meanwhile"
            raise ConflictError(f"{place} {what}; nothing was written", "try again")


def is_logged(path: str) -> bool:
    """Tell whether a path is one of the files that the log keeps a record of."""
    return path.startswith("journal/") and path.endswith(".md") and not path.startswith("journal/log/")


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

    if not parents:
        add("init", c=os.urandom(32).hex())
    for change in changes:
        if not is_logged(change.path):
            continue
        known = change.data if change.data is not None else change.base
        e = change.entry or entry_commitment(find_id(known or b""))
        if change.data is None:
            add("del", e=e)
        else:
            add("move" if change.old_path else "put", content_commitment(change.path, change.data), e)
    return records
