"""Mentions: the lines of a journal that state a gap, an action or a question, wherever they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from session_journal.core import asked, blocks, document, reading, sections
from session_journal.core import lazy_re as re
from session_journal.core.entry import Entry
from session_journal.core.items import ItemKind
from session_journal.core.pages import Page, Passage
from session_journal.core.patterns import squash
from session_journal.core.records import record
from session_journal.errors import JournalError

KINDS: tuple[ItemKind, ...] = ("action", "gap", "question")
FOUND_IN: tuple[ItemKind, ...] = (*KINDS, asked.KIND)
"""The kinds of items that state one, or may ask something by the way."""

_TASK = re.compile(r"\s*[-*+] \[(?P<mark>[ xX/])\] (?P<text>.*?)(?: \^(?P<id>[a-z0-9]{4,}))?\s*")
_SOURCE = re.compile(
    r"(?:\s+\((?:open|practising|resolved|started|done|answered|asked)\b[^()]*\))?\s+\(\[[^\]]*\]"
    r"\((?P<link><[^>]*>|.*?)\)(?:, draft)?\)$"
)
"""How it stands, and the link to where it comes from."""
_STATE = re.compile(
    r" \((?P<state>open(?:ed)?|practising|resolved|started|done|answered)(?: since [0-9-]+| again)?"
    r"(?P<rest>(?:, in |: )[^()]*)?\)(?= \(\[)"
)
_OPEN = ("open", "practising", "started")
_LAST = "~"
"""What is ticked in a rollup was ticked after all that its last day brought."""

HABIT_DAYS, _APART, _TIMES_AGAIN = 5, 3, 2
"""On so many days a habit is stated at least, so many days apart on average at most, and set again so often."""

Order = tuple[str, str, str, int]


@record(frozen=True, slots=True)
class Mention:
    """One line that states an end. date: of its entry, or a rollup's last day; order: what lines are sorted by.

    entry: the entry's id. draft: nobody has reviewed it. copied: it stands in a block that the tool writes, which
    says something of its own only where a person ticked it: told is False then. link: what it was copied from, a name.
    aside: a question that a person asks within a thought, no line of its own; answered, it gets one.
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
    told: bool = False
    link: str = ""
    aside: bool = False

    @property
    def state(self) -> str:
        """Return the mark, a line that is no task being open."""
        return self.mark or " "


def of_pages(found: Iterable[tuple[Page, Passage]]) -> Iterator[Mention]:
    """Yield what items of entries (kinds: FOUND_IN) state; each page's come in its own order."""
    stated = [
        Mention(
            page.path, kind, passage.text, day, (page.date, page.created, page.path, number), passage.mark,
            passage.block_id, page.id, page.title, page.project, page.status == "draft",
            aside=bool(passage.turns) and kind not in KINDS,
        )
        for number, (page, passage) in enumerate(found)
        for kind in [next((kind for kind in FOUND_IN if kind == passage.kind), None)]
        for day in [_day(page.date)]
        if kind and day and not page.problem
    ]  # fmt: skip
    yield from _with_asides(stated)


def of_entries(entries: Iterable[Entry]) -> Iterator[Mention]:
    """Yield the same of entries that were read whole."""
    found = [
        (entry, item)
        for entry in entries
        for is_draft in (entry.status == "draft",)
        for item in entry.items
        if item.kind in KINDS or (item.kind in FOUND_IN and not (item.turns or is_draft))
    ]
    shown = reading.shown_by_text(text for entry, item in found for text in (item.text, entry.title, entry.project))
    moments = {entry.path: reading.moment(entry.created) for entry, _ in found}
    stated = [
        Mention(
            entry.path, item.kind, shown[item.text], entry.date,
            (entry.date.isoformat(), moments[entry.path], entry.path, item.line), item.mark, item.block_id, entry.id,
            shown[entry.title], shown[entry.project], entry.status == "draft",
        )
        for entry, item in found
    ]  # fmt: skip
    yield from _with_asides(stated)


_REACH = 12
"""So many lines after a question still belong to it."""


def _with_asides(stated: Iterable[Mention]) -> Iterator[Mention]:
    """Yield what is stated, and in place of each thought of a person the questions on which it ends.

    aside: of a thought, that it is a draft's. A question that has a line of its own in the same entry is no aside any
    more, nor one that its writer went on to answer.
    """
    lines = list(stated)
    own = {(one.path, squash(one.text)) for one in lines if one.kind == "question"}
    for place, one in enumerate(lines):
        if one.kind in KINDS:
            yield one
        elif not (one.aside or one.draft):
            after = [other.text for other in lines[place + 1 :][:_REACH] if other.path == one.path]
            for text in asked.asked_in(one.text):
                if (one.path, squash(text)) not in own and not any(asked.answers(text, other) for other in after):
                    yield replace(one, kind="question", text=text, mark="", block_id="", aside=True)


