"""Steps told in little room: runs of like steps as one, and the more as one the longer a session was."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from session_journal.core.text import one_line
from session_journal.core.timeline.steps import Step

ROOM = 90
"""How many steps a reader takes in: two or three screens."""

_KNOWN_BY = 60
_SPEECH = ("asked", "decided")
_LOUD = ("asked", "decided", "said", "declined", "interrupted", "summarised", "delegated")


def fold(told: Sequence[Step], room: int = ROOM) -> list[Step]:
    """Return the steps told in at most `room` of them, in the gentlest way that gets there."""
    chapters = [_with_less_talk(chapter) for chapter in _chapters(_without_errands(told))]
    found: list[Step] = []
    for way in (_by_kind, _by_trouble, _by_chapter, _by_prompt):
        found = [step for chapter in chapters for step in _grouped(chapter, way)]
        if len(found) <= room:
            return found or list(told[:room])
    begin = room // 2
    end = len(found) - (room - 1 - begin)
    return [*found[:begin], replace(folded(found[begin:end]), kind="left out"), *found[end:]]


def _without_errands(told: Sequence[Step]) -> list[Step]:
    """Leave out the calls that sent a sub-agent whose own work is told."""
    tasks = [one_line(step.text)[:_KNOWN_BY] for step in told if step.kind == "delegated" and step.text.strip()]
    return [step for step in told if step.kind != "used" or not any(task in step.text for task in tasks)]


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

    The last reply stays, and the one after a failure, which tells what it meant; of a plan how it began and ended.
    """
    last = {step.kind: place for place, step in enumerate(chapter)}
    begun = _end_of_first_plan(chapter)
    kept: list[Step] = []
    for place, step in enumerate(chapter):
        before = kept[-1] if kept else None
        if step.kind == "said":
            told = place == last["said"] or (before is not None and before.ok is False)
        elif step.kind == "planned":
            told = step.name == "plan" or place in {begun, last["planned"]}
        else:  # declining a call interrupts by itself
            told = step.detail != "built-in" and not (
                step.kind == "interrupted" and before and before.kind == "declined"
            )
        if told:
            kept.append(step)
    return _without_preparation(kept)


def _without_preparation(chapter: list[Step]) -> list[Step]:
    """Leave out that a file was read where it was edited right after."""
    kept: list[Step] = []
    edited: set[str] = set()
    for step in reversed(chapter):
        if step.kind == "edited":
            edited.add(step.name)
        elif step.kind != "looked":
            edited = set()
        if not (step.kind == "looked" and step.name and step.name in edited):
            kept.append(step)
    return kept[::-1]


def _end_of_first_plan(chapter: list[Step]) -> int:
    """Return the place where a plan was complete: some tools list its steps one by one."""
    place = next((place for place, step in enumerate(chapter) if step.kind == "planned" and step.name == "todo"), -1)
    while 0 <= place < len(chapter) - 1 and chapter[place + 1].kind == "planned":
        place += 1
    return place


Way = Callable[[Step], str]
"""Names the run a step belongs to, "" for one that stands alone."""


def _by_kind(step: Step) -> str:
    """Fold runs of the same kind of uneventful work, and of calls that failed: one failing takes others along."""
    return "" if step.kind != "failed" and _is_told(step) else step.kind


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
    ok = False if all(step.ok is False for step in run) else None
    return Step("folded", run[0].turn, last, run[0].time, until, ok=ok, steps=tuple(run))
