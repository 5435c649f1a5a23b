"""The session as it is sent: its turns as text, what is long cut short, in chunks that fit the endpoint's context."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from session_journal.core.events import Event, Session
from session_journal.core.insights.evidence import speaker
from session_journal.core.records import record
from session_journal.core.text import clip, cut
from session_journal.core.verbatim import visible

Count = Callable[[str], int]
"""Estimates how many tokens a text is, rather too many than too few."""

HEAD = 16
"""Tokens that the line over a turn takes."""
_OVERLAP = 10
"""One part in so many of a chunk stands in the one before it, too: what is asked in one is answered in the next."""

Limits = Mapping[str, int]
FULL: Limits = {
    "prompt": 4_000, "reply": 3_000, "thought": 300, "command": 300, "edit": 400, "read": 200, "search": 200,
    "tool": 200, "plan": 600, "result": 500, "error": 700, "interruption": 200,
}  # fmt: skip
"""How many characters of an event are sent; a kind that is not named is not sent at all.

A compaction is not: it retells what was sent already, and what a tool wrote is not what the user said.
"""
BRIEF: Limits = {"prompt": 1_500, "reply": 900, "command": 160, "edit": 0, "error": 300, "interruption": 200}
"""The same where the whole would be too much: what was said, what was run, what went wrong."""
_LABELS = {
    "command": "ran: ", "edit": "edited: ", "read": "read: ", "search": "searched: ", "tool": "used: ",
    "plan": "plan:\n", "result": "result: ", "error": "error: ", "thought": "thinking: ",
    "interruption": "interrupted: ",
}  # fmt: skip
_LOOKED = 150
"""Characters of what a look into a file or a search gave back: what it showed is seldom told."""
_SUB_AGENT = 3
"""What a sub-agent said and did is cut to a third: the conversation is the main one."""


@record(frozen=True, slots=True)
class Turn:
    """One message as it is sent. who: its role, and whether a sub-agent's; text: without the line over it."""

    number: int
    who: str
    text: str


def turns(session: Session, limits: Limits = FULL) -> list[Turn]:
    """Return what is sent of a session, in order; turns of which nothing is are left out."""
    kinds = {event.call: event.kind for event in session.events if event.call and event.kind not in {"result", "error"}}
    lines: dict[tuple[int, str], list[str]] = {}
    for event in session.events:
        text = _render(event, limits, kinds.get(event.call, ""))
        if text:
            who = f"{speaker(event)}, sub-agent" if event.agent else speaker(event)
            lines.setdefault((event.turn, who), []).append(text)
    return [
        Turn(number, who, "\n".join(texts)) for (number, who), texts in sorted(lines.items(), key=lambda at: at[0][0])
    ]


def _render(event: Event, limits: Limits, called: str) -> str:
    """Return an event in short, "" where it is not sent."""
    if event.kind not in limits or (event.agent and limits is not FULL):
        return ""
    most = limits[event.kind]
    if event.kind == "result" and called in {"read", "search"}:
        most = min(most, _LOOKED)
    most = most // _SUB_AGENT if event.agent else most
    target = cut(visible(event.target), 300)
    text = clip(visible(event.text), most).strip() if most and event.kind not in {"command", "read"} else ""
    if event.kind == "plan":
        target = ""
    failed = f"exit code {event.exit_code}\n" if event.exit_code else ""
    body = "\n".join(filter(None, (target, text)))
    return f"{_LABELS.get(event.kind, '')}{failed}{body}" if body or event.kind == "interruption" else ""


def split(sent: Sequence[Turn], room: int, count: Count) -> list[tuple[Turn, ...]]:
    """Return turns in chunks of `room` tokens, each beginning with the last turns of the one before it."""
    chunks: list[tuple[Turn, ...]] = []
    current: list[Turn] = []
    for turn in _fitting(sent, room, count):
        if current and weigh([*current, turn], count) > room:
            chunks.append(tuple(current))
            current = _tail(current, min(room // _OVERLAP, room - weigh([turn], count)), count)
        current.append(turn)
    return [*chunks, tuple(current)] if current else chunks


def weigh(some: Iterable[Turn], count: Count) -> int:
    """Return how many tokens turns are."""
    return sum(count(turn.text) + HEAD for turn in some)


def _fitting(sent: Sequence[Turn], room: int, count: Count) -> Iterator[Turn]:
    """Yield turns, one that is longer than a whole chunk cut until it fits."""
    for turn in sent:
        kept = turn
        while weigh([kept], count) > room and len(kept.text) > 80:
            kept = replace(kept, text=clip(kept.text, len(kept.text) * 2 // 3))
        yield kept


def _tail(some: Sequence[Turn], room: int, count: Count) -> list[Turn]:
    """Return the last turns that fit."""
    kept: list[Turn] = []
    for turn in reversed(some):
        if weigh([turn, *kept], count) > room:
            break
        kept.insert(0, turn)
    return kept
