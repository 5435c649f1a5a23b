"""Open ends on disk: found in entries and rollups, named by a person, ticked where they stand."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from session_journal.app.new import subject
from session_journal.app.search import ask
from session_journal.core import blocks, sections
from session_journal.core.document import dump, parse, set_body
from session_journal.core.entry import Entry
from session_journal.core.items import Item, ItemKind
from session_journal.core.learnings import PATH
from session_journal.core.mentions import Mention, apart, of_entries, of_pages, of_rollup, task_of
from session_journal.core.open_ends import KINDS, STATES, End, Read, doubtful, gather, key_words
from session_journal.core.patterns.words import read_terms
from session_journal.core.query import Filters
from session_journal.core.reading import safe
from session_journal.core.ticking import set_mark, tick
from session_journal.errors import ConflictError, JournalError, NotFoundError, UsageError
from session_journal.store.files import markdown_files, read_bytes, write_atomic
from session_journal.store.journal import Change, Journal

if TYPE_CHECKING:
    from session_journal.store.index import Index


LISTS = "lists.json"
MOST_ASKED = 40
"""So many lines at most are looked up in the history; of what is older the dates tell."""
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Ticked:
    """What setting an end's mark changes. lines: (path, line number from 1, old line, new line)."""

    end: End
    state: str
    changes: tuple[Change, ...] = ()
    lines: tuple[tuple[str, int, str, str], ...] = ()


def find_ends(journal: Journal, entries: Iterable[Entry] | None = None, read: Read = read_terms) -> tuple[End, ...]:
    """Return the gaps, actions and questions of the whole journal, the one that has been open longest first.

    entries: all of the journal, where the caller has read them; without, the index is asked. read: reads the terms of
    a text, for who remembers them.
    """
    stated = ask(journal, _stated) if entries is None else of_entries(entries)
    mentions = [*stated, *_of_rollups(journal)]
    ends = gather(mentions, read=read)
    late = _ticked_late(journal, list(doubtful(ends)))
    return gather(mentions, late, read) if late else ends


def select(ends: Iterable[End], kind: ItemKind, project: str = "", *, closed: bool = False) -> list[End]:
    """Return the ends of a kind that are open (or all of them), in a project."""
    wanted = project.casefold()
    return [
        end for end in ends if end.kind == kind and (closed or end.is_open) and (not wanted or wanted in end.projects)
    ]


def _stated(opened: Index) -> list[Mention]:
    pages = sorted(opened.pages(Filters(kind=("session",))), key=lambda page: page.order)
    return list(of_pages(opened.items(KINDS, pages)))


def _of_rollups(journal: Journal) -> list[Mention]:
    found: list[Mention] = []
    for path in [*markdown_files(journal.root, "rollups"), PATH]:
        data = read_bytes(journal.path(path))
        try:
            found += of_rollup(path, data) if data else ()
        except JournalError:
            continue  # `journal doctor` and `verify` name it
    return found


# --- what was ticked after a newer entry said that it is open ---------------------------------------------------------


def _ticked_late(journal: Journal, pairs: Sequence[tuple[Mention, Mention]]) -> frozenset[Mention]:
    """Return the closed lines that were not closed yet when the newer entry was first committed."""
    newest = sorted(pairs, key=lambda pair: pair[1].order, reverse=True)[:MOST_ASKED]
    asked = [(closed, opened) for closed, opened in newest if closed.path != opened.path]
    added = _first_commits(journal, sorted({opened.path for _, opened in asked})) if asked else {}
    return frozenset(closed for closed, opened in asked if _was_open(journal, closed, added.get(opened.path, "HEAD")))


def _first_commits(journal: Journal, paths: Sequence[str]) -> dict[str, str]:
    """Return the commit that brought each file, as far as this branch has one."""
    options = ("-z", "--diff-filter=A", "--no-renames", "--name-only", "--format=%x01%H")
    log = journal.repo.git("log", *options, "HEAD", "--", *paths, check=False)
    found: dict[str, str] = {}
    commit = ""
    for field in log.out.decode("utf-8", "surrogateescape").split("\0") if log.code == 0 else ():
        text = field.strip("\n")
        if text.startswith("\x01"):
            commit = text[1:]
        elif text:
            found[text] = commit
    return found


