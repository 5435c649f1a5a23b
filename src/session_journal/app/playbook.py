"""Playbooks on disk: read, found by name, and brought up to date with what recurs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from session_journal.app.generated import EditedError, make_page
from session_journal.core import blocks, playbooks
from session_journal.core.document import fields, parse
from session_journal.core.entry import Entry
from session_journal.core.patterns import Pattern
from session_journal.core.playbooks import DAYS, SESSIONS, Playbook
from session_journal.core.slug import slugify
from session_journal.errors import DocumentError, JournalError, NotFoundError
from session_journal.store.files import markdown_files, read_bytes
from session_journal.store.journal import Change, Journal
from session_journal.store.templates import render

TEMPLATE = "playbook.md.j2"


@dataclass(frozen=True, slots=True)
class Shelf:
    """The playbooks of a journal, and what is wrong with files that cannot be read."""

    playbooks: tuple[Playbook, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Promotion:
    """What is to be written, and where each pattern's page lies. pages: pattern key → (path, title, status)."""

    changes: tuple[Change, ...] = ()
    pages: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    refused: tuple[JournalError, ...] = ()
    new: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """How much evidence makes a playbook."""

    sessions: int = SESSIONS
    days: int = DAYS


def load_shelf(root: str) -> Shelf:
    """Read all playbooks; a file that cannot be read is a problem, never the end."""
    found: list[Playbook] = []
    problems: list[str] = []
    for path in markdown_files(root, "playbooks"):
        try:
            found.append(_read(root, path))
        except JournalError as error:
            problems.append(error.message)
    return Shelf(tuple(found), tuple(problems))


def _read(root: str, path: str) -> Playbook:
    data = read_bytes(f"{root}/{path}")
    if data is None:
        raise DocumentError(f"{path}:1: is gone")
    doc = parse(data, path)
    return playbooks.read_playbook(path, fields(doc, path), blocks.read(doc.body, playbooks.BLOCK))


def promote(
    journal: Journal,
    patterns: Sequence[Pattern],
    entries: Sequence[Entry],
    shelf: Shelf,
    now: datetime,
    bar: Bar,
    *,
    force: bool = False,
) -> Promotion:
    """Work out the pages of all patterns that have one or have earned one; a retired one is left alone."""
    known = playbooks.match(patterns, shelf.playbooks)
    by_path = {entry.path: entry for entry in entries}
    taken = {playbook.path for playbook in shelf.playbooks}
    changes: list[Change] = []
    pages: dict[str, tuple[str, str, str]] = {}
    refused: list[JournalError] = []
    new: list[str] = []
    for place, pattern in enumerate(patterns):
        playbook = known.get(place)
        if playbook is None and not playbooks.promotable(pattern, bar.sessions, bar.days):
            continue
        page = _Page(journal, pattern, playbook, bar)
        path = playbook.path if playbook else _free_path(journal, page.title, taken)
        taken.add(path)
        pages[pattern.key] = (path, page.title, page.status)
        if page.status == "retired":
            continue
        try:
            change = page.write(path, by_path, now, force=force)
        except JournalError as error:
            refused.append(error)
            continue
        if change.data != change.base:
            changes.append(change)
            new += [] if playbook else [path]
    return Promotion(tuple(changes), pages, tuple(refused), tuple(new))


class _Page:
    """One pattern on its way to its file."""

    def __init__(self, journal: Journal, pattern: Pattern, playbook: Playbook | None, bar: Bar) -> None:
        before = playbook.status if playbook else "candidate"
        self.journal, self.pattern = journal, pattern
        self.status = playbooks.status_of(pattern, before, bar.sessions, bar.days)
        self.title = (playbook.title if playbook else "") or playbooks.title_of(pattern)

    def write(self, path: str, entries: Mapping[str, Entry], now: datetime, *, force: bool) -> Change:
        """Return the change that brings the file up to date."""
        content = render(TEMPLATE, playbooks.values_of(self.pattern, self.status), self.journal.root)
        old = read_bytes(self.journal.path(path))
        data = make_page(
            path, old, playbooks.BLOCK, content, self._first(entries),
            playbooks.front_matter(self.pattern, self.status), now, force=force,
        )  # fmt: skip
        return Change(path, data, old)

    def _first(self, entries: Mapping[str, Entry]) -> dict[str, object]:
        projects = self.pattern.projects
        return {
            "title": self.title, "date": self.pattern.last, "type": "playbook", "visibility": "self",
            "project": projects[0] if len(projects) == 1 else None,
            "tags": playbooks.tags_of(self.pattern, entries) or None,
            "pattern": self.pattern.key,
        }  # fmt: skip


def _free_path(journal: Journal, title: str, taken: set[str]) -> str:
    return next(path for path in _paths(slugify(title)) if path not in taken and read_bytes(journal.path(path)) is None)


def _paths(slug: str) -> Iterator[str]:
    yield f"journal/playbooks/{slug}.md"
    number = 2
    while True:
        yield f"journal/playbooks/{slug}-{number}.md"
        number += 1


def find_playbook(shelf: Shelf, ref: str) -> Playbook:
    """Return the playbook that a path, file name, slug, part of its name or its title means."""
    if not shelf.playbooks:
        raise NotFoundError("there are no playbooks yet", "journal weekly")
    name = ref.replace("\\", "/").rpartition("/")[2].removesuffix(".md").casefold()
    ways: tuple[Callable[[Playbook], bool], ...] = (
        lambda one: name in {_slug(one), one.title.casefold()},
        lambda one: _slug(one).startswith(name),
        lambda one: name in _slug(one) or ref.casefold() in one.title.casefold(),
    )
    for way in ways:
        found = [one for one in shelf.playbooks if way(one)]
        if len(found) == 1:
            return found[0]
        if found:
            listed = "\n".join(f"  {_slug(one)}" for one in found[:8])
            raise JournalError(f"{ref}: {len(found)} playbooks match\n{listed}", "give more of the name")
    raise NotFoundError(f"{ref}: no such playbook", "journal playbook list")


def _slug(playbook: Playbook) -> str:
    return playbook.path.rpartition("/")[2].removesuffix(".md").casefold()


__all__ = ["Bar", "EditedError", "Promotion", "Shelf", "find_playbook", "load_shelf", "promote"]
