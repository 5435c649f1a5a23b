"""Filler: what is said of any work in large words, and of this work nothing."""

from __future__ import annotations

import pytest

from session_journal.core.filler import is_filler


@pytest.mark.parametrize(("text", "filler"), [
    ("Updates of several documents required careful attention to stay in step", True),
    ("Needed to ensure that future extensions of the harbour stay possible", True),
    ("Robust gauges: enhanced stability and thorough reading provide reliable figures", True),
    ("The session demonstrates the importance of good planning", True),
    ("Required careful reading to see that `load()` drops the last gauge", False),
    ("Retries need care when the broker restarts", False),
    ("Consistent times matter, because the log is sorted by them", False),
    ("The reliable way is to read the gauge twice", False),
    ("The importer lost every second row", False),
])  # fmt: skip
def test_large_words_without_a_name_or_a_cause_say_nothing(text, filler):
    assert is_filler(text) is filler
