"""Steps told in little room: runs of like steps as one, and the more as one the longer a session was."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from session_journal.core.timeline.steps import Step

ROOM = 80
"""How many steps a reader takes in: two or three screens."""

_SPEECH = ("asked", "decided")
_LOUD = ("asked", "decided", "said", "declined", "interrupted", "summarised", "delegated")


def fold(told: Sequence[Step], room: int = ROOM) -> list[Step]:
    """Return the steps told in at most `room` of them, in the gentlest way that gets there."""
    chapters = [_with_less_talk(chapter) for chapter in _chapters(told)]
    found: list[Step] = []
    for way in (_by_kind, _by_trouble, _by_chapter, _by_prompt):
        found = [step for chapter in chapters for step in _grouped(chapter, way)]
        if len(found) <= room:
            return found
    end = (room - 1) // 2
    return [*found[: room - 1 - end], replace(folded(found[room - 1 - end : -end]), kind="left out"), *found[-end:]]


def _chapters(told: Iterable[Step]) -> Iterator[list[Step]]:
    """Yield what the user said each time, with what followed."""
    chapter: list[Step] = []
    for step in told:
        if step.kind in _SPEECH and chapter:
            yield chapter
            chapter = []
        chapter.append(step)
    if chapter:
        yield chapter


def _with_less_talk(chapter: list[Step]) -> list[Step]:
    """Leave out what only accompanies the work: replies between calls, and how far a plan was in between.

    The last reply stays, and the one after a failure, which tells what it meant.
    """
    last = {step.kind: place for place, step in enumerate(chapter) if step.kind in {"said", "planned"}}
    first_plan = next((place for place, step in enumerate(chapter) if step.kind == "planned"), -1)
    kept: list[Step] = []
    for place, step in enumerate(chapter):
        after_failure = bool(kept) and kept[-1].ok is False
        between = step.kind == "said" and place != last["said"] and not after_failure
        between |= step.kind == "planned" and step.name == "todo" and place not in {first_plan, last["planned"]}
        if not between and step.detail != "built-in":
            kept.append(step)
    return kept


Way = Callable[[Step], str]
"""Names the run a step belongs to, "" for one that stands alone."""


def _by_kind(step: Step) -> str:
    """Fold runs of the same kind of uneventful work."""
    return "" if _is_told(step) else step.kind


def _by_trouble(step: Step) -> str:
    """Fold all work between what was said, what went wrong and what came right again."""
    return "" if _is_told(step) and (step.kind != "ran" or step.ok is False or step.nth or step.landed) else "work"


def _by_chapter(step: Step) -> str:
    """Fold everything between what was said; what landed is told."""
    return "" if step.kind in _LOUD or step.landed else "work"


def _by_prompt(step: Step) -> str:
    """Fold everything between what the user said."""
    return "" if step.kind in _SPEECH else "work"


def _is_told(step: Step) -> bool:
    return step.kind in _LOUD or step.landed or step.ok is False or (step.kind == "ran" and _tells(step))


def _tells(step: Step) -> bool:
    return bool(step.nth or step.by_user or step.detail)


def _grouped(chapter: Iterable[Step], way: Way) -> Iterator[Step]:
    for name, run in groupby(chapter, way):
        found = list(run)
        if name and len(found) > 1:
            yield folded(found)
        else:
            yield from found


def folded(run: Sequence[Step]) -> Step:
    """Return several steps as one."""
    last = max(step.last for step in run)
    until = max((moment for step in run for moment in (step.time, step.until) if moment), default=None)
    return Step("folded", run[0].turn, last, run[0].time, until, steps=tuple(run))
