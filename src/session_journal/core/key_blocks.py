"""Where a private key's block begins and ends in a text, also where one of its ends was cut off."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

STOP = "\x1e"
"""Ends a private key wherever it stands."""
BORDER = f"\n{STOP}\x00{STOP}\n"
"""Stands between texts that are redacted together: no rule goes over it, for none has room for all of these signs."""


def in_one_go(texts: Sequence[str], redact: Callable[[str], str]) -> list[str] | None:
    """Return texts redacted together, for a fraction of the work; None where something went over a border.

    No text may have a STOP of its own.
    """
    clean = redact(BORDER.join(texts)).split(BORDER)
    return clean if len(clean) == len(texts) else None


_LONGEST = 20_000
_BEGIN = re.compile(
    r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|---- BEGIN SSH2 [A-Z ]{0,20}PRIVATE KEY ----"
    r"|PuTTY-User-Key-File-[0-9]: ?(?:ssh|ecdsa)-"
)
_END = re.compile(
    r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|---- END SSH2 [A-Z ]{0,20}PRIVATE KEY ----"
    r"|Private-(?:MAC|Hash):\s{0,3}[0-9a-fA-F]{0,64}"
)
_BETWEEN = re.compile(r"(?:\\[nrt]|[^A-Za-z0-9/=\x1e]){0,80}(?:[0-9]{1,6}(?:→|\t|: ?|\| ?)[^\S\x1e]{0,8})?")
_PIECE = re.compile(r"[A-Za-z0-9+/=]{12,}")
_HEADER = re.compile(
    r"(?:Proc-Type|DEK-Info|Version|Comment|Charset|Hash|Encryption|Public-Lines|Private-Lines|Subject)\b"
    r":?[^\n\\\x1e]{0,200}"
)
_LAST = re.compile(r"[A-Za-z0-9+/]{1,11}={0,2}(?=[\s\"'\\\x1e…]|\Z)")
_NOTHING = re.compile(r"[ \n\r\"'\\n]*+(?:\x1e|\Z)")
_TAIL = re.compile(r"(?:[A-Za-z0-9+/=]{12,}|\n[A-Za-z0-9+/=]{1,11})(?:\\[nrt]|[^A-Za-z0-9+/=\x1e]){1,80}\Z")


def find_key(text: str, at: int) -> tuple[int, int] | None:
    """Return the private key's block in whose first or last line the word key stands here."""
    begin = max(text.rfind("----", max(0, at - 70), at) - 1, text.rfind("PuTTY", max(0, at - 12), at), 0)
    dashes = max(text.rfind("---- BEGIN ", max(0, at - 70), at), text.rfind("-----BEGIN ", max(0, at - 70), at))
    found = _BEGIN.match(text, dashes if dashes >= 0 else begin)
    if found:
        return _block(text, found) if found.end() > at else None
    end = max(text.rfind("-----END ", max(0, at - 70), at), text.rfind("---- END ", max(0, at - 70), at))
    return _rest(text, end) if end >= 0 else None


def _block(text: str, found: re.Match[str]) -> tuple[int, int]:
    """Return the block: up to its last line, or to where what follows is no key any more."""
    last = min(len(text), found.end() + _LONGEST)
    stop = text.find(STOP, found.end(), last)
    last = last if stop < 0 else stop
    sign = "Private-" if found[0].startswith("PuTTY") else "- END " if found[0].startswith("---- ") else "--END "
    at = text.find(sign, found.end(), last)
    while at >= 0:
        end = _END.match(text, at - (0 if sign[0] == "P" else 3), last)
        if end is not None:
            return found.start(), end.end()
        at = text.find(sign, at + 1, last)
    at = found.end()
    while at < len(text):  # no pattern goes over what ends a key
        start = _BETWEEN.match(text, at)
        begin = start.end() if start else at
        piece = _HEADER.match(text, begin) or _body(text, begin)
        if piece is None:
            break
        at = piece.end()
    return found.start(), at


def _body(text: str, begin: int) -> re.Match[str] | None:
    """Return a line of the key; a word of a sentence has no digits and no capitals inside."""
    piece = _PIECE.match(text, begin)
    if piece is not None:
        return piece if not piece[0][1:].islower() else None
    last = _LAST.match(text, begin)
    return last if last is not None and _NOTHING.match(text, last.end()) else None


def _rest(text: str, end: int) -> tuple[int, int] | None:
    """Return the block whose last line begins here when its first lines are gone; None where no key stands before."""
    closing = _END.match(text, end)
    if closing is None:
        return None
    at = end
    while at > 0 and (tail := _TAIL.search(text, max(0, at - 1_000), at)) is not None and tail.start() < at:
        at = tail.start()
    return (at, closing.end()) if at < end else None
