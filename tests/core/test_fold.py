"""Folding the log: what a sound graph says, and every way a line can be wrong."""

from __future__ import annotations

import pytest

from session_journal.core.chain import Record, encode, lane_file
from session_journal.core.fold import fold

A, B = "a" * 16, "b" * 16


class Builder:
    """Write records the way the journal does: parents are all current heads."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.counts: dict[str, int] = {}

    def add(self, op="put", lane=A, entry="1", content="1", parents=None):
        parents = parents if parents is not None else self.records[-1:]
        record = Record(
            op=op,
            w=lane,
            s=self.counts.get(lane, 0),
            t=1_790_000_000 + len(self.records),
            c=content * 64 if op in {"init", "put", "move"} else "",
            e=entry * 64 if op != "init" else "",
            p=[parent.id for parent in parents],
            l=max((parent.l for parent in parents), default=-1) + 1,
        )
        self.counts[lane] = record.s + 1
        self.records.append(record)
        return record

    def files(self):
        out: dict[str, bytes] = {}
        for record in self.records:
            path = lane_file(record.w, record.s)
            out[path] = out.get(path, b"") + encode(record) + b"\n"
        return out


@pytest.fixture
def log():
    builder = Builder()
    builder.add("init", content="0")
    for number in "123":
        builder.add(entry=number, content=number)
    return builder


def codes(files):
    return sorted({finding.code for finding in fold(files).findings})


def test_a_sound_log_has_no_findings_and_one_head(log):
    folded = fold(log.files())
    assert folded.findings == ()
    assert folded.heads == (log.records[-1].id,)
    assert folded.roots == (log.records[0].id,)
    assert folded.lamport == 3
    assert len(folded.records) == 4


def test_the_newest_record_of_an_entry_counts(log):
    log.add(entry="1", content="9")
    assert [record.c[0] for record in fold(log.files()).last["1" * 64]] == ["9"]


def test_two_branches_may_each_have_the_last_word_until_a_record_joins_them(log):
    base = log.records[-1]
    mine = log.add(entry="1", content="7", parents=[base])
    theirs = log.add(entry="1", content="8", lane=B, parents=[base])
    folded = fold(log.files())
    assert folded.findings == ()
    assert {record.c[0] for record in folded.last["1" * 64]} == {"7", "8"}
    assert set(folded.heads) == {mine.id, theirs.id}
    log.add(entry="1", content="9", parents=[mine, theirs])
    assert [record.c[0] for record in fold(log.files()).last["1" * 64]] == ["9"]


def test_a_lane_resumed_after_another_one_built_on_it_is_sound(log):
    other = log.add(entry="4", lane=B, parents=[log.records[-1]])
    log.add(entry="5", parents=[other])
    assert fold(log.files()).findings == ()


def lines(files):
    (path,) = files
    return path, files[path].splitlines(keepends=True)


@pytest.mark.parametrize(
    ("attack", "expected"),
    [
        (lambda ls: ls[:1] + ls[2:], "no-parent"),
        (lambda ls: ls[1:], "no-parent"),
        (lambda ls: [ls[0], ls[2], ls[1], ls[3]], "order"),
        (lambda ls: [*ls, ls[3]], "double"),
        (lambda ls: [*ls[:2], ls[2].replace(b'"t":17', b'"t":16'), ls[3]], "no-parent"),
        (lambda ls: [*ls[:3], ls[3].removesuffix(b"\n")], "torn-line"),
        (lambda ls: [*ls[:3], ls[3][:40]], "bad-line"),
        (lambda ls: [*ls[:2], b"\n", *ls[2:]], "bad-line"),
        (lambda ls: [line.replace(b"\n", b"\r\n") for line in ls], "bad-line"),
        (lambda ls: [*ls[:3], ls[3].replace(b'"v":1', b'"v":1.0')], "bad-line"),
        (lambda ls: [*ls[:3], ls[3].replace(A.encode(), B.encode())], "misplaced"),
    ],
    ids=["drop a middle record", "drop the root", "swap lines", "duplicate line", "change the time", "no final newline",
         "torn line", "blank line", "CRLF", "1.0 for 1", "foreign lane spliced in"],
)  # fmt: skip
def test_an_attack_on_the_lines_is_found(log, attack, expected):
    path, before = lines(log.files())
    assert expected in codes({path: b"".join(attack(before))})


def test_rewriting_a_record_breaks_its_successor(log):
    path, before = lines(log.files())
    forged = Record(op="put", w=A, s=2, t=1, c="f" * 64, e="2" * 64, p=log.records[2].p, l=2)
    assert "no-parent" in codes({path: b"".join([*before[:2], encode(forged) + b"\n", before[3]])})


def test_a_back_dated_sibling_in_a_lane_is_found(log):
    log.add(entry="6", parents=[log.records[1]])
    assert "lane-fork" in codes(log.files())


def test_a_wrong_logical_time_is_found(log):
    parent = log.records[-1]
    log.records.append(Record(op="put", w=A, s=4, t=1, c="4" * 64, e="4" * 64, p=[parent.id], l=9))
    assert "lamport" in codes(log.files())


def test_two_beginnings_are_found(log):
    log.add("init", lane=B, content="e", parents=[])
    assert "two-roots" in codes(log.files())


def test_a_record_that_builds_on_nothing_must_be_a_beginning(log):
    log.add(entry="6", lane=B, parents=[])
    assert "no-root" in codes(log.files())


def test_a_file_that_is_no_lane_is_found(log):
    assert codes({**log.files(), "journal/log/notes.txt": b"hello\n"}) == ["foreign-log-file"]


def test_a_missing_file_of_a_lane_is_found(log):
    for number in range(300):
        log.add(entry="7", content=f"{number % 10}")
    files = log.files()
    del files[f"journal/log/{A}/000000.jsonl"]
    assert "lane-gap" in codes(files)
