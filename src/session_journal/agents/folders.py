"""Listing of folders that may not be there."""

from __future__ import annotations

import os
from collections.abc import Iterator


def entries(folder: str) -> Iterator[os.DirEntry[str]]:
    """Yield what lies in a folder, sorted by name; nothing where it cannot be listed."""
    try:
        with os.scandir(folder) as found:
            yield from sorted(found, key=lambda one: one.name)
    except OSError:
        return


def files_below(folder: str, depth: int) -> Iterator[str]:
    """Yield the paths of the files in a folder and in those below it, `depth` levels down; links are not followed."""
    for entry in entries(folder):
        if entry.is_dir(follow_symlinks=False):
            if depth > 0:
                yield from files_below(entry.path, depth - 1)
        elif entry.is_file():
            yield entry.path
