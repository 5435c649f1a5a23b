"""Playbooks brought up to date with what recurs: a page for each pattern that has earned one, with its evidence."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from functools import cached_property, partial

from session_journal.app.corrections import ignored_keys, split_keys
from session_journal.app.earlier import deleted_playbooks, versions_of
from session_journal.app.generated import make_page
from session_journal.app.playbook import Shelf
from session_journal.core import playbooks
from session_journal.core.entry import Entry
from session_journal.core.patterns import Pattern, Statement, key_of, squash, statements
from session_journal.core.playbooks import Bar, Playbook, Standing
from session_journal.core.records import record
from session_journal.core.slug import slugify
from session_journal.core.undoing import Undoings
from session_journal.errors import JournalError
from session_journal.store.files import read_bytes
from session_journal.store.journal import Change, Journal
from session_journal.store.templates import render

TEMPLATE = "playbook.md.j2"


@record(frozen=True, slots=True)
class Promotion:
    """What is to be written, and where each pattern's page lies.

    pages: pattern key → (path, title, status); standings: pattern key → how its page stands; doubles: a page and
    the page that says the same; told: what is said of pages that a person deleted.
    """

    changes: tuple[Change, ...] = ()
    pages: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    refused: tuple[JournalError, ...] = ()
    new: tuple[str, ...] = ()
    standings: Mapping[str, Standing] = field(default_factory=dict)
    doubles: tuple[tuple[Playbook, Playbook], ...] = ()
    told: tuple[str, ...] = ()


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
    """Work out the pages of all patterns that have one or have earned one; a retired one is left alone.

    While a page cannot be read no new one is made: it may be that pattern's. A page without a pattern stays as it is,
    unless entries behind it are gone. One that a person deleted is not made again: that was their word on it.
    """
    known = playbooks.match(patterns, shelf.playbooks)
    earned = [place for place, one in enumerate(patterns) if _has_earned(one, known.get(place), bar)]
    gone = deleted_playbooks(journal) if any(place not in known for place in earned) else ()
    press = Press(journal, entries, bar, {playbook.path for playbook in (*shelf.playbooks, *gone)})
    deleted = _deleted_of(patterns, [place for place in earned if place not in known], gone)
    known |= {place: one for place, one in deleted.items() if one.made == playbooks.BY_HAND}  # earned by now
    deleted = {place: one for place, one in deleted.items() if place not in known}
    earned = [place for place in earned if place not in deleted]
    held = [place for place in earned if shelf.problems and place not in known]
    wanted = [press.page(patterns[place], known.get(place)) for place in earned if place not in held]
    makers = [partial(press.print, page, now, force=force) for page in wanted if not page.stays_retired]
    makers += [partial(press.strand, one, now, force=force) for one in _stranded(journal, shelf, known, press)]
    changes: list[Change] = []
    refused = [_held(shelf)] if held else []
    for make in makers:
        try:
            changes.append(make())
        except JournalError as error:
            refused.append(error)
    changes = [change for change in changes if change.data != change.base]
    new = tuple(change.path for change in changes if change.base is None)
    made = press.pages[::-1]  # a page that lost its pattern comes last, and takes no other's place
    standings = {page.pattern.key: page.standing for page in made}
    pages = {page.pattern.key: (page.path, page.title, page.standing.status) for page in made} | press.emptied
    doubles = playbooks.doubles(patterns, shelf.playbooks, known)
    told = tuple(_left_out(patterns[place], one) for place, one in deleted.items())
    return Promotion(tuple(changes), pages, tuple(refused), new, standings, doubles, told)


def _deleted_of(patterns: Sequence[Pattern], places: Sequence[int], gone: Sequence[Playbook]) -> dict[int, Playbook]:
    """Return which deleted playbook belongs to which of the patterns at these places, that have no page."""
    found = playbooks.match([patterns[place] for place in places], gone)
    return {places[number]: playbook for number, playbook in found.items()}


def _left_out(pattern: Pattern, playbook: Playbook) -> str:
    return (
        f"{playbook.path} was deleted, so it is not made again, though it keeps recurring: {playbook.title}\n"
        f"hint: journal playbook promote {playbook.name}, to have it back as it was; "
        f"journal patterns ignore {pattern.key[:8]}, to hear no more of it"
    )


def _has_earned(pattern: Pattern, playbook: Playbook | None, bar: Bar) -> bool:
    return playbook is not None or playbooks.promotable(pattern, bar.sessions, bar.days)


def _stranded(journal: Journal, shelf: Shelf, known: Mapping[int, Playbook], press: Press) -> Iterator[Playbook]:
    """Yield the pages without a pattern whose evidence links to entries that are gone, or was split off.

    Not of what is ignored. An entry that is there and cannot be read is not gone.
    """
    used = {one.path for one in known.values()}
    free = [one for one in shelf.playbooks if one.path not in used and one.status != "retired"]
    missed = ((one, playbooks.lost_sources(one, press.entries)) for one in free)
    lost = [one for one, paths in missed if paths and not any(os.path.lexists(journal.path(path)) for path in paths)]
    ignored = ignored_keys(journal) if lost else frozenset()
    yield from (one for one in lost if one.keys.isdisjoint(ignored))
    yield from (one for one in free if one not in lost and press.is_parted(one))


def _held(shelf: Shelf) -> JournalError:
    told = f"{shelf.problems[0]}; no new playbook is made until it can be read, for it may be that one"
    return JournalError(told, "journal doctor")


@record(frozen=True, slots=True)
class Page:
    """One pattern on its way to its file; playbook: the page that it has already; by_hand: a new one was asked for."""

    pattern: Pattern
    playbook: Playbook | None
    path: str
    title: str
    standing: Standing
    by_hand: bool = False

    @property
    def stays_retired(self) -> bool:
        """Tell whether it is retired, and was before."""
        return self.playbook is not None and self.playbook.status == self.standing.status == "retired"


class Press:
    """Makes pages of patterns, each under a name that is free."""

    def __init__(self, journal: Journal, entries: Sequence[Entry], bar: Bar, taken: set[str]) -> None:
        self.journal, self.bar, self.taken = journal, bar, taken
        self.entries = {entry.path: entry for entry in entries}
        self.as_of = max((entry.date for entry in entries), default=None)
        self.said = Undoings(entries)
        self.pages: list[Page] = []
        self.emptied: dict[str, tuple[str, str, str]] = {}
        self.splits = split_keys(journal)

    def page(self, pattern: Pattern, playbook: Playbook | None, *, by_hand: bool = False) -> Page:
        """Judge a pattern's page and give it its place."""
        against = playbooks.objections(pattern, self.said)
        standing = playbooks.stand(pattern, playbook, self.bar, against, self.as_of)
        title = playbooks.title_now(pattern, playbook) if playbook else playbooks.title_of(pattern)
        path = playbook.path if playbook else self._free_path(title)
        self.taken.add(path)
        page = Page(pattern, playbook, path, title, standing, by_hand)
        self.pages.append(page)
        return page

    def print(self, page: Page, now: datetime, *, old: bytes | None = None, force: bool = False) -> Change:
        """Return the change that brings a page's file up to date; old: its bytes, where they are not those on disk."""
        on_disk = read_bytes(self.journal.path(page.path))
        values = playbooks.values_of(page.pattern, page.standing, page.playbook, page.title, lambda: self._forms)
        content = render(TEMPLATE, values, self.journal.root)
        data = make_page(
            page.path, on_disk if old is None else old, playbooks.BLOCK, content, self._first(page),
            playbooks.front_matter(page.pattern, page.standing) | _renamed(page) | _keyed(page), now,
            earlier=versions_of(self.journal, page.path) if page.playbook else (), force=force,
        )  # fmt: skip
        return Change(page.path, data, on_disk)

    def strand(self, playbook: Playbook, now: datetime, *, force: bool = False) -> Change:
        """Return the change that brings a page without a pattern to what entries still state of its evidence."""
        left = playbooks.remains(playbook, self._statements, self._off(playbook))
        if left:
            return self.print(self.page(left, playbook), now, force=force)
        on_disk = read_bytes(self.journal.path(playbook.path))
        values = playbooks.values_without(playbook, self.as_of or now.date())
        keys = {name: values[name] for name in ("status", "earned", "first_seen", "last_seen", "sessions", "days")}
        content = render(TEMPLATE, values, self.journal.root)
        earlier = versions_of(self.journal, playbook.path)
        data = make_page(playbook.path, on_disk, playbooks.BLOCK, content, {}, keys, now, earlier=earlier, force=force)
        self.emptied[f"emptied {playbook.path}"] = (playbook.path, playbook.title, str(values["status"]))
        return Change(playbook.path, data, on_disk)

    def is_parted(self, playbook: Playbook) -> bool:
        """Tell whether a page still quotes what was split off from the rest of it, and anything is left then."""
        off = self._off(playbook)
        quoted = off and not off.isdisjoint(map(key_of, playbook.quotes))
        return bool(quoted) and playbooks.remains(playbook, self._statements, off) is not None

    def _off(self, playbook: Playbook) -> frozenset[str]:
        return frozenset[str]().union(*(others for of, others in self.splits if of in playbook.keys))

    @cached_property
    def _statements(self) -> tuple[Statement, ...]:
        return statements(self.entries.values())

    @cached_property
    def _forms(self) -> frozenset[str]:
        return frozenset(squash(text) for one in self._statements for text in playbooks.forms(one))

    def _first(self, page: Page) -> dict[str, object]:
        projects = page.pattern.projects
        return {
            "title": page.title, "date": page.pattern.last, "type": "playbook", "visibility": "self",
            "project": projects[0] if len(projects) == 1 else None,
            "tags": playbooks.tags_of(page.pattern, self.entries) or None,
            "pattern": page.pattern.key, "made": playbooks.BY_HAND if page.by_hand else None,
        }  # fmt: skip

    def _free_path(self, title: str) -> str:
        free = (path for path in _paths(slugify(title)) if path not in self.taken)
        return next(path for path in free if read_bytes(self.journal.path(path)) is None)


def _renamed(page: Page) -> dict[str, object]:
    """Return the keys of a page whose title follows its evidence; its file keeps its name, for others link to it."""
    if page.playbook is None or page.title == page.playbook.title:
        return {}
    return {"title": page.title, "titled": None if page.playbook.is_named_after(page.title) else page.title}


def _keyed(page: Page) -> dict[str, object]:
    """Return the key of a page's pattern, where the statement that gave the page its key is none of its evidence."""
    own = {key_of(member.text) for member in page.pattern.members}
    is_other = page.playbook is not None and page.playbook.key and page.playbook.key not in own
    return {"pattern": page.pattern.key} if is_other else {}


def _paths(slug: str) -> Iterator[str]:
    yield f"journal/playbooks/{slug}.md"
    number = 2
    while True:
        yield f"journal/playbooks/{slug}-{number}.md"
        number += 1
