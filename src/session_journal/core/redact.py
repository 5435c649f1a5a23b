"""Redaction of secrets and of people's home folders, before anything is stored, hashed, committed, shown or sent.

Fast because of what it does not do: no pattern runs over a text. The text's ASCII form is searched for keywords and for
long runs of letters and digits, and a rule's pattern is tried only there.
"""

from __future__ import annotations

from session_journal.core.secret_rules import RULES, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Iterator, Sequence

    Keep = Callable[[str, str], bool]
    Mark = Callable[[str, str], str]
    Span = tuple[int, int, Rule]

_HOMES = ("/Users/", "/home/", "\\Users\\")
_HOME = (
    r"(?<![A-Za-z0-9_.~-])(?:[A-Za-z]:)?(?:/Users|/home|\\{1,2}Users)(?:/|\\{1,2})(?!Shared\b|runner\b|linuxbrew\b)"
    r"[^/\\\s\"'<>:;,()\[\]{}`*?|]{1,60}"
)
_ROUNDS = 5
_RUN = b"a" * 16
_BREAKING = (b"\n", b"\\n", b"\\u00", b"\\x", b"\\/")
_SIGNS = frozenset(b":=>\"'`")
_DOTS = (b".", b"~", b":")
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
_RUNS = bytes(97 if code in _ALPHABET else 32 for code in range(256))
_DIGITS = bytes(
    100 if code in b"0123456789" else 46 if code == 46 else 115 if code in b" -/()" else 85 if 65 <= code <= 90 else 120
    for code in range(256)
)


class Redactor:
    """Redacts every text of one run alike, and counts what it took out by kind.

    key: makes the short mark by which a secret is known again. words: what this user never wants to see stored.
    permits: is asked for each kind and value; what it keeps stays.
    """

    __slots__ = ("_key", "_permits", "_words", "counts")

    def __init__(
        self, key: bytes = b"", words: tuple[str, ...] = (), permits: Callable[[str, str], bool] | None = None
    ) -> None:
        self._key, self._words, self._permits = key, words, permits
        self.counts: dict[str, int] = {}

    def redact(self, text: str) -> str:
        """Return text without secrets, personal data and home folders."""
        return str(redact_all(text, self.counts))


class Secret:
    """A value in a text that looks like a secret: its kind, itself, and the line it begins in (from 1)."""

    __slots__ = ("kind", "line", "value")

    def __init__(self, kind: str, value: str, line: int) -> None:
        self.kind, self.value, self.line = kind, value, line


class Index:
    """Rules by what they are found by."""

    __slots__ = ("_dotted", "_heads", "_order", "_shapes", "_words")

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._order = {rule: number for number, rule in enumerate(rules)}
        self._heads: dict[bytes, list[tuple[bytes, Rule]]] = {}
        self._dotted: dict[bytes, Rule] = {}
        self._words: dict[bytes, list[Rule]] = {}
        self._shapes: dict[bytes, list[Rule]] = {}
        for rule in rules:
            for shape in rule.shapes:
                self._shapes.setdefault(shape, []).append(rule)
            for keyword in map(str.encode, rule.keywords):
                if not rule.token:
                    self._words.setdefault(keyword, []).append(rule)
                elif keyword[-1] not in _ALPHABET:
                    self._dotted[keyword] = rule
                else:
                    self._heads.setdefault(keyword[:3], []).append((keyword, rule))

    def spans(self, text: str) -> list[Span]:
        """Return all that the rules find, in no order; also what a line's end or an escape stands in."""
        data = text.encode("ascii", "replace")
        found = self._find(text, data)
        if not any(sign in data for sign in _BREAKING):
            return found
        from session_journal.core.wraps import escapes, line_breaks  # noqa: PLC0415 - needs `re`, see Rule.regex

        cuts = line_breaks(text, data) + escapes(text, data)
        return found + self._broken(text, cuts) if cuts else found

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
        found = list(self._by_words(text, data))
        if self._shapes:
            found += self._by_shapes(text, data)
        runs = data.translate(_RUNS)
        at = runs.find(_RUN)
        while at >= 0:
            end = runs.find(b" ", at)
            end = len(data) if end < 0 else end
            if end - at != 36 or data[at + 8] != 45 or data[at + 13] != 45:  # an UUID is no token
                found += self._by_heads(text, data, at, end)
            at = runs.find(_RUN, end)
        return found

    def _by_words(self, text: str, data: bytes) -> Iterator[Span]:
        lowered = data.lower()
        for keyword, rules in self._words.items():
            at = lowered.find(keyword)
            while at >= 0:
                end = at + len(keyword)
                for rule in rules:
                    if rule.assigned and not _is_assigned(data, at, end):
                        continue
                    span = _match(rule, text, at, end)
                    if span:
                        yield span
                        end = max(end, span[1])
                at = lowered.find(keyword, end)

    def _by_shapes(self, text: str, data: bytes) -> Iterator[Span]:
        drawn = data.translate(_DIGITS)
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

    def _by_heads(self, text: str, data: bytes, start: int, end: int) -> Iterator[Span]:
        """Yield the tokens that begin in a run of letters: at its beginning, after an escape's letter, after a dash."""
        before = data[start - 1 : start]
        if before in _DOTS:
            for prefix, rule in self._dotted.items():
                if data.endswith(prefix, 0, start):
                    yield from filter(None, [_match(rule, text, start - len(prefix), start)])
        elif before == b"\\":
            yield from self._head(text, data, start + (5 if data[start : start + 3] == b"u00" else 1))
        at = start
        while 0 <= at < end:
            if data[at : at + 3] in self._heads:
                yield from self._head(text, data, at)
            at = data.find(b"-", at, end) + 1 or -1

    def _head(self, text: str, data: bytes, at: int) -> Iterator[Span]:
        for prefix, rule in self._heads.get(data[at : at + 3], ()):
            if data.startswith(prefix, at):
                yield from filter(None, [_match(rule, text, at, at + len(prefix))])

    def _broken(self, text: str, cuts: list[tuple[int, int, str]]) -> list[Span]:
        from session_journal.core.wraps import windows  # noqa: PLC0415 - needs `re`, see Rule.regex

        found: list[Span] = []
        for window in windows(text, cuts):
            for start, end, rule in self._find(window.text, window.text.encode("ascii", "replace")):
                last = window.end_of(start, end, rule)
                if window.broken(start, last):
                    found.append((*window.place(start, last), rule))
        return found


