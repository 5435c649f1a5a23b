"""Evidence: for each turn named, the sentence of it that supports the claim, verbatim."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from session_journal.core.events import Event, Session
from session_journal.core.insights.wording import terms
from session_journal.core.items import Quote
from session_journal.core.text import one_line, shorten

LIMIT = 220
_PIECE = re.compile(r"(?<=[.!?:])\s+(?=[A-Z`\"'(*\d-])|\n+")


def quotes(
    session: Session, claims: Mapping[int, Iterable[str]], telling: Mapping[int, str] | None = None
) -> list[Quote]:
    """Return one quote for each turn a claim names, in order; `telling` holds the lines that tell how a check ended."""
    by_turn: dict[int, list[Event]] = {}
    for event in session.events:
        if event.turn in claims:
            by_turn.setdefault(event.turn, []).append(event)
    return [
        Quote(turn, speaker(by_turn[turn][0]), text)
        for turn in sorted(claims)
        if turn in by_turn
        and (
            text := shorten(one_line((telling or {}).get(turn, "")), LIMIT)
            or _quote(by_turn[turn], " ".join(claims[turn]))
        )
    ]


def speaker(event: Event) -> str:
    """Return who speaks in an event: what a sub-agent was told was not told by the user, nor was a summary."""
    if event.kind == "compaction":
        return "system"
    return "assistant" if event.agent and event.role == "user" else event.role


def _quote(events: list[Event], claim: str) -> str:
    """Return the piece of a turn that shares most with the claim: spoken words before calls."""
    wanted = terms(claim)
    best, weight = "", -1.0
    for event in events:
        for piece in _pieces(event):
            shared = (
                len(wanted & terms(piece)) + 0.5 * (event.kind in {"prompt", "reply"}) - 0.4 * (event.kind == "thought")
            )
            shared -= 0.4 * (len(piece) > LIMIT)
            if piece and shared > weight:
                best, weight = piece, shared
    return shorten(best, LIMIT)


def _pieces(event: Event) -> list[str]:
    if event.kind in {"prompt", "reply", "thought", "result", "error", "interruption", "compaction"}:
        pieces = [one_line(piece) for piece in _PIECE.split(event.text[:12_000])]
        return [piece for piece in pieces if re.search(r"\w{2}", piece)]
    if event.kind == "command":
        return [one_line(event.target)]
    if event.kind == "edit":
        lines = [
            one_line(line) for line in event.text.splitlines() if line.startswith("+ ") and re.search(r"\w{3}", line)
        ]
        return lines[:60] or [one_line(event.target)]
    return [one_line(f"{event.target} {event.text}")]
