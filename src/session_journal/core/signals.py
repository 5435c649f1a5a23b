"""Signals of how a session went, and what they say about its outcome; docs/signals.md defines them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import datetime

from session_journal.core import observations
from session_journal.core.events import Session, failed_calls
from session_journal.core.insights.approach import HANDED, Approach, approach
from session_journal.core.insights.coded import changes_code, only_comments
from session_journal.core.insights.corrections import corrections
from session_journal.core.insights.endings import ends_asking, interrupted_at_end, is_waiting
from session_journal.core.insights.files import followed
from session_journal.core.insights.goals import Prompt, sets_work
from session_journal.core.insights.hitches import Loop, claim, loops, turns_elsewhere
from session_journal.core.insights.pipelines import Run, last, runs
from session_journal.core.insights.responses import accepts, answered, troubled, welcomes
from session_journal.core.insights.shell import Check, checks, place_at
from session_journal.core.insights.undone import as_left, first_tried, is_void
from session_journal.core.insights.unmet import Unmet, unmet
from session_journal.core.insights.vcs import UNDO, Act, Merge, acts, is_same, unfinished
from session_journal.core.records import record

IDLE_MINUTES = 10
"""A longer silence counts as a break of this length: nobody works through the night between two prompts."""


@record(frozen=True, slots=True)
class Signals:
    """What can be counted and seen without judging anyone.

    last_edit: the order of the last edit that worked, -1 without; tested_since: of the last one that a check can be
    for, prose and comments after it left out, landed_since: of the last one that a commit has to follow, comments left
    out; code: the turn of the last one of code, 0 where none was edited.
    first_edit_turn: of the first edit that was tried, 0 where none worked; first_edit_minutes: worked until the first
    that did, None where there is none or the transcript records no times.
    claim: the turn of a last reply that says that the result works; shows_checks: whether a check would stand in the
    transcript if one had run. pipeline: how the forge's checks of what was pushed here stood when they were last looked
    at, None where code was edited since. unmet: what was left unmet, which speaks against a success before it.
    taken: the orders of the edits that were taken back, with those of the events that did so. They count as edits that
    failed, and what ran in between tells nothing.
    """

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
    merges: tuple[Merge, ...]
    minutes: int
    api_errors: int
    approach: Approach
    first_edit_minutes: int | None
    loops: tuple[Loop, ...]
    answers: tuple[int, ...]
    compactions: tuple[int, ...]
    elsewhere: tuple[int, ...]
    claim: int
    code: int
    tested_since: int
    landed_since: int
    shows_checks: bool
    pipeline: Run | None = None
    unmet: tuple[Unmet, ...] = ()
    taken: Mapping[int, int] = field(default_factory=dict)


def signals(session: Session, prompts: list[Prompt]) -> Signals:
    """Return the signals of a session."""
    wrote, undone, gone = followed(session)
    session = as_left(session, undone)
    events = session.events
    failed = failed_calls(events)
    found = tuple(one for one in checks(events, session.cwd, session.branch) if not is_void(one.order, undone))
    by_hand = {order for order, event in enumerate(events) if event.kind == "edit" and event.call not in failed}
    edits = sorted(by_hand | (set(wrote) - {check.order for check in found}))
    made = sorted({*edits, *undone}) if undone else edits
    coded = [order for order in edits if changes_code(events[order])]
    done = tuple(act for act in acts(events) if not any(is_same(act.name, name) for name in gone))
    return Signals(
        prompts=tuple(prompts),
        checks=found,
        acts=done,
        corrections=corrections(session, prompts, undone),
        interruptions=tuple(_interruptions(session, prompts)),
        errors=tuple(event.turn for event in events if event.kind == "error" and event.role == "tool"),
        praise=tuple(one.turn for one in prompts[1:] if accepts(session, one)),
        last_edit=edits[-1] if edits else -1,
        last_edit_turn=events[edits[-1]].turn if edits else 0,
        first_edit_turn=events[first_tried(events, made[0], failed)].turn if made else 0,
        merges=tuple(unfinished(events)),
        minutes=active_minutes(session),
        api_errors=sum(event.kind == "error" and event.role == "system" for event in events),
        approach=approach(session, prompts, made[0] if made else -1),
        first_edit_minutes=_minutes(event.time for event in events[: made[0] + 1]) if made else None,
        loops=loops(events, found),
        answers=tuple(answered(session, prompts)),
        compactions=tuple(event.turn for event in events if event.kind == "compaction" and not event.agent),
        elsewhere=tuple(turns_elsewhere(session, prompts)),
        claim=claim(session),
        code=events[coded[-1]].turn if coded else 0,
        tested_since=(coded or edits or [-1])[-1],
        landed_since=([order for order in edits if not only_comments(events[order])] or edits or [-1])[-1],
        shows_checks=_shows_checks(session),
        pipeline=_pipeline(session, done, (coded or [-1])[-1]),
        unmet=tuple(unmet(session, prompts, edits, {check.order for check in found}, undone)),
        taken=undone,
    )


def _pipeline(session: Session, done: Sequence[Act], edited: int) -> Run | None:
    """Return how the pipeline stands of what this session pushed: an older one is what it may have been about."""
    pushed = [act.order for act in done if act.kind in {"push", "pull-request"}]
    return last(list(runs(session.events)), max(pushed[-1], edited)) if pushed else None


def _shows_checks(session: Session) -> bool:
    """Say whether a check would be told; git, run by a user whose tests may run elsewhere, says nothing of them."""
    ran = (one.target for one in session.events if one.kind == "command")
    shell = session.agent not in HANDED or not all(line == UNDO or re.match(r"git\b", line) for line in ran)
    return shell and records_results(session)


def _interruptions(session: Session, prompts: Iterable[Prompt]) -> Iterator[int]:
    """Yield the turn of each interruption.

    A refused call and the note that follows it are one; who only stops to give a command to the tool interrupts nobody.
    """
    spoken = {one.turn for one in prompts}
    for event, after in itertools.pairwise((*session.events, None)):
        if event is None or event.kind != "interruption" or (after is not None and after.kind == "interruption"):
            continue
        if after is None or after.kind != "prompt" or after.turn in spoken:
            yield event.turn


def active_minutes(session: Session) -> int:
    """Return the minutes worked: the time between events, breaks counted as IDLE_MINUTES at most."""
    return _minutes(event.time for event in session.events) or 0


def _minutes(moments: Iterable[datetime | None]) -> int | None:
    times = sorted(time for time in moments if time)
    seconds = sum(
        min((after - before).total_seconds(), 60 * IDLE_MINUTES) for before, after in itertools.pairwise(times)
    )
    return max(1, round(seconds / 60)) if times else None


@record(frozen=True, slots=True)
class Verdict:
    """How it ended and why that may be said. outcome: done, partial, blocked, abandoned or unknown.

    turns show the outcome; shown: the turns that show the reasons for the effectiveness.
    """

    outcome: str
    effectiveness: int
    reason: str
    reasons: tuple[str, ...]
    turns: tuple[int, ...]
    shown: tuple[int, ...] = ()


def judge(session: Session, found: Signals) -> Verdict:
    """Return the outcome that the transcript shows, and an effectiveness of 1 to 5 with its reasons."""
    outcome, reason, turns = _outcome(session, found)
    weighed = [(_worth(outcome, reason), reason, turns), *_weighed(outcome, reason, found)]
    score = 3 + sum(weight for weight, _, _ in weighed)
    most = sorted(weighed[1:], key=lambda one: -abs(one[0]))[:REASONS]
    weighed = [weighed[0], *(one for one in weighed[1:] if one in most)]
    shown = dict.fromkeys(turn for _, _, places in weighed for turn in places[:2])
    return Verdict(
        outcome,
        max(1, min(5, int(score + 0.5))),
        reason,
        tuple(words for _, words, _ in weighed if words),
        turns,
        tuple(shown)[:4],
    )


REASONS = 2
"""So many reasons are told beside the outcome, those that weigh most."""


def _worth(outcome: str, reason: str) -> float:
    if outcome == "done":
        return 1.0
    failed = "fail" in reason or "interrupted" in reason
    return -1.0 if outcome in {"blocked", "abandoned"} or (outcome == "partial" and failed) else 0.0


Weighed = tuple[float, str, tuple[int, ...]]
"""How much it counts, the reason in words, and the turns that show it."""


def _weighed(outcome: str, reason: str, found: Signals) -> Iterator[Weighed]:
    """Yield what else made it better or worse, and what kept it from being better."""
    if found.praise:
        said = reason in {observations.words("accepted"), observations.words("welcomed")}
        yield 0.5, "" if said else observations.words("accepted"), found.praise[-1:]
    smooth = outcome == "done" and not (found.interruptions or found.loops or troubled(found.prompts))
    yield from _corrected(tuple(one.turn for one in found.corrections), smooth=smooth)
    if len(found.interruptions) == 1:
        yield 0.0, observations.words("interrupted-once"), found.interruptions
    elif found.interruptions:
        count = len(found.interruptions)
        yield -0.5 if count >= 3 else 0.0, observations.words("interrupted", n=count), found.interruptions
    if found.loops:
        yield -0.5, observations.words("looped"), found.loops[0].turns[-1:]
    if unchecked_claim(found):
        yield -0.5, observations.words("claimed"), (found.claim,)


def _corrected(turns: tuple[int, ...], *, smooth: bool) -> Iterator[Weighed]:
    if not turns and smooth:
        yield 1.0, observations.words("uncorrected"), ()
    elif len(turns) == 1:
        yield 1.0 if smooth else 0.0, observations.words("corrected-once"), turns
    elif turns:
        yield -1.0 if len(turns) >= 4 else 0.0, observations.words("corrected", n=len(turns)), turns


def unchecked_claim(found: Signals) -> bool:
    """Say whether the last reply claims that code works which no check ran on after its last edit."""
    checked = any(check.order > found.tested_since and check.ran for check in found.checks)
    claimed = found.claim > found.last_edit_turn and found.code and found.shows_checks
    return bool(claimed and not checked)


Ending = tuple[str, str, tuple[int, ...]]
"""Outcome, the reason in words, and the turns that show it."""


def _outcome(session: Session, found: Signals) -> Ending:
    """Return how it ended: what failed last weighs more than what passed, and nothing passes for success unshown."""
    if found.taken and found.last_edit < 0:
        return _taken_back(session, found)
    after = [check for check in found.checks if check.order > found.tested_since]
    failing = _failing(session, found, after)
    if failing:
        return "partial", observations.words(f"failed-{failing[0].kind}"), tuple(check.turn for check in failing[:2])
    if found.pipeline is not None and not found.pipeline.passed:
        return "partial", observations.words("failed-ci"), (found.pipeline.turn,)
    if interrupted_at_end(session):
        outcome = "partial" if found.last_edit >= 0 else "unknown"
        return outcome, observations.words("stopped"), found.interruptions[-1:]
    success = _success(found, after)
    back = [one for one in found.unmet if one.key == "taken-back" and success is None]
    if back:
        return "partial", observations.words("taken-back"), (back[0].turn,)
    return (_taken_away(found, after) or success) if success else _shortfall(session, found, after)


def _taken_back(session: Session, found: Signals) -> Ending:
    """Return that nothing is left of what was changed: it was given up where the user took it back."""
    undone = [session.events[order] for order in sorted(found.taken.values())]
    outcome = "abandoned" if any(event.role == "user" for event in undone) else "unknown"
    return outcome, observations.words("reverted"), (undone[-1].turn,)


def _taken_away(found: Signals, after: list[Check]) -> Ending | None:
    """Return what was left unmet after all that shows a success; a step left open outlasts checks."""
    pleased = [one for one in found.prompts if one.turn in found.praise or one.kind == "publish"]
    landed = [*(act.order for act in _landed(found)), *(one.order - welcomes(one) for one in pleased)]
    landed += [found.pipeline.order] if found.pipeline else []
    passed = [check.order for check in after if check.passed]
    for one in found.unmet:
        if one.order > max(landed if one.key == "steps-left" else [*landed, *passed], default=-1):
            return "partial" if found.last_edit >= 0 else "unknown", observations.words(one.key), (one.turn,)
    return None


def _landed(found: Signals) -> list[Act]:
    """Return what was landed after the last edit of more than comments."""
    return [act for act in found.acts if act.order > found.landed_since and act.lands]


def _success(found: Signals, after: list[Check]) -> Ending | None:
    passing = [check for check in after if check.passed]
    landed = _landed(found)
    tested = any(check.kind == "test" for check in passing)
    if found.pipeline is not None and not tested:
        return "done", observations.words("passed-ci"), (found.pipeline.turn,)
    if found.last_edit >= 0 and (tested or (passing and landed)):
        words = observations.words("passed" if found.tested_since == found.last_edit else "passed-code")
        return "done", words, tuple(check.turn for check in passing[-2:])
    asked = max((one.order for one in found.prompts if one is found.prompts[0] or sets_work(one)), default=-1)
    accepted = [
        one.turn
        for one in found.prompts
        if one.order > found.last_edit and not welcomes(one)
        if one.kind == "publish" or (one.turn in found.praise and one.order > asked)
    ]
    if accepted and (landed or found.last_edit < 0 or found.praise):
        return "done", observations.words("accepted"), tuple(accepted[-1:] + [act.turn for act in landed[-1:]])
    return ("done", observations.words("committed"), tuple(act.turn for act in landed[-1:])) if landed else None


def _shortfall(session: Session, found: Signals, after: list[Check]) -> Ending:
    passing = tuple(check.turn for check in after if check.passed)
    if found.last_edit >= 0 and not records_results(session):
        return "partial", observations.words("no-results"), (found.last_edit_turn,)
    if found.last_edit >= 0 and not passing and not (found.code and found.shows_checks):
        return "unknown", observations.words("unshown"), (found.last_edit_turn,)
    if found.last_edit >= 0:
        untold = any(check.ran and check.passed is None for check in after)
        reason = observations.words("half-checked" if passing else "untold" if untold else "no-check")
        return "partial", reason, passing[-1:] or (found.last_edit_turn,)
    last = tuple(event.turn for event in session.events if event.kind == "reply" and not event.agent)[-1:]
    if last and found.approach.only_looked and not is_waiting(session, found.prompts):
        return "unknown", observations.words("welcomed" if found.praise else "answered"), last
    if ends_asking(session):
        return "unknown", observations.words("asking"), last
    return "unknown", observations.words("unshown"), last


def records_results(session: Session) -> bool:
    """Say whether the transcript writes down what calls gave back; some tools' never do."""
    return any(event.kind in {"result", "error"} and event.call for event in session.events)


def _failing(session: Session, found: Signals, after: list[Check]) -> list[Check]:
    """Return the checks whose last run failed, one for each kind; a later run that tells nothing leaves it open.

    What failed on another branch, or while changes were put aside, says nothing of the edits.
    """
    aside = [check for check in after if check.passed is False and _may_be_aside(check, session)]
    if aside:
        edited = place_at(session.events, found.tested_since, session.cwd, session.branch)
        aside = [check for check in aside if not check.place.has(edited)]
    last = {check.kind: check for check in after if check not in aside}
    return [check for check in last.values() if check.passed is False]


def _may_be_aside(check: Check, session: Session) -> bool:
    return bool(check.place.stashed) or check.place.branch != session.branch
