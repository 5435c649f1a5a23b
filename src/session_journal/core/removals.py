"""Items that are dropped from an entry, with the quotes that only they rested on; every other line as it was."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from session_journal.core.records import record
from session_journal.core.sections import Section, items, split
from session_journal.errors import UsageError

_BULLET = re.compile(r"[ \t]*(?:[-*+•]|\d{1,3}[.)])[ \t]")
_QUOTE = re.compile(r"\s*[-*+]\s+\[t(\d{1,7})\]", re.IGNORECASE)
_NAMED = re.compile(r"\[(t\d{1,7}(?:\s*,\s*t?\d{1,7})*)\]", re.IGNORECASE)
_RANGE = re.compile(r"(\d{1,6})(?:\s*-\s*(\d{1,6}))?")
_BLOCKS = (">", "|", "![", "#", "```", "~~~", "<!--")


@record(frozen=True, slots=True)
class Removal:
    """A body without some of its items. items, quotes: the lines that went, as they stood."""

    body: str
    items: tuple[str, ...]
    quotes: tuple[str, ...] = ()


def drop_items(body: str, numbers: Collection[int]) -> Removal:
    """Take items out of a body by their numbers, from 1 in the order of `sections.items`.

    What goes with them: their further lines and what is nested below them, the quotes of turns that nothing else
    names, and the headings under which nothing is left.
    """
    lines = body.split("\n")
    sections = split(body)
    chosen = {item.line for number, item in enumerate(items(body), 1) if number in numbers}
    gone = {line for section in sections for start in _in(chosen, section) for line in _extent(lines, start, section)}
    quotes = {line for section in sections if section.title == "Evidence" for line in _orphans(lines, section, gone)}
    away = gone | quotes | _emptied(lines, sections, gone | quotes)
    parts = [*(f"{line}\n" for line in lines[:-1]), lines[-1]]  # a last line that goes takes its own end alone
    left = "".join(part for number, part in enumerate(parts) if number not in away)
    return Removal(left, _shown(lines, gone), _shown(lines, quotes))


def read_numbers(text: str, count: int) -> tuple[int, ...]:
    """Read `2 5-7` or `2,5`: numbers of an entry's items, of which there are so many; UsageError where it is none."""
    words = [word for word in re.split(r"[,;\s]+", re.sub(r"\s*-\s*", "-", text.strip())) if word]
    found: set[int] = set()
    for word in words:
        read = _RANGE.fullmatch(word)
        first, last = (int(read[1]), int(read[2] or read[1])) if read else (0, 0)
        if not 1 <= first <= last <= count:
            raise UsageError(f"{word!r} names no item: {_offered(count)}", "write the items' numbers, as in 2 5-7")
        found.update(range(first, last + 1))
    return tuple(sorted(found))


def _offered(count: int) -> str:
    return f"they are numbered 1 to {count}" if count else "the entry has none"


def _in(chosen: Collection[int], section: Section) -> Iterator[int]:
    return (line for line in sorted(chosen) if section.first <= line < section.end)


def _extent(lines: Sequence[str], start: int, section: Section) -> Iterator[int]:
    """Yield the lines of the item that begins at `start`: its text goes on, details are nested deeper."""
    yield start
    own, bullet = _indent(lines[start]), _BULLET.match(lines[start]) is not None
    blank: list[int] = []
    for number in range(start + 1, section.end):
        line = lines[number]
        if not line.strip():
            if not bullet:
                return  # a paragraph ends here
            blank.append(number)
        elif bullet and _indent(line) >= own + 2:
            yield from (*blank, number)
            blank = []
        elif blank or _BULLET.match(line) or line.lstrip().startswith(_BLOCKS):
            return
        else:
            yield number


def _indent(line: str) -> int:
    line = line.expandtabs(4)
    return len(line) - len(line.lstrip(" "))


def _orphans(lines: Sequence[str], evidence: Section, gone: Collection[int]) -> Iterator[int]:
    """Yield the quotes of turns that the items which go name, and nothing that stays does."""
    stays = (line for number, line in enumerate(lines) if number not in gone and not _holds(evidence, number))
    orphaned = _turns(lines[number] for number in gone) - _turns(stays)
    for number in range(evidence.first, evidence.end):
        quote = _QUOTE.match(lines[number])
        if quote and int(quote[1]) in orphaned:
            yield from _extent(lines, number, evidence)


def _holds(section: Section, number: int) -> bool:
    return section.first <= number < section.end


def _turns(lines: Iterator[str]) -> set[int]:
    return {int(turn) for line in lines for named in _NAMED.findall(line) for turn in re.findall(r"\d+", named)}


def _emptied(lines: Sequence[str], sections: Sequence[Section], gone: Collection[int]) -> set[int]:
    """Return the lines of headings under which nothing is left; at the body's end with the blank lines above them."""
    emptied: set[int] = set()
    below: Section | None = None  # the next one that stays
    for section in reversed(sections):
        if not _is_emptied(lines, section, gone) or (below and below.level > section.level):
            below = section
            continue
        start = section.start
        while below is None and start and not lines[start - 1].strip():
            start -= 1
        emptied.update(range(start, section.end))
    return emptied


def _is_emptied(lines: Sequence[str], section: Section, gone: Collection[int]) -> bool:
    inside = range(section.first, section.end)
    stays = any(lines[number].strip() for number in inside if number not in gone)
    return bool(section.heading) and not stays and any(number in gone for number in inside)


def _shown(lines: Sequence[str], numbers: Collection[int]) -> tuple[str, ...]:
    return tuple(line for number in sorted(numbers) if (line := lines[number].rstrip()))
