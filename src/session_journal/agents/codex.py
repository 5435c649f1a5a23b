"""OpenAI Codex on this machine: where its transcripts lie."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator

from session_journal.agents import Host
from session_journal.agents.folders import files_below

NAME = "codex"
_ROLLOUT = re.compile(r"rollout-.*\.jsonl(?:\.zst)?$")
_CWD = re.compile(rb'"cwd"\s*:\s*("(?:[^"\\]|\\.)*")')
_PEEKED = 100
"""In how many of the newest files the working directory is looked up; Codex compresses only old ones."""
_FIRST = 16 * 1024


def home(host: Host) -> str:
    """Return the folder that holds Codex's settings and sessions."""
    return host.env.get("CODEX_HOME") or os.path.join(host.home, ".codex")


def transcripts(host: Host) -> Iterable[str]:
    """Return the paths of all transcripts; one that is just being compressed only as it was."""
    found = set(_rollouts(host))
    return sorted(path for path in found if path.removesuffix(".zst") == path or path.removesuffix(".zst") not in found)


def in_folder(host: Host, cwd: str) -> Iterable[str]:
    """Return the newest transcripts of one working directory."""
    plain = [path for path in _rollouts(host) if path.endswith(".jsonl")]
    newest = sorted(plain, key=os.path.basename, reverse=True)[:_PEEKED]
    return [path for path in newest if _began_in(path) == cwd]


def parts(transcript: str) -> list[tuple[str, str]]:  # noqa: ARG001
    """Return no further files: each session, a sub-agent's too, has one of its own."""
    return []


def _rollouts(host: Host) -> Iterator[str]:
    for name in ("sessions", "archived_sessions"):
        for path in files_below(os.path.join(home(host), name), 3):
            if _ROLLOUT.match(os.path.basename(path)):
                yield path


def _began_in(path: str) -> str:
    try:
        with open(path, "rb") as stream:
            found = _CWD.search(stream.readline(_FIRST))
        return str(json.loads(found.group(1))) if found else ""
    except (OSError, ValueError):
        return ""
