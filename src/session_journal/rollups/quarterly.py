"""A quarter's rollup: beside what every period tells, what was shown to be mastered and what became of playbooks."""

from __future__ import annotations

from session_journal.rollups import contents
from session_journal.rollups.capabilities import capabilities
from session_journal.rollups.page import HEADING, LINES
from session_journal.rollups.span import Span

MOST = {
    "accomplished": 8, "decisions": 6, "learned": 6, "reflections": 2, "surprises": 3, "recurred": 6,
    "challenges": 3, "actions": 4, "questions": 3, "gaps": 4, "deviations": 2, "next": 0, "well": 2,
    "improve": 2, "notes": 0,
}  # fmt: skip
_CAPABILITIES = 5
_ADVICE = 4


def values_of(span: Span) -> dict[str, object]:
    """Return what the template of a quarter's managed block needs; an empty list leaves its section out."""
    can = capabilities(span)[:_CAPABILITIES]
    advice = list(span.advice)[:_ADVICE]
    taken = sum(len(rows) + HEADING for rows in (can, advice) if rows)
    return contents.values_of(span, MOST, LINES - taken) | {"capabilities": can, "advice": advice}
