"""Check the journal against its log: what differs, what is missing, what nobody recorded."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from session_journal.core.chain import Record, content_commitment, entry_commitment, find_id
from session_journal.core.fold import Finding, Folded, fold
from session_journal.errors import JournalError
from session_journal.store.files import is_plain, markdown_files, read_bytes
from session_journal.store.git import Repository
from session_journal.store.guard import is_logged
from session_journal.store.journal import Journal
from session_journal.store.log import read_log

_LOOK = "look at `journal log`, then `journal seal` if it was you"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification found; `anchored` counts the records that an anchor outside the repository covers."""

    findings: tuple[Finding, ...]
    files: int
    records: int
    lanes: int
    heads: tuple[str, ...]
    unlogged: int
    anchored: int = 0

    @property
    def failed(self) -> bool:
        """Tell whether anything is wrong (a warning alone is not)."""
        return any(finding.level == "FAIL" for finding in self.findings)


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    mode: str
    oid: str
    entry: str
    content: str


def verify(journal: Journal, now_seconds: int, commit: str = "") -> Verdict:
    """Verify the current commit against the log and the working tree against it, or a named commit alone."""
    repo = journal.repo
    head = commit or repo.head()
    logs = read_log(repo, head)
    folded = fold(logs)
    tree = repo.tree(head, "journal")
    files = _read_files(repo, tree)
    findings = [
        *_modes(repo, head),
        *folded.findings,
        *_root(folded),
        *_contents(folded, files),
        *_missing(repo, head, folded, files),
    ]
    findings += [*_future(folded, now_seconds), *_alike(files)]
    if not commit:
        findings += _working_tree(journal, tree)
    others = sum(not is_logged(path) and not path.startswith("journal/log/") for path in tree)
    return Verdict(tuple(findings), len(files), len(folded.records), len(folded.tips), folded.heads, others)


def _read_files(repo: Repository, tree: dict[str, tuple[str, str]]) -> list[_File]:
    logged = {path: where for path, where in tree.items() if is_logged(path)}
    blobs = repo.blobs([oid for mode, oid in logged.values() if mode != "160000"])
    files = []
    for path, (mode, oid) in sorted(logged.items()):
        data = blobs.get(oid, b"")
        entry_id = find_id(data)
        entry = entry_commitment(entry_id) if entry_id else ""
        files.append(_File(path, mode, oid, entry, content_commitment(path, data)))
    return files


def _modes(repo: Repository, head: str) -> Iterator[Finding]:
    for path, (mode, _) in sorted(repo.tree(head, "journal/log").items()):
        if mode != "100644":
            yield Finding("FAIL", "log-mode", path, "this is not a plain file of the log", "journal log repair")


def _root(folded: Folded) -> Iterator[Finding]:
    if not folded.records:
        yield Finding(
            "FAIL",
            "no-log",
            "journal/log",
            "the log is empty or gone",
            "restore journal/log from git, then `journal verify`",
        )
    elif not folded.roots:
        yield Finding(
            "FAIL",
            "no-root",
            "journal/log",
            "the log's beginning is missing",
            "restore journal/log from git, then `journal verify`",
        )


def _contents(folded: Folded, files: list[_File]) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for file in files:
        if not file.entry:
            yield Finding("WARN", "no-id", file.path, "this file carries no id and is not in the log", "journal seal")
        elif file.entry in seen:
            yield Finding(
                "FAIL",
                "double-id",
                file.path,
                f"it carries the same id as {seen[file.entry]}",
                "give one of the two another id, then `journal seal`",
            )
        else:
            yield from _content(folded.last.get(file.entry, []), file)
        seen.setdefault(file.entry, file.path)


def _content(last: list[Record], file: _File) -> Iterator[Finding]:
    if not last:
        yield Finding("WARN", "unsealed", file.path, "the log does not know this file yet", "journal seal")
    elif file.mode != "100644":
        what = (
            "a link" if file.mode == "120000" else "marked executable" if file.mode == "100755" else "not a plain file"
        )
        yield Finding("FAIL", "mode", file.path, f"it is {what}; the log knows a plain file", _LOOK)
    elif file.content in {record.c for record in last if record.c}:
        return
    elif any(record.op == "forget" for record in last):
        yield Finding("FAIL", "forgotten", file.path, "it was forgotten and is back", _LOOK)
    elif all(record.op == "del" for record in last):
        yield Finding("WARN", "deleted-back", file.path, "it was deleted and is here again", "journal seal")
    else:
        yield Finding("FAIL", "content", file.path, "its content or its name is not what the log recorded", _LOOK)


