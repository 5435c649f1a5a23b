"""What a log has lost on its way: told by commit, apart from what is back and from what never was a record."""

from __future__ import annotations

from session_journal.core.chain import Record, encode, lane_file
from session_journal.core.growth import Growth, Step

LANE = "a" * 16
PATH = lane_file(LANE, 0)


def line(seq, seconds=0):
    record = Record(op="put", w=LANE, s=seq, t=seconds, c="5" * 64, e="6" * 64, p=["7" * 64], l=seq + 1)
    return encode(record) + b"\n"


ONE, TWO, THREE = line(0), line(0) + line(1), line(0) + line(1) + line(2)
BLOBS = {"1": ONE, "2": TWO, "3": THREE}


def losses(steps, now, blobs=BLOBS, known=("1", "2", "3")):
    lengths = {(PATH, oid): len(blobs[oid]) for oid in known if now.startswith(blobs[oid])}
    growth = Growth([Step(*step) for step in steps], lengths, {PATH: now} if now else {}, blobs.get)
    return growth.losses(), len(growth.unread)


def test_a_log_that_grows_loses_nothing():
    steps = [("c3", PATH, "2", "3"), ("c2", PATH, "1", "2"), ("c1", PATH, "", "1")]
    assert losses(steps, THREE) == ([], 0)


def test_what_a_commit_cut_off_is_lost_and_named_by_it():
    (loss,), unread = losses([("c2", PATH, "3", "1"), ("c1", PATH, "", "3")], ONE)
    assert (loss.commit, [record.s for record in loss.gone], loss.back, unread) == ("c2", [1, 2], (), 0)


def test_a_file_that_was_removed_is_lost_whole():
    (loss,), _ = losses([("c2", PATH, "2", "")], b"")
    assert [record.s for record in loss.gone] == [0, 1]


def test_what_is_back_is_told_apart():
    (loss,), _ = losses([("c3", PATH, "1", "3"), ("c2", PATH, "3", "1")], THREE)
    assert (loss.commit, loss.gone, [record.s for record in loss.back]) == ("c2", (), [1, 2])


def test_a_record_that_was_changed_is_a_loss_of_the_one_that_was_there():
    forged = line(0) + line(1, seconds=9)
    (loss,), _ = losses([("c2", PATH, "2", "f")], forged, {**BLOBS, "f": forged})
    assert [record.t for record in loss.gone] == [0]


def test_a_line_that_ends_otherwise_is_another_line():
    crlf = ONE.replace(b"\n", b"\r\n")
    (loss,), _ = losses([("c2", PATH, "1", "f")], crlf, {**BLOBS, "f": crlf})
    assert [record.s for record in loss.gone] == [0]


def test_what_never_was_a_record_is_no_loss():
    marked = line(0) + b"<<<<<<< HEAD\n" + line(1)[:30] + b"\n"
    assert losses([("c2", PATH, "m", "1")], ONE, {**BLOBS, "m": marked}, known=("1",)) == ([], 0)


def test_a_version_that_cannot_be_read_is_counted():
    assert losses([("c2", PATH, "gone", "1")], ONE) == ([], 1)


FORGED = line(0) + line(1, seconds=9)


def test_what_only_ever_took_a_place_and_was_taken_out_again_is_an_impostor():
    steps = [("c3", PATH, "f", "2"), ("c2", PATH, "2", "f"), ("c1", PATH, "", "2")]
    (newer, older), _ = losses(steps, TWO, {**BLOBS, "f": FORGED})
    assert (newer.gone, [record.t for record in newer.impostors]) == ((), [9])
    assert (older.gone, older.impostors, [record.t for record in older.back]) == ((), (), [0])


def test_going_there_and_back_makes_no_impostor_of_a_genuine_record():
    steps = [("c4", PATH, "2", "f"), ("c3", PATH, "f", "2"), ("c2", PATH, "2", "f"), ("c1", PATH, "", "2")]
    found, _ = losses(steps, FORGED, {**BLOBS, "f": FORGED})
    assert [[record.t for record in loss.gone] for loss in found] == [[0], [], [0]]


def test_of_two_that_came_apart_neither_is_an_impostor():
    steps = [("m", PATH, "f", "2", True), ("s", PATH, "1", "f"), ("h", PATH, "1", "2"), ("c1", PATH, "", "1")]
    (loss,), _ = losses(steps, TWO, {**BLOBS, "f": FORGED})
    assert ([record.t for record in loss.gone], loss.impostors) == ([9], ())
