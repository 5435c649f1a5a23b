"""What git is in the middle of, as far as it can be seen while we hold its index lock."""

from __future__ import annotations

import os

from session_journal.store.files import read_bytes
from session_journal.store.staging import BusyError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from session_journal.store.repository import Repository

_PROCESSES = "/proc"
_LONGEST_MESSAGE = 600.0


def refuse_busy(repo: Repository, branch: str, head: str, ended: str = "") -> None:
    """Raise BusyError when something keeps the journal from committing on this branch; `ended` as in operation."""
    why = repo.operation(ended) or _message(repo, branch) or _elsewhere(repo, head)
    if why:
        raise BusyError(why)


def _message(repo: Repository, branch: str) -> str:
    """Tell of a `git commit` whose message is open in an editor: it fails if the branch moves under it.

    The message is written after the index lock is freed and before the branch moves; an old one is of a commit that
    was given up.
    """
    place = os.path.join(repo.git_dir, "COMMIT_EDITMSG")
    written = _time(place)
    ref = os.path.join(repo.common_dir, *branch.split("/"))
    shared = [os.path.join(repo.common_dir, *name) for name in (("packed-refs",), ("reftable", "tables.list"))]
    moves = (ref, os.path.join(repo.git_dir, "logs", "HEAD"), *shared)
    if not written or written <= max(map(_time, moves)):
        return ""
    if os.path.isdir(os.path.join(_PROCESSES, "self", "fd")):
        is_open = _is_committing(repo.root)
    else:
        is_open = _time(os.path.join(repo.git_dir, "index.lock")) - written < _LONGEST_MESSAGE
    return "a commit whose message is being written" if is_open else ""


def _is_committing(root: str) -> bool:
    """Tell whether a `git commit` runs in this worktree; git starts at the worktree's top."""
    for number in filter(str.isdigit, os.listdir(_PROCESSES)):
        try:
            with open(os.path.join(_PROCESSES, number, "cmdline"), "rb") as file:
                words = file.read().split(b"\0")
            commits = os.path.basename(words[0]) == b"git" and b"commit" in words
            if commits and os.path.samefile(os.path.join(_PROCESSES, number, "cwd"), root):
                return True
        except OSError:  # it has ended, or is somebody else's
            continue
    return False


def _time(path: str) -> float:
    try:
        return os.stat(path).st_mtime
    except OSError:
        return 0.0


def _elsewhere(repo: Repository, head: str) -> str:
    """Tell of a branch that another worktree, which has it checked out too, has moved: our index is of an older commit.

    A commit from here would take the other's files away again. What moves from here stands in our own log of HEAD.
    """
    if not _is_shared(repo):
        return ""
    try:
        with open(os.path.join(repo.git_dir, "logs", "HEAD"), "rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - 4096))
            last = file.read().rstrip(b"\n").rpartition(b"\n")[2].split(b" ")
    except OSError:
        return ""
    known = last[1].decode("ascii", "replace") if len(last) > 1 else head
    along = f"git update-index -q --refresh; git read-tree -m -u {known[:12]} HEAD && git reset --soft HEAD"
    return "" if known == head else f"a branch that another worktree has moved; bring this one along: {along}"


def _is_shared(repo: Repository) -> bool:
    """Tell whether another worktree has our branch checked out, which git allows only by force."""
    folder = os.path.join(repo.common_dir, "worktrees")
    others = [os.path.join(folder, name) for name in os.listdir(folder)] if os.path.isdir(folder) else []
    ours = os.path.realpath(repo.git_dir)
    places = [place for place in (repo.common_dir, *others) if others and os.path.realpath(place) != ours]
    heads = {read_bytes(os.path.join(place, "HEAD")) for place in places}
    return bool(heads) and read_bytes(os.path.join(repo.git_dir, "HEAD")) in heads
