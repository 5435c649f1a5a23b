"""Ticking: the one line of an item changed, or given its id; every other byte of the body as it was."""

from __future__ import annotations

import re

from session_journal.core.items import Item
from session_journal.core.sections import items, split
from session_journal.errors import JournalError

_TASK = re.compile(r"([ \t]*(?:[-*+\u2022]|\d{1,3}[.)])[ \t]+)(?:\[([ xX/>~-])\](?=[ \t]|\r?$))?")
_ID_AT_END = re.compile(r"[ ]\^(?=[a-z0-9]*\d)[a-z][a-z0-9]{5}(?=\r?$)", re.MULTILINE)
_ENDED = ("#", ">", "|", "![", "```", "~~~", "<!--")
_MARKS = {"x": "xX-", "/": "/~", " ": " >"}
"""What a person may have written for each state: it says so already, so it stays."""


def set_mark(body: str, item: Item, mark: str, block_id: str) -> str:
    """Return the body with an item's task-list mark set, and a block id at its end where it has none.

    item: as `sections.items` read it from this body. An item that is no task becomes one. JournalError where that
    cannot be done without changing what else the section says.
    """
    lines = body.split("\n")
    lines[item.line] = tick(lines[item.line], mark)
    changed = _with_id("\n".join(lines), item, block_id)
    _prove(body, changed, item, mark)
    return changed


def set_id(body: str, item: Item, block_id: str) -> str:
    """Return the body with a block id at the end of an item that has none; JournalError where that cannot be done."""
    changed = _with_id(body, item, block_id)
    _prove(body, changed, item, item.mark)
    return changed


def without_ids(text: str) -> str:
    """Return a text without the block ids at the ends of its lines: they are no part of what it says."""
    return _ID_AT_END.sub("", text)


def _with_id(body: str, item: Item, block_id: str) -> str:
    if item.block_id or not block_id:
        return body
    lines = body.split("\n")
    last = _last_line(body, item.line)
    lines[last] = _ended(lines[last], block_id)
    return "\n".join(lines)


def tick(line: str, mark: str) -> str:
    """Return a line as a task with this mark; one that says so already stays as it is."""
    task = _TASK.match(line)
    if task is None:
        return f"- [{mark}] {line.lstrip()}"  # a paragraph
    if task[2] is None:
        return f"{task[1]}[{mark}] {line[task.end() :]}"
    if task[2] in _MARKS[mark]:
        return line
    return f"{task[1]}[{mark}]{line[task.end() :]}"


def _ended(line: str, block_id: str) -> str:
    end = "\r" if line.endswith("\r") else ""
    return f"{line.removesuffix(end).rstrip()} ^{block_id}{end}"


def _last_line(body: str, start: int) -> int:
    """Return the last line of an item's own text: it may go on below its bullet."""
    section = next(part for part in split(body) if part.first <= start < part.end)
    number = start
    for line in section.lines[start + 1 - section.first :]:
        if not line.strip() or _TASK.match(line) or line.lstrip().startswith(_ENDED):
            break
        number += 1
    return number


def _prove(old: str, new: str, item: Item, mark: str) -> None:
    """Refuse a change after which anything else reads otherwise."""
    before = [(one.kind, one.text, one.turns) for one in items(old)]
    after = items(new)
    told = next((one for one in after if one.line == item.line), None)
    if [(one.kind, one.text, one.turns) for one in after] != before or told is None or told.mark != mark:
        raise JournalError("its line cannot be ticked without changing its section", "write it as `- [ ] …`")
