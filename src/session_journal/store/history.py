"""How the log's files came to be what they are in a commit: every step from a commit's parent to the commit."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence

from session_journal.core.folders import LOG
from session_journal.core.growth import Step
from session_journal.store.git import Finished, Running, start_git
from session_journal.store.repository import Repository

# `git log` is no plumbing: whatever its user has set for it must not change what is read here.
_LOG = (
    "-c", "log.diffMerges=separate", "-c", "log.showRoot=true", "-c", "log.follow=false",
    "-c", "log.showSignature=false", "-c", "diff.relative=false",
    "log", "--raw", "-m", "-z", "--no-abbrev", "--no-renames", "--no-ext-diff", "--ignore-submodules=none",
)  # fmt: skip


class History:
    """The steps of the log up to a commit; git starts to read when it is made, the steps are asked for later."""

    def __init__(self, repo: Repository, tip: str, since: str = "") -> None:
        reach = [tip, f"^{since}"] if since else [tip]
        self._repo = repo
        args = [*_LOG, "--topo-order", "--full-history", "--format=%x01%H %P", *reach, "--", LOG]
        self._running: Running | Finished | None = start_git(args, repo.root) if tip != since else None

    def steps(self) -> list[Step]:
        """Wait for git and return the steps, newest first; GitError where the history cannot be read."""
        return list(_parse(self._running.wait().checked("log").out)) if self._running else []


def versions(repo: Repository, head: str, *paths: str) -> list[tuple[str, str]]:
    """Return (path, object id) of every version of plain files in the history, newest first."""
    steps = _parse(repo.git(*_LOG, "--format=%x01%H", head, "--", *(paths or ("journal",))).out)
    return [(step.path, oid) for step in steps for oid in (step.new, step.old) if oid]


def steps_of(repo: Repository, head: str, since: str, *paths: str) -> list[Step]:
    """Return how plain files changed from a day on, by the dates of the commits, newest first."""
    return [*_parse(repo.git(*_LOG, f"--since={since}T00:00:00", "--format=%x01%H %P", head, "--", *paths).out)]


def day_of(repo: Repository, commit: str) -> str:
    """Return the day of a commit, as its writer's calendar had it."""
    return repo.git("log", "--no-walk", "--format=%cs", commit).out.decode().strip()


def _parse(out: bytes) -> Iterator[Step]:
    commit, merge = "", False
    fields = iter(out.split(b"\0"))
    for field in fields:
        text = field.strip(b"\n")
        if text.startswith(b"\x01"):
            commit, *parents = text[1:].decode().split()
            merge = len(parents) > 1
        elif text.startswith(b":"):
            old_mode, new_mode, old, new, _ = text[1:].decode().split(" ")
            path = next(fields).decode("utf-8", "surrogateescape")
            yield Step(commit, path, _plain(old_mode, old), _plain(new_mode, new), merge)


def _plain(mode: str, oid: str) -> str:
    """Return the object id of a regular file; a link, a submodule or nothing holds no records."""
    return oid if mode.startswith("100") else ""


def prefixes(repo: Repository, steps: Iterable[Step], files: Mapping[str, bytes]) -> dict[tuple[str, str], int]:
    """Return (path, object id) → length, for the versions that are a beginning of the file as it is now.

    The beginning is hashed again instead of reading the version: git would have to unpack every one of them.
    """
    wanted = {(step.path, oid) for step in steps for oid in (step.old, step.new) if oid}
    sizes = repo.sizes(sorted(repo.local(oid for _, oid in wanted)))
    by_path: dict[str, list[tuple[int, str]]] = {}
    for path, oid in wanted:
        if oid in sizes and path in files and sizes[oid] <= len(files[path]):
            by_path.setdefault(path, []).append((sizes[oid], oid))
    found: dict[tuple[str, str], int] = {}
    for path, size, oid in _matching(repo, by_path, files):
        found[path, oid] = size
    return found


def _matching(
    repo: Repository, by_path: Mapping[str, Sequence[tuple[int, str]]], files: Mapping[str, bytes]
) -> Iterator[tuple[str, int, str]]:
    import hashlib  # OpenSSL's is several times as quick on long data as the interpreter's own
    from concurrent.futures import ThreadPoolExecutor

    make = hashlib.sha256 if repo.oid_length() == 64 else hashlib.sha1

    def hashed(path: str) -> list[tuple[str, int, str]]:
        data = memoryview(files[path])
        found = []
        for size, oid in by_path[path]:
            digest = make(b"blob %d\0" % size, usedforsecurity=False)
            digest.update(data[:size])
            if digest.hexdigest() == oid:
                found.append((path, size, oid))
        return found

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for found in pool.map(hashed, sorted(by_path)):
            yield from found


def boundaries(repo: Repository) -> int:
    """Return how many commits a shallow clone has whose parents are not here."""
    try:
        with open(os.path.join(repo.common_dir, "shallow"), "rb") as file:
            return len(file.read().split())
    except OSError:
        return 0
