"""Mended: what was found wrong and dealt with later is told with its end, or not at all: it is no fact any more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from session_journal.core import lazy_re as re
from session_journal.core.formulas import outdated
from session_journal.core.insights.deeds import words
from session_journal.core.insights.learning import Candidate, candidate
from session_journal.core.insights.overtaken import WAS, Overtaken, Said, is_fault, passes
from session_journal.core.insights.signs import signs
from session_journal.core.insights.wording import lowered, terms, trim


def resolved(
    pool: list[Candidate],
    done: Sequence[Candidate],
    gone: Mapping[str, int],
    since: Mapping[Said, Overtaken] = MappingProxyType({}),
) -> list[Candidate]:
    """Return the pool with what was dealt with later told so: a finding as a challenge, a next step not at all.

    gone: code that was taken away, with the turn: what was found of it before is told as of then. since: what was said
    to be wrong before it was changed.
    """
    told = {one.text.split(" → ")[0][:_START] for one in pool if one.kind == "challenge" and " → " in one.text}
    changes = _Changes(done)
    open_ends = [
        one
        for one in pool
        if (one.source.finding or one.kind != "next" or not _was_done(one, changes))
        and (one.kind == "challenge" or one.text[:_START] not in told)
    ]
    told_so = (_dealt_with(one, changes, since) for one in open_ends)
    return [_outdated(one, gone) if gone and one.kind in _FACTS else one for one in told_so if one]


_TOLD_AS = frozenset({"discovery", "change"})
_FACTS = frozenset({"discovery", "insight", "pattern"})
_CODE, _NAME = re.compile(r"`[^`]+`"), re.compile(r"[A-Za-z_]\w{5,}")
_OF_IT = re.compile(r"\b(?:refactor|replac|split|extract|renam|remov|delet|mov(?:e|ing)|inlin|break)")
"""What tells of the very change is as true after it."""
_LESS = 0.4
"""What was true at the time alone is worth so much less."""


def _outdated(one: Candidate, gone: Mapping[str, int]) -> Candidate:
    """Return what was found of code that was taken away since with a word on that."""
    named = (name for code in _CODE.findall(one.text) for name in _NAME.findall(code))
    name = next((name for name in named if gone.get(name, 0) > one.turn), "")
    if not name or one.source.pasted or WAS.search(low := one.text.lower()) or _OF_IT.search(low):
        return one
    return replace(one, text=outdated(one.text, name), score=one.score - _LESS)


class _Changes:
    """Changes by the terms that they name: a session has too many to compare each with each."""

    def __init__(self, done: Sequence[Candidate]) -> None:
        self._changes = [one for one in done if one.kind == "change"]
        self._by_term: dict[str, list[int]] = {}
        for place, one in enumerate(self._changes):
            for term in one.terms:
                self._by_term.setdefault(term, []).append(place)

    def after(self, turn: int, about: frozenset[str] | set[str], most: float) -> Candidate | None:
        """Return the first change after a turn that names so many of the terms, None without one."""
        shared = Counter(place for term in about for place in self._by_term.get(term, ()))
        places = [place for place, count in shared.items() if count >= most and self._changes[place].turn > turn]
        return self._changes[min(places)] if places else None

    def any(self) -> bool:
        """Say whether anything was changed at all."""
        return bool(self._changes)

    def names(self, code: str, turn: int) -> bool:
        """Say whether a change after a turn added what stands in marks of code."""
        return any(one.turn > turn and code in one.text and _ADDS.match(one.text) for one in self._changes)

    def mending(self, one: Candidate) -> Candidate | None:
        """Return the first change said after a fault that names most of it, or the same code and more of it."""
        shared = Counter(place for term in one.terms for place in self._by_term.get(term, ()))
        names = _NAMES.findall(one.text)
        for place in sorted(shared):
            other = self._changes[place]
            if (other.turn, other.source.place) <= (one.turn, one.source.place) or other.text == one.text:
                continue
            named = any(name in other.text for name in names)
            if shared[place] >= (_SHARED if named else max(_SHARED + 1, 0.5 * len(one.terms))):
                return other
        return None

    def of(self, title: str, turn: int) -> Candidate | None:
        """Return the first change after a turn of the code that a title names, or of most parts of its names."""
        names, about = [name for name in _NAMES.findall(title) if "." not in name], words(title)
        for one in self._changes:
            if one.turn <= turn:
                continue
            shared = len(about & words(one.text))
            if shared >= (_SHARED - 1 if any(name in one.text for name in names) else max(_SHARED, 0.5 * len(about))):
                return one
        return None


_NAMES = re.compile(r"`([^`]{6,60})`")
"""Code whose name is long enough to be of one place."""
_ADDS = re.compile(r"(?:added|introduced|put|wrote|created|set|included)\b", re.IGNORECASE)
_MISSING = re.compile(r"\b(?:missing|lacks?|lacking|without|no)(?: (?:the|an?|any))? (`[^`]+`)", re.IGNORECASE)
_SHARED = 3
_START = 60
"""Characters by which a trouble is known that stands in the pool with its resolution and without."""


def _was_done(one: Candidate, changes: _Changes) -> bool:
    """Say whether a later change takes up most of what a next step names, or brings just what it says is missing."""
    missing = _MISSING.search(one.text)
    if missing and changes.names(missing.group(1), one.turn):
        return True
    return changes.after(one.turn, one.terms, max(_SHARED, 0.6 * len(one.terms))) is not None


def _dealt_with(one: Candidate, changes: _Changes, since: Mapping[Said, Overtaken]) -> Candidate | None:
    is_finding = one.source.finding and one.kind == "next"
    return _finding_mended(one, changes) if is_finding else _found_and_mended(one, changes, since)


def _finding_mended(one: Candidate, changes: _Changes) -> Candidate:
    title = terms(one.text.split(": ")[0])
    other = changes.after(one.turn, title, max(2, 0.5 * len(title))) or changes.of(one.text.split(": ")[0], one.turn)
    if other is None:
        return one
    text = f"{trim(one.text.split(': ')[0], 16)} → {lowered(trim(_PLACE.sub('', other.text), 16))}"
    return candidate("challenge", text, one.turn, score=one.score + 0.3, turns=(one.turn, other.turn))


_PLACE = re.compile(r"^`?[\w./-]+\.\w{1,5}(?::[\d–-]+)?`?\s*[:—–-]+\s*")
"""The file before what was changed in it."""


def _found_and_mended(one: Candidate, changes: _Changes, since: Mapping[Said, Overtaken]) -> Candidate | None:
    """Return a fault that was found and mended as a challenge, None where all of it was its state at the time.

    It is no fact of how things are.
    """
    if one.kind not in _TOLD_AS or len(one.turns) > 1 or one.source.pasted or one.source.thought:
        return one
    if not is_fault(one.text):
        return one
    shown, after = signs(one.text), since.get((one.turn, one.source.raw))
    other = changes.mending(one) if shown.trouble or shown.cause or passes(one.text) else None
    if other is not None:
        end, turn = lowered(trim(_PLACE.sub("", other.text), 10)), other.turn
    elif after is not None and (after.how or not _EXPLAINS.search(one.text)):
        end, turn = lowered(after.how) or ("" if passes(one.text) else f"then edited `{after.path}`"), after.turn
    else:
        return one
    if not end:
        return None
    turns = tuple(dict.fromkeys((one.turn, turn)))
    return candidate("challenge", f"{trim(one.text, 16)} → {end}", one.turn, score=one.score, turns=turns)


_EXPLAINS = re.compile(r"\b(?:cause|reason|culprit|because|due to)\b", re.IGNORECASE)
"""What names a cause explains as much after the edit, and more than which file that was in."""