def of_rollup(path: str, data: bytes, committed: Callable[[], bytes | None] = lambda: None) -> Iterator[Mention]:
    """Yield what a page that the tool keeps up to date states; JournalError where it cannot be read.

    It cannot either where the markers of a block are broken: the tool's own lines would count as a person's.

    What a person wrote beside the managed block counts as in an entry; tasks inside the block are copies. committed:
    the page as it was committed last, asked for only where a person ticked something in a block.
    """
    document.refuse_conflict(data, path)
    doc = document.parse(data, path)
    values = document.fields(doc, path)
    day = _day(str(values.get("until") or values.get("updated") or values.get("date") or "")[:10])
    if day is None:
        return
    title, entry = str(values.get("title") or path), str(values.get("id") or "")
    # What a person writes on a quarter's page in its second week is open from then on, not from the quarter's end.
    since = min(day, _day(str(values.get("created") or "")[:10]) or day)
    blocks.prove(doc.body)
    own, copied = apart(doc.body, blocks.inside(doc.body))
    for item in sections.items(own):
        kind = next((kind for kind in KINDS if kind == item.kind), None)
        if kind:
            order = (day.isoformat(), _LAST, path, item.line)
            yield Mention(path, kind, item.text, since, order, item.mark, item.block_id, entry, title)
    written = _as_written(doc.body, path, committed)
    for number, line in copied:
        if task := task_of(line):
            order = (day.isoformat(), _LAST, path, number)
            told = written is None or written.get((task.text, task.id), " ") == task.mark
            yield Mention(
                path, "action", task.text, day, order, task.mark, task.id, entry, title, copied=True, told=told,
                link=task.link,
            )  # fmt: skip


def is_touched(text: str) -> bool:
    """Tell whether a person ticked something in a block of a page since the tool wrote it."""
    return any(_is_ticked(text, name) for name in blocks.names(text))


def _as_written(body: str, path: str, committed: Callable[[], bytes | None]) -> dict[tuple[str, str], str] | None:
    """Return the marks that the tool wrote, by words and id, none where that can't be known.

    None where nobody ticked anything since.
    """
    touched = [name for name in blocks.names(body) if _is_ticked(body, name)]
    if not touched:
        return None
    before = committed()
    try:
        earlier = document.parse(before, path).body if before else ""
    except JournalError:
        return {}
    if any(not _is_written(earlier, body, name) for name in touched):
        return {}
    tasks = [task for _, line in apart(earlier, blocks.inside(earlier))[1] if (task := task_of(line))]
    return {(task.text, task.id): task.mark for task in tasks}


def _is_ticked(body: str, name: str) -> bool:
    try:
        return blocks.ticked(body, name)
    except JournalError:
        return True


def _is_written(earlier: str, body: str, name: str) -> bool:
    """Tell whether an earlier version has a block just as the tool wrote the one that stands here now."""
    try:
        one, other = blocks.find(earlier, name), blocks.find(body, name)
        same = one is not None and other is not None and (one.sha, one.ticks) == (other.sha, other.ticks)
        return same and not blocks.ticked(earlier, name)
    except JournalError:
        return False


def comes_back(lines: Sequence[Mention]) -> bool:
    """Tell whether a box is ticked and set again day by day, as in a checklist of habits. lines: oldest first.

    A task that is carried over for days is ticked once, and what is done every week is to be done this week.
    """
    marks = {one.date: one.state for one in lines if not one.draft}
    again = sum(before == "x" and after != "x" for before, after in pairwise(marks.values()))
    is_daily = len(marks) >= HABIT_DAYS and (max(marks) - min(marks)).days < _APART * len(marks)
    return is_daily and again >= _TIMES_AGAIN


@record(frozen=True, slots=True)
class Task:
    """A task inside a managed block: its mark, its words without their source, its block id, what it links to."""

    mark: str
    text: str
    id: str
    link: str


def task_of(line: str) -> Task | None:
    """Read a task inside a managed block; None for any other line."""
    task = _TASK.fullmatch(line)
    if task is None:
        return None
    source = _SOURCE.search(task["text"])
    link = source["link"].strip("<>").rpartition("/")[2] if source else ""
    return Task(task["mark"].lower(), _SOURCE.sub("", task["text"]), task["id"] or "", link)


def restated(line: str, state: str) -> str:
    """Return a task inside a managed block with the word for how it stands brought up to date, where it has one."""
    told = _STATE.search(line)
    if told is None or (state in _OPEN and told["state"].startswith("open")):
        return line  # since when it is open holds for what is begun as well
    rest = told["rest"] or ""
    evidence = rest.startswith(":")
    return f"{line[: told.start()]} ({state}{'' if evidence and state == 'open' else rest}){line[told.end() :]}"


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
