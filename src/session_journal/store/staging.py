"""The index while we commit: locked against other git commands, our paths put into a copy that replaces it."""

from __future__ import annotations

import os

from session_journal.errors import GitError
from session_journal.store.files import read_bytes, remove_if_there, write_atomic
from session_journal.store.git import start_git

TYPE_CHECKING = False
if TYPE_CHECKING:
    from session_journal.store.commit import Plan
    from session_journal.store.git import Finished, Output, Running
    from session_journal.store.repository import Repository

OURS = b"held by journal; remove this file if no journal command is running\n"
_TRIES = 40


class BusyError(GitError):
    """Report that git is in the middle of something else (the message names it); the commit has to wait."""


class IndexLock:
    """Hold index.lock for the length of a `with` block, as git itself does; what is staged stays staged."""

    __slots__ = ("_before", "_copy", "_index", "_lock", "_repo", "_running")

    def __init__(self, repo: Repository) -> None:
        self._repo, self._index = repo, os.path.join(repo.git_dir, "index")
        self._lock, self._copy = self._index + ".lock", f"{self._index}.journal-{os.getpid()}"
        self._before: bytes | None = None
        self._running: Running | Finished | None = None

    def __enter__(self) -> IndexLock:  # noqa: PYI034 - typing.Self would import typing
        import time

        for _ in range(_TRIES):
            try:
                _take(self._lock, f"{self._copy}.held")
                break
            except FileExistsError:
                time.sleep(0.025)
            except OSError as error:
                raise GitError(
                    f"cannot write {self._lock}: {error.strerror}", "check the folder's permissions and the disk's room"
                ) from error
        else:
            raise BusyError(f"another git command (index.lock is held; if none is running, rm {self._lock})")
        try:
            self._before = read_bytes(self._index)
        except BaseException:
            remove_if_there(self._lock)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._running:
            self._running.wait()
        remove_if_there(self._copy)
        remove_if_there(self._lock)

    def prepare(self, plan: Plan) -> None:
        """Start putting the plan's files into a copy of the index."""
        env = {"GIT_INDEX_FILE": self._copy}
        remove_if_there(self._copy)
        if self._before is not None:
            write_atomic(self._copy, self._before)
        elif plan.head:
            checked(start_git(["read-tree", plan.head], self._repo.root, extra_env=env).wait(), "read-tree")
        lines = b"".join(index_line(self._repo, path, data) for path, data in sorted(plan.files.items()))
        self._running = start_git(["update-index", "-z", "--index-info"], self._repo.root, lines, env)

    def wait(self) -> None:
        """Wait until the copy is ready."""
        if self._running:
            running, self._running = self._running, None
            checked(running.wait(), "update-index")

    def install(self) -> None:
        """Put the copy in the index's place."""
        os.replace(self._copy, self._index)

    def put_back(self) -> None:
        """Bring back the index as it was when the lock was taken."""
        if self._before is None:
            remove_if_there(self._index)
        elif read_bytes(self._index) != self._before:
            write_atomic(self._index, self._before)


def _take(lock: str, made: str) -> None:
    """Make the lock with our name in it in one step: an empty one, left by a kill, could be git's as well as ours."""
    try:
        with open(made, "wb") as file:
            file.write(OURS)
        try:
            os.link(made, lock)
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            with open(lock, "xb") as file:
                file.write(OURS)
    finally:
        remove_if_there(made)


def checked(output: Output, what: str) -> Output:
    """Return a git command's output, or raise what it said when it failed."""
    if output.code:
        said = [line for line in output.err.splitlines() if line.startswith(("fatal", "error"))]
        raise GitError(
            f"git {what} failed: {said[0] if said else output.err.strip() or output.code}",
            "check the disk's room and the folder's permissions, then try again",
        )
    return output


def index_line(repo: Repository, path: str, data: bytes | None) -> bytes:
    """Return the line that tells `git update-index --index-info` of a file (None: gone)."""
    oid = "0" * repo.oid_length() if data is None else repo.blob_oid(data)
    mode = "0" if data is None else "100644"
    return f"{mode} {oid}\t{path}".encode("utf-8", "surrogateescape") + b"\0"
