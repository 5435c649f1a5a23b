"""Mentions: the lines of a journal that state a gap, an action or a question, wherever they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from session_journal.core import blocks, document, reading, sections
from session_journal.core.entry import Entry
from session_journal.core.items import ItemKind
from session_journal.core.pages import Page, Passage

KINDS: tuple[ItemKind, ...] = ("action", "gap", "question")

_TASK = re.compile(r"\s*[-*+] \[(?P<mark>[ xX/])\] (?P<text>.*?)(?: \^(?P<id>[a-z0-9]{4,}))?\s*")
_SOURCE = re.compile(r"(?:\s+\((?:open|practising|resolved|started|done|answered)\b[^()]*\))?\s+\(\[[^\]]*\]\(.*\)$")
"""How it stands, and the link to where it comes from."""
_LAST = "~"
"""What is ticked in a rollup was ticked after all that its last day brought."""

Order = tuple[str, str, str, int]


@dataclass(frozen=True, slots=True)
class Mention:
    """One line that states an end. date: of its entry, or a rollup's last day; order: what lines are sorted by.

    entry: the entry's id. draft: nobody has reviewed it. copied: it stands in a block that the tool writes, which
    says something of its own only where a person ticked it.
    """

    path: str
    kind: ItemKind
    text: str
    date: date
    order: Order
    mark: str = ""
    block_id: str = ""
    entry: str = ""
    title: str = ""
    project: str = ""
    draft: bool = False
    copied: bool = False

    @property
    def state(self) -> str:
        """Return the mark, a line that is no task being open."""
        return self.mark or " "


def of_pages(found: Iterable[tuple[Page, Passage]]) -> Iterator[Mention]:
    """Yield what items of entries state; each page's come in its own order."""
    for number, (page, passage) in enumerate(found):
        kind = next((kind for kind in KINDS if kind == passage.kind), None)
        day = _day(page.date)
        if kind and day and not page.problem:
            yield Mention(
                page.path, kind, passage.text, day, (page.date, page.created, page.path, number), passage.mark,
                passage.block_id, page.id, page.title, page.project, page.status == "draft",
            )  # fmt: skip


def of_entries(entries: Iterable[Entry]) -> Iterator[Mention]:
    """Yield the same of entries that were read whole."""
    for entry in entries:
        found = [item for item in entry.items if item.kind in KINDS]
        if not found:
            continue
        order = (entry.date.isoformat(), reading.moment(entry.created), entry.path)
        title, project = reading.safe(entry.title), reading.safe(entry.project)
        for item in found:
            yield Mention(
                entry.path, item.kind, reading.safe(item.text), entry.date, (*order, item.line), item.mark,
                item.block_id, entry.id, title, project, entry.status == "draft",
            )  # fmt: skip


def of_rollup(path: str, data: bytes) -> Iterator[Mention]:
    """Yield what a page that the tool keeps up to date states; DocumentError where it cannot be read.

    What a person wrote beside the managed block counts as in an entry; tasks inside the block are copies.
    """
    doc = document.parse(data, path)
    values = document.fields(doc, path)
    day = _day(str(values.get("until") or values.get("updated") or values.get("date") or "")[:10])
    if day is None:
        return
    title, entry = str(values.get("title") or path), str(values.get("id") or "")
    inside = blocks.inside(doc.body)
    own, copied = apart(doc.body, inside)
    for item in sections.items(own):
        kind = next((kind for kind in KINDS if kind == item.kind), None)
        if kind:
            order = (day.isoformat(), _LAST, path, item.line)
            yield Mention(path, kind, item.text, day, order, item.mark, item.block_id, entry, title)
    for number, line in copied:
        if task := task_of(line):
            mark, text, name = task
            order = (day.isoformat(), _LAST, path, number)
            yield Mention(path, "action", text, day, order, mark, name, entry, title, copied=True)


def task_of(line: str) -> tuple[str, str, str] | None:
    """Read a task inside a managed block: its mark, its words without their source, its block id."""
    task = _TASK.fullmatch(line)
    return (task["mark"].lower(), _SOURCE.sub("", task["text"]), task["id"] or "") if task else None


def apart(body: str, inside: frozenset[int]) -> tuple[str, list[tuple[int, str]]]:
    """Return a body in which the lines of managed blocks are blank, and those lines with their numbers."""
    lines = body.split("\n")
    copied = [(number, line.rstrip("\r")) for number, line in enumerate(lines) if number in inside]
    return "\n".join("" if number in inside else line for number, line in enumerate(lines)), copied


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
