"""Secrets that something broke: a terminal at its width, a box around the text, JSON escapes among the characters."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from session_journal.core.rules import Rule

    Cut = tuple[int, int, str]

_NARROWEST = 40
"""How long a line must be for its end to count as a terminal's edge."""
_AROUND = 260
_WIDER, _WIDEST = 5, 33_000
_BREAK = re.compile(
    r"[ \t]{0,8}(?:(?:[│┃║|]|\\{1,2}u25[05][0-9a-f])[ \t]{0,4})?(?:\r?\n|\\(?:\r?\n)|(?:\\r)?\\n)"
    r"(?:[+-](?=[│┃║|]))?[ \t]{0,40}(?:(?:[│┃║|>⎿*+-]|#{1,6}|//|\\{1,2}u25[05][0-9a-f])[ \t]{1,8}){0,3}[+-]?"
)
_BAR = re.compile(r"[ \t]{0,8}\\{1,2}u25[05][0-9a-f][ \t]{0,4}\Z")
_ESCAPE = re.compile(r"\\(?:u00([2-7][0-9a-fA-F])|x([2-7][0-9a-fA-F])|/)")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./+=~@:%"
"""What tokens, keys and addresses are made of."""

_TOKEN, _TOKENS = frozenset(LETTERS), LETTERS.encode()
_FRAME = frozenset(" \t\r\n\\│┃║|>⎿#*")
_SHORTEST = 20
_FIRST = re.compile(r"[A-Za-z0-9_./+=~:-]{1,80}")
_GUTTER = re.compile(r"[0-9]{1,6}(?:→|\t|\\t)")
_SEEN = re.compile(rb"\\(?:u00[2-7]|x[2-7]|/)")
_SIGN = re.compile(r"[0-9+=]")
_MIXED = re.compile(r"[a-z][A-Z][A-Za-z]{0,20}?[a-z][A-Z]")
_JOINTS = {"=", ":", "("}
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./+=~:"
_DRAWN = bytes(
    97 if code in _LETTERS else 99 if code in b"@%" else 10 if code == 10 else 98 if code in b" \t\r?|>\\#*" else 32
    for code in range(256)
)
_AFTER = rb"b{0,60}(?:a{1,2}b{1,60}|a{5}b{1,60}){0,4}"
"""What a line's margin is drawn as: blanks, a few signs such as `-` and `//`, the code of a box's edge."""
_BEFORE = rb"(?:ab)?b{0,40}"
"""The same before a run that is long by itself: at most one sign, or what no token is part of would seem broken."""
_END = re.compile(
    rb"\n(?<=[ab]\n)(?<=[^\n]{40}\n)(?=b{0,60}a)(?:(?<=[ac]{5}a{10}\n)|(?<=a{10}\n)" + _AFTER + rb"a{6}"
    rb"|" + _BEFORE + rb"a{15}|(?:(?<=[ac]{5}\n)|(?<=b\n))" + _BEFORE + rb"a{10}|(?<=bb\n)(?P<edge>))"
)
_IN, _FRAMED = rb"[A-Za-z0-9_./+=~:@%-]", rb"[ \t\r?|>#*]"
_ESCAPED_END = re.compile(
    rb"\\n(?<=[A-Za-z0-9_./+=~:@%\- \t\r?|>#*]\\n)(?<=[^\n]{40}\\n)(?:(?<="
    + _IN
    + rb"{15}\\n)()|(?<="
    + _IN
    + rb"{10}\\n)()"
    rb"|(?<=" + _IN + rb"{5}\\n)()|(?:(?<=" + _FRAMED + rb"\\n)|(?<=u25[05][0-9a-f]\\n))()|)"
    rb"(?=[+-]?[ \t]{0,40}+(?:(?:[?|>*+-]|#{1,6}|//|\\{1,2}u25[05][0-9a-f])[ \t]{1,8}+){0,3}[+-]?"
    rb"(?(1)" + _IN + rb"|(?(2)" + _IN + rb"{6}|(?(3)" + _IN + rb"{11}|(?(4)" + _IN + rb"|" + _IN + rb"{16})))))"
)
"""The same of ends of lines that are written as two characters."""
_MARGIN_AT_MOST = 12
_EDGES = (" |", " │")
_MARGIN = " \t\r\\│┃║|"


