"""A week's rollup: what the week's entries and notes come to, the best of each kind first, about one page."""

from __future__ import annotations

from session_journal.rollups import contents
from session_journal.rollups.span import Span

MOST = {
    "accomplished": 10, "decisions": 5, "learned": 5, "reflections": 4, "surprises": 3, "recurred": 5,
    "challenges": 4, "actions": 5, "questions": 3, "gaps": 4, "deviations": 3, "next": 3, "well": 2,
    "improve": 2, "notes": 7,
}  # fmt: skip


def values_of(span: Span) -> dict[str, object]:
    """Return what the template of a week's managed block needs; an empty list leaves its section out."""
    return contents.values_of(span, MOST)
