"""Aims: which of the goals that a session was held against are shown to be met."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from session_journal.core import lazy_re as re
from session_journal.core.events import Session, failed_calls
from session_journal.core.insights.deeds import Deed, deeds, words
from session_journal.core.insights.goals import Prompt, goals
from session_journal.core.insights.requests import IMPERATIVE, wish
from session_journal.core.insights.titles import order as ordered
from session_journal.core.insights.wording import lowered, terms, trim
from session_journal.core.records import record
from session_journal.core.signals import Signals, Verdict

Line = tuple[str, tuple[int, ...]]
Status = Literal["met", "not met", "not shown"]

_LIKE = 0.5
"""The share of a goal's words that a prompt or a deed has to have to be about it."""
_NAMED, _NAME_WORDS = 2, 9
_RUNS = re.compile(
    r"^(?:re-?)?(?:run|verify|check|confirm|make sure|ensure|get .{0,40}\b(?:green|pass\w*))\b", re.IGNORECASE
)


@record(frozen=True, slots=True)
class _Aim:
    """A goal and the part of the session that worked on it: places among the events; turn: where it was asked for."""

    text: str
    since: int
    until: int
    turn: int


@record(frozen=True, slots=True)
class _Met:
    aim: str
    status: Status
    turns: tuple[int, ...]


def goals_met(
    session: Session, asked: Sequence[Prompt], given: Sequence[str], found: Signals, verdict: Verdict
) -> list[Line]:
    """Return the line that says which goals were met: the ones noted before the work, else what the user asked for.

    Nothing is said that the outcome says already: of a single goal that it speaks of, or where no request is shown met.
    """
    judged = _noted(session, asked, given, found) if given else _asked_for(session, asked, found)
    if not judged or (
        len(judged) == 1 and judged[0].turns and (judged[0].status == "met") == (verdict.outcome == "done")
    ):
        return []
    if session.left_out and any(one.status == "not shown" for one in judged):
        return []  # what shows it may be among the events that are missing
    turns = [turn for one in sorted(judged, key=lambda one: one.status == "met") for turn in one.turns]
    shown = tuple(sorted(dict.fromkeys(turns[:_SHOWN]))) or tuple(one.turn for one in asked[-1:])
    return [(_told(judged), shown)]


_SHOWN = 4


def _noted(session: Session, asked: Sequence[Prompt], given: Sequence[str], found: Signals) -> list[_Met]:
    """Return how the goals stand that were noted before the work; one that nothing is about is not shown."""
    done, edits = deeds(session), _edits(session)
    asks = [_asking(goal, asked) for goal in given]
    starts = {*(one.since for one in _requests(session, asked)), *(one.order for about in asks for one in about[:1])}
    judged: list[_Met] = []
    for goal, about in zip(given, asks, strict=True):
        part = _worked_on(goal, session, done)
        if about:
            until = min((start for start in starts if start > about[-1].order), default=len(session.events))
            part = _Aim(goal, about[0].order, until, about[0].turn)
        judged.append(_judge(part, found, edits) if part else _Met(goal, "not shown", ()))
    return judged


def _asked_for(session: Session, asked: Sequence[Prompt], found: Signals) -> list[_Met]:
    """Return how the requests for changes stand, where some are shown to be met and one that is not can be named."""
    edits, tried = _edits(session), [place for place, event in enumerate(session.events) if event.kind == "edit"]
    work = [aim for aim in _requests(session, asked) if any(aim.since < place < aim.until for place in tried)]
    judged = [_judge(aim, found, edits) for aim in work]
    missing = [one for one in judged if one.status != "met"]
    told = any(one.status == "met" for one in judged) and any(_is_plain(one.aim) for one in missing)
    return judged if told else []


def _is_plain(goal: str) -> bool:
    """Say whether a request names what it is about without the words around it."""
    name = wish(ordered(goal))
    return bool(IMPERATIVE.match(name)) and len(terms(name)) >= _SAYS_ENOUGH


_SAYS_ENOUGH = 2


