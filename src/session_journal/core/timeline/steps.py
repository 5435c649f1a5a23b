"""A session as steps: each thing that was asked, done or met, with how it ended; every statement from an event."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import field, replace
from datetime import datetime
from typing import Literal

from session_journal.core.events import Event, Session
from session_journal.core.insights.goals import Prompt, prompts
from session_journal.core.insights.shell import Check, checks
from session_journal.core.insights.vcs import Act, acts
from session_journal.core.records import record
from session_journal.core.text import one_line
from session_journal.core.timeline.output import (
    asks_by_exit_code,
    command_line,
    decisive_line,
    has_conflicts,
    hides_exit_code,
    is_looking,
    is_refusal,
    lines_changed,
)

StepKind = Literal[
    "asked",  # the user spoke; detail says as what: request, question, correction, consent, ...
    "decided",  # the user answered the assistant's questions, one `question → answer` a line
    "said",  # the assistant spoke
    "planned",  # a plan, or how far it is
    "looked",  # a file was read (name) or something searched or listed (text)
    "edited",  # a file was changed
    "ran",  # a command
    "used",  # another tool
    "failed",  # what is no command and did not work
    "declined",  # the user did not allow a call
    "interrupted",  # the user stopped the assistant
    "summarised",  # the conversation was summarised to save room
    "delegated",  # what a sub-agent did, in steps of its own
    "folded",  # several steps that are told as one
    "left out",  # steps that are not told
]


@record(frozen=True, slots=True)
class Step:
    """One step of the retelling.

    turn, last: its first and its last turn; time, until: when it began and ended. name: the file, the tool, or what a
    command is known by. detail: the line that tells how it ended. ok: None where nothing tells it. nth: which failure
    of the same command since it last passed; of a success, how many there were before. landed: it left a commit, a
    push or a pull request behind. clipped: more lines were changed than are counted. by_user: the user ran it.
    steps: what it is made of.
    """

    kind: StepKind
    turn: int
    last: int
    time: datetime | None = None
    until: datetime | None = None
    text: str = ""
    name: str = ""
    detail: str = ""
    ok: bool | None = None
    exit_code: int | None = None
    nth: int = 0
    landed: bool = False
    added: int = 0
    removed: int = 0
    clipped: bool = False
    by_user: bool = False
    steps: tuple[Step, ...] = ()


@record(slots=True)
class _Facts:
    """What is known of a session's events by their place among them, or by their call."""

    events: tuple[Event, ...]
    results: dict[str, Event] = field(default_factory=dict)
    calls: dict[str, Event] = field(default_factory=dict)
    prompts: dict[int, Prompt] = field(default_factory=dict)
    checks: dict[int, list[Check]] = field(default_factory=dict)
    acts: dict[int, list[Act]] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)


def steps(session: Session) -> list[Step]:
    """Return everything that happened, in order: a step for each call and each thing said, a sub-agent's in one."""
    facts = _facts(session)
    agents: dict[str, list[int]] = {}
    for order, event in enumerate(session.events):
        agents.setdefault(event.agent, []).append(order)
    told: list[Step] = []
    for order, event in enumerate(session.events):
        if not event.agent:
            told += _tell(order, facts)
        elif agents[event.agent][0] == order:
            told.append(_delegated(agents[event.agent], facts))
    return list(_counted(told))


def _facts(session: Session) -> _Facts:
    facts = _Facts(session.events)
    for event in session.events:
        if event.call:
            (facts.results if event.kind in {"result", "error"} else facts.calls)[event.call] = event
    for prompt in prompts(session):
        facts.prompts[prompt.order] = prompt
        if prompt.kind == "answer":
            facts.answered.add(session.events[prompt.order - 1].call if prompt.order else "")
    for check in checks(session.events):
        facts.checks.setdefault(check.order, []).append(check)
    for act in acts(session.events):
        facts.acts.setdefault(act.order, []).append(act)
    return facts


def _tell(order: int, facts: _Facts) -> Iterable[Step]:
    event = facts.events[order]
    tell = _TELLERS.get(event.kind)
    step = tell(event, order, facts) if tell else None
    return [step] if step else []


def _delegated(orders: list[int], facts: _Facts) -> Step:
    """Return what one sub-agent did; what it was told to do is its first prompt."""
    found = [facts.events[order] for order in orders]
    task = next((event.text for event in found if event.kind == "prompt"), "")
    told = [step for order in orders for step in _tell(order, facts) if step.kind != "asked"]
    turns = [event.turn for event in found]
    times = [event.time for event in found if event.time]
    begun, until = min(times, default=None), max(times, default=None)
    return Step("delegated", min(turns), max(turns), begun, until, task, found[0].agent, steps=tuple(_counted(told)))


def _step(
    kind: StepKind, event: Event, result: Event | None = None, text: str = "", name: str = "", detail: str = ""
) -> Step:
    """Return the step of an event, up to the result that answers it."""
    until = (result.time if result else None) or event.time
    last = max(event.turn, result.turn if result else 0)
    return Step(kind, event.turn, last, event.time, until, text, name, detail)


def _asked(event: Event, order: int, facts: _Facts) -> Step:
    said = facts.prompts.get(order)
    kind = said.kind if said else "" if event.agent else "built-in"
    return _step("decided" if kind == "answer" else "asked", event, text=event.text, detail=kind)


def _said(event: Event, order: int, facts: _Facts) -> Step | None:
    del order, facts
    return _step("said", event, text=event.text) if event.text.strip() else None


