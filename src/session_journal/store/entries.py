"""All entries of a journal, and which of them a reference means; a bad file is a problem, never the end."""

from __future__ import annotations

import os
import stat
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from session_journal.core.entry import Entry
from session_journal.core.projects import respelled
from session_journal.core.records import record
from session_journal.errors import DocumentError, JournalError, UsageError
from session_journal.store.entry_cache import EntryCache
from session_journal.store.files import markdown_files
from session_journal.store.git import run_git

_SHOWN = 8
ITEMS = "items.json"
"""The cache of a journal that remembers its entries with their items."""


@record(frozen=True, slots=True)
class Problem:
    """Why a file of the journal is left out; path is relative to the journal's root, line is 1-based."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


def load(journal_root: str, cache: str = "") -> tuple[list[Entry], list[Problem]]:
    """Return all entries, oldest first, and a problem for each file that cannot be one; never raises for a file.

    A project that is spelled in several ways has one name in all. cache: a file that may remember what they say.
    """
    known = EntryCache(cache)
    entries: list[Entry] = []
    problems: list[Problem] = []
    for path in markdown_files(journal_root, "sessions"):
        found = read_entry(journal_root, path, known)
        if isinstance(found, Problem):
            problems.append(found)
        elif found is not None:
            entries.append(found)
    known.keep()
    copies = copies_in(((entry.path, entry.id) for entry in entries), journal_root)
    kept = [entry for entry in entries if entry.path not in copies]
    problems += [_doubled(entry, copies[entry.path], journal_root) for entry in entries if entry.path in copies]
    problems.sort(key=lambda problem: problem.path)
    usual = respelled(entry.project for entry in kept)
    if usual:
        kept = [replace(entry, project=usual.get(entry.project, entry.project)) for entry in kept]
    return sorted(kept, key=lambda entry: entry.order), problems


def copies_in(ids: Iterable[tuple[str, str]], root: str) -> dict[str, str]:
    """Return each path whose id another one has by right, with that one's path. ids: of each path its id, "" for none.

    By right it is of the one that git knows where it does not know the other, or that was committed before.
    """
    owners: dict[str, list[str]] = defaultdict(list)
    for path, name in ids:
        owners[name].append(path)
    found: dict[str, str] = {}
    for name, paths in owners.items():
        if name and len(paths) > 1:
            ages = {path: _age(path, root) for path in paths}
            first, *copies = sorted(paths, key=lambda path: (-ages[path], path))
            found |= dict.fromkeys(copies, first)
    return found


def _age(path: str, root: str) -> int:
    """Return how many commits ago a file was first committed, -1 where it never was."""
    try:
        added = run_git(["log", "--diff-filter=A", "--format=%H", "-1", "--", path], root, check=False).text
        if not added:
            return -1
        return int(run_git(["rev-list", "--count", f"{added}..HEAD"], root, check=False).text or 0)
    except JournalError:
        return -1


def resolve(entries: Sequence[Entry], ref: str, cwd: str = "") -> Entry:
    """Return the entry that a path, file name, day, id prefix, slug, `@`, `last` or `@2` means.

    JournalError where none or several do, with the candidates.
    """
    ref = ref.strip().replace("\0", "")
    if not entries:
        raise JournalError("the journal has no entries yet", "journal new")
    if ref == "last" or ref.startswith("@"):
        return _newest(entries, ref)
    for matches in _ways(ref, cwd):
        found = [entry for entry in entries if matches(entry)]
        if len(found) == 1:
            return found[0]
        if found:
            raise JournalError(f"{ref}: {len(found)} entries match\n{_listed(found)}", "give the file name or the id")
    raise JournalError(f"{ref}: no such entry", _suggestion(entries, ref))


def read_entry(root: str, path: str, known: EntryCache | None = None) -> Entry | Problem | None:
    """Read one file: an entry, what is wrong with it, or None where it is gone by now."""
    known = known or EntryCache("")
    full = os.path.join(root, path)
    try:
        path.encode()
        mode = os.lstat(full).st_mode
        if not stat.S_ISREG(mode):  # a pipe would wait for its writer for ever
            return Problem(path, 1, "a symbolic link, not a file" if stat.S_ISLNK(mode) else "not a regular file")
        with open(full, "rb") as file:
            return known.read(file.read(), path)
    except UnicodeEncodeError:
        return Problem(os.fsencode(path).decode("utf-8", "replace"), 1, "its file name is not UTF-8 text; rename it")
    except FileNotFoundError:
        return None  # deleted or moved since the folder was listed
    except OSError as error:
        return Problem(path, 1, f"cannot be read: {error.strerror}")
    except DocumentError as error:
        return problem_of(path, error)


def problem_of(path: str, error: JournalError) -> Problem:
    """Return why a file is left out, by the error that reading it raised."""
    number, _, rest = error.message.removeprefix(f"{path}:").partition(": ")
    return Problem(path, int(number), rest) if number.isdigit() else Problem(path, 1, error.message)


def _doubled(entry: Entry, first: str, root: str) -> Problem:
    with open(os.path.join(root, entry.path), encoding="utf-8") as file:
        line = next((number for number, text in enumerate(file, 1) if text.lstrip().startswith(("id:", '"id"'))), 1)
    return Problem(entry.path, line, f"its id {entry.id} is already that of {first}; give it another, or delete one")


def _newest(entries: Sequence[Entry], ref: str) -> Entry:
    digits = ref.removeprefix("@") if ref != "last" else ""
    if digits and not (digits.isascii() and digits.isdigit() and int(digits)):
        raise UsageError(f"{ref}: not a reference", "write @ for the newest entry, @2 for the one before")
    place = int(digits or 1)
    if place > len(entries):
        raise JournalError(f"{ref}: the journal has only {len(entries)} entries", "journal list")
    return sorted(entries, key=lambda entry: entry.order)[-place]


_DAY = len("2026-11-20")


def _ways(ref: str, cwd: str) -> Iterable[Callable[[Entry], bool]]:
    """Yield what a reference can mean, the most exact first."""
    path = os.path.normpath(ref).replace(os.sep, "/")
    full = os.path.realpath(os.path.join(cwd, ref)).replace(os.sep, "/")
    name = ref.removesuffix(".md")
    low = ref.lower()
    yield lambda entry: entry.path == path or full.endswith(f"/{entry.path}")
    yield lambda entry: "/" in path and entry.path.removesuffix(".md").endswith(f"/{path.removesuffix('.md')}")
    yield lambda entry: entry.name == name
    yield lambda entry: entry.id.lower() == low
    yield lambda entry: entry.slug == name
    yield lambda entry: len(low) >= 4 and entry.id.lower().startswith(low)
    yield lambda entry: len(low) == _DAY and entry.name.startswith(f"{low}-")
    yield lambda entry: len(low) >= 3 and low in entry.slug.lower()


def _listed(entries: Sequence[Entry]) -> str:
    lines = [f"  {entry.id[:8] or '-':8}  {entry.path}  {entry.title}" for entry in entries[:_SHOWN]]
    more = len(entries) - _SHOWN
    return "\n".join([*lines, f"  and {more} more"] if more > 0 else lines)


def _suggestion(entries: Sequence[Entry], ref: str) -> str:
    import difflib

    names = {entry.slug: entry for entry in entries} | {entry.name: entry for entry in entries}
    near = difflib.get_close_matches(ref.rpartition("/")[2].removesuffix(".md"), names, n=3, cutoff=0.5)
    named = list(dict.fromkeys(names[name].name for name in near))
    return f"did you mean {' or '.join(named)}? All of them: journal list" if named else "journal list"
