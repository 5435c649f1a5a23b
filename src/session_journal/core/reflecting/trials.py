"""At most three things to try: what sessions that went well had and similar ones that did not had not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from session_journal.core.observations import RATED, TABLE, Observation
from session_journal.core.records import record
from session_journal.core.reflecting.accounts import FEWEST, GOOD, Account
from session_journal.core.text import shorten

MOST = 3
_FEWEST_WELL, _FEWEST_OTHERS = 3, 2
_CLEAR = 0.4


@record(frozen=True, slots=True)
class Trial:
    """One thing to try: why it should help, and the entries that show it, the newest first."""

    text: str
    why: str
    entries: tuple[str, ...]
    weight: float = 0.0


def trials(found: Sequence[Account]) -> tuple[Trial, ...]:
    """Return at most three things to try, the best founded first; nothing where nothing tells them apart."""
    made: dict[str, Trial] = {}
    for name, own in _similar(found):
        for one in (*_contrasts(name, own), *_own_words(name, own)):
            known = made.get(one.text)
            if known is None or known.weight < one.weight:
                made[one.text] = one
    return tuple(sorted(made.values(), key=lambda one: (-one.weight, one.text))[:MOST])


def _similar(found: Sequence[Account]) -> Iterator[tuple[str, list[Account]]]:
    """Yield the sessions that are alike: of one kind within a project, of one kind, of one project."""
    both = {(one.kind, one.project) for one in found if one.kind and one.project}
    for kind, project in sorted(both):
        yield f"{kind} sessions in {project}", [one for one in found if (one.kind, one.project) == (kind, project)]
    for kind in sorted({one.kind for one in found if one.kind}):
        yield f"{kind} sessions", [one for one in found if one.kind == kind]
    for project in sorted({one.project for one in found if one.project}):
        yield f"sessions in {project}", [one for one in found if one.project == project]


def _contrasts(name: str, found: Iterable[Account]) -> Iterator[Trial]:
    """Yield what the sessions that went well did, or kept from, more often than the others."""
    judged = [one for one in found if one.mark and one.told]
    well, others = [one for one in judged if one.went_well], [one for one in judged if not one.went_well]
    if len(judged) < FEWEST or len(well) < _FEWEST_WELL or len(others) < _FEWEST_OTHERS:
        return
    for one in TABLE:
        if one.advice and one.key not in RATED and one.sort in {"practice", "improve"}:
            yield from _contrast(name, one, well, others)


def _contrast(name: str, one: Observation, well: list[Account], others: list[Account]) -> Iterator[Trial]:
    did, did_too = [a for a in well if one.key in a.seen], [a for a in others if one.key in a.seen]
    more = len(did) / len(well) - len(did_too) / len(others)
    if one.sort == "practice" and more >= _CLEAR and len(did) >= _FEWEST_WELL:
        why = f"noted in {len(did)} of {len(well)} {name} rated {GOOD} or 5, in {len(did_too)} of {len(others)} others"
        yield Trial(_capital(one.advice), why, _names(did), more * len(did))
    if one.sort == "improve" and -more >= _CLEAR and len(did_too) >= _FEWEST_OTHERS:
        why = (
            f"{one.said}: noted in {len(did_too)} of {len(others)} {name} rated below {GOOD}, "
            f"in {len(did)} of {len(well)} others"
        )
        kept = [a for a in well if one.key not in a.seen]
        yield Trial(_capital(one.advice), why, (*_names(did_too)[:1], *_names(kept)), -more * len(did_too))


def _own_words(name: str, found: Sequence[Account]) -> Iterator[Trial]:
    """Yield what a person wrote went well, from sessions that did, where similar ones did not."""
    worked = [one for one in found if one.well and (one.went_well or (not one.mark and one.outcome == "done"))]
    less = sum(1 for one in found if (one.mark and not one.went_well) or one.better)
    if len(found) < FEWEST or not less:
        return
    for one in reversed(worked):
        why = f"noted as having gone well; {less} of {len(found)} {name} went less well"
        yield Trial(f"Again: {shorten(one.well[0], 120)}", why, (one.entry,), 0.1)


def _names(found: Sequence[Account]) -> tuple[str, ...]:
    return tuple(one.entry for one in reversed(found))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
