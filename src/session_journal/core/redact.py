"""Redaction of secrets and of people's home folders, before anything is stored, hashed, committed, shown or sent."""

from __future__ import annotations

from session_journal.core.secret_rules import RULES, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable

_HOMES = ("/Users/", "/home/", "\\Users\\")
_HOME = (
    r"(?<![A-Za-z0-9_.~-])(?:[A-Za-z]:)?(?:/Users|/home|\\{1,2}Users)(?:/|\\{1,2})(?!Shared\b|runner\b|linuxbrew\b)"
    r"[^/\\\s\"'<>:;,()\[\]{}`*?|]{1,60}"
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


def redact(text: str, keep: Callable[[str, str], bool] | None = None) -> tuple[str, dict[str, int]]:
    """Return text with every secret replaced by `[REDACTED:kind]`, and how many of each kind there were.

    keep: is asked for each kind and value; what it keeps stays in the text and is not counted.
    """
    counts: dict[str, int] = {}
    kept: dict[str, str] = {}
    lowered = ""
    for rule in RULES:
        if rule.ignore_case:
            lowered = lowered or _lower(text)
        spans = _spans(rule, text, lowered if rule.ignore_case else text)
        if spans:
            markers = [f"[REDACTED:{rule.kind}]"] * len(spans)
            if keep:
                markers = [_marker(rule.kind, text[start:end], text, kept, keep) for start, end in spans]
            lost = sum(marker not in kept for marker in markers)
            if lost:
                counts[rule.kind] = counts.get(rule.kind, 0) + lost
            text, lowered = _replaced(text, spans, markers), ""
    return _restored(text, kept), counts


def secrets(text: str) -> list[Secret]:
    """Return every secret of a text, in the order of its lines."""
    found: list[Secret] = []
    whole = text
    looked: dict[str, int] = {}

    def note(kind: str, value: str) -> bool:
        start = value.partition("[REDACTED:")[0]
        at = max(whole.find(start, looked.get(start, 0)), 0)
        looked[start] = at + 1
        found.append(Secret(kind, value, whole.count("\n", 0, at) + 1))
        return False

    redact(text, note)
    return sorted(found, key=lambda secret: secret.line)


def fingerprint(secret: str, key: bytes) -> str:
    """Return a name of a secret that says nothing about it to anyone without the key."""
    import hmac  # noqa: PLC0415 - only needed where a secret was found

    return hmac.digest(key, secret.encode("utf-8", "surrogatepass"), "sha256").hex()[:16]


def _marker(kind: str, value: str, text: str, kept: dict[str, str], keep: Callable[[str, str], bool]) -> str:
    """Return what stands for one secret while the other rules look: the same, or what it can be found by again."""
    value = _restored(value, kept)
    if not keep(kind, value):
        return f"[REDACTED:{kind}]"
    number = len(kept)
    marker = f"[REDACTED:{kind}:{number}]"
    while marker in kept or marker in text:  # a text that says so itself must not get the value there
        number += 1
        marker = f"[REDACTED:{kind}:{number}]"
    kept[marker] = value
    return marker


def _restored(text: str, kept: dict[str, str]) -> str:
    for marker, value in reversed(kept.items()):
        text = text.replace(marker, value)
    return text


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


def _lower(text: str) -> str:
    """Return text in lower case with every character at its place: some letters grow when they are lowered."""
    lowered = text.lower()
    return (
        lowered
        if len(lowered) == len(text)
        else "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    )


def _spans(rule: Rule, text: str, looked_in: str) -> list[tuple[int, int]]:
    """Return where the rule's secrets stand, in order and without overlap."""
    found: list[tuple[int, int]] = []
    for keyword in rule.keywords:
        at = looked_in.find(keyword)
        while at >= 0:
            match = _match(rule, text, at)
            if match is not None:
                found.append(match.span("secret") if "secret" in match.re.groupindex else match.span())
            at = looked_in.find(keyword, max(at + len(keyword), match.end() if match else 0))
    return _apart(found) if len(found) > 1 else found


def _match(rule: Rule, text: str, at: int) -> re.Match[str] | None:
    if rule.before == 0:
        return rule.regex().match(text, at)
    return rule.regex().search(text, max(0, at - rule.before), at + 600)


def _apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


def _replaced(text: str, spans: list[tuple[int, int]], markers: list[str]) -> str:
    parts, at = [], 0
    for (start, end), marker in zip(spans, markers, strict=True):
        parts += [text[at:start], marker]
        at = end
    return "".join([*parts, text[at:]])
