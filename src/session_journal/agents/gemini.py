"""Gemini CLI on this machine: where its transcripts lie."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator

from session_journal.agents import Host
from session_journal.agents.folders import entries

NAME = "gemini"
_ROOT = ".project_root"
"""The file beside `chats` that names the project's folder."""
_SESSION = re.compile(r"session-.*\.jsonl?$")


def home(host: Host) -> str:
    """Return the folder that holds Gemini CLI's settings and transcripts."""
    return os.path.join(host.env.get("GEMINI_CLI_HOME") or host.home, ".gemini")


def transcripts(host: Host) -> Iterable[str]:
    """Return the paths of all transcripts, those of sub-agents left out."""
    for folder in entries(os.path.join(home(host), "tmp")):
        yield from _in(folder.path)


def in_folder(host: Host, cwd: str) -> Iterable[str]:
    """Return the transcripts of one working directory: its folder is called by the path's hash or as registered."""
    top = os.path.join(home(host), "tmp")
    names = [hashlib.sha256(cwd.encode("utf-8", "replace")).hexdigest(), _registered(host, cwd)]
    for name in dict.fromkeys(filter(None, names)):
        yield from _in(os.path.join(top, name))


def parts(transcript: str) -> list[tuple[str, str]]:
    """Return the file that names the project's folder, and (agent id, path) of what each sub-agent wrote."""
    chats = os.path.dirname(os.path.abspath(transcript))
    if os.path.basename(chats) != "chats" or not _SESSION.match(os.path.basename(transcript)):
        return []
    root = os.path.join(os.path.dirname(chats), _ROOT)
    found = [(_ROOT, root)] if os.path.isfile(root) else []
    session = _session_id(transcript)
    return found + [
        (entry.name.removesuffix(".jsonl"), entry.path)
        for entry in (entries(os.path.join(chats, session)) if session else ())
        if entry.name.endswith(".jsonl") and entry.is_file()
    ]


def _in(folder: str) -> Iterator[str]:
    """Yield the transcripts of one project; one that was carried over to the later generation is read there."""
    names = {entry.name: entry.path for entry in entries(os.path.join(folder, "chats")) if entry.is_file()}
    for name, path in names.items():
        if _SESSION.match(name) and f"{name}l" not in names:
            yield path


def _registered(host: Host, cwd: str) -> str:
    wanted = cwd.lower() if host.platform == "win32" else cwd
    try:
        with open(os.path.join(home(host), "projects.json"), encoding="utf-8") as stream:
            known = json.load(stream)["projects"][wanted]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ""
    return known if isinstance(known, str) and not re.search(r"[/\\]|^\.*$", known) else ""


def _session_id(transcript: str) -> str:
    """Return the session id that the beginning of a transcript names, by which its sub-agents' folder is called."""
    try:
        with open(transcript, "rb") as stream:
            head = stream.read(4096)
    except OSError:
        return ""
    found = re.search(rb'"sessionId"\s*:\s*"([A-Za-z0-9._-]+)"', head)
    name = found.group(1).decode() if found else ""
    return name if name.strip(".") else ""
