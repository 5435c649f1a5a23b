"""Cursor on this machine: where its transcripts lie."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator

from session_journal.agents import Host
from session_journal.agents.folders import entries

NAME = "cursor"
_TRANSCRIPTS = "agent-transcripts"
_META = "meta.json"
"""What the command line notes about a conversation, in a folder of chats."""
_ENDINGS = (".jsonl", ".txt")
"""The later form first: a conversation that has both is read there."""


def homes(host: Host) -> list[str]:
    """Return the folders that hold Cursor's data: the editor's, and where its command line was told to keep its own."""
    return list(dict.fromkeys(filter(None, [os.path.join(host.home, ".cursor"), host.env.get("CURSOR_DATA_DIR")])))


def folder_name(cwd: str) -> str:
    """Return what the folder of a working directory's transcripts is called, in small letters."""
    return re.sub(r"[^A-Za-z0-9]+", "-", cwd).strip("-").lower()


def transcripts(host: Host) -> Iterable[str]:
    """Return the paths of all transcripts, those of sub-agents left out."""
    for folder in _projects(host):
        yield from _in(folder.path)


def in_folder(host: Host, cwd: str) -> Iterable[str]:
    """Return the transcripts of one working directory."""
    for folder in _projects(host):
        if folder_name(folder.name) == folder_name(cwd):
            yield from _in(folder.path)


def parts(transcript: str) -> list[tuple[str, str]]:
    """Return what is noted about a conversation, and (agent id, path) for each file that its sub-agents wrote."""
    path = os.path.abspath(transcript)
    above, name = os.path.split(path)
    conversation = os.path.splitext(name)[0]
    if os.path.basename(above) == _TRANSCRIPTS:
        above = os.path.join(above, conversation)
    elif os.path.basename(above) != conversation or os.path.basename(os.path.dirname(above)) != _TRANSCRIPTS:
        return []
    found = [
        (os.path.splitext(entry.name)[0], entry.path)
        for entry in entries(os.path.join(above, "subagents"))
        if entry.name.endswith(_ENDINGS) and entry.is_file()
    ]
    home = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(above))))
    noted = (os.path.join(one.path, conversation, _META) for one in entries(os.path.join(home, "chats")))
    return [*((_META, one) for one in noted if os.path.isfile(one)), *found]


def _projects(host: Host) -> Iterator[os.DirEntry[str]]:
    for home in homes(host):
        yield from entries(os.path.join(home, "projects"))


def _in(project: str) -> Iterator[str]:
    """Yield one file a conversation, which lies beside the others or in a folder of its own."""
    found: dict[str, str] = {}
    for ending in _ENDINGS:
        for entry in entries(os.path.join(project, _TRANSCRIPTS)):
            own = os.path.join(entry.path, entry.name + ending)
            if entry.is_dir() and os.path.isfile(own):
                found.setdefault(entry.name, own)
            elif entry.name.endswith(ending) and entry.is_file():
                found.setdefault(entry.name.removesuffix(ending), entry.path)
    yield from found.values()