def _was_open(journal: Journal, line: Mention, commit: str) -> bool:
    before = journal.repo.git("cat-file", "blob", f"{commit}:{line.path}", check=False)
    return before.code == 0 and not _is_closed_in(before.out, line)


def _is_closed_in(data: bytes, line: Mention) -> bool:
    """Tell whether a line is closed in another version of its file; one that is not there was not open either."""
    try:
        body = safe(parse(data, line.path).body)
    except JournalError:
        return True
    if line.copied:
        found = [task for _, text in apart(body, blocks.inside(body))[1] if (task := task_of(text))]
        marks = [mark for mark, text, name in found if (name and name == line.block_id) or _same(text, line)]
    else:
        marks = [item.mark for item in sections.items(body) if item.kind == line.kind and _same(item.text, line)]
    return not marks or "x" in marks


def _same(text: str, line: Mention) -> bool:
    return key_words(text) == key_words(line.text)


# --- which end a person means -----------------------------------------------------------------------------------------


def remember_list(journal: Journal, kind: ItemKind, ends: Sequence[End]) -> None:
    """Keep the order in which ends were listed, so that the next command can name them by number."""
    lists = {**_lists(journal), kind: [end.id for end in ends]}
    path = journal.cache(LISTS)
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        write_atomic(path, json.dumps(lists).encode())
    except (OSError, JournalError):
        return  # where nothing can be kept, ids and words still name them


def _lists(journal: Journal) -> dict[str, list[str]]:
    try:
        kept = json.loads(read_bytes(journal.cache(LISTS)) or b"{}")
        return {str(kind): [str(name) for name in names] for kind, names in kept.items()}
    except (ValueError, TypeError, AttributeError):
        return {}


def resolve_end(journal: Journal, ends: Sequence[End], kind: ItemKind, ref: str, mark: str) -> End:
    """Return the end that a block id, a number of the last list, or a part of its words means.

    UsageError with the candidates where several do; those that would not change are no candidates then.
    """
    own = [end for end in ends if end.kind == kind]
    name = " ".join(ref.split()).removeprefix("^")
    by_id = [end for end in own if name and name in {end.id, *(one.block_id for one in end.mentions)}]
    if len(by_id) == 1:
        return by_id[0]
    if name.isascii() and name.isdigit():
        return _numbered(journal, own, kind, int(name))
    found = by_id or [end for end in own if name and _says(end, name)]
    changing = [end for end in found if end.mark != mark]
    for some in (found, changing):
        if len(some) == 1:
            return some[0]
    if not found:
        raise NotFoundError(f"{ref}: no such {kind}", f"journal {kind}s --all")
    raise UsageError(f"{ref}: {len(found)} {kind}s match\n{_listed(changing or found)}", "give the id, or more words")


def _numbered(journal: Journal, own: Sequence[End], kind: ItemKind, number: int) -> End:
    names = _lists(journal).get(kind)
    if names is None:
        raise NotFoundError(f"{number}: no list of {kind}s was shown yet", f"journal {kind}s")
    if not 1 <= number <= len(names):
        raise NotFoundError(f"{number}: the last list had {len(names)} {kind}s", f"journal {kind}s")
    found = next((end for end in own if end.id == names[number - 1]), None)
    if found is None:
        raise NotFoundError(f"{number}: it has changed since the last list", f"journal {kind}s")
    return found


def _says(end: End, words: str) -> bool:
    wanted = words.casefold()
    return any(wanted in " ".join(one.text.split()).casefold() for one in (end.newest, *end.mentions))


def _listed(ends: Sequence[End]) -> str:
    lines = [f"  {end.id}  {end.text}" for end in ends[:_SHOWN]]
    return "\n".join([*lines, f"  and {len(ends) - _SHOWN} more"] if len(ends) > _SHOWN else lines)


# --- ticking ----------------------------------------------------------------------------------------------------------


