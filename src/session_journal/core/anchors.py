"""Where the words that go with secrets stand in a long text: looked for by a rare letter of each.

A text is passed once for each of these letters instead of once for each word, and what stands behind a word is looked
at on the way. What is found here is looked at again by core/rule_index.py: too much costs time, too little a secret.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from session_journal.core.rule_index import SIGNS
from session_journal.core.rules import Rule

_RARE = b"qkbgpmcu"
_SIGN = b"[" + re.escape(SIGNS) + b"]"
_NO_SIGN = b"[^" + re.escape(SIGNS) + b"]{0,19}"
_NO_COUNT = rb"(?!s?\":[ 0-9]{0,15}[,}])"


class Anchored:
    """Words, each by the letter it is looked for by, and what tokens begin with, by the dash before it."""

    __slots__ = ("_dashed", "_patterns")

    def __init__(self, words: Mapping[bytes, Sequence[Rule]], heads: Iterable[bytes]) -> None:
        groups: dict[int, list[bytes]] = {}
        for word in words:
            groups.setdefault(_anchor(word), []).append(word)
        self._patterns = [
            (re.compile(_pattern(letter, group, words), re.DOTALL), [(word, word.index(letter)) for word in group])
            for letter, group in groups.items()
        ]
        rests: dict[bytes, list[bytes]] = {}
        for head in heads:
            rests.setdefault(head[:1], []).append(re.escape(head[1:]))
        ways = (re.escape(first) + b"(?:" + b"|".join(rest) + b")" for first, rest in rests.items())
        self._dashed = re.compile(b"-(?=" + b"|".join(ways) + b")")

    def places(self, lowered: bytes) -> Iterator[tuple[int, bytes]]:
        """Yield where words stand that a rule may want, those of each word in order."""
        for pattern, group in self._patterns:
            for found in pattern.finditer(lowered):
                for word, shift in group[(found.lastindex or 1) - 1 :]:
                    at = found.start() - shift
                    if at >= 0 and lowered.startswith(word, at):
                        yield at, word

    def dashed(self, data: bytes) -> list[int]:
        """Return where a token may begin after a dash."""
        return [found.end() for found in self._dashed.finditer(data)]


def _anchor(word: bytes) -> int:
    return next((letter for letter in _RARE if letter in word), word[0])


def _pattern(letter: int, group: Sequence[bytes], words: Mapping[bytes, Sequence[Rule]]) -> bytes:
    """Return the pattern of words that have one letter; which of them it was is the number of its group."""
    ways = []
    for word in group:
        at = word.index(letter)
        before = b"(?<=" + re.escape(word) + b")" if at else b""
        wanted = dict.fromkeys(_wanted(rule, re.escape(word)) for rule in words[word])
        # What follows the letter comes first: most words are told by it that are others.
        ways.append(
            re.escape(word[at + 1 :]) + before + (b"" if b"" in wanted else b"(?:" + b"|".join(wanted) + b")") + b"()"
        )
    return re.escape(bytes((letter,))) + b"(?:" + b"|".join(ways) + b")"


def _wanted(rule: Rule, word: bytes) -> bytes:
    """Return what has to stand around a word for a rule to look closer."""
    after = b"(?=" + b"|".join(map(re.escape, rule.after)) + b")" if rule.after else b""
    if not rule.assigned:
        return after
    return after + _NO_COUNT + b"(?=" + _NO_SIGN + _SIGN + b")|(?<=-" + word + b")|(?=.{0,6} is)"
