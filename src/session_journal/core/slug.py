"""Slugs: titles as file names that every system takes and a person can still read."""

from __future__ import annotations

import unicodedata

_FOLDED = str.maketrans({
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ħ": "h", "ı": "i", "ŋ": "n",
    "'": "", "’": "", "‘": "", "ʼ": "", "`": "",
})  # fmt: skip
_DEVICES = frozenset({"con", "prn", "aux", "nul", "conin", "conout"}) | {
    f"{port}{number}" for port in ("com", "lpt") for number in range(10)
}
_MOST_BYTES = 180  # with a date, a suffix and `.md` still below the 255 bytes of common file systems
EMPTY = "session"


def slugify(text: str, limit: int = 60) -> str:
    """Return text as lower-case words joined by dashes: Latin letters folded to ASCII, other scripts kept."""
    slug = _cut("-".join(_words(text)), limit)
    if not slug:
        return EMPTY
    return f"{slug}-{EMPTY}" if slug in _DEVICES else slug


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).lower().translate(_FOLDED))
    out: list[str] = []
    base = ""
    for char in folded:
        if unicodedata.category(char).startswith("M"):
            # An accent on a Latin letter goes; a vowel sign of another script is part of the word.
            if base and not base.isascii():
                out.append(char)
            continue
        base = char if char.isalnum() else ""
        out.append(base or " ")
    return unicodedata.normalize("NFC", "".join(out)).split()


def _cut(slug: str, limit: int) -> str:
    short = slug[:limit].encode("utf-8", "ignore")[:_MOST_BYTES].decode("utf-8", "ignore")
    if len(short) < len(slug) and slug[len(short)] != "-":
        head, dash, _ = short.rpartition("-")
        if dash and len(head) * 2 >= len(short):
            short = head
    return short.strip("-")
