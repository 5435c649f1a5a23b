"""Whether at most one side changed something: the first question of every three-way merge."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")


def unopposed(before: T, one: T, two: T) -> tuple[T] | None:
    """Return what both sides or the only one that changed it have, in a tuple; None where the two disagree."""
    if one == two or before == one:  # noqa: PLR1714 - values may be lists
        return (two,)
    return (one,) if before == two else None


def changed_part(before: str | None, one: str, two: str) -> str:
    """Merge one part of a file's place; where both sides changed it, the smaller stays."""
    done = unopposed(before, one, two)
    return min(one, two) if done is None or done[0] is None else done[0]
