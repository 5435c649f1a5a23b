"""What a person decided about patterns: two are one, a statement is no part of one, one is of no interest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from session_journal.core.patterns.likeness import ALIKE, Likeness
from session_journal.core.patterns.statements import Pattern, Statement, key_of
from session_journal.core.patterns.words import read_terms
from session_journal.core.records import record

Verb = Literal["merge", "split", "ignore"]


@record(frozen=True, slots=True)
class Quoted:
    """A statement as a decision names it: its words, and the id of the entry they stood in ("" where unknown)."""

    text: str
    entry: str = ""


@record(frozen=True, slots=True)
class Correction:
    """One decision. of: a statement of the pattern that is meant; others: of one to merge with it, or to split off.

    Of one to ignore, others stand in for `of` when no entry states it any more.
    """

    verb: Verb
    of: Quoted
    others: tuple[Quoted, ...] = ()


def quoted(one: Statement) -> Quoted:
    """Quote a statement for a decision."""
    return Quoted(one.text, one.entry)


def touches(correction: Correction, patterns: Sequence[Pattern]) -> bool:
    """Tell whether a decision speaks of some patterns' members."""
    members = [member for pattern in patterns for member in pattern.members]
    return any(find_quoted(one, members) for one in (correction.of, *correction.others))


def find_quoted(wanted: Quoted, statements: Sequence[Statement]) -> list[int]:
    """Return the places of the statements that are meant: those in the same words, else what its entry says most alike.

    The second is for an item whose words a person has mended since.
    """
    key = key_of(wanted.text)
    same = [place for place, one in enumerate(statements) if key_of(one.text) == key]
    if same or not wanted.entry:
        return same
    near = [place for place, one in enumerate(statements) if one.entry == wanted.entry]
    likeness = Likeness([read_terms(wanted.text), *(read_terms(statements[place].text) for place in near)])
    rated = [(likeness.of(0, number), -place) for number, place in enumerate(near, 1)]
    best = max(rated, default=(0.0, 0))
    return [-best[1]] if best[0] >= ALIKE else []


def split_off(corrections: Iterable[Correction], statements: Sequence[Statement]) -> set[int]:
    """Return the places of the statements that a person took out of a pattern."""
    off = (other for one in corrections if one.verb == "split" for other in one.others)
    return {place for other in off for place in find_quoted(other, statements)}


class Corrected:
    """Decisions as they meet the nodes of one run: groups are joined and split as they say."""

    def __init__(
        self, corrections: Iterable[Correction], statements: Sequence[Statement], node_of: Sequence[int]
    ) -> None:
        """node_of: the node of each statement, -1 for one that is not compared."""
        self._found = [
            (
                one.verb,
                self._meant(one, statements, node_of),
                [self._nodes(other, statements, node_of) for other in one.others],
            )
            for one in corrections
        ]
        self._texts: dict[int, set[str]] = {}
        for place, node in enumerate(node_of) if any(verb == "split" for verb, _, _ in self._found) else ():
            self._texts.setdefault(node, set()).add(statements[place].text)

    @staticmethod
    def _nodes(wanted: Quoted, statements: Sequence[Statement], node_of: Sequence[int]) -> set[int]:
        return {node_of[place] for place in find_quoted(wanted, statements)} - {-1}

    @classmethod
    def _meant(cls, one: Correction, statements: Sequence[Statement], node_of: Sequence[int]) -> set[int]:
        quotes = (one.of, *one.others) if one.verb == "ignore" else (one.of,)
        found = (cls._nodes(quote, statements, node_of) for quote in quotes)
        return next(filter(None, found), set())

    def regroup(self, groups: list[list[int]], likeness: Likeness) -> list[list[int]]:
        """Return the groups as a person wants them."""
        if not self._found:
            return groups
        known = [set(group) for group in groups]
        for verb, of, others in self._found:
            for other in others if verb == "merge" else ():
                known = _joined(known, of, other)
        for verb, of, others in self._found:
            if verb == "split":
                known = _parted(known, of, set().union(*others), likeness)
        return [sorted(group) for group in known if group]

    def split_from(self, group: Iterable[int]) -> frozenset[str]:
        """Return the keys of the statements that a person took members of a group away from."""
        members = set(group)
        left = (
            of
            for verb, of, others in self._found
            if verb == "split" and not of & members and members & set().union(*others)
        )
        return frozenset(key_of(text) for of in left for node in of for text in self._texts.get(node, ()))

    def is_ignored(self, group: Iterable[int]) -> bool:
        """Tell whether a person ignores the pattern that a group makes."""
        members = set(group)
        return any(verb == "ignore" and of & members for verb, of, _ in self._found)


def _joined(groups: list[set[int]], one: set[int], other: set[int]) -> list[set[int]]:
    if not one or not other:
        return groups
    meant = [group for group in groups if group & (one | other)]
    return [*(group for group in groups if not group & (one | other)), set().union(*meant)]


def _parted(groups: list[set[int]], of: set[int], off: set[int], likeness: Likeness) -> list[set[int]]:
    """Take what is split off out of its pattern, with what says the same in nearly the same words."""
    parted = []
    for group in groups:
        gone = group & (off - of)
        if group & of and gone:
            gone |= {one for one in group - of - gone if _goes_with(one, gone, group & of, likeness)}
            parted.append(gone)
        parted.append(group - gone if group & of else group)
    return parted


def _goes_with(one: int, gone: Iterable[int], of: Iterable[int], likeness: Likeness) -> bool:
    nearest = max(likeness.of(one, other) for other in gone)
    return nearest >= ALIKE and nearest > max(likeness.of(one, other) for other in of)
