"""Several clones of one journal around a bare repository, as two or three laptops have them."""

from __future__ import annotations

import os
import subprocess
from datetime import datetime
from pathlib import Path

from journals import FILES, NOW
from session_journal.app.config import put
from session_journal.app.sync import Synced, Wish, sync
from session_journal.store.journal import Journal, create


def run_git(*args: str, cwd: Path | str) -> str:
    """Run git somewhere and return what it printed."""
    done = subprocess.run(["git", *args], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def make_clones(folder: Path, count: int, *, sha256: bool = False, private: bool = True) -> list[Journal]:
    """Make a bare repository with a journal in it, and so many clones of it, for which it is private."""
    form = ["--object-format=sha256"] if sha256 else []
    run_git("init", "-q", "--bare", *form, "remote.git", cwd=folder)
    run_git("init", "-q", *form, "a", cwd=folder)
    first = create(str(folder / "a"), NOW, FILES)
    run_git("remote", "add", "origin", "../remote.git", cwd=first.root)
    run_git("push", "-q", "-u", "origin", "main", cwd=first.root)
    names = "bcdef"[: count - 1]
    for name in names:
        run_git("clone", "-q", "-b", "main", "remote.git", name, cwd=folder)
    clones = [first, *(Journal(str(folder / name), os.environ) for name in names)]
    for journal in clones if private else []:
        make_private(journal)
    return clones


def make_private(journal: Journal, remote: str = "origin") -> None:
    """Say in the user's settings that nobody else can read a remote."""
    put(os.environ, f"remote.{remote}", "private", journal.root, journal.root)


def keep_in_step(journal: Journal, now: datetime = NOW, **wish: object) -> Synced:
    """Sync a journal, silently."""
    return sync(journal, Wish(**wish), os.environ, now, lambda _: None)


def files_of(journal: Journal) -> dict[str, bytes]:
    """Return every file of the working tree."""
    root = Path(journal.root)
    found = (
        path for path in sorted(root.rglob("*")) if path.is_file() and ".git" not in path.relative_to(root).parts[:1]
    )
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


def sync_until_quiet(journals: list[Journal], now: datetime = NOW, most: int = 8) -> None:
    """Sync all of them, round after round, until no commit moves any more."""
    for _ in range(most):
        done = [keep_in_step(journal, now) for journal in journals]
        if not any(one.received or one.pushed for one in done):
            return
    raise AssertionError("the clones do not come to rest")
