"""Groups join by how alike they are in the mean; what is told of them late counts as if it had been known at once."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from session_journal.core.patterns.groups import _Group, _join, _offer, gather

PLACES = 9


def plainly(edges, sessions):
    """Gather with every edge told to its groups from the start."""
    groups = {place: _Group(place, sessions[place]) for place in range(len(sessions))}
    for a, b, alike in edges:
        groups[a].near[b] = groups[b].near[a] = alike
    heap = []
    for place in groups:
        _offer(groups, place, heap)
    while heap:
        best = min(heap)
        heap.remove(best)
        _, a, b, *versions = best
        if a in groups and b in groups and [groups[a].version, groups[b].version] == versions:
            _join(groups, a, b)
            _offer(groups, a, heap)
    return sorted(sorted(group.members) for group in groups.values())


PAIRS = [(a, b) for a in range(PLACES) for b in range(a)]
EDGES = st.dictionaries(st.sampled_from(PAIRS), st.sampled_from((0.06, 0.2, 0.23, 0.24, 0.25, 0.3, 0.33, 0.6, 0.9)))


@settings(max_examples=300, deadline=None)
@given(EDGES, st.lists(st.sets(st.integers(0, 5), min_size=1, max_size=3), min_size=PLACES, max_size=PLACES))
def test_what_is_told_late_changes_no_group(found, sessions):
    edges = [(a, b, alike) for (a, b), alike in found.items()]
    assert gather(edges, sessions) == plainly(edges, sessions)


def test_what_two_that_begin_no_group_are_like_counts_once_one_has_joined():
    edges = [(1, 0, 0.9), (2, 0, 0.258), (2, 1, 0.258), (3, 0, 0.2), (3, 1, 0.2)]
    sessions = [range(16)] * 4
    assert gather(edges, sessions) == [[0, 1, 2], [3]]
    assert gather([*edges, (3, 2, 0.256)], sessions) == [[0, 1, 2, 3]]


def test_two_points_that_were_both_made_often_are_not_one_for_that():
    alike = [(1, 0, 0.9), (3, 2, 0.9), (2, 0, 0.28), (2, 1, 0.28), (3, 0, 0.28), (3, 1, 0.28)]
    both = [{0, 1}, {2, 3}, {4, 5}, {6, 7}]
    assert gather(alike, both) == [[0, 1], [2, 3]]
    assert gather(alike, [range(16), *both[1:]]) == [[0, 1, 2, 3]]


@pytest.mark.parametrize(("alike", "joins"), [(0.149, False), (0.151, True)])
def test_however_large_a_group_is_what_is_hardly_like_it_stays_out(alike, joins):
    size = 40
    within = [(a, b, 0.3) for a in range(size) for b in range(a)]
    edges = [*within, *((size, member, alike) for member in range(size))]
    found = gather(edges, [range(16)] * (size + 1))
    assert found == ([[*range(size + 1)]] if joins else [[*range(size)], [size]])


ESTABLISHED = [(1, 0, 0.5), (2, 0, 0.5), (2, 1, 0.5)]
LIKE_ALL = [(3, 0, 0.2), (3, 1, 0.2), (3, 2, 0.2)]


def asked(edges, sessions):
    """Gather, and return what was asked of which singles, all of which are taken in, and the groups."""
    found = []
    groups = gather(edges, sessions, saying=lambda group, singles: found.append((group, singles)) or singles)
    return found, groups


def test_a_single_statement_joins_an_established_group_that_it_says_the_same_as():
    edges, sessions = [*ESTABLISHED, *LIKE_ALL], [{place} for place in range(4)]
    assert gather(edges, sessions, saying=lambda *_: []) == gather(edges, sessions) == [[0, 1, 2], [3]]
    assert asked(edges, sessions) == ([([0, 1, 2], [3])], [[0, 1, 2, 3]])


def test_a_single_statement_that_is_more_like_another_is_not_asked_about():
    edges = [*ESTABLISHED, *LIKE_ALL, (4, 3, 0.33)]
    assert asked(edges, [{place} for place in range(5)]) == ([], [[0, 1, 2], [3], [4]])


def test_a_group_of_two_statements_or_two_sessions_is_not_established():
    assert asked([(1, 0, 0.5), (2, 0, 0.2), (2, 1, 0.2)], [{0, 1}, {2, 3}, {4}]) == ([], [[0, 1], [2]])
    assert asked([*ESTABLISHED, *LIKE_ALL], [{0}, {1}, {1}, {2}]) == ([], [[0, 1, 2], [3]])


def test_a_statement_hardly_like_a_group_is_not_asked_about():
    edges = [*ESTABLISHED, (3, 0, 0.2), (3, 1, 0.2)]
    assert asked(edges, [{place} for place in range(4)]) == ([], [[0, 1, 2], [3]])


def test_no_group_holds_two_that_are_of_no_one_mind_however_they_came_together():
    edges = [(1, 0, 0.9), (2, 0, 0.6), (2, 1, 0.6), (3, 0, 0.5), (3, 1, 0.5), (3, 2, 0.5)]
    contrary = {(2, 0), (0, 2)}
    found = gather(edges, [range(4)] * 4, lambda a, b: (a, b) in contrary)
    assert found == [[0, 1, 3], [2]]
