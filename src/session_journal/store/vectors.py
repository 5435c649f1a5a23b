"""The vectors that an embedding model gave for texts, kept in the git directory: they can be deleted without harm.

One file for one model: a check sum, what it holds, then for each text a hash of it and a byte for each number.
"""

from __future__ import annotations

import os
import zlib
from array import array
from collections.abc import Mapping

from session_journal.core.patterns import Vector
from session_journal.errors import JournalError
from session_journal.store.files import read_bytes, write_atomic
from session_journal.store.traces import digest

_FORM = 1
_KEY = 16


def key_of(text: str) -> bytes:
    """Return what a text is known by."""
    return digest(text.encode("utf-8", "surrogatepass"))[:_KEY]


def recall(place: str, model: str) -> dict[bytes, Vector]:
    """Read the vectors that a model gave; what is torn or of another model counts as none."""
    try:
        checked, _, rest = (read_bytes(place) or b"").partition(b"\n")
    except (OSError, JournalError):
        return {}
    if not rest or checked != _check(rest):
        return {}
    import orjson

    head, _, rows = rest.partition(b"\n")
    try:
        form, known, size = (orjson.loads(head)[name] for name in ("form", "model", "size"))
        row = _KEY + int(size)
    except (ValueError, KeyError, TypeError):
        return {}
    if (form, known) != (_FORM, model) or row <= _KEY or len(rows) % row:
        return {}
    return {rows[at : at + _KEY]: array("b", rows[at + _KEY : at + row]) for at in range(0, len(rows), row)}


def keep(place: str, model: str, vectors: Mapping[bytes, Vector]) -> None:
    """Keep the vectors of a model, those as long as the last; a folder that can't be written keeps nothing."""
    import orjson

    size = len([*vectors.values()][-1]) if vectors else 0
    rows = [key + vector.tobytes() for key, vector in vectors.items() if len(vector) == size]
    try:
        head = orjson.dumps({"form": _FORM, "model": model, "size": size})
        rest = b"\n".join((head, b"".join(rows)))
        os.makedirs(os.path.dirname(place), exist_ok=True)
        write_atomic(place, _check(rest) + b"\n" + rest)
    except (JournalError, OSError, TypeError):  # TypeError: a name that is no Unicode
        return


def _check(data: bytes) -> bytes:
    return b"%08x" % zlib.crc32(data)
