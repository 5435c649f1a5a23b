"""What is left out of the comparing is what would have come to nothing."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from session_journal.core.patterns.likeness import Likeness
from session_journal.core.patterns.neighbours import _FLOOR, compare_all
from session_journal.core.patterns.words import read_terms, with_senses

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


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.floats(0.1, 1.0))
def test_the_bound_by_how_many_terms_are_shared_passes_over_none_that_are_alike(texts, least):
    likeness = Likeness([with_senses(read_terms(text, trouble=trouble)) for text, trouble in texts])
    pairs = [(place, other) for place in range(len(texts)) for other in range(place)]
    assert [pair for pair in pairs if likeness.of(*pair) >= least and not likeness.may_reach(*pair, least)] == []


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_a_statement_has_all_in_common_with_itself(texts):
    likeness = Likeness([with_senses(read_terms(text)) for text, _ in texts])
    telling = [place for place in range(len(texts)) if likeness.weights(place)]
    assert [likeness._kernel_of(place) for place in telling] == [likeness._kernel(place, place) for place in telling]


def test_the_bound_by_how_many_terms_are_shared_rules_out_what_shares_few():
    texts = ["pin the gopls version of every container image", "pin one", "gopls crashed after a rebase of main"]
    likeness = Likeness([read_terms(text) for text in texts])
    assert [likeness.may_reach(0, other, 0.7) for other in (0, 2)] == [True, False]


def test_a_word_and_its_sense_are_one_thing_in_common_and_with_a_third_term_a_pair():
    likeness = Likeness([with_senses(read_terms(text)) for text in ("lint", "lint quickly", "quickly lint")])
    alone = likeness.weights(0)
    assert likeness.of(0, 1) * likeness._norm(0) * likeness._norm(1) == sum(value**2 for value in alone.values()) / 2
    assert likeness.of(1, 2) > 0.99