_SECRETS: list[Index] = []


def _index() -> Index:
    if not _SECRETS:
        _SECRETS.append(Index(RULES))
    return _SECRETS[0]


def redact(text: str, keep: Keep | None = None) -> tuple[str, dict[str, int]]:
    """Return text with every secret replaced by `[REDACTED:kind]`, and how many of each kind there were.

    keep: is asked for each kind and value; what it keeps stays in the text and is not counted.
    """
    counts: dict[str, int] = {}
    return take_out(text, _index(), counts, keep), counts


def take_out(
    text: str, index: Index, counts: dict[str, int], keep: Keep | None = None, mark: Mark | None = None
) -> str:
    """Return text without what the rules find and `keep` does not keep; `mark` names a value in its placeholder.

    What was taken out can be what kept a rule from its match, so the text is looked at until nothing is found.
    """
    for _ in range(_ROUNDS):
        spans = _wanted(text, index, keep)
        if not spans:
            break
        parts, at = [], 0
        for start, end, rule in spans:
            parts += [text[at:start], _placeholder(rule, text[start:end], mark)]
            at = end
            if not rule.instead:
                counts[rule.kind] = counts.get(rule.kind, 0) + 1
        text = "".join([*parts, text[at:]])
    return text


def secrets(text: str) -> list[Secret]:
    """Return every secret of a text, in the order of its lines."""
    found = [Secret(rule.kind, text[start:end], text.count("\n", 0, start) + 1) for start, end, rule in _wanted(text, _index())]
    return found


def fingerprint(secret: str, key: bytes) -> str:
    """Return a name of a secret that says nothing about it to anyone without the key."""
    import hmac  # noqa: PLC0415 - only needed where a secret was found

    return hmac.digest(key, secret.encode("utf-8", "surrogatepass"), "sha256").hex()[:16]


def _wanted(text: str, index: Index, keep: Keep | None = None) -> list[Span]:
    """Return what has to be taken out, in order and apart; what lies in a value that is kept stays with it."""
    spans = index.spans(text)
    if keep and spans:
        kept = [(start, end) for start, end, rule in spans if keep(rule.kind, text[start:end])]
        spans = [span for span in spans if not any(start <= span[0] and span[1] <= end for start, end in kept)]
    return index.merged(spans)


def _placeholder(rule: Rule, value: str, mark: Mark | None) -> str:
    if rule.instead:
        return rule.instead
    name = mark(rule.kind, value) if mark else ""
    return f"[REDACTED:{rule.kind} {name}]" if name else f"[REDACTED:{rule.kind}]"


def _match(rule: Rule, text: str, at: int, end: int) -> Span | None:
    if rule.finder:
        where = rule.finder(text, at)
        return (*where, rule) if where else None
    pattern = rule.regex()
    if rule.before:
        match = pattern.search(text, max(0, at - rule.before), end + rule.reach)
    else:
        match = pattern.match(text, at, end + rule.reach if not rule.token else len(text))
    if match is None or (rule.check and not rule.check(match)):
        return None
    return (*(match.span("secret") if "secret" in pattern.groupindex else match.span()), rule)


def _is_assigned(data: bytes, at: int, end: int) -> bool:
    """Tell whether something that can assign a value stands after a keyword, or the dash of an option before it."""
    near = data[end : end + 24]
    return not _SIGNS.isdisjoint(near) or data[at - 1 : at] == b"-" or b" is" in near


def hide_homes(text: str) -> str:
    """Return text with people's home folders written as `~`: a user's name is nobody's business."""
    if not any(home in text for home in _HOMES):
        return text
    import re  # noqa: PLC0415 - see Rule.regex

    return re.sub(_HOME, "~", text)


def redact_all(value: object, counts: dict[str, int]) -> object:
    """Return value with every string in it redacted and home folders hidden; counts are added to `counts`."""
    if isinstance(value, str):
        clean, found = redact(value)
        for kind, number in found.items():
            counts[kind] = counts.get(kind, 0) + number
        return hide_homes(clean)
    if isinstance(value, dict):
        return {key: redact_all(item, counts) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(redact_all(item, counts) for item in value)
    return value
