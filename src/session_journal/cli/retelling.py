"""A retelling on a terminal: times and turns in columns, gaps named, long lines broken where they stand."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from session_journal.cli.output import Context, LocalZone, broken
from session_journal.core.text import clean, counted
from session_journal.core.timeline import describe
from session_journal.core.timeline.wording import LENGTH

if TYPE_CHECKING:
    from session_journal.app.timeline import Timeline
    from session_journal.core.events import Event, Session
    from session_journal.core.timeline import Step

_GAP = timedelta(minutes=30)
_HANG = 2
_PLAIN = str.maketrans(
    {"✓": "ok", "✗": "FAILED", "…": "...", "→": "->", "−": "-", "·": "-", "—": "-", "–": "-", "“": '"', "”": '"'}
)
_MARKS = {True: ("✓ ", "good"), False: ("✗ ", "bad"), None: ("", "")}
_YOURS = {"asked": "You: ", "decided": "You decided: ", "declined": "You ", "interrupted": "You "}


def for_screen(text: str) -> str:
    """Return text in the characters that stdout can show: marks in words where it has no such signs."""
    try:
        "✓✗…→−·".encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return text.translate(_PLAIN)
    return text


def lines(ctx: Context, told: Timeline, *, full: bool) -> Iterator[str]:
    """Yield a retelling's lines."""
    yield from _header(ctx, told)
    room = max((len(_turns(step)) for step in told.told), default=0)
    yield ""
    before: Step | None = None
    shown = ""
    length = 5 * LENGTH if full else room_for_speech(len(told.told))
    for step in told.told:
        yield from _between(ctx, before, step)
        time = step.time.astimezone(LocalZone()).strftime("%H:%M") if step.time else ""
        left = f"{'' if time == shown else time:5}  {_turns(step):>{room}}  "
        yield from _told(ctx, step, left, length, full=full)
        shown, before = time or shown, step if step.time else before
    yield from _ending(told)


def _header(ctx: Context, told: Timeline) -> Iterator[str]:
    subject = told.subject
    yield ctx.style(clean(subject.title or subject.name), "bold")
    agent = f"{told.agent} ({told.model})" if told.model else told.agent
    parts = (subject.project, agent, told.branch and f"branch {told.branch}")
    yield " · ".join(clean(part) for part in parts if part)
    spent = f"{_span(timedelta(minutes=told.minutes))} at work" if told.minutes else ""
    numbers = f"{counted(told.prompts, 'prompt')}, {counted(told.turns, 'turn')}"
    yield " · ".join(part for part in (_period(told), spent, numbers, subject.outcome) if part)


def _period(told: Timeline) -> str:
    if told.started is None:
        return "times unknown"
    started = told.started.astimezone(LocalZone())
    ended = (told.ended or told.started).astimezone(LocalZone())
    begin, end = f"{started:%Y-%m-%d %H:%M}", f"{ended:%Y-%m-%d %H:%M}"
    if begin == end:
        return begin
    return f"{begin} to {end[11:] if begin[:10] == end[:10] else end}"


def _ending(told: Timeline) -> Iterator[str]:
    if told.reason:
        turns = ", ".join(f"t{turn}" for turn in told.reason_turns)
        yield ""
        yield f"In the end: {told.reason}{f' ({turns})' if turns else ''}."


def room_for_speech(number: int) -> int:
    """Return how many characters of what someone said fit where so many steps are told."""
    return LENGTH if number <= 30 else 2 * LENGTH // 3 if number <= 60 else LENGTH // 2


def _between(ctx: Context, before: Step | None, step: Step) -> Iterator[str]:
    """Say where a long time passed between two steps or within the one before, or a day."""
    if before is None or before.time is None or step.time is None:
        return
    until = before.until or before.time
    since = until if before.steps or until - before.time < _GAP else before.time
    day = step.time.astimezone(LocalZone()).date()
    parts = [f"{_span(step.time - since)} later"] if step.time - since >= _GAP else []
    parts += [f"{day:%A, %Y-%m-%d}"] if day > before.time.astimezone(LocalZone()).date() else []
    if parts:
        yield ctx.style(f"       … {', '.join(parts)} …", "dim")


def _span(span: timedelta) -> str:
    """Return a length of time in the words one uses: 45 min, 2 h 10 min, 3 days."""
    minutes = round(span.total_seconds() / 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 24 * 60:
        return f"{minutes // 60} h" + (f" {minutes % 60} min" if minutes % 60 and minutes < 600 else "")
    return counted(round(minutes / 1440), "day")


def _turns(step: Step) -> str:
    return f"t{step.turn}" if step.last <= step.turn else f"t{step.turn}-{step.last}"


def _told(ctx: Context, step: Step, left: str, length: int, *, full: bool) -> Iterator[str]:
    """Yield a step's lines: what the user did at the margin, the rest further in, a sub-agent's work below it."""
    indent = "" if step.kind in _YOURS or step.by_user else "  "
    mark, style = _MARKS[step.ok] if step.kind == "ran" or step.ok is False else _MARKS[None]
    taken = len(left) + len(indent) + len(mark)
    first, *more = broken(f"{_YOURS.get(step.kind, '')}{describe(step, length)}", taken, _HANG)
    yield f"{ctx.style(left, 'dim')}{indent}{ctx.style(mark, style)}{_body(ctx, step, first)}"
    yield from (f"{'':{taken + _HANG}}{_body(ctx, step, line)}" for line in more)
    if full and step.kind == "delegated":
        for part in step.steps:
            yield from _told(ctx, part, f"{'':{len(left)}}  ", length, full=full)


def _body(ctx: Context, step: Step, text: str) -> str:
    return ctx.style(text, "bold") if step.kind in {"asked", "decided"} else text


def turn_lines(ctx: Context, events: Sequence[Event], session: Session) -> Iterator[str]:
    """Yield one turn in full: each event with what it acted on, when, and all its text that was kept."""
    calls = {event.call: event for event in session.events if event.call and event.kind not in {"result", "error"}}
    for event in events:
        time = event.time.astimezone(LocalZone()).strftime("  %Y-%m-%d %H:%M:%S") if event.time else ""
        agent = f"  (sub-agent {clean(event.agent)})" if event.agent else ""
        yield ctx.style(f"t{event.turn}  {event.role}  {event.kind}{time}{agent}", "bold")
        origin = calls.get(event.call) if event.kind in {"result", "error"} else None
        if origin:
            yield f"of: {origin.kind} {clean(origin.target)}"
        if event.target:
            yield clean(event.target)
        if event.exit_code is not None:
            yield f"exit code: {event.exit_code}"
        yield from clean(event.text).splitlines()
        yield ""
