"""Record what was changed by hand: new, edited, renamed and deleted files, committed or not."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import field
from datetime import datetime

from session_journal.app.contents import deleted_names
from session_journal.app.repair import restore
from session_journal.core.archive_pages import entry_of
from session_journal.core.chain import content_commitment, entry_commitment, find_id
from session_journal.core.document import dump, fields, parse, set_fields
from session_journal.core.fold import Folded, fold
from session_journal.core.folders import LOG, is_archive
from session_journal.core.records import record
from session_journal.errors import ConflictError, JournalError
from session_journal.store.files import is_plain, markdown_files, read_bytes
from session_journal.store.guard import check, check_content, is_logged
from session_journal.store.journal import Change, Journal, Published
from session_journal.store.log import read_log
from session_journal.store.repository import Repository

_TRIES = 10
_MANY_FILES, _MANY_BYTES = 500, 5_000_000


@record(frozen=True, slots=True)
class Refused:
    """A file that could not be sealed, and why; it stays as it is."""

    path: str
    message: str
    hint: str = ""

    @property
    def told(self) -> str:
        """Return why, with the path named once."""
        return self.message if self.path in self.message else f"{self.path}: {self.message}"


@record(slots=True)
class Sealed:
    """What a seal does: log files it restores, the changes, files that got an id, files it refuses.

    `published` is what came of it after it ran. replaced: entry commitment → path, of entries whose place another file
    has taken.
    """

    restored: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    published: Published | None = None
    replaced: dict[str, str] = field(default_factory=dict)

    def where(self, change: Change) -> str:
        """Say which file a change is about."""
        taken = self.replaced.get(change.entry, "")
        if taken:
            return f"{taken} as it was before; another file has taken its place"
        return change.path or "an entry of the log that this branch never had"


def seal(
    journal: Journal, now: datetime, *, dry_run: bool = False, say: Callable[[str], None] = lambda _: None
) -> Sealed:
    """Commit every change of the journal's files that has no record yet, with its records.

    Records that a commit took out of the log (a reverted publish) come back first. `say` hears of long work.
    """
    if not dry_run:
        journal.mend()
    restored = [path for path, _ in restore(journal, now, replace=False, dry_run=dry_run).repaired]
    sealed = _plan(journal, journal.repo.head(), say) if dry_run else _seal_patiently(journal, now, say)
    sealed.restored = restored
    return sealed


def _seal_patiently(journal: Journal, now: datetime, say: Callable[[str], None]) -> Sealed:
    for _ in range(_TRIES):
        try:
            return _seal_once(journal, now, say)
        except ConflictError:  # somebody else writes or seals: what is left to do now?
            continue
    return _seal_once(journal, now, say)


def _seal_once(journal: Journal, now: datetime, say: Callable[[str], None]) -> Sealed:
    head = journal.repo.head()
    sealed = _plan(journal, head, say)
    if sealed.changes:
        message = make_message(sealed.changes)
        sealed.published = journal.publish(sealed.changes, message, now, reseal=True, planned=head)
    return sealed


def make_message(changes: list[Change]) -> str:
    """Return the subject of the commit that records these changes."""
    if len(changes) == 1 and changes[0].path:
        return f"seal: {os.path.basename(changes[0].path)}"
    return f"seal: {len(changes)} files"


def _plan(journal: Journal, head: str, say: Callable[[str], None]) -> Sealed:
    plan = _Plan(journal, head)
    sizes = [len(plan.data[path]) for path in plan.files if is_logged(path) and not plan.is_settled(path)]
    if len(sizes) > _MANY_FILES or sum(sizes) > _MANY_BYTES:
        say(f"recording {len(sizes)} files of {sum(sizes) / 1e6:.0f} MB …")
    for path in plan.files:
        plan.take(path)
    plan.take_gone()
    plan.take_left()
    return plan.sealed


def read_id(data: bytes, path: str) -> str:
    """Return the id that a file carries, "" for none; refuse one that YAML and the log would read differently."""
    own, found = fields(parse(data, path), path).get("id"), find_id(data)
    if own is None and not found:
        return ""
    if own != found or not all(char.isascii() and (char.isalnum() or char in "-_") for char in found):
        raise JournalError(f'{path}: its id has to be one plain word, as in id: "{os.urandom(16).hex()}"')
    return found


def _refuse_doubles(folded: Folded) -> None:
    """Refuse to build on a lane where two records claim one place: nobody could take the wrong one out again."""
    doubled = next((finding for finding in folded.findings if finding.code == "double"), None)
    if doubled:
        raise JournalError(f"{doubled.where}: {doubled.message}; nothing was recorded", "journal log repair")


def told_where(message: str) -> str:
    """Say of a refused text that it is in a commit already, where a refusal otherwise keeps it out of one."""
    return message.replace("nothing was stored", "the last commit has it already")


def check_name(path: str) -> None:
    """Refuse a file whose name is not UTF-8 text."""
    try:
        path.encode()
    except UnicodeEncodeError:
        raise JournalError("its name is not UTF-8 text; rename it") from None


class _Plan:
    """One seal in the making: what the commit has, what its log says, and who carries which id by now."""

    def __init__(self, journal: Journal, head: str) -> None:
        self.journal, self.head = journal, head
        self.tree = journal.repo.tree(head, "journal")
        self.folded = fold(read_log(journal.repo, head))
        _refuse_doubles(self.folded)
        self.sealed = Sealed()
        self.owners: dict[str, str] = {}
        self.data: dict[str, bytes] = {}
        self._lost: dict[str, str] | None = None
        files = self._readable()
        self.settled = self._settle()
        self.files = sorted(files, key=self._order)

    def _order(self, path: str) -> tuple[bool, bool, str]:
        """Put first what the log knows as it is: of two files with one id, that one owns it."""
        return not (path in self.settled or self._is_recorded(path, self.data[path])), path not in self.tree, path

    def _readable(self) -> list[str]:
        """Read the working tree's files that belong to the journal; what cannot be read is refused, not gone."""
        found = set(markdown_files(self.journal.root)) | {"journal/journal.toml", "journal/patterns.toml"}
        found |= {path for path in self.tree if not path.startswith(LOG)}
        for path in sorted(path for path in found if os.path.lexists(self.journal.path(path))):
            try:
                self._hold(path, self._read(path))
            except JournalError as error:
                self._refuse(path, error.message, error.hint)
        return list(self.data)

    def _hold(self, path: str, data: bytes) -> None:
        """Keep a file's bytes for the plan; events with nothing left to do would only fill the memory."""
        if is_archive(path) and self._is_committed(path, data) and self._is_recorded(path, data):
            self.owners[find_id(data)] = path
        else:
            self.data[path] = data

    def _read(self, path: str) -> bytes:
        check_name(path)
        if not is_plain(self.journal.path(path)):
            raise JournalError("it is not a plain file (a link, a pipe or a folder)")
        return read_bytes(self.journal.path(path)) or b""

    def _refuse(self, path: str, why: str, hint: str = "") -> None:
        self.sealed.refused.append(Refused(path.encode(errors="backslashreplace").decode(), why, hint))

    def _is_recorded(self, path: str, data: bytes) -> bool:
        """Tell whether the log knows exactly these bytes under this name."""
        entry_id = find_id(data)
        last = self.folded.last.get(entry_commitment(entry_id), []) if entry_id else []
        return content_commitment(path, data) in {record.c for record in last if record.c}

    def is_settled(self, path: str) -> bool:
        """Tell whether the commit and the log have the file as it is: nothing is left to do or to check."""
        return path in self.settled

    def _settle(self) -> set[str]:
        """Return the files that the commit and the log have as they are; of two with one id, neither."""
        found: dict[str, list[str]] = {}
        for path, data in self.data.items():
            if is_logged(path) and self._is_committed(path, data) and self._is_recorded(path, data):
                found.setdefault(find_id(data), []).append(path)
        return {paths[0] for paths in found.values() if len(paths) == 1}

    def _is_committed(self, path: str, data: bytes) -> bool:
        return self.tree.get(path) == ("100644", self.journal.repo.blob_oid(data))

    def take(self, path: str) -> None:
        """Plan what one file needs: nothing, its record, its commit, or an id first."""
        data = self.data[path]
        if self.is_settled(path):
            self.owners[find_id(data)] = path
            return
        committed = self._is_committed(path, data)
        if not is_logged(path):
            if not committed:
                self.sealed.changes.append(Change(path, data, data))
            return
        try:
            wanted = self._with_id(path, data)
            if wanted != data:
                check_content(path, data, self.journal.allowed)  # its lines are those that a person sees
            check(self.journal.root, path, wanted, self.journal.allowed)
        except JournalError as error:
            self._refuse(path, told_where(error.message) if committed else error.message, error.hint)
            return
        self.owners[find_id(wanted)] = path
        if committed and wanted == data and self._is_recorded(path, data):
            return
        if wanted != data:
            self.sealed.named.append(path)
        self.sealed.changes.append(Change(path, wanted, data))

    def _with_id(self, path: str, data: bytes) -> bytes:
        """Return the file's bytes with an id: its own, the one it had in the last commit, or a new one."""
        document = parse(data, path)
        found = read_id(data, path)
        if not found:
            known = self._lost_ids().get(path, "")
            return dump(set_fields(document, {"id": known or os.urandom(16).hex()}))
        if found in self.owners:
            other = self.owners[found]
            raise JournalError(f"{path}:1: it carries the same id as {other}; give one of the two another id")
        return data

    def _lost_ids(self) -> dict[str, str]:
        """Return the ids that files without one had in the last commit, and that no other file carries now."""
        if self._lost is None:
            bare = {
                path: self.tree[path][1] for path in self.data if path in self.tree and not find_id(self.data[path])
            }
            blobs = self.journal.repo.blobs(list(bare.values()))
            taken = {find_id(data) for data in self.data.values()}
            ids = {find_id(blobs.get(oid, b"")): path for path, oid in sorted(bare.items(), reverse=True)}
            self._lost = {path: found for found, path in ids.items() if found not in taken}
        return self._lost

    def take_gone(self) -> None:
        """Plan deletions and renames: what the commit or the log still has and the working tree lacks."""
        gone = {
            path: oid
            for path, (_, oid) in self.tree.items()
            if not path.startswith(LOG) and not os.path.lexists(self.journal.path(path))
        }
        blobs = self.journal.repo.blobs(list(gone.values()))
        left_out = _left_out(self.journal.repo) if gone else set()
        waits = self._refused_ids()
        settled = {entry_commitment(entry_id) for entry_id in waits.union(self.owners)}
        changes = {one.path: one for one in self.sealed.changes}
        for path, oid in sorted(gone.items()):
            entry_id = find_id(blobs.get(oid, b"")) if is_logged(path) else ""
            entry = entry_commitment(entry_id) if entry_id else ""
            if path in left_out or entry_id in waits:
                settled.add(entry)
                continue
            moved = changes.get(self.owners.get(entry_id, ""))
            if moved:
                moved.old_path = path
            else:
                self.sealed.changes.append(Change(path, None, entry=entry))
            settled.add(entry)
        self._take_unaccounted(settled)

    def _refused_ids(self) -> set[str]:
        """Return the ids of entries that only refused files carry: one of them may be renamed, but is not deleted."""
        refused = {one.path for one in self.sealed.refused}
        return {find_id(data) for path, data in self.data.items() if path in refused}.difference({"", *self.owners})

    def _take_unaccounted(self, settled: set[str]) -> None:
        """Plan records for entries that only the log still knows; a file refused or replaced keeps its place."""
        missing = {
            entry for entry, last in self.folded.last.items() if entry not in settled and all(one.c for one in last)
        }
        names = deleted_names(self.journal.repo, self.head, missing) if missing else {}
        refused = {refused.path for refused in self.sealed.refused}
        for entry in sorted(missing, key=lambda entry: (names.get(entry, ""), entry)):
            path = names.get(entry, "")  # "": this branch never had it, a rebase put its text elsewhere
            if path not in refused:
                if path and os.path.lexists(self.journal.path(path)):
                    self.sealed.replaced[entry] = path
                there = entry in self.sealed.replaced
                self.sealed.changes.append(Change("" if there else path, None, entry=entry))

    def take_left(self) -> None:
        """Plan the deletion of events whose entry was deleted, now or before: nobody could find them any more."""
        going = {change.entry for change in self.sealed.changes if change.data is None}
        for path in sorted(filter(is_archive, self.tree)):
            entry_id = entry_of(path)
            entry, place = entry_commitment(entry_id), self.journal.path(path)
            last = self.folded.last.get(entry, [])
            is_gone = entry in going or (bool(last) and not any(one.c for one in last))
            if not is_gone or entry_id in self.owners or not is_plain(place):
                continue
            data = read_bytes(place) or b""
            if self._is_committed(path, data):  # what a person has changed is committed first
                self.sealed.changes = [one for one in self.sealed.changes if one.path != path]
                self.sealed.changes.append(Change(path, None, data))


def _left_out(repo: Repository) -> set[str]:
    """Return the files that a sparse checkout leaves out of the working tree: nobody has deleted them."""
    lines = repo.git("ls-files", "-z", "-t", "--", "journal").out.split(b"\0")
    return {os.fsdecode(line[2:]) for line in lines if line.startswith(b"S ")}
