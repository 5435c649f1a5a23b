"""One commit by plumbing: objects first, then the ref with its old value, then index and working files.

A crash before the ref moves leaves nothing; after it, `mend` finishes what was left.
"""

from __future__ import annotations

import os

from session_journal.errors import GitError, JournalError
from session_journal.store.files import append_line, read_bytes, remove_if_there, write_atomic
from session_journal.store.git import start_git
from session_journal.store.objects import Objects

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from session_journal.store.git import Finished, Output, Repository, Running

    Started = Running | Finished

_OURS = b"held by journal; remove this file if no journal command is running\n"
_INDEX_TRIES = 40


class Identity:
    """Who commits, and how git is told to keep what it writes: signed, flushed to the disk, shared with a group."""

    __slots__ = ("author", "committer", "flush", "shared", "sign")

    def __init__(self, author: str, committer: str, *, sign: bool, flush: bool, shared: bool) -> None:
        self.author, self.committer = author, committer
        self.sign, self.flush, self.shared = sign, flush, shared


class Plan:
    """A commit to make: on which branch and commit, which files (None: deleted), with which words, by whom."""

    __slots__ = ("branch", "files", "head", "message", "now", "who")

    def __init__(
        self, branch: str, head: str, files: Mapping[str, bytes | None], message: str, who: Identity, now: datetime
    ) -> None:
        self.branch, self.head, self.files, self.message, self.who, self.now = branch, head, files, message, who, now


def read_identity(output: Output) -> Identity:
    """Read who commits from `git var -l`; without a name and an address, say which two commands set them."""
    values: dict[str, str] = {}
    for line in output.out.decode("utf-8", "replace").splitlines():
        key, _, value = line.partition("=")
        values[key] = value
    env = os.environ
    for role in ("AUTHOR", "COMMITTER"):
        name = env.get(f"GIT_{role}_NAME") or values.get(f"{role.lower()}.name") or values.get("user.name")
        mail = (
            env.get(f"GIT_{role}_EMAIL")
            or values.get(f"{role.lower()}.email")
            or values.get("user.email")
            or env.get("EMAIL")
        )
        if not name or not mail:
            raise JournalError(
                "git does not know who you are, so the journal cannot commit",
                'git config --global user.name "Your Name" && git config --global user.email you@example.org',
            )
    author, committer = (_without_time(values[f"GIT_{role}_IDENT"]) for role in ("AUTHOR", "COMMITTER"))
    return Identity(
        author,
        committer,
        sign=values.get("commit.gpgsign", "").lower() in {"true", "yes", "on", "1"},
        flush="core.fsync" in values or values.get("core.fsyncobjectfiles", "") == "true",
        shared=values.get("core.sharedrepository", "umask").lower() not in {"umask", "false", "no", "off", "0"},
    )


def _without_time(ident: str) -> str:
    return ident[: ident.rindex(">") + 1]


def held_index(repo: Repository) -> str:
    """Say that somebody else holds the index lock, "" when it is free within a second."""
    import time

    lock = os.path.join(repo.git_dir, "index.lock")
    for _ in range(_INDEX_TRIES):
        if not os.path.exists(lock):
            return ""
        time.sleep(0.025)
    return "another git command (index.lock is held)"


def commit(repo: Repository, plan: Plan) -> str:
    """Make the commit and return its id, or "" when the branch moved meanwhile (nothing has changed then)."""
    index = _StagedIndex(repo, plan)
    try:
        new = _write_objects(repo, plan)
        index.wait()
        _note_pending(repo, plan, new)
        if not _move_ref(repo, plan, new):
            return ""
        index.install()
    finally:
        index.release()
    for path, data in sorted(plan.files.items()):
        write_file(os.path.join(repo.root, *path.split("/")), data)
    remove_if_there(_pending(repo))
    return new


def write_file(path: str, data: bytes | None) -> None:
    """Bring one working file to its committed state; a file whose bytes are right already is not touched.

    A file that only grows (the log) is appended to: replacing it would make the file system flush it to the disk.
    """
    if data is None:
        remove_if_there(path)
        return
    before = read_bytes(path)
    if before == data:
        return
    if not (before and path.endswith(".jsonl") and data.startswith(before) and append_line(path, data[len(before) :])):
        write_atomic(path, data)


def _write_objects(repo: Repository, plan: Plan) -> str:
    """Store blobs, trees and commit while git prepares the index; return the commit's id."""
    objects = Objects(repo, shared=plan.who.shared, flush=plan.who.flush)
    tree = objects.with_files(objects.tree_of(plan.head) if plan.head else "", plan.files)
    if plan.who.sign:
        return _signed(repo, plan, tree)
    stamp = f"{int(plan.now.timestamp())} {plan.now:%z}"
    parent = f"parent {plan.head}\n" if plan.head else ""
    head = f"tree {tree}\n{parent}author {plan.who.author} {stamp}\ncommitter {plan.who.committer} {stamp}\n"
    return objects.write("commit", f"{head}\n{plan.message}\n".encode())


def _finished(output: Output, what: str) -> Output:
    if output.code:
        said = [line for line in output.err.splitlines() if line.startswith(("fatal", "error"))]
        raise GitError(f"git {what} failed: {said[0] if said else output.err.strip() or output.code}")
    return output


