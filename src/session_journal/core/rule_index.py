"""Where rules find something in a text, without running a pattern over it.

Fast because of what it does not do: no pattern runs over a text. The text's ASCII form is searched for keywords and for
long runs of letters and digits, and a rule's pattern is tried only there.
"""

from __future__ import annotations

from itertools import accumulate, pairwise

from session_journal.core.rules import Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from session_journal.core.anchors import Anchored
    from session_journal.core.wraps import Cut, Window

    Span = tuple[int, int, Rule]
    Near = tuple[bytes, int]

_SHORT, _NARROW = 4_000, 40  # a short text, a narrow line
_SHORTEST = 18  # the shortest token, but for two slashes at its break
_MARGIN = b" \t\r?|>+-#*/"
_RUN = b"a" * 16 + b" "
SIGNS = b":=>\"'`"
"""What can stand between a word and the value that is assigned to it."""
_COUNTS, _ENDS = (b's":', b'":'), (b",", b"}")
_DOTS = frozenset((b".", b"~", b":", b"\\"))
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
_RUNS = bytes(97 if code in _ALPHABET else 32 for code in range(256))
_DIGITS = bytes(
    100 if code in b"0123456789" else 115 if code in b" .-/()" else 85 if 65 <= code <= 90 else 120
    for code in range(256)
)


