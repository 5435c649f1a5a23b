"""Claude Code on this machine: where its transcripts lie."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator

from session_journal.agents import Host
from session_journal.agents.folders import entries

NAME = "claude-code"
_SESSION = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
_FIRST = 2_048
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
    """Return (agent id, path) for each file that the sub-agents of a transcript's session wrote.

    They lie in a folder of the session's name; older versions wrote them beside the transcript.
    """
    own = re.sub(r"\.jsonl$", "", transcript)
    inside = [_part(entry) for entry in entries(os.path.join(own, "subagents")) if _is_agents(entry)]
    if not _SESSION.search(own):
        return inside
    beside = [entry for entry in entries(os.path.dirname(own) or ".") if _is_agents(entry)]
    return inside + [_part(entry) for entry in beside if _belongs_to(entry.path, os.path.basename(own))]


def _part(entry: os.DirEntry[str]) -> tuple[str, str]:
    return entry.name.removeprefix("agent-").removesuffix(".jsonl"), entry.path


def _is_agents(entry: os.DirEntry[str]) -> bool:
    return entry.name.startswith("agent-") and entry.name.endswith(".jsonl") and entry.is_file()


def _belongs_to(path: str, session: str) -> bool:
    """Say whether the first lines of a sub-agent's file name a session as its own."""
    try:
        with open(path, "rb") as stream:
            return f'"sessionId":"{session}"' in stream.read(_FIRST).decode("utf-8", "replace").replace('": "', '":"')
    except OSError:
        return False


def _in(folder: os.DirEntry[str]) -> Iterator[str]:
    for entry in entries(folder.path) if folder.is_dir() else ():
        if entry.name.endswith(".jsonl") and not entry.name.startswith("agent-") and entry.is_file():
            yield entry.path


def _is_of(name: str, cwd: str) -> bool:
    wanted = folder_name(cwd)
    return name == wanted if len(wanted) <= _LONGEST else name.startswith(wanted[:_LONGEST])
