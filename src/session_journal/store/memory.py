"""What the last verification of a branch found sound, so that the next one has to look only at what has come since.

It is trusted, so it lies in the user's state folder, one file for each branch of a repository on this machine, and
nowhere a copied repository could bring it from. It is lost without harm. Only a commit without a failure is remembered,
and only what grew out of that commit is checked in its light.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Mapping
from dataclasses import field

from session_journal.core.graph import Graph, Memory, remember
from session_journal.core.records import record
from session_journal.errors import JournalError
from session_journal.store.files import read_bytes, write_atomic
from session_journal.store.ledger import place_name
from session_journal.store.places import state_dir
from session_journal.store.repository import Repository

_FORM = 1


@record(slots=True)
class Remembered:
    """A commit that was found sound.

    tree: path → [mode, object id, entry commitment] of its files; stats: path → [object id, size, mtime, ctime] of
    working files that were compared byte by byte; again: paths that had a warning and are looked at each time.
    Lists, for that is what is read: making anything else of them takes longer than the rest of a verification.
    """

    commit: str
    graph: Graph
    tree: dict[str, list[str]]
    stats: dict[str, list[str | int]] = field(default_factory=dict)
    again: tuple[str, ...] = ()


def recall(repo: Repository, commit: str, env: Mapping[str, str]) -> Remembered | None:
    """Return what is remembered of the current branch, if the commit grew out of it."""
    data = read_bytes(_path(repo, env)) or b""
    digest, _, text = data.partition(b"\n")
    if _check(text) != digest:
        return None  # torn, or none
    import orjson

    told = orjson.loads(text)
    if told["form"] != _FORM or not repo.is_ancestor(told["commit"], commit):
        return None
    return Remembered(told["commit"], Memory(told["graph"]), told["tree"], told["stats"], tuple(told["again"]))


def keep(repo: Repository, found: Remembered, env: Mapping[str, str]) -> None:
    """Remember a commit; a state folder that can't be written remembers nothing."""
    import orjson

    told: Mapping[str, object] = {
        "form": _FORM, "commit": found.commit, "graph": remember(found.graph), "tree": found.tree,
        "stats": found.stats, "again": list(found.again),
    }  # fmt: skip
    try:
        text = orjson.dumps(told)
        write_atomic(_path(repo, env), _check(text) + b"\n" + text)
    except (JournalError, OSError, TypeError):  # TypeError: a file name that is not UTF-8
        return


def _check(text: bytes) -> bytes:
    return b"%08x" % zlib.crc32(text)


def _path(repo: Repository, env: Mapping[str, str]) -> str:
    return os.path.join(state_dir(env), "verified", place_name(repo.git_dir, repo.branch()))
