"""Record what was committed by hand, and only that: working files and index keep whatever else they hold."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from session_journal.app.contents import deleted_names
from session_journal.app.repair import restore
from session_journal.app.seal import Refused, Sealed, check_name, make_message, read_id, told_where
from session_journal.core.chain import Record, content_commitment, decode, entry_commitment, find_id
from session_journal.core.document import dump, parse, set_fields
from session_journal.core.fold import fold
from session_journal.core.graph import Last
from session_journal.errors import ConflictError, JournalError
from session_journal.store.files import is_plain, read_bytes
from session_journal.store.guard import check, is_logged
from session_journal.store.journal import Change, Journal
from session_journal.store.log import FOLDER, read_log
from session_journal.store.repository import Repository

_TRIES = 3
Touched = Mapping[str, tuple[str, ...]]


def seal_committed(
    journal: Journal, now: datetime, touched: Touched | None = None, *, ended: str = "", naming: bool = True,
    dry_run: bool = False,
) -> Sealed:  # fmt: skip
    """Record the current commit's files whose records are missing; with `touched`, only those.

    touched: path → object ids that it had before, as `touched_by` returns them. ended: see Journal.record. naming: give
    files that have none their ids, which changes them.
    """
    restored: list[str] = []
    if touched is None or any(path.startswith(f"{FOLDER}/") for path in touched):  # a revert takes records away
        restored = [path for path, _ in restore(journal, now, replace=False, dry_run=dry_run).repaired]
    for attempt in range(_TRIES):
        head = journal.repo.head()
        sealed = _Plan(journal, head, touched, naming=naming).sealed
        sealed.restored = restored
        if dry_run or not sealed.changes:
            break
        try:
            sealed.published = journal.record(sealed.changes, make_message(sealed.changes), now, head, ended=ended)
            break
        except ConflictError:  # another writer was first: look again
            if attempt + 1 == _TRIES:
                raise
    return sealed


def touched_by(repo: Repository, commits: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return journal path → object ids before, of what commits changed; of a merge, what no parent has.

    What a merge or a pull brought in as it was is its author's to record, not ours.
    """
    found: dict[str, tuple[str, ...]] = {}
    for before, _, path in repo.changes("".join(f"{commit}\n" for commit in commits).encode(), "-c", "journal"):
        found[path] = (*found.get(path, ()), *(oid for oid in before if set(oid) != {"0"}))
    return found


