"""Decisions that people tell in running text, where no bullet of a section says them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from session_journal.core import sections
from session_journal.core.entry import Entry
from session_journal.core.items import Item

_DECIDED = re.compile(
    r"\bdecided (?:to|on|against|that|not)\b|\bmade (?:an?|the) (?:[\w-]+ ){0,2}(?:decision|choice|pivot)\b"
    r"|\bdecision was\b|\bopted (?:for|to)\b|\bsettled on\b|\b(?:we|i) chose\b|\bdesign pivot\b|\bagreed (?:to|that)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z`*])")
_NO_PROSE = (">", "|", "#", "<", "- ", "* ", "+ ", "    ", "\t")
_FENCES = ("```", "~~~")
_LONGEST = 600


def decisions(entry: Entry) -> list[Item]:
    """Return the sentences of a person's running text that say what was decided; a draft's are items already."""
    if entry.status == "draft" or entry.fields.get("drafted_by") or not _DECIDED.search(entry.body):
        return []
    return [Item("insight", text, line=line) for line, text in _sentences(entry.body) if _DECIDED.search(text)]


def _sentences(body: str) -> Iterator[tuple[int, str]]:
    for section in sections.split(body):
        if section.kind is None:
            yield from _prose(section)


def _prose(section: sections.Section) -> Iterator[tuple[int, str]]:
    fenced = False
    for number, line in enumerate(section.lines, section.first):
        if line.lstrip().startswith(_FENCES):
            fenced = not fenced
        elif not fenced and line and not line.startswith(_NO_PROSE) and len(line) < 20 * _LONGEST:
            yield from ((number, text) for text in _SENTENCE.split(line.strip()) if len(text) <= _LONGEST)