class Window:
    """A part of a text as it was before it was broken; `breaks` are the places where it was."""

    __slots__ = ("_ends", "_pieces", "breaks", "goes_on", "text")

    def __init__(self, whole: str, begin: int, end: int, cuts: list[Cut]) -> None:
        self.goes_on = end < len(whole)
        self.breaks: list[int] = []
        self._pieces: list[tuple[int, int, int, int]] = []  # from, to in the window; from, to in the text
        parts, at, length = [], begin, 0
        for start, stop, instead in [*cuts, (end, end, "")]:
            parts += [whole[at:start], instead]
            self._add(length, length + start - at, at, start)
            length += start - at
            self.breaks.append(length)
            self._add(length, length + len(instead), start, stop)
            length += len(instead)
            at = stop
        self.breaks.pop()
        self._ends = [piece[1] for piece in self._pieces]
        self.text = "".join(parts)

    def _add(self, start: int, end: int, first: int, last: int) -> None:
        if end > start:
            self._pieces.append((start, end, first, last))

    def broken(self, start: int, end: int) -> list[int]:
        """Return the breaks inside a part of the window."""
        return self.breaks[bisect_left(self.breaks, start) : bisect_left(self.breaks, end)]

    def end_of(self, start: int, end: int, rule: Rule) -> int:
        """Return where a match ends that a line's end may have led too far: into the first word of the next line."""
        for at in reversed(self.broken(start, end)):
            goes_on = self.text[end : end + 9].strip()[:1] not in _JOINTS and looks_broken(self.text[at:end])
            if goes_on or at <= start or not rule.pattern or not rule.regex().fullmatch(self.text, start, at):
                break
            end = at
        return end

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return where a part of the window stands in the text, with all that broke it."""
        first = self._pieces[bisect_right(self._ends, start)]
        last = self._pieces[bisect_left(self._ends, end)]
        begin = first[2] + start - first[0] if first[1] - first[0] == first[3] - first[2] else first[2]
        return begin, last[2] + end - last[0] if last[1] - last[0] == last[3] - last[2] else last[3]


def line_breaks(text: str, data: bytes) -> list[Cut]:
    """Return the ends of lines that may stand in the middle of a token: long runs of letters on one of its sides.

    data: the text's ASCII form, each character at its place.
    """
    wide = [*_ends(text, data)]
    if b"\\n" in data:
        ends = (found.start() for found in _ESCAPED_END.finditer(data))
        wide += [at for at in ends if data.rfind(b"\\n", max(0, at - _NARROWEST - 1), at) < 0]
    return [cut for at in wide if (cut := _cut(text, data, at))]


def _ends(text: str, data: bytes) -> Iterator[int]:
    """Yield where a wide line ends in or before a long run, or at a box's edge before any."""
    for found in _END.finditer(data.translate(_DRAWN)) if b"\n" in data else ():
        at = found.start()
        if found.lastgroup is None or text[at - 2 : at] in _EDGES:
            yield at


def _cut(text: str, data: bytes, newline: int) -> Cut | None:
    """Return the break at this line's end if what stands on both sides of it looks like one token."""
    near = text[max(0, newline - 92) : newline]
    token = near.rstrip(_MARGIN)
    if "u25" in near[-10:] and (bar := _BAR.search(near, max(0, len(near) - 20))):
        token = near[: bar.start()]
    elif len(near) - len(token) > _MARGIN_AT_MOST:
        return None
    begin = newline - len(near) + len(token)
    before = data[begin - len(token) : begin]
    piece = before[len(before.rstrip(_TOKENS)) :].decode()
    if not piece or _is_path(piece):
        return None
    found = _BREAK.match(text, begin)
    after = _FIRST.match(text, found.end(), found.end() + 80) if found and found.end() > newline else None
    if found is None or after is None:
        return None
    piece += after[0]
    if len(piece) < _SHORTEST or _is_path(piece) or not looks_broken(piece):
        return None  # too short, a path, or words
    if _GUTTER.match(text, found.end()):
        return None  # a listing with line numbers does not break its lines
    line = max(text.rfind("\n", max(0, begin - 400), begin), text.rfind("\\n", max(0, begin - 400), begin) + 1)
    return (begin, found.end(), "") if begin - line > _NARROWEST else None


