"""Finish what a command that was killed left half done; runs under the journal's lock, before anything else."""

from __future__ import annotations

import os

from session_journal.core.folders import LOG
from session_journal.store.commit import is_pending, refused_move, write_file
from session_journal.store.files import read_bytes, remove_if_there, split_list, sweep
from session_journal.store.staging import OURS
from session_journal.store.waiting import remember, waiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from session_journal.store.repository import Repository

_TRIES = 40
_MANY = 100


def mend(repo: Repository) -> str:
    """Remove our own stale index lock and finish a commit whose ref had not moved yet; say what keeps it from moving.

    A working file that is neither the old nor the new state belongs to the user and stays. Where the branch has gone
    elsewhere since, or git is in the middle of an operation, the files are written and wait for the next commit.
    """
    _tidy(repo)
    pending = os.path.join(repo.git_dir, "journal", "pending")
    data = read_bytes(pending)
    if data is None:
        return ""
    half = _Half(repo, data)
    half.tidy()
    now = repo.commit_of(half.branch)
    if now == half.head and half.is_stored() and not repo.operation():
        busy = half.finish()
        if busy:
            return busy
    elif now != half.commit:
        remember(repo, half.abandon())
    remove_if_there(pending)
    return ""


def is_needed(repo: Repository) -> bool:
    """Tell whether a killed command may have left something half done."""
    return is_pending(repo) or _is_ours(_lock(repo))


def _lock(repo: Repository) -> str:
    return os.path.join(repo.git_dir, "index.lock")


def _is_ours(lock: str) -> bool:
    return os.path.exists(lock) and read_bytes(lock) == OURS


def _tidy(repo: Repository) -> None:
    if _is_ours(_lock(repo)):
        remove_if_there(_lock(repo))
    for name in os.listdir(repo.git_dir):
        if name.startswith(("index.journal-", ".index.")):
            remove_if_there(os.path.join(repo.git_dir, name))
    sweep(os.path.join(repo.git_dir, "journal"), "pending", "waiting", "log-end-")
    _sweep_beside(repo, waiting(repo))


def _sweep_beside(repo: Repository, paths: list[str]) -> None:
    for path in paths:
        folder, name = os.path.split(os.path.join(repo.root, *path.split("/")))
        sweep(folder, name)


class _Half:
    """A commit that was made and whose files, index and ref may be old or new each.

    before: path → object id of what lay there, "-" for nothing.
    """

    def __init__(self, repo: Repository, data: bytes) -> None:
        self.repo = repo
        lines = [line.partition(" ") for line in split_list(data)]
        words = {word: rest for word, _, rest in lines[:3]}
        self.commit, self.branch, self.head = (words.get(word, "") for word in ("commit", "branch", "head"))
        self.before = {path: oid for oid, _, path in lines[3:]}
        self.made: dict[str, tuple[str, str]] = {}

    def tidy(self) -> None:
        """Remove what killed writes left beside the files."""
        _sweep_beside(self.repo, list(self.before))

    def is_stored(self) -> bool:
        """Tell whether git still has the commit, and read what it says of the files."""
        if self.repo.git("cat-file", "-e", f"{self.commit}^{{tree}}", check=False).code:
            return False
        self.made = self._tree(self.commit)
        return True

    def finish(self) -> str:
        """Bring files, index and branch to the commit; say what stops it. On another branch only the branch moves."""
        repo, here = self.repo, self.repo.branch() == self.branch
        target = self.made if here else self._tree(repo.head())
        self._bring(list(self.before), target, from_made=not here)
        lines = b""
        for path in self._unstaged():
            mode, oid = target.get(path, ("0", "0" * len(self.commit)))
            lines += f"{mode} {oid}\t{path}".encode("utf-8", "surrogateescape") + b"\0"
        repo.git("update-index", "-z", "--index-info", data=lines, check=False)
        return self._move()

    def _unstaged(self) -> list[str]:
        """Return the paths whose index entries are old or new: what somebody has staged since is theirs."""
        paths = [f":(literal){path}" for path in self.before] if len(self.before) <= _MANY else []
        staged: dict[str, str] = {}
        for line in self.repo.git("ls-files", "-s", "-z", "--", *paths).out.split(b"\0")[:-1]:
            meta, _, name = line.partition(b"\t")
            _, oid, stage = meta.decode().split(" ")
            staged[name.decode("utf-8", "surrogateescape")] = oid if stage == "0" else "in conflict"
        trees = (self.made, self._tree(self.head), self._tree(self.repo.head()))
        found = []
        for path in sorted(self.before):
            known = {self.before[path], *(tree.get(path, ("", "-"))[1] for tree in trees)}
            if staged.get(path, "-") in known:
                found.append(path)
        return found

    def abandon(self) -> list[str]:
        """Take back the log's lines and write the other files as they were meant; return those."""
        logs = [path for path in self.before if path.startswith(LOG)]
        others = [path for path in self.before if not path.startswith(LOG)]
        if self.made or self.is_stored():
            self._bring(others, self.made, from_made=False)
            ours = self._bring(logs, self._tree(self.repo.head()), from_made=True)
            if ours:
                self.repo.git("reset", "--quiet", "--", *ours, check=False)
        return others

    def _tree(self, commit: str) -> dict[str, tuple[str, str]]:
        paths = list(self.before) if len(self.before) <= _MANY else []  # a command line has its limit
        return self.repo.tree(commit, *paths)

    def _bring(self, paths: list[str], target: dict[str, tuple[str, str]], *, from_made: bool) -> list[str]:
        """Write what `target` has at these paths over what lay there before, or over what this commit had put there.

        What is to be gone goes last, so that a kill in between leaves two files rather than none. Returns the paths
        that held what was expected.
        """
        brought = []
        blobs = self.repo.blobs([target[path][1] for path in paths if path in target])
        for path in sorted(paths, key=lambda path: (path not in target, path)):
            place = os.path.join(self.repo.root, *path.split("/"))
            on_disk = read_bytes(place)
            found = self.repo.blob_oid(on_disk) if on_disk is not None else "-"
            expected = self.made.get(path, ("", "-"))[1] if from_made else self.before[path]
            if found == expected:
                write_file(place, blobs[target[path][1]] if path in target else None)
                brought.append(path)
        return brought

    def _move(self) -> str:
        """Move the branch; a git process that outlived its killed parent may be doing the same at this moment."""
        import time

        for left in reversed(range(_TRIES)):
            old = self.head or "0" * len(self.commit)
            command = ("update-ref", "-m", "journal: finish", self.branch, self.commit, old)
            output = self.repo.git(*command, check=False)
            if output.code == 0 or self.repo.commit_of(self.branch) == self.commit:
                return ""
            time.sleep(0.05)
            if left == 1:
                self._unlock()
        return refused_move(output)

    def _unlock(self) -> None:
        """Remove the locks of a git process that was killed with its parent: they name the very commit to reach.

        Were it alive after all, it would move the branch to where we do.
        """
        lock = os.path.join(self.repo.common_dir, *self.branch.split("/")) + ".lock"
        if (read_bytes(lock) or b"").strip() == self.commit.encode():
            remove_if_there(lock)
            remove_if_there(os.path.join(self.repo.git_dir, "HEAD.lock"))
