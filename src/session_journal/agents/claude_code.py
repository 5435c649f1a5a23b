"""Claude Code on this machine: where its transcripts lie."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator

from session_journal.agents import Host
from session_journal.agents.folders import entries

NAME = "claude-code"
_LONGEST = 200
"""Longer folder names are cut by Claude Code and end in a hash."""


def home(host: Host) -> str:
    """Return the folder that holds Claude Code's settings and projects."""
    return host.env.get("CLAUDE_CONFIG_DIR") or os.path.join(host.home, ".claude")


def folder_name(cwd: str) -> str:
    """Return the name of the folder that keeps the transcripts of a working directory, before any cutting."""
    return re.sub(r"[^A-Za-z0-9]", "-", cwd)


def transcripts(host: Host) -> Iterable[str]:
    """Return the paths of all transcripts, those of sub-agents left out."""
    for folder in entries(os.path.join(home(host), "projects")):
        yield from _in(folder)


def in_folder(host: Host, cwd: str) -> Iterable[str]:
    """Return the transcripts of one working directory."""
    for folder in entries(os.path.join(home(host), "projects")):
        if _is_of(folder.name, cwd):
            yield from _in(folder)


def parts(transcript: str) -> list[tuple[str, str]]:
    """Return (agent id, path) for each file that the sub-agents of a transcript's session wrote."""
    folder = os.path.join(re.sub(r"\.jsonl$", "", transcript), "subagents")
    return [
        (entry.name.removeprefix("agent-").removesuffix(".jsonl"), entry.path)
        for entry in entries(folder)
        if entry.name.startswith("agent-") and entry.name.endswith(".jsonl") and entry.is_file()
    ]


def _in(folder: os.DirEntry[str]) -> Iterator[str]:
    for entry in entries(folder.path) if folder.is_dir() else ():
        if entry.name.endswith(".jsonl") and not entry.name.startswith("agent-") and entry.is_file():
            yield entry.path


def _is_of(name: str, cwd: str) -> bool:
    wanted = folder_name(cwd)
    return name == wanted if len(wanted) <= _LONGEST else name.startswith(wanted[:_LONGEST])
