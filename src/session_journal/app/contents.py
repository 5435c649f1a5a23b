"""Compare the journal's files in a commit with what the log says of them."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import field

from session_journal.core import folders
from session_journal.core.chain import content_commitment, entry_commitment, find_id
from session_journal.core.fold import Finding, Folded
from session_journal.core.folders import is_archive
from session_journal.core.graph import Graph, Last
from session_journal.core.records import record
from session_journal.store.guard import is_logged
from session_journal.store.history import versions
from session_journal.store.log import new_lines, read_log
from session_journal.store.memory import Remembered
from session_journal.store.repository import Repository

LOOK = "look at `journal log --diff`, then `journal seal` if it was you"
_GITLINK, _LINK, _PLAIN = "160000", "120000", "100644"
_LOT = 2_000_000  # bytes
_MANY = 50
_MODES = {_LINK: "a link", "100755": "marked executable"}


@record(frozen=True, slots=True)
class File:
    """A file of the journal in a commit, with its commitments; `here` is false where this clone lacks its content."""

    path: str
    mode: str
    oid: str
    entry: str
    content: str
    here: bool = True


@record(slots=True)
class View:
    """What a verification has to look at.

    tree: path → (mode, object id) of all journal files of the commit; logs: log file → the lines that are new;
    touched: files to compare with their records; entries: path → entry commitment, of all files that are known;
    gone: entry commitments that touched files had before; graph, since: what was found sound before, at which commit;
    named: whether there may be names that were not looked at before.
    """

    head: str
    tree: dict[str, tuple[str, str]]
    logs: dict[str, bytes]
    touched: set[str]
    entries: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    graph: Graph | None = None
    since: str = ""
    named: bool = True

    def told(self) -> dict[str, list[str]]:
        """Return path → [mode, object id, entry commitment] for the next verification."""
        return {path: [mode, oid, self.entries.get(path, "")] for path, (mode, oid) in self.tree.items()}


def full_view(repo: Repository, head: str) -> View:
    """Look at everything."""
    tree = repo.tree(head, "journal")
    return View(head, tree, read_log(repo, head), set(filter(is_logged, tree)))


def later_view(repo: Repository, head: str, before: Remembered) -> View | None:
    """Look at what has changed since a commit that was sound; None where a log file did anything but grow."""
    changed = repo.differences(before.commit, head, "journal")
    tree = {path: (mode, oid) for path, (mode, oid, _) in before.tree.items() if path not in changed}
    tree.update({path: (mode, new) for path, (_, mode, new) in changed.items() if new})
    lines = new_lines(repo, before.commit, head)
    if lines is None:
        return None
    touched = {path for path in (*changed, *before.again) if is_logged(path) and path in tree}
    entries = {path: entry for path, (_, _, entry) in before.tree.items() if entry and path in tree}
    gone = {before.tree[path][2] for path in changed if path in before.tree} - {""}
    named = bool(before.again) or any(path not in before.tree for path in changed)
    return View(head, tree, lines, touched, entries, gone, before.graph, before.commit, named)


def check_contents(repo: Repository, view: View, folded: Folded) -> Iterator[Finding]:
    """Yield what is wrong with the files of a view; their entry commitments go into it."""
    graph = folded.graph
    spoken_of = {record.e for record in folded.records.values() if record.e}
    touched = view.touched | {path for path, entry in view.entries.items() if entry in spoken_of}
    files = read_files(repo, {path: view.tree[path] for path in touched})
    for file in files:
        view.entries.pop(file.path, None)
    view.entries.update({file.path: file.entry for file in files if file.entry})
    owners: dict[str, str] = {}
    for path, entry in sorted(view.entries.items()):
        if owners.setdefault(entry, path) != path:
            message = f"it carries the same id as {owners[entry]}"
            yield Finding("FAIL", "double-id", path, message, "give one of the two another id, then `journal seal`")
    for file in files:
        if not file.here:
            yield _absent(repo, file.path)
        elif owners.get(file.entry, file.path) == file.path:
            yield from _compare(graph, file)
    if all(file.here for file in files):  # else nobody can tell which entry is gone
        entries = view.gone | spoken_of if view.graph else set(graph.last)
        yield from _missing(repo, view, graph, entries - set(owners))


def read_files(repo: Repository, tree: Mapping[str, tuple[str, str]]) -> list[File]:
    """Read logged files (path → mode, object id), by path."""
    wanted = repo.local(oid for mode, oid in tree.values() if mode != _GITLINK)
    found: list[File] = []
    for paths in _in_lots(repo, tree, wanted):
        blobs = repo.blobs([tree[path][1] for path in paths if tree[path][1] in wanted])
        found += [_file(path, tree[path][0], blobs, tree[path][1]) for path in paths]
    return sorted(found, key=lambda file: file.path)


def _in_lots(repo: Repository, tree: Mapping[str, tuple[str, str]], here: set[str]) -> Iterator[list[str]]:
    """Yield a tree's paths in lots that fit in memory: events can be hundreds of times longer than their entry."""
    events = sorted(filter(is_archive, tree))
    yield [path for path in tree if not is_archive(path)]
    sizes = repo.sizes([tree[path][1] for path in events if tree[path][1] in here])
    lot, size = list[str](), 0
    for path in events:
        lot.append(path)
        size += sizes.get(tree[path][1], 0)
        if size >= _LOT:
            yield lot
            lot, size = [], 0
    yield lot