class Index:
    """Rules by what they are found by."""

    __slots__ = (
        "_anchored",
        "_behind",
        "_dashed_heads",
        "_dotted",
        "_far",
        "_heads",
        "_near",
        "_order",
        "_seen",
        "_shapes",
        "_signs",
        "_tails",
        "_words",
        "kinds",
    )

    def __init__(self, rules: Sequence[Rule], *, unseen: bool = False) -> None:
        """Take the rules; unseen: also look for what unseen characters and wide letters keep from them."""
        self._signs = not all(rule.pattern.isascii() for rule in rules)
        self._behind = None
        if unseen:
            from session_journal.core.unseen import behind  # noqa: PLC0415 - needs `re`, see Rule.regex

            self._behind = behind
        self._order = {rule: number for number, rule in enumerate(rules)}
        self.kinds = [rule.kind for rule in rules]
        self._heads: dict[bytes, list[tuple[bytes, Rule]]] = {}
        self._dotted: dict[bytes, Rule] = {}
        self._words: dict[bytes, list[Rule]] = {}
        self._shapes: dict[bytes, list[Rule]] = {}
        self._seen = [(rule.seen.lstrip(b"\\")[:1], rule) for rule in rules if rule.seen]
        for rule in rules:
            for shape in rule.shapes:
                self._shapes.setdefault(shape, []).append(rule)
            for keyword in (word.encode("ascii", "replace") for word in rule.keywords):
                if not rule.token:
                    self._words.setdefault(keyword.lower(), []).append(rule)
                elif keyword[-1] not in _ALPHABET:
                    self._dotted[keyword] = rule
                else:
                    self._heads.setdefault(keyword[:3], []).append((keyword, rule))

        self._near = {
            word: (rules[0].near, max(rule.reach for rule in rules) + len(word))
            for word, rules in self._words.items()
            if rules[0].near and all(rule.near == rules[0].near for rule in rules)
        }
        self._far = {word: rules for word, rules in self._words.items() if word not in self._near}
        self._tails = frozenset(end[-2:] for end in self._dotted)
        self._dashed_heads = frozenset(head.partition(b"-")[0] for head in self._heads)
        self._anchored: Anchored | None = None

    def spans(self, text: str) -> list[Span]:
        """Return all that the rules find, in no order; also what a line's end or an escape stands in."""
        data = text.encode("ascii", "replace")
        found = self._whole(text, data)
        return found + self._behind(text, data, found, self._whole, every=self._signs) if self._behind else found

    def _whole(self, text: str, data: bytes) -> list[Span]:
        """Return what the rules find, also what a line's end or an escape stands in."""
        found = self._find(text, data)
        if not _may_be_broken(data):
            return found
        from session_journal.core.wraps import escapes, line_breaks  # noqa: PLC0415 - needs `re`, see Rule.regex

        cuts = line_breaks(text, data) + escapes(text, data)
        return found + self._broken(text, cuts, found) if cuts else found

    def merged(self, spans: Iterable[Span]) -> list[Span]:
        """Return spans in order and apart; of those that overlap, the first rule names what all of them cover."""
        apart: list[Span] = []
        for start, end, rule in sorted(spans, key=lambda span: (span[0], self._order[span[2]])):
            if apart and start < apart[-1][1]:
                begin, last, first = apart.pop()
                apart.append((begin, max(last, end), min(first, rule, key=self._order.__getitem__)))
            else:
                apart.append((start, end, rule))
        return apart

    def _find(self, text: str, data: bytes) -> list[Span]:
        found = self._by_words(text, data)
        if self._shapes:
            found += self._by_shapes(text, data)
        for sign, rule in self._seen:
            if sign in data:
                found += _by_pattern(rule, text, data)
        return found + self._by_runs(text, data)

    def _by_runs(self, text: str, data: bytes) -> list[Span]:
        """Return the tokens in long runs of letters: where a run begins, after an escape's letter, after a dash."""
        found: list[Span] = []
        runs = data.translate(_RUNS)
        long = _long_runs(runs)
        if not long:
            return found
        begins = [at for at in long if data[at : at + 3] in self._heads or data[at - 1 : at] in _DOTS]
        for at in begins:
            if data[at - 1 : at] in _DOTS:
                found += self._behind_sign(text, data, at)
        stop, end, is_long = -1, 0, False
        for at in sorted({*(at for at in begins if data[at : at + 3] in self._heads), *self._dashed(data)}):
            if at >= stop:
                begin = runs.rfind(b" ", max(stop, 0), at)
                stop = runs.find(b" ", at)
                stop = len(runs) if stop < 0 else stop
                end, is_long = at, stop - begin >= len(_RUN)
            for span in self._head(text, data, at) if is_long and at >= end else ():
                found.append(span)
                end = max(end, span[1])
        return found

    def _dashed(self, data: bytes) -> list[int]:
        """Return where a token may begin after a dash."""
        if len(data) > _SHORT:
            return self._anchors().dashed(data)
        heads, parts = self._dashed_heads, data.split(b"-")
        numbers = [number for number, part in enumerate(parts) if number and part[:3] in heads]
        ends = list(accumulate(map(len, parts))) if numbers else []
        return [ends[number - 1] + number for number in numbers]

    def _behind_sign(self, text: str, data: bytes, at: int) -> Iterator[Span]:
        """Yield the tokens of which a run of letters is the rest, or all but the first letter, an escape's."""
        if data[at - 1 : at] == b"\\":
            yield from self._head(text, data, at + (5 if data.startswith(b"u00", at) else 1))
        elif data[at - 2 : at] in self._tails or data[at - 1 : at] in self._tails:
            for prefix, rule in self._dotted.items():
                if data.endswith(prefix, 0, at):
                    yield from filter(None, [_match(rule, text, at - len(prefix), at)])

    def _head(self, text: str, data: bytes, at: int) -> Iterator[Span]:
        for prefix, rule in self._heads.get(data[at : at + 3], ()):
            if data.startswith(prefix, at):
                yield from filter(None, [_match(rule, text, at, at + len(prefix))])

    def _by_words(self, text: str, data: bytes) -> list[Span]:
        lowered = data.lower()
        found: list[Span] = []
        ends: dict[bytes, int] = {}
        for at, keyword in self._places(lowered):
            if at < ends.get(keyword, 0):
                continue
            end = after = at + len(keyword)
            assigned = None
            for rule in self._words[keyword]:
                if rule.assigned:
                    assigned = _is_assigned(data, at, after) if assigned is None else assigned
                    if not assigned:
                        continue
                if rule.after and not lowered.startswith(rule.after, after):
                    continue
                span = _match(rule, text, at, end)
                if span:
                    found.append(span)
                    end = max(end, span[1])
            ends[keyword] = end
        return found

    def _places(self, lowered: bytes) -> Iterator[tuple[int, bytes]]:
        """Yield where keywords stand, those of each keyword in order."""
        for keyword, near in self._near.items():
            at = _next_near(lowered, keyword, near, 0)
            while at >= 0:
                yield at, keyword
                at = _next_near(lowered, keyword, near, at + 1)
        if len(lowered) > _SHORT:
            yield from self._anchors().places(lowered)
            return
        for keyword in self._far:
            at = lowered.find(keyword)
            while at >= 0:
                yield at, keyword
                at = lowered.find(keyword, at + 1)

    def _anchors(self) -> Anchored:
        if self._anchored is None:
            from session_journal.core.anchors import Anchored  # noqa: PLC0415 - needs `re`, see Rule.regex

            self._anchored = Anchored(self._far, self._heads)
        return self._anchored

    def _by_shapes(self, text: str, data: bytes) -> Iterator[Span]:
        drawn = data.translate(_DIGITS)
        if b"dd" not in drawn:
            return  # as in every shape
        for shape, rules in self._shapes.items():
            at = drawn.find(shape)
            while at >= 0:
                end = at + 1
                for rule in rules:
                    span = _match(rule, text, at, at + len(shape))
                    if span:
                        yield span
                        end = max(end, span[1])
                at = drawn.find(shape, end)

    def _broken(self, text: str, cuts: list[Cut], known: list[Span]) -> list[Span]:
        """Return what stands over breaks; known: what was found in the text as it is, which may go on behind one."""
        from session_journal.core.wraps import apart, groups, windows, with_signs  # noqa: PLC0415 - see Rule.regex

        found: list[Span] = []
        begins = {end: start for start, end, _ in known}
        for some, seen in ((apart(cuts), frozenset()), (apart(with_signs(text, cuts)), frozenset(cuts))):
            for group in groups(some, seen):
                for window in windows(text, group, some, begins):
                    spans, is_whole = self._in_window(window)
                    if is_whole:
                        break
                found += spans
        return found

    def _in_window(self, window: Window) -> tuple[list[Span], bool]:
        """Return what stands over a window's breaks, and whether all of it ends before the window does."""
        found, is_whole = [], True
        for start, end, rule in self._find(window.text, window.text.encode("ascii", "replace")):
            last = window.end_of(start, end, rule)
            if window.broken(start, last):
                found.append((*window.place(start, last), rule))
                is_whole = is_whole and not (window.goes_on and last == len(window.text))
        return found, is_whole


