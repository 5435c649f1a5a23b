"""Unite versions of the log's files: on (lane, place), and only what has all it builds on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from session_journal.core.chain import Record, decode_all, encode, lane_file

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


def rebuild(files: Mapping[str, bytes], lost: Iterable[Record]) -> dict[str, bytes]:
    """Return the log's files with lost records back in their places, and without lines that are no records.

    lost: newest loss first; what stood in a place first counts, for the log only grows.
    """
    records = records_of({path: data for path, data in files.items() if path.endswith(".jsonl")})
    for record in lost:
        records[record.w, record.s] = record
    fixed = written(records.values())
    others = {path: data for path, data in files.items() if not path.endswith(".jsonl")}
    return {**others, **fixed}
