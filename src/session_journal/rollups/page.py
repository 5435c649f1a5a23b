"""One page: which bullets fit on it, and what is said of those that don't."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

LINES = 60
HEADING = 2
"""The lines that a section takes beside its bullets: a blank one and its title."""


def fit(sections: Mapping[str, Sequence[object]], taken: int, least: int = 1, lines: int = LINES) -> dict[str, int]:
    """Return how many bullets each section gets: some for each, then one more for each in turn while there is room.

    taken: lines that stand on the page anyway. Sections come in the order of what matters most.
    """
    shares = {name: min(least, len(rows)) for name, rows in sections.items()}
    room = lines - taken - sum(HEADING + share for share in shares.values() if share)
    while room > 0 and any(share < len(sections[name]) for name, share in shares.items()):
        for name, rows in sections.items():
            if shares[name] < len(rows) and room > 0:
                shares[name] += 1
                room -= 1
    return shares


def left_out(counts: Mapping[str, int]) -> str:
    """Say what there was no room for: 3 learned, 12 challenges."""
    return ", ".join(
        f"{count} {name if count > 1 else name.removesuffix('s')}" for name, count in counts.items() if count > 0
    )
