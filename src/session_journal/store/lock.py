"""The journal's lock: one writer at a time on this machine, freed by the kernel when its holder dies."""

from __future__ import annotations

import os
import time

from session_journal.errors import JournalError

WAIT_SECONDS = 30.0


class Lock:
    """Hold an exclusive lock on a file for the length of a `with` block.

    A lock of the operating system instead of a lock file: a crash leaves nothing to clean up. `filelock` does the
    same but takes longer to import than a commit.
    """

    __slots__ = ("_handle", "path")

    def __init__(self, path: str) -> None:
        self.path = path
        self._handle = -1

    def __enter__(self) -> Lock:  # noqa: PYI034 - typing.Self would import typing
        self._open()
        self._wait()
        return self

    def try_enter(self) -> bool:
        """Take the lock if nobody holds it; `leave` gives it back."""
        self._open()
        if _try_lock(self._handle):
            return True
        os.close(self._handle)
        return False

    def leave(self) -> None:
        """Give the lock back."""
        _unlock(self._handle)
        os.close(self._handle)

    def _open(self) -> None:
        folder = os.path.dirname(self.path)
        try:
            os.makedirs(folder, exist_ok=True)
            self._handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise JournalError(
                f"cannot write {self.path}: {error.strerror}", "check the folder's permissions"
            ) from error

    def _wait(self) -> None:
        deadline, pause = time.monotonic() + WAIT_SECONDS, 0.002
        while not _try_lock(self._handle):
            if time.monotonic() > deadline:
                os.close(self._handle)
                raise JournalError(
                    f"another journal command has held {self.path} for {WAIT_SECONDS:.0f} s", "wait for it, or end it"
                )
            time.sleep(pause)
            pause = min(pause * 1.5, 0.1)

    def __exit__(self, *_: object) -> None:
        self.leave()


if os.name == "nt":
    import msvcrt

    def _try_lock(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True

    def _unlock(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined,unused-ignore]

else:
    import fcntl

    def _try_lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _unlock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
