"""The repository that an aider session worked in, from the paths that aider names; a history does not say it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import field

from session_journal.core.records import record

_FOLDER = re.compile(r"Git working dir: (\S.*)")
_NAMED = re.compile(r"(?:Added|Applied edit to|Committing|Fix lint errors in) (\S+?)[.?]*(?=\s|$)")
_ALREADY = re.compile(r"(\S+) is already in the chat\b")
_CREATE = re.compile(r"No files matched '([^']+)'\. Do you want to create (\S.*?)\?")
_STARTED = re.compile(r"(\S+?)[/\\]\.?v?env[/\\](?:bin|Scripts)[/\\]aider(?:\.exe)?(?:\s|$)")
_NO_GIT = re.compile(r"Git repo: none\b")
_ABSOLUTE = re.compile(r"/|[A-Za-z]:[\\/]")


@record(slots=True)
class Root:
    """What one session tells of its repository.

    proven: folders that are shown to be it; started: the folder whose own environment aider was started from.
    """

    proven: set[str] = field(default_factory=set)
    started: str = ""
    versioned: bool = True
    _whole: set[str] = field(default_factory=set)
    _parts: set[str] = field(default_factory=set)

    def note(self, lines: Iterable[str]) -> None:
        """Take lines of aider's own."""
        for line in lines:
            if line[:1] in "AFG/CN" or _ABSOLUTE.match(line):
                self._note(line)

    def note_paths(self, words: Iterable[str]) -> None:
        """Take paths, whole ones and those that begin at the repository."""
        for word in words:
            (self._whole if _ABSOLUTE.match(word) else self._parts).add(word.replace("\\", "/"))

    def folder(self, known: str = "") -> str:
        """Return the repository, "" where the session does not show which.

        known: the one that other sessions of the same history were in. It is this session's, too, where aider was
        started from that folder's own environment.
        """
        pairs = ((whole, part) for whole in self._whole for part in self._parts if "/" in part)
        shown = self.proven | {whole[: -len(part) - 1] for whole, part in pairs if whole.endswith(f"/{part}")}
        if shown:
            return shown.pop() if len(shown) == 1 else ""
        return known if known and self.versioned and self.started == known else ""

    def _note(self, line: str) -> None:
        if found := _FOLDER.match(line):
            self.proven.add(found[1].strip().replace("\\", "/"))
        elif found := _CREATE.match(line):
            whole, part = found[2].replace("\\", "/"), found[1].replace("\\", "/")
            if _ABSOLUTE.match(whole) and whole.endswith(f"/{part}"):
                self.proven.add(whole[: -len(part) - 1])
        elif found := _STARTED.match(line):
            self.started = found[1].replace("\\", "/")
        elif _NO_GIT.match(line):
            self.versioned = False
        elif found := _NAMED.match(line) or _ALREADY.match(line):
            self.note_paths([found[1]])
