"""Secrets taken apart by what no reader sees, or written in letters as wide as a Chinese sign.

Whoever copies such a text, or strips such characters, has the secret again. So what stands around them is looked at as
it is seen, and what is found there is taken out with all that stands in it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache

from session_journal.core.areas import EDGE, NEAR, around, seen_from
from session_journal.core.key_blocks import BORDER
from session_journal.core.text import ANSI, CONTROL
from session_journal.core.verbatim import HIDING, WIDE_SIGNS, hiding, plain
from session_journal.core.wraps import Window

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from session_journal.core.areas import Part, Span
    from session_journal.core.wraps import Cut

_JOINERS = "\u200c\u200d\ufe0e\ufe0f"
_SIGN = f"[^\x00-\x7f{HIDING}│┃║→⎿…\uff00-\uffef\u0130\u0131\u017f\u212a]"
"""A sign or letter beyond ASCII that no pattern of a rule names, also not as the capital of one."""
_SHAPING = re.compile(f"(?<={_SIGN})[{_JOINERS}]|(?<={_SIGN}[{_JOINERS}])[{_JOINERS}]")
"""What shapes such a sign, an emoji for instance. It hides nothing: where a rule takes the sign it takes this, too."""
_CHANGED = re.compile(f"{re.escape(BORDER)}|{ANSI}|[{HIDING}\uff01-\uff5e]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ANY = re.compile(f"[{HIDING}{WIDE_SIGNS}]")
_JOINING = re.compile(f"(?<=[!-~\uff01-\uff5e\\s])[{WIDE_SIGNS}]")
"""A wide sign behind what rules know, whatever follows: a value has any signs. After a word of Chinese it is that
language's punctuation."""
_BORDER = BORDER.encode()
_IN_BORDER = len(_BORDER) - len(_BORDER.translate(None, CONTROL))
_CONTROLS = re.compile(re.escape(_BORDER) + b"|[" + re.escape(CONTROL) + b"]")
_FEW = 8
_as_seen = lru_cache(maxsize=1024)(plain)  # few signs stand in a text, each many times


def behind(
    text: str, data: bytes, known: list[Span], look: Callable[[str, bytes], list[Span]], *, every: bool
) -> list[Span]:
    """Return what `look` finds in a text as it is seen, around what is not seen.

    data: the text's ASCII form, each character at its place. known: what was found in the text as it is written: a
    secret can go on behind what is not seen. every: also what shapes a sign is looked at, for words to hide have signs.
    """
    places = _controls(data)
    if not text.isascii():
        places = sorted(places + _places(text, every=every))
    if not places:
        return []

    def seen(begin: int, end: int) -> list[Span]:
        window = Window(text, begin, end, cuts(text, begin, end))
        found = look(window.text, window.text.encode("ascii", "replace"))
        return [(*window.place(start, stop), rule) for start, stop, rule in found]

    parts = [(at, at) for at in places]
    return around(parts + _reaching(known, places), len(text), seen)


def cuts(text: str, begin: int, end: int) -> list[Cut]:
    """Return what a part of a text shows in another way than it is written, each with what is seen instead."""
    found = ((*one.span(), _as_seen(one[0])) for one in _CHANGED.finditer(text, begin, end) if one[0] != BORDER)
    return [cut for cut in found if cut[2] != text[cut[0] : cut[1]]]


def _places(text: str, *, every: bool) -> list[int]:
    """Return where in a text stands what may take a word apart."""
    chars = hiding(text)
    found: list[int] = []
    if len(chars) > _FEW:
        found = [one.start() for one in _ANY.finditer(text)]
    else:
        for char in chars:  # a character is found many times faster than one of several
            at = text.find(char)
            while at >= 0:
                found.append(at)
                at = text.find(char, at + 1)
    if not chars.isdisjoint(WIDE_SIGNS):
        found = [at for at in found if text[at] not in WIDE_SIGNS or _JOINING.match(text, at)]
    return found if every else [at for at in found if text[at] not in _JOINERS or not _SHAPING.match(text, at)]


def _controls(data: bytes) -> list[int]:
    """Return where control characters stand that are no border between texts."""
    controls = len(data) - len(data.translate(None, CONTROL))
    if not controls or controls == _IN_BORDER * data.count(_BORDER):
        return []
    return [one.start() for one in _CONTROLS.finditer(data) if one.end() == one.start() + 1]


def _reaching(known: list[Span], places: list[int]) -> list[Part]:
    """Return the long finds that may go on at one of these places."""
    parts = []
    for span in known:
        if span[2].finder or span[1] - span[0] >= NEAR - EDGE:
            begin, end = seen_from(span)
            at = bisect_left(places, begin - EDGE)
            if at < len(places) and places[at] <= end + EDGE:
                parts.append((begin, end))
    return parts
