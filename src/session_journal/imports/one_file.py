"""Logs in one file: each heading with a day begins an entry (`## Session Log - 2026-11-20`)."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from hashlib import sha256

from session_journal.core import sections
from session_journal.core.records import record
from session_journal.errors import DocumentError
from session_journal.imports import Left, Original, Reading, files, markdown
from session_journal.imports.days import Found, find_day, is_ambiguous, order_of

_HEAD_BYTES = 1_000_000
_NO_DAY = "no day in this heading; write it as 2026-11-20"
TWO_WAYS = "its day can be read two ways; say which: --day-first or --month-first"


@record(frozen=True, slots=True)
class _Mark:
    """A heading of the file: its line (from 0), level, words, day, and what it says beside them."""

    line: int
    level: int
    words: str
    found: Found | None
    title: str = ""


def recognises(path: str) -> bool:
    """Tell whether a text file without a day in its name has headings that begin with days."""
    if not os.path.isfile(path) or not path.lower().endswith(files.TEXT) or find_day(os.path.basename(path)):
        return False
    with open(path, "rb") as file:
        text = file.read(_HEAD_BYTES).decode("utf-8-sig", "replace")
    return any(mark.found or is_ambiguous(mark.words) for mark in _marks(text, Reading()))


def read(path: str, reading: Reading) -> Iterator[Original | Left]:
    """Yield an entry for each heading with a day; what no such heading leads is reported."""
    name = files.shown(os.path.basename(path))
    if os.path.isdir(path):
        yield Left(name, "a folder, not one file")
        return
    try:
        text = files.decode(files.read_data(path))
        body = markdown.split_front(text, name).body
    except files.UnreadableError as error:
        yield Left(name, str(error))
    except DocumentError as error:
        yield Left(name, markdown.explained(error, name))
    else:
        yield from _read(
            body, name, files.key_of(os.path.dirname(path), name), text.count("\n", 0, len(text) - len(body)), reading
        )


def _read(body: str, name: str, file: str, above: int, reading: Reading) -> Iterator[Original | Left]:
    """Yield the entries of a body that begins below so many lines; `file` is the file's key."""
    marks = _marks(body, reading)
    lines = [f"{line}\n" for line in body.split("\n")]
    starts = _starts(marks)
    first = starts[0].line if starts else len(lines)
    if "".join(lines[:first]).strip():
        why = "text before the first heading with a day" if starts else _NO_DAY
        yield Left(_place(name, above, above + first), why)
    seen: Counter[str] = Counter()
    nexts = [*(mark.line for mark in starts[1:]), len(lines)]
    for mark, after in zip(starts, nexts, strict=True):
        end = _end(mark, after, marks, lines)
        if end < after:
            yield Left(_place(name, above + end, above + after), "a heading over entries, with no text of its own")
        text = "".join(lines[mark.line : end])
        place = _place(name, above + mark.line, above + mark.line + text.rstrip().count("\n") + 1)
        if mark.found and markdown.is_blank(markdown.split_body(text)):
            yield Left(place, markdown.BLANK)
        elif mark.found:
            yield _original(mark, mark.found.day, text, _key(mark, mark.found.day, file, seen), place)
        else:
            yield Left(place, TWO_WAYS if is_ambiguous(mark.words) else _NO_DAY)


def _end(start: _Mark, after: int, marks: Sequence[_Mark], lines: Sequence[str]) -> int:
    """Return where an entry ends: before headings of a higher rank (`# June`) that only lead what follows."""
    end = after
    first, last = (bisect_left(marks, line, key=lambda mark: mark.line) for line in (start.line + 1, after))
    for mark in reversed(marks[first:last]):
        if mark.level >= start.level or "".join(lines[mark.line + 1 : end]).strip():
            break
        end = mark.line
    return end


def _place(name: str, start: int, end: int) -> str:
    """Name the lines from `start` (counted from 0) to the one before `end`."""
    return f"{name}:{start + 1}" + (f"-{end}" if end - start > 1 else "")


def _key(mark: _Mark, day: date, file: str, seen: Counter[str]) -> str:
    """Return what tells an entry from the file's others: its day and time, counted where they are the same."""
    clock = markdown.clock_in(mark.words)
    key = f"{file}#{day.isoformat()}{clock.strftime('T%H:%M') if clock else ''}"
    seen[key] += 1
    return key if seen[key] == 1 else f"{key}#{seen[key]}"


def _original(mark: _Mark, day: date, text: str, key: str, place: str) -> Original:
    body = text.rstrip()
    clock = markdown.clock_in(mark.words)
    return Original(
        key=key, name=place, day=day, doc=markdown.split_body(body + _line_end(text)),
        sha256=sha256(body.encode("utf-8", "surrogatepass")).hexdigest(),
        moment=datetime.combine(day, clock) if clock else None,
        title=mark.title, attachments=markdown.attachments(body),
    )  # fmt: skip


def _line_end(text: str) -> str:
    return "\r\n" if text.partition("\n")[0].endswith("\r") else "\n"


def _marks(body: str, reading: Reading) -> list[_Mark]:
    """Return the file's headings; those in a known order of day and month show how the others are meant."""
    lines = body.split("\n")
    heads = [part for part in sections.split(body) if 1 <= part.level <= 6]
    words = [lines[part.start].strip().strip("#").strip() for part in heads]
    order = reading.day_first if reading.day_first is not None else order_of(words)
    return [
        _Mark(part.start, part.level, text, find_day(text, day_first=order), markdown.title_in(text, day_first=order))
        for part, text in zip(heads, words, strict=True)
    ]


def _starts(marks: Sequence[_Mark]) -> list[_Mark]:
    """Return the headings that begin entries: those of the highest level that has several days, and their like.

    A heading of that level which looks like them but names no day begins text that is nobody's; any other heading
    belongs to the entry above it.
    """
    dated = Counter(mark.level for mark in marks if mark.found or is_ambiguous(mark.words))
    if not dated:
        return []
    level = min((level for level, count in dated.items() if count > 1), default=min(dated))
    own = [mark for mark in marks if mark.level == level]
    leads = {lead for mark in own if mark.found and (lead := _lead(mark.words[: mark.found.start]))}
    return [mark for mark in own if mark.found or is_ambiguous(mark.words) or _lead_of(mark.words, leads)]


def _lead(text: str) -> str:
    return " ".join(text.casefold().strip(" -–—:([").split())


def _lead_of(words: str, leads: set[str]) -> bool:
    return any(" ".join(words.casefold().split()).startswith(lead) for lead in leads if len(lead) > 2)
