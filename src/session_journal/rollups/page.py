"""One page: which bullets fit on it, and what is said of those that don't."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

LINES = 60
FIRST = 2
HEADING = 2
"""The lines that a section takes beside its bullets: a blank one and its title."""


def fit(
    sections: Mapping[str, Sequence[object]],
    taken: int,
    most: Mapping[str, int] | None = None,
    lines: int = LINES,
) -> dict[str, int]:
    """Return how many bullets each section gets: one for each, then one more for each in turn while there is room.

    taken: lines that stand on the page anyway. most: a section gets more only of room that no other has a use for.
    Sections come in the order of what matters most; the first ones get two in a turn.
    """
    shares = {name: min(1, len(rows)) for name, rows in sections.items()}
    room = lines - taken - sum(HEADING + share for share in shares.values() if share)
    wanted = {name: min(len(rows), (most or {}).get(name, len(rows))) for name, rows in sections.items()}
    for ends in (wanted, {name: len(rows) for name, rows in sections.items()}):
        room = _share(shares, ends, room)
    return shares


def _share(shares: dict[str, int], ends: Mapping[str, int], room: int) -> int:
    """Give out room in turn until each section has what it can use; return what is left."""
    while room > 0 and any(shares[name] < end for name, end in ends.items()):
        for name in [*list(ends)[:FIRST], *ends]:
            if shares[name] < ends[name] and room > 0:
                shares[name] += 1
                room -= 1
    return room


def left_out(counts: Mapping[str, int]) -> str:
    """Say what there was no room for: 3 learned, 12 challenges."""
    return ", ".join(
        f"{count} {name if count > 1 else name.removesuffix('s')}" for name, count in counts.items() if count > 0
    )
