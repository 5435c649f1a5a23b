"""One page: every section is heard, none alone, and what is left out is counted."""

from __future__ import annotations

from session_journal.rollups.page import fit, left_out


def test_room_is_shared_in_turn_and_what_matters_most_is_first():
    shares = fit({"learned": range(9), "decisions": range(9), "well": range(1)}, taken=2, lines=16)
    assert shares == {"learned": 4, "decisions": 3, "well": 1}
    assert 2 + sum(shares.values()) + 3 * 2 == 16


def test_what_matters_most_gets_two_in_a_turn():
    rows = {"learned": range(9), "decisions": range(9), "challenges": range(9), "notes": range(9)}
    assert fit(rows, taken=0, lines=8 + 4 + 6) == {"learned": 3, "decisions": 3, "challenges": 2, "notes": 2}


def test_a_crowded_page_still_gives_each_section_one_bullet():
    assert fit({"a": range(5), "b": range(5), "c": []}, taken=60) == {"a": 1, "b": 1, "c": 0}


def test_room_that_no_section_has_a_use_for_goes_to_those_that_have():
    rows = {"learned": range(9), "decisions": range(2)}
    assert fit(rows, taken=0, most={"learned": 3, "decisions": 5}, lines=11) == {"learned": 5, "decisions": 2}
    assert fit(rows, taken=0, most={"learned": 3, "decisions": 5}, lines=8) == {"learned": 2, "decisions": 2}


def test_what_is_left_out_is_told_in_words():
    assert left_out({"lessons": 12, "decisions": 1, "notes": 0}) == "12 lessons, 1 decision"
