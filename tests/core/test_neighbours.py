"""What is left out of the comparing is what would have come to nothing."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from session_journal.core.patterns.likeness import Likeness
from session_journal.core.patterns.neighbours import _FLOOR, compare_all
from session_journal.core.patterns.words import read_terms

WORDS = (
    "lint",
    "linter",
    "clock",
    "test",
    "date",
    "`find_session`",
    "findSession.py",
    "3.3.0",
    "3.3.1",
    "not",
    "gopls",
)
TEXTS = st.lists(
    st.tuples(st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join), st.booleans()), min_size=2, max_size=14
)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_no_two_statements_are_passed_over_that_are_alike(texts):
    likeness = Likeness([read_terms(text, trouble=trouble) for text, trouble in texts])
    expected = [
        (place, other, alike)
        for place in range(len(texts))
        for other in range(place)
        if (alike := likeness.of(other, place)) >= _FLOOR
    ]
    assert list(compare_all(likeness)) == expected
