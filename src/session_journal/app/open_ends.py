"""Open ends on disk: found in entries and rollups, named by a person, ticked where they stand."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from session_journal.app.search import ask
from session_journal.core import blocks, sections
from session_journal.core.document import parse
from session_journal.core.entry import Entry
from session_journal.core.items import Item, ItemKind
from session_journal.core.learnings import PATH
from session_journal.core.mentions import FOUND_IN, Mention, apart, is_touched, of_entries, of_pages, of_rollup, task_of
from session_journal.core.open_ends import End, asked, dated, doubtful, gather, key_words
from session_journal.core.pages import Page
from session_journal.core.passing import Newest, newest_of_entries, newest_of_pages, passing
from session_journal.core.patterns import Memory
from session_journal.core.query import Filters
from session_journal.core.reading import safe
from session_journal.errors import JournalError, NotFoundError, UsageError
from session_journal.store.entries import copies_in
from session_journal.store.files import markdown_files, read_bytes, write_atomic
from session_journal.store.journal import Journal
from session_journal.store.known import remembered

if TYPE_CHECKING:
    from session_journal.store.index import Index


LISTS = "lists.json"
KNOWN = "open-ends/known"
"""The cache of a journal that remembers which lines say the same."""
MOST_ASKED = 40
"""So many lines at most are looked up in the history; of what is older the dates tell."""
_FEW = 6
_SHOWN = 8


def find_ends(journal: Journal, entries: Sequence[Entry] | None = None) -> tuple[End, ...]:
    """Return the gaps, actions and questions of the whole journal, the one that has been open longest first.

    entries: all of the journal, where the caller has read them; without, the index is asked.
    """
    if entries is None:
        stated, newest = ask(journal, partial(_stated, root=journal.root))
    else:
        stated, newest = list(of_entries(entries)), newest_of_entries(entries)
    with remembered(journal.cache(KNOWN), senses=False) as memory:
        return passing(_settled(journal, [*stated, *_of_rollups(journal)], MOST_ASKED, memory), newest)


def find_ends_of(journal: Journal, stated: Iterable[Mention], sessions: Iterable[Page]) -> tuple[End, ...]:
    """Return what some lines of entries state, with what a person ticked in a page since; an agent waits for it.

    sessions: the newest of a project.
    """
    lines = list(stated)
    paths = {one.path for one in lines}
    ends = passing(_settled(journal, [*lines, *_of_rollups(journal, ticked=True)], _FEW), newest_of_pages(sessions))
    return tuple(end for end in ends if not paths.isdisjoint(one.path for one in end.mentions))


def _settled(journal: Journal, mentions: Sequence[Mention], most: int, memory: Memory | None = None) -> tuple[End, ...]:
    """Return the ends that lines state; what dates leave in doubt, the history tells. most: so many lines."""
    ends = gather(mentions, memory)
    late, stale = _dated(journal, list(doubtful(ends)), most)
    return dated(ends, late, stale) if late or stale else ends


def select(ends: Iterable[End], kind: ItemKind, project: str = "", *, closed: bool = False) -> list[End]:
    """Return the ends of a kind that are open (or all of them), in a project."""
    wanted = project.casefold()
    return [
        end for end in ends if end.kind == kind and (closed or end.is_open) and (not wanted or wanted in end.projects)
    ]


def find_copies(journal: Journal) -> dict[str, str]:
    """Return the entries that are left out, for they carry the id of another one, with the path of that."""
    pages = ask(journal, lambda opened: opened.pages(Filters(kind=("session",))))
    return copies_in(((page.path, page.id) for page in pages), journal.root)


def _stated(opened: Index, root: str) -> tuple[list[Mention], Newest]:
    pages = sorted(opened.pages(Filters(kind=("session",))), key=lambda page: page.order)
    copies = copies_in(((page.path, page.id) for page in pages), root)
    pages = [page for page in pages if page.path not in copies]
    return list(of_pages(opened.items(FOUND_IN, pages))), newest_of_pages(pages)


def _of_rollups(journal: Journal, *, ticked: bool = False) -> list[Mention]:
    """Return what pages state. ticked: only of those in which a person ticked something that nobody carried yet."""
    found: list[Mention] = []
    for path in [*markdown_files(journal.root, "rollups"), PATH]:
        data = read_bytes(journal.path(path))
        if data and ticked and not is_touched(data.decode("utf-8", "replace")):
            continue
        try:
            found += of_rollup(path, data, partial(_committed, journal, path)) if data else ()
        except JournalError:
            continue  # `journal doctor` and `verify` name it
    return found


def _committed(journal: Journal, path: str) -> bytes | None:
    return _blob(journal, f"HEAD:{path}")


def _blob(journal: Journal, name: str) -> bytes | None:
    found = journal.repo.git("cat-file", "blob", name, check=False)
    return found.out if found.code == 0 else None


# --- what was ticked after a newer entry said that it is open ---------------------------------------------------------


def _dated(
    journal: Journal, pairs: Sequence[tuple[Mention, Mention]], most: int
) -> tuple[frozenset[Mention], frozenset[Mention]]:
    """Return the closed lines that were closed after the newer entry was first committed, and copies that were before.

    A copy's date is that of its page, which tells nothing of when somebody ticked it.
    """
    newest = sorted(pairs, key=lambda pair: pair[1].order, reverse=True)[:most]
    asked = [(closed, opened) for closed, opened in newest if closed.path != opened.path]
    added = _first_commits(journal, sorted({opened.path for _, opened in asked})) if asked else {}
    late, stale = set[Mention](), set[Mention]()
    for closed, opened in asked:
        before = _blob(journal, f"{added.get(opened.path, 'HEAD')}:{closed.path}")
        was = _was_closed(before, closed) if before is not None else None
        if was is False or (was is None and closed.copied):
            late.add(closed)
        elif was and closed.copied:
            stale.add(closed)
    return frozenset(late), frozenset(stale)


def closed_lately(journal: Journal, end: End) -> frozenset[Mention]:
    """Return the closed lines of an end that were closed when its newest was there, as by a command that set them all.

    Those closed before tell of their own days. What is long ago counts as that.
    """
    closed = [one for one in reversed(end.mentions) if one.mark == "x" and one.path != end.newest.path]
    return _dated(journal, [(one, end.newest) for one in closed[:MOST_ASKED]], MOST_ASKED)[0] if closed else frozenset()


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


def _was_closed(data: bytes, line: Mention) -> bool | None:
    """Tell whether a line is closed in another version of its file; None where it is not there, or cannot be read."""
    marks = marks_in(data, line)
    return "x" in marks if marks else None


def marks_in(data: bytes, line: Mention) -> list[str]:
    """Return the marks that a line has in a version of its file; none where it is not there, or cannot be read."""
    try:
        body = safe(parse(data, line.path).body)
    except JournalError:
        return []
    if line.copied:
        found = [task for _, text in apart(body, blocks.inside(body))[1] if (task := task_of(text))]
        return [task.mark for task in found if (task.id and task.id == line.block_id) or _same(task.text, line.text)]
    return [item.mark for item in sections.items(body) if item.kind == line.kind and _is_it(item, line)]


def _is_it(item: Item, line: Mention) -> bool:
    if line.block_id and item.block_id == line.block_id:
        return True
    return _same(asked(item.kind, item.mark, item.text), asked(line.kind, line.mark, line.text))


def _same(one: str, other: str) -> bool:
    return key_words(one) == key_words(other)


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
    by_id = [end for end in own if end.id == name]
    by_id = by_id or [end for end in own if name and any(one.block_id == name for one in end.mentions)]
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