def _ended(event: Event, facts: _Facts, what: str) -> Step | None:
    """Return the step that a call became by not working: refused by the user, or failed; None where it worked."""
    result = facts.results.get(event.call)
    if result is None or result.kind != "error":
        return None
    if is_refusal(result.text):
        return _step("declined", event, result, what, event.target)
    return replace(_step("failed", event, result, what, event.target, decisive_line(result.text)), ok=False)


def _worked(event: Event, step: Step, facts: _Facts) -> Step:
    result = facts.results.get(event.call)
    return replace(step, last=max(step.last, result.turn), until=result.time or step.until, ok=True) if result else step


def _planned(event: Event, order: int, facts: _Facts) -> Step:
    del order
    name = "plan" if event.target == "plan" else "todo"
    ended = _ended(event, facts, "the plan")
    return ended or _worked(event, _step("planned", event, text=event.text, name=name), facts)


def _read(event: Event, order: int, facts: _Facts) -> Step:
    del order
    step = _step("looked", event, name=event.target)
    return _ended(event, facts, f"reading {event.target}") or _worked(event, step, facts)


def _searched(event: Event, order: int, facts: _Facts) -> Step:
    del order
    step = _step("looked", event, text=event.target)
    return _ended(event, facts, f"searching {one_line(event.target)}") or _worked(event, step, facts)


def _edited(event: Event, order: int, facts: _Facts) -> Step:
    del order
    added, removed, clipped = lines_changed(event.text)
    step = replace(_step("edited", event, name=event.target), added=added, removed=removed, clipped=clipped)
    return _ended(event, facts, f"editing {event.target}") or _worked(event, step, facts)


def _used(event: Event, order: int, facts: _Facts) -> Step | None:
    del order
    if event.call in facts.answered:
        return None  # the user's answer tells it
    step = _step("used", event, text=event.text, name=event.target)
    return _ended(event, facts, event.target) or _worked(event, step, facts)


def _ran(event: Event, order: int, facts: _Facts) -> Step:
    result = facts.results.get(event.call)
    line = command_line(event.target)
    if result and result.kind == "error" and is_refusal(result.text):
        return _step("declined", event, result, line)
    found = facts.checks.get(order, [])
    code = result.exit_code if result else None
    ok = _passed(event, result, found)
    known = next((check.command for check in found), line)
    if is_looking(event.target) and ok is not False and not found:
        return replace(_step("looked", event, result, line), ok=ok, exit_code=code)
    landed = [act for act in facts.acts.get(order, []) if act.kind in _LANDED and ok is not False]
    detail = "; ".join(map(_act, landed)) or _outcome(ok, result, found)
    step = _step("ran", event, result, line, command_line(known), detail)
    return replace(step, ok=ok, exit_code=code, landed=bool(landed), by_user=event.role == "user")


def _passed(event: Event, result: Event | None, found: list[Check]) -> bool | None:
    """Say whether a command worked: by what its checks printed, by its exit code, or by the tool's own word."""
    if result is None:
        return None
    if any(check.passed is False for check in found) or (has_conflicts(result.text) and "git" in event.target):
        return False
    if result.exit_code == 1 and asks_by_exit_code(event.target):
        return None
    if result.kind == "error" or result.exit_code not in {0, None}:
        return False
    told = result.exit_code == 0 and not hides_exit_code(event.target)
    return True if any(check.passed for check in found) or (told and not found) else None


def _outcome(ok: bool | None, result: Event | None, found: list[Check]) -> str:  # noqa: FBT001 - a value, not a switch
    """Return the line of the output that tells how a command ended, "" where none has to."""
    check = next((check for check in found if check.passed is ok), None)
    if check is not None and ok is not None:
        objections = [one for one in check.complaints[:1] if one not in check.said]
        return one_line(": ".join(part for part in (check.said.rstrip(":"), *objections) if part))
    return decisive_line(result.text) if result and ok is False else ""


def _act(act: Act) -> str:
    return one_line(f"{_LANDED[act.kind]} {act.name} {act.subject}")


_LANDED = {"commit": "committed", "push": "pushed", "pull-request": "opened"}
"""What stays when the session is over; of a merge only its commit tells that it was one."""


def _error(event: Event, order: int, facts: _Facts) -> Step | None:
    """Tell an error that belongs to no call; the others are told with their calls."""
    del order
    if event.call in facts.calls:
        return None
    if is_refusal(event.text):
        return _step("declined", event)
    return replace(_step("failed", event, detail=decisive_line(event.text)), ok=False)


def _interrupted(event: Event, order: int, facts: _Facts) -> Step | None:
    before = facts.events[order - 1] if order else None
    if before and before.kind == "error" and before.call in facts.calls and is_refusal(before.text):
        return None  # the refusal is told with its call
    return _step("interrupted", event)


def _summarised(event: Event, order: int, facts: _Facts) -> Step:
    del order, facts
    return _step("summarised", event, text=event.text)


_TELLERS: dict[str, Callable[[Event, int, _Facts], Step | None]] = {
    "prompt": _asked,
    "reply": _said,
    "plan": _planned,
    "read": _read,
    "search": _searched,
    "edit": _edited,
    "tool": _used,
    "command": _ran,
    "error": _error,
    "interruption": _interrupted,
    "compaction": _summarised,
}


def _counted(told: Iterable[Step]) -> Iterator[Step]:
    """Count each command's failures since it last passed."""
    failures: dict[str, int] = {}
    for step in told:
        if step.kind != "ran" or step.ok is None:
            yield step
            continue
        before = failures.get(step.name, 0)
        failures[step.name] = 0 if step.ok else before + 1
        yield replace(step, nth=before if step.ok else before + 1)
