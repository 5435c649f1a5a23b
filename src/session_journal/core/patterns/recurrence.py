"""What recurs: groups of statements whose evidence comes from at least two independent sessions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from operator import attrgetter

from session_journal.core.items import ItemKind
from session_journal.core.patterns.contrary import Order, is_contrary, order_of
from session_journal.core.patterns.copies import near_copies
from session_journal.core.patterns.corrections import Corrected, Correction, split_off
from session_journal.core.patterns.groups import gather
from session_journal.core.patterns.habits import Habit, checks_in, habits_in
from session_journal.core.patterns.likeness import ALIKE, Likeness
from session_journal.core.patterns.meaning import Sense, sharpen
from session_journal.core.patterns.memory import TROUBLE, Edges, Memory, Unpacked, has_several
from session_journal.core.patterns.neighbours import MANY, basis, liken
from session_journal.core.patterns.statements import Pattern, Statement, squash
from session_journal.core.patterns.words import names, names_trouble
from session_journal.core.pointing import dangles
from session_journal.core.terms import has_any

_LEAD = re.compile(r"([^:`\d]{3,60}): ")
_MANY = 3
_MOST = 0.5
"""So much of what a group says a single statement must say to be of it, whatever else it says."""
_NAMED = 2
"""Facts that share fewer things by name, and not nearly all of their words, are of other things."""
_CLEAR: dict[ItemKind, float] = {
    "pattern": 0.1, "takeaway": 0.1, "insight": 0.06, "next": 0.06, "decision": 0.06, "improve": 0.04,
    "went-well": 0.04, "discovery": 0.02, "question": -0.1, "gap": -0.1,
}  # fmt: skip
"""How much better than a challenge or an action a kind says a lesson."""
_HUNG = 0.3
"""What a member loses as the words of all, where it points at what isn't in it."""


_IN_ORDER = (" before ", " after ", " from ", " first")
_by_day = attrgetter("date", "path", "text")
_TEACHING = ("insight", "takeaway", "next", "pattern")


def find(
    statements: Sequence[Statement],
    least: int = 2,
    corrections: Sequence[Correction] = (),
    memory: Memory | None = None,
    sense: Sense | None = None,
    many: int = MANY,
) -> tuple[Pattern, ...]:
    """Return what at least `least` independent sessions state, the best founded first, as a person corrected it.

    memory: what an earlier run compared; it saves time and changes nothing. sense: gives the vectors of texts by what
    they mean, which decides about what their words leave open. many: among more statements than that, only those that
    share two of their rarest terms are compared.

    What the drafting counted of how sessions went makes patterns of its own, one for each habit that it knows; so do
    the checks that were run where no lesson names their commands. They are no evidence for a lesson that happens to
    share their words; habits come behind all lessons.
    """
    conduct: list[Statement] = []
    reports: list[Statement] = []
    said: list[Statement] = []
    for one in statements:
        (conduct if one.is_conduct else reports if one.checks else said).append(one)
    lessons = " ".join([one.text for one in said if one.kind in _TEACHING])
    named = frozenset(lessons.split("`")[1:-1])
    checks = [one for one in reports if not named & one.checks]
    said += [one for one in reports if named & one.checks]
    habits, told = habits_in(conduct)
    memory = memory or Memory()
    run = _Run(said, corrections, memory, "said", many)
    copies = run.copies()
    found = [
        *run.patterns(least, copies, sense),
        *_Habits(checks_in(checks), corrections, memory).patterns(least, copies),
        *_Run(told, corrections, memory, "conduct", many).patterns(least, copies),
        *_Habits(habits, corrections, memory).patterns(least, copies),
    ]
    return tuple(sorted(found, key=_place))


def _place(one: Pattern) -> tuple[bool, int, int, int, str]:
    return one.best.is_conduct, -one.sessions, -one.days, -one.last.toordinal(), one.key


