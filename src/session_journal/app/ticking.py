"""Ticking on disk: what was ticked in one place set in every other that states it, in one commit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from difflib import SequenceMatcher
from itertools import zip_longest

from session_journal.app.new import subject
from session_journal.app.open_ends import closed_lately
from session_journal.core import blocks, sections
from session_journal.core.additions import add_lines
from session_journal.core.document import dump, parse, set_body
from session_journal.core.items import Item
from session_journal.core.mentions import Mention, apart, restated, task_of
from session_journal.core.open_ends import STATES, End
from session_journal.core.reading import safe
from session_journal.core.records import record
from session_journal.core.sections import heading, render_item
from session_journal.core.ticking import set_id, set_mark, tick
from session_journal.errors import ConflictError, JournalError
from session_journal.store.files import read_bytes
from session_journal.store.guard import check
from session_journal.store.journal import Change, Journal


@record(frozen=True, slots=True)
class Ticked:
    """What setting an end's mark changes. lines: (path, line number from 1, old line, new line)."""

    end: End
    state: str
    changes: tuple[Change, ...] = ()
    lines: tuple[tuple[str, int, str, str], ...] = ()


def plan_mark(journal: Journal, end: End, mark: str) -> Ticked:
    """Work out which lines say how an end stands and what they become; nothing is written."""
    changes: list[Change] = []
    lines: list[tuple[str, int, str, str]] = []
    stated = _stated(journal, end, mark)
    for path in dict.fromkeys(one.path for one in (*stated.mentions, *end.copies)):
        change = _marked(journal, path, stated, mark)
        if change.data != change.base:
            changes.append(change)
            lines += _differing(change)
    return Ticked(end, STATES[end.kind][mark], tuple(changes), tuple(lines))


def _stated(journal: Journal, end: End, mark: str) -> End:
    """Return an end with those lines alone that a mark is set in: a box of another day tells of that day.

    Of a habit that is done it is the newest, and of what is opened again all but those that were closed before the
    newest was there.
    """
    if end.is_habit:
        return replace(end, mentions=(end.newest,))
    if mark == "x" or all(one.mark != "x" for one in end.mentions[:-1]):
        return end
    lately = closed_lately(journal, end)
    own = (one for one in end.mentions if one.mark != "x" or one.path == end.newest.path or one in lately)
    return replace(end, mentions=tuple(own))


def carry_out(journal: Journal, ticked: Ticked, now: datetime) -> str:
    """Write what was planned in one commit; return why the commit waits, "" where it does not."""
    message = subject(f"{ticked.state}: {ticked.end.text}")
    return journal.publish(ticked.changes, message, now).waiting


def carry(journal: Journal, ends: Iterable[End]) -> tuple[Change, ...]:
    """Return the changes that bring what was ticked in a block of the tool's to the entries where it stands.

    And to the other blocks that copy it, with what was ticked elsewhere. To be published before any block is written
    again. A file whose line cannot be ticked is left as it is, and so are the blocks then.
    """
    pages = _Pages(journal)
    kept: set[str] = set()
    copied: list[tuple[str, End]] = []
    for end in ends:
        said = end.newest.state != end.mark and any(one.state == end.mark and not one.told for one in end.copies)
        shown = [one.path for one in end.copies if one.state != end.mark or not one.told]
        stated = _stated(journal, end, end.mark) if said or shown else end
        if said and not pages.change(dict.fromkeys(one.path for one in stated.mentions), stated):
            kept.update(one.path for one in end.copies)
        copied += [(path, stated) for path in shown]
    for path, end in copied:
        if path not in kept:
            pages.change([path], end, settled=True)
    return pages.changes()


def refuse_uncarried(ends: Iterable[End], page: str) -> None:
    """Refuse to write a page again in which something is ticked that its entry could not take: that would untick it."""
    for end in ends:
        said = any(one.path == page and not one.told and one.state == end.mark for one in end.copies)
        if said and end.newest.state != end.mark:
            raise JournalError(
                f"{page} stays as it is: what is ticked in it cannot be set in {end.newest.path}", "journal seal"
            )


def refer(journal: Journal, ends: Iterable[End], pages: Sequence[Change]) -> tuple[Change, ...]:
    """Return the changes of pages, and those that give what their blocks name its block id where it stands.

    A line whose words are edited later is still known by it. One that cannot take an id does without, and so does one
    in a file that a person is at work on: nothing of theirs is committed by the way.
    """
    names = _ids_of(pages)
    written = _Pages(journal, pages)
    for end in ends:
        lacking = {one.path for one in end.mentions if one.block_id != end.id} if end.id in names else set()
        for path in sorted(lacking):
            if path in written.after or _is_committed(journal, path):
                written.change([path], end, mark=False)
    return written.changes()


def _is_committed(journal: Journal, path: str) -> bool:
    found = journal.repo.git("cat-file", "blob", f"HEAD:{path}", check=False)
    return found.code == 0 and found.out == read_bytes(journal.path(path))


def _ids_of(pages: Iterable[Change]) -> frozenset[str]:
    """Return the ids that the managed blocks of pages name."""
    bodies = (parse(page.data, page.path).body for page in pages if page.data)
    lines = (line for body in bodies for _, line in apart(body, blocks.inside(body))[1])
    return frozenset(task.id for line in lines if (task := task_of(line)) and task.id)


