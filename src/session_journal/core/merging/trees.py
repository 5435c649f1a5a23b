"""The merge of three trees: pages followed by their ids, every conflict resolved the same way on every machine."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from itertools import count
from typing import Protocol

from session_journal.core.archive_pages import archive_path
from session_journal.core.chain import find_id
from session_journal.core.digest import sha256
from session_journal.core.folders import CORRECTIONS, LOG, is_archive, is_logged, is_note
from session_journal.core.merging import tables
from session_journal.core.merging.around import MergeText
from session_journal.core.merging.front_matter import born
from session_journal.core.merging.names import Named, Rules, keyed, settle
from session_journal.core.merging.sides import changed_part, unopposed
from session_journal.core.merging.versions import (
    Version,
    in_order,
    merge_events,
    merge_versions,
    read_version,
    set_aside,
)
from session_journal.core.records import record
from session_journal.core.union import unite
from session_journal.errors import JournalError

Where = tuple[str, str]
Tree = Mapping[str, Where]
"""path → (mode, object id)"""


class Contents(Protocol):
    """Where the bytes of files are."""

    def read(self, oid: str) -> bytes:
        """Return the bytes of an object."""

    def store(self, data: bytes) -> str:
        """Keep bytes and return their object id."""


@record(frozen=True, slots=True)
class Resolution:
    """How a conflict was resolved; other: a second file that came of it.

    what: merged, notes (lines joined), joined (two pages became one), both (two versions stay), suffix (a name taken
    twice), kept (deleted on the other side), renamed (twice), settings (two versions of a file that is no page).
    """

    what: str
    path: str
    other: str = ""


@record(slots=True)
class Merged:
    """A merged tree, what had to be resolved, and the pages whose managed block has to be generated again."""

    tree: dict[str, Where]
    resolved: list[Resolution] = field(default_factory=list)
    again: set[str] = field(default_factory=set)


def merge_trees(base: Tree, ours: Tree, theirs: Tree, contents: Contents, merge_text: MergeText) -> Merged:
    """Merge two trees that come from `base`; which of the two is ours makes no difference to the result."""
    merge = _Merge(base, ours, theirs, contents, merge_text)
    merge.take_log()
    merge.take_others()
    merge.take_pages()
    _refuse_folders(merge.out.tree, merge.changed)
    merge.out.resolved.sort(key=lambda one: (one.path, one.what, one.other))
    return merge.out


class _Merge:
    """One merge in the making."""

    def __init__(self, base: Tree, ours: Tree, theirs: Tree, contents: Contents, merge_text: MergeText) -> None:
        self.base, self.sides, self.contents, self.merge_text = base, (ours, theirs), contents, merge_text
        paths = {*base, *ours, *theirs}
        self.changed = sorted(path for path in paths if not base.get(path) == ours.get(path) == theirs.get(path))
        unchanged = paths.difference(self.changed)
        self.out = Merged({path: base[path] for path in unchanged})
        self.events = dict[str, Where | None]()

    def take_log(self) -> None:
        """Join the log's files: no record of either side may go."""
        for path in (path for path in self.changed if path.startswith(LOG) and path.endswith(".jsonl")):
            one, two = (side.get(path) for side in self.sides)
            known = [where for where in (one, two) if where]
            if one and two and one != two and _is_plain(one, two):
                data = unite(path, *(self.contents.read(where[1]) for where in (one, two)))
                self.out.tree[path] = ("100644", self.contents.store(data))
            else:  # a file that one side lacks was never there, or taken away: a log only grows
                self.out.tree[path] = min(known, default=self.base.get(path, ("", "")))

    def take_others(self) -> None:
        """Merge what is no page, path by path: settings, templates, whatever lies beside the journal."""
        for path in self.changed:
            if not is_logged(path) and path not in self.out.tree:
                where = self._other(path)
                if where:
                    self.out.tree[path] = where

    def _other(self, path: str) -> Where | None:
        before, one, two = self.base.get(path), *(side.get(path) for side in self.sides)
        done = unopposed(before, one, two)
        if done:
            return done[0]
        if one is None or two is None:
            self._resolve("kept", path)
            return one or two
        return self._both_changed(path, before, one, two)

    def _both_changed(self, path: str, before: Where | None, one: Where, two: Where) -> Where:
        _refuse_odd(path, one, two)
        mode = changed_part(before[0] if before else None, one[0], two[0])
        known = self.contents.read(before[1]) if before and before[0].startswith("100") else b""
        loser, winner = sorted((self.contents.read(where[1]) for where in (one, two)), key=_digest)
        merged = _united(known, loser, winner) if path == CORRECTIONS else None
        merged = self.merge_text(known, loser, winner) if merged is None else merged
        if merged is not None and _is_sound(path, merged):
            self._resolve("merged", path)
            return mode, self.contents.store(merged)
        beside = _beside(path, _digest(loser)[:8])
        self.out.tree[beside] = ("100644", self.contents.store(loser))
        self._resolve("settings", path, beside)
        return mode, self.contents.store(winner)

    def take_pages(self) -> None:
        """Merge pages, each followed by its id wherever it lies."""
        paths = [path for path in self.changed if is_logged(path)]
        before, (ours, theirs) = keyed(self._ids(self.base, paths), [self._ids(side, paths) for side in self.sides])
        trees = (self.base, *self.sides)
        found = [
            {key: Named(path, *tree[path]) for path, key in keys.items()}
            for tree, keys in zip(trees, (before, ours, theirs), strict=True)
        ]
        pages = {key: self._page(*(side.get(key) for side in found)) for key in sorted(set().union(*found))}
        named = [replace(page, key=key) for key, page in pages.items() if page]
        for page in settle(named, self.sides, Rules(self._order, self._join, self._resolve)):
            self.out.tree[page.path] = (page.mode, page.oid)
        self._take_events()

    def _ids(self, tree: Tree, paths: list[str]) -> dict[str, str]:
        there = [path for path in paths if path in tree]
        return {path: find_id(self._bytes(*tree[path])) for path in there}

    def _bytes(self, mode: str, oid: str) -> bytes:
        return self.contents.read(oid) if mode.startswith("100") else b""

    def _version(self, page: Named) -> Version:
        return read_version(self._bytes(page.mode, page.oid))

    def _order(self, page: Named) -> tuple[float, str, str]:
        return *born(self._version(page).values), page.key

    def _page(self, before: Named | None, one: Named | None, two: Named | None) -> Named | None:
        done = unopposed(before, one, two)
        if done and before and done[0] is None:
            self._bring_events(before, stays=False)
        if done:
            return done[0]
        if one is None or two is None:
            kept = one or two
            if kept:
                self._resolve("kept", kept.path)
                self._bring_events(kept, stays=True)
            return kept
        path = self._path(before, one, two)
        mode = changed_part(before.mode if before else None, one.mode, two.mode)
        oid = unopposed(before.oid if before else "", one.oid, two.oid)
        if oid:
            self._resolve("merged", path)  # moved on one side, changed on the other
            return Named(path, mode, oid[0])
        _refuse_odd(path, (one.mode, one.oid), (two.mode, two.oid))
        return Named(path, mode, self._merged(path, before, one, two))

    def _bring_events(self, entry: Named, *, stays: bool) -> None:
        """Let the events of an entry go where it goes: one side deleted it with them, the other went on with either."""
        path = archive_path(find_id(self._bytes(entry.mode, entry.oid)))
        if not is_archive(entry.path):
            self.events[path] = next((side[path] for side in self.sides if path in side), None) if stays else None

    def _take_events(self) -> None:
        for path, where in self.events.items():
            if where:
                self.out.tree.setdefault(path, where)
            elif self.out.tree.pop(path, None):
                self.out.resolved = [one for one in self.out.resolved if one.path != path]

    def _path(self, before: Named | None, one: Named, two: Named) -> str:
        path = changed_part(before.path if before else None, one.path, two.path)
        if before and one.path != two.path and before.path not in {one.path, two.path}:
            self._resolve("renamed", path)
        return path

    def _merged(self, path: str, before: Named | None, one: Named, two: Named) -> str:
        known = self._version(before) if before else None
        what = "notes" if is_note(path) else "merged"
        page = self._merge_at(path, known, self._version(one), self._version(two), what)
        return self.contents.store(page)

    def _join(self, path: str, one: Named, two: Named) -> Named:
        """Make one page of two that have different ids and belong under one name: a day's notes, a week's rollup."""
        where = self.base.get(path)
        before = self._version(Named(path, *where)) if where else None
        data = self._merge_at(path, before, self._version(one), self._version(two), "joined")
        return replace(min(one, two, key=self._order), oid=self.contents.store(data))

    def _merge_at(self, path: str, before: Version | None, one: Version, two: Version, what: str) -> bytes:
        """Return the bytes to stand at the path; what can't be merged is kept in a file of its own beside it."""
        page = merge_events(one, two) if is_archive(path) else merge_versions(path, before, one, two, self.merge_text)
        loser, winner = in_order(one, two)
        if page is None or page.left_out:
            self._resolve("both", path, self._set_aside(path, loser, winner))
        else:
            self._resolve(what, path)
        if page is None:
            return winner.data
        if page.again:
            self.out.again.add(path)
        return page.data

    def _set_aside(self, path: str, loser: Version, winner: Version) -> str:
        """Keep the other version in a file; one of that name which has been edited since keeps its own."""
        for attempt in count():
            beside, data = set_aside(path, loser, winner.id, attempt)
            where = ("100644", self.contents.store(data))
            if all(side.get(beside, where) == where for side in self.sides):
                self.out.tree[beside] = where
                return beside
        raise AssertionError

    def _resolve(self, what: str, path: str, other: str = "") -> None:
        self.out.resolved.append(Resolution(what, path, other))


