"""An entry as `review` shows it: what matters of its front matter, and its items with their numbers."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator

from session_journal.cli.output import Context, broken, on_terminal
from session_journal.core.entry import Entry
from session_journal.core.items import Item
from session_journal.core.text import clean, counted

_REDACTED = re.compile(r"\[REDACTED:([\w-]+)")
_BULLET = re.compile(r"([ \t]*)([-*+•]|\d{1,3}[.)])[ \t]+")
_MARGIN = 2


def show(ctx: Context, entry: Entry, place: str = "") -> None:
    """Show an entry; `place` tells where in a row of them it stands. What no screen holds goes through the pager."""
    lines = list(page(ctx, entry, place))
    text = "\n".join(lines)
    if on_terminal(sys.stdout) and len(lines) + 2 > shutil.get_terminal_size().lines:
        ctx.page(text)
    else:
        ctx.write(text)


def page(ctx: Context, entry: Entry, place: str = "") -> Iterator[str]:
    """Yield the lines of an entry for a reviewer."""
    yield from _header(ctx, entry, place)
    yield ""
    numbers = {item.line: number for number, item in enumerate(entry.items, 1)}
    margin = len(str(len(numbers))) + _MARGIN + 2
    # Cleaned line by line: a terminal code that runs over several would shift the numbers.
    for at, line in enumerate(entry.body.strip("\r\n").split("\n"), _blank_lines(entry.body)):
        yield from _line(ctx, clean(line).rstrip(), numbers.get(at, 0), margin)


def item_lines(items: tuple[Item, ...]) -> Iterator[str]:
    """Yield the items of an entry with their numbers alone."""
    margin = len(str(len(items))) + _MARGIN + 2
    for number, item in enumerate(items, 1):
        yield from _numbered(number, f"{item.kind}: {clean(item.text)}", margin)


def _header(ctx: Context, entry: Entry, place: str) -> Iterator[str]:
    title = f"[{place}] {entry.title}" if place else entry.title
    for line in broken(clean(title), 0):
        yield ctx.style(line, "bold")
    facts = (entry.date.isoformat(), entry.project or "no project", entry.kind, _outcome(entry))
    yield from broken(clean(" · ".join(filter(None, facts))), 0)
    yield from broken(clean(" · ".join(filter(None, _state(entry)))), 0)
    yield ctx.style(clean(entry.path), "dim")


def _outcome(entry: Entry) -> str:
    return f"outcome {entry.outcome}" + (f", effectiveness {entry.effectiveness} of 5" if entry.effectiveness else "")


def _state(entry: Entry) -> Iterator[str]:
    yield f"{entry.status}, visibility {entry.visibility}"
    values = entry.fields
    if values.get("drafted_by"):
        yield f"drafted by {values['drafted_by']}"
    if values.get("verified"):
        yield f"claims verified {values['verified']}"
    found = _REDACTED.findall(f"{entry.title}\n{entry.body}")
    if found:
        yield f"{counted(len(found), 'redaction')} ({', '.join(dict.fromkeys(found))})"


def _blank_lines(body: str) -> int:
    return body[: len(body) - len(body.lstrip("\r\n"))].count("\n")


def _line(ctx: Context, line: str, number: int, margin: int) -> Iterator[str]:
    if number:
        yield from _numbered(number, _BULLET.sub("", line, count=1), margin)
    elif line.lstrip().startswith("#"):
        yield ctx.style(line, "bold")
    elif line:
        bullet = _BULLET.match(line)
        lead = bullet[0] if bullet else line[: len(line) - len(line.lstrip())]
        first, *more = broken(line[len(lead) :], margin + len(lead))
        yield f"{'':{margin}}{lead}{first}"
        yield from (f"{'':{margin + len(lead)}}{part}" for part in more)
    else:
        yield ""


def _numbered(number: int, text: str, margin: int) -> Iterator[str]:
    first, *more = broken(text, margin)
    yield f"{f'{number}.':>{margin - 1}} {first}"
    yield from (f"{'':{margin}}{part}" for part in more)
