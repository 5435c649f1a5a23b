"""What searches for what says the same have worked out already, kept in the git directory: it is lost without harm."""

from __future__ import annotations

import os
import sys
import zlib
from array import array
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from session_journal.core.patterns import Compared, Edges, Memory
from session_journal.errors import JournalError
from session_journal.store.files import read_bytes, write_atomic
from session_journal.store.traces import made_by

_READERS = (
    "formulas", "terms", "variants", "patterns/contrary", "patterns/frames", "patterns/gone", "patterns/likeness",
    "patterns/memory", "patterns/neighbours", "patterns/stance", "patterns/vocabulary", "patterns/words", "records",
)  # fmt: skip


@contextmanager
def remembered(place: str, *, senses: bool = True) -> Iterator[Memory]:
    """Hand out what earlier searches worked out, and keep what came to it. place: the file; senses: see Memory."""
    memory = recall(place)
    memory.senses = senses
    yield memory
    keep(place, memory)


def recall(place: str) -> Memory:
    """Read what was kept; what is torn or of another form counts as nothing."""
    import orjson

    try:
        checked, _, text = (read_bytes(place) or b"").partition(b"\n")
        if not text or checked != _check(text):
            return Memory()
        told = orjson.loads(text)
        if told["form"] != _form():
            return Memory()
        compared = {part: _compared(**values) for part, values in told["compared"].items()}
        return Memory(told["terms"], mild=frozenset(told["mild"]), compared=compared)
    except (JournalError, ValueError, TypeError, KeyError, AttributeError):
        return Memory()


def keep(place: str, memory: Memory) -> None:
    """Keep what is known, where that is more than before; a folder that can't be written keeps nothing."""
    if not memory.changed:
        return
    import orjson

    compared = {part: _told(one) for part, one in memory.compared.items()}
    try:
        text = orjson.dumps(
            {"form": _form(), "terms": memory.read, "mild": sorted(memory.met_mild), "compared": compared}
        )
        os.makedirs(os.path.dirname(place), exist_ok=True)
        write_atomic(place, _check(text) + b"\n" + text)
    except (JournalError, OSError, TypeError):  # TypeError: a text that is no Unicode
        return


def _told(one: Compared) -> dict[str, Any]:
    return {
        "basis": one.basis, "chain": one.chain, "total": one.total, "seen": one.seen, "holders": one.holders,
        "edges": [b64encode(part.tobytes()).decode() for part in (one.edges.counts, one.edges.others, one.edges.alike)],
    }  # fmt: skip


def _compared(edges: list[str], **rest: Any) -> Compared:
    counts, others, alike = map(b64decode, edges)
    return Compared(edges=Edges(array("I", counts), array("I", others), array("d", alike)), **rest)


def _check(text: bytes) -> bytes:
    return b"%08x" % zlib.crc32(text)


def _form() -> str:
    return f"{made_by(*_READERS)} {sys.byteorder} {array('I').itemsize}"
