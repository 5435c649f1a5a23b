"""Files of the journal: atomic writes, exact reads, sorted listings."""

from __future__ import annotations

import os
import stat

from session_journal.errors import JournalError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

FOLDERS = ("sessions", "notes", "rollups", "playbooks", "archive")


def read_bytes(path: str) -> bytes | None:
    """Return a file's bytes, None where it does not exist."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None
    except NotADirectoryError:
        return None
    except IsADirectoryError as error:
        raise JournalError(f"{path} is a folder, not a file") from error
    except OSError as error:
        raise JournalError(f"{path} cannot be read: {error.strerror}", "check its permissions") from error


def write_atomic(path: str, data: bytes, mode: int | None = None) -> None:
    """Write a file so that a reader or a crash sees the old bytes or the new ones, never a part.

    mode: the bits it gets. By default, who may read and write it stays as it was: a page that its person closed to
    others is not opened by an edit.
    """
    folder, name = os.path.split(path)
    temporary = os.path.join(folder, f".{name[:100]}.{os.getpid()}.tmp")
    try:
        _write_new(temporary, data, folder, _rights(path) if mode is None else mode)
        os.replace(temporary, path)
    except OSError as error:
        remove_if_there(temporary)
        raise JournalError(
            f"cannot write {path}: {error.strerror}", "check the disk's room and the folder's permissions"
        ) from error


def _rights(path: str) -> int | None:
    try:
        mode = os.lstat(path).st_mode
    except OSError:
        return None
    return mode & 0o666 if stat.S_ISREG(mode) else None  # git has no use for the bits to run it


def _write_new(path: str, data: bytes, folder: str, rights: int | None) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(path, flags, 0o666)
    except FileNotFoundError:
        os.makedirs(folder, exist_ok=True)
        handle = os.open(path, flags, 0o666)
    with open(handle, "wb") as file:
        if rights is not None and hasattr(os, "fchmod"):  # Windows has none, and no such rights
            os.fchmod(handle, rights)
        file.write(data)


def move_if_there(old: str, new: str) -> None:
    """Move a file to where nothing lies; that it is gone already is no error."""
    try:
        os.makedirs(os.path.dirname(new), exist_ok=True)
        os.replace(old, new)
    except FileNotFoundError:
        return
    except OSError as error:
        raise JournalError(f"cannot move {old}: {error.strerror}", "check the folder's permissions") from error


def sweep(folder: str, *names: str) -> None:
    """Remove what killed writes of files whose names begin so left beside them."""
    starts = tuple(f".{name[:100]}" for name in names)
    for other in os.listdir(folder) if os.path.isdir(folder) else ():
        if other.startswith(starts) and other.endswith(".tmp"):
            remove_if_there(os.path.join(folder, other))


def is_plain(path: str) -> bool:
    """Tell whether a path is a regular file itself, not a link, a pipe or a folder."""
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except OSError:
        return False


def append_line(path: str, line: bytes) -> bool:
    """Append to an existing file in one write; return False where it does not exist."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        return False
    except OSError as error:
        raise JournalError(f"cannot write {path}: {error.strerror}", "check the file's permissions") from error
    try:
        return os.write(handle, line) == len(line)
    except OSError as error:
        raise JournalError(f"cannot write {path}: {error.strerror}", "check the disk's room") from error
    finally:
        os.close(handle)


def remove_if_there(path: str) -> None:
    """Remove a file; that it is gone already is no error."""
    try:
        os.remove(path)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise JournalError(f"cannot remove {path}: {error.strerror}", "check the folder's permissions") from error


def join_list(items: Iterable[str]) -> bytes:
    """Return the bytes of a list that may name any path: each item ends with NUL, which no path has."""
    return "".join(f"{item}\0" for item in items).encode("utf-8", "surrogateescape")


def split_list(data: bytes) -> list[str]:
    """Return the items of such a list; those of earlier versions end with a line feed."""
    end = "\0" if b"\0" in data else "\n"
    return data.decode("utf-8", "surrogateescape").removesuffix(end).split(end) if data else []


def markdown_files(root: str, *folders: str) -> list[str]:
    """Return the journal's markdown files, sorted, relative to its root with `/` (all folders by default)."""
    found: list[str] = []
    for folder in folders or FOLDERS:
        top = os.path.join(root, "journal", folder)
        for place, names, files in os.walk(top):
            names.sort()
            relative = os.path.relpath(place, root).replace(os.sep, "/")
            found += [f"{relative}/{name}" for name in files if name.endswith(".md") and not name.startswith(".")]
    if not folders and os.path.isfile(os.path.join(root, "journal", "learnings.md")):
        found.append("journal/learnings.md")
    return sorted(found)
