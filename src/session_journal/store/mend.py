"""Finish what a command that was killed left half done; runs under the journal's lock, before anything else."""

from __future__ import annotations

import os

from session_journal.errors import GitError
from session_journal.store.commit import write_file
from session_journal.store.files import read_bytes, remove_if_there
from session_journal.store.staging import OURS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from session_journal.store.git import Repository

_TRIES = 40


def mend(repo: Repository) -> list[str]:
    """Remove our own stale index lock and finish a commit whose ref had not moved yet.

    A working file that is neither the old nor the new state belongs to the user and stays. Returns entry files that
    are written but in no commit, because the branch has gone elsewhere since: the next commit takes them.
    """
    lock = os.path.join(repo.git_dir, "index.lock")
    if os.path.exists(lock) and read_bytes(lock) == OURS:
        remove_if_there(lock)
    for name in os.listdir(repo.git_dir):
        if name.startswith("index.journal-"):
            remove_if_there(os.path.join(repo.git_dir, name))
    pending = os.path.join(repo.git_dir, "journal", "pending")
    data = read_bytes(pending)
    if data is None:
        return []
    head, before = _read(data)
    for path in before:
        _sweep(os.path.join(repo.root, *path.split("/")))
    now = repo.commit_of(head.get("branch", ""))
    left: list[str] = []
    if (now and now == head.get("head", "")) or (not now and not head.get("head")):
        _finish(repo, head, before)
    elif now != head.get("commit"):
        left = _abandon(repo, head.get("commit", ""), sorted(before))
    remove_if_there(pending)
    return left


def _sweep(path: str) -> None:
    """Remove what a killed write of this file left beside it."""
    folder, name = os.path.split(path)
    if os.path.isdir(folder):
        for other in os.listdir(folder):
            if other.startswith(f".{name[:100]}.") and other.endswith(".tmp"):
                remove_if_there(os.path.join(folder, other))


def _read(data: bytes) -> tuple[dict[str, str], dict[str, str]]:
    lines = [line.partition(" ") for line in data.decode("utf-8", "surrogateescape").splitlines()]
    head = {word: rest for word, _, rest in lines[:3]}
    return head, {path: oid for oid, _, path in lines[3:]}


def _finish(repo: Repository, head: dict[str, str], before: dict[str, str]) -> None:
    new = head["commit"]
    if repo.git("cat-file", "-e", f"{new}^{{tree}}", check=False).code:
        return
    tree = repo.tree(new, *before)
    blobs = repo.blobs([oid for _, oid in tree.values()])
    lines = b""
    for path, oid in sorted(before.items()):
        place = os.path.join(repo.root, *path.split("/"))
        on_disk = read_bytes(place)
        if (repo.blob_oid(on_disk) if on_disk is not None else "-") == oid:
            write_file(place, blobs[tree[path][1]] if path in tree else None)
        mode, blob = tree.get(path, ("0", "0" * len(new)))
        lines += f"{mode} {blob}\t{path}".encode("utf-8", "surrogateescape") + b"\0"
    repo.git("update-index", "-z", "--index-info", data=lines, check=False)
    _move(repo, head["branch"], new, head.get("head") or "0" * len(new))


def _move(repo: Repository, branch: str, new: str, old: str) -> None:
    """Move the branch; a git process that outlived its killed parent may be doing the same at this moment."""
    import time

    for _ in range(_TRIES):
        output = repo.git("update-ref", "-m", "journal: finish", branch, new, old, check=False)
        if output.code == 0 or repo.commit_of(branch) == new:
            return
        time.sleep(0.05)
    raise GitError(
        f"{branch} could not be moved: {output.err.strip()}", "wait for the other git command, then try again"
    )


def _abandon(repo: Repository, new: str, paths: list[str]) -> list[str]:
    """Take back log lines of a commit that never came to be; return the other files, which keep what they hold."""
    logs = [path for path in paths if path.startswith("journal/log/")]
    written = repo.tree(new, *logs) if logs and not repo.git("cat-file", "-e", new, check=False).code else {}
    current = repo.tree(repo.head(), *logs) if logs else {}
    for path in logs:
        place = os.path.join(repo.root, *path.split("/"))
        on_disk = read_bytes(place)
        ours = on_disk is not None and path in written and repo.blob_oid(on_disk) == written[path][1]
        if ours and current.get(path) != written[path]:
            write_file(place, repo.blobs([current[path][1]])[current[path][1]] if path in current else None)
            repo.git("reset", "--quiet", "--", path, check=False)
    return [path for path in paths if path not in logs]
