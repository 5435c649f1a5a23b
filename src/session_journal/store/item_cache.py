"""The items of entries by what their files say: finding them is most of the work of reading a large journal.

It lies beside the search index in the git directory and is lost without harm. It holds text alone, never objects: a
copied repository may bring one.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable
from typing import cast

from session_journal import __version__
from session_journal.core.items import Item, ItemKind
from session_journal.errors import JournalError
from session_journal.store.files import read_bytes, write_atomic
from session_journal.store.traces import digest

_CORE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "core")
_READERS = ("bullets.py", "headings.py", "items.py", "sections.py")

Row = tuple[ItemKind, str, list[int], str, str, int]


class ItemCache:
    """What was found in bodies before; `path` is where it is kept ("" keeps nothing)."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._old = _recall(path) if path else {}
        self._new: dict[str, list[Row]] = {}

    def items(self, body: str, find: Callable[[str], tuple[Item, ...]]) -> tuple[Item, ...]:
        """Return the items of a body, found now only where they were not found before."""
        if not self.path:
            return find(body)
        key = digest(body.encode("utf-8", "surrogatepass")).hex()
        rows = self._old.get(key)
        if rows is None:
            found = find(body)
            self._new[key] = [(one.kind, one.text, list(one.turns), one.mark, one.block_id, one.line) for one in found]
            return found
        self._new[key] = rows
        return tuple(Item(kind, text, tuple(turns), mark, block, line) for kind, text, turns, mark, block, line in rows)

    def keep(self) -> None:
        """Remember what was found in the bodies that were asked for; where that cannot be written, nothing is."""
        if not self.path or self._new.keys() == self._old.keys():
            return
        import orjson

        try:
            os.makedirs(os.path.dirname(self.path), exist_ok=True)
            write_atomic(self.path, orjson.dumps({"form": _form(), "items": self._new}))
        except (JournalError, OSError, TypeError):  # TypeError: text that is not Unicode
            return


def _recall(path: str) -> dict[str, list[Row]]:
    import orjson

    try:
        told = orjson.loads(read_bytes(path) or b"{}")
        if told.get("form") != _form():
            return {}
        return cast("dict[str, list[Row]]", {key: rows for key, rows in told["items"].items() if _is_sound(rows)})
    except (ValueError, KeyError, AttributeError, JournalError):
        return {}


def _is_sound(rows: object) -> bool:
    return isinstance(rows, list) and all(isinstance(row, list) and len(row) == 6 for row in rows)


def _form() -> str:
    """Return what changes whenever this program may find other items in the same text."""
    marks = []
    for name in _READERS:
        try:
            status = os.stat(os.path.join(_CORE, name))
        except OSError:
            return ""
        marks.append((status.st_size, status.st_mtime_ns))
    return f"{__version__} {zlib.crc32(repr(marks).encode()):08x}"
