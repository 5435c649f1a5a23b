"""In few words what an entry's own account tells; of a day with many accounts, those that the day was about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from session_journal.core import sections
from session_journal.core.entry import Entry
from session_journal.core.excerpts import cut_short, shortened
from session_journal.core.patterns import distinct
from session_journal.core.patterns.words import read_terms

_GIST = 110
_TURNS = re.compile(r"\s*\[t\d+(?:, ?t\d+)*\]")
_VERDICT = re.compile(r"[A-Z][a-z]+(?: [a-z]+)?: ")
_CHECKED = re.compile(r"\bpassed after the last edit\b")
_TOLD = {"what happened", "summary"}
_NO_ACCOUNT = ("<!--", "```", "|", "#", ">")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_SEVERAL = 3
_MOST_OF_DAY = 2


def gist_of(entry: Entry) -> str:
    """Return in few words what changed, "" where the title says it or nothing does."""
    told = _accounts(entry)
    if len(told) >= _SEVERAL:
        return _of_many(entry, told)
    text = told[0] if told else ""
    text = text.removeprefix(verdict[0] if (verdict := _VERDICT.match(text)) else "")
    parts = [part for part in text.split("; ") if not _CHECKED.search(part)]
    while len(parts) > 1 and len("; ".join(parts)) > _GIST:
        parts.pop()
    gist = cut_short("; ".join(parts), _GIST).rstrip(".")
    return "" if _is_told(gist, entry.title) else gist


def _accounts(entry: Entry) -> list[str]:
    """Return the first line of each account in an entry: one for a session, many for a day of imported work."""
    told = [part for part in sections.split(entry.body) if part.title.casefold() in _TOLD]
    first = [next((line.strip() for line in part.lines if line.strip()), "") for part in told]
    return [_TURNS.sub("", line.lstrip("-*+ ")) for line in first if line and not line.startswith(_NO_ACCOUNT)]


def _of_many(entry: Entry, told: Sequence[str]) -> str:
    """Return the accounts whose words the most others share: what the day was about, told once."""
    texts = [_SENTENCE.split(text, maxsplit=1)[0] for text in told]
    texts = [text for text in texts if not _is_told(text, entry.title) and not text.endswith(":")]
    terms = [frozenset(read_terms(text).weights) for text in texts]
    shared = Counter(term for one in terms for term in one)

    def weight(place: int) -> float:
        return sum(shared[term] - 1 for term in terms[place]) / (len(terms[place]) + 4)

    order = sorted(range(len(texts)), key=lambda place: (-weight(place), place))
    ranked = [texts[place] for place in order]
    best = [ranked[place] for place in distinct(ranked)[:_MOST_OF_DAY]]
    return "; ".join(shortened(text, _GIST).rstrip(".") for text in sorted(best, key=texts.index))


def _is_told(gist: str, title: str) -> bool:
    """Tell whether a title is the beginning of what would stand behind it: one that was cut ends in `…`."""
    start, cut, _ = title.partition(" …")
    return bool(cut) and _letters(gist).startswith(_letters(start))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
