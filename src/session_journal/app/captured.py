"""What capture remembers on this machine: which session became which entry, and how the entry looked then.

Losing it loses no truth: entries name their session themselves, and one whose draft nobody is known to have left alone
is treated as edited.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Literal

from session_journal.app.offers import Offer
from session_journal.app.outcome import Wanted
from session_journal.core.entry import Entry
from session_journal.core.events import Session
from session_journal.core.records import record
from session_journal.core.ticking import without_ids
from session_journal.store.files import read_bytes, write_atomic
from session_journal.store.journal import Journal

Size = tuple[int, int]
Relation = Literal["same", "shorter", "longer", "other"]


@record(frozen=True, slots=True)
class Memory:
    """One captured session. data_sha256: the entry as capture left it; marks: short digests of its messages' ids;
    size: see size_of; given: the keys of the front matter that a person gave on the command line.
    """

    source: str
    entry: str
    data_sha256: str
    marks: frozenset[str]
    size: Size
    given: tuple[str, ...] = ()


def given(wanted: Wanted, entry: Entry | None, memory: Memory | None) -> dict[str, object]:
    """Return the title, project and tags that a person gave, now or when the session's entry was drafted first."""
    told: dict[str, object] = {}
    if entry and memory and memory.entry == entry.id:
        told = {key: entry.fields[key] for key in memory.given if key in entry.fields}
    now: dict[str, object] = {"title": wanted.title, "project": wanted.named, "tags": list(wanted.tags)}
    return told | {key: value for key, value in now.items() if value}


def with_given(found: Mapping[str, object], told: Mapping[str, object]) -> dict[str, object]:
    """Return front matter with what a person gave in the place of what was found; tags stand beside those found."""
    tags = [tag for fields in (found, told) if isinstance(named := fields.get("tags"), list) for tag in named]
    return {**found, **told, **({"tags": list(dict.fromkeys(tags))} if tags else {})}


def compare_sizes(session: Session, entry: Entry, memory: Memory | None) -> Relation:
    """Compare a session with the one its entry was drafted from where only its length tells."""
    if entry.fields.get("source_sha256") == session.sha256:
        return "same"
    turns, size = entry.fields.get("turns"), size_of(session)
    before = memory.size if memory else (turns if isinstance(turns, int) else 0, size[1])
    return "longer" if size > before else "same" if size == before else "shorter"


def was_all(session: Session, marks: frozenset[str], gone: Memory, offer: Offer | None) -> bool:
    """Tell whether an entry that is gone was there still when all of this session was drafted, or offered for it."""
    drafted = marks <= gone.marks if marks else size_of(session) <= gone.size
    return drafted or (offer is not None and offer.sha256 == session.sha256)


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


def is_as_drafted(data: bytes, memory: Memory) -> bool:
    """Tell whether an entry is what capture left; the ids by which a rollup names its lines are no edit."""
    bare = without_ids(data.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
    return memory.data_sha256 in {hashlib.sha256(one).hexdigest() for one in (data, bare)}


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
            "marks": sorted(memory.marks), "size": memory.size, "given": memory.given,
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
            yield Memory(kept["source"], kept["entry"], kept["data_sha256"], marks, size, tuple(kept.get("given", ())))
        except (ValueError, KeyError, TypeError):
            continue  # torn or foreign: as if it were not remembered
