"""Traces: how what is remembered tells, without a clock, that a file or this program is still what it was."""

from __future__ import annotations

import os
import stat
import zlib
from hashlib import sha256

from session_journal import __version__
from session_journal.store.files import markdown_files

FOLDERS = ("sessions", "notes", "rollups", "playbooks")
_CORE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "core")
GRANULARITY = 2_000_000_000
"""Nanoseconds within which some file systems give two writes the same time."""


def files_of(root: str) -> dict[str, os.stat_result]:
    """Return the journal's regular files that can be read; a link may lead out of the journal and is never followed."""
    found = {}
    for path in markdown_files(root, *FOLDERS):
        place = os.path.join(root, path)
        try:
            status = os.lstat(place)
        except OSError:
            continue
        if stat.S_ISREG(status.st_mode) and os.access(place, os.R_OK) and _is_text(path):
            found[path] = status
    return found


def _is_text(path: str) -> bool:
    """Tell whether a name is UTF-8: the index can keep no other."""
    return path.isascii() or not any("\ud800" <= char <= "\udfff" for char in path)


def is_settled(status: os.stat_result, now: int) -> bool:
    """Tell whether a file is old enough that a later change shows in its time."""
    return status.st_mtime_ns + GRANULARITY < now


def contents(root: str, path: str) -> bytes:
    """Return a file's bytes, none where it cannot be read."""
    try:
        with open(os.path.join(root, path), "rb") as file:
            return file.read()
    except OSError:
        return b""


def digest(data: bytes) -> bytes:
    """Return what two different contents never share."""
    return sha256(data).digest()


def made_by(*modules: str) -> str:
    """Return what changes whenever these modules of the core may find something else in the same text."""
    marks = []
    for name in modules:
        try:
            status = os.stat(os.path.join(_CORE, f"{name}.py"))
        except OSError:
            return ""
        marks.append((status.st_size, status.st_mtime_ns))
    return f"{__version__} {zlib.crc32(repr(marks).encode()):08x}"
