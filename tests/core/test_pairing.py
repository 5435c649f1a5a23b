"""Lines are compared with the latest that share two of their rarest words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from session_journal.core.pairing import _CROWD, pairs

LINES = st.lists(st.sets(st.sampled_from("abcdefgh"), max_size=5), max_size=12)


def of(*lines):
    """Return the pairs of some lines, each told by its words."""
    return sorted(pairs([dict.fromkeys(line.split(), 1.0) for line in lines]))


def test_lines_that_share_two_of_their_rarest_words_are_a_pair_and_those_that_share_one_are_none():
    assert of("pin gopls", "gopls pin", "pin clock", "clock mock", "mock pin clock") == [(0, 1), (2, 4), (3, 4)]


def test_a_line_with_one_word_that_others_have_is_a_pair_with_each_of_them_on_either_side():
    assert of("gopls", "pin gopls image", "pin image") == [(0, 1), (1, 2)]
    assert of("pin gopls image", "pin image", "gopls") == [(0, 1), (0, 2)]


@given(LINES)
def test_in_a_small_journal_all_lines_of_the_same_words_are_pairs_and_each_pair_is_named_once(lines):
    found = list(pairs([dict.fromkeys(sorted(line), 1.0) for line in lines]))
    same = {(a, b) for b in range(len(lines)) for a in range(b) if lines[a] and lines[a] == lines[b]}
    assert same <= set(found)
    assert len(found) == len(set(found))
    assert all(a < b and lines[a] & lines[b] for a, b in found)


def test_of_a_crowd_that_shares_its_words_the_latest_are_compared():
    last = _CROWD + 5
    found = of(*["pin gopls"] * (last + 1))
    assert [a for a, b in found if b == last] == list(range(last - _CROWD, last))
