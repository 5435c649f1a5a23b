"""What a week, a month or a quarter says: one module per period, and what they share."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from session_journal.core.periods import Period
    from session_journal.rollups.span import Span

PERIODS: dict[Period, str] = {"week": "weekly", "month": "monthly", "quarter": "quarterly"}
"""Period → its module here, which is also the name of its block, its template and its command."""


class Rollup(Protocol):
    """What each period's module offers."""

    def values_of(self, span: Span) -> Mapping[str, object]:
        """Return what the template of the period's managed block needs; an empty list leaves its section out."""


def rollup_of(period: Period) -> Rollup:
    """Return the module of a period."""
    return cast("Rollup", importlib.import_module(f"{__name__}.{PERIODS[period]}"))