def _is_plain(*places: Where) -> bool:
    return all(mode.startswith("100") for mode, _ in places)


def _refuse_odd(path: str, one: Where, two: Where) -> None:
    if not _is_plain(one, two):
        raise JournalError(
            f"{path} was changed on both sides and is no plain file; nothing was merged", "git pull, then journal sync"
        )


def _refuse_folders(tree: Tree, changed: Iterable[str]) -> None:
    for path in changed:
        parts = path.split("/") if path in tree else []
        for length in range(1, len(parts)):
            folder = "/".join(parts[:length])
            if folder in tree:
                raise JournalError(
                    f"{folder} is a file on one side and a folder on the other; nothing was merged",
                    "git pull, then journal sync",
                )


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()


def _united(*versions: bytes) -> bytes | None:
    """Unite files of tables of which each stands for itself."""
    try:
        united = tables.unite(*(data.decode("utf-8") for data in versions))
    except UnicodeDecodeError:
        return None
    return None if united is None else united.encode()


def _is_sound(path: str, data: bytes) -> bool:
    """Tell whether merged settings can still be read."""
    if not path.endswith(".toml"):
        return True
    try:
        tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return False
    return True


def _beside(path: str, mark: str) -> str:
    folder, slash, name = path.rpartition("/")
    stem, dot, ending = name.rpartition(".")
    return f"{folder}{slash}{stem}-version-{mark}.{ending}" if stem and dot else f"{path}-version-{mark}"
