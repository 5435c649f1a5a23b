"""Asked: the questions that a person left open in what they thought of the work, where no section is for them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from session_journal.core import lazy_re as re
from session_journal.core.excerpts import sentence, sentences
from session_journal.core.items import ItemKind
from session_journal.core.patterns.words import is_everyday, read_terms

KIND: ItemKind = "insight"
"""The items in which people think aloud."""
_FEWEST_WORDS = 6
QUOTES = '"\u201c\u201d'
STEP = re.compile(r"(?:^|\s)\d{1,2} ?[-.)] (?=\w)")
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


_LEFT_OPEN = re.compile(
    r"\b(?:watch (?:this|that|it|for)|keep an eye|look into|find out|figure (?:it |this |that )?out|to be seen"
    r"|(?:think|decide) (?:about|on) (?:it|this|that))\b",
    re.IGNORECASE,
)
"""How a thought ends that goes on after its question and still leaves it open."""


def asked_in(text: str) -> Iterator[str]:
    """Yield the questions on which a thought ends, or a step that is numbered in it.

    Where words follow a question, its writer went on to answer it, unless the last of them leave it open.
    """
    if "?" not in text or text.startswith(tuple(QUOTES)) or _SPEAKER.match(text):
        return
    for part in STEP.split(text):
        said = list(sentences(part))
        is_left = said and _LEFT_OPEN.search(said[-1])
        last = said if is_left else [*takewhile(_is_unanswered, reversed(said))][::-1]
        yield from (sentence(one) for one in last if one.endswith("?") and _stands_alone(one))


_SOUGHT = re.compile(
    r"\b(?:what|which)\s+(?:of )?(?:(?:are|is|were|was|kinds? of|other) )?(?:the |my |our |those |these )?"
    r"(?P<thing>(?:[\w/-]+ ){0,2}?[\w/-]+)"
    r"(?=\s+(?:I|we|you|one|should|do|does|did|to|that|can|could|is|are|would|must|will)\b|\?)",
    re.IGNORECASE,
)
"""What a question wants to have named."""
_ANSWERING = re.compile(
    r"^(?:(?:so|ok|okay|well|maybe|now),? )*"
    r"(?:i (?:think|guess|believe|suppose)|i['\u2019]ll go with|i(?:['\u2019]ve)? decided"
    r"|(?:the|my) answer|probably|let['\u2019]s|it['\u2019]ll be|answer:)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(r"\b(?:those|these) ((?:[\w/-]+ ){0,3}[\w/-]+)", re.IGNORECASE)
"""How a person speaks of what they have just named."""
_SHARED = 2


def answers(question: str, text: str) -> bool:
    """Tell whether what a person wrote after a question answers it.

    It lists what was asked for, points at it, or says what they think, and has other words of the question too.
    """
    if text.rstrip().endswith("?"):
        return False
    mine, sought = _telling(question), _SOUGHT.search(question)
    shared = mine & _telling(text)
    last = next(iter(_telling(sought["thing"].split()[-1])), "") if sought else ""
    listed = [*sentences(text)][-1:] if text.rstrip().endswith(":") else []
    named = [match[1] for match in _NAMED.finditer(text)]
    if last and any(last in _telling(one) for one in (*listed, *named)):
        return len(shared) >= _SHARED
    is_told = any(map(_ANSWERING.match, sentences(text)))
    return is_told and len(shared) >= max(_SHARED, len(mine) // 2)


def _telling(text: str) -> frozenset[str]:
    return frozenset(term for term in read_terms(text).weights if not is_everyday(term))


def _is_unanswered(text: str) -> bool:
    return text.endswith("?") or _UNSURE.fullmatch(text) is not None


def _stands_alone(text: str) -> bool:
    is_quoting = any(sign in text for sign in QUOTES)
    is_bound = _POINTING.match(text) or _DOUBTING.match(text)
    return len(text.split()) >= _FEWEST_WORDS and not is_quoting and not is_bound
