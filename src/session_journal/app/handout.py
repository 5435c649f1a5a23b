"""Handout: a context pack kept as a managed block in a file that agents read, such as AGENTS.md."""

from __future__ import annotations

import difflib
import os
import stat

from session_journal.core import blocks
from session_journal.core.records import record
from session_journal.errors import GitError, JournalError
from session_journal.store.files import read_bytes, write_atomic
from session_journal.store.git import run_git

BLOCK = "context"
AGENTS, CLAUDE = "AGENTS.md", "CLAUDE.md"
POINTER = f"@{AGENTS}"


@record(frozen=True, slots=True)
class Rewrite:
    """One file as it is (None: not there) and as it will be."""

    path: str
    old: bytes | None
    new: bytes


def plan(path: str, text: str, journal_root: str, *, force: bool = False) -> tuple[Rewrite, ...]:
    """Return the files to rewrite so that `path` hands out the text; none where they do already.

    CLAUDE.md gets one line that includes AGENTS.md, and the block stands there: one text for every agent.
    """
    path = os.path.abspath(path)
    folder, name = os.path.split(path)
    _refuse_journal(path, journal_root)
    pointer = os.path.join(folder, CLAUDE)
    if name == CLAUDE:
        path = os.path.join(folder, AGENTS)
    rewrites: list[Rewrite | None] = [_with_block(path, text, force=force)]
    if name == CLAUDE or (name == AGENTS and os.path.lexists(pointer)):
        rewrites += [_with_pointer(pointer, path)] if text or name == AGENTS else []
    return tuple(one for one in rewrites if one is not None and one.new != (one.old or b""))


def apply(rewrites: tuple[Rewrite, ...]) -> None:
    """Write the files, each only if it still is what it was when the change was planned."""
    for one in rewrites:
        if _read(one.path) != one.old:
            raise JournalError(f"{one.path} was changed by someone else just now", "run the command again")
        mode = stat.S_IMODE(os.stat(one.path).st_mode) if one.old is not None else None
        write_atomic(one.path, one.new, mode)


def diff(rewrites: tuple[Rewrite, ...]) -> str:
    """Return the changes as a unified diff."""
    return "".join(_diff(one) for one in rewrites)


def is_shared(path: str) -> bool:
    """Tell whether a file may reach others: it lies in a repository that does not ignore it."""
    folder, name = os.path.split(os.path.abspath(path))
    try:
        return run_git(["check-ignore", "--quiet", "--", name], folder, check=False).code == 1
    except GitError:
        return True


def _refuse_journal(path: str, journal_root: str) -> None:
    inside = os.path.join(os.path.realpath(journal_root), "journal") + os.sep
    if os.path.realpath(path).startswith(inside):
        raise JournalError(f"{path} is the journal's own", "name a file of your project: --write AGENTS.md")


def _with_block(path: str, text: str, *, force: bool) -> Rewrite:
    old = _read(path)
    before = _text(path, old)
    try:
        after = blocks.replace(before, BLOCK, text, force=force) if text else blocks.remove(before, BLOCK, force=force)
    except JournalError as error:
        raise JournalError(f"{path}: {error.message}", error.hint) from error
    return Rewrite(path, old, after.encode("utf-8"))


def _with_pointer(path: str, block_path: str) -> Rewrite | None:
    """Return the CLAUDE.md that includes AGENTS.md; None where it is a link to that very file."""
    if os.path.islink(path) and os.path.realpath(path) == os.path.realpath(block_path):
        return None
    old = _read(path)
    before = _text(path, old)
    if any(line.strip() == POINTER for line in before.splitlines()):
        return None
    newline = "\r\n" if "\r\n" in before else "\n"
    gap = newline if before and not before.endswith("\n") else ""
    return Rewrite(path, old, f"{before}{gap}{POINTER}{newline}".encode())


def _read(path: str) -> bytes | None:
    """Return a regular file's bytes; a link is refused, because what it leads to is not what was named."""
    if not os.path.lexists(path):
        if not os.path.isdir(os.path.dirname(path)):
            raise JournalError(f"the folder of {path} does not exist", "make it first, or name another file")
        return None
    if not stat.S_ISREG(os.lstat(path).st_mode):
        raise JournalError(f"{path} is a link or no regular file; it is left alone", "name the file itself")
    return read_bytes(path)


def _text(path: str, data: bytes | None) -> str:
    try:
        return (data or b"").decode("utf-8")
    except UnicodeDecodeError as error:
        hint = "save it as UTF-8, or name another file"
        raise JournalError(f"{path} is not UTF-8; it is left alone", hint) from error


def _diff(one: Rewrite) -> str:
    old, new = ((data or b"").decode("utf-8").splitlines(keepends=True) for data in (one.old, one.new))
    lines = difflib.unified_diff(old, new, one.path if one.old is not None else os.devnull, one.path)
    return "".join(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines)
