"""Excerpts: a statement in fewer characters, without losing what it is about."""

from __future__ import annotations

import pytest

from session_journal.core.excerpts import condensed, in_sentences

OVER = "The user chose: Keep one list, over “a list for each pump” and “a list for each harbour and day”"


@pytest.mark.parametrize(
    ("text", "short"),
    [
        (
            "Moved the readers of all gauges (the pump, the tide and the wind) into one module that every export shares.",
            "Moved the readers of all gauges into one module that every export shares",
        ),
        (
            "Replaced the polling of gauges by a bell that the pump rings, making the whole harbour quieter at night",
            "Replaced the polling of gauges by a bell that the pump rings",
        ),
        (
            "Completed Task 27 (the bell of the harbour) with tests, documents and a page that tells the crew about it",
            "Completed Task 27 (the bell of the harbour) with tests, documents and a page that tells the crew…",
        ),
        (
            "Opened the store of the harbour to every reader, which cannot be closed while one of them is at work there",
            "Opened the store of the harbour to every reader, which cannot be closed…",
        ),
        (f"{OVER} (asked: how should a reader know its pump?)", "The user chose: Keep one list (asked: how should a reader know its pump?)"),
    ],
)  # fmt: skip
def test_what_stands_beside_goes_before_anything_is_cut(text, short):
    assert condensed(text, 100) == short


def test_a_short_whole_sentence_is_worth_more_than_half_of_a_long_one():
    text = (
        "The log is read at night. And although the tide was high, the pump in the harbour went on for hours and hours"
    )
    assert in_sentences(text, 80) == "The log is read at night."
