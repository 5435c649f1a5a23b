"""learnings.md: the digest to read before the next session, in a block beside the person's own text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from session_journal.app.generated import make_page
from session_journal.app.open_ends import carry, find_ends
from session_journal.app.search import ask
from session_journal.core import learnings
from session_journal.core.document import parse
from session_journal.core.learnings import BLOCK, PATH, Learned
from session_journal.core.open_ends import End
from session_journal.core.patterns import Pattern, Statement, find
from session_journal.core.query import Filters
from session_journal.store.files import read_bytes
from session_journal.store.journal import Change, Journal
from session_journal.store.templates import render

if TYPE_CHECKING:
    from session_journal.core.pages import Page, Passage
    from session_journal.store.index import Index

TEMPLATE = "learnings.md.j2"
MOST_COMPARED = 1500
"""Rules are looked for in so many of the newest statements: what holds is said again."""


def refresh(
    journal: Journal, now: datetime, patterns: Sequence[Pattern] | None = None, *, force: bool = False
) -> Change | None:
    """Return the change that brings learnings.md up to date; None where it is, or where there is nothing to learn.

    patterns: those of the whole journal, where the caller has them. A gap that is ticked in the digest and not yet in
    its entry (see `open_ends.carry`) stays there, ticked. EditedError where a person changed the block's words.
    """
    return _digest(journal, now, find_ends(journal), patterns, force=force)


def plan(journal: Journal, now: datetime, *, force: bool = False) -> tuple[Change, ...]:
    """Return all changes of a refresh: what was ticked in blocks is brought to its entries, and the digest."""
    ends = find_ends(journal)
    carried = carry(journal, ends)
    paths = {change.path for change in carried}
    left = [end for end in ends if end.is_open or not paths.issuperset(one.path for one in end.mentions)]
    digest = _digest(journal, now, left, None, force=force)
    return (*carried, *([digest] if digest else []))


def _digest(
    journal: Journal, now: datetime, ends: Iterable[End], patterns: Sequence[Pattern] | None, *, force: bool
) -> Change | None:
    old = read_bytes(journal.path(PATH))
    gaps = [end for end in ends if end.kind == "gap" and (end.is_open or _is_ticked_here(end))]
    values = learnings.values_of(_gather(journal, gaps, patterns))
    if old is None and learnings.is_empty(values):
        return None
    content = render(TEMPLATE, values, journal.root).strip("\n") or "Nothing to learn from yet."
    first: dict[str, object] = {"title": "Learnings", "date": now.date(), "type": "learnings", "visibility": "self"}
    data = make_page(PATH, old, BLOCK, content + "\n", first, {}, now, force=force)
    return Change(PATH, data, old) if data != old else None


def body_of(data: bytes | None) -> str:
    """Return the page without front matter and block markers, for people to read; "" where there is none."""
    body = parse(data, PATH).body if data else ""
    lines = [line for line in body.split("\n") if not line.startswith(("<!-- journal:", "<!-- /journal:"))]
    return "\n".join(lines).strip("\n")


def _gather(journal: Journal, gaps: Sequence[End], patterns: Sequence[Pattern] | None) -> Learned:
    said, playbooks = ask(journal, _read)
    found = find(said) if patterns is None else tuple(one for one in map(_accepted, patterns) if one)
    return Learned(gaps, found, said, playbooks)


def _is_ticked_here(end: End) -> bool:
    """Tell whether only the digest says that a gap is closed."""
    return end.newest.mark != "x" and any(one.path == PATH and one.mark == "x" for one in end.copies)


def _accepted(pattern: Pattern) -> Pattern | None:
    """Return a pattern with the evidence of accepted entries alone, None where that is less than two sessions."""
    members = tuple(member for member in pattern.members if member.reviewed)
    sessions = len({member.session for member in members})
    if sessions < 2:
        return None
    best = pattern.best if pattern.best.reviewed else members[-1]
    return replace(pattern, statement=best.text, members=members, sessions=min(sessions, pattern.sessions), best=best)


def _read(opened: Index) -> tuple[list[Statement], list[Page]]:
    pages = opened.pages(Filters(kind=("session",)))
    accepted = [page for page in pages if page.status == "final" and not page.problem and page.date]
    found = opened.items(learnings.KINDS, accepted)[:MOST_COMPARED]
    playbooks = [page for page in opened.pages(Filters(kind=("playbook",))) if page.status != "retired"]
    return [_statement(page, passage) for page, passage in found], playbooks


def _statement(page: Page, passage: Passage) -> Statement:
    kind = next(kind for kind in learnings.KINDS if kind == passage.kind)
    return Statement(
        page.id, page.path, page.id or page.path, date.fromisoformat(page.date), page.project, kind, passage.text,
        page.title, passage.turns,
    )  # fmt: skip


__all__ = ["PATH", "body_of", "plan", "refresh"]
