"""What a person thinks, feels and is surprised by."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from session_journal.core import lazy_re as re
from session_journal.core import sections
from session_journal.core.entry import Entry
from session_journal.core.excerpts import points, sentence, sentences
from session_journal.core.items import Item, ItemKind
from session_journal.core.learnings import OWN
from session_journal.core.patterns import is_rule, is_standing
from session_journal.core.pointing import is_lost, looseness
from session_journal.rollups import prose
from session_journal.rollups.lessons import OPENING, strength
from session_journal.rollups.praise import is_praise
from session_journal.rollups.span import LONGEST

_FEWEST_THOUGHT = 10
_TOLD_MUCH = 2
_SURPRISING: tuple[ItemKind, ...] = ("discovery", "insight", "takeaway")
_SURPRISED = re.compile(
    r"\b(?:surpris\w+|unexpected(?:ly)?|turn(?:s|ed) out|did(?:n['\u2019]t| not) (?:realiz|realis|expect)\w*"
    r"|(?:just|only) (?:now )?(?:realiz|realis|notic)\w+|astonish\w+|who knew)\b",
    re.IGNORECASE,
)
_SUMMED = re.compile(
    r"\b(?:remember (?:this|that)|lessons?|realiz\w+|realis\w+|conclu\w+|in the end|ultimately|overall|all in all"
    r"|story|from now on|anymore|no longer|never again|most important(?:ly)?|the (?:main |real )?thing to \w+"
    r"|moral|justif(?:y|ies|ied))\b",
    re.IGNORECASE,
)
_IDEA = re.compile(
    r"\b(?:(?:an|this|the|one|my) idea|i (?:want|need|could|should|will|would)|i['\u2019](?:d|ll)|imh?o|tbh)\b",
    re.IGNORECASE,
)
_HUNG = re.compile(r"\W*(?:(?:some of )?(?:this|that|these|those)|it|they|he|she|also|so|then|as for)\b", re.IGNORECASE)
_TIED = re.compile(r"(?:and|but|or|so)\b", re.IGNORECASE)
_AGAINST = re.compile(r"(?:but|yet|however|then again|on the other hand|(?:al)?though(?! [^.,]+,))\b", re.IGNORECASE)
"""How a sentence begins that is half of a balance: alone it says more than its writer thinks."""
_HEDGED = re.compile(r"\b(?:i guess|maybe|perhaps|hopefully|not sure|probably)\b", re.IGNORECASE)
_REPORT = re.compile(
    r"\b(?:this|the) (?:implementation|commit|change|work|approach|fix|feature|session|investigation|resolution)\b",
    re.IGNORECASE,
)
_REFLECTING = re.compile(r"\b(?:reflect\w*|thoughts?|musings?)\b", re.IGNORECASE)
_BULLET = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)])\s")
_FEWEST_WORDS = 5
_LONG = 4
"""So many sentences make a thought a longer one."""


def is_surprise(item: Item) -> bool:
    """Tell whether an item is tagged as a surprise or, of what a person noted, tells of one."""
    if "#surprise" in item.text.casefold():
        return True
    return item.kind in _SURPRISING and not item.turns and _SURPRISED.search(item.text) is not None


def weight(text: str) -> int:
    """Return how much a reflection has to tell: what it explains, and what was felt."""
    return strength(text) + 2 * (prose.FEELING.search(text) is not None)


def reflections(entry: Entry, *, told: Callable[[str], bool] = lambda _: False) -> list[tuple[int, Item]]:
    """Return what a person thought, each reflection in the words that sum it up and with how much it has to tell.

    told: whether the page says something already.
    """
    found = []
    for heading, group in _groups(entry):
        is_meant = _REFLECTING.search(heading) is not None and len(group[0].text.split()) >= _FEWEST_THOUGHT
        said = list(_points(group))
        said = [one for one in said if not _AGAINST.match(one[0])] or said[:1]
        rated = [
            (_worth(text) - looseness(quote), place, quote)
            for place, (text, item) in enumerate(said)
            if not (told(text) or text.endswith("?"))
            if (quote := _around(text, item.text)) and not is_lost(quote, drafted=False)
        ]
        if rated and (is_meant or any(map(is_reflection, group))) and _is_own(" ".join(item.text for item in group)):
            worth, place, quote = max(rated)
            found.append((worth + min(_TOLD_MUCH, len(said) // _LONG), replace(said[place][1], text=quote)))
    return found


def _around(text: str, whole: str) -> str:
    """Return a point with those of its paragraph that fit beside it, the ones before it first; none hangs."""
    said = list(points(whole))
    first = said.index(text)
    last = first + 1
    said[first] = _led(text)
    while first and len(" ".join(said[first - 1 : last])) <= LONGEST:
        first -= 1
    while first + 1 < last and (_TIED.match(said[first]) or _HUNG.match(said[first])) and said[first] != _led(text):
        first += 1
    while last < len(said) and len(" ".join(said[first : last + 1])) <= LONGEST and len(said[last].split()) > 1:
        last += 1
    quote = " ".join(said[first:last])
    tie = _TIED.match(quote)
    return sentence(quote[tie.end() :].lstrip(" ,")) if tie else quote


def _led(point: str) -> str:
    """Return a point without a first sentence that merely goes on with what stood before it."""
    first, *rest = sentences(point)
    return " ".join(rest) if rest and _TIED.match(first) else point


def _groups(entry: Entry) -> Iterator[tuple[str, list[Item]]]:
    """Yield the thoughts of a person's entry with their headings: paragraphs under one together, each bullet alone."""
    thoughts = (
        [] if prose.is_drafted(entry) else [one for one in entry.items if one.kind == "insight" and not one.turns]
    )
    lines = entry.body.splitlines() if thoughts else []
    for section in sections.split(entry.body) if thoughts else ():
        own = [one for one in thoughts if section.first <= one.line < section.end]
        listed = [one for one in own if _BULLET.match(lines[one.line])]
        yield from (("", [one]) for one in listed)
        if prosaic := [one for one in own if one not in listed]:
            yield section.heading, prosaic


