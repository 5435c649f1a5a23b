"""Which statements are worth comparing, and how alike they are; in a large journal, new ones with what is known.

What is known of the first statements holds whatever comes after them: how much a term tells is learnt from the first
part of a large journal, and each statement is compared with earlier ones alone. So what was compared once need not be
compared again, and comes out the same where it is.
"""

from __future__ import annotations

import itertools
import operator
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256

from session_journal.core.patterns.likeness import ALIKE, Likeness, Nearby
from session_journal.core.patterns.memory import Compared, Edges, Memory, Unpacked
from session_journal.core.patterns.words import Telling
from session_journal.core.records import record

MANY = 3000
"""From so many statements on a journal is large."""
_FLOOR = 0.02
_FLOOR_OF_MANY = 0.1
"""Less likeness than this counts as none; in a large journal more is left out, or the work would grow too fast."""
_KEYS = 12
_CROWD = 100
_RARE, _RARE_SHARE = 300, 1 / 50
"""In a large journal, a statement is looked up by its rarest terms alone, among the latest that share two of them. A
term in more statements than that, and in a larger share of them, is none of these.
"""
_BLOCK = 32


def basis(count: int, many: int = MANY) -> int:
    """Return from how many statements, the first ones, a journal of so many learns which terms tell.

    many: from so many on it is large.
    """
    if count <= many:
        return count
    size = many
    while size * 2 <= count:
        size *= 2
    return size


def liken(
    packed: Sequence[str],
    learnt_from: int,
    memory: Memory,
    part: str,
    least: float | None = None,
    texts: Sequence[str] = (),
) -> tuple[Likeness, Edges]:
    """Return statements, by their packed terms, and how alike those worth comparing are.

    learnt_from: from so many of them, the first ones, a large journal learns which terms tell; in a small one (-1) that
    are all, and all are compared. part: a name for what the memory keeps of them. least: less likeness counts as none.
    texts: the statements, where the order of their words counts.
    """
    if learnt_from < 0:
        likeness = Likeness(Unpacked(packed, memory), texts=texts)
        return likeness, compare_all(likeness, _FLOOR if least is None else least)
    prepared = prepare(packed, learnt_from, memory, part, texts)
    return prepared.likeness, compare(prepared, memory, part, _FLOOR_OF_MANY if least is None else least)


@record(frozen=True, slots=True)
class Prepared:
    """Statements with what is known of them. basis: a hash of those that tell which terms tell.

    chain: a hash for each whole block of statements, of it and all before it.
    """

    likeness: Likeness
    known: Compared
    basis: str
    chain: Sequence[str]


def prepare(packed: Sequence[str], learnt_from: int, memory: Memory, part: str, texts: Sequence[str] = ()) -> Prepared:
    """Make statements of a large journal ready to be compared, by their packed terms; texts: see `liken`."""
    known = memory.compared.get(part, Compared())
    basis, chain = _chain(packed, learnt_from, texts)
    terms = Unpacked(packed, memory)
    if known.basis != basis:
        return Prepared(Likeness(terms, learnt_from, texts=texts), Compared(), basis, chain)
    telling = Telling(())
    telling.total = known.total
    telling.seen.update(known.seen)
    return Prepared(Likeness(terms, telling=telling, texts=texts), known, basis, chain)


def compare(prepared: Prepared, memory: Memory, part: str, least: float = _FLOOR_OF_MANY) -> Edges:
    """Compare each statement of a large journal with earlier ones, as far as the memory doesn't know it.

    least: less likeness than that counts as none, always the same for a part.
    """
    likeness, known, chain = prepared.likeness, prepared.known, prepared.chain
    same = sum(1 for _ in itertools.takewhile(bool, map(operator.eq, chain, known.chain)))
    start, end = same * _BLOCK, len(chain) * _BLOCK
    keys = _keys(likeness, range(start, len(likeness.terms)))
    wanted = {key for own in keys.values() for key in own}
    holders = {key: list(_before(start, known.holders.get(key, []))) for key in sorted(wanted)}
    edges = known.edges.first(start)
    for place, others in _found(keys, holders):
        # Most fall short of much likeness by the number of shared terms alone, and hardly any of little.
        near = [one for one in others if likeness.may_reach(one, place, least)] if least >= ALIKE else others
        rated = ((other, likeness.of(other, place)) for other in near)
        edges.add([(other, alike) for other, alike in rated if alike >= least])
    if start < end:
        kept = {key: _before(start, places) for key, places in known.holders.items() if key not in holders}
        kept |= {key: _before(end, places) for key, places in holders.items()}
        telling = likeness.telling
        memory.compared[part] = Compared(
            prepared.basis, chain, telling.total, dict(telling.seen), edges.first(end), kept
        )
        memory.changed = True
    return edges


def _chain(packed: Sequence[str], learnt_from: int, texts: Sequence[str]) -> tuple[str, list[str]]:
    """Return a hash of the first statements, and one for each whole block, of it and all before it."""
    digest = sha256("\0".join(packed[:learnt_from]).encode("utf-8", "surrogatepass"))
    basis = digest.hexdigest()[:32]
    chain = []
    for start in range(0, len(packed) - _BLOCK + 1, _BLOCK):
        block = slice(start, start + _BLOCK)
        digest.update("\0".join((*packed[block], *texts[block])).encode("utf-8", "surrogatepass"))
        chain.append(digest.hexdigest()[:32])
    return basis, chain


def _before(end: int, places: list[int]) -> list[int]:
    return places[: bisect_left(places, end)] if places and places[-1] >= end else places


def compare_all(likeness: Likeness, least: float = _FLOOR) -> Edges:
    """Compare each statement with all earlier ones that share a term."""
    nearby = Nearby(likeness)
    edges = Edges()
    for place in range(len(likeness.terms)):
        edges.add(nearby.of(place, least))
        nearby.add(place)
    return edges


def _found(keys: Mapping[int, Sequence[str]], holders: Mapping[str, list[int]]) -> Iterator[tuple[int, list[int]]]:
    """Yield each statement with those to compare; holders: the earlier ones of each key, to which it is added."""
    for place, own in keys.items():
        once, twice = set[int](), set[int]()
        for key in own:
            others = holders[key][-_CROWD:]
            twice.update(once.intersection(others))
            once.update(others)
            holders[key].append(place)
        yield place, sorted(twice)


def _keys(likeness: Likeness, places: Iterable[int]) -> dict[int, list[str]]:
    """Return the terms by which statements are looked up: the rarest, in an order that others don't change."""
    seen, most = likeness.telling.seen, max(_RARE, likeness.telling.total * _RARE_SHARE)
    own = {place: likeness.terms[place].weights for place in places}
    found = set[str]().union(*own.values())
    ranked = sorted((term for term in found if seen[term] <= most), key=lambda term: (seen[term], term))
    rank = {term: number for number, term in enumerate(ranked)}
    return {place: sorted(rank.keys() & weights.keys(), key=rank.__getitem__)[:_KEYS] for place, weights in own.items()}
