"""A TOML file of `[[tables]]` as text: cut into its tables, one added, one taken out, two versions united."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from session_journal.core.merging.lines import how_often
from session_journal.core.merging.sides import unopposed

_HEADER = re.compile(r"\s*\[\[?\s*[\w\"']")
_IDLE = re.compile(r"\s*(?:#.*)?\Z")


def split(text: str) -> list[str]:
    """Cut a text before each table and the comment right above it; the first part is what stands before any."""
    lines = text.splitlines(keepends=True)
    starts = [number for number, line in enumerate(lines) if _HEADER.match(line)]
    cuts = [0, *(_with_comment(lines, start) for start in starts), len(lines)]
    return ["".join(lines[one:two]) for one, two in pairwise(cuts)]


def _with_comment(lines: Sequence[str], start: int) -> int:
    while start and lines[start - 1].lstrip().startswith("#"):
        start -= 1
    return start


def add(text: str, table: str) -> str:
    """Put a table at the end, a blank line before it."""
    newline = "\r\n" if "\r\n" in text else "\n"
    gap = "" if not text or text.endswith(newline * 2) else newline if text.endswith("\n") else newline * 2
    return f"{text}{gap}{table.strip().replace(chr(10), newline)}{newline}"


def take_out(text: str, number: int) -> str:
    """Take the table of this number (from 1, the order they stand in) out; comments before and behind it stay."""
    parts = split(text)
    lines = parts[number].splitlines(keepends=True)
    start = next(place for place, line in enumerate(lines) if _HEADER.match(line))
    end = max(place for place, line in enumerate(lines) if not _IDLE.match(line)) + 1
    while not start and end < len(lines) and not lines[end].strip():  # a comment that stays keeps its distance
        end += 1
    parts[number] = "".join(lines[:start] + lines[end:])
    return "".join(parts)


def unite(base: str, one: str, two: str) -> str | None:
    """Return the tables of both versions, less what one side took out; None where what stands before them clashes.

    The order of `one` and `two` does not matter.
    """
    versions = [[_plain(part) for part in split(text)] for text in (base, *sorted((one, two)))]
    heads = [parts[0] if parts else "" for parts in versions]
    head = unopposed(*heads)
    if head is None:
        return None
    before, first, second = (Counter(parts[1:]) for parts in versions)
    wanted = Counter({part: how_often(before[part], first[part], second[part]) for part in first | second})
    known = [part for part in dict.fromkeys(versions[1][1:]) if part in before]
    fresh = sorted(part for part in wanted if part not in known)
    tables = [part for part in (*known, *fresh) for _ in range(wanted[part])]
    return "\n\n".join(filter(None, [head[0], *tables])) + "\n"


def _plain(part: str) -> str:
    return part.replace("\r\n", "\n").strip()
