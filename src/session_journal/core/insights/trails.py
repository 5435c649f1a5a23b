"""What happened to one file over a session: edits that stand, moves, removals, and what leads back to the start."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import field
from typing import NamedTuple

from session_journal.core import lazy_re as re
from session_journal.core.projects import relative_path
from session_journal.core.records import record

_SCRATCH = re.compile(
    r"(?:^|/)(?:tmp|temp|scratch(?:pad)?|node_modules|__pycache__|\.git|dist|build/tmp)/|^(?:~|/|"
    r"[A-Za-z]:/|\.\./|\$|%|<)|[*?{}$`\"']|^-|^\.?$"
)


class Change(NamedTuple):
    """One change of a file. turn, order: of the event that made it."""

    old: str
    new: str
    turn: int = 0
    order: int = -1


@record(slots=True)
class Trail:
    """Everything that happened to one file. edits: the changes still standing; turns: where it was changed.

    committed: how many of the edits a restore leaves; landed: how many no later edit takes away.
    """

    path: str
    edits: list[Change] = field(default_factory=list)
    turns: list[int] = field(default_factory=list)
    committed: int = 0
    landed: int = 0
    deleted: bool = False
    created: bool = False
    moved_from: str = ""
    moved_to: str = ""
    merged: bool = False
    declined: list[int] = field(default_factory=list)
    touched: bool = False
    recorded: bool = True
    """Whether the transcript writes down what calls gave back: else it is not known that any of this was done."""

    @property
    def changed(self) -> bool:
        """Say whether the file is left different from how it was found."""
        return bool(self.edits or self.merged) and not (self.deleted and self.created)

    @property
    def reverted(self) -> bool:
        """Say whether the file was changed and put back."""
        return self.touched and not self.changed


@record(slots=True)
class Walk:
    """The files of a session in the folder where it worked. conflicts: paths that a merge left open, with the turn.

    order, turn: of the event that is being followed. commits: the name of each, "" where it is not told, with the
    orders of the events whose changes it took; fresh: those that no commit took yet. taken: the order of each event
    whose changes were taken back, with that of the event that did so; gone: the commits that were.
    """

    cwd: str
    trails: dict[str, Trail] = field(default_factory=dict)
    conflicts: dict[str, int] = field(default_factory=dict)
    order: int = -1
    turn: int = 0
    commits: list[tuple[str, set[int]]] = field(default_factory=list)
    fresh: set[int] = field(default_factory=set)
    taken: dict[int, int] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    def trail(self, path: str) -> Trail | None:
        """Return the trail of a path of the project, None for one outside it or in a scratch folder."""
        relative = relative_path(path.strip(), (self.cwd,) if self.cwd else ()).removeprefix("./")
        if not relative or _SCRATCH.search(relative):
            return None
        return self.trails.setdefault(relative, Trail(relative))

    def edit(self, path: str, turn: int, old: str, new: str, *, create: bool = False) -> None:
        """Note a change; one that leads back to an earlier state takes away what lies between."""
        trail = self.trail(path)
        if trail is None:
            return
        trail.touched = True
        trail.created = trail.created or (create and not trail.edits)
        trail.deleted = False
        start = len(trail.edits)
        while start > trail.landed and trail.edits[start - 1].new == (
            old if start == len(trail.edits) else trail.edits[start].old
        ):
            start -= 1
            if trail.edits[start].old == new and new:
                self.fresh -= {one.order for one in trail.edits[start:]}
                del trail.edits[start:]
                trail.committed = min(trail.committed, start)
                return
        trail.edits.append(Change(old, new, turn, self.order))
        trail.turns.append(turn)
        self.fresh.add(self.order)

    def put_back(self, path: str) -> None:
        """Drop what was changed since the last commit: in one file, or everywhere for `.`."""
        one = self.trail(path) if path != "." else None
        for trail in self.trails.values() if path == "." else [one] if one else []:
            self._note(trail.edits[trail.committed :])
            del trail.edits[trail.committed :]
            trail.merged = trail.merged and bool(trail.committed)
            _forget_moves(trail)

    def commit(self, *, amends: bool = False) -> None:
        """Take what stands now as what later restores go back to."""
        for trail in self.trails.values():
            trail.committed = trail.landed = len(trail.edits)
        before = self.commits.pop()[1] if amends and self.commits else set()
        self.commits.append(("", before | self.fresh))
        self.fresh = set()

    def commit_one(self, path: str, name: str) -> None:
        """Take the change that was just made of a file as part of a commit that a tool makes by itself."""
        if not self.commits or self.commits[-1][0] != name:
            self.commits.append((name, set()))
        self.commits[-1][1].add(self.order)
        self.fresh.discard(self.order)
        trail = self.trail(path)
        if trail is not None:
            trail.committed = len(trail.edits)

    def since(self, place: int) -> set[int]:
        """Return the orders of the events whose changes are newer than the commit at a place."""
        return self.fresh.union(*(orders for _, orders in self.commits[place + 1 :]))

    def drop(self, orders: Collection[int], path: str = "") -> None:
        """Take back the changes of some events: in one file, or wherever they are."""
        one = self.trail(path) if path else None
        for trail in [one] if one else self.trails.values() if not path else []:
            lost = [one for one in trail.edits if one.order in orders]
            if not lost:
                continue
            trail.committed -= sum(one.order in orders for one in trail.edits[: trail.committed])
            trail.landed -= sum(one.order in orders for one in trail.edits[: trail.landed])
            trail.edits = [one for one in trail.edits if one.order not in orders]
            trail.turns = [one.turn for one in trail.edits] or [*trail.turns, self.turn]
            self._note(lost)
            _forget_moves(trail)

    def _note(self, lost: Sequence[Change]) -> None:
        for one in lost:
            if one.order >= 0:
                self.taken[one.order] = self.order
            self.fresh.discard(one.order)


def _forget_moves(trail: Trail) -> None:
    if not trail.edits:
        trail.deleted, trail.moved_from, trail.moved_to = False, "", ""


def move(walk: Walk, turn: int, paths: list[str]) -> None:
    """Note that files were moved: the last path is the new name, or the folder that they went to."""
    if len(paths) < 2:
        return
    *sources, goal = paths
    into = len(sources) > 1 or goal.endswith("/")
    for source in sources:
        target = f"{goal.rstrip('/')}/{source.rsplit('/', 1)[-1]}" if into else goal
        if "." not in target.rsplit("/", 1)[-1]:
            remove(walk, source, turn)  # a folder, or a name that could be one
            continue
        before, after = walk.trail(source), walk.trail(target)
        if after is None:
            remove(walk, source, turn)
        elif before is None or before.created:
            walk.edit(target, turn, "", "moved here", create=True)
            after.created = True
            remove(walk, source, turn)
        else:
            _rename(walk, turn, before, after)


def _rename(walk: Walk, turn: int, before: Trail, after: Trail) -> None:
    """Carry what happened to a file over to its new name; back under the old one, it was never moved."""
    if after.moved_to == before.path:
        after.edits.pop()
        after.edits.extend(edit for edit in before.edits if edit != _MOVED)
        after.deleted, after.moved_to = False, ""
        del walk.trails[before.path]
        return
    origin = walk.trails.get(before.moved_from, before) if before.moved_from else before
    after.edits.extend([*before.edits, _MOVED] if _MOVED not in before.edits else before.edits)
    after.turns.extend([*before.turns, turn])
    after.touched, after.deleted, after.moved_from = True, False, origin.path
    if origin is not before:
        del walk.trails[before.path]
    origin.moved_to, origin.deleted, origin.touched = after.path, True, True
    origin.edits[:] = [_GONE]
    origin.turns.append(turn)


_MOVED, _GONE = Change("", "moved"), Change("", "deleted")


def remove_all(walk: Walk, turn: int, paths: Sequence[str]) -> None:
    """Note what was removed: each file, and of a folder the files that the session had changed in it."""
    for path in paths:
        folder = walk.trail(path)
        within = [name for name in walk.trails if folder is not None and name.startswith(f"{folder.path.rstrip('/')}/")]
        for inner in within:
            if walk.trails[inner].touched:
                remove(walk, inner, turn)
        is_folder = path.endswith("/") or re.fullmatch(r"\.[\w-]+", path.rsplit("/", 1)[-1]) is not None
        if folder is not None and not folder.touched and (within or is_folder):
            del walk.trails[folder.path]
        else:
            remove(walk, path, turn)


def remove(walk: Walk, path: str, turn: int) -> None:
    """Note that a file was removed; a name without an ending is taken for a folder."""
    trail = walk.trail(path)
    if trail is None or "." not in path.rsplit("/", 1)[-1]:
        walk.trails.pop(path, None) if trail is not None and not trail.touched else None
        return
    trail.deleted = trail.touched = True
    trail.turns.append(turn)
    trail.edits.append(_GONE)
