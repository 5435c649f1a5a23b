"""Where the log of a commit ends, and which lane this clone may continue."""

from __future__ import annotations

import os

from session_journal.core.chain import lane_file
from session_journal.core.digest import sha256
from session_journal.errors import GitError
from session_journal.store.files import read_bytes, remove_if_there, write_atomic
from session_journal.store.ledger import Ledger

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from session_journal.core.chain import Record
    from session_journal.store.repository import Repository

FOLDER = "journal/log"
_CACHE = "log-end-"


class LogEnd:
    """What the next record of a commit's log builds on.

    heads: record ids nobody has built on; lamport: highest logical time; tips: lane → (seq, id) of its last record;
    blobs: path → object id of log files this clone wrote last (their working copies can be trusted when they match).
    """

    __slots__ = ("blobs", "heads", "lamport", "tips")

    def __init__(
        self,
        heads: tuple[str, ...],
        lamport: int,
        tips: dict[str, tuple[int, str]],
        blobs: dict[str, str] | None = None,
    ) -> None:
        self.heads, self.lamport, self.tips, self.blobs = heads, lamport, tips, blobs or {}

    def after(self, records: list[Record], blobs: dict[str, str]) -> LogEnd:
        """Return the end after appending records that build on it, in log files with these object ids."""
        if not records:
            return self
        tips = {**self.tips, **{record.w: (record.s, record.id) for record in records}}
        return LogEnd((records[-1].id,), records[-1].l, tips, blobs)


def read_log(repo: Repository, commit: str) -> dict[str, bytes]:
    """Return path → bytes of the log's files in a commit; a link or a submodule there counts as an empty file."""
    tree = repo.tree(commit, FOLDER)
    plain = {path: oid for path, (mode, oid) in tree.items() if mode.startswith("100")}
    blobs = repo.blobs(list(plain.values()))
    for path, oid in plain.items():
        if oid not in blobs:
            raise GitError(f"{path} is missing from the repository, which is damaged", "git fsck --full")
    return {path: blobs[plain[path]] if path in plain else b"" for path in sorted(tree)}


def new_lines(repo: Repository, old: str, new: str) -> dict[str, bytes] | None:
    """Return what the log's files have gained from one commit to another; None where one did anything but grow."""
    changed = repo.differences(old, new, FOLDER)
    blobs = repo.blobs([oid for before, _, after in changed.values() for oid in (before, after) if oid])
    lines: dict[str, bytes] = {}
    for path, (before, mode, after) in changed.items():
        had, has = blobs.get(before, b""), blobs.get(after, b"")
        if mode != "100644" or not has.startswith(had):
            return None
        lines[path] = has[len(had) :]
    return lines


def read_end(repo: Repository, commit: str) -> LogEnd:
    """Return where a commit's log ends; what was seen last time is remembered beside the git directory's files."""
    if not commit:
        return LogEnd((), -1, {})
    known, end = _read_cache(repo, commit)
    if known != commit:
        if not known or repo.git("diff-tree", "-r", "--quiet", known, commit, "--", FOLDER, check=False).code:
            end = _folded_end(repo, commit)  # else the commit was made by hand, and its log is the one before
        remember_end(repo, commit, end)
    return end


def _folded_end(repo: Repository, commit: str) -> LogEnd:
    """Fold the log, or only what has come to it since it was verified."""
    from session_journal.core.fold import fold
    from session_journal.store.memory import recall

    before = recall(repo, commit, os.environ)
    lines = new_lines(repo, before.commit, commit) if before else None
    folded = fold(lines, before.graph) if before and lines is not None else fold(read_log(repo, commit))
    return LogEnd(folded.heads, folded.lamport, dict(folded.tips))


def remember_end(repo: Repository, commit: str, end: LogEnd) -> None:
    """Keep a commit's end for the next command; losing it costs time, not truth.

    Each commit has a file of its own: file systems flush a file that replaces another one, which takes longer than
    all the rest of a commit.
    """
    folder = os.path.join(repo.git_dir, "journal")
    old = [name for name in os.listdir(folder) if name.startswith(_CACHE)] if os.path.isdir(folder) else []
    lines = [f"lamport {end.lamport}", *(f"head {head}" for head in end.heads)]
    lines += [f"tip {lane} {seq} {record}" for lane, (seq, record) in sorted(end.tips.items())]
    lines += [f"blob {oid} {path}" for path, oid in sorted(end.blobs.items())]
    lines.append(f"end {sha256(chr(10).join(lines).encode()).hexdigest()}")
    write_atomic(_cache_path(repo, commit), ("\n".join(lines) + "\n").encode())
    for name in old:
        if name != _CACHE + commit:
            remove_if_there(os.path.join(folder, name))


def _cache_path(repo: Repository, commit: str) -> str:
    return os.path.join(repo.git_dir, "journal", _CACHE + commit)


def _read_cache(repo: Repository, commit: str) -> tuple[str, LogEnd]:
    """Return a commit whose end is remembered, this one if it is, and its end; "" where there is none."""
    folder = os.path.join(repo.git_dir, "journal")
    names = [name for name in os.listdir(folder) if name.startswith(_CACHE)] if os.path.isdir(folder) else []
    for name in sorted(names, key=lambda name: name != _CACHE + commit):
        data = read_bytes(os.path.join(folder, name)) or b""
        *lines, last = data.decode("utf-8", "replace").splitlines() or [""]
        if last == f"end {sha256(chr(10).join(lines).encode()).hexdigest()}":  # else torn, by a power cut perhaps
            return name.removeprefix(_CACHE), _parse_end(lines)
    return "", LogEnd((), -1, {})


def _parse_end(lines: list[str]) -> LogEnd:
    end = LogEnd((), -1, {})
    for line in lines:
        word, _, rest = line.partition(" ")
        if word == "head":
            end.heads = (*end.heads, rest)
        elif word == "lamport":
            end.lamport = int(rest)
        elif word == "tip":
            lane, seq, record = rest.split(" ")
            end.tips[lane] = (int(seq), record)
        elif word == "blob":
            oid, _, path = rest.partition(" ")
            end.blobs[path] = oid
    return end


class Lanes:
    """The lanes that this clone owns: lane → id of the last record it wrote there.

    A copied or restored repository owns none and can never write the same place of a lane twice.
    """

    __slots__ = ("_ledger",)

    def __init__(self, git_dir: str, env: Mapping[str, str]) -> None:
        self._ledger = Ledger("lanes", git_dir, env)

    def choose(self, end: LogEnd) -> tuple[str, int]:
        """Return the lane to write to and the place of its next record."""
        for lane, words in self._ledger.lines.items():
            tip = end.tips.get(lane)
            if tip and tip[1] == words[0]:
                return lane, tip[0] + 1
        return os.urandom(8).hex(), 0

    def wrote(self, lane: str, record: str) -> None:
        """Remember a lane's last record, before the commit: a crash then gives the lane up instead of forking it."""
        self._ledger.put(lane, record)


def append(files: dict[str, bytes], records: list[Record], lines: list[bytes]) -> None:
    """Add records' lines to the log files they belong in (path → bytes, missing ones are new)."""
    for record, line in zip(records, lines, strict=True):
        path = lane_file(record.w, record.s)
        files[path] = files.get(path, b"") + line + b"\n"
