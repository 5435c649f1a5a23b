"""Ancestry by vector clocks agrees with following every edge, whole or continued from a memory."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from session_journal.core.chain import Record, encode, lane_file
from session_journal.core.fold import fold
from session_journal.core.graph import Graph, Memory, remember

LANES = ("a" * 16, "b" * 16, "c" * 16)


class Clone:
    """One writer: which records it knows, and the tips of its own view."""

    def __init__(self, lane):
        self.lane = lane
        self.known: list[Record] = []

    def heads(self):
        parents = {parent for record in self.known for parent in record.p}
        return [record for record in self.known if record.id not in parents]

    def write(self, entry):
        heads = self.heads()
        seq = sum(record.w == self.lane for record in self.known)
        op = "put" if self.known else "init"
        record = Record(
            op=op, w=self.lane, s=seq, t=1_790_000_000 + seq, c=f"{seq:064x}", e=f"{entry:064x}" if op == "put" else "",
            p=[head.id for head in heads], l=max((head.l for head in heads), default=-1) + 1,
        )  # fmt: skip
        self.known.append(record)

    def pull(self, other):
        ids = {record.id for record in self.known}
        self.known += [record for record in other.known if record.id not in ids]


@st.composite
def histories(draw):
    """Return the records of three clones that write and pull in some order; all begin with one root."""
    clones = [Clone(lane) for lane in LANES]
    clones[0].write(0)
    for clone in clones[1:]:
        clone.pull(clones[0])
    for _ in range(draw(st.integers(1, 14))):
        one, two = draw(st.integers(0, 2)), draw(st.integers(0, 2))
        if one != two and draw(st.booleans()):
            clones[one].pull(clones[two])
        else:
            clones[one].write(draw(st.integers(1, 4)))
    everything = Clone(LANES[0])
    for clone in clones:
        everything.pull(clone)
    return everything.known


def files(records):
    out: dict[str, bytes] = {}
    for record in sorted(records, key=lambda record: (record.w, record.s)):
        path = lane_file(record.w, record.s)
        out[path] = out.get(path, b"") + encode(record) + b"\n"
    return out


def ancestors(records):
    """Follow every edge: id → all ids behind it."""
    behind: dict[str, set[str]] = {}
    for record in sorted(records, key=lambda record: record.l):
        behind[record.id] = set(record.p).union(*(behind[parent] for parent in record.p))
    return behind


@given(histories())
def test_clocks_know_what_every_edge_knows(records):
    graph = fold(files(records)).graph
    behind = ancestors(records)
    for one in records:
        for two in records:
            known = graph.has_behind(one.w, one.s, two.w, two.s)
            assert known == (two.id in behind[one.id]), (one.w, one.s, two.w, two.s)
        assert graph.covered([one.id]) == len(behind[one.id]) + 1


@given(histories())
def test_the_last_words_are_those_that_no_other_has_behind_it(records):
    graph = fold(files(records)).graph
    behind = ancestors(records)
    for entry in {record.e for record in records if record.e}:
        own = [record for record in records if record.e == entry]
        expected = {one.id for one in own if not any(one.id in behind[two.id] for two in own)}
        assert {one.id for one in graph.last_of(entry)} == expected


def told(graph: Graph):
    entries = {f"{entry:064x}" for entry in range(1, 5)}
    lasts = {entry: {one.id for one in graph.last_of(entry)} for entry in entries}
    return graph.heads, graph.roots, dict(graph.tips), graph.count, graph.lamport(), lasts


@given(histories(), st.integers(0, 20))
def test_a_fold_continued_from_a_memory_says_what_a_whole_fold_says(records, share):
    """Whatever a first clone knows at some moment is folded, written down and read, and the rest is folded on top."""
    order = sorted(records, key=lambda record: (record.l, record.w, record.s))
    first = order[: max(1, len(order) * share // 20)]
    whole = fold(files(order))
    before = fold(files(first))
    memory = Memory(json.loads(json.dumps(remember(before.graph))))
    had = files(first)
    new = {path: data[len(had.get(path, b"")) :] for path, data in files(order).items() if data != had.get(path)}
    later = fold(new, memory)
    assert later.findings == whole.findings == ()
    assert told(later.graph) == told(whole.graph)
    again = Memory(json.loads(json.dumps(remember(later.graph))))
    assert told(again) == told(whole.graph)


def test_a_record_that_is_not_known_is_nowhere():
    memory = Memory(remember(fold(files([Record(op="init", w=LANES[0], s=0, t=1, c="5" * 64)])).graph))
    assert memory.where("f" * 64) is None
    assert memory.where("short") is None
    assert memory.last_of("e" * 64) == []