class _Run:
    """One search among statements of one kind, oldest first; nodes are statements of the same words."""

    def __init__(
        self,
        statements: Sequence[Statement],
        corrections: Sequence[Correction],
        memory: Memory,
        name: str,
        many: int,
    ) -> None:
        self._memory = memory
        self.ordered = sorted(statements, key=_by_day)
        learnt = basis(len(self.ordered))
        leads = _leads(self.ordered[:learnt])
        texts = [_point(one.point, leads) for one in self.ordered]
        self.nodes = _nodes(self.ordered, texts, split_off(corrections, self.ordered), memory)
        packed = [terms for terms, _ in self.nodes]
        known = sum(places[0] < learnt for _, places in self.nodes) if len(self.ordered) > many else -1
        points = [texts[places[0]] for _, places in self.nodes]
        self.likeness, self.edges = liken(packed, known, memory, name, texts=points)
        self.corrected = Corrected(corrections, self.ordered, _node_of(self.nodes, len(self.ordered)))

    def copies(self) -> dict[str, str]:
        """Return for each session that tells the same work as another the one that stands for both."""
        drafted = {one.session for one in self.ordered if one.turns}
        day = {one.session: one.date for one in self.ordered}
        return near_copies(self.edges, self.owners, day, day.keys() - drafted)

    @cached_property
    def owners(self) -> list[set[str]]:
        """Return the sessions of each node."""
        names = [one.session for one in self.ordered]
        return [{names[place] for place in places} for _, places in self.nodes]

    @cached_property
    def texts(self) -> list[str]:
        """Return the text of each node."""
        return [self.ordered[places[0]].text for _, places in self.nodes]

    def patterns(self, least: int, copies: Mapping[str, str], sense: Sense | None = None) -> list[Pattern]:
        """Return what recurs in at least so many independent sessions; copies: see `copies`."""
        owners = self.owners
        gathered = gather(self._sharpened(sense), owners, self._are_contrary, self._saying)
        regrouped = self.corrected.regroup(gathered, self.likeness)
        several = (group for group in regrouped if len(group) > 1 or len(owners[group[0]]) > 1)
        groups = [group for group in several if len(_sessions(group, owners)) > 1]
        found = []
        for group in groups:
            independent = len({copies.get(name, name) for name in _sessions(group, owners)})
            if independent >= least and self._says_something(group):
                pattern = _pattern(group, self.nodes, self.ordered, self.likeness, independent)
                apart = self.corrected.split_from(group)
                found.append(replace(pattern, ignored=self.corrected.is_ignored(group), apart=apart))
        return found

    def _are_contrary(self, a: int, b: int) -> bool:
        one, two = self.texts[a], self.texts[b]
        is_mild = self._memory.is_mild
        return not (is_mild(one) and is_mild(two)) and is_contrary(one, two)

    def _saying(self, group: Sequence[int], singles: Sequence[int]) -> list[int]:
        """Return those of some nodes that say most of what a group says, name its numbers and oppose none of it."""
        core = _core(group, self.likeness)
        terms = self.likeness.terms
        numbers = frozenset[str]().union(*(terms[member].numbers for member in group))
        return [
            node
            for node in singles
            if _said(self.likeness.weights(node), core) >= _MOST
            and not (numbers and terms[node].numbers and numbers.isdisjoint(terms[node].numbers))
            and not any(self._are_contrary(node, member) for member in group)
        ]

    def _says_something(self, group: Sequence[int]) -> bool:
        """Tell whether a group is more than the care that any work takes, or what is true of any code.

        What is said again in the very same words is meant, whatever it is.
        """
        if len(group) == 1:
            return True
        core = _core(group, self.likeness)
        kinds = {self.ordered[place].kind for node in group for place in self.nodes[node][1]}
        if kinds == {"challenge"}:
            return names_trouble(core)
        named = names(core) if kinds == {"discovery"} else _NAMED
        return named >= _NAMED or (named > 0 and self.likeness.of(group[0], group[-1]) >= ALIKE)

    def _sharpened(self, sense: Sense | None) -> Edges:
        """Return the likenesses for grouping; near-copies are known by their words alone."""
        if sense is None:
            return self.edges
        return sharpen(self.edges, self.texts, self.likeness.terms, sense)


class _Habits(_Run):
    """The same among what the drafting counted: its own words tell which habit a statement is of."""

    def __init__(self, habits: Sequence[Habit], corrections: Sequence[Correction], memory: Memory) -> None:
        self._memory = memory
        found = sorted(habits, key=lambda one: _by_day(one.statement))
        self.ordered = [one.statement for one in found]
        self.labels = [one.label for one in found]
        self.nodes = _nodes(self.ordered, self.labels, split_off(corrections, self.ordered), memory)
        self.likeness = Likeness(Unpacked([terms for terms, _ in self.nodes], memory))
        self.edges = Edges()
        self.corrected = Corrected(corrections, self.ordered, _node_of(self.nodes, len(self.ordered)))

    def patterns(self, least: int, copies: Mapping[str, str], sense: Sense | None = None) -> list[Pattern]:
        """Return the habits of at least so many independent sessions, told without a session's own numbers."""
        label_of = {id(one): label for one, label in zip(self.ordered, self.labels, strict=True)}
        found = super().patterns(least, copies, sense)
        return [replace(one, statement=label_of[id(one.best)]) for one in found]


