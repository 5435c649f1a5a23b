"""Redaction of secrets and personal data, before anything is stored, hashed, committed, shown or sent.

What a person writes by hand is searched for secrets and for words to hide (`redact`); what comes from a transcript is
searched for what it shows of people, too (`Redactor`).
"""

from __future__ import annotations

from session_journal.core.areas import around
from session_journal.core.rule_index import Index
from session_journal.core.secret_rules import RULES, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Keep = Callable[[str, str], bool]
    Mark = Callable[[str, str], str]
    Span = tuple[int, int, Rule]

_ROUNDS = 5
_HIDDEN = "hidden-word"


class Redactor:
    """Redacts every text of one run alike, and counts what it took out by kind.

    key: makes the short mark by which a secret is known again. words: what this user never wants to see stored.
    permits: is asked for each kind and value; what it keeps stays. taken: of what was taken out, by fingerprint: its
    kind, and the mark in its placeholder ("" where it has none).

    A mark has 16 bits of an HMAC: one in 65,536 pairs of secrets shares one by chance, and without the key, which never
    leaves the machine, nothing can be guessed from it. With the key a guess could be tried out, so what has few values
    (numbers, addresses) has no mark; nor shall people be told apart in what is shared.
    """

    __slots__ = ("_index", "_key", "_unmarked", "counts", "permits", "taken")

    def __init__(
        self, key: bytes = b"", words: tuple[str, ...] = (), permits: Callable[[str, str], bool] | None = None
    ) -> None:
        from session_journal.core.personal_rules import PERSONAL  # noqa: PLC0415 - not on the quick path

        self._index = _index(words, personal=True)
        self._unmarked = {_HIDDEN, *(rule.kind for rule in PERSONAL)}
        self._key, self.permits = key, permits
        self.counts: dict[str, int] = {}
        self.taken: dict[str, tuple[str, str]] = {}

    def redact(self, text: str) -> str:
        """Return text without secrets, personal data, home folders and what stands between private marks."""
        if has_marks(text):
            from session_journal.core.text import drop_marked  # noqa: PLC0415 - needs `re`, see Rule.regex

            text = drop_marked(text)
        return take_out(
            text, self._index, self.counts, self._keeps if self.permits else None, self._mark if self._key else None
        )

    def _keeps(self, kind: str, value: str) -> bool:
        return self.permits is not None and self.permits(kind, _as_seen(value))

    def name(self, text: str) -> str:
        """Return a name as it is, or what is known for it where it shows what must not be seen; "" without a key."""
        if self.redact(text) == text:
            return text
        return fingerprint(text, self._key) if self._key else ""

    def _mark(self, kind: str, value: str) -> str:
        value = _as_seen(value)
        mark = "" if kind in self._unmarked else fingerprint("".join(value.split()), self._key)[:4]
        self.taken[fingerprint(value, self._key)] = kind, mark
        return mark


def _as_seen(value: str) -> str:
    """Return a value as it is seen: with unseen characters in it, it is the same secret."""
    if value.isascii():
        return value
    from session_journal.core.verbatim import plain  # noqa: PLC0415 - needs `re`, see Rule.regex

    return plain(value)


def has_marks(text: str) -> bool:
    """Tell whether a text may hold the marks around what its user calls private, plain or escaped."""
    return "private" in text and ("private>" in text or "private&" in text or "private\\" in text)


class Secret:
    """A value in a text that looks like a secret: its kind, itself, and the line it begins in (from 1)."""

    __slots__ = ("kind", "line", "value")

    def __init__(self, kind: str, value: str, line: int) -> None:
        self.kind, self.value, self.line = kind, value, line


_INDEXES: dict[tuple[tuple[str, ...], bool], Index] = {}


def _index(words: tuple[str, ...] = (), *, personal: bool = False) -> Index:
    """Return the index of the rules that apply, made once: that takes as long as to redact some pages."""
    made = _INDEXES.get((words, personal))
    if made is None:
        rules = (*RULES, *word_rules(words))
        if personal:
            from session_journal.core.personal_rules import PERSONAL  # noqa: PLC0415 - not on the quick path

            rules = (*rules, *PERSONAL)
        made = _INDEXES[words, personal] = Index(rules, unseen=personal)
    return made