def _signed(repo: Repository, plan: Plan, tree: str) -> str:
    stamp = f"@{int(plan.now.timestamp())} {plan.now:%z}"
    parent = ["-p", plan.head] if plan.head else []
    env = {"GIT_AUTHOR_DATE": stamp, "GIT_COMMITTER_DATE": stamp}
    data = plan.message.encode("utf-8") + b"\n"
    args = ["commit-tree", "-S", *parent, "-F", "-", tree]
    output = start_git(args, repo.root, data, env).wait()
    if output.code:
        said = output.err.strip().splitlines()
        raise GitError(
            f"the commit could not be signed: {said[-1] if said else output.code}",
            "check your signing key: git config --get user.signingkey",
        )
    return output.text


def _move_ref(repo: Repository, plan: Plan, new: str) -> bool:
    old = plan.head or "0" * len(new)
    lines = f"update {plan.branch} {new} {old}\n"
    output = start_git(
        ["update-ref", "-m", f"journal: {plan.message.splitlines()[0]}", "--stdin"], repo.root, lines.encode()
    ).wait()
    if output.code == 0:
        return True
    if repo.commit_of(plan.branch) != plan.head:
        return False
    raise GitError(f"the branch could not be moved: {output.err.strip()}")


class _StagedIndex:
    """A copy of the index with our paths in it, prepared while the index lock keeps other git commands out."""

    __slots__ = ("_copy", "_held", "_index", "_lock", "_running")

    def __init__(self, repo: Repository, plan: Plan) -> None:
        self._index = os.path.join(repo.git_dir, "index")
        self._lock, self._copy, self._held = self._index + ".lock", self._index + ".journal", False
        self._running: Started | None = None
        self._take()
        env = {"GIT_INDEX_FILE": self._copy}
        present = read_bytes(self._index)
        if present is None and plan.head:
            start_git(["read-tree", plan.head], repo.root, extra_env=env).wait()
        elif present is not None:
            write_atomic(self._copy, present)
        else:
            remove_if_there(self._copy)
        lines = b"".join(_index_line(repo, path, data) for path, data in sorted(plan.files.items()))
        self._running = start_git(["update-index", "-z", "--index-info"], repo.root, lines, env)

    def _take(self) -> None:
        import errno
        import time

        for attempt in range(_INDEX_TRIES):
            try:
                handle = os.open(self._lock, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
            except OSError as error:
                if error.errno != errno.EEXIST or attempt == _INDEX_TRIES - 1:
                    raise GitError(
                        f"cannot lock the index: {error.strerror} ({self._lock})",
                        "wait for the other git command, then try again",
                    ) from error
                time.sleep(0.025)
                continue
            os.write(handle, _OURS)
            os.close(handle)
            self._held = True
            return

    def wait(self) -> None:
        """Wait until the copy is ready."""
        if self._running:
            running, self._running = self._running, None
            _finished(running.wait(), "update-index")

    def install(self) -> None:
        """Put the copy in the index's place; `release` then gives the lock back."""
        os.replace(self._copy, self._index)

    def release(self) -> None:
        """Give the lock back; without `install` the index is as it was."""
        if self._running:
            self._running.wait()
        if self._held:
            remove_if_there(self._lock)
            remove_if_there(self._copy)
            self._held = False


def _index_line(repo: Repository, path: str, data: bytes | None) -> bytes:
    oid = "0" * repo.oid_length() if data is None else repo.blob_oid(data)
    mode = "0" if data is None else "100644"
    return f"{mode} {oid}\t{path}".encode("utf-8", "surrogateescape") + b"\0"


def _pending(repo: Repository) -> str:
    return os.path.join(repo.git_dir, "journal", "pending")


def _note_pending(repo: Repository, plan: Plan, new: str) -> None:
    """Write down what a crash after the ref has moved would leave undone: per file what lies there now."""
    lines = [f"commit {new}"]
    for path in sorted(plan.files):
        before = read_bytes(os.path.join(repo.root, *path.split("/")))
        lines.append(f"{repo.blob_oid(before) if before is not None else '-'} {path}")
    write_atomic(_pending(repo), ("\n".join(lines) + "\n").encode("utf-8", "surrogateescape"))


def mend(repo: Repository) -> list[str]:
    """Finish what a crashed command left: stale working files and index entries, our own index lock.

    A working file that is neither the old nor the new state belongs to the user and stays. Runs under the journal's
    lock. Returns the paths it brought up to date.
    """
    lock = os.path.join(repo.git_dir, "index.lock")
    if os.path.exists(lock) and read_bytes(lock) == _OURS:
        remove_if_there(lock)
    data = read_bytes(_pending(repo))
    if data is None:
        return []
    lines = data.decode("utf-8", "surrogateescape").splitlines()
    new = lines[0].removeprefix("commit ")
    mended = []
    if repo.git("merge-base", "--is-ancestor", new, "HEAD", check=False).code == 0:
        before = {path: oid for oid, _, path in (line.partition(" ") for line in lines[1:])}
        mended = [path for path, oid in sorted(before.items()) if _mend_file(repo, path, oid)]
        if before:
            repo.git("reset", "--quiet", "HEAD", "--", *before, check=False)
    remove_if_there(_pending(repo))
    return mended


def _mend_file(repo: Repository, path: str, before: str) -> bool:
    place = os.path.join(repo.root, *path.split("/"))
    on_disk = read_bytes(place)
    if (repo.blob_oid(on_disk) if on_disk is not None else "-") != before:
        return False
    committed = repo.git("cat-file", "blob", f"HEAD:{path}", check=False)
    data = committed.out if committed.code == 0 else None
    write_file(place, data)
    return data != on_disk