def plan_mark(journal: Journal, end: End, mark: str) -> Ticked:
    """Work out which lines say how an end stands and what they become; nothing is written."""
    changes: list[Change] = []
    lines: list[tuple[str, int, str, str]] = []
    for path in dict.fromkeys(one.path for one in (*end.mentions, *end.copies)):
        change = _marked(journal, path, end, mark)
        if change.data != change.base:
            changes.append(change)
            lines += _differing(change)
    return Ticked(end, STATES[end.kind][mark], tuple(changes), tuple(lines))


def carry_out(journal: Journal, ticked: Ticked, now: datetime) -> str:
    """Write what was planned in one commit; return why the commit waits, "" where it does not."""
    message = subject(f"{ticked.state}: {ticked.end.text}")
    return journal.publish(ticked.changes, message, now).waiting


def carry(journal: Journal, ends: Iterable[End]) -> tuple[Change, ...]:
    """Return the changes that bring what was ticked in a block of the tool's to the entries where it stands.

    To be published before that block is written again. A file whose line cannot be ticked is left as it is.
    """
    before: dict[str, bytes] = {}
    after: dict[str, bytes] = {}
    for end in ends:
        if end.newest.state != end.mark and any(one.state == end.mark for one in end.copies):
            for path in dict.fromkeys(one.path for one in end.mentions):
                data = after.get(path) or read_bytes(journal.path(path))
                if data is not None:
                    before.setdefault(path, data)
                    after[path] = _marked_if_possible(path, data, end)
    return tuple(Change(path, data, before[path]) for path, data in after.items() if data != before[path])


def _marked_if_possible(path: str, data: bytes, end: End) -> bytes:
    try:
        return _marked_data(path, data, end, end.mark)
    except JournalError:
        return data


def _marked(journal: Journal, path: str, end: End, mark: str) -> Change:
    data = read_bytes(journal.path(path))
    if data is None:
        raise ConflictError(f"{path} is gone; nothing was written", "try again")
    try:
        return Change(path, _marked_data(path, data, end, mark), data)
    except JournalError as error:
        error.message, error.hint = f"{path}: {error.message}", error.hint or f"journal edit {path}"
        raise


def _marked_data(path: str, data: bytes, end: End, mark: str) -> bytes:
    doc = parse(data, path)
    body = doc.body
    for one in (one for one in end.mentions if one.path == path):
        body = _stated_anew(body, one, mark, end.id)
    wanted = {(one.text, one.block_id) for one in end.copies if one.path == path}
    return dump(set_body(doc, _copied_anew(body, wanted, mark)))


def _stated_anew(body: str, line: Mention, mark: str, block_id: str) -> str:
    """Set the mark of every item that says what a line says; its words may be redacted in what was searched."""
    for place in range(len(_items(body))):
        raw, shown = _items(body)[place]
        if (shown.kind, shown.text) == (line.kind, line.text) and shown.block_id == line.block_id:
            body = set_mark(body, raw, mark, block_id)
    return body


def _items(body: str) -> list[tuple[Item, Item]]:
    """Return the items of what people and drafts wrote, as they stand and as they are shown."""
    own = apart(body, blocks.inside(body))[0]
    raw, shown = sections.items(own), sections.items(safe(own))
    return list(zip(raw, shown if len(shown) == len(raw) else raw, strict=True))


def _copied_anew(body: str, wanted: set[tuple[str, str]], mark: str) -> str:
    lines = body.split("\n")
    for number, text in apart(body, blocks.inside(body))[1] if wanted else ():
        task = task_of(text)
        if task and (task[1], task[2]) in wanted:
            lines[number] = tick(lines[number], mark)
    return "\n".join(lines)


def _differing(change: Change) -> list[tuple[str, int, str, str]]:
    old, new = ((data or b"").decode().split("\n") for data in (change.base, change.data))
    pairs = enumerate(zip(old, new, strict=True), 1)
    return [(change.path, number, a.rstrip("\r"), b.rstrip("\r")) for number, (a, b) in pairs if a != b]
