"""Folders of notes whose names carry their day: `2025-05-19-journal.md`, `2025_05_19.md`, `2025/05/19.md`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from hashlib import sha256
from shlex import quote

from session_journal.errors import DocumentError
from session_journal.imports import Left, Original, Reading, files, markdown, one_file
from session_journal.imports.days import find_day, is_ambiguous, order_of

_NO_DAY = "no day in its name (2026-11-20-topic.md) nor in its front matter"


def recognises(path: str) -> bool:
    """Tell whether a folder, or a file with a day in its name, is of this kind."""
    if os.path.isdir(path):
        return True
    return path.lower().endswith(files.TEXT) and find_day(os.path.basename(path)) is not None


def read(path: str, reading: Reading) -> Iterator[Original | Left]:
    """Yield each note of a folder, or the one that a file is."""
    if not os.path.isdir(path):
        yield read_note(*os.path.split(path), reading)
        return
    others: list[str] = []
    names = list(files.walk(path, reading.skip))
    if reading.day_first is None:
        reading = replace(reading, day_first=order_of(name for name in names if isinstance(name, str)))
    for name in names:
        if isinstance(name, Left):
            yield name
        elif name.lower().endswith(files.TEXT):
            yield read_note(path, name, reading)
        else:
            others.append(files.shown(name))
    yield from files.tell_others(others)


def read_note(
    folder: str, name: str, reading: Reading, day: date | None = None, *, tags: bool = False
) -> Original | Left:
    """Read one note below a folder; its name tells the day unless `day` does. tags: take its text's `#tags`, too."""
    path, name = os.path.join(folder, name), files.shown(name)
    try:
        data = files.read_data(path)
        doc = markdown.split_front(files.decode(data), name)
    except files.UnreadableError as error:
        return Left(name, str(error))
    except DocumentError as error:
        return Left(name, markdown.explained(error, name))
    day = day or _day_of_name(name, reading) or markdown.day_in(doc)
    if day is None:
        return Left(name, _why_no_day(path, name))
    if markdown.is_blank(doc):
        return Left(name, markdown.BLANK)
    return Original(
        key=files.key_of(folder, name), name=name, day=day, doc=doc,
        sha256=sha256(data).hexdigest(), moment=markdown.moment_in(doc, day),
        stem=os.path.splitext(os.path.basename(name))[0],
        tags=markdown.inline_tags(doc.body) if tags else (), attachments=markdown.attachments(doc.body),
    )  # fmt: skip


def _why_no_day(path: str, name: str) -> str:
    if is_ambiguous(os.path.splitext(name)[0]):
        return one_file.TWO_WAYS
    return (
        f"a log of several days; import it alone: journal import {quote(name)}"
        if one_file.recognises(path)
        else _NO_DAY
    )


def _day_of_name(name: str, reading: Reading) -> date | None:
    """Return the day in a file's name, else in its path: `2025/05/19.md`."""
    stem = os.path.splitext(name)[0]
    for text in (os.path.basename(stem), stem):
        found = find_day(text, day_first=reading.day_first)
        if found:
            return found.day
    return None
