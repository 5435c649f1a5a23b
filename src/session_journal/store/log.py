"""Where the log of a commit ends, and which lane this clone may continue."""

from __future__ import annotations

import os

from session_journal.core.chain import Record, lane_file
from session_journal.store.files import read_bytes, write_atomic
from session_journal.store.places import state_dir

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from session_journal.store.git import Repository

FOLDER = "journal/log"
_CACHE = "log-end"


class LogEnd:
    """What the next record of a commit's log builds on.

    heads: record ids nobody has built on; lamport: highest logical time; tips: lane → (seq, id) of its last record.
    """

    __slots__ = ("heads", "lamport", "tips")

    def __init__(self, heads: tuple[str, ...], lamport: int, tips: dict[str, tuple[int, str]]) -> None:
        self.heads, self.lamport, self.tips = heads, lamport, tips

    def after(self, records: list[Record]) -> LogEnd:
        """Return the end after appending records that build on it."""
        if not records:
            return self
        tips = {**self.tips, **{record.w: (record.s, record.id) for record in records}}
        return LogEnd((records[-1].id,), records[-1].l, tips)


def read_log(repo: Repository, commit: str) -> dict[str, bytes]:
    """Return path → bytes of the log's files in a commit; a link or a submodule there counts as an empty file."""
    tree = repo.tree(commit, FOLDER)
    blobs = repo.blobs([oid for mode, oid in tree.values() if mode.startswith("100")])
    return {path: blobs.get(oid, b"") if mode == "100644" else b"" for path, (mode, oid) in sorted(tree.items())}


def read_end(repo: Repository, commit: str) -> LogEnd:
    """Return where a commit's log ends; what was seen last time is remembered beside the git directory's files."""
    cached = _read_cache(repo, commit)
    if cached:
        return cached
    if not commit:
        return LogEnd((), -1, {})
    from session_journal.core.fold import fold

    folded = fold(read_log(repo, commit))
    tips = {lane: (record.s, record.id) for lane, record in folded.tips.items()}
    end = LogEnd(folded.heads, folded.lamport, tips)
    remember_end(repo, commit, end)
    return end


def remember_end(repo: Repository, commit: str, end: LogEnd) -> None:
    """Keep a commit's end for the next command; losing it costs time, not truth."""
    lines = [f"commit {commit}", f"lamport {end.lamport}", *(f"head {head}" for head in end.heads)]
    lines += [f"tip {lane} {seq} {record}" for lane, (seq, record) in sorted(end.tips.items())]
    write_atomic(_cache_path(repo), ("\n".join(lines) + "\n").encode())


def _cache_path(repo: Repository) -> str:
    return os.path.join(repo.git_dir, "journal", _CACHE)


def _read_cache(repo: Repository, commit: str) -> LogEnd | None:
    data = read_bytes(_cache_path(repo))
    lines = data.decode("utf-8", "replace").splitlines() if data else []
    if not commit or not lines or lines[0] != f"commit {commit}":
        return None
    heads: list[str] = []
    tips: dict[str, tuple[int, str]] = {}
    lamport = -1
    for line in lines[1:]:
        word, _, rest = line.partition(" ")
        if word == "head":
            heads.append(rest)
        elif word == "lamport":
            lamport = int(rest)
        elif word == "tip":
            lane, seq, record = rest.split(" ")
            tips[lane] = (int(seq), record)
    return LogEnd(tuple(heads), lamport, tips)


class Lanes:
    """The lanes that this clone owns: lane → id of the last record it wrote there.

    Kept in the user's state folder under a name made of this machine and this git directory, so that a copied or
    restored repository owns none and can never write the same place of a lane twice.
    """

    __slots__ = ("_path", "last")

    def __init__(self, git_dir: str, env: Mapping[str, str]) -> None:
        from hashlib import sha256

        name = f"{machine_name()}\0{os.path.realpath(git_dir)}"
        self._path = os.path.join(state_dir(env), "lanes", sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:32])
        data = read_bytes(self._path) or b""
        lines = (line.split(" ") for line in data.decode("ascii", "replace").splitlines())
        self.last = {line[0]: line[1] for line in lines if len(line) == 2}

    def choose(self, end: LogEnd) -> tuple[str, int]:
        """Return the lane to write to and the place of its next record."""
        for lane, last in self.last.items():
            tip = end.tips.get(lane)
            if tip and tip[1] == last:
                return lane, tip[0] + 1
        return os.urandom(8).hex(), 0

    def wrote(self, lane: str, record: str) -> None:
        """Remember a lane's last record; called before the commit, so that a crash gives a lane up instead of forking it."""
        self.last[lane] = record
        write_atomic(self._path, "".join(f"{key} {value}\n" for key, value in sorted(self.last.items())).encode())


def machine_name() -> str:
    """Return a name of this machine that survives restarts."""
    for path in ("/etc/machine-id", "/var/lib/dbus/machine-id"):
        data = read_bytes(path) if os.path.exists(path) else None
        if data and data.strip():
            return data.decode("ascii", "replace").strip()
    if hasattr(os, "uname"):
        return os.uname().nodename
    return os.environ.get("COMPUTERNAME", "")


def append(files: dict[str, bytes], records: list[Record], lines: list[bytes]) -> None:
    """Add records' lines to the log files they belong in (path → bytes, missing ones are new)."""
    for record, line in zip(records, lines, strict=True):
        path = lane_file(record.w, record.s)
        files[path] = files.get(path, b"") + line + b"\n"
