"""The transcripts that lie on this machine."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date, datetime

from session_journal.agents import Host, agents
from session_journal.readers import HEAD, export_zip, recognise


def transcripts(host: Host, since: date | None, agent: str = "") -> tuple[str, ...]:
    """Return the transcript files that were written to since a day, oldest first; of one agent where it is named."""
    known = [one for one in agents() if agent in {"", one.NAME}]
    files = by_age(path for one in known for path in one.transcripts(host))
    return tuple(path for path in files if since is None or _written(path) >= since)


def newest(host: Host) -> str:
    """Return the newest transcript of the folder one is in or of the nearest one above, else of this machine."""
    folder = os.path.abspath(host.cwd)
    while True:
        found = by_age(path for one in agents() for path in one.in_folder(host, folder))
        if found:
            return found[-1]
        above = os.path.dirname(folder)
        if above == folder:
            return next(reversed(transcripts(host, None)), "")
        folder = above


def below(folder: str) -> tuple[str, ...]:
    """Return the files below a folder, oldest first; what belongs to another one's transcript is left out.

    A folder that may not be looked into stands for itself. Git's own is left out, a link to a folder is not followed.
    """
    found: list[str] = []
    closed: list[str] = []
    for above, names, files in os.walk(folder, onerror=lambda error: closed.append(str(error.filename))):
        names[:] = sorted(name for name in names if name != ".git")
        found += [os.path.join(above, name) for name in files]
    regular = [path for path in found if os.path.isfile(path)]
    owned = {os.path.abspath(part) for path in regular for _, part in parts(path)}
    return (*closed, *by_age(path for path in regular if os.path.abspath(path) not in owned))


def is_transcript(path: str) -> bool:
    """Say whether a file's content is that of a transcript; one that cannot be read may be one."""
    try:
        with open(path, "rb") as stream:
            reader = recognise(stream.read(HEAD))
            stream.seek(0)
            return reader is not None and (reader is not export_zip or export_zip.holds_export(stream))
    except OSError:
        return True


def parts(path: str) -> list[tuple[str, str]]:
    """Return (id, path) of each further file that belongs to a transcript."""
    return next((found for one in agents() if (found := one.parts(path))), [])


def by_age(paths: Iterable[str]) -> list[str]:
    """Sort files by when they were last written to, the oldest first; one that is gone counts as old."""
    return sorted(dict.fromkeys(paths), key=lambda path: (_modified(path), path))


def _modified(path: str) -> float:
    """Return when a transcript was last written to; what a database got last lies in the log beside it."""
    return max(_time(path), _time(f"{path}-wal") if path.endswith(".db") else 0.0)


def _time(path: str) -> float:
    try:
        return os.path.getmtime(path)
    except OSError:
        return 0.0


def _written(path: str) -> date:
    try:
        return datetime.fromtimestamp(_modified(path)).date()  # noqa: DTZ006 - the local day is meant
    except (OverflowError, ValueError, OSError):
        return date.min  # a time out of bounds is no time
