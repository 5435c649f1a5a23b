"""What an earlier search worked out: the terms of texts, and what was compared; it changes nothing that is found."""

from __future__ import annotations

import itertools
from array import array
from collections.abc import Collection, Iterator, Sequence
from dataclasses import field, replace
from typing import overload

from session_journal.core.patterns.contrary import claims
from session_journal.core.patterns.words import Terms, read_terms, with_senses
from session_journal.core.records import record

TROUBLE = "\n"
"""What marks a statement that tells trouble: the packed terms of a text never end like this."""


@record(slots=True)
class Edges:
    """Which earlier statements each one is like: counts says how many, others and alike which and how much."""

    counts: array[int] = field(default_factory=lambda: array("I"))
    others: array[int] = field(default_factory=lambda: array("I"))
    alike: array[float] = field(default_factory=lambda: array("d"))

    def __iter__(self) -> Iterator[tuple[int, int, float]]:
        """Yield (statement, earlier statement, likeness)."""
        places = itertools.chain.from_iterable(map(itertools.repeat, itertools.count(), self.counts))
        return zip(places, self.others, self.alike, strict=True)

    def first(self, places: int) -> Edges:
        """Return those of the first statements."""
        end = sum(self.counts[:places])
        return Edges(self.counts[:places], self.others[:end], self.alike[:end])

    def add(self, found: Sequence[tuple[int, float]]) -> None:
        """Add the next statement."""
        self.counts.append(len(found))
        self.others.extend([other for other, _ in found])
        self.alike.extend([alike for _, alike in found])


@record(slots=True)
class Compared:
    """What was compared before. basis, chain: hashes of the statements, see `neighbours.Prepared`.

    total, seen: from how many statements was learnt which terms tell, and in how many of them each term is. holders:
    the statements that are looked up by a term, in order.
    """

    basis: str = ""
    chain: Sequence[str] = ()
    total: int = 0
    seen: dict[str, int] = field(default_factory=dict)
    edges: Edges = field(default_factory=Edges)
    holders: dict[str, list[int]] = field(default_factory=dict)


@record(slots=True)
class Memory:
    """What an earlier run worked out, of no influence on what comes out.

    terms: of each text it read, packed; read: of those that this run met; changed: there is more to keep than before.
    mild: texts that claim nothing which another one can be contrary to; met_mild: those of them that this run met.
    senses: whether words of one sense meet.
    """

    terms: dict[str, str] = field(default_factory=dict)
    read: dict[str, str] = field(default_factory=dict)
    mild: Collection[str] = ()
    met_mild: set[str] = field(default_factory=set)
    compared: dict[str, Compared] = field(default_factory=dict)
    changed: bool = False
    senses: bool = True
    _unpacked: dict[str, Terms] = field(default_factory=dict)

    def terms_alone(self) -> Memory:
        """Return a memory for another search, which shares the terms of texts and nothing that was compared."""
        return Memory(self.terms, self.read, self.mild, self.met_mild, senses=self.senses, _unpacked=self._unpacked)

    def packed_all(self, texts: Sequence[str]) -> list[str]:
        """Return the terms of each text in one line, with their senses: the same for the same terms, for no others."""
        known = self.terms
        self.read.update({text: known[text] for text in texts if text in known})
        return [self.read.get(text) or self._pack(text) for text in texts]

    def is_mild(self, text: str) -> bool:
        """Tell whether a text claims nothing which another one can be contrary to; most do."""
        if text in self.met_mild:
            return True
        if text not in self.mild and claims(text):
            return False
        self.met_mild.add(text)
        return True

    def _pack(self, text: str) -> str:
        terms = with_senses(read_terms(text)) if self.senses else read_terms(text)
        known = self.read[text] = pack(terms)
        self._unpacked[known] = terms
        return known

    def terms_of(self, packed: str) -> Terms:
        """Return the terms that were packed."""
        found = self._unpacked.get(packed)
        if found is None:
            plain = packed.removesuffix(TROUBLE)
            found = unpack(packed) if plain == packed else replace(self.terms_of(plain), trouble=True)
            self._unpacked[packed] = found
        return found


class Unpacked(Sequence[Terms]):
    """The terms of some statements, unpacked when they are asked for."""

    def __init__(self, packed: Sequence[str], memory: Memory) -> None:
        self.packed = packed
        self._terms_of = memory.terms_of

    def __len__(self) -> int:
        """Return how many statements there are."""
        return len(self.packed)

    @overload
    def __getitem__(self, place: int) -> Terms: ...
    @overload
    def __getitem__(self, place: slice) -> list[Terms]: ...
    def __getitem__(self, place: int | slice) -> Terms | list[Terms]:
        """Return a statement's terms."""
        return (
            list(map(self._terms_of, self.packed[place]))
            if isinstance(place, slice)
            else self._terms_of(self.packed[place])
        )


def pack(terms: Terms) -> str:
    """Write terms as text: its numbers and whether it denies, then the terms of each weight."""
    by_weight: dict[float, list[str]] = {}
    for term, weight in terms.weights.items():
        by_weight.setdefault(weight, []).append(term)
    lines = [("!" if terms.denies else "", *sorted(terms.numbers))]
    lines += [(repr(weight), *sorted(by_weight[weight])) for weight in sorted(by_weight)]
    return "\n".join(map("\t".join, lines))


def unpack(packed: str) -> Terms:
    """Read what was packed."""
    first, *lines = packed.split("\n")
    denial, *numbers = first.split("\t")
    weights: dict[str, float] = {}
    for line in lines:
        weight, *terms = line.split("\t")
        weights.update(dict.fromkeys(terms, float(weight)))
    return Terms(weights, frozenset(numbers), bool(denial))


def has_several(packed: str) -> bool:
    """Tell whether more than one term was packed, their senses aside; each word has one sense at most."""
    end = packed.find("\n")
    terms = packed.count("\t", end) if end >= 0 else 0
    return terms > 2 or (terms == 2 and packed.find("\t~", end) < 0)
