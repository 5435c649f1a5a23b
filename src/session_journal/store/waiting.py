"""Files that are written and whose commit has to wait until git is free again: their paths, kept beside the index."""

from __future__ import annotations

import os

from session_journal.store.files import read_bytes, remove_if_there, write_atomic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from session_journal.store.repository import Repository


def waiting(repo: Repository) -> list[str]:
    """Return the paths that wait, sorted."""
    data = read_bytes(_place(repo)) or b""
    return data.decode("utf-8", "surrogateescape").splitlines()


def remember(repo: Repository, paths: Iterable[str]) -> None:
    """Add paths to those that wait."""
    known = waiting(repo)
    wanted = sorted({*known, *paths})
    if wanted != known:
        write_atomic(_place(repo), "".join(f"{path}\n" for path in wanted).encode("utf-8", "surrogateescape"))


def keep_only(repo: Repository, paths: Iterable[str]) -> None:
    """Forget what waited, but for these paths."""
    known, kept = waiting(repo), set(paths)
    if kept < set(known):
        remove_if_there(_place(repo))
        remember(repo, kept & set(known))


def _place(repo: Repository) -> str:
    return os.path.join(repo.git_dir, "journal", "waiting")
