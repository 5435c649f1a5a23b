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
    """Return a quote for each turn that a claim names and what else of it shows another claim, in the order of turns.

    telling: the lines that tell how checks ended.
    """
    by_turn: dict[int, list[Event]] = {}
    for event in session.events:
        if event.turn in claims:
            by_turn.setdefault(event.turn, []).append(event)
    ended: dict[int, list[str]] = {}
    for turn, line in telling:
        ended.setdefault(turn, []).append(one_line(line))
    return [
        Quote(turn, speaker(by_turn[turn][0]), text)
        for turn in sorted(claims)
        if turn in by_turn
        for text in _quotes(by_turn[turn], list(dict.fromkeys(claims[turn])), ended.get(turn, []))
        if text
    ]


def speaker(event: Event) -> str:
    """Return who speaks in an event: what a sub-agent was told was not told by the user, nor was a summary."""
    if event.kind == "compaction":
        return "system"
    return "assistant" if event.agent and event.role == "user" else event.role


_MOST = 4
"""Quotes of one turn: who doubts more of it reads the transcript."""
_Piece = tuple[Event, str, set[str]]


def _quotes(events: list[Event], claims: list[str], ended: list[str]) -> list[str]:
    """Return the pieces of a turn that show its claims: how a check ended, else one for each claim on what was said."""
    if ended:
        return [_ended(" ".join(claims), ended)]
    pieces = [(event, piece, terms(piece)) for event in events for piece in _pieces(event)]
    found = [_best(pieces, " ".join(claims))]
    if len(claims) > 1 and any(event.kind in _SAID for event in events):
        found = [found[0], *(_best(pieces, claim, _SHARED) for claim in claims)]
    return list(dict.fromkeys(shorten(piece, LIMIT) for piece in found if piece))[:_MOST]


_SAID = frozenset({"prompt", "reply", "thought"})
_SHARED = 2
"""Terms that a further piece has in common with its claim at least."""


def _ended(claim: str, ended: list[str]) -> str:
    wanted, failed = terms(claim), bool(re.search(r"\bfail", claim))
    return shorten(max(ended, key=lambda line: len(wanted & terms(line)) + 0.5 * (failed and _fails(line))), LIMIT)


def _best(pieces: list[_Piece], claim: str, least: int = 0) -> str:
    """Return the piece that shares most with a claim, spoken words before calls; "" where none shares the least."""
    wanted, best, weight = terms(claim), "", -1.0
    for event, piece, about in pieces:
        shared = len(wanted & about)
        fits = shared + _fitness(event, piece, claim) if shared >= least else -1.0
        if piece and fits > weight:
            best, weight = piece, fits
    return best


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
