"""Fold the log's lines: check that lanes and graph hold together, and say what every entry must contain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from session_journal.core.chain import RECORDS_PER_FILE, Record, decode, decode_all, lane_file
from session_journal.core.graph import Graph, Last


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

    records: those that were read, by id, in topological order; graph: these and what was known before.
    """

    records: dict[str, Record]
    graph: Graph
    findings: tuple[Finding, ...]

    @property
    def last(self) -> Mapping[str, list[Last]]:
        """Return entry commitment → the newest records about it, for all entries of the records that were read."""
        return self.graph.last

    @property
    def heads(self) -> tuple[str, ...]:
        """Return the ids nobody has built on, sorted."""
        return tuple(sorted(self.graph.heads))

    @property
    def roots(self) -> tuple[str, ...]:
        """Return the ids of the records that build on nothing."""
        return tuple(self.graph.roots)

    @property
    def tips(self) -> Mapping[str, tuple[int, str]]:
        """Return lane → (seq, id) of its last record."""
        return self.graph.tips

    @property
    def lamport(self) -> int:
        """Return the highest logical time of all records (-1 for an empty log)."""
        return self.graph.lamport()


def fold(files: Mapping[str, bytes], graph: Graph | None = None) -> Folded:
    """Fold log files (path → bytes) into what they say; every fault becomes a finding, none raises.

    With a graph of what was folded before, `files` holds only the lines that have come since.
    """
    findings: list[Finding] = []
    graph = graph or Graph()
    read = _Reading(graph, findings)
    for path in sorted(files):
        read.file(path, files[path])
    read.look_for_gaps()
    records = {record.id: record for record in sorted(read.records, key=_order)}
    graph.place_records(records.values())
    _add_all(records.values(), graph, findings)
    return Folded(records, graph, tuple(findings))


def _order(record: Record) -> tuple[int, str, int]:
    """Put parents first: logical times grow along every edge of a sound log."""
    return record.l, record.w, record.s


LANE_FILE = re.compile(r"journal/log/[0-9a-f]{16}/[0-9]{6}\.jsonl")


class _Reading:
    """The lines as they are read: which places of each lane are taken by now."""

    def __init__(self, graph: Graph, findings: list[Finding]) -> None:
        self.known = {lane: seq + 1 for lane, (seq, _) in graph.tips.items()}
        self.findings = findings
        self.taken: dict[str, set[int]] = {}
        self.highest: dict[str, int] = {}
        self.records: list[Record] = []

    def fail(self, code: str, where: str, message: str, hint: str = "journal log repair") -> None:
        self.findings.append(Finding("FAIL", code, where, message, hint))

    def file(self, path: str, data: bytes) -> None:
        parts = path.split("/")
        if len(parts) == 4 and parts[2] == "checkpoints":
            return
        if not LANE_FILE.fullmatch(path):
            self.fail("foreign-log-file", path, "this file does not belong in the log", f"git rm -- {path}")
            return
        if not data.endswith(b"\n"):
            self.fail("torn-line", path, "the last line has no end")
        # A file that is continued begins where the lane's known records end in it.
        first = self.known.get(parts[2], 0)
        skipped = first % RECORDS_PER_FILE if parts[3] == f"{first // RECORDS_PER_FILE:06d}.jsonl" else 0
        taken = self.taken.setdefault(parts[2], set())
        for number, record in enumerate(decode_all(data), skipped + 1):
            if isinstance(record, bytes):
                self.fail("bad-line", f"{path}:{number}", _fault_of(record))
            else:
                self.record(path, number, record, taken)

    def record(self, path: str, number: int, record: Record, taken: set[int]) -> None:
        lane, seq = record.w, record.s
        if lane_file(lane, seq) != path:
            self.fail("misplaced", f"{path}:{number}", "the record belongs in another file of the log")
        elif seq in taken or seq < self.known.get(lane, 0):
            self.fail("double", f"{path}:{number}", f"record {seq} of this lane stands here twice")
        else:
            if seq < self.highest.get(lane, -1):
                self.fail("order", f"{path}:{number}", "the lines of this lane are not in order")
            self.highest[lane] = max(seq, self.highest.get(lane, -1))
            taken.add(seq)
            self.records.append(record)

    def look_for_gaps(self) -> None:
        for lane, taken in sorted(self.taken.items()):
            first = self.known.get(lane, 0)
            missing = next((seq for seq in range(first, first + len(taken)) if seq not in taken), None)
            if missing is not None:
                self.fail("lane-gap", f"journal/log/{lane}", f"record {missing} of this lane is missing")


def _fault_of(line: bytes) -> str:
    try:
        decode(line)
    except ValueError as error:
        return f"the line is {error}" if line else "an empty line"
    return "the line is no record"


def _add_all(records: Iterable[Record], graph: Graph, findings: list[Finding]) -> None:
    roots, joins = set(graph.roots), []
    for record in records:
        if record.op == "init" and record.p:
            joins.append(record)
        if not graph.extend(record):
            graph.add(record)
            findings += _faults(record, graph)
    if len(graph.roots) > 1 and set(graph.roots) != roots and not any(map(graph.joins_all_roots, joins)):
        message = f"the log has {len(graph.roots)} beginnings and nothing joins them"
        findings.append(Finding("FAIL", "two-roots", "journal/log", message, "journal init --join, if both are yours"))


def _faults(record: Record, graph: Graph) -> list[Finding]:
    places = [place for place in map(graph.where, record.p) if place]
    found = []
    if len(places) != len(record.p):
        found.append(("no-parent", "the record it builds on is missing or was changed"))
    elif record.l != max([lamport for _, _, lamport in places], default=-1) + 1:
        found.append(("lamport", "its logical time does not follow from its parents"))
    if not record.p and record.op != "init":
        found.append(("no-root", "it builds on nothing and is no beginning"))
    if record.s and not graph.follows_its_lane(record, places):
        found.append(("lane-fork", "it does not build on the record before it in its lane"))
    where = f"journal/log/{record.w}, record {record.s}" if found else ""
    return [Finding("FAIL", code, where, message, "journal log repair") for code, message in found]
