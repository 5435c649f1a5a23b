"""Redaction of secrets and personal data, before anything is stored, hashed, committed, shown or sent.

What a person writes by hand is searched for secrets and for words to hide (`redact`); what comes from a transcript is
searched for what it shows of people, too (`Redactor`).

Fast because of what it does not do: no pattern runs over a text. The text's ASCII form is searched for keywords and for
long runs of letters and digits, and a rule's pattern is tried only there.
"""

from __future__ import annotations

from session_journal.core.secret_rules import RULES, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    Keep = Callable[[str, str], bool]
    Mark = Callable[[str, str], str]
    Span = tuple[int, int, Rule]

_ROUNDS = 5
_RUN = b"a" * 16
_BREAKING = (b"\n", b"\\n", b"\\u00", b"\\x", b"\\/")
_SIGNS = frozenset(b":=>\"'`")
_DOTS = frozenset((b".", b"~", b":", b"\\"))
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

    A mark has 16 bits of an HMAC: one in 65,536 pairs of secrets shares one by chance, and without the key, which never
    leaves the machine, nothing can be guessed from it. With the key a guess could be tried out, so what has few values
    (numbers, addresses) has no mark; nor shall people be told apart in what is shared.
    """

    __slots__ = ("_index", "_key", "_permits", "_unmarked", "counts")

    def __init__(
        self, key: bytes = b"", words: tuple[str, ...] = (), permits: Callable[[str, str], bool] | None = None
    ) -> None:
        from session_journal.core.personal_rules import PERSONAL  # noqa: PLC0415 - not on the quick path

        hidden = word_rules(words)
        self._index = Index((*RULES, *hidden, *PERSONAL))
        self._unmarked = {rule.kind for rule in (*hidden, *PERSONAL)}
        self._key, self._permits = key, permits
        self.counts: dict[str, int] = {}

    def redact(self, text: str) -> str:
        """Return text without secrets, personal data, home folders and what stands between private marks."""
        if has_marks(text):
            from session_journal.core.text import drop_marked  # noqa: PLC0415 - needs `re`, see Rule.regex

            text = drop_marked(text)
        return take_out(text, self._index, self.counts, self._permits, self._mark if self._key else None)

    def _mark(self, kind: str, value: str) -> str:
        return "" if kind in self._unmarked else fingerprint("".join(value.split()), self._key)[:4]


def has_marks(text: str) -> bool:
    """Tell whether a text may hold the marks around what its user calls private, plain or escaped."""
    return "private>" in text or "private&" in text or "private\\" in text


class Secret:
    """A value in a text that looks like a secret: its kind, itself, and the line it begins in (from 1)."""

    __slots__ = ("kind", "line", "value")

    def __init__(self, kind: str, value: str, line: int) -> None:
        self.kind, self.value, self.line = kind, value, line


class Index:
    """Rules by what they are found by."""

    __slots__ = ("_dotted", "_ends", "_heads", "_order", "_seen", "_shapes", "_words", "kinds")

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._order = {rule: number for number, rule in enumerate(rules)}
        self.kinds = [rule.kind for rule in rules]
        self._heads: dict[bytes, list[tuple[bytes, Rule]]] = {}
        self._dotted: dict[bytes, Rule] = {}
        self._words: dict[bytes, list[Rule]] = {}
        self._shapes: dict[bytes, list[Rule]] = {}
        self._ends: tuple[bytes, ...] = ()
        self._seen = [rule for rule in rules if rule.seen]
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

        self._ends = tuple(self._dotted)

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
        for rule in self._seen:
            found += _by_pattern(rule, text, data)
        runs = data.translate(_RUNS)
        at = runs.find(_RUN)
        while at >= 0:
            end = runs.find(b" ", at)
            end = len(data) if end < 0 else end
            if data[at : at + 3] in self._heads or data[at - 1 : at] in _DOTS:
                found += self._by_heads(text, data, at, end)
            elif end - at != 36 or data[at + 8] != 45 or data[at + 13] != 45:  # an UUID's parts are no tokens
                dash = data.find(b"-", at, end)
                if dash > 0:
                    found += self._by_heads(text, data, dash + 1, end)
            at = runs.find(_RUN, end)
        return found

    def _by_words(self, text: str, data: bytes) -> Iterator[Span]:
        lowered = data.lower()
        for keyword, rules in self._words.items():
            at = lowered.find(keyword)
            while at >= 0:
                end = at + len(keyword)
                assigned = _is_assigned(data, at, end)
                for rule in rules:
                    if rule.assigned and not assigned:
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
        if data[start - 1 : start] != b"\\":
            if data.endswith(self._ends, 0, start):
                for prefix, rule in self._dotted.items():
                    if data.endswith(prefix, 0, start):
                        yield from filter(None, [_match(rule, text, start - len(prefix), start)])
        else:
            yield from self._head(text, data, start + (5 if data[start : start + 3] == b"u00" else 1))
        at = start
        while 0 <= at < end:
            last = at
            if data[at : at + 3] in self._heads:
                for span in self._head(text, data, at):
                    yield span
                    last = max(last, span[1] - 1)
            at = data.find(b"-", last, end) + 1 or -1

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


_INDEXES: dict[tuple[str, ...], Index] = {}


def _index(words: tuple[str, ...] = ()) -> Index:
    if words not in _INDEXES:
        _INDEXES[words] = Index((*RULES, *word_rules(words)))
    return _INDEXES[words]


def word_rules(words: Iterable[str]) -> tuple[Rule, ...]:
    """Return the rules that find words which a user wants hidden: whole words, in any case."""
    rules = []
    for word in filter(None, (" ".join(word.split()) for word in words)):
        import re  # noqa: PLC0415 - see Rule.regex

        inner = r"[\s_-]{1,40}".join(map(re.escape, word.split()))
        pattern = (r"(?<!\w)" if word[0].isalnum() else "") + inner + (r"(?!\w)" if word[-1].isalnum() else "")
        rules.append(Rule("hidden-word", (word.split()[0],), pattern, (word,), "", ignore_case=True))
    return tuple(rules)


def redact(text: str, keep: Keep | None = None, words: tuple[str, ...] = ()) -> tuple[str, dict[str, int]]:
    """Return text with every secret replaced by `[REDACTED:kind]`, and how many of each kind there were.

    keep: is asked for each kind and value; what it keeps stays in the text and is not counted. words: see Redactor.
    """
    counts: dict[str, int] = {}
    return take_out(text, _index(words), counts, keep), counts


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
        if all(rule.instead for _, _, rule in spans):
            break  # a home folder's `~` keeps no other rule from its match
    return text


def secrets(text: str, words: tuple[str, ...] = ()) -> list[Secret]:
    """Return every secret of a text, in the order of its lines, and in a line in that of the rules."""
    found: list[Secret] = []
    line, at, index = 1, 0, _index(words)
    for start, end, rule in _wanted(text, index):
        line, at = line + text.count("\n", at, start), start
        found.append(Secret(rule.kind, text[start:end], line))
    return sorted(found, key=lambda secret: (secret.line, index.kinds.index(secret.kind)))


def fingerprint(secret: str, key: bytes) -> str:
    """Return a name of a secret that says nothing about it to anyone without the key."""
    import hmac  # noqa: PLC0415 - only needed where a secret was found

    return hmac.digest(key, secret.encode("utf-8", "surrogatepass"), "sha256").hex()[:16]


def _wanted(text: str, index: Index, keep: Keep | None = None) -> list[Span]:
    """Return what has to be taken out, in order and apart; what lies in a value that is kept stays with it."""
    spans = index.spans(text)
    if keep and spans:
        kept = [(at, end) for at, end, rule in spans if not rule.instead and keep(rule.kind, text[at:end])]
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
    if match is None or match.start() > at or (rule.check and not rule.check(match)):
        return None
    return (*(match.span("secret") if "secret" in pattern.groupindex else match.span()), rule)


def _by_pattern(rule: Rule, text: str, data: bytes) -> Iterator[Span]:
    import re  # noqa: PLC0415 - only rules for transcripts are found so

    at = 0
    for seen in re.compile(rule.seen).finditer(data):
        span = _match(rule, text, seen.start(), seen.start() + 1) if seen.start() >= at else None
        if span:
            yield span
            at = span[1]


def _is_assigned(data: bytes, at: int, end: int) -> bool:
    """Tell whether something that can assign a value stands after a keyword, or the dash of an option before it."""
    return (
        not _SIGNS.isdisjoint(data[end : end + 20]) or data[at - 1 : at] == b"-" or data.find(b" is", end, end + 9) > 0
    )


def hide_homes(text: str) -> str:
    """Return text with people's home folders written as `~`: a user's name is nobody's business."""
    from session_journal.core.personal_rules import PERSONAL  # noqa: PLC0415 - not on the quick path

    return take_out(text, Index([rule for rule in PERSONAL if rule.instead]), {})


def redact_all(value: object, counts: dict[str, int]) -> object:
    """Return value with every string in it redacted and home folders hidden; counts are added to `counts`."""
    if isinstance(value, str):
        clean = take_out(value, _index(), counts)
        return hide_homes(clean) if "home" in clean or "Users" in clean else clean
    if isinstance(value, dict):
        return {key: redact_all(item, counts) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(redact_all(item, counts) for item in value)
    return value