def _long_runs(runs: bytes) -> list[int]:
    """Return where long runs of letters begin."""
    # A text is split many times faster than it is searched step by step, most of all by what ends with its rarer sign.
    parts = runs.split(_RUN)
    if not parts[-1].endswith(_RUN[:-1]):
        parts.pop()
    places = accumulate([len(part) + len(_RUN) for part in parts], initial=0)
    return [at + part.rfind(b" ") + 1 for at, part in zip(places, parts, strict=False)]


def _next_near(data: bytes, keyword: bytes, near: Near, start: int) -> int:
    """Return where a keyword stands next that has a sign within reach, -1 for nowhere; the rarer sign is looked up."""
    sign, reach = near
    found = data.find(sign, start)
    while found >= 0:
        at = data.find(keyword, max(start, found - reach), found)
        if at >= 0:
            return at
        start = max(start, found + 1 - len(keyword))
        found = data.find(sign, found + 1)
    return -1


def _match(rule: Rule, text: str, at: int, end: int) -> Span | None:
    if rule.finder:
        where = rule.finder(text, at)
        return (*where, rule) if where else None
    pattern = rule.compiled or rule.regex()
    if rule.before:
        match = pattern.search(text, max(0, at - rule.before), end + rule.reach)
    else:
        match = pattern.match(text, at, end + rule.reach if not rule.token else len(text))
    if match is None or match.start() > at or (rule.check and not rule.check(match)):
        return None
    return (*match.span(rule.group), rule)


def _by_pattern(rule: Rule, text: str, data: bytes) -> Iterator[Span]:
    at = 0
    for seen in rule.sight().finditer(data):
        span = _match(rule, text, seen.start(), seen.start() + 1) if seen.start() >= at else None
        if span:
            yield span
            at = span[1]


def _is_assigned(data: bytes, at: int, end: int) -> bool:
    """Tell whether something that can assign a value stands after a keyword, or the dash of an option before it."""
    near = data[end : end + 20]
    if len(near.translate(None, SIGNS)) == len(near):
        return data[at - 1 : at] == b"-" or data.find(b" is", end, end + 9) > 0
    if near.startswith(_COUNTS):  # `"input_tokens": 1024,` is in every line of a transcript; no number is a secret
        return near.partition(b":")[2].lstrip(b" 0123456789")[:1] not in _ENDS
    return True


def _may_be_broken(data: bytes) -> bool:
    """Tell whether something in a text may be broken by a line's end or an escape, without a pattern in a short one."""
    if b"\\" in data or len(data) > _SHORT:
        return True
    lines = data.split(b"\n")
    for line, following in pairwise(lines):
        if len(line) <= _NARROW:
            continue
        words, last = following.strip(_MARGIN).split(None, 1), line.strip(_MARGIN).rsplit(None, 1)
        if not words or words[0].endswith(b":"):
            continue  # the key of a new line
        piece = (last[-1] if last else b"") + words[0]
        if len(piece) >= _SHORTEST and not (piece.islower() and piece.isalpha()):
            return True
    return False
