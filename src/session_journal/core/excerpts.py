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
_SAYS_IT = 5
"""So many words of a whole sentence are worth more than half of a long one."""
_BRACKETS = re.compile(r"(?<=[^\W\d]|[`\"'.]) \((?!asked: )(?:[^()`]|`[^`]*`){8,}\)")
_ADDED = re.compile(
    r"(?:, | [\u2013\u2014-] )(?:which|where|while|whereas|with|including|such as|as well as|so that|rather than"
    r"|instead of|compared to|(?:\w+ly )?\w{3,}ing)\b|, and \w+(?:ed|ing)\b",
    re.IGNORECASE,
)
"""How a clause begins that adds to what was said; a reason is none."""
LIMITS = re.compile(
    r"\b(?:placeholders?|stub(?:s|bed)?|not|cannot|\w+n['\u2019]t|never|no|except|only|plan(?:s|ned|ning)"
    r"|partial(?:ly)?|mock(?:s|ed)?|without|but|though|however|unless|until|prototype|skeleton|simulat\w+|untested|yet"
    r"|because|since|fail\w*)\b",
    re.IGNORECASE,
)
"""What makes less of the matter than what stands before it says."""
_CLAUSE = re.compile(
    r"[;:] | [\u2013\u2014-] |,? (?:because|since|so that|so|when|where|while|if|which|but|by|after|before|until"
    r"|due to|instead of|rather than)\b|, and\b",
    re.IGNORECASE,
)
_PHRASE = re.compile(r", | (?:and|or|with|without|from|in|on|at|across|into|through|over)\b", re.IGNORECASE)
_OTHERS = re.compile(r", over \u201c[^()]*\u201d(?= \(|$)")
"""What was not chosen: the question that was asked says more."""
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
    """Return the first points that fit in `limit` characters; where none does, the first one made shorter."""
    if len(text) <= limit:
        return text
    kept = ""
    for one in points(text):
        if len(kept) + len(one) + 1 > limit:
            break
        kept = f"{kept} {one}".lstrip()
    return kept if len(kept.split()) >= _SAYS_IT else condensed(text, limit)


def condensed(text: str, limit: int) -> str:
    """Return a sentence in at most `limit` characters without what stands beside its matter.

    Brackets go first, then a clause at its end that only adds to it; what is longer still is cut before a phrase, and
    marked as cut.
    """
    if len(text) <= limit:
        return text
    whole = _OTHERS.sub("", text.rstrip("."))
    for found in reversed([*_BRACKETS.finditer(whole)]):
        if len(whole) > limit and not LIMITS.search(found.group()):
            whole = whole[: found.start()] + whole[found.end() :]
    for found in reversed([*_ADDED.finditer(whole)]):
        if len(whole) <= limit:
            break
        is_beside = found.start() > limit // 3 and _closed(whole[: found.start()])
        if is_beside and not LIMITS.search(whole, found.start()):
            whole = whole[: found.start()]
    return whole if len(whole) <= limit else _cut_at_phrase(whole, limit)


def _cut_at_phrase(text: str, limit: int) -> str:
    """Return the beginning of a text, cut where a clause ends, else a phrase, else between words."""
    short = cut_short(text, limit)
    for least, pattern in ((2 * limit // 3, _CLAUSE), (7 * limit // 8, _PHRASE)):
        ends = [found.start() for found in pattern.finditer(text, least, len(short)) if _closed(text[: found.start()])]
        if ends:
            return f"{text[: ends[-1]].rstrip(' ,;:')}\u2026"
    return short


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
