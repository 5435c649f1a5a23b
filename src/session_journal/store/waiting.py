"""Files that are written and whose commit has to wait until git is free again: their paths, kept beside the index."""

from __future__ import annotations

import os

from session_journal.store.commit import refuse_changed, write_file
from session_journal.store.files import (
    join_list,
    move_if_there,
    read_bytes,
    remove_if_there,
    split_list,
    write_atomic,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from session_journal.store.journal import Change
    from session_journal.store.repository import Repository


def waiting(repo: Repository) -> list[str]:
    """Return the paths that wait, sorted."""
    return split_list(read_bytes(_place(repo)) or b"")


def remember(repo: Repository, paths: Iterable[str]) -> None:
    """Add paths to those that wait."""
    known = waiting(repo)
    wanted = sorted({*known, *paths})
    if wanted != known:
        write_atomic(_place(repo), join_list(wanted))


def keep_only(repo: Repository, paths: Iterable[str]) -> None:
    """Forget what waited, but for these paths."""
    known, kept = waiting(repo), set(paths)
    if kept < set(known):
        remove_if_there(_place(repo))
        remember(repo, kept & set(known))


def write_alone(repo: Repository, changes: Sequence[Change], seen: Mapping[str, bytes | None]) -> None:
    """Write files without a commit; ConflictError where one is no longer what was `seen` when it was compared.

    Waiting for git takes up to a second, in which a person may save. What lies there as it is to be is left alone.
    """
    todo = [change for change in changes if _names_to_write(change, seen)]
    for change in todo:
        _refuse_changed(repo, change, seen)
    remember(repo, filter(None, (path for change in changes for path in (change.path, change.old_path))))
    for change in todo:
        _refuse_changed(repo, change, seen)
        place = os.path.join(repo.root, *change.path.split("/"))
        if change.old_path in _names_to_write(change, seen):
            move_if_there(os.path.join(repo.root, *change.old_path.split("/")), place)
        if change.path:
            write_file(place, change.data)


def _names_to_write(change: Change, seen: Mapping[str, bytes | None]) -> list[str]:
    """Return which of a change's names are not yet as they are to be."""
    wanted = {change.old_path: None, change.path: change.data}
    return [path for path, data in wanted.items() if path in seen and seen[path] != data]


def _refuse_changed(repo: Repository, change: Change, seen: Mapping[str, bytes | None]) -> None:
    for path in _names_to_write(change, seen):
        refuse_changed(repo, path, seen[path])


def _place(repo: Repository) -> str:
    return os.path.join(repo.git_dir, "journal", "waiting")