class _Pages:
    """Files as they will be, each read once and changed for one end after another; some may be changed already."""

    def __init__(self, journal: Journal, changes: Sequence[Change] = ()) -> None:
        self.journal = journal
        self.before = {change.path: change.base for change in changes}
        self.after = {change.path: change.data for change in changes if change.data is not None}

    def change(self, paths: Iterable[str], end: End, *, mark: bool = True, settled: bool = False) -> bool:
        """Bring files to how an end stands, or only give it its id there; tell whether that could be done in all."""
        done = True
        for path in paths:
            data = self.after.get(path) or read_bytes(self.journal.path(path))
            if data is None:
                continue
            self.before.setdefault(path, data)
            try:
                fresh = _marked_data(path, data, end, end.mark if mark else None, settled=settled)
                check(self.journal.root, path, fresh, self.journal.allowed)
                self.after[path] = fresh
            except JournalError:
                done = False
        return done

    def changes(self) -> tuple[Change, ...]:
        """Return what is not as it was."""
        return tuple(
            Change(path, data, self.before[path]) for path, data in self.after.items() if data != self.before[path]
        )


def _marked(journal: Journal, path: str, end: End, mark: str) -> Change:
    data = read_bytes(journal.path(path))
    if data is None:
        raise ConflictError(f"{path} is gone; nothing was written", "try again")
    try:
        return Change(path, _marked_data(path, data, end, mark), data)
    except JournalError as error:
        error.message, error.hint = f"{path}: {error.message}", error.hint or f"journal edit {path}"
        raise


def _marked_data(path: str, data: bytes, end: End, mark: str | None, *, settled: bool = False) -> bytes:
    """Return a file in which an end has a mark, and its id (that alone without a mark).

    settled: all that was ticked in its blocks is known, so that it counts as written by the tool from now on.
    """
    doc = parse(data, path)
    body = doc.body
    for one in (one for one in end.mentions if one.path == path):
        body = _stated_anew(body, one, mark, end.id)
    wanted = {(one.text, one.block_id) for one in end.copies if one.path == path}
    if mark is not None and wanted:
        body = _copied_anew(body, end, wanted, mark, settled=settled)
    return dump(set_body(doc, body))


def _stated_anew(body: str, line: Mention, mark: str | None, block_id: str) -> str:
    """Set the mark of every item that says what a line says; its words may be redacted in what was searched.

    What is asked within a thought gets a line of its own: the thought stays as it was written.
    """
    if line.aside:
        return body if mark is None else _with_line(body, Item(line.kind, line.text, mark=mark, block_id=block_id))
    for place in range(len(_items(body))):
        raw, shown = _items(body)[place]
        if (shown.kind, shown.text) == (line.kind, line.text) and shown.block_id == line.block_id:
            body = set_id(body, raw, block_id) if mark is None else set_mark(body, raw, mark, block_id)
    return body


def _with_line(body: str, item: Item) -> str:
    """Return the body with a line for an item; JournalError where anything else would read otherwise then."""
    changed = add_lines(body, {heading(item.kind): [render_item(item)]})
    before, after = ([(one.kind, one.text, one.mark) for one in sections.items(text)] for text in (body, changed))
    if sorted([*before, (item.kind, item.text, item.mark)]) != sorted(after):
        raise JournalError("the answer cannot be added without changing a section", "write it as `- [x] …`")
    return changed


def _items(body: str) -> list[tuple[Item, Item]]:
    """Return the items of what people and drafts wrote, as they stand and as they are shown."""
    own = apart(body, blocks.inside(body))[0]
    raw, shown = sections.items(own), sections.items(safe(own))
    return list(zip(raw, shown if len(shown) == len(raw) else raw, strict=True))


def _copied_anew(body: str, end: End, wanted: set[tuple[str, str]], mark: str, *, settled: bool) -> str:
    """Set the mark of copied lines; the tool's own tick is told from those of a person that nobody carried yet."""
    whole = {name: not blocks.edited(body, name) for name in blocks.names(body)}
    names = [name for name in whole if settled or not blocks.ticked(body, name)]
    lines = body.split("\n")
    for number, text in apart(body, blocks.inside(body))[1]:
        task = task_of(text)
        if task and (task.text, task.id) in wanted:
            lines[number] = tick(lines[number], mark)
            if all(whole.values()) and set(names) == set(whole):
                lines[number] = restated(lines[number], STATES[end.kind][mark])
    body = "\n".join(lines)
    for name in names:
        body = blocks.restamp(body, name, words=whole[name])
    return body


def _differing(change: Change) -> list[tuple[str, int, str, str]]:
    """Return the lines that change, without the markers of blocks."""
    old, new = ((data or b"").decode().split("\n") for data in (change.base, change.data))
    found: list[tuple[str, int, str, str]] = []
    for what, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        pairs = zip_longest(old[first:last], new[start:end], fillvalue="") if what != "equal" else ()
        found += [
            (change.path, number, a.rstrip("\r"), b.rstrip("\r"))
            for number, (a, b) in enumerate(pairs, start + 1)
            if (a.strip() or b.strip()) and not a.startswith("<!-- journal:")
        ]
    return found
