"""Todo lists of a session: how they changed, which steps were dropped, added or left."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from functools import lru_cache

from session_journal.core import lazy_re as re
from session_journal.core.events import Session, failed_calls
from session_journal.core.insights.deeds import Deed, deeds, is_traced, may_be_of, words
from session_journal.core.insights.goals import Prompt
from session_journal.core.records import record

_SAME = 0.5
"""Steps that share so many of their words are one step, worded anew."""
_DONE = "[x] "
_BOX = re.compile(r"^\s*[-*+]\s+\[(?P<mark>[ xX])\]\s+(?P<step>\S.*)$")
PLAN_FILE = re.compile(r"(?:^|/)[^/]*(?:plan|todo|tasks?|roadmap)[^/]*\.md$|/plans?/[^/]+\.md$", re.IGNORECASE)


@record(frozen=True, slots=True)
class Version:
    """One state of a list. steps: each step and whether it is ticked; order: its place among the events."""

    turn: int
    order: int
    steps: tuple[tuple[str, bool], ...]

    def open(self) -> list[str]:
        """Return the steps that are not ticked."""
        return [step for step, done in self.steps if not done]


@record(frozen=True, slots=True)
class Turned:
    """What became of a step against the list. instead: the step that took its place; turns: where that shows."""

    step: str
    turns: tuple[int, ...]
    instead: str = ""


@lru_cache(maxsize=1)
def lists(session: Session) -> tuple[Sequence[Version], ...]:
    """Return each todo list of the main conversation with its states in order."""
    found: list[list[Version]] = []
    for one in [*_called(session), *_written(session)]:
        last = found[-1][-1] if found else None
        if last is not None and last.order <= one.order and _shares(last, one):
            found[-1].append(one)
        elif one.steps:
            found.append([one])
    return tuple(map(tuple, found))


def _called(session: Session) -> Iterator[Version]:
    for order, event in enumerate(session.events):
        if event.kind == "plan" and event.target == "todo" and not event.agent:
            steps = [(line.removeprefix(_DONE), line.startswith(_DONE)) for line in event.text.splitlines() if line]
            yield Version(event.turn, order, tuple(steps))


def _written(session: Session) -> Iterator[Version]:
    """Yield the states of task lists in plan files that the session wrote itself."""
    failed = failed_calls(session.events)
    files: dict[str, dict[str, bool]] = {}
    for order, event in enumerate(session.events):
        if event.kind == "edit" and PLAN_FILE.search(event.target) and event.call not in failed:
            boxes = files.setdefault(event.target, {})
            if _tick(boxes, event.text):
                yield Version(event.turn, order, tuple(boxes.items()))


def _tick(boxes: dict[str, bool], diff: str) -> bool:
    """Take an edit's lines into the boxes of a file; say whether there were any."""
    found = False
    for line in diff.splitlines():
        box = _BOX.match(line[2:])
        if box and line.startswith("- "):
            boxes.pop(box.group("step"), None)
    for line in diff.splitlines():
        box = _BOX.match(line[2:])
        if box and line.startswith("+ "):
            boxes[box.group("step")] = box.group("mark") != " "
            found = True
    return found


def _shares(one: Version, other: Version) -> bool:
    """Say whether two states are of one list: what was finished is not gone on with."""
    shared = len(_names(one) & _names(other))
    grown = shared == len(_names(one))
    return shared > 0 and (grown or bool(one.open() and 2 * shared >= min(len(one.steps), len(other.steps))))


def left(versions: Sequence[Version], done: Sequence[Deed]) -> list[Turned]:
    """Return the steps of a list that nobody ticked and nothing after it shows.

    A list without any tick was perhaps not kept: its steps count only where nothing at all was done after it. The first
    open step was being worked on: an edit after the list was last touched may be for it, whatever it is called.
    """
    last = versions[-1]
    opened = last.open()
    if len(opened) == len(last.steps):
        worked = any(one.order > last.order and not one.told for one in done)
        return [] if worked else [Turned(step, (last.turn,)) for step in opened]
    return [
        Turned(step, (last.turn,))
        for place, step in enumerate(opened)
        if not (is_traced(step, done, last.order) or (place == 0 and may_be_of(step, done, last.order)))
    ]


def dropped(versions: Sequence[Version], done: Sequence[Deed], asked: Sequence[Prompt]) -> list[Turned]:
    """Return the steps that were taken off a list undone, with what came instead and the prompt that led to it."""
    found: list[Turned] = []
    for before, after in itertools.pairwise(versions):
        kept, new = _names(after), _names(after) - _names(before)
        gone = [step for step in before.open() if step not in kept]
        said = [one for one in asked if before.order < one.order < after.order]
        wished = next(((step, one) for one in reversed(said) for step in sorted(new) if _is_about(one, step)), None)
        for step in gone:
            other, prompt = wished or (_match(step, new), None)
            if (other and prompt is None) or is_traced(step, done, versions[0].order):
                continue
            found.append(Turned(step, ((prompt.turn,) if prompt else ()) + (after.turn,), other))
    return found


def turned_down(session: Session, asked: Sequence[Prompt]) -> frozenset[int]:
    """Return the turns in which the user had something else done than what stood on a list."""
    found = lists(session) if not session.left_out else []
    done = deeds(session) if found else ()
    return frozenset(
        one.turns[0] for versions in found for one in dropped(versions, done, asked) if one.instead and one.turns[1:]
    )


def added(versions: Sequence[Version]) -> list[Turned]:
    """Return the steps that came onto a list after the work on it had begun."""
    found: list[Turned] = []
    for before, after in itertools.pairwise(versions):
        begun = any(done for _, done in before.steps)
        gone = _names(before) - _names(after)
        for step, _ in after.steps:
            if begun and step not in _names(before) and not _match(step, gone):
                found.append(Turned(step, (after.turn,)))
    return found


def _names(version: Version) -> set[str]:
    return {step for step, _ in version.steps}


def _match(step: str, others: set[str]) -> str:
    """Return the step among others that says much the same, "" without one."""
    close = [(len(words(step) & words(one)) / max(1, min(len(words(step)), len(words(one)))), one) for one in others]
    best = max(close, default=(0.0, ""))
    return best[1] if best[0] >= _SAME else ""


def _is_about(prompt: Prompt, step: str) -> bool:
    return len(words(prompt.text[:600]) & words(step)) >= 2