def _missing(repo: Repository, head: str, folded: Folded, files: list[_File]) -> Iterator[Finding]:
    there = {file.entry for file in files}
    gone = {entry for entry, last in folded.last.items() if entry not in there and all(record.c for record in last)}
    if not gone:
        return
    names = deleted_names(repo, head, gone)
    for entry in sorted(gone, key=lambda key: (names.get(key, ""), key)):
        name = names.get(entry, "")
        where = name or f"record {folded.last[entry][-1].id[:12]}"
        restore = (
            f"git log --oneline -- {shlex.quote(name)}, then `git checkout COMMIT^ -- {shlex.quote(name)}`; "
            if name
            else ""
        )
        yield Finding(
            "FAIL",
            "deleted",
            where,
            "the log knows this file, and it is gone",
            f"{restore}or `journal seal` if you deleted it",
        )


def deleted_names(repo: Repository, head: str, entries: set[str]) -> dict[str, str]:
    """Return entry commitment → last path, for entries whose files only the history still has."""
    out = repo.git(
        "log", "--format=", "--raw", "-z", "--no-renames", "--no-abbrev", "-m", head, "--", "journal"
    ).out.split(b"\0")
    found: dict[str, str] = {}
    paths: dict[str, str] = {}
    for meta, name in zip(out[::2], out[1::2], strict=False):
        parts = meta.decode().strip().split(" ")
        path = name.decode("utf-8", "surrogateescape")
        if len(parts) >= 4 and is_logged(path):
            for oid in (parts[3], parts[2]):
                if set(oid) != {"0"}:
                    paths.setdefault(oid, path)
    for oid, data in repo.blobs(list(paths)).items():
        entry_id = find_id(data)
        entry = entry_commitment(entry_id) if entry_id else ""
        if entry in entries:
            found.setdefault(entry, paths[oid])
    return found


def _future(folded: Folded, now_seconds: int) -> Iterator[Finding]:
    for record in folded.records.values():
        if record.t > now_seconds + 86_400:
            where = f"journal/log/{record.w}, record {record.s}"
            yield Finding("WARN", "future", where, "it claims a time in the future", "check this machine's clock")


def _alike(files: list[_File]) -> Iterator[Finding]:
    import unicodedata

    seen: dict[str, str] = {}
    for file in files:
        key = unicodedata.normalize("NFC", file.path).casefold()
        if key in seen:
            yield Finding(
                "WARN",
                "alike",
                file.path,
                f"its name differs from {seen[key]} only in case or Unicode form",
                f"rename one of the two: git mv {file.path} …",
            )
        seen.setdefault(key, file.path)


def _working_tree(journal: Journal, tree: dict[str, tuple[str, str]]) -> Iterator[Finding]:
    """Compare bytes, not git's idea of cleanliness: an index can be told to look away."""
    for path in markdown_files(journal.root):
        if path not in tree:
            yield Finding("WARN", "unsealed", path, "the log does not know this file yet", "journal seal")
    for path, (mode, oid) in sorted(tree.items()):
        if mode == "100644":
            yield from _working_file(journal, path, oid)


def _working_file(journal: Journal, path: str, oid: str) -> Iterator[Finding]:
    place, quoted = journal.path(path), shlex.quote(path)
    if not os.path.lexists(place):
        hint = f"git restore -- {quoted}, or `journal seal` if you deleted it"
        yield Finding("WARN", "uncommitted-deletion", path, "it is missing from the working tree", hint)
    elif not is_plain(place):
        yield Finding("WARN", "uncommitted-change", path, "it is no plain file any more", f"git restore -- {quoted}")
    else:
        yield from _working_bytes(journal, path, oid)


def _working_bytes(journal: Journal, path: str, oid: str) -> Iterator[Finding]:
    quoted = shlex.quote(path)
    try:
        data = read_bytes(journal.path(path)) or b""
    except JournalError as error:
        yield Finding("WARN", "unreadable", path, error.message, f"chmod u+r {quoted}")
        return
    if journal.repo.blob_oid(data) != oid:
        own = "" if path.startswith("journal/log/") else ", or `journal seal` if it was you"
        hint = f"git diff -- {quoted}; then `git restore -- {quoted}`{own}"
        yield Finding("WARN", "uncommitted-change", path, "it was changed since it was recorded", hint)
