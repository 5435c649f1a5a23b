"""learnings.md: the digest to read before the next session, in a block beside the person's own text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING

from session_journal.app.corrections import load_corrections
from session_journal.app.earlier import versions_of
from session_journal.app.generated import make_page
from session_journal.app.open_ends import find_ends
from session_journal.app.practice import find_practice
from session_journal.app.search import ask
from session_journal.app.ticking import carry, refer
from session_journal.core import learnings
from session_journal.core.document import parse
from session_journal.core.entry import Entry
from session_journal.core.intention import is_done
from session_journal.core.items import Item, ItemKind
from session_journal.core.learnings import BLOCK, PATH, Learned
from session_journal.core.open_ends import End
from session_journal.core.patterns import Memory, Pattern, Statement, find, squash
from session_journal.core.query import Filters
from session_journal.core.reading import moment, read_page, shown_by_text, speakers
from session_journal.core.records import record
from session_journal.store.files import markdown_files, read_bytes
from session_journal.store.journal import Change, Journal
from session_journal.store.templates import render

if TYPE_CHECKING:
    from session_journal.core.pages import Page
    from session_journal.store.index import Index

TEMPLATE = "learnings.md.j2"
MOST_COMPARED = 1500
"""Rules are looked for in so many of the newest statements: what holds is said again."""
_MANY = 500
"""Among more of them, only what shares rare terms is compared: the digest shows what is said again in like words."""


@record(frozen=True, slots=True)
class Whole:
    """All of a journal as its caller has read it: the entries, what is open in them, what earlier searches know."""

    entries: Sequence[Entry]
    ends: Sequence[End]
    memory: Memory


def refresh(journal: Journal, now: datetime, whole: Whole | None = None, *, force: bool = False) -> Change | None:
    """Return the change that brings learnings.md up to date; None where it is, or where there is nothing to learn.

    whole: without it the search index is asked, and the digest is the same. A gap that is ticked in the digest and
    not yet in its entry (see `open_ends.carry`) stays there, ticked. EditedError where a person changed the block's
    words.
    """
    if whole is None:
        return _digest(journal, now, find_practice(journal, find_ends(journal)), ask(journal, _read), force=force)
    return _digest(journal, now, whole.ends, _said(whole.entries), whole.memory, force=force)


def plan(journal: Journal, now: datetime, *, force: bool = False) -> tuple[Change, ...]:
    """Return all changes of a refresh: what was ticked in blocks is brought to its entries, and the digest."""
    ends = find_practice(journal, find_ends(journal))
    carried = carry(journal, ends)
    paths = {change.path for change in carried}
    left = [end for end in ends if end.is_open or not paths.issuperset(one.path for one in end.mentions)]
    digest = _digest(journal, now, left, ask(journal, _read), force=force)
    if digest is None:
        return carried
    pages = {change.path: change for change in (digest, *carried)} | {PATH: digest}
    return tuple(sorted(refer(journal, ends, list(pages.values())), key=lambda change: change.path == PATH))


def _digest(
    journal: Journal,
    now: datetime,
    ends: Sequence[End],
    said: list[Statement],
    memory: Memory | None = None,
    *,
    force: bool,
) -> Change | None:
    old = read_bytes(journal.path(PATH))
    shown = [end for end in ends if end.is_open or _is_ticked_here(end)]
    gaps = [end for end in shown if end.kind == "gap"]
    kept, patterns = _corrected(journal, said, memory or Memory())
    left = [end for end in shown if end.kind != "gap"]
    values = learnings.values_of(Learned(gaps, patterns, kept, _playbooks(journal), left))
    if old is None and learnings.is_empty(values):
        return None
    content = render(TEMPLATE, values, journal.root).strip("\n") or "Nothing to learn from yet."
    first: dict[str, object] = {"title": "Learnings", "date": now.date(), "type": "learnings", "visibility": "self"}
    data = make_page(PATH, old, BLOCK, content + "\n", first, {}, now, earlier=versions_of(journal, PATH), force=force)
    return Change(PATH, data, old) if data != old else None


def _corrected(journal: Journal, said: list[Statement], memory: Memory) -> tuple[list[Statement], list[Pattern]]:
    """Return what is said and what recurs in it as its person corrected it: what they ignore is neither.

    What they quoted to ignore it is compared as well, for it may stand in an entry that nobody has accepted.
    """
    corrections = load_corrections(journal)[0]
    ignored = [one.of for one in corrections if one.verb == "ignore"]
    quoted = [Statement(one.entry, "", one.entry, date.min, "", "pattern", one.text, "") for one in ignored]
    found = find([*said, *quoted], 1 if ignored else 2, corrections, memory.terms_alone(), many=_MANY)
    gone = {squash(member.text) for one in found if one.ignored for member in one.members}
    patterns = [one for one in found if not one.ignored and one.sessions > 1]
    return [one for one in said if squash(one.text) not in gone], patterns


def body_of(data: bytes | None) -> str:
    """Return the page without front matter and block markers, for people to read; "" where there is none."""
    body = parse(data, PATH).body if data else ""
    lines = [line for line in body.split("\n") if not line.startswith(("<!-- journal:", "<!-- /journal:"))]
    return "\n".join(lines).strip("\n")


def _is_ticked_here(end: End) -> bool:
    """Tell whether only the digest says that an end is closed."""
    return end.newest.mark != "x" and any(one.path == PATH and one.mark == "x" for one in end.copies)


def _playbooks(journal: Journal) -> list[Page]:
    """Return the playbooks, the one that was seen last first, without those retired."""
    found = []
    for path in markdown_files(journal.root, "playbooks"):
        data = read_bytes(journal.path(path))
        if data is not None:
            found.append(read_page(path, data))
    kept = [page for page in found if page.status != "retired" and not page.problem]
    return sorted(kept, key=lambda page: page.order, reverse=True)


def _read(opened: Index) -> list[Statement]:
    """Return the newest statements of accepted entries that may be rules, as the index has them."""
    pages = opened.pages(Filters(kind=("session",)))
    accepted = [page for page in pages if page.status == "final" and not page.problem and page.date]
    found = opened.items(learnings.KINDS, accepted)[:MOST_COMPARED]
    return [
        Statement(
            page.id, page.path, page.id or page.path, date.fromisoformat(page.date), page.project, kind, passage.text,
            page.title, learnings.evidence_of(kind, passage.text, passage.turns, passage.roles),
        )
        for page, passage in found
        for kind in [_kind(passage.kind)]
        if not is_done(passage)
    ]  # fmt: skip


def _said(entries: Iterable[Entry]) -> list[Statement]:
    """Return the same of entries that were read."""
    ordered = sorted(entries, key=lambda entry: (entry.date.isoformat(), moment(entry.created), entry.path))
    items = ((entry, item) for entry in reversed(ordered) if entry.status == "final" for item in entry.items)
    told = ((entry, item) for entry, item in items if item.kind in learnings.KINDS and not is_done(item))
    found = list(islice(told, MOST_COMPARED))
    shown = shown_by_text(text for entry, item in found for text in (item.text, entry.title, entry.project))
    return [
        Statement(
            entry.id, entry.path, entry.id or entry.path, entry.date, shown[entry.project], item.kind,
            shown[item.text], shown[entry.title], learnings.evidence_of(item.kind, shown[item.text], item.turns, roles),
        )
        for entry, item in found
        for roles in [_roles(item, speakers(entry.body) if item.turns else {})]
    ]  # fmt: skip


def _roles(item: Item, said: Mapping[int, str]) -> frozenset[str]:
    return frozenset(said[turn] for turn in item.turns if turn in said)


def _kind(name: str) -> ItemKind:
    return next(kind for kind in learnings.KINDS if kind == name)


__all__ = ["PATH", "body_of", "plan", "refresh"]
