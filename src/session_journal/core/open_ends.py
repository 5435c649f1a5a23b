"""Open ends: the gaps, actions and questions of a journal, each one thing however many entries state it.

An end is known by the block id of a line that was ticked or referred to, and before that by its words. What the newest
of its lines says is how it stands.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from session_journal.core.items import ItemKind
from session_journal.core.mentions import HABIT_DAYS, KINDS, Mention, comes_back
from session_journal.core.patterns import Memory, squash
from session_journal.core.patterns.neighbours import basis, liken
from session_journal.core.records import record
from session_journal.core.sameness import may_be_same, share_much, symbols_in

if TYPE_CHECKING:
    from session_journal.core.practice import Practice

__all__ = ["KINDS", "SAME", "STATES", "End", "asked", "dated", "doubtful", "gather", "key_words"]

STATES: dict[ItemKind, dict[str, str]] = {
    "action": {" ": "open", "/": "started", "x": "done"},
    "gap": {" ": "open", "/": "practising", "x": "resolved"},
    "question": {" ": "open", "/": "open", "x": "answered"},
}
"""How an end of each kind stands, by the mark of its line."""

SAME = 0.7
"""So much alike are two wordings of one thing; less than that stays two lines, for a false merge hides one of them."""
_MANY = 300
"""Among more lines than that, only those that share two of their rarest words are compared."""
_CUT = 20
"""Fewer characters than this do not tell which line was cut."""
_ID = re.compile(r"(?=[a-z0-9]*\d)[a-z][a-z0-9]{5}")
_DIGITS = "abcdefghijklmnopqrstuvwxyz0123456789"
_ANSWERED = re.compile(r"(?P<asked>.+\?)\s+\S.*[^?\s]|(?P<told>.+?)\s+(?:\u2192|->|=>)\s+\S.*", re.DOTALL)
_EXPLAINED = re.compile(r"\s+\u2014 explained$")
_WHEN = re.compile(r"\s+\((?:in|for|as|with|until|after|once|tomorrow|later|next|another)\b[^()]{0,40}\)$")


@record(frozen=True, slots=True)
class End:
    """A gap, an action or a question. id: its block id, the one it will get where it has none yet.

    mark: " " open, "/" practising or started, "x" closed. since: the day it was opened, or opened again. mentions: its
    lines in what people and drafts wrote, oldest first; copies: those in blocks that the tool writes. practice: what
    later sessions did that an open gap is about, where that was looked for. passed: see `passing`.
    """

    id: str
    kind: ItemKind
    text: str
    mark: str
    since: date
    mentions: tuple[Mention, ...]
    copies: tuple[Mention, ...] = ()
    practice: Practice | None = None
    passed: bool = False

    @property
    def state(self) -> str:
        """Return how it stands, in a word."""
        if self.is_habit:
            return "habit"
        if self.passed:
            return "passed"
        return self.practice.state if self.practice else STATES[self.kind][self.mark]

    @property
    def is_open(self) -> bool:
        """Tell whether there is still something to do."""
        return not (self.mark == "x" or self.passed or (self.practice and self.practice.is_resolved) or self.is_habit)

    @property
    def is_habit(self) -> bool:
        """Tell whether it is what people do day by day, which is never done."""
        return len(self.mentions) >= HABIT_DAYS and self.kind == "action" and comes_back(self.mentions)

    @property
    def newest(self) -> Mention:
        """Return the newest line that states it."""
        return self.mentions[-1]

    @property
    def project(self) -> str:
        """Return the project in which it came up last."""
        return next((one.project for one in reversed(self.mentions) if one.project), "")

    @property
    def projects(self) -> frozenset[str]:
        """Return the projects in which it came up, folded."""
        return frozenset(one.project.casefold() for one in self.mentions)

    @property
    def is_draft(self) -> bool:
        """Tell whether nobody has reviewed any entry that states it."""
        return all(one.draft for one in self.mentions)

    @property
    def sessions(self) -> int:
        """Return in how many entries it stands."""
        return len({one.path for one in self.mentions})

    def age(self, today: date) -> int:
        """Return for how many days it has been open."""
        return max(0, (today - self.since).days)


def gather(mentions: Iterable[Mention], memory: Memory | None = None) -> tuple[End, ...]:
    """Return the ends that some lines state, the one that has been open longest first.

    memory: what an earlier run compared, without senses; it saves time and changes nothing.
    """
    stated, copies = _parted(mentions)
    taken = {one.block_id for one in stated if _ID.fullmatch(one.block_id)}
    ends: dict[str, End] = {}
    for group in _groups(stated, memory or Memory(senses=False)):
        end = _end(group, taken, ends)
        taken.add(end.id)
        ends[end.id] = end
    found = _matched(list(ends.values()), copies)
    return _ordered(_with_copies(end, own) if own else end for end, own in found)


def dated(ends: Iterable[End], late: Collection[Mention], stale: Collection[Mention]) -> tuple[End, ...]:
    """Return ends as they stand by what the history tells of the lines that their dates leave in doubt.

    late: ticked lines that are known to have been ticked after the newest line was written; stale: ticked copies that
    were so before.
    """
    doubted = {*late, *stale}
    found = []
    for end in ends:
        if not doubted.isdisjoint((*end.mentions, *end.copies)):
            copies = [replace(one, told=True) if one in stale else one for one in end.copies]
            end = _with_copies(end, copies, late)  # noqa: PLW2901
        found.append(end)
    return _ordered(found)


def _ordered(ends: Iterable[End]) -> tuple[End, ...]:
    return tuple(sorted(ends, key=lambda end: (end.since, end.mentions[0].order, end.id)))


def doubtful(ends: Iterable[End]) -> Iterator[tuple[Mention, Mention]]:
    """Yield each closed line with a newer open one that overrules it by its date: it may have been ticked since.

    And each copy that a person closed, with the newest line: that may have come later. Dates can't tell either.
    """
    for end in ends:
        written = [line for line in end.mentions if end.is_open and line.mark == "x" and line.order < end.newest.order]
        copied = [copy for copy in end.copies if copy.mark == "x" and _overrules(copy, end)]
        yield from ((line, end.newest) for line in (*written, *copied))


@lru_cache(maxsize=65536)
def key_words(text: str) -> str:
    """Return what two statements of the same end have in common at least: their words, without how the end stood."""
    return squash(_bare(text))


def asked(kind: str, mark: str, text: str) -> str:
    """Return what a line asks or states: a question that is ticked may have its answer behind it."""
    answered = _ANSWERED.fullmatch(text) if (kind, mark) == ("question", "x") else None
    return (answered["asked"] or answered["told"]) if answered else text


def _asked(one: Mention) -> str:
    return asked(one.kind, one.mark, one.text)


@lru_cache(maxsize=65536)
def _bare(text: str) -> str:
    text = _EXPLAINED.sub("", text) if text.endswith("explained") else text
    return _WHEN.sub("", text) if text.endswith(")") else text


def _parted(mentions: Iterable[Mention]) -> tuple[list[Mention], list[Mention]]:
    ordered = sorted(mentions, key=lambda one: one.order)
    return [one for one in ordered if not one.copied], [one for one in ordered if one.copied]


def _groups(stated: Sequence[Mention], memory: Memory) -> list[list[Mention]]:
    """Put the lines of one end together: those with one id, and those of one kind that say the same."""
    fields: dict[tuple[str, str], list[Mention]] = defaultdict(list)
    for one in stated:
        fields[one.kind, one.project.casefold() if one.kind == "action" else ""].append(one)
    near = _near(list(dict.fromkeys(_bare(_asked(one)) for one in stated)), memory)
    groups = [group for field in fields.values() for group in _alike(field, near)]
    groups = _joined_by_id(sorted(groups, key=lambda group: min(one.order for one in group)))
    return sorted((sorted(group, key=lambda one: one.order) for group in groups), key=lambda group: group[0].order)


def _alike(field: Sequence[Mention], near_of: Mapping[str, Mapping[str, float]]) -> list[list[Mention]]:
    """Group lines by their words: all members of a group say the same as all others."""
    nodes: dict[tuple[str, ...], list[Mention]] = {}
    for one in field:
        text = _asked(one)
        nodes.setdefault((key_words(text), *symbols_in(text)), []).append(one)
    members = list(nodes.values())
    texts = {_bare(_asked(group[0])): place for place, group in enumerate(members)}
    near = [{texts[other]: alike for other, alike in near_of.get(text, {}).items() if other in texts} for text in texts]
    group_of: dict[int, list[int]] = {}
    for place in range(len(members)):
        mine = [place]
        for other in sorted(near[place], key=lambda one: (-near[place][one], one)):
            group = group_of.get(other)
            if group and all(one in near[place] for one in group) and _may_join(members, [*group, place]):
                mine = group
                mine.append(place)
                break
        group_of[place] = mine
    distinct = {id(group): group for group in group_of.values()}
    return [[one for place in group for one in members[place]] for group in distinct.values()]


def _near(texts: Sequence[str], memory: Memory) -> dict[str, dict[str, float]]:
    """Return for each text which others say the same, and how much alike they are."""
    packed = memory.packed_all(texts)
    learnt = basis(len(packed), _MANY) if len(packed) > _MANY else -1
    likeness, edges = liken(packed, learnt, memory, "ends", SAME, texts)
    near: dict[str, dict[str, float]] = defaultdict(dict)
    for a, b, alike in edges:
        one, other = texts[a], texts[b]
        mine, its = likeness.terms[a], likeness.terms[b]
        if (mine.numbers, mine.denies) == (its.numbers, its.denies) and may_be_same(one, other):
            near[one][other] = near[other][one] = alike
    return near


def _may_join(members: Sequence[Sequence[Mention]], group: Sequence[int]) -> bool:
    """Tell whether lines carry one id at most and no two wordings stand in one file: its writer told them apart."""
    if len({one.block_id for place in group for one in members[place] if _ID.fullmatch(one.block_id)}) > 1:
        return False
    *others, last = ({one.path for one in members[place]} for place in group)
    return all(last.isdisjoint(other) for other in others)


def _joined_by_id(groups: Iterable[list[Mention]]) -> list[list[Mention]]:
    """Join groups whose lines carry the same id, but for one that was copied along under words that share nothing.

    Ids of another form than ours are a file's own affair.
    """
    kept: list[list[Mention]] = []
    owners: dict[tuple[str, str], list[list[Mention]]] = defaultdict(list)
    for group in groups:
        keys = sorted({(one.kind, one.block_id) for one in group if _ID.fullmatch(one.block_id)})
        homes = (home for key in keys for home in owners[key])
        home = next((home for home in homes if _share_much(home, group)), [])
        if not home:
            kept.append(home)
        home += group
        for key in keys:
            owners[key].append(home)
    return kept


def _share_much(home: Iterable[Mention], group: Iterable[Mention]) -> bool:
    return any(share_much(one.text, other.text) for one in home for other in group)


def _end(group: Sequence[Mention], taken: Collection[str], given: Collection[str]) -> End:
    """Make an end of its lines. taken: ids that are written or given; given: those that an older end has."""
    first = group[0]
    ids = (one.block_id for one in reversed(group) if _ID.fullmatch(one.block_id))
    own = next((name for name in ids if name not in given), "")
    written = [one for one in group if not one.draft] or list(group)
    mark, since = _standing(group)
    return End(own or _new_id(first, taken), first.kind, _asked(written[-1]), mark, since, tuple(group))


def _standing(ordered: Sequence[Mention]) -> tuple[str, date]:
    """Return the mark of the newest line, and since when it has been open: the first line after the last closed one."""
    since = ordered[0].date
    closed = False
    for one in ordered:
        if closed and one.state != "x":
            since = one.date
        closed = one.state == "x"
    return ordered[-1].state, since


def _new_id(first: Mention, taken: Collection[str]) -> str:
    """Make an id of where an end was first stated: the same each time, until it is written."""
    source = f"{first.entry or first.path}\n{first.kind}\n{key_words(first.text)}"
    for salt in range(len(taken) + 1000):
        number = int.from_bytes(hashlib.sha256(f"{salt}\n{source}".encode("utf-8", "replace")).digest()[:8], "big")
        text = _DIGITS[number % 26]
        for _ in range(5):
            number //= 36
            text += _DIGITS[number % 36]
        if _ID.fullmatch(text) and text not in taken:
            return text
    raise AssertionError("more ids are taken than there are")  # pragma: no cover


def _matched(ends: Sequence[End], copies: Sequence[Mention]) -> list[tuple[End, list[Mention]]]:
    """Find the end that each copied line stands for: by its id, else by its words, which may have been cut."""
    own: dict[str, list[Mention]] = {end.id: [] for end in ends}
    by_words: dict[str, list[End]] = defaultdict(list)
    for end in ends:
        for words in dict.fromkeys(key_words(text) for one in end.mentions for text in (one.text, _asked(one))):
            by_words[words].append(end)
    for copy in copies:
        found = copy.block_id if copy.block_id in own else _by_words(copy, by_words)
        if found:
            own[found].append(copy)
    return [(end, own[end.id]) for end in ends]


def _by_words(copy: Mention, by_words: dict[str, list[End]]) -> str:
    """Return the one end that says what a copied line says, or of several the one in the entry that it links to."""
    found = by_words.get(key_words(copy.text)) or _cut(copy, by_words)
    if len(found) > 1:
        found = [end for end in found if any(one.path.endswith(f"/{copy.link}") for one in end.mentions)]
    return found[0].id if len(found) == 1 else ""


def _cut(copy: Mention, by_words: dict[str, list[End]]) -> list[End]:
    if not copy.text.endswith("\u2026"):
        return []
    start = key_words(copy.text)
    if len(start) <= _CUT:
        return []
    found = {end.id: end for words, ends in by_words.items() if words.startswith(start) for end in ends}
    return list(found.values())


def _with_copies(end: End, copies: Sequence[Mention], late: Collection[Mention] = ()) -> End:
    """Count what a person ticked in a copy, and what is known to have been ticked late."""
    last = end.newest
    said = [*end.mentions, *(one for one in copies if _overrules(one, end))]
    raised = [replace(one, order=(*last.order[:3], last.order[3] + 1)) for one in said if one in late]
    lines = sorted((*(one for one in said if one not in late), *raised), key=lambda one: one.order)
    mark, since = _standing([replace(one, date=min(one.date, last.date)) for one in lines])
    return replace(end, mark=mark, since=since, copies=tuple(copies))


def _overrules(copy: Mention, end: End) -> bool:
    """Tell whether a person set the mark of a copied line to something else than its entries say."""
    return not copy.told and copy.state != end.newest.state