def _is_path(piece: str) -> bool:
    return "/" in piece and ("." in piece or "_" in piece)


def unbroken(text: str) -> Iterator[tuple[str, str]]:
    """Yield text in pieces, each with the break behind it that may stand in the middle of a token, "" for the last."""
    at = 0
    for start, stop, _ in sorted(line_breaks(text, text.encode("ascii", "replace"))) if "\n" in text else ():
        if start >= at and "\n" in text[start:stop]:
            yield text[at:start], text[start:stop]
            at = stop
    yield text[at:], ""


def with_signs(text: str, cuts: list[Cut]) -> list[Cut]:
    """Return the breaks with the + or - that ends one: of a diff's line it is no part, of a token it may be."""
    return [(start, stop, text[stop - 1]) if text[stop - 1] in "+-" else (start, stop, by) for start, stop, by in cuts]


def is_torn(text: str, newline: int) -> bool:
    """Tell whether a line's end may stand in the middle of something that has no ends of lines: a key, a token."""
    last, after = newline, newline + 1
    while last > 0 and text[last - 1] in _FRAME and newline - last < 12:
        last -= 1
    while after < len(text) and text[after] in _FRAME and after - newline < 60:
        after += 1
    before, rest = last, after
    while before > 0 and text[before - 1] in _TOKEN and last - before < 12:
        before -= 1
    while rest < len(text) and text[rest] in _TOKEN and rest - after < 12:
        rest += 1
    return before < last and rest > after and (last - before > 9 or rest - after > 9)


def escapes(text: str, data: bytes) -> list[Cut]:
    """Return the escapes that stand for one printable character, each with that character."""
    found: list[Cut] = []
    for seen in _SEEN.finditer(data):
        at = seen.start()
        escape = _ESCAPE.match(text, at)
        if escape:
            code = escape[1] or escape[2]
            start = at - 1 if text[at - 1 : at] == "\\" else at
            found.append((start, escape.end(), chr(int(code, 16)) if code else "/"))
    return found


def groups(cuts: list[Cut], known: frozenset[Cut] = frozenset()) -> Iterator[list[Cut]]:
    """Yield the breaks of a text, those together that lie close to each other.

    known: breaks that were looked at; a group that has no others is left out.
    """
    group: list[Cut] = []
    for cut in cuts:
        if group and cut[0] - group[-1][1] > 2 * _AROUND:
            if not known.issuperset(group):
                yield group
            group = []
        group.append(cut)
    if not known.issuperset(group):
        yield group


def apart(cuts: list[Cut]) -> list[Cut]:
    """Return breaks in order, without those that begin in another one."""
    found: list[Cut] = []
    for cut in sorted(set(cuts)):
        if not found or cut[0] >= found[-1][1]:
            found.append(cut)
    return found


def windows(text: str, group: list[Cut], cuts: list[Cut], begins: Mapping[int, int]) -> Iterator[Window]:
    """Yield the text around a group of breaks, whole again: for a secret that goes over its end, ever more of it.

    cuts: all breaks of the text. begins: where what was found long before a break begins, by its end.
    """
    begin = min(group[0][0] - _AROUND, *(begins.get(cut[0], cut[0]) - _NARROWEST for cut in group))
    sight, end = _AROUND, 0
    while sight <= _WIDEST and end < len(text):
        end = min(len(text), group[-1][1] + sight)
        last = bisect_left(cuts, (end,))
        inside = cuts[bisect_left(cuts, (max(0, begin),)) : last]
        if inside and inside[-1][1] > end:
            end = inside[-1][1]
        yield Window(text, max(0, begin), end, inside)
        sight *= _WIDER


def looks_broken(piece: str) -> bool:
    """Tell whether what stands after a break can be the rest of a secret and is no word of its own."""
    return (
        _SIGN.search(piece) is not None
        or (len(piece) >= 16 and piece.isalnum())
        or _MIXED.search(piece) is not None
        or (piece.isalnum() and not (piece.islower() or piece.isupper() or piece[1:].islower()))
    )