class _Plan:
    """One seal of committed files in the making; entries are known by their ids, wherever they lie."""

    def __init__(self, journal: Journal, head: str, touched: Touched | None, *, naming: bool) -> None:
        self.journal, self.repo, self.naming = journal, journal.repo, naming
        self.sealed = Sealed()
        self.tree = {path: where for path, where in self.repo.tree(head, "journal").items() if is_logged(path)}
        self.before = dict.fromkeys(self.tree, ()) if touched is None else dict(touched)
        present = {path: self.tree[path][1] for path in sorted(self.before) if path in self.tree}
        blobs = self.repo.blobs([*present.values(), *(oid for oids in self.before.values() for oid in oids)])
        self.data = {path: blobs.get(oid, b"") for path, oid in present.items()}
        self.gone = {
            entry_id: path
            for path, oids in sorted(self.before.items())
            if path not in self.tree and is_logged(path)
            for entry_id in [find_id(blobs.get(oid, b"")) for oid in oids]
            if entry_id
        }
        self.former = {path: [find_id(blobs.get(oid, b"")) for oid in oids] for path, oids in self.before.items()}
        self.log = read_log(self.repo, head)
        self.folded = fold(self.log).last if touched is None else None
        self.ids: dict[str, str] = {}
        self._owners: dict[str, list[str]] = {}
        for path in self.data:
            self._take(path)
        self._take_gone()
        self._take_lost(head)

    def _take(self, path: str) -> None:
        try:
            check_name(path)
            change = self._change(path, self.data[path])
            if change:
                check(self.journal.root, path, change.data, self.journal.allowed)
                self.sealed.changes.append(change)
        except JournalError as error:
            self.sealed.refused.append(
                Refused(path.encode(errors="backslashreplace").decode(), told_where(error.message))
            )

    def _change(self, path: str, data: bytes) -> Change | None:
        if self.tree[path][0] != "100644":
            raise JournalError(f"{path}: it is not a plain file")
        entry_id = read_id(data, path)
        return self._recorded(path, data, entry_id) if entry_id else self._named(path, data)

    def _recorded(self, path: str, data: bytes, entry_id: str) -> Change | None:
        other = self.ids.get(entry_id, path)
        last = self._last(entry_id)
        if content_commitment(path, data) in {record.c for record in last}:
            self.ids.setdefault(entry_id, path)
            return None
        old_path = self.gone.get(entry_id, "")
        if other == path and not old_path and any(record.c for record in last) and entry_id not in self.former[path]:
            other = self._owner(entry_id, path)
        if other != path:
            raise JournalError(f"{path}:1: it carries the same id as {other}; give one of the two another id")
        self.ids[entry_id] = path
        return Change(path, data, data, old_path, committed=True)

    def _named(self, path: str, data: bytes) -> Change:
        """Give a file its id, where nobody is in the middle of changing it."""
        if not self.naming:
            raise JournalError(f"{path}: it has no id yet, which `journal seal` gives it")
        staged = self.repo.git("ls-files", "--stage", "-z", "--", path).out
        same = staged == f"100644 {self.tree[path][1]} 0\t{path}".encode("utf-8", "surrogateescape") + b"\0"
        if not (same and is_plain(self.journal.path(path)) and read_bytes(self.journal.path(path)) == data):
            raise JournalError(f"{path}: it has no id yet and is being changed; commit it, then `journal seal`")
        known = next((one for one in self.former[path] if one and not self._owner(one, path)), "")
        entry_id = known or os.urandom(16).hex()
        self.sealed.named.append(path)
        self.ids[entry_id] = path
        return Change(path, dump(set_fields(parse(data, path), {"id": entry_id})), data)

    def _take_gone(self) -> None:
        replaced = {
            entry_id: path
            for path, ids in self.former.items()
            for entry_id in ids
            if entry_id and path in self.data and entry_id != find_id(self.data[path])
        }
        for entry_id, path in sorted({**replaced, **self.gone}.items(), key=lambda pair: pair[1]):
            if entry_id in self.ids or not any(record.c for record in self._last(entry_id)):
                continue
            place = self._owner(entry_id, "")
            if not place:
                self._lose("" if path in self.tree else path, entry_commitment(entry_id))
            elif place not in self.data:  # it lay at two places, and the one that stays was not touched
                data = self.repo.blobs([self.tree[place][1]])[self.tree[place][1]]
                if content_commitment(place, data) not in {record.c for record in self._last(entry_id)}:
                    self.sealed.changes.append(Change(place, data, data, path, committed=True))

    def _take_lost(self, head: str) -> None:
        """Record as deleted what only the log still knows; a file that was refused keeps its place."""
        there = {entry_commitment(find_id(data)) for data in self.data.values()}
        lost = {
            entry for entry, last in (self.folded or {}).items() if entry not in there and all(one.c for one in last)
        }
        names = deleted_names(self.repo, head, lost) if lost else {}
        refused = {refused.path for refused in self.sealed.refused}
        for entry in sorted(lost, key=lambda entry: (names.get(entry, ""), entry)):
            path = names.get(entry, "")
            if path not in refused:
                self._lose("" if path in self.tree else path, entry)

    def _lose(self, path: str, entry: str) -> None:
        self.sealed.changes.append(Change(path, None, entry=entry, committed=True))

    def _owner(self, entry_id: str, path: str) -> str:
        """Return where an entry lies in the whole commit, at another place than `path` if it does; "" for nowhere."""
        if not self._owners:
            blobs = self.repo.blobs([oid for _, oid in self.tree.values()])
            for place, (_, oid) in sorted(self.tree.items()):
                self._owners.setdefault(find_id(blobs.get(oid, b"")), []).append(place)
        places = self._owners.get(entry_id, [])
        return next((place for place in places if place != path), path if path in places else "")

    def _last(self, entry_id: str) -> Sequence[Record | Last]:
        """Return an entry's newest records; without the folded log, all of the highest logical time.

        Folding it takes long. One of two branches' records that is mistaken for old costs a record that says the same.
        """
        entry = entry_commitment(entry_id)
        if self.folded is not None:
            return self.folded.get(entry, [])
        needle = f'"e":"{entry}"'.encode()
        found = [record for data in self.log.values() for record in _records_with(data, needle)]
        newest = max((record.l for record in found), default=0)
        return [record for record in found if record.l == newest]


def _records_with(data: bytes, needle: bytes) -> Iterable[Record]:
    at = data.find(needle)
    while at >= 0:
        start, end = data.rfind(b"\n", 0, at) + 1, data.find(b"\n", at)
        with contextlib.suppress(ValueError):  # verify names it
            yield decode(data[start : end if end >= 0 else len(data)])
        at = data.find(needle, at + 1)