def _file(path: str, mode: str, blobs: Mapping[str, bytes], oid: str) -> File:
    data = blobs.get(oid, b"")
    entry_id = find_id(data)
    entry = entry_commitment(entry_id) if entry_id else ""
    return File(path, mode, oid, entry, content_commitment(path, data), oid in blobs or mode == _GITLINK)


def _absent(repo: Repository, path: str) -> Finding:
    if repo.is_partial():
        message = "its content is not in this partial clone, so it was not checked"
        return Finding("WARN", "not-here", path, message, "git fetch --refetch, or check a full clone")
    message = "its content is missing from the repository, which is damaged"
    return Finding("FAIL", "damaged", path, message, "git fsck --full; another clone may have it")


def _compare(graph: Graph, file: File) -> Iterator[Finding]:
    if not file.entry:
        yield Finding("WARN", "no-id", file.path, "this file carries no id and is not in the log", "journal seal")
    else:
        yield from _content(graph.last_of(file.entry), file)


def _content(last: list[Last], file: File) -> Iterator[Finding]:
    if not last:
        yield Finding("WARN", "unsealed", file.path, "the log does not know this file yet", "journal seal")
    elif file.mode != _PLAIN:
        what = _MODES.get(file.mode, "not a plain file")
        yield Finding("FAIL", "mode", file.path, f"it is {what}; the log knows a plain file", LOOK)
    elif file.content in {one.c for one in last if one.c}:
        return
    elif any(one.op == "forget" for one in last):
        yield Finding("FAIL", "forgotten", file.path, "it was forgotten and is back", LOOK)
    elif all(one.op == "del" for one in last):
        yield Finding("WARN", "deleted-back", file.path, "it was deleted and is here again", "journal seal")
    else:
        yield Finding("FAIL", "content", file.path, "its content or its name is not what the log recorded", LOOK)


def _missing(repo: Repository, view: View, graph: Graph, entries: Iterable[str]) -> Iterator[Finding]:
    gone = {entry for entry in entries if is_known(graph.last_of(entry))}
    names = deleted_names(repo, view.head, gone) if gone else {}
    for entry in sorted(gone, key=lambda key: (names.get(key, ""), key)):
        path, quoted = names.get(entry, ""), shlex.quote(names.get(entry, ""))
        if not path:
            where = f"record {graph.last_of(entry)[-1].id[:12]}"
            message = "the log knows an entry that the history of this branch never had"
            yield Finding("FAIL", "deleted", where, message, "`journal seal` records that it is gone")
        elif path in view.tree:
            message = "another entry stands here now, and the log still knows the one before"
            hint = f"`journal seal` if this file holds both or was meant to; what it was: git log -p -- {quoted}"
            yield Finding("FAIL", "replaced-entry", path, message, hint)
        else:
            hint = f"`journal seal` if you deleted it; else git log -- {quoted}, git checkout COMMIT^ -- {quoted}"
            yield Finding("FAIL", "deleted", path, "the log knows this file, and it is gone", hint)


def is_known(last: list[Last]) -> bool:
    """Tell whether the log says that a file is there."""
    return bool(last) and all(one.c for one in last)


def deleted_names(repo: Repository, head: str, entries: Collection[str]) -> dict[str, str]:
    """Return entry commitment → last path, for entries whose files only the history still has."""
    paths = dict(reversed([(oid, path) for path, oid in versions(repo, head) if is_logged(path)]))
    here = repo.local(paths)
    events = sorted(oid for oid in here if is_archive(paths[oid]))
    lots = [sorted(here.difference(events)), *(events[at : at + _MANY] for at in range(0, len(events), _MANY))]
    found: dict[str, str] = {}
    for lot in lots:
        if len(found) == len(entries):
            break
        for oid, data in repo.blobs(lot).items():
            entry_id = find_id(data)
            entry = entry_commitment(entry_id) if entry_id else ""
            if entry in entries:
                found.setdefault(entry, paths[oid])
    return found


def alike(paths: Iterable[str]) -> Iterator[Finding]:
    """Yield a warning for names that some file systems take for one."""
    seen: dict[str, str] = {}
    for path in sorted(paths):
        key = folders.alike(path)
        if key in seen:
            message = f"its name differs from {seen[key]} only in case or Unicode form"
            yield Finding("WARN", "alike", path, message, f"rename one of the two: git mv {shlex.quote(path)} …")
        seen.setdefault(key, path)
