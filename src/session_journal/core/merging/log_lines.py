"""The union of two versions of a log file: a log only ever grows, so nothing that either side has may go."""

from __future__ import annotations

from session_journal.core.chain import decode
from session_journal.errors import JournalError


def merge_log(path: str, one: bytes, two: bytes) -> bytes:
    """Return all records of both, in their lane's order; JournalError where one place holds two different records."""
    if one.startswith(two):
        return one
    if two.startswith(one):
        return two
    lines: dict[tuple[str, int], bytes] = {}
    for line in (line for data in (one, two) for line in data.splitlines()):
        record = _read(path, line)
        if lines.setdefault((record[0], record[1]), line) != line:
            lane, place = record
            raise JournalError(
                f"lane {lane} of the log holds two different records at place {place}; nothing was merged",
                f"journal log repair, or journal log abandon {lane}",
            )
    return b"".join(lines[place] + b"\n" for place in sorted(lines))


def _read(path: str, line: bytes) -> tuple[str, int]:
    try:
        record = decode(line)
    except ValueError as error:
        raise JournalError(f"{path} holds a line that is {error}; nothing was merged", "journal log repair") from None
    return record.w, record.s
