"""Evidence: for each turn named, the sentence of it that supports the claim, verbatim."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from session_journal.core import lazy_re as re
from session_journal.core.events import Event, Session
from session_journal.core.insights.changes import DEFINES
from session_journal.core.insights.goals import is_praise
from session_journal.core.insights.wording import terms
from session_journal.core.items import Quote
from session_journal.core.text import one_line, shorten

LIMIT = 220
_PIECE = re.compile(r"(?<=[.!?:])\s+(?=[A-Z`\"'(*\d-])|\n+")
_TWO, _THREE = re.compile(r"\w{2}"), re.compile(r"\w{3}")
"""So many letters in a row make a word."""


def quotes(
    session: Session, claims: Mapping[int, Iterable[str]], telling: Iterable[tuple[int, str]] = ()
) -> list[Quote]:
    """Return one quote for each turn a claim names, in order; `telling` holds the lines that tell how checks ended."""
    by_turn: dict[int, list[Event]] = {}
    for event in session.events:
        if event.turn in claims:
            by_turn.setdefault(event.turn, []).append(event)
    ended: dict[int, list[str]] = {}
    for turn, line in telling:
        ended.setdefault(turn, []).append(one_line(line))
    found = [
        Quote(turn, speaker(by_turn[turn][0]), _quote(by_turn[turn], " ".join(claims[turn]), ended.get(turn, [])))
        for turn in sorted(claims)
        if turn in by_turn
    ]
    return [quote for quote in found if quote.text]


def speaker(event: Event) -> str:
    """Return who speaks in an event: what a sub-agent was told was not told by the user, nor was a summary."""
    if event.kind == "compaction":
        return "system"
    return "assistant" if event.agent and event.role == "user" else event.role


def _quote(events: list[Event], claim: str, ended: list[str]) -> str:
    """Return the piece of a turn that shares most with the claim: how a check ended, spoken words, then calls."""
    wanted = terms(claim)
    if ended:
        failed = bool(re.search(r"\bfail", claim))
        return shorten(max(ended, key=lambda line: len(wanted & terms(line)) + 0.5 * (failed and _fails(line))), LIMIT)
    best, weight = "", -1.0
    for event in events:
        for piece in filter(None, _pieces(event)):
            fits = _fitness(event, piece, claim)
            if _most(wanted, piece) + fits > weight and (shared := len(wanted & terms(piece)) + fits) > weight:
                best, weight = piece, shared
    return shorten(best, LIMIT)


def _most(wanted: set[str], piece: str) -> int:
    """Return how many terms a piece has at most, found in a tenth of the time: each begins one of its words."""
    lowered = piece.lower()
    return len([term for term in wanted if term in lowered])


def _fails(line: str) -> bool:
    return bool(re.search(r"\bfail|\berror|\b[1-9]\d* issues?\b", line, re.IGNORECASE))


def _fitness(event: Event, piece: str, claim: str) -> float:
    """Return how well a piece serves as evidence, whatever words it shares with the claim."""
    fits = 0.5 * (event.kind in {"prompt", "reply"}) - 0.4 * (event.kind == "thought") - 0.4 * (len(piece) > LIMIT)
    if event.kind == "prompt" and re.search(r"\b(?:accepted|pleased with) the result\b", claim):
        fits += 9 * is_praise(piece)
    if event.kind == "edit":
        fits += 0.6 * (event.target.rsplit("/", 1)[-1] in claim)
        fits += 0.3 * bool(DEFINES.match(piece.removeprefix("+ "))) - 0.3 * (not _SAYS.search(piece))
    return fits


_SAYS = re.compile(r"^\+ (?!import\b|from\b|package\b|use\b|#include|[\"'])\W{0,4}\w+\W+\w+")
"""An added line that says something: two words, and no import."""


def _pieces(event: Event) -> list[str]:
    if event.kind in {"prompt", "reply", "thought", "result", "error", "interruption", "compaction"}:
        pieces = [one_line(piece) for piece in _PIECE.split(event.text[:12_000])]
        return [piece for piece in pieces if _TWO.search(piece)]
    if event.kind == "command":
        return [one_line(event.target)]
    if event.kind == "edit":
        lines = [one_line(line) for line in event.text.splitlines() if line.startswith("+ ") and _THREE.search(line)]
        return lines[:60] or [one_line(event.target)]
    return [one_line(f"{event.target} {event.text}")]
