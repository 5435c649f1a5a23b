"""What capture remembers on this machine: which session became which entry, and how the entry looked then.

Losing it loses no truth: entries name their session themselves, and one whose draft nobody is known to have left alone
is treated as edited.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, replace

from session_journal.core.events import Session
from session_journal.store.files import read_bytes, write_atomic
from session_journal.store.journal import Journal

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Memory:
    """One captured session. data_sha256: the entry as capture left it; marks: short digests of its messages' ids;
    size: see size_of.
    """

    source: str
    entry: str
    data_sha256: str
    marks: frozenset[str]
    size: Size


def renamed(session: Session) -> Session:
    """Tell a session from another one of the same id, with which it shares no message, by when it began."""
    return replace(session, id=f"{session.id}-{session.started:%Y%m%dT%H%M%S}")


def size_of(session: Session) -> Size:
    """Return by what a session is known to have gone on: its turns, then the length of all that is told in them."""
    turns = max((event.turn for event in session.events), default=0)
    return turns, sum(len(event.text) + len(event.target) + 1 for event in session.events)


def marks_of(session: Session) -> frozenset[str]:
    """Return short digests of the ids of a session's messages."""
    return frozenset(hashlib.sha256(uuid.encode()).hexdigest()[:12] for uuid in session.uuids)


class Memories:
    """All that is remembered, in memory; `keep` also writes it down unless this is a dry run."""

    def __init__(self, journal: Journal, *, dry_run: bool) -> None:
        self._folder = journal.cache("captured")
        self._dry_run = dry_run
        self._known = {memory.source: memory for memory in _read_all(self._folder)}
        self._on_disk = set(self._known)

    def of(self, source: str) -> Memory | None:
        """Return what is remembered of a session."""
        return self._known.get(source)

    def appeared(self, source: str) -> bool:
        """Tell whether another command has captured this session since this run began."""
        return source not in self._on_disk and os.path.exists(self._path(source))

    def continued_by(self, marks: frozenset[str]) -> Memory | None:
        """Return a remembered session that these messages contain whole: it is their beginning."""
        found = [memory for memory in self._known.values() if memory.marks and memory.marks <= marks]
        return max(found, key=lambda memory: (len(memory.marks), memory.source), default=None)

    def contains(self, marks: frozenset[str]) -> Memory | None:
        """Return a remembered session that has all of these messages."""
        found = [memory for memory in self._known.values() if marks and marks <= memory.marks]
        return max(found, key=lambda memory: (len(memory.marks), memory.source), default=None)

    def know(self, memory: Memory) -> None:
        """Remember a session for the rest of this run."""
        self._known[memory.source] = memory

    def forget(self, source: str) -> None:
        """Take back what was known for this run: its entry could not be stored."""
        if source not in self._on_disk:
            self._known.pop(source, None)

    def keep(self, memory: Memory) -> None:
        """Remember a session from now on."""
        self.know(memory)
        if self._dry_run:
            return
        self._on_disk.add(memory.source)
        os.makedirs(self._folder, exist_ok=True)
        kept = {
            "source": memory.source, "entry": memory.entry, "data_sha256": memory.data_sha256,
            "marks": sorted(memory.marks), "size": memory.size,
        }  # fmt: skip
        write_atomic(self._path(memory.source), json.dumps(kept).encode())

    def _path(self, source: str) -> str:
        return os.path.join(self._folder, f"{hashlib.sha256(source.encode()).hexdigest()[:24]}.json")


def _read_all(folder: str) -> Iterable[Memory]:
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return
    for name in names:
        try:
            kept = json.loads(read_bytes(os.path.join(folder, name)) or b"")
            turns, length = kept["size"]
            marks, size = frozenset(kept["marks"]), (int(turns), int(length))
            yield Memory(kept["source"], kept["entry"], kept["data_sha256"], marks, size)
        except (ValueError, KeyError, TypeError):
            continue  # torn or foreign: as if it were not remembered
