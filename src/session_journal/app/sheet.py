"""The copy that a person's editor works on, beside the journal: it outlives a failure and nothing else.

The copy of `journal/sessions/2026/x.md` lies at `editing/sessions/2026/x.md` in the git directory, with the hash of the
bytes it was made from in `x.md.base`: what a crash left behind must not overwrite what the file has become since.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import count

from session_journal.app.editor import open_editor
from session_journal.core.records import record
from session_journal.errors import JournalError
from session_journal.store.files import read_bytes, remove_if_there, write_atomic
from session_journal.store.journal import Journal
from session_journal.store.lock import Lock

_BASE = ".base"
_NAMES = ("utf-8", "surrogateescape")


@record(frozen=True, slots=True)
class Desk:
    """Where a person writes: their editor, the environment it starts in, the clock, and how they are talked to."""

    editor: list[str]
    env: Mapping[str, str]
    now: datetime
    say: Callable[[str], None]


@record(frozen=True, slots=True)
class Sheet:
    """The copy that is edited. place: the journal file it is for; old: that file's bytes, None for a new one."""

    path: str
    place: str
    old: bytes | None


@contextmanager
def lay_out(journal: Journal, place: str, old: bytes | None, start: bytes, desk: Desk) -> Iterator[Sheet]:
    """Hold the copy while it is edited: the file's bytes, or what an earlier edit of the same bytes could not save.

    Where another editor is open on it, this one gets a copy of its own.
    """
    path, lock = _take(journal, place)
    try:
        yield _prepare(path, place, old, start, desk)
    finally:
        lock.leave()


def _take(journal: Journal, place: str) -> tuple[str, Lock]:
    whole = os.path.join(journal.cache("editing"), *place.removeprefix("journal/").split("/"))
    for number in count(1):
        path = whole if number == 1 else f"{whole.removesuffix('.md')}-{number}.md"
        # A few lock files for all sheets: they are never removed, for another command may be waiting at one.
        lock = Lock(journal.cache(os.path.join("desks", hashlib.sha256(path.encode(*_NAMES)).hexdigest()[:2])))
        if lock.try_enter():
            return path, lock
    raise AssertionError("the numbers never end")


def _prepare(path: str, place: str, old: bytes | None, start: bytes, desk: Desk) -> Sheet:
    base = _digest(old)
    if os.path.exists(path):
        if (read_bytes(path + _BASE) or b"").decode() == base:
            desk.say(f"Going on with text from before that was not saved ({path}).")
            return Sheet(path, place, old)
        desk.say(f"An earlier text was not saved, and the file has changed since; it lies in {_put_aside(path)}.")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    write_atomic(path + _BASE, base.encode())
    write_atomic(path, start)
    return Sheet(path, place, old)


def let_edit(sheet: Sheet, start: bytes, desk: Desk) -> bytes | None:
    """Open the editor on the copy; None when nothing new came of it, and the copy is gone then."""
    try:
        open_editor(desk.editor, sheet.path, desk.env)
    except JournalError as error:
        if read_bytes(sheet.path) == start:
            clear(sheet)
        else:
            error.message += f"; your text is kept in {sheet.path}"
        raise
    text = read_bytes(sheet.path) or b""
    if not text.strip() or text == start:
        clear(sheet)
        return None
    return text


def clear(sheet: Sheet) -> None:
    """Remove the copy once it is saved, or nothing is in it."""
    remove_if_there(sheet.path)
    remove_if_there(sheet.path + _BASE)


def kept_text(journal: Journal, name: str) -> str:
    """Return the journal path that a kept text is for, by its file name or slug; "" where there is none."""
    desk = journal.cache("editing")
    for folder, _, files in sorted(os.walk(desk)):
        for file in sorted(files):
            stem = file.removesuffix(".md")
            if file.endswith(".md") and name in {stem, stem[11:]}:
                return "journal/" + os.path.relpath(os.path.join(folder, file), desk).replace(os.sep, "/")
    return ""


def _digest(data: bytes | None) -> str:
    return "new" if data is None else hashlib.sha256(data).hexdigest()


def _put_aside(path: str) -> str:
    number = 1
    while os.path.exists(f"{path}.{number}.unsaved"):
        number += 1
    aside = f"{path}.{number}.unsaved"
    os.replace(path, aside)
    return aside
