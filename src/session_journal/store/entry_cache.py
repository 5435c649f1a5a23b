"""Entries by what their files say: reading them is most of the work of reading a large journal.

It lies beside the search index in the git directory and is lost without harm. It holds text alone, never objects: a
copied repository may bring one.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from session_journal.core import entry as reading
from session_journal.core.entry import Entry
from session_journal.core.items import Item
from session_journal.errors import JournalError
from session_journal.store.files import read_bytes, write_atomic
from session_journal.store.traces import made_by

_READERS = ("bullets", "document", "entry", "flat", "front", "headings", "items", "scalars", "sections")
_LARGEST = 2**53
_PLAIN = (
    "id", "title", "type", "status", "visibility", "project", "agent", "kind", "outcome", "effectiveness", "source",
)  # fmt: skip

Row = list[Any]


class EntryCache:
    """The entries that were read before; `path` is where they are kept ("" keeps nothing)."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._old: Mapping[str, Row] = _recall(path) if path else {}
        self._new: dict[str, Row] = {}
        self._fresh = 0

    def read(self, data: bytes, path: str) -> Entry:
        """Return the entry that a file's bytes are, read now only where they were not read before.

        DocumentError where they are none.
        """
        if not self.path:
            return reading.read(data, path)
        digest = sha256(data).hexdigest()
        row = self._old.get(path)
        known = _entry(row, data, path) if row and row[0] == digest else None
        if row and known:
            self._new[path] = row
            return known
        found = reading.read(data, path)
        self._fresh += 1
        if (made := _row(found, digest)) is not None:
            self._new[path] = made
        return found

    def keep(self) -> None:
        """Remember the entries that were asked for; where that cannot be written, nothing is."""
        if not self.path or not (self._fresh or self._new.keys() != self._old.keys()):
            return
        import orjson

        try:
            os.makedirs(os.path.dirname(self.path), exist_ok=True)
            write_atomic(self.path, orjson.dumps({"form": made_by(*_READERS), "entries": self._new}))
        except (JournalError, OSError):
            return


def _row(entry: Entry, digest: str) -> Row | None:
    """Return an entry as it is kept; None for one that JSON would not bring back as it is."""
    import orjson

    row = [
        digest,
        {name: getattr(entry, name) for name in _PLAIN},
        entry.date.isoformat(),
        entry.created and entry.created.isoformat(),
        entry.tags,
        entry.goals,
        len(entry.body),
        [[one.kind, one.text, one.turns, one.mark, one.block_id, one.line] for one in entry.items],
    ]
    try:
        row.append({key: _plain(value) for key, value in entry.fields.items()})
        orjson.dumps(row)
    except TypeError:  # or text that is not Unicode
        return None
    return row


def _entry(row: Row, data: bytes, path: str) -> Entry | None:
    """Return the entry of a row that was kept of these very bytes; None where it is no such row."""
    try:
        _, plain, day, created, tags, goals, length, items, fields = row
        text = data.decode("utf-8")
        return Entry(
            path=path,
            date=date.fromisoformat(day),
            created=created and datetime.fromisoformat(created),
            tags=tuple(tags),
            goals=tuple(goals),
            body=text[len(text) - length :],
            items=tuple([Item(kind, said, tuple(turns), *rest) for kind, said, turns, *rest in items]),
            fields={key: kept if type(kept) is str else _value(kept) for key, kept in fields.items()},
            **plain,
        )
    except (TypeError, ValueError, AttributeError):
        return None


def _plain(value: object) -> object:
    """Return a value of the front matter as JSON keeps it; TypeError where it would come back as another."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, datetime):
        return {"time": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, dict):
        return {"map": [[_plain(key), _plain(one)] for key, one in value.items()]}
    if isinstance(value, int | float) and abs(value) < _LARGEST:
        return value
    raise TypeError(type(value).__name__)


def _value(kept: Any) -> object:
    if isinstance(kept, list):
        return [_value(one) for one in kept]
    if not isinstance(kept, dict):
        return kept
    ((kind, told),) = kept.items()
    if kind == "map":
        return {_value(key): _value(one) for key, one in told}
    return (datetime if kind == "time" else date).fromisoformat(told)


def _recall(path: str) -> dict[str, Row]:
    import orjson

    try:
        told = orjson.loads(read_bytes(path) or b"{}")
        if told.get("form") != made_by(*_READERS):
            return {}
        return {name: row for name, row in told["entries"].items() if isinstance(row, list)}
    except (ValueError, KeyError, AttributeError, JournalError):
        return {}