_Node = tuple[str, list[int]]
"""The packed terms of a statement, and all places where it stands."""


def _nodes(ordered: Sequence[Statement], texts: Sequence[str], off: Container[int], memory: Memory) -> list[_Node]:
    """Put statements of the same words together, unless a person took one out; those that say nothing are left out."""
    nodes: dict[tuple[str, bool, Order | None], _Node] = {}
    for place, (one, text, packed) in enumerate(zip(ordered, texts, memory.packed_all(texts), strict=True)):
        order = order_of(text) if has_any(text, _IN_ORDER) else None
        key = (packed + TROUBLE if one.kind == "challenge" else packed, place in off, order)
        node = nodes.get(key)
        if node:
            node[1].append(place)
        elif has_several(packed):
            nodes[key] = (key[0], [place])
    return list(nodes.values())


def _node_of(nodes: Sequence[_Node], count: int) -> list[int]:
    """Return the node of each statement, -1 for one that says nothing."""
    node_of = [-1] * count
    for node, (_, places) in enumerate(nodes):
        for place in places:
            node_of[place] = node
    return node_of


def _leads(ordered: Sequence[Statement]) -> frozenset[str]:
    """Return the words before a colon that many statements begin with: a form to fill in, no point that recurs."""
    sessions: dict[str, set[str]] = {}
    rests: dict[str, set[str]] = {}
    for one in ordered:
        if ": " in one.text and (found := _LEAD.match(one.text)):
            sessions.setdefault(found[1], set()).add(one.session)
            rests.setdefault(found[1], set()).add(squash(one.text[found.end() :]))
    return frozenset(lead for lead in rests if len(rests[lead]) >= _MANY and len(sessions[lead]) > 1)


def _point(text: str, leads: frozenset[str]) -> str:
    found = _LEAD.match(text) if leads and ": " in text else None
    return text[found.end() :] if found and found[1] in leads else text


def _sessions(group: Sequence[int], owners: Sequence[set[str]]) -> list[str]:
    return sorted(set().union(*(owners[node] for node in group)))


def _pattern(
    group: Sequence[int], nodes: Sequence[_Node], ordered: Sequence[Statement], likeness: Likeness, sessions: int
) -> Pattern:
    members = [(ordered[place], node) for node in group for place in nodes[node][1]]
    members.sort(key=lambda pair: (pair[0].date, pair[0].path, pair[0].text))
    core = _core(group, likeness)
    best = max(
        members, key=lambda pair: (_clarity(pair[0], likeness.weights(pair[1]), core), pair[0].date, pair[0].text)
    )
    kinds = Counter(one.kind for one, _ in members)
    kind = max(kinds, key=lambda name: (kinds[name], _CLEAR.get(name, 0.0), name))
    return Pattern(best[0].text, kind, tuple(one for one, _ in members), sessions, best[0])


def _core(group: Sequence[int], likeness: Likeness) -> dict[str, float]:
    """Return the terms of a group by how many members share them and how much they tell; they add up to one."""
    share = Counter[str]()
    weight: dict[str, float] = {}
    for node in group:
        own = likeness.weights(node)
        share.update(own.keys())
        weight.update({term: max(told, weight.get(term, 0.0)) for term, told in own.items()})
    core = {term: weight[term] * (count / len(group)) ** 2 for term, count in share.items() if count > 1}
    whole = sum(sorted(core.values())) or 1.0
    return {term: part / whole for term, part in core.items()}


def _said(terms: Iterable[str], core: Mapping[str, float]) -> float:
    """Return how much of what a group says some terms say."""
    return sum(sorted(core.get(term, 0.0) for term in terms))


def _clarity(one: Statement, terms: Iterable[str], core: dict[str, float]) -> float:
    """Judge how well a member says what all of them say: the shared point, a lesson rather than a complaint, short."""
    said = _said(terms, core)
    length = len(one.text)
    awkward = max(0, length - 120) / 600 + max(0, 30 - length) / 200
    return said + _CLEAR.get(one.kind, 0.0) + (0.02 if one.reviewed else 0.0) - awkward - _HUNG * dangles(one.text)
