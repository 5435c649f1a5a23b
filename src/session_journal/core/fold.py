"""Fold the log's lines: check that lanes and graph hold together, and say what every entry must contain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from session_journal.core.chain import RECORDS_PER_FILE, Record, decode


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that verification has to say; level is FAIL or WARN, code a stable name for it."""

    level: str
    code: str
    where: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Folded:
    """What the log says.

    records: by id, in topological order; last: entry commitment → the newest records about it (more than one where
    two branches each wrote it); heads: ids nobody has built on; tips: lane → its last record.
    """

    records: dict[str, Record]
    last: dict[str, list[Record]]
    heads: tuple[str, ...]
    tips: dict[str, Record]
    roots: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def lamport(self) -> int:
        """Return the highest lamport time of all records (-1 for an empty log)."""
        return max((record.l for record in self.tips.values()), default=-1)


@dataclass(slots=True)
class _Clock:
    """Which records of each lane a record has behind it; shared along a lane until other lanes join."""

    others: dict[str, int] = field(default_factory=dict)


def fold(files: Mapping[str, bytes]) -> Folded:
    """Fold log files (path → bytes) into what they say; every fault becomes a finding, none raises."""
    findings: list[Finding] = []
    records = _ordered(_read_all(files, findings))
    _check_graph(records, findings)
    last = _last_of_each(records, findings)
    parents = {parent for record in records.values() for parent in record.p}
    heads = tuple(sorted(key for key in records if key not in parents))
    roots = tuple(key for key, record in records.items() if not record.p)
    if len(roots) > 1:
        findings.append(_fail("two-roots", "journal/log", f"the log has {len(roots)} beginnings"))
    tips: dict[str, Record] = {}
    for record in records.values():
        if record.w not in tips or record.s > tips[record.w].s:
            tips[record.w] = record
    return Folded(records, last, heads, tips, roots, tuple(findings))


def _read_all(files: Mapping[str, bytes], findings: list[Finding]) -> list[Record]:
    lanes: dict[str, dict[int, Record]] = {}
    out: list[Record] = []
    for path in sorted(files):
        parts = path.split("/")
        if len(parts) != 4 or not path.endswith(".jsonl"):
            findings.append(_fail("foreign-log-file", path, "this file does not belong in the log"))
            continue
        out += _read_file(path, files[path], lanes.setdefault(parts[2], {}), findings)
    for lane, by_seq in sorted(lanes.items()):
        if sorted(by_seq) != list(range(len(by_seq))):
            missing = next(seq for seq in range(max(by_seq) + 1) if seq not in by_seq)
            findings.append(_fail("lane-gap", f"journal/log/{lane}", f"record {missing} of this lane is missing"))
    return out


def _read_file(path: str, data: bytes, by_seq: dict[int, Record], findings: list[Finding]) -> list[Record]:
    lane, name = path.split("/")[2], path.split("/")[3]
    if not data.endswith(b"\n"):
        findings.append(_fail("torn-line", path, "the last line has no end"))
    out: list[Record] = []
    for number, line in enumerate(data.removesuffix(b"\n").split(b"\n"), 1):
        where = f"{path}:{number}"
        try:
            record = decode(line)
        except ValueError as error:
            findings.append(_fail("bad-line", where, f"the line is {error}" if line else "an empty line"))
            continue
        if record.w != lane or f"{record.s // RECORDS_PER_FILE:06d}.jsonl" != name:
            findings.append(_fail("misplaced", where, "the record belongs in another file of the log"))
        elif record.s in by_seq:
            findings.append(_fail("double", where, f"record {record.s} of this lane stands here twice"))
        else:
            if by_seq and record.s < max(by_seq):
                findings.append(_fail("order", where, "the lines of this lane are not in order"))
            by_seq[record.s] = record
            out.append(record)
    return out


def _ordered(records: Iterable[Record]) -> dict[str, Record]:
    """Order records so that parents come first: lamport times grow along every edge of a sound log."""
    return {record.id: record for record in sorted(records, key=lambda record: (record.l, record.w, record.s))}


def _check_graph(records: Mapping[str, Record], findings: list[Finding]) -> None:
    by_place = {(record.w, record.s): record for record in records.values()}
    for record in records.values():
        where = f"journal/log/{record.w}, record {record.s}"
        known = [records[parent] for parent in record.p if parent in records]
        if len(known) != len(record.p):
            findings.append(_fail("no-parent", where, "the record it builds on is missing or was changed"))
        elif record.l != max((parent.l for parent in known), default=-1) + 1:
            findings.append(_fail("lamport", where, "its logical time does not follow from its parents"))
        if not record.p and record.op != "init":
            findings.append(_fail("no-root", where, "it builds on nothing and is no beginning"))
        before = by_place.get((record.w, record.s - 1))
        if before is not None and before.l >= record.l:
            findings.append(_fail("lane-time", where, "it claims to be older than the record before it in its lane"))


def _last_of_each(records: Mapping[str, Record], findings: list[Finding]) -> dict[str, list[Record]]:
    clocks: dict[str, _Clock] = {}
    last: dict[str, list[Record]] = {}
    for record in records.values():
        clocks[record.id] = _clock(record, records, clocks)
        if record.s and not _follows_its_lane(record, records, clocks[record.id]):
            where = f"journal/log/{record.w}, record {record.s}"
            findings.append(_fail("lane-fork", where, "it does not build on the record before it in its lane"))
        if record.e:
            mine = last.setdefault(record.e, [])
            mine[:] = [old for old in mine if not _is_behind(old, record, clocks[record.id])]
            mine.append(record)
    return last


def _clock(record: Record, records: Mapping[str, Record], clocks: Mapping[str, _Clock]) -> _Clock:
    known = [parent for parent in record.p if parent in clocks]
    if len(known) == 1 and records[known[0]].w == record.w:
        return clocks[known[0]]
    others: dict[str, int] = {}
    for parent in known:
        for lane, seq in clocks[parent].others.items():
            others[lane] = max(seq, others.get(lane, -1))
        before = records[parent]
        others[before.w] = max(before.s, others.get(before.w, -1))
    return _Clock(others)


def _follows_its_lane(record: Record, records: Mapping[str, Record], clock: _Clock) -> bool:
    if any(
        parent in records and (records[parent].w, records[parent].s) == (record.w, record.s - 1) for parent in record.p
    ):
        return True
    return clock.others.get(record.w, -1) == record.s - 1


def _is_behind(old: Record, new: Record, clock: _Clock) -> bool:
    if old.w == new.w:
        return old.s < new.s
    return clock.others.get(old.w, -1) >= old.s


def _fail(code: str, where: str, message: str) -> Finding:
    return Finding("FAIL", code, where, message)
