"""Asked: the questions that a person left open in what they thought of the work, where no section is for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from session_journal.core.excerpts import sentence, sentences
from session_journal.core.items import ItemKind

KIND: ItemKind = "insight"
"""The items in which people think aloud."""
_FEWEST_WORDS = 6
_QUOTES = '"\u201c\u201d'
_STEP = re.compile(r"(?:^|\s)\d{1,2} ?[-.)] (?=\w)")
"""How a person numbers what they think of, within running text too."""
_SPEAKER = re.compile(r"\**(?:user|human|ai|assistant|agent)\**: ", re.IGNORECASE)
_POINTING = re.compile(
    r"(?:(?:and|but|or|so),? )?(?:(?:why|how|what|when|where|who) )?"
    r"(?:is|are|was|were|does|do|did|can|could|would|should) (?:this|that|these|those|it|they)\b",
    re.IGNORECASE,
)
"""What asks about something that stood before it, and not beside it in a list."""
_DOUBTING = re.compile(
    r"(?:(?:and|but|or|so),? )?(?:(?:am|was) I|(?:do|did) I (?:not |just |really |even )*"
    r"(?:like|dislike|hate|love|feel|enjoy|mind|care|know|remember))\b",
    re.IGNORECASE,
)
"""What people ask themselves about themselves is no matter to look into."""
_UNSURE = re.compile(
    r"(?:(?:but|and|honestly),? )?(?:i (?:really )?(?:don['\u2019]t|do not) know|i['\u2019]m not sure|i have no idea"
    r"|not sure(?: yet)?|no idea(?: yet)?|we['\u2019]ll see)\b[^.]{0,30}[.!]*",
    re.IGNORECASE,
)


def asked_in(text: str) -> Iterator[str]:
    """Yield the questions on which a thought ends, or a step that is numbered in it.

    Where words follow a question, its writer went on to answer it.
    """
    if "?" not in text or text.startswith(tuple(_QUOTES)) or _SPEAKER.match(text):
        return
    for part in _STEP.split(text):
        said = reversed(list(sentences(part)))
        last = list(takewhile(lambda one: one.endswith("?") or _UNSURE.fullmatch(one), said))
        yield from (sentence(one) for one in reversed(last) if one.endswith("?") and _stands_alone(one))


def _stands_alone(text: str) -> bool:
    is_quoting = any(sign in text for sign in _QUOTES)
    is_bound = _POINTING.match(text) or _DOUBTING.match(text)
    return len(text.split()) >= _FEWEST_WORDS and not is_quoting and not is_bound
