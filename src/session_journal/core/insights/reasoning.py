"""Reasoning: which of the assistant's visible thoughts are no more than a sketch, done with once it answers."""

from __future__ import annotations

from session_journal.core import lazy_re as re
from session_journal.core.insights.signs import signs

_HEDGED = re.compile(
    r"\b(?:wait|actually|maybe|perhaps|probably|hmm|might|could be|seems?|should i|the user|they "
    r"want|will|going to|(?:next|first|immediate) (?:next )?step|the (?:goal|aim|plan|focus) is)\b|[?!]$",
    re.IGNORECASE,
)
_SKETCH = re.compile(
    r"\b(?:coming together|straightforward|isn't ideal|all set|(?:is|are|been) (?:now )?(?:created|generated|complete)|"
    r"hurdle|concern|current implementation|this approach|need to|that means|this (?:involves|should|means)|"
    r"focus(?:ing)?|refin(?:e|ing)|now (?:is|i))\b",
    re.IGNORECASE,
)


def is_sketch(said: str) -> bool:
    """Say whether a thought is of the assistant's own work while it is at it, and names neither a thing nor a cause."""
    tells = any(signs(said)[:3]) or " should " in said
    return not tells or bool(_HEDGED.search(said) or _SKETCH.search(said))
