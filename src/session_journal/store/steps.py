"""Steps that change files and git settings outside the journal: all are taken, or none."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable

from session_journal.core.records import record
from session_journal.errors import ConflictError, JournalError
from session_journal.store.files import read_bytes, remove_if_there, write_atomic
from session_journal.store.repository import Repository


@record(frozen=True, slots=True)
class Write:
    """Write an executable file."""

    path: str
    data: bytes

    def __str__(self) -> str:
        return f"write {self.path}"


@record(frozen=True, slots=True)
class Move:
    """Give a file another name; its bytes and its mode stay."""

    path: str
    to: str

    def __str__(self) -> str:
        return f"move {self.path} to {os.path.basename(self.to)}"


@record(frozen=True, slots=True)
class Remove:
    """Remove a file."""

    path: str

    def __str__(self) -> str:
        return f"remove {self.path}"


@record(frozen=True, slots=True)
class Configure:
    """Give a setting of a repository these values, () for none."""

    repo: Repository
    key: str
    values: tuple[str, ...]

    def __str__(self) -> str:
        return f"git config {self.key} {' '.join(self.values)}" if self.values else f"git config --unset {self.key}"


Step = Write | Move | Remove | Configure


def take(steps: Iterable[Step]) -> None:
    """Take the steps in order; when one fails, undo those before it."""
    undo: list[tuple[Step, int]] = []
    try:
        for step in steps:
            undo.append(_take(step))  # noqa: PERF401 - what was done counts when the next one fails
    except BaseException:
        for step, mode in reversed(undo):
            _take(step)
            if isinstance(step, Write):
                os.chmod(step.path, mode)
        raise


def local_values(repo: Repository, key: str) -> tuple[str, ...]:
    """Return the values that a setting has in the repository's own configuration."""
    output = repo.git("config", "--local", "--null", "--get-all", key, check=False)
    return tuple(output.text.split("\0")[:-1])


def _take(step: Step) -> tuple[Step, int]:
    """Take one step and return the one that undoes it, and the mode of a file that it would write."""
    if isinstance(step, Configure):
        return _configure(step), 0
    if isinstance(step, Move):
        return _move(step), 0
    mode = stat.S_IMODE(os.stat(step.path).st_mode) if os.path.exists(step.path) else 0
    old = read_bytes(step.path)
    if isinstance(step, Remove):
        remove_if_there(step.path)
    else:
        write_atomic(step.path, step.data)
        now = os.stat(step.path).st_mode
        os.chmod(step.path, stat.S_IMODE(now) | (now & 0o444) >> 2)
    return (Remove(step.path) if old is None else Write(step.path, old)), mode


def _move(step: Move) -> Move:
    if os.path.lexists(step.to):
        raise ConflictError(f"{step.to} is there already; nothing was changed", "look at it, and move it away")
    try:
        os.rename(step.path, step.to)
    except OSError as error:
        raise JournalError(
            f"cannot move {step.path}: {error.strerror}; nothing was changed", "check the folder's permissions"
        ) from error
    return Move(step.to, step.path)


def _configure(step: Configure) -> Configure:
    old = local_values(step.repo, step.key)
    if old:
        step.repo.git("config", "--local", "--unset-all", step.key)
    for value in step.values:
        step.repo.git("config", "--local", "--add", step.key, value)
    return Configure(step.repo, step.key, old)
