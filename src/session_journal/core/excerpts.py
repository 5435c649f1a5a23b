"""Excerpts: a statement in fewer characters, cut where a reader would pause; code stays whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SENTENCE = re.compile(r"(?<=[.!?])(?<!e\.g\.)(?<!i\.e\.)(?<!etc\.)(?<!vs\.)\s+(?=[A-Z`*\"'(])")
_TURNING = re.compile(
    r"(?:however|but|though|although|yet|unfortunately|nevertheless|nonetheless|except|that said|then again"
    r"|on the other hand|even so)\b",
    re.IGNORECASE,
)
"""How a sentence begins without which the one before it says something else."""
_DANGLING_WORDS = """
    a an the and or but of to in into with without which that from by for on at as is are was were now since because
    where when rather than its
"""
_DANGLING = frozenset(_DANGLING_WORDS.split())
"""Words that say nothing at the end of what was cut."""
_CUT = re.compile(r"\s+[-\u2013\u2014]\s+|;\s|\.\s|\s\(|:\s")


def sentence(text: str) -> str:
    """Return a statement with a capital letter, where it begins with a plain word."""
    return text[:1].upper() + text[1:] if text[:1].islower() and text.split(" ", 1)[0].rstrip(",;:").isalpha() else text


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text in one line."""
    yield from filter(None, _SENTENCE.split(text.strip()))


def points(text: str) -> Iterator[str]:
    """Yield the sentences of a text, with each the one that turns it: `It works. But only once.` is one point."""
    said = ""
    for one in sentences(text):
        if said and not _TURNING.match(one):
            yield said
            said = ""
        said = f"{said} {one}".lstrip()
    if said:
        yield said


def in_sentences(text: str, limit: int) -> str:
    """Return the first points that fit in `limit` characters; where that is little, its beginning, marked as cut."""
    if len(text) <= limit:
        return text
    kept = ""
    for one in points(text):
        if len(kept) + len(one) + 1 > limit:
            break
        kept = f"{kept} {one}".lstrip()
    return kept if len(kept) >= limit // 2 else cut_short(text, limit)


def shortened(text: str, limit: int) -> str:
    """Return a statement in at most `limit` characters: cut where a clause ends, or between words; code stays whole."""
    if len(text) <= limit:
        return sentence(text)
    cuts = [
        found.start()
        for found in _CUT.finditer(text)
        if limit // 4 < found.start() <= limit and _closed(text[: found.start()])
    ]
    if cuts:
        return sentence(text[: cuts[-1]])
    return sentence(cut_short(text, limit))


def cut_short(text: str, limit: int) -> str:
    """Return text in at most `limit` characters, cut between words, none of them left dangling; code stays whole."""
    if len(text) <= limit:
        return text
    short = text[: limit - 1].rpartition(" ")[0] or text[: limit - 1]
    if not _closed(short):
        short = short.rpartition("`")[0].rstrip() or short
    words = short.rstrip(" ,;:").split(" ")
    while len(words) > 1 and words[-1].casefold().strip(",;:(") in _DANGLING:
        words.pop()
    return " ".join(words).rstrip(" ,;:(") + "\u2026"


def _closed(text: str) -> bool:
    return text.count("`") % 2 == 0
