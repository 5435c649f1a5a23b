"""What is about to be committed by hand: journal files that can be read and kept, and a log that only grows."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from shlex import quote

from session_journal.app.seal import read_id
from session_journal.core.chain import decode, find_id, lane_file
from session_journal.core.fold import LANE_FILE
from session_journal.core.folders import LOG, is_lane
from session_journal.core.records import record
from session_journal.errors import JournalError
from session_journal.store.git import run_git
from session_journal.store.guard import allow_hint, conflict_line, find_secrets, is_logged
from session_journal.store.journal import Journal
from session_journal.store.repository import Repository

_NOTES = "journal/log/checkpoints/"
_MODES = {"120000": "a symbolic link", "160000": "a repository inside the repository", "100755": "marked executable"}
_NO_FILES = frozenset({"120000", "160000"})


@record(frozen=True, slots=True)
class Refusal:
    """One reason not to commit: where (path or path:line), what is wrong, and what to do about it."""

    where: str
    message: str
    hint: str


@record(frozen=True, slots=True)
class _Staged:
    path: str
    mode: str
    before: bytes | None
    data: bytes | None


def check_staged(journal: Journal, env: Mapping[str, str]) -> list[Refusal]:
    """Check what the index would commit of the journal; nothing is changed.

    env: the hook's environment. `git commit PATH` and `git commit -a` build an index of their own, and name it there.
    """
    index = env.get("GIT_INDEX_FILE", "")
    extra = {"GIT_INDEX_FILE": os.path.join(journal.root, index)} if index else {}
    found: list[Refusal] = []
    added: list[_Staged] = []
    for one in _staged(journal.repo, extra):
        found += _check_log(one) if one.path.startswith(LOG) else _check_file(one)
        if one.data and one.mode not in _NO_FILES and not is_lane(one.path):
            found += _check_secrets(journal, one.path, one.data)
        if one.before is None and one.data is not None and is_logged(one.path):
            added.append(one)
    return found + list(_check_ids(journal.repo, extra, added))


def _staged(repo: Repository, extra: Mapping[str, str]) -> list[_Staged]:
    head = repo.head()
    empty = repo.digest(b"tree 0\0")
    args = ["diff-index", "--cached", "--raw", "-z", "--no-renames", "--no-abbrev", head or empty, "--", "journal"]
    tokens = run_git(args, repo.root, extra_env=extra).out.split(b"\0")
    rows = []
    for meta, name in zip(tokens[::2], tokens[1::2], strict=False):
        _, mode, old, new, _ = meta.decode().lstrip(":").split(" ")
        rows.append((name.decode("utf-8", "surrogateescape"), mode, old, new))
    blobs = repo.blobs([oid for _, mode, *oids in rows for oid in oids if mode != "160000" and set(oid) != {"0"}])
    return [
        _Staged(path, mode, blobs.get(old), None if mode == "000000" else blobs.get(new, b""))
        for path, mode, old, new in rows
    ]


def _check_file(one: _Staged) -> Iterator[Refusal]:
    data, mode = one.data, one.mode
    if data is None:
        return
    if mode in _NO_FILES or (mode == "100755" and is_logged(one.path)):
        what = _MODES[mode]
        fix = f"git update-index --chmod=-x {quote(one.path)}" if mode == "100755" else "put the file itself there"
        yield Refusal(one.path, f"it is {what}; the journal keeps plain files", fix)
        return
    line = conflict_line(data)
    if line:
        yield Refusal(f"{one.path}:{line}", "it holds conflict markers", "resolve them, then git add it again")
    elif is_logged(one.path):
        yield from _check_front(one.path, data)


def _check_secrets(journal: Journal, path: str, data: bytes) -> Iterator[Refusal]:
    secrets = find_secrets(path, data, journal.allowed)
    marks = [mark for _, _, mark in secrets]
    for number, kind, mark in secrets:
        named = f", fingerprint {mark}" if mark else ""
        yield Refusal(f"{path}:{number}", f"it holds a secret ({kind}){named}", "")
    if secrets:
        yield Refusal("", "", allow_hint(path, marks, "journal seal --committed"))


def _check_front(path: str, data: bytes) -> Iterator[Refusal]:
    try:
        read_id(data, path)
    except JournalError as error:
        where, _, what = error.message.partition(": ")
        yield Refusal(where, what or error.message, error.hint)


def _check_ids(repo: Repository, extra: Mapping[str, str], added: list[_Staged]) -> Iterator[Refusal]:
    """Find new files that carry another entry's id: copies, which could not be recorded."""
    mine = {one.path: find_id(one.data or b"") for one in added}
    if not any(mine.values()):
        return
    out = run_git(["ls-files", "--stage", "-z", "--", "journal"], repo.root, extra_env=extra).out
    rows = [line.partition(b"\t") for line in out.split(b"\0")[:-1]]
    oids = {name.decode("utf-8", "surrogateescape"): meta.decode().split(" ")[1] for meta, _, name in rows}
    blobs = repo.blobs([oid for path, oid in oids.items() if is_logged(path)])
    owners: dict[str, str] = {}
    for path in sorted(filter(is_logged, oids), key=lambda path: (path in mine, path)):
        entry_id = find_id(blobs.get(oids[path], b""))
        if entry_id and owners.setdefault(entry_id, path) != path and path in mine:
            message = f"it carries the same id as {owners[entry_id]}"
            yield Refusal(f"{path}:1", message, "take its id line out; it gets one of its own")


def _check_log(one: _Staged) -> Iterator[Refusal]:
    problem = _log_problem(one)
    if problem:
        restore = f"git restore --source=HEAD --staged --worktree -- {quote(one.path)}"
        yield Refusal(one.path, problem, restore if one.before is not None else f"git rm --cached {quote(one.path)}")


def _log_problem(one: _Staged) -> str:
    is_note = one.path.startswith(_NOTES)
    if one.data is None or (is_note and one.before not in {None, one.data}):
        return "the log only grows; this would take something out of it"
    if one.mode != "100644":
        return f"it is {_MODES.get(one.mode, 'no file')}; the log keeps plain files"
    if is_note:
        return ""
    if not LANE_FILE.fullmatch(one.path):
        return "it is no file of the log"
    lines, before = one.data.splitlines(keepends=True), (one.before or b"").splitlines(keepends=True)
    rest = iter(lines)
    if not all(line in rest for line in before):
        return "the log only grows; this would change or take out a line of it"
    known = set(before)
    return next(filter(None, (_line_problem(one.path, line) for line in lines if line not in known)), "") or _order(
        lines
    )


def _line_problem(path: str, line: bytes) -> str:
    try:
        record = decode(line.removesuffix(b"\n"))
    except ValueError as error:
        return f"a line is no record of the log: {error}"
    if not line.endswith(b"\n"):
        return "its last line is torn"
    return "" if lane_file(record.w, record.s) == path else "a record stands in another record's file"


def _order(lines: list[bytes]) -> str:
    """Look at the places of records that can be read; what was wrong before is verify's to tell."""
    places = []
    for line in lines:
        try:
            places.append(decode(line.removesuffix(b"\n")).s)
        except ValueError:
            return ""
    return "" if places == sorted(set(places)) else "a record stands twice, or not in its place"
