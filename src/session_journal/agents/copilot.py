"""GitHub Copilot CLI on this machine: where its transcripts lie."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator

from session_journal.agents import Host
from session_journal.agents.folders import entries

NAME = "copilot"
_CWD = re.compile(r"^cwd:[^\S\n]*(.+?)[^\S\n]*$", re.MULTILINE)
_WORKSPACE, _EVENTS = "workspace.yaml", "events.jsonl"


def home(host: Host) -> str:
    """Return the folder that holds Copilot CLI's settings and sessions."""
    return host.env.get("COPILOT_HOME") or os.path.join(host.home, ".copilot")


def transcripts(host: Host) -> Iterable[str]:
    """Return the paths of all transcripts, those of the older flat form and of the older place too."""
    moved = host.env.get("XDG_CONFIG_HOME")
    for folder in (home(host), os.path.join(moved, ".copilot") if moved else ""):
        if folder:
            yield from _in(os.path.join(folder, "session-state"))


def _in(folder: str) -> Iterator[str]:
    for entry in entries(folder):
        if entry.name.endswith(".jsonl") and entry.is_file():
            yield entry.path
        elif entry.is_dir() and os.path.isfile(os.path.join(entry.path, _EVENTS)):
            yield os.path.join(entry.path, _EVENTS)


def in_folder(host: Host, cwd: str) -> Iterable[str]:
    """Return the transcripts whose workspace is one folder."""
    for path in transcripts(host):
        if any(_began_in(beside) == cwd for _, beside in parts(path)):
            yield path


def parts(transcript: str) -> list[tuple[str, str]]:
    """Return the file that names the workspace, where it lies beside the transcript."""
    beside = os.path.join(os.path.dirname(transcript), _WORKSPACE)
    return [("workspace", beside)] if os.path.basename(transcript) == _EVENTS and os.path.isfile(beside) else []


def _began_in(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as stream:
            found = _CWD.search(stream.read(16 * 1024))
        return found.group(1).strip("\"'") if found else ""
    except OSError:
        return ""
