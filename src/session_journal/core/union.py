"""Unite versions of the log's files: on (lane, place), and only what has all it builds on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from session_journal.core.chain import Record, decode_all, encode, lane_file
from session_journal.errors import JournalError

Lines = dict[tuple[str, int], Record]


def records_of(files: Mapping[str, bytes]) -> Lines:
    """Return (lane, seq) → record for the records of log files; of two in one place the first counts."""
    found: Lines = {}
    for path in sorted(files):
        for record in decode_all(files[path]):
            if isinstance(record, Record):
                found.setdefault((record.w, record.s), record)
    return found


def written(records: Iterable[Record]) -> dict[str, bytes]:
    """Return path → bytes of the files that hold these records."""
    lines: dict[str, list[bytes]] = {}
    for record in sorted(records, key=lambda record: (record.w, record.s)):
        lines.setdefault(lane_file(record.w, record.s), []).append(encode(record) + b"\n")
    return {path: b"".join(parts) for path, parts in lines.items()}


def merge_lines(
    base: Mapping[str, bytes], ours: Mapping[str, bytes], theirs: Mapping[str, bytes], known: Mapping[str, bytes]
) -> tuple[dict[str, bytes], list[str]]:
    """Unite conflicting log files: ours, and what theirs added to the base if all it builds on is there.

    known: the whole log on our side. Returns path → bytes, and the paths where both sides have another record in one
    place (ours is kept there). A cherry-pick or a revert from the middle of a lane so adds and takes nothing.
    """
    kept = records_of(ours)
    there = records_of({**known, **ours})
    have = {record.id for record in there.values()}
    left: set[str] = set()
    before = {record.id for record in records_of(base).values()}
    added = [record for record in records_of(theirs).values() if record.id not in before | have]
    for record in sorted(added, key=lambda record: (record.l, record.w, record.s)):
        place = record.w, record.s
        if place in there:
            left.add(lane_file(*place))
        elif have.issuperset(record.p) and (record.s == 0 or (record.w, record.s - 1) in there):
            kept[place] = there[place] = record
            have.add(record.id)
    merged = {**dict.fromkeys(ours, b""), **written(kept.values())}
    return merged, sorted(left)


def rebuild(
    files: Mapping[str, bytes], lost: Sequence[Record], is_impostor: Callable[[Record], bool] = lambda _: False
) -> dict[str, bytes]:
    """Return the log's files with lost records in their places, and without lines that are no records.

    Where several claim a place, one that is there stays unless it is an impostor; then the one that was lost first.
    lost: newest loss first.
    """
    own = {path: data for path, data in files.items() if path.endswith(".jsonl")}
    claims: dict[tuple[str, int], list[Record]] = {}
    there = (record for path in sorted(own) for record in decode_all(own[path]) if isinstance(record, Record))
    for record in (*there, *reversed(lost)):
        claims.setdefault((record.w, record.s), []).append(record)
    kept = [_rightful(claim, is_impostor) if len(claim) > 1 else claim[0] for claim in claims.values()]
    return {**{path: data for path, data in files.items() if path not in own}, **written(kept)}


def _rightful(claim: list[Record], is_impostor: Callable[[Record], bool]) -> Record:
    return next((record for record in claim if not is_impostor(record)), claim[0])


def unite(path: str, one: bytes, two: bytes) -> bytes:
    """Return all records of two versions of a log file, in their order; whichever comes first makes no difference.

    JournalError where a line is no record, or one place holds two different records.
    """
    if one.startswith(two):
        return one
    if two.startswith(one):
        return two
    records: Lines = {}
    for record in (record for data in (one, two) for record in decode_all(data)):
        if isinstance(record, bytes):
            raise JournalError(f"{path} holds a line that is no record; nothing was merged", "journal log repair")
        if records.setdefault((record.w, record.s), record).id != record.id:
            raise JournalError(
                f"lane {record.w} of the log holds two different records at place {record.s}; nothing was merged",
                f"journal log repair, or journal log abandon {record.w}",
            )
    return b"".join(encode(records[place]) + b"\n" for place in sorted(records))
