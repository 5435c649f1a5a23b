"""A stranger's words in an entry: one line in which nothing acts as markdown, links, or passes for evidence.

What a model wrote loses its marks (`inert`); what a transcript says keeps every letter and is escaped (`escaped`), so
that a page shows it as it was said.
"""

from __future__ import annotations

import re

from session_journal.core.text import one_line
from session_journal.core.verbatim import visible

_START = re.compile(r"^(?:\s+|#+(?=\s|$)|>+|[-*+](?=\s|$)|\d{1,3}[.)](?=\s|$)|\[[ xX/>~-]\](?=\s|$)|[-=_*~|]{3,})+")
_TASK = re.compile(r"^\s*\[([ xX/>~-])\](?=\s|$)")
"""What a link is left as whose text is the mark of a task."""
_VERDICT = re.compile(r"^\W*(went well|(?:to )?improve)\W*:\W*", re.IGNORECASE)
_CODE = re.compile(r"(`[^`]+`)")
_URL = re.compile(r"\b(?:[a-z][a-z0-9+.-]{1,20}://|mailto:|javascript:|data:|www\.)[^\s<>`)\]]*", re.IGNORECASE)
_TURNS = re.compile(r"\[((?:\s*,?\s*t\d+)+)\s*\]", re.IGNORECASE)
_TAG = re.compile(r"(?<!\S)#(?=[^\W\d])")
_BLOCK_ID = re.compile(r"\s\^(?=[\w-]+\s*$)")

_PUNCTUATION = r"[!-/:-@\[-`{-~]"
_ACTS = re.compile(
    # What stays: what is escaped already, code, and backticks that enclose none.
    rf"(?P<stays>\\{_PUNCTUATION}|(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)|`+)"
    r"|<(?=[A-Za-z/!?])|\[(?=\[|\s*t\d)|\](?=\()|(?<=%)%|(?<=\s)\^(?=[\w-]+\s*$)"
)
_MARKS = re.compile(r"[<\[\]%^]")
"""What acts begins with one of these."""
_OPENS = re.compile(
    r"(?P<number>\d{1,9})(?=[.)](?:\s|$))|(?=#{1,6}(?:\s|$)|>|[-*+](?:\s|$)|(?:[-=_*]\s*){3,}(?:\s|$)|~~~|`{3,}[^`]*$|"
    r"\[[^\]]\](?:\s|$)|\[.*\]:)"
)


def escaped(text: str) -> str:
    """Return a transcript's words with what would act within a line escaped: they are shown as they stand.

    `Vec<String>` would be a tag that no page shows, and an image would be fetched from wherever a stranger says.
    """
    if not _MARKS.search(text):
        return text
    return _ACTS.sub(lambda found: found[0] if found["stays"] else f"\\{found[0]}", text)


def escaped_line(text: str) -> str:
    """Return the same for words that a line or a bullet begins with: they are no heading, list, task or fence."""
    line = escaped(text)
    begins = _OPENS.match(line)
    return f"{begins['number'] or ''}\\{line[begins.end() :]}" if begins else line


def inert(text: str) -> str:
    """Return text as one line of words and code spans: no heading, task, link, image, tag, HTML or evidence in it."""
    line = one_line(visible(text))
    line = re.sub(r"`{2,}", "`", line)
    if line.count("`") % 2:
        line = line.replace("`", "")
    line = _VERDICT.sub(r"\1 - ", _START.sub("", line))
    line = _TASK.sub(r"(\1)", "".join(map(_without_marks, _CODE.split(line))))
    return one_line(_BLOCK_ID.sub(" ", line))


def _without_marks(part: str) -> str:
    """Return a part of a line without what markdown, Obsidian or a browser would act on; code spans stay."""
    if part.startswith("`") and part.endswith("`") and len(part) > 2:
        # Obsidian and zk look for links with simple patterns, which do not know of code.
        return part.replace("[[", "[ [").replace("]]", "] ]")
    part = _TURNS.sub(r"(\1)", part)
    part = part.replace("[[", "[").replace("]]", "]").replace("![", "[").replace("](", "] (").replace("][", "] [")
    part = re.sub(r"<(?=[A-Za-z/!?])", r"\<", part).replace("%%", "%")
    part = re.sub(r"^(\s*\[[^\]]*\])\s*:", r"\1 -", part)
    return _URL.sub(r"`\g<0>`", _TAG.sub("", part))
