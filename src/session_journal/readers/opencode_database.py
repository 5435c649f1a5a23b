"""opencode's SQLite database: its sessions in both schemas, read without a trace."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from session_journal.core.events import Session
from session_journal.errors import TranscriptError
from session_journal.readers.elements import decode
from session_journal.readers.fields import Record
from session_journal.readers.opencode_state import State

MAGIC = b"SQLite format 3\0"
_ROW_LIMIT = 12 * 1024 * 1024
"""Longer rows are passed over and counted: they hold images or dumps, and memory must stay small."""
_COLUMNS = {
    "id": "id", "parent_id": "parentID", "directory": "directory", "title": "title", "version": "version",
    "revert": "revert",
}  # fmt: skip
_DEEPEST = 20
"""How many sessions below one another are followed."""


def read_database(path: str, name: str) -> Iterator[Session]:
    """Read the sessions of a database, the oldest first; those of sub-agents are part of the one they worked for."""
    try:
        with closing(_open(path)) as connection:
            database = _Database(connection)
            roots = database.roots()
        for root in roots:
            yield _read_session(path, root)
    except sqlite3.Error as error:
        raise TranscriptError(
            f"{name}: the database cannot be read: {error}", "copy it while opencode is closed: journal draft COPY"
        ) from None


def _read_session(path: str, key: str) -> Session:
    """Read one session; once more where the file was changed meanwhile."""
    for _ in range(2):
        before = _stamp(path)
        try:
            with closing(_open(path)) as connection:
                session = _Database(connection).session(key)
        except sqlite3.DatabaseError:
            if before == _stamp(path):
                raise
            continue
        if before == _stamp(path):
            break
    else:
        with closing(_open(path)) as connection:
            session = _Database(connection).session(key)
    return session


def _stamp(path: str) -> tuple[int, int]:
    found = os.stat(path)
    return found.st_mtime_ns, found.st_size


def _open(path: str) -> sqlite3.Connection:
    """Open a database so that no file beside it is made and no byte of it changes.

    Opened read-only, one that has no log beside it gets one; `immutable` makes none, but must not be used while
    opencode is writing, and then the log is there.
    """
    uri = Path(os.path.abspath(path)).as_uri()
    log = f"{path}-wal"
    is_written = os.path.exists(log) and os.path.getsize(log) > 0
    if is_written:
        try:
            return _connect(f"{uri}?mode=ro")
        except sqlite3.OperationalError:
            pass  # the folder is read-only and nobody has the log open: what is in it is out of reach
    return _connect(f"{uri}?mode=ro&immutable=1")


def _connect(uri: str) -> sqlite3.Connection:
    connection = sqlite3.connect(uri, uri=True, timeout=2, isolation_level=None, check_same_thread=False)
    try:
        connection.text_factory = bytes  # not every text is UTF-8
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _ROW_LIMIT)
        connection.execute("PRAGMA query_only=1")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


class _Database:
    """The tables of an open database, whichever schema they have."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        names = connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
        tables = {_text(name) for (name,) in names}
        self._later = {"session_message"} <= tables and bool({"session_v2", "session"} & tables)
        self._earlier = {"session", "message", "part"} <= tables
        self._sessions = [one for one in ("session_v2", "session") if one in tables]
        if not self._sessions or not (self._later or self._earlier):
            raise sqlite3.DatabaseError("it has no tables of opencode")
        self._has_order = "seq" in self._columns("session_message")

    def roots(self) -> list[str]:
        """Return the ids of the sessions that were not begun by another one, the oldest first."""
        known: dict[str, tuple[str, float]] = {}
        for table in reversed(self._sessions):
            for key, parent, created in self._connection.execute(
                f"SELECT id, parent_id, time_created FROM {table}"  # noqa: S608 - one of two names
            ):
                known[_text(key)] = (_text(parent), created if isinstance(created, (int, float)) else 0)
        roots = [key for key, (parent, _) in known.items() if parent not in known or parent == key]
        return sorted(roots, key=lambda key: (known[key][1], key))

    def session(self, key: str) -> Session:
        """Read a session and those below it, as it is at one moment."""
        self._connection.execute("BEGIN")
        state = State(self._info(key))
        self._add(state, state.info, key, 0)
        return state.session()

    def _add(self, state: State, info: Record, key: str, depth: int) -> None:
        state.begin(info)
        if not self._add_later(state, key):
            self._add_earlier(state, key)
        if depth < _DEEPEST:
            for child in self._children(key):
                self._add(state, self._info(child), child, depth + 1)

    def _children(self, key: str) -> list[str]:
        found: dict[str, None] = {}
        for table in self._sessions:
            rows = self._connection.execute(
                f"SELECT id FROM {table} WHERE parent_id=? AND id<>? ORDER BY time_created, id",  # noqa: S608
                (key, key),
            )
            found.update(dict.fromkeys(_text(child) for (child,) in rows))
        return list(found)

    def _info(self, key: str) -> Record:
        """Return what is known of a session, by the names that its fields have in files."""
        info: Record = {"id": key}
        for table in reversed(self._sessions):
            columns = [one for one in _COLUMNS if one in self._columns(table)]
            for row in self._connection.execute(
                f"SELECT {', '.join(columns)} FROM {table} WHERE id=?",  # noqa: S608 - names of ours
                (key,),
            ):
                info.update({_COLUMNS[name]: _text(value) for name, value in zip(columns, row, strict=True) if value})
        info["revert"] = decode(str(info.get("revert", "")).encode())
        return info

    def _columns(self, table: str) -> set[str]:
        return {_text(row[1]) for row in self._connection.execute(f"PRAGMA table_info({table})")}

    def _add_later(self, state: State, key: str) -> bool:
        """Add the messages of the later schema; say whether there are any."""
        if not self._later:
            return False
        order = "seq" if self._has_order else "time_created, id"
        rows = self._connection.execute(
            f"SELECT rowid, id, type FROM session_message WHERE session_id=? ORDER BY {order}",  # noqa: S608
            (key,),
        ).fetchall()
        for row, message, kind in rows:
            data = state.load(self._data("session_message", row))
            if data is not None:
                state.take_row(_text(message), _text(kind), data)
        return bool(rows)

    def _add_earlier(self, state: State, key: str) -> None:
        """Add the messages of the earlier schema, each with its parts."""
        if not self._earlier:
            return
        rows = self._connection.execute(
            "SELECT rowid, id FROM message WHERE session_id=? ORDER BY time_created, id", (key,)
        ).fetchall()
        for row, message in rows:
            info = state.load(self._data("message", row))
            if info is not None:
                state.take(_text(message), info, list(self._parts(state, _text(message))))

    def _parts(self, state: State, message: str) -> Iterator[Record]:
        rows = self._connection.execute("SELECT rowid, id FROM part WHERE message_id=? ORDER BY id", (message,))
        for row, key in rows.fetchall():
            data = state.load(self._data("part", row))
            if data is not None:
                yield {**data, "id": _text(key)}

    def _data(self, table: str, row: int) -> bytes | None:
        """Return the JSON of one row, None where it is too long."""
        try:
            (data,) = self._connection.execute(
                f"SELECT data FROM {table} WHERE rowid=?",  # noqa: S608 - one of three names
                (row,),
            ).fetchone()
        except sqlite3.DataError:
            return None
        return data if isinstance(data, bytes) else None


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value or "")
