"""Journals whose repository has our hooks, and git run as its user runs it: hooks included."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from journals import NOW, make_journal, page, where
from session_journal.app.git_hooks import install
from session_journal.app.verify import verify
from session_journal.store.journal import Change, Journal

TOKEN = "ghp_" + "A1b2C3d4E5" * 4


def make_hooked(root: Path) -> Journal:
    """Create a journal with one entry and our hooks."""
    journal = make_journal(root)
    journal.publish([Change(where("a"), page(1))], "entry: a", NOW)
    install(journal)
    return journal


def run(journal: Journal, *args: str, cwd: str = "", **extra: str) -> subprocess.CompletedProcess[str]:
    """Run git and return how it ended and what it said."""
    return subprocess.run(
        ["git", *args],
        cwd=cwd or journal.root,
        env={**os.environ, **extra},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def ok(journal: Journal, *args: str, cwd: str = "", **extra: str) -> str:
    """Run git, which has to succeed; return all it said."""
    done = run(journal, *args, cwd=cwd, **extra)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def write(journal: Journal, path: str, text: str, mode: str = "a") -> None:
    """Add text to a file of the journal, or make it."""
    place = Path(journal.path(path))
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open(mode, encoding="utf-8", newline="") as file:
        file.write(text)


def findings(journal: Journal, commit: str = "") -> list[tuple[str, str]]:
    """Return what verify has to say."""
    return [(one.level, one.code) for one in verify(journal, int(NOW.timestamp()) + 10**9, commit).findings]


def subjects(journal: Journal, *args: str) -> list[str]:
    """Return the subjects of the newest commits, newest first."""
    return ok(journal, "log", "--format=%s", *args).splitlines()