def _told(judged: Sequence[_Met]) -> str:
    """Return `Goals: 2 of 3 met — not met: a; not shown: b`, and of one goal how it stands."""
    if len(judged) == 1:
        end = " to be met" if judged[0].status == "not shown" else ""
        return f"Goal {judged[0].status}{end}: {_name(judged[0].aim)}."
    met = sum(one.status == "met" for one in judged)
    if met == len(judged):
        return f"Goals: all {met} met."
    parts = []
    for status in ("not met", "not shown"):
        these = [one.aim for one in judged if one.status == status]
        names = [_name(goal) for goal in ([goal for goal in these if _is_plain(goal)] or these)[:_NAMED]]
        if names:
            more = f" and {len(these) - len(names)} more" if len(these) > len(names) else ""
            parts.append(f"{status}: {'; '.join(names)}{more}")
    return f"Goals: {met or 'none'} of {len(judged)} met — {'; '.join(parts)}."


def _name(goal: str) -> str:
    return lowered(trim(wish(ordered(goal)), _NAME_WORDS).rstrip(" .!?…"))


def _edits(session: Session) -> list[int]:
    """Return the places of the edits that were made."""
    failed = failed_calls(session.events)
    return [place for place, event in enumerate(session.events) if event.kind == "edit" and event.call not in failed]


def _requests(session: Session, asked: Sequence[Prompt]) -> list[_Aim]:
    """Return each request with the part of the session up to the next one."""
    orders = {prompt.turn: prompt.order for prompt in asked}
    wanted = [(text, turn, orders[turn]) for text, turn in goals(list(asked), _ALL)]
    ends = [*(since for _, _, since in wanted), len(session.events)][1:]
    return [_Aim(text, since, until, turn) for (text, turn, since), until in zip(wanted, ends, strict=False)]


_ALL = 10_000


def _asking(goal: str, asked: Sequence[Prompt]) -> list[Prompt]:
    """Return the prompts that are about a noted goal."""
    wanted = words(goal)
    return [one for one in asked if wanted and len(wanted & words(one.text[:2_000])) >= _LIKE * len(wanted)]


def _worked_on(goal: str, session: Session, done: Sequence[Deed]) -> _Aim | None:
    """Return the part of the session that did something about a goal that nobody asked for in it."""
    wanted = words(goal)
    made = [one for one in done if not one.told and wanted and len(wanted & one.terms) >= _LIKE * len(wanted)]
    if not made:
        return None
    return _Aim(goal, made[0].order - 1, made[-1].order + 1, session.events[made[0].order].turn)


def _is_declined(found: Signals, aim: _Aim) -> bool:
    """Say whether the user stopped what was about to be done for a goal."""
    return any(aim.since < one.order <= aim.until and one.refusal for one in found.prompts)


def _judge(aim: _Aim, found: Signals, edits: Sequence[int]) -> _Met:
    """Return how a goal stands: by the checks, commits and the user's words after the last edit made for it."""
    made = [place for place in edits if aim.since < place < aim.until]
    last = made[-1] if made else aim.since
    ran = [check for check in found.checks if check.order > last and check.passed is not None]
    if not made and _is_declined(found, aim):
        return _Met(aim.text, "not met", (aim.turn,))
    failing = [
        check
        for check in ran
        if check.order < aim.until
        and not check.passed
        and not any(later.passed and later.order > check.order and later.kind == check.kind for later in ran)
    ]
    if failing:
        return _Met(aim.text, "not met", (aim.turn, failing[-1].turn))
    passed = [check for check in ran if check.passed and check.kind == "test"] if made or _RUNS.match(aim.text) else []
    landed = [act for act in found.acts if act.order > last and act.lands]
    pleased = [
        one
        for one in found.prompts
        if last < one.order <= aim.until and (one.turn in found.praise or one.kind == "publish")
    ]
    shown = [*(one.turn for one in passed[:1]), *(one.turn for one in landed[:1]), *(one.turn for one in pleased[:1])]
    if shown:
        return _Met(aim.text, "met", (min(shown),))
    return _Met(aim.text, "not shown", (aim.turn,))
