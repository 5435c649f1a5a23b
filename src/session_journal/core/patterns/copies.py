"""Sessions that tell one piece of work, drafted twice, forked or summed up again: together one piece of evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain

from session_journal.core.patterns.likeness import ALIKE

_NEAR_DAYS = 1
_LEAST = 3
_COPIED = 0.5
"""Of the smaller session, so much stands in the other in nearly the same words ..."""
_TOLD_AGAIN = 0.3
_ON_THE_WHOLE = 0.23
"""... or each statement is, in the mean of all, so much like the other's likest."""
_FORMULA = 64
"""What more pairs of sessions share than this tells nothing of any of them."""

Best = dict[tuple[str, str], dict[int, float]]


def near_copies(
    edges: Iterable[tuple[int, int, float]],
    owners: Sequence[Collection[str]],
    day: Mapping[str, date],
    by_hand: Collection[str] = (),
) -> dict[str, str]:
    """Return for each session that tells the same work as another of those days the one that stands for both.

    edges: (statement, other statement, likeness); owners: the sessions of each statement. by_hand: those that people
    wrote themselves: what they say on another day in the very same words they say again.
    """
    size = Counter(name for names in owners for name in names)
    number = {name: when.toordinal() for name, when in day.items()}
    best = _best(edges, owners, number, by_hand)
    groups: dict[str, set[str]] = {}
    for a, b in sorted(pair for pair in best if pair[0] < pair[1]):
        if _is_copy([*best[a, b].values()], [*best[b, a].values()], size[a], size[b]):
            both = groups.get(a, {a}) | groups.get(b, {b})
            days = [number[name] for name in both]
            if max(days) - min(days) <= _NEAR_DAYS:  # day by day, a whole month would come to be one piece of work
                groups.update(dict.fromkeys(both, both))
    return {name: min(both) for name, both in groups.items()}


def _best(
    edges: Iterable[tuple[int, int, float]],
    owners: Sequence[Collection[str]],
    number: Mapping[str, int],
    by_hand: Collection[str],
) -> Best:
    """Return how much each statement of a session is like the likest of another session of those days."""
    best: Best = {}
    days = [[number[name] for name in names] for names in owners]
    first, last = list(map(min, days)), list(map(max, days))
    for one, two, alike in chain(_shared(owners), edges):
        if first[one] - last[two] > _NEAR_DAYS or first[two] - last[one] > _NEAR_DAYS:
            continue
        for a, b in _pairs(owners[one], owners[two]):
            apart = abs(number[a] - number[b])
            if apart <= _NEAR_DAYS and not (apart and one == two and a in by_hand and b in by_hand):
                for pair, node in (((a, b), one), ((b, a), two)):
                    known = best.setdefault(pair, {})
                    known[node] = max(alike, known.get(node, 0.0))
    return best


def _shared(owners: Sequence[Collection[str]]) -> Iterator[tuple[int, int, float]]:
    """Yield what several sessions say in the same words, as alike to itself."""
    return ((node, node, 1.0) for node, names in enumerate(owners) if len(names) > 1)


def _pairs(one: Collection[str], two: Collection[str]) -> Iterator[tuple[str, str]]:
    if len(one) * len(two) > _FORMULA:
        return iter(())
    return ((a, b) for a in one for b in two if a != b)


def _is_copy(one: Sequence[float], two: Sequence[float], size: int, other_size: int) -> bool:
    copied, told = (
        min(sum(alike >= least for alike in one), sum(alike >= least for alike in two))
        for least in (ALIKE, _TOLD_AGAIN)
    )
    if copied >= max(_LEAST, _COPIED * min(size, other_size)):
        return True
    return told >= _LEAST and min(sum(sorted(one)) / size, sum(sorted(two)) / other_size) >= _ON_THE_WHOLE
