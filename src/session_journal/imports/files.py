"""Files of a foreign journal: found without following loops, read only where they are text."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator

from session_journal.core.text import counted
from session_journal.imports import Left, Original

TEXT = (".md", ".markdown", ".txt")
MOST_BYTES = 200_000_000
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SKIPPED = frozenset({"node_modules", "__pycache__"})


class UnreadableError(Exception):
    """Why a file cannot be read; it stays within this package."""


def walk(root: str, skip: str = "") -> Iterator[str | Left]:
    """Yield the files below a folder, sorted, relative with `/`.

    Hidden folders, links to folders (they may lead back here) and `skip` are not entered; a link out of the folder
    could bring in anything.
    """
    failed: list[OSError] = []
    for place, folders, files in os.walk(root, onerror=failed.append):
        here = os.path.relpath(place, root).replace(os.sep, "/")
        prefix = "" if here == "." else f"{here}/"
        for folder in sorted(folders):
            if os.path.islink(os.path.join(place, folder)):
                yield Left(f"{prefix}{folder}", "a link to a folder; import that folder itself")
        folders[:] = sorted(folder for folder in folders if not _is_passed_over(place, folder, skip))
        for name in sorted(name for name in files if not name.startswith(".")):
            out = _leads_out(os.path.join(place, name), root)
            yield (
                Left(f"{prefix}{name}", "a link to a file elsewhere; import that file itself")
                if out
                else f"{prefix}{name}"
            )
    for error in failed:
        where = os.path.relpath(str(error.filename), root).replace(os.sep, "/")
        yield Left(where, f"the folder cannot be read: {error.strerror or error}")


def _leads_out(path: str, root: str) -> bool:
    if not os.path.islink(path):
        return False
    inside = os.path.join(os.path.realpath(root), "")
    return not os.path.realpath(path).startswith(inside)


def _is_passed_over(place: str, folder: str, skip: str) -> bool:
    full = os.path.join(place, folder)
    return folder.startswith(".") or folder in _SKIPPED or bool(skip and os.path.realpath(full) == skip)


def read_data(path: str) -> bytes:
    """Return a plain file's bytes; UnreadableError says why it has none."""
    try:
        info = os.stat(path)
        if not stat.S_ISREG(info.st_mode):  # a pipe would wait for its writer for ever
            raise UnreadableError("not a regular file")
        if info.st_size > MOST_BYTES:
            raise UnreadableError(f"too large ({info.st_size / 1e6:.0f} MB; at most {MOST_BYTES / 1e6:.0f} MB)")
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise UnreadableError(f"cannot be read: {error.strerror or error}") from error


def decode(data: bytes) -> str:
    """Return the text of a file's bytes without its byte order mark; UnreadableError where it is no UTF-8 text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableError("it is UTF-16; save it as UTF-8")
    if b"\0" in data:
        raise UnreadableError("it is not text")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableError(f"line {line} is not UTF-8 (byte 0x{data[error.start]:02x}); save it as UTF-8") from None
    if not text.strip():
        raise UnreadableError("it is empty")
    return text


def shown(name: str) -> str:
    """Return a file name as text that stays on its line, whatever bytes it is made of."""
    text = name.encode("utf-8", "backslashreplace").decode()
    return _CONTROLS.sub(lambda match: f"\\x{ord(match[0]):02x}", text)


def key_of(folder: str, name: str) -> str:
    """Name a file below a folder for good: with the folder's own name, for two journals may have a 2025-05-19.md."""
    return f"{shown(os.path.basename(folder))}/{name}"


def tell_others(others: list[str]) -> Iterator[Original | Left]:
    """Report files that are no text in one line, with a few of their names."""
    if others:
        named = ", ".join(others[:3]) + (", …" if len(others) > 3 else "")
        yield Left(counted(len(others), "other file"), f"no markdown or text: {named}")
