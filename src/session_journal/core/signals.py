"""Signals of how a session went: checks, corrections, refusals, loops; and what they say about effectiveness."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from session_journal.core.events import Event, Session
from session_journal.core.insights.files import written
from session_journal.core.insights.goals import Prompt, is_praise, sets_work
from session_journal.core.insights.shell import Check, checks
from session_journal.core.insights.vcs import Act, acts, conflicts

IDLE_MINUTES = 10
"""A longer silence counts as a break of this length: nobody works through the night between two prompts."""


@dataclass(frozen=True, slots=True)
class Signals:
    """What can be counted and seen without judging anyone. `last_edit`: the order of the last edit, -1 without."""

    prompts: tuple[Prompt, ...]
    checks: tuple[Check, ...]
    acts: tuple[Act, ...]
    corrections: tuple[Prompt, ...]
    interruptions: tuple[int, ...]
    errors: tuple[int, ...]
    praise: tuple[int, ...]
    last_edit: int
    last_edit_turn: int
    first_edit_turn: int
    conflicts: tuple[tuple[int, str, tuple[str, ...]], ...]
    minutes: int
    api_errors: int


def signals(session: Session, prompts: list[Prompt]) -> Signals:
    """Return the signals of a session."""
    events = session.events
    failed = {event.call for event in events if event.kind == "error" and event.call}
    ran = tuple(checks(events))
    by_hand = {order for order, event in enumerate(events) if event.kind == "edit" and event.call not in failed}
    edits = sorted(by_hand | (set(written(session)) - {check.order for check in ran}))
    return Signals(
        prompts=tuple(prompts),
        checks=ran,
        acts=tuple(acts(events)),
        corrections=tuple(one for one in prompts[1:] if one.kind == "correction" or one.refusal),
        interruptions=tuple(_interruptions(events)),
        errors=tuple(event.turn for event in events if event.kind == "error" and event.role == "tool"),
        praise=tuple(one.turn for one in prompts[1:] if is_praise(one.text)),
        last_edit=edits[-1] if edits else -1,
        last_edit_turn=events[edits[-1]].turn if edits else 0,
        first_edit_turn=events[edits[0]].turn if edits else 0,
        conflicts=tuple(conflicts(events)),
        minutes=active_minutes(session),
        api_errors=sum(event.kind == "error" and event.role == "system" for event in events),
    )


def _interruptions(events: tuple[Event, ...]) -> Iterator[int]:
    """Yield the turn of each interruption; a refused call and the note that follows it are one."""
    for event, after in itertools.pairwise((*events, None)):
        if event and event.kind == "interruption" and (after is None or after.kind != "interruption"):
            yield event.turn


def active_minutes(session: Session) -> int:
    """Return the minutes worked: the time between events, breaks counted as IDLE_MINUTES at most."""
    times = sorted(event.time for event in session.events if event.time)
    seconds = sum(
        min((after - before).total_seconds(), 60 * IDLE_MINUTES) for before, after in itertools.pairwise(times)
    )
    return max(1, round(seconds / 60)) if times else 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """How it ended and why that may be said. outcome: done, partial, blocked, abandoned or unknown."""

    outcome: str
    effectiveness: int
    reason: str
    reasons: tuple[str, ...]
    turns: tuple[int, ...]


def judge(session: Session, found: Signals) -> Verdict:
    """Return the outcome that the transcript shows, and an effectiveness of 1 to 5 with its reasons."""
    outcome, reason, turns = _outcome(session, found)
    score, reasons = 3.0, []
    if outcome == "done":
        score, reasons = score + 1, [reason]
    elif outcome != "unknown":
        score, reasons = score - (1 if "fail" in reason or "interrupted" in reason else 0), [reason]
    if found.praise:
        score += 0.5
    if len(found.corrections) <= 1 and outcome == "done" and not found.interruptions:
        score += 1
        reasons.append("hardly any correction was needed")
    if len(found.corrections) >= 4:
        score -= 1
        reasons.append(f"{len(found.corrections)} corrections by the user")
    if len(found.interruptions) >= 3:
        score -= 0.5
        reasons.append(f"{len(found.interruptions)} interruptions")
    return Verdict(outcome, max(1, min(5, round(score))), reason, tuple(reasons), turns)


Ending = tuple[str, str, tuple[int, ...]]
"""Outcome, the reason in words, and the turns that show it."""


def _outcome(session: Session, found: Signals) -> Ending:
    """Return how it ended: what failed last weighs more than what passed, and nothing passes for success unshown."""
    after = [check for check in found.checks if check.order > found.last_edit]
    failing = _failing(after)
    if failing:
        return "partial", f"the last {failing[0].kind} run failed", tuple(check.turn for check in failing[:2])
    if _interrupted_at_end(session):
        outcome = "partial" if found.last_edit >= 0 else "unknown"
        return outcome, "it was interrupted at the end", found.interruptions[-1:]
    return _success(found, after) or _shortfall(session, found, after)


def _success(found: Signals, after: list[Check]) -> Ending | None:
    passing = [check for check in after if check.passed]
    landed = [act for act in found.acts if act.order > found.last_edit and act.kind in {"commit", "pull-request"}]
    tested = any(check.kind == "test" for check in passing)
    if found.last_edit >= 0 and (tested or (passing and landed)):
        return "done", "checks passed after the last edit", tuple(check.turn for check in passing[-2:])
    asked = max((one.order for one in found.prompts if one is found.prompts[0] or sets_work(one)), default=-1)
    accepted = [
        one.turn
        for one in found.prompts
        if one.order > found.last_edit and (one.kind == "publish" or (one.turn in found.praise and one.order > asked))
    ]
    if accepted and (landed or found.last_edit < 0 or found.praise):
        return "done", "the user accepted the result", tuple(accepted[-1:] + [act.turn for act in landed[-1:]])
    return ("done", "the change was committed", tuple(act.turn for act in landed[-1:])) if landed else None


def _shortfall(session: Session, found: Signals, after: list[Check]) -> Ending:
    passing = tuple(check.turn for check in after if check.passed)
    if found.last_edit >= 0 and not records_results(session):
        return "partial", "the transcript records no results", (found.last_edit_turn,)
    if found.last_edit >= 0:
        reason = "only a build or lint run passed" if passing else "no check ran"
        return "partial", f"{reason} after the last edit", passing[-1:] or (found.last_edit_turn,)
    last = tuple(event.turn for event in session.events if event.kind == "reply" and not event.agent)[-1:]
    if ends_asking(session):
        return "unknown", "it ended with a question to the user", last
    return "unknown", "nothing shows that it was checked or accepted", last


def records_results(session: Session) -> bool:
    """Say whether the transcript writes down what calls gave back; some tools' never do."""
    return any(event.kind in {"result", "error"} and event.call for event in session.events)


def ends_asking(session: Session) -> bool:
    """Say whether the session ends with a question of the assistant that nobody answered."""
    last = next(
        (event for event in reversed(session.events) if event.kind in {"reply", "prompt"} and not event.agent), None
    )
    return last is not None and last.kind == "reply" and "?" in last.text.rstrip().rsplit("\n", 1)[-1]


def _failing(after: list[Check]) -> list[Check]:
    """Return the checks whose last run failed: one for each kind and breadth that never passed afterwards."""
    last: dict[str, Check] = {}
    for check in after:
        if check.passed is not None:
            last[check.kind] = check
    return [check for check in last.values() if check.passed is False]


def _interrupted_at_end(session: Session) -> bool:
    for event in reversed(session.events):
        if event.kind in {"reply", "prompt", "edit", "command"}:
            return False
        if event.kind == "interruption":
            return True
    return False
