"""Compare the working tree's journal files with the commit, byte by byte."""

from __future__ import annotations

import os
import shlex
import stat
from collections.abc import Iterator, Mapping

from session_journal.core.fold import Finding
from session_journal.core.folders import LOG
from session_journal.errors import JournalError
from session_journal.store.files import is_plain, markdown_files, read_bytes
from session_journal.store.journal import Journal
from session_journal.store.waiting import waiting

Stat = list[str | int]
_GRANULARITY = 2_000_000_000
"""Nanoseconds within which some file systems give two writes the same time."""


class WorkingTree:
    """The files that lie there now; `known`: those whose bytes were found to be an object's;
    `read`: how many were compared byte by byte this time.

    Times alone are believed only where they are known to belong to the right bytes: git's own idea of what is clean
    can be told to look away.
    """

    def __init__(self, journal: Journal, known: Mapping[str, Stat], now_seconds: int) -> None:
        self._journal, self._known, self._now = journal, known, now_seconds
        self._waits = frozenset(waiting(journal.repo))
        self._stats: dict[str, Stat] = {}
        self.read = 0

    def compare(self, tree: Mapping[str, tuple[str, str]]) -> list[Finding]:
        """Return what differs from a commit's files (path → mode, object id, …), by path."""
        findings = [
            self._told("unsealed", path, "the log does not know this file yet", "journal seal")
            for path in markdown_files(self._journal.root)
            if path not in tree
        ]
        for path, (mode, oid) in tree.items():
            if mode == "100644" and not self._is_known(path, oid):
                findings += self._file(path, oid)
        return sorted(findings, key=lambda finding: finding.where)

    def _told(self, code: str, path: str, what: str, hint: str) -> Finding:
        """Return a finding; what a command wrote while git was busy is nothing to bring back from the commit."""
        if path in self._waits:
            what, hint = "it is written, and its commit waits", "journal doctor --fix"
        return Finding("WARN", code, path, what, hint)

    def _is_known(self, path: str, oid: str) -> bool:
        try:
            status = os.lstat(f"{self._journal.root}/{path}")
        except OSError:
            return False
        told: Stat = [oid, status.st_size, status.st_mtime_ns, status.st_ctime_ns]
        if stat.S_ISREG(status.st_mode):
            self._stats[path] = told
        return self._known.get(path) == told

    def _file(self, path: str, oid: str) -> Iterator[Finding]:
        place, quoted = self._journal.path(path), shlex.quote(path)
        if not os.path.lexists(place):
            own = "" if path.startswith(LOG) else ", or `journal seal` if you deleted it"
            hint = f"git restore -- {quoted}{own}"
            yield self._told("uncommitted-deletion", path, "it is missing from the working tree", hint)
        elif not is_plain(place):
            hint = f"git restore -- {quoted}"
            yield Finding("WARN", "uncommitted-change", path, "it is no plain file any more", hint)
        else:
            for finding in self._bytes(path, oid):
                self._stats.pop(path, None)
                yield finding

    def _bytes(self, path: str, oid: str) -> Iterator[Finding]:
        quoted = shlex.quote(path)
        self.read += 1
        try:
            data = read_bytes(self._journal.path(path)) or b""
        except JournalError as error:
            yield Finding("WARN", "unreadable", path, error.message, f"chmod u+r {quoted}")
            return
        if self._journal.repo.blob_oid(data) != oid:
            own = "" if path.startswith(LOG) else ", or `journal seal` if it was you"
            hint = f"git diff -- {quoted}; then `git restore -- {quoted}`{own}"
            yield self._told("uncommitted-change", path, "it was changed since it was recorded", hint)

    def settled(self) -> dict[str, Stat]:
        """Return the stats that may be believed later: of files as the commit has them, old enough for their times."""
        newest = self._now * 1_000_000_000 - _GRANULARITY
        return {path: told for path, told in self._stats.items() if told[2] < newest and told[3] < newest}  # type: ignore[operator]  # only the first is text
