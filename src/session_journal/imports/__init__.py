"""Journals that people kept elsewhere, as originals that can become entries: one module per kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import date, datetime
from importlib import import_module
from shlex import quote
from typing import Protocol

from session_journal.core.document import Document
from session_journal.core.records import record
from session_journal.errors import NotFoundError, UsageError

KINDS = ("jrnl", "obsidian", "one-file", "dated")
"""The kinds in the order in which they are tried; each names its module, with `_` for `-`."""


@record(frozen=True, slots=True)
class Original:
    """What one entry will be made of.

    key: names it for good within its kind; name: what it is called in a report; doc: its own text, with the front
    matter it has; moment: when it was written, naive in the local time; title: its own, where it stands outside of the
    text; stem: its file's name, which may tell one; tags, fields: what its kind keeps beside the text; attachments:
    files it shows, which stay where they are; sha256: of the original, as it lies there.
    """

    key: str
    name: str
    day: date
    doc: Document
    sha256: str
    moment: datetime | None = None
    title: str = ""
    stem: str = ""
    tags: tuple[str, ...] = ()
    fields: Mapping[str, object] = field(default_factory=dict)
    attachments: tuple[str, ...] = ()


@record(frozen=True, slots=True)
class Left:
    """What no entry can be made of, and why."""

    name: str
    why: str


@record(frozen=True, slots=True)
class Reading:
    """How to read: whether 03/04/2025 has its day first (None: unknown), and a folder that is never read."""

    day_first: bool | None = None
    skip: str = ""


class Kind(Protocol):
    """What a module of this package offers."""

    def recognises(self, path: str) -> bool:
        """Tell whether a file or folder is of this kind."""

    def read(self, path: str, reading: Reading) -> Iterator[Original | Left]:
        """Yield what a file or folder of this kind holds, in its order."""


def load_kind(name: str) -> Kind:
    """Return the module of a kind."""
    if name not in KINDS:
        raise UsageError(
            f"there is no kind of journal {name!r}", f"journal import PATH --from dated (or {', '.join(KINDS[:-1])})"
        )
    module: Kind = import_module(f"session_journal.imports.{name.replace('-', '_')}")
    return module


def recognise(path: str) -> str:
    """Return the kind of a file or folder; NotFoundError where it is none that is known."""
    for name in KINDS:
        if load_kind(name).recognises(path):
            return name
    raise NotFoundError(
        f"{path}: no kind of journal that can be imported",
        f"journal import {quote(path)} --from dated (or {', '.join(KINDS[:-1])})",
    )
