"""What counts as the same words: invisible characters left out, look-alike quotes, dashes and blanks made one."""

from __future__ import annotations

import re
import unicodedata

from session_journal.core.text import clean

_LINE_ENDS = frozenset("\u0085\u2028\u2029")
# Shown as nothing though Unicode counts them as letters or marks (its Default_Ignorable_Code_Point), and the blank
# among the Braille signs. The last range holds the tags, in which whole sentences can be hidden.
_UNSEEN = frozenset([
    0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10),
    *range(0xE0000, 0xE1000),
])  # fmt: skip
HIDING = (
    "\u0085\u2028\u2029\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ud800-\uf8ff\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    "\uff10-\uff19\uff21-\uff3a\uff41-\uff5a"  # letters as wide as a Chinese sign, which rules do not know
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U0010ffff"
)
"""At least the characters that `plain` changes, as a pattern's class: most texts have none, and are long."""
WIDE_SIGNS = "＂＆＇％＋－．／：＝＠＿～"
"""The wide signs that stand in secrets or before them; many of them are usual in Chinese and Japanese texts."""
_HIDING = re.compile(f"[{HIDING}]")
_CHANGED = re.compile(f"[{HIDING}{WIDE_SIGNS}]")
_ASCII = bytes(range(0x80))
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SHAPING = re.compile("(?<=[^\x00-\x7f\u200c\u200d\ufe0e\ufe0f])([\u200c\u200d\ufe0e\ufe0f]{1,2})")
"""What joins an emoji's parts, or shapes letters of Persian and Hindi."""
_FOLDS = str.maketrans({
    **dict.fromkeys("‘’‚‛′´ˋ‹›", "'"), **dict.fromkeys("“”„‟″«»", '"'), **dict.fromkeys("‐‑‒–—―−", "-"),
})  # fmt: skip


def visible(text: str) -> str:
    """Return text without what no reader sees: zero widths, direction marks, tags, variation selectors, controls."""
    return _HIDING.sub(_seen, clean(text))


def shown(text: str) -> str:
    """Return text as its reader sees it: as `visible` does, but for what shapes the character before it."""
    if not hides(text):
        return text
    parts = _SHAPING.split(text)
    return "".join(part if at % 2 else visible(part) for at, part in enumerate(parts))


def plain(text: str) -> str:
    """Return what is seen of a text, wide letters and digits as ASCII has them."""
    return visible(text).translate(_WIDE)


def hides(text: str) -> bool:
    """Tell whether a text may have characters that no reader sees, apart from controls, or wide letters."""
    return not hiding(text).issubset(WIDE_SIGNS)


def hiding(text: str) -> frozenset[str]:
    """Return the characters of a text that no reader sees, apart from controls, and its wide letters and signs."""
    if text.isascii():
        return frozenset()
    # Bytes are dropped many times faster than the pattern passes over them, and all that hides is beyond ASCII.
    beyond = text.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass")
    return frozenset(_CHANGED.findall(beyond))


def _seen(found: re.Match[str]) -> str:
    char = found[0]
    if char in _LINE_ENDS:
        return "\n"
    return "" if unicodedata.category(char) in {"Cf", "Co", "Cs"} or ord(char) in _UNSEEN else char


def folded(text: str) -> str:
    """Return text as it is compared: what is seen of it, in Unicode's plainest form, as one line."""
    seen = visible(text)
    # Before NFKC, which makes a blank and an accent of an acute accent that stands for a quote.
    plain = seen if seen.isascii() else unicodedata.normalize("NFKC", seen.translate(_FOLDS)).translate(_FOLDS)
    return " ".join(plain.split())
