"""Finish what a command that was killed left half done; runs under the journal's lock, before anything else."""

from __future__ import annotations

import os

from session_journal.store.commit import write_file
from session_journal.store.files import read_bytes, remove_if_there
from session_journal.store.git import run_git
from session_journal.store.staging import OURS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from session_journal.store.git import Repository


def mend(repo: Repository) -> list[str]:
    """Remove our own stale index lock and finish a commit whose ref had not moved yet.

    A working file that is neither the old nor the new state belongs to the user and stays. Returns entry files that
    are written but in no commit, because the branch has gone elsewhere since: the next commit takes them.
    """
    lock = os.path.join(repo.git_dir, "index.lock")
    if os.path.exists(lock) and read_bytes(lock) == OURS:
        remove_if_there(lock)
    pending = os.path.join(repo.git_dir, "journal", "pending")
    data = read_bytes(pending)
    if data is None:
        return []
    head, before = _read(data)
    now = repo.commit_of(head.get("branch", ""))
    left: list[str] = []
    if (now and now == head.get("head", "")) or (not now and not head.get("head")):
        _finish(repo, head, before)
    elif now != head.get("commit"):
        left = _abandon(repo, head.get("commit", ""), sorted(before))
    remove_if_there(pending)
    return left


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
    old = head.get("head") or "0" * len(new)
    run_git(["update-ref", "-m", "journal: finish", head["branch"], new, old], repo.root)


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
