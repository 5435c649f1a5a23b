"""Small journals in real repositories, for every test that needs one."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from session_journal.store.journal import Journal, create

NOW = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
FILES = {"journal/journal.toml": b"format = 1\n", ".gitattributes": b"journal/** -text\n"}


def make_journal(root: Path) -> Journal:
    """Create a journal with the log's first record."""
    return create(str(root), NOW, FILES)


def page(number: int, text: str = "What happened.", title: str = "A session") -> bytes:
    """Return the bytes of a small entry whose id is made of a number."""
    return f'---\nid: "{number:032x}"\ntitle: {title}\ndate: 2026-11-20\n---\n\n{text}\n'.encode()


def where(name: str) -> str:
    """Return the path of an entry of the test day."""
    return f"journal/sessions/2026/2026-11-20-{name}.md"


def git(journal: Journal, *args: str, code: int = 0) -> str:
    """Run plain git in the journal, as its user would, and return what it printed."""
    done = subprocess.run(["git", *args], cwd=journal.root, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    return done.stdout


def read(journal: Journal, path: str) -> bytes:
    """Return the bytes of a file of the journal."""
    return Path(journal.path(path)).read_bytes()


def forget_state() -> None:
    """Take away what this machine knows: its pins, its lanes, and what it verified before."""
    state = Path(os.environ["HOME"], ".local/state/session-journal")
    for folder in (state / "pins", state / "lanes", state / "verified"):
        shutil.rmtree(folder, ignore_errors=True)
