"""SpecStory on this machine: the histories that it writes into repositories, from the sessions of other agents."""

from __future__ import annotations

import os
from collections.abc import Iterator

from session_journal.agents import Host

NAME = "specstory"
FOLDER = os.path.join(".specstory", "history")


def transcripts(host: Host) -> Iterator[str]:
    """Return the histories of the working directory's repository, or of what else lies above it."""
    for folder in host.folders():
        yield from in_folder(host, folder)


def in_folder(host: Host, cwd: str) -> Iterator[str]:
    """Return the histories of one folder."""
    del host
    folder = os.path.join(cwd, FOLDER)
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return
    for name in names:
        path = os.path.join(folder, name)
        if name.endswith(".md") and os.path.isfile(path):
            yield path


def parts(transcript: str) -> list[tuple[str, str]]:
    """Return nothing: a history is one file."""
    del transcript
    return []
