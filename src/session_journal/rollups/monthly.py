"""A month's rollup: made of the month's entries, not of its weeks' prose."""

from __future__ import annotations

from session_journal.rollups import contents
from session_journal.rollups.span import Span

MOST = {
    "accomplished": 10, "decisions": 7, "learned": 7, "reflections": 4, "surprises": 4, "recurred": 7,
    "challenges": 4, "actions": 6, "questions": 4, "gaps": 5, "deviations": 3, "next": 2, "well": 3,
    "improve": 3, "notes": 3,
}  # fmt: skip


def values_of(span: Span) -> dict[str, object]:
    """Return what the template of a month's managed block needs; an empty list leaves its section out."""
    return contents.values_of(span, MOST)
