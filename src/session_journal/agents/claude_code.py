"""Claude Code on this machine: where its transcripts lie."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping

NAME = "claude-code"
_LONGEST = 200
"""Longer folder names are cut by Claude Code and end in a hash."""


def home(env: Mapping[str, str]) -> str:
    """Return the folder that holds Claude Code's settings and projects."""
    return env.get("CLAUDE_CONFIG_DIR") or os.path.join(env.get("HOME") or env.get("USERPROFILE", ""), ".claude")


def folder_name(cwd: str) -> str:
    """Return the name of the folder that keeps the transcripts of a working directory, before any cutting."""
    return re.sub(r"[^A-Za-z0-9]", "-", cwd)


def transcript_files(env: Mapping[str, str], cwd: str = "") -> list[str]:
    """Return the paths of all transcripts, or of those of one working directory; newest first, sub-agents left out."""
    root = os.path.join(home(env), "projects")
    found = [
        (entry.stat().st_mtime_ns, entry.path)
        for folder in _entries(root)
        if folder.is_dir() and (not cwd or _is_of(folder.name, cwd))
        for entry in _entries(folder.path)
        if entry.name.endswith(".jsonl") and not entry.name.startswith("agent-") and entry.is_file()
    ]
    return [path for _, path in sorted(found, key=lambda one: (-one[0], one[1]))]


def newest_transcript(env: Mapping[str, str], cwd: str) -> str:
    """Return the newest transcript of a working directory or of the nearest one above it, "" when there is none."""
    path = os.path.abspath(cwd)
    while True:
        found = transcript_files(env, path)
        if found:
            return found[0]
        above = os.path.dirname(path)
        if above == path:
            return ""
        path = above


def subagent_files(transcript: str) -> list[tuple[str, str]]:
    """Return (agent id, path) for each file that the sub-agents of a transcript's session wrote."""
    folder = os.path.join(re.sub(r"\.jsonl$", "", transcript), "subagents")
    return [
        (entry.name.removeprefix("agent-").removesuffix(".jsonl"), entry.path)
        for entry in sorted(_entries(folder), key=lambda one: one.name)
        if entry.name.startswith("agent-") and entry.name.endswith(".jsonl") and entry.is_file()
    ]


def _is_of(name: str, cwd: str) -> bool:
    wanted = folder_name(cwd)
    return name == wanted if len(wanted) <= _LONGEST else name.startswith(wanted[:_LONGEST])


def _entries(folder: str) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            yield from sorted(entries, key=lambda one: one.name)
    except OSError:
        return
