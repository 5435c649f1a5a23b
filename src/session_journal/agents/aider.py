"""aider on this machine: its chat histories lie in the repositories themselves."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from session_journal.agents import Host

NAME = "aider"
FILE = ".aider.chat.history.md"


def transcripts(host: Host) -> Iterable[str]:
    """Return the history that the environment names and those of the working directory, above it and at home.

    Nothing lists the repositories that aider was used in.
    """
    named = host.env.get("AIDER_CHAT_HISTORY_FILE", "")
    if named and host.home:
        named = os.path.join(host.home, named[2:]) if named.startswith(("~/", "~\\")) else named
    places = [os.path.join(host.cwd, named)] if named else []
    places += [os.path.join(folder, FILE) for folder in (*host.folders(), host.home) if folder]
    return [path for path in dict.fromkeys(places) if os.path.isfile(path)]


def in_folder(host: Host, cwd: str) -> Iterator[str]:
    """Return the history of one folder; the one that the environment names holds those of any folder."""
    del host
    path = os.path.join(cwd, FILE)
    if os.path.isfile(path):
        yield path


def parts(transcript: str) -> list[tuple[str, str]]:
    """Return nothing: a history is one file."""
    del transcript
    return []