def _points(group: Sequence[Item]) -> Iterator[tuple[str, Item]]:
    """Yield the points of a thought that can stand alone; all of it where none can."""
    own = [item for item in group if not prose.is_reported(item.text)]
    found = [(text, item) for item in own for text in points(item.text)]
    whole = [pair for pair in found if not (pair[0].endswith((":", "...")) or prose.is_reported(pair[0]))]
    yield from [pair for pair in whole if len(pair[0].split()) >= _FEWEST_WORDS] or whole or found


def _worth(text: str) -> int:
    """Return how much a sentence sums up of a thought."""
    summed = 4 * (_SUMMED.search(text) is not None) + 2 * (_IDEA.search(text) is not None)
    personal = prose.ME.search(text) is not None
    weak = (_HUNG.match(text) is not None) + (_HEDGED.search(text) is not None)
    return summed + personal + weight(text) - 2 * weak


def _is_own(text: str) -> bool:
    """Tell whether a thought is its writer's: one of "this implementation" that says no I is a report."""
    return prose.ME.search(text) is not None or not (is_praise(text) or _REPORT.search(text))


def is_reflection(item: Item) -> bool:
    """Tell whether an item is what a person thinks or feels about the work, rather than a lesson from it."""
    text = item.text
    if item.kind != "insight" or item.turns or text.endswith(":") or prose.is_reported(text):
        return False
    is_bare = weight(text) < _TOLD_MUCH and len(text.split()) < _FEWEST_THOUGHT
    if is_bare or (text.endswith("?") and prose.is_asked(text) and len(list(sentences(text))) == 1):
        return False
    if OPENING.match(text) or prose.EXCLAIMED.match(text):
        return True
    opening = " ".join(islice(sentences(item.text), 2))
    is_lesson_too = not prose.is_asked(text) and (is_standing(text) or is_rule(text))
    return OWN.search(opening) is not None and not is_lesson_too
