"""In few words what an entry's own account tells; of a day with many accounts, those that the day was about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from math import sqrt

from session_journal.core import sections
from session_journal.core.entry import Entry
from session_journal.core.excerpts import cut_short, sentence, sentences
from session_journal.core.patterns import distinct
from session_journal.core.patterns.words import read_terms
from session_journal.rollups.pieces import accounts, first_line, letters
from session_journal.rollups.prose import is_drafted

_GIST = 110
_ACCOUNT = 160
_TURNS = re.compile(r"\s*\[t\d+(?:, ?t\d+)*\]")
_VERDICT = re.compile(r"[A-Z][a-z]+(?: [a-z]+)?: ")
_CHECKED = re.compile(r"\bpassed after the last edit\b")
_DANGLING = re.compile(r"(?:this|that|these|those|it(?! (?:was|ended)\b)|s?he|they)\b", re.IGNORECASE)
"""What a draft took over without what it speaks of."""
_ABOUT = "Context"
_PRAISE = re.compile(r",? (?:ensuring|making|establishing|enabling|demonstrating|improving) .*$")
_ASIDE = re.compile(r"(?<=[^\n]{60}), (?:\w+ing|where|which|so that|with) .*$")
"""What is said of the work beside what it was: what it is good for, and more of it."""
_CLAUSE = re.compile(r" \(| [\u2013\u2014-] |\. (?=[A-Z])|; ")
_FEWEST = 2
_FEW_TERMS = 8
_TOLD_AGAIN = 0.2
"""What a word is worth in a second account: little, for the day was about it already."""


def gist_of(entry: Entry) -> str:
    """Return in few words what changed, "" where the title says it or nothing does.

    Where a person tells no more than what it was about, that stands for it.
    """
    told = accounts(entry)[:1]
    text = _TURNS.sub("", told[0].text) if told else _subject(entry)
    text = text.removeprefix(verdict[0] if (verdict := _VERDICT.match(text)) else "")
    parts = [part for part in text.split("; ") if not _CHECKED.search(part) and not _DANGLING.match(part)]
    while len(parts) > 1 and len("; ".join(parts)) > _GIST:
        parts.pop()
    gist = _clipped("; ".join(parts)).rstrip(".")
    return "" if is_told(gist, entry.title) else gist


def _subject(entry: Entry) -> str:
    parts = () if is_drafted(entry) else sections.split(entry.body)
    return next((first_line(part) for part in parts if part.title == _ABOUT), "")


def _clipped(text: str) -> str:
    """Cut a long account where an aside begins, else between words."""
    if len(text) <= _GIST:
        return text
    asides = [found.start() for found in _CLAUSE.finditer(text, _GIST // 3, _GIST + 1)]
    return text[: asides[-1]] if asides and text[: asides[-1]].count("`") % 2 == 0 else cut_short(text, _GIST)


def pieces_of(entry: Entry, most: int) -> tuple[list[str], int]:
    """Return what the day was about, the main thing first, and how many accounts it has."""
    told = accounts(entry)
    texts = [_without(_PRAISE, next(sentences(one.text), "")) for one in told]
    kept = [place for place in distinct(texts) if texts[place] and not texts[place].endswith(":")]
    most = min(most, max(_FEWEST, (len(told) + 1) // 2))
    chosen = _covering([texts[place] for place in kept], [told[place].size for place in kept], most)
    order = sorted(chosen) if len(chosen) == len(kept) else [*chosen[:1], *sorted(chosen[1:])]
    return [_brief(texts[kept[place]]) for place in order], len(told)


def count_pieces(entry: Entry) -> int:
    """Return how many pieces of work an entry tells of: a session is one, a day of imported notes may be many."""
    return 1 if is_drafted(entry) else max(1, len(accounts(entry)))


def _without(aside: re.Pattern[str], text: str) -> str:
    """Return a text without an aside at its end; code stays whole."""
    short = aside.sub("", text)
    return short if short.count("`") % 2 == 0 else text


def _brief(text: str) -> str:
    if len(text) > _GIST:
        text = _without(_ASIDE, text)
    return sentence(cut_short(text, _ACCOUNT)).rstrip(".")


def is_told(gist: str, title: str) -> bool:
    """Tell whether a title says what would stand behind it, or its beginning: one that was cut ends in `…`."""
    start, cut, _ = title.partition(" …")
    said = letters(gist)
    return said == letters(title) or (bool(cut) and said.startswith(letters(start)))


def is_cut(entry: Entry) -> bool:
    """Tell whether an entry's title is no more than one of its accounts, or the cut beginning of one."""
    return any(is_told(one.text, entry.title) for one in accounts(entry))


def whole_title(entry: Entry) -> str:
    """Return an entry's title or, where it was cut from something that a person noted, the sentence that it begins."""
    if " …" not in entry.title or is_drafted(entry):
        return entry.title
    said = (next(sentences(item.text), "") for item in entry.items)
    return next((_brief(text) for text in said if is_told(text, entry.title)), entry.title)


def _covering(texts: Sequence[str], sizes: Sequence[int], most: int) -> list[int]:
    """Return the places of texts that together tell most of what was worked on; long accounts stand for long work."""
    terms = [frozenset(read_terms(text).weights) for text in texts]
    shared = Counter(term for one in terms for term in one)
    mean = sum(sizes) / len(sizes) if sizes else 1
    chosen: list[int] = []
    told: set[str] = set()

    def worth(place: int) -> float:
        gain = sum(shared[term] * (_TOLD_AGAIN if term in told else 1) for term in terms[place])
        return gain / (len(terms[place]) + _FEW_TERMS) * min(2.0, sqrt(sizes[place] / mean))

    while len(chosen) < min(most, len(texts)):
        best = max((place for place in range(len(texts)) if place not in chosen), key=worth)
        chosen.append(best)
        told |= terms[best]
    return chosen
