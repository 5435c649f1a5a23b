"""opencode on this machine: its database, and the files that earlier versions kept."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from session_journal.agents import Host
from session_journal.agents.folders import entries

NAME = "opencode"
_DATABASE = re.compile(r"opencode(?:-[\w.-]+)?\.db")
_LIMIT = 16 * 1024 * 1024
_Known = tuple[str, str, str, str]
"""Path, id, parent's id and folder of a session."""


def homes(host: Host) -> list[str]:
    """Return the folders that can hold opencode's data: it keeps to the same one on every system."""
    found = [host.env.get("XDG_DATA_HOME"), os.path.join(host.home, ".local", "share")]
    if host.platform == "win32":
        found += [host.env.get("LOCALAPPDATA"), host.env.get("APPDATA")]
    return [os.path.join(folder, "opencode") for folder in dict.fromkeys(filter(None, found))]


def transcripts(host: Host) -> Iterable[str]:
    """Return the databases, and the files of sessions that were not begun by another one."""
    yield from _databases(host)
    for known in _sessions(host):
        path, _, parent, _ = known
        if not parent:
            yield path


def in_folder(host: Host, cwd: str) -> Iterable[str]:
    """Return the files of sessions of one working directory; a database holds those of all, and tells none apart."""
    for path, _, parent, folder in _sessions(host):
        if folder == cwd and not parent:
            yield path


def parts(transcript: str) -> list[tuple[str, str]]:
    """Return (id, path) of a session's messages, each followed by its parts, and of the sessions below it."""
    path = os.path.abspath(transcript)
    folder = os.path.dirname(path)
    sessions = os.path.dirname(folder)
    if os.path.basename(sessions) != "session" or not path.endswith(".json"):
        return []
    key = _string(_read(path), "id") or os.path.basename(path).removesuffix(".json")
    return list(_below(os.path.dirname(sessions), folder, key, {key}))


def _databases(host: Host) -> Iterator[str]:
    given = host.env.get("OPENCODE_DB", "")
    for home in homes(host):
        if given and os.path.isfile(os.path.join(home, given)):  # an absolute path stays what it is
            yield os.path.join(home, given)
            return
        yield from (one.path for one in entries(home) if _DATABASE.fullmatch(one.name) and one.is_file())


def _sessions(host: Host) -> Iterator[_Known]:
    """Yield the sessions that were kept in files, of all projects and of both layouts."""
    for home in homes(host):
        storages = [os.path.join(home, "storage")]
        storages += [os.path.join(one.path, "storage") for one in entries(os.path.join(home, "project"))]
        for storage in storages:
            for project in entries(os.path.join(storage, "session")):
                if project.name not in {"message", "part"}:  # of the earliest layout, in which all lies here
                    yield from _in(project.path, _changed(project.path))


@lru_cache(maxsize=256)
def _in(folder: str, changed: int) -> tuple[_Known, ...]:  # noqa: ARG001 - a folder that was changed is read again
    """Return the sessions of one folder; each is asked for again and again, for those that it began."""
    found = []
    for entry in entries(folder):
        if entry.name.endswith(".json") and entry.is_file():
            info = _read(entry.path)
            key = _string(info, "id") or entry.name.removesuffix(".json")
            found.append((entry.path, key, _string(info, "parentID"), _string(info, "directory")))
    return tuple(found)


def _changed(folder: str) -> int:
    try:
        return os.stat(folder).st_mtime_ns
    except OSError:
        return 0


def _below(storage: str, folder: str, key: str, seen: set[str]) -> Iterator[tuple[str, str]]:
    for _, path, message in sorted(_messages(storage, key)):
        yield message, path
        yield from _parts_of(storage, key, message)
    for path, child, parent, _ in _in(folder, _changed(folder)):
        if parent == key and child not in seen:
            seen.add(child)
            yield child, path
            yield from _below(storage, folder, child, seen)


def _messages(storage: str, session: str) -> Iterator[tuple[float, str, str]]:
    """Yield the time, the path and the id of each message of a session."""
    for above in (storage, os.path.join(storage, "session")) if os.path.basename(session) == session else ():
        for path in _files(os.path.join(above, "message", session)):
            record = _read(path)
            time = record.get("time") if isinstance(record, dict) else None
            created = time.get("created") if isinstance(time, dict) else None
            yield created if isinstance(created, (int, float)) else 0.0, path, _string(record, "id")


def _parts_of(storage: str, session: str, message: str) -> Iterator[tuple[str, str]]:
    if not message or os.path.basename(message) != message:
        return
    for folder in (("part", message), ("session", "part", session, message)):
        for path in _files(os.path.join(storage, *folder)):
            yield message, path
    top = os.path.join(storage, "part")
    for path, owner in _loose(top, _changed(top)):
        if owner == message:
            yield message, path


@lru_cache(maxsize=16)
def _loose(folder: str, changed: int) -> tuple[tuple[str, str], ...]:  # noqa: ARG001
    """Return the parts that lie in no folder of their own, with the message that each names."""
    return tuple((path, _string(_read(path), "messageID")) for path in _files(folder))


def _files(folder: str) -> Iterator[str]:
    return (entry.path for entry in entries(folder) if entry.name.endswith(".json") and entry.is_file())


def _read(path: str) -> Any:
    try:
        with open(path, "rb") as stream:
            return json.loads(stream.read(_LIMIT))
    except (OSError, ValueError, RecursionError):
        return None


def _string(record: Any, key: str) -> str:
    value = record.get(key) if isinstance(record, dict) else None
    return value if isinstance(value, str) else ""