def word_rules(words: Iterable[str]) -> tuple[Rule, ...]:
    """Return the rules that find words which a user wants hidden: whole words, in any case."""
    rules = []
    for word in filter(None, (" ".join(word.split()) for word in words)):
        import re  # noqa: PLC0415 - see Rule.regex

        inner = r"[\s_-]{1,40}".join(map(re.escape, word.split()))
        pattern = (r"(?<!\w)" if word[0].isalnum() else "") + inner + (r"(?!\w)" if word[-1].isalnum() else "")
        rules.append(Rule(_HIDDEN, (word.split()[0],), pattern, (word,), "", ignore_case=True))
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

    What was taken out can be what kept a rule from its match, so what stands around it is looked at until nothing is
    found.
    """
    found = index.spans(text)
    for _ in range(_ROUNDS):
        spans = _wanted(text, found, index, keep)
        if not spans:
            break
        parts, at, length, places = [], 0, 0, []
        for start, end, rule in spans:
            instead = _placeholder(rule, text[start:end], mark)
            parts += [text[at:start], instead]
            length += start - at + len(instead)
            at = end
            if not rule.instead:  # a home folder's `~` keeps no other rule from its match
                places.append((length, length))
                counts[rule.kind] = counts.get(rule.kind, 0) + 1
        text = "".join([*parts, text[at:]])
        found = around(places, len(text), _Part(text, index).spans)
    return text


class _Part:
    """A text of which parts are looked at."""

    __slots__ = ("_index", "_text")

    def __init__(self, text: str, index: Index) -> None:
        self._text, self._index = text, index

    def spans(self, begin: int, end: int) -> list[Span]:
        """Return what the rules find in a part, by its places in the text."""
        found = self._index.spans(self._text[begin:end])
        return [(start + begin, stop + begin, rule) for start, stop, rule in found]


def secrets(text: str, words: tuple[str, ...] = ()) -> list[Secret]:
    """Return every secret of a text, in the order of its lines, and in a line in that of the rules."""
    found: list[Secret] = []
    line, at, index = 1, 0, _index(words)
    for start, end, rule in index.merged(index.spans(text)):
        line, at = line + text.count("\n", at, start), start
        found.append(Secret(rule.kind, text[start:end], line))
    return sorted(found, key=lambda secret: (secret.line, index.kinds.index(secret.kind)))


def fingerprint(secret: str, key: bytes) -> str:
    """Return a name of a secret that says nothing about it to anyone without the key."""
    import hmac  # noqa: PLC0415 - only needed where a secret was found

    return hmac.digest(key, secret.encode("utf-8", "surrogatepass"), "sha256").hex()[:16]


def _wanted(text: str, spans: list[Span], index: Index, keep: Keep | None = None) -> list[Span]:
    """Return what has to be taken out, in order and apart; what lies in a value that is kept stays with it.

    keep is asked about what each rule found and about what several found together: that is what a placeholder names.
    """
    if not keep or not spans:
        return index.merged(spans)
    kept = [(at, end) for at, end, rule in spans if not rule.instead and keep(rule.kind, text[at:end])]
    spans = [span for span in spans if not any(start <= span[0] and span[1] <= end for start, end in kept)]
    return [
        (at, end, rule) for at, end, rule in index.merged(spans) if rule.instead or not keep(rule.kind, text[at:end])
    ]


def _placeholder(rule: Rule, value: str, mark: Mark | None) -> str:
    if rule.instead:
        return rule.instead
    name = mark(rule.kind, value) if mark else ""
    return f"[REDACTED:{rule.kind} {name}]" if name else f"[REDACTED:{rule.kind}]"


def hide_homes(text: str) -> str:
    """Return text with people's home folders written as `~`: a user's name is nobody's business."""
    from session_journal.core.personal_rules import PERSONAL  # noqa: PLC0415 - not on the quick path

    return take_out(text, Index([rule for rule in PERSONAL if rule.instead]), {})


def redact_all(value: object, counts: dict[str, int], keep: Keep | None = None) -> object:
    """Return value with every string in it redacted and home folders hidden; counts are added to `counts`.

    keep: see redact.
    """
    if isinstance(value, str):
        clean = take_out(value, _index(), counts, keep)
        return hide_homes(clean) if "home" in clean or "Users" in clean else clean
    if isinstance(value, dict):
        return {key: redact_all(item, counts, keep) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(redact_all(item, counts, keep) for item in value)
    return value
