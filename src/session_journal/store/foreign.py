"""Settings files of other programs: read as they are, replaced whole, and only if nobody else has changed them."""

from __future__ import annotations

import os
import stat

from session_journal.errors import ConflictError, JournalError
from session_journal.store.files import read_bytes, remove_if_there

BACKUP = ".journal-backup"


def read_foreign(path: str, *, look_only: bool = False) -> bytes | None:
    """Return the bytes of a file that is to be edited, None where there is none; refuse what must not be replaced.

    look_only: nothing will be written, so a link is followed.
    """
    if os.path.islink(path) and not look_only:
        raise JournalError(
            f"{path} is a link to {os.path.realpath(path)}; nothing was changed",
            "the same with --dry-run shows the change to make there by hand",
        )
    if os.path.exists(path) and not os.path.isfile(path):  # reading a pipe would wait for ever
        raise JournalError(f"{path} is no ordinary file; nothing was changed", "look at it, and move it away")
    return read_bytes(path)


def replace_foreign(path: str, old: bytes | None, new: bytes) -> None:
    """Replace a file that held `old` when it was read; its mode stays, and the first old version is kept beside it."""
    mode = stat.S_IMODE(os.stat(path).st_mode) if old is not None else 0o600
    if old is not None and not mode & 0o200:
        raise JournalError(f"{path} is write-protected; nothing was changed", f"chmod u+w {path}")
    folder, name = os.path.split(path)
    temporary = os.path.join(folder, f".{name}.{os.getpid()}.tmp")
    try:
        os.makedirs(folder, exist_ok=True)
        _keep_first(path, old, mode)
        _write(temporary, new, mode, os.O_TRUNC)
        if os.path.islink(path) or read_bytes(path) != old:
            raise ConflictError(f"{path} was changed by another program just now; nothing was written", "try again")
        os.replace(temporary, path)
    except OSError as error:
        raise JournalError(
            f"cannot write {path}: {error.strerror}; nothing was changed",
            "check the disk's room and the folder's permissions",
        ) from error
    finally:
        remove_if_there(temporary)


def remove_foreign(path: str, old: bytes) -> None:
    """Remove a file that holds nothing but what we put there."""
    if read_bytes(path) != old:
        raise ConflictError(f"{path} was changed by another program just now; nothing was removed", "try again")
    remove_if_there(path)


def drop_backup(path: str) -> None:
    """Remove the version kept beside a file where the file is that version again."""
    kept = read_bytes(path + BACKUP)
    if kept is not None and kept == read_bytes(path):
        remove_if_there(path + BACKUP)


def _keep_first(path: str, old: bytes | None, mode: int) -> None:
    """Keep the version from before our first change; one that is there already is never written over."""
    if old is None:
        return
    try:
        _write(path + BACKUP, old, mode, os.O_EXCL)
    except FileExistsError:
        return


def _write(path: str, data: bytes, mode: int, how: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | how | getattr(os, "O_BINARY", 0), mode)
    with open(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.chmod(path, mode)
