"""Merges in the repository: common ancestors, git's merge of one file, and the one commit that joins two histories."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from datetime import datetime

from session_journal.core.folders import LOG
from session_journal.core.merging import Contents, Tree, merge_trees
from session_journal.core.redact import redact
from session_journal.errors import ConflictError, GitError, JournalError
from session_journal.store import commit as commits
from session_journal.store.busy import refuse_busy
from session_journal.store.files import read_bytes
from session_journal.store.git import run_git
from session_journal.store.journal import Journal
from session_journal.store.lock import Lock
from session_journal.store.mend import mend
from session_journal.store.repository import Repository
from session_journal.store.staging import BusyError, IndexLock

_DEEPEST = 8


class Blobs(Contents):
    """The repository's blobs; what a merge makes is kept in memory until it is committed."""

    def __init__(self, repo: Repository) -> None:
        self._repo, self._known = repo, dict[str, bytes]()

    def fetch(self, oids: Iterable[str]) -> None:
        """Read many at once, for the calls of `read` that follow."""
        self._known.update(self._repo.blobs([oid for oid in oids if oid not in self._known]))

    def read(self, oid: str) -> bytes:
        """Return a blob's bytes."""
        if oid not in self._known:
            self.fetch([oid])
        if oid not in self._known:
            raise GitError(f"object {oid} is missing from the repository", "git fetch, or git fsck")
        return self._known[oid]

    def store(self, data: bytes) -> str:
        """Keep bytes and return the id that git gives them."""
        oid = self._repo.blob_oid(data)
        self._known[oid] = data
        return oid


def merge_text(base: bytes, one: bytes, two: bytes) -> bytes | None:
    """Merge three versions of a file as git does; None where they conflict or are no text."""
    folder = tempfile.mkdtemp(prefix="journal-merge-")
    try:
        names = [os.path.join(folder, name) for name in ("one", "base", "two")]
        for name, data in zip(names, (one, base, two), strict=True):
            with open(name, "wb") as file:
                file.write(data)
        output = run_git(["merge-file", "-p", "-q", *names], check=False)
        return output.out if output.code == 0 else None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def common_tree(repo: Repository, blobs: Blobs, one: str, two: str, depth: int = 0) -> Tree | None:
    """Return the tree that both commits come from, None where their histories have nothing in common.

    Where they crossed (several best ancestors), the ancestors are merged first, as git does.
    """
    found = sorted(repo.git("merge-base", "--all", one, two, check=False).text.split())
    if not found:
        return None
    first, *others = found
    tree = repo.tree(first)
    for other in others:
        if depth >= _DEEPEST:
            return {}  # nothing is taken for unchanged then, so nothing can get lost
        theirs = repo.tree(other)
        base = common_tree(repo, blobs, first, other, depth + 1) or {}
        prefetch(blobs, base, tree, theirs)
        tree = dict(merge_trees(_without_log(base), _without_log(tree), _without_log(theirs), blobs, merge_text).tree)
    return tree


def _without_log(tree: Tree) -> Tree:
    """Leave the log out: its two ends are joined whatever lies behind them."""
    return {path: where for path, where in tree.items() if not path.startswith(LOG)}


def prefetch(blobs: Blobs, *trees: Tree) -> None:
    """Read what a merge of these trees will ask for: the files that are not the same in all of them."""
    same = set(trees[0].items()).intersection(*(tree.items() for tree in trees[1:]))
    wanted = {where for tree in trees for where in tree.items()} - same
    blobs.fetch(sorted({oid for _, (mode, oid) in wanted if mode.startswith("100")}))


def join(
    journal: Journal,
    head: str,
    other: str,
    files: Mapping[str, bytes | None],
    message: str,
    now: datetime,
    *,
    forward: bool,
) -> str:
    """Commit a merge of `head` and `other`, or with `forward` move the branch on to `other`; return the commit.

    files: path → the bytes that come to stand there (None: gone). "" where the branch is not at `head` any more;
    ConflictError where a file has changes of somebody else's, which are left alone.
    """
    repo = journal.repo
    who = commits.read_identity(repo.git("var", "-l", check=False))
    with Lock(journal.cache("lock")):
        why = mend(repo) or repo.operation()
        if why:
            raise busy_error(why)
        try:
            with IndexLock(repo) as index:
                branch = repo.branch()
                if repo.commit_of(branch) != head:
                    return ""
                refuse_busy(repo, branch, head)
                expected = _committed(repo, head, files)
                _refuse_changed(journal, head, expected)
                plan = commits.Plan(
                    branch, head, files, redact(message)[0], who, now, expected,
                    "" if forward else other, other if forward else "",
                )  # fmt: skip
                return commits.commit(repo, index, plan)
        except BusyError as error:
            raise busy_error(error.message) from None


def busy_error(what: str) -> JournalError:
    """Return the error for a repository in the middle of something."""
    return JournalError(f"git is busy with {what}; nothing was changed", "finish it, then journal sync")


def _committed(repo: Repository, head: str, files: Mapping[str, bytes | None]) -> dict[str, bytes | None]:
    tree = repo.tree(head)
    blobs = repo.blobs([tree[path][1] for path in files if path in tree])
    return {path: blobs[tree[path][1]] if path in tree else None for path in files}


def _refuse_changed(journal: Journal, head: str, expected: Mapping[str, bytes | None]) -> None:
    """Refuse to touch what is not as the last commit has it: in the working tree, or staged."""
    if not expected:
        return
    own = [path for path, data in expected.items() if read_bytes(journal.path(path)) != data]
    staged = journal.repo.git("diff-index", "--cached", "--name-only", "-z", head, "--").out.split(b"\0")
    own += [path for path in expected if path.encode("utf-8", "surrogateescape") in staged]
    if own:
        names = ", ".join(sorted(set(own))[:5])
        raise ConflictError(
            f"{names}: changed here and not recorded, and the other side changed it too; nothing was merged",
            "journal seal, or git stash; then journal sync",
        )
