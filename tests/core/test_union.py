"""Uniting log files: nothing that either side has may go, and nothing comes that lacks what it builds on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from session_journal.core.chain import Record, decode, encode, lane_file
from session_journal.core.union import merge_lines, rebuild, unite
from session_journal.errors import JournalError

A, B = "a" * 16, "b" * 16
PATH = lane_file(A, 0)


def lane(count, name=A, start=None):
    """Return the records of a lane, each on top of the one before."""
    records = []
    before = start
    for seq in range(count):
        parents = [before.id] if before else []
        op = "put" if parents else "init"
        before = Record(
            op=op, w=name, s=seq, t=seq, c="5" * 64, e=f"{seq:064x}" if parents else "", p=parents,
            l=before.l + 1 if before else 0,
        )  # fmt: skip
        records.append(before)
    return records


def text(records):
    return b"".join(encode(record) + b"\n" for record in records)


def merged(base, ours, theirs):
    files, left = merge_lines({PATH: text(base)}, {PATH: text(ours)}, {PATH: text(theirs)}, {PATH: text(ours)})
    return files[PATH], left


@given(st.integers(0, 6), st.integers(0, 6), st.integers(0, 6))
def test_a_side_that_lacks_records_takes_none_away(base, ours, theirs):
    records = lane(6)
    assert merged(records[: min(base, theirs)], records[:ours], records[:theirs]) in (
        (text(records[: max(ours, theirs)]), []),
        (text(records[:ours]), []),
    )


def test_a_pick_from_the_middle_of_a_lane_adds_nothing():
    records = lane(5)
    assert merged(records[:4], records[:2], records[:5]) == (text(records[:2]), [])


def test_a_pick_that_has_all_it_builds_on_comes_along():
    records = lane(5)
    assert merged(records[:2], records[:2], records[:3]) == (text(records[:3]), [])


def test_of_two_records_in_one_place_ours_stays_and_the_file_is_named():
    records = lane(3)
    other = Record(op="put", w=A, s=2, t=99, c="6" * 64, e="7" * 64, p=[records[1].id], l=2)
    assert merged(records[:2], records, [*records[:2], other]) == (text(records), [PATH])


def test_a_lane_that_only_the_other_side_has_comes_whole_or_not_at_all():
    ours = lane(2)
    theirs = lane(2, B, ours[1])
    path = lane_file(B, 0)
    known = {PATH: text(ours)}
    assert merge_lines({path: b""}, {path: b""}, {path: text(theirs)}, known)[0][path] == text(theirs)
    assert merge_lines({path: b""}, {path: b""}, {path: text(theirs[1:])}, known)[0][path] == b""


def test_a_rebuilt_log_has_what_was_lost_in_its_place_and_no_other_lines():
    records = lane(5)
    broken = text(records[:2]) + b"<<<<<<< HEAD\n" + text(records[3:4]) + b"torn"
    assert rebuild({PATH: broken}, [records[4], records[2]]) == {PATH: text(records)}


def test_an_impostor_gives_its_place_back_and_a_genuine_record_keeps_it():
    records = lane(3)
    forged = decode(encode(records[1]).replace(b'"t":1', b'"t":7'))
    broken = {PATH: text([records[0], forged, records[2]])}
    assert rebuild(broken, [records[1]], lambda record: record.t == 7) == {PATH: text(records)}
    assert rebuild(broken, [records[1]]) == broken
    doubled = {PATH: text([records[0], forged, records[1], records[2]])}
    assert rebuild(doubled, [], lambda record: record.t == 7) == {PATH: text(records)}


def test_two_versions_are_united_whichever_comes_first():
    records = lane(5)
    one, two = text([*records[:2], records[3]]), text([*records[:3], records[4]])
    assert unite(PATH, one, two) == unite(PATH, two, one) == text(records)


def test_a_place_with_two_records_is_named_when_versions_are_united():
    records = lane(2)
    other = text([records[0], decode(encode(records[1]).replace(b'"t":1', b'"t":7'))])
    with pytest.raises(JournalError, match=f"lane {A} .* at place 1"):
        unite(PATH, text(records), other)
