"""Context: what the journal hands to the next session of a project, printed or kept in a block of a file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from session_journal.app.corrections import ignored_keys
from session_journal.app.handoff import last_sessions
from session_journal.app.open_ends import find_ends_of
from session_journal.app.playbook import read_page
from session_journal.app.practice import find_practice_of
from session_journal.app.search import ask
from session_journal.core import context, query, worth
from session_journal.core.context import ContextPack, Format
from session_journal.core.facts import is_fact
from session_journal.core.handoff import hand_off
from session_journal.core.mentions import FOUND_IN, of_pages
from session_journal.core.query import Filters
from session_journal.core.records import record
from session_journal.core.resolved import resolved_in
from session_journal.core.taken_back import taken_back
from session_journal.core.undoing import KINDS
from session_journal.errors import JournalError
from session_journal.store.files import read_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from session_journal.core.entry import Entry
    from session_journal.core.pages import Page, Passage, Scored
    from session_journal.store.index import Index
    from session_journal.store.journal import Journal

ITEM_KINDS = (*worth.PAST_WEIGHTS, *worth.OPEN_KINDS)
MOST_RELATED = 60
MOST_SESSIONS = 40
"""Without a task, only what the latest sessions say is looked at."""
MOST_DECIDED = 20
"""An agent waits: of so many decisions is found out whether they hold."""
MOST_OPEN = 200
"""What is open is looked for in so many of the latest sessions; the rest is past remembering."""


@record(frozen=True, slots=True)
class Wish:
    """What a pack is for. audience: who will read it; only what may reach them is in it."""

    project: str = ""
    task: str = ""
    budget: int = 2000
    form: Format = "markdown"
    audience: str = "self"


def make_pack(journal: Journal, wish: Wish, now: datetime) -> ContextPack:
    """Return the pack for a project and a task; it has no facts where nothing is relevant."""
    if not wish.project and not wish.task.strip():
        return ContextPack()
    material, entries = ask(journal, lambda opened: _gather(journal, opened, wish))
    material = _with_handoff(material, entries, wish.project, now.date())
    found = worth.candidates(material, wish.task, now.date())
    return context.pack(found, wish.budget, wish.form, wish.project, wish.task)


def _with_handoff(material: worth.Material, entries: Sequence[Entry], project: str, today: date) -> worth.Material:
    """Add where the project's last sessions ended, and which of their challenges are over."""
    if not entries:
        return material
    over = resolved_in(entries)
    left = hand_off(project, entries, [end for end in material.ends if end.is_open], today, over)
    return replace(material, handoff=left, undone=frozenset(material.undone) | over)


def _gather(journal: Journal, opened: Index, wish: Wish) -> tuple[worth.Material, list[Entry]]:
    def reaching(pages: list[Page]) -> list[Page]:
        return [page for page in pages if context.reaches(page, wish.audience)]

    mine = Filters(project=(wish.project.casefold(),), kind=("session",))
    sessions = reaching(opened.pages(mine)) if wish.project else []
    entries = last_sessions(opened, sessions)
    left = opened.items(worth.LEFT_KINDS, sessions[: len(entries)])
    past = [] if wish.task else opened.items(tuple(worth.PAST_WEIGHTS), sessions[:MOST_SESSIONS])
    topic = query.topic(wish.task or " ".join(page.title for page in sessions[:2]))
    topic_of_sessions = query.narrow(topic, Filters(kind=("session",)))
    related = opened.passages(topic_of_sessions, ITEM_KINDS, MOST_RELATED)
    # Where no project is named, what is open is that of the entries that answer the task.
    answering = reaching([one.page for one in related if one.passage.kind in worth.OPEN_KINDS])
    told = sessions if wish.project else list(dict.fromkeys(answering))
    items = opened.items(FOUND_IN, told[:MOST_OPEN])
    stated = of_pages(sorted(items, key=lambda placed: placed[0].order))
    near = opened.rate(topic_of_sessions) if wish.task else []
    answers = [one for one in related if context.reaches(one.page, wish.audience)]
    decided = [*((one.page, one.passage) for one in answers), *past]
    material = worth.Material(
        sessions,
        opened.passages_of(sessions[0]) if sessions else (),
        left,
        items,
        past,
        answers,
        [one for one in near if context.reaches(one.page, wish.audience)],
        _playbooks(journal, opened, wish, topic),
        opened.printed(),
        ends=find_practice_of(journal, opened, find_ends_of(journal, stated, sessions)),
        told=opened.items(worth.WHY_KINDS, _answering(answers)) if wish.task else (),
        undone=_undone(opened, [pair for pair in decided if pair[1].kind == "decision"]),
    )
    return material, entries


def _answering(answers: Sequence[Scored]) -> list[Page]:
    """Return the entries of the best answers."""
    return list({one.page.path: one.page for one in answers}.values())[: worth.MOST["entries"]]


def _undone(opened: Index, found: Sequence[tuple[Page, Passage]]) -> frozenset[tuple[str, str]]:
    """Return which of the drafted or written decisions are none, or were taken back by later entries of their projects.

    found: the best first; those that nobody has the time to ask about count as taken back.
    """
    decided = [(page, passage) for page, passage in found if _decides(passage)][:MOST_DECIDED]
    rest = frozenset((page.path, passage.text) for page, passage in found if (page, passage) not in decided)
    if not decided:
        return rest
    first = min(page.date for page, _ in decided)
    projects = {page.project for page, _ in decided}
    pages = [page for page in opened.pages(Filters(kind=("session",))) if page.date >= first and not page.problem]
    later = [page for page in pages if page.project in projects or not page.project][:MOST_OPEN]
    told = [(page, opened.passages_of(page)) for page in later[:MOST_SESSIONS] if page.status != "draft"]
    return rest | taken_back(decided, opened.items(KINDS, later), told)


def _decides(one: Passage) -> bool:
    return not one.turns or not is_fact(one.text)


def _playbooks(
    journal: Journal, opened: Index, wish: Wish, topic: query.Query
) -> list[tuple[Page, list[Passage], float]]:
    pages = [page for page in opened.pages(Filters(kind=("playbook",))) if context.reaches(page, wish.audience)]
    pages = _unignored(journal, pages)
    least = worth.enough(wish.task)
    rated = opened.rate(topic) if pages else []
    scores = {one.page.path: one.score for one in rated if one.matched >= least}
    return [(page, opened.passages_of(page), scores.get(page.path, 0.0)) for page in pages]


def _unignored(journal: Journal, pages: list[Page]) -> list[Page]:
    """Return the playbooks without the candidates of patterns that a person ignores; others stay, as they were told."""
    doubted = [page for page in pages if page.status == "candidate"]
    ignored = _ignored(journal) if doubted else frozenset()
    left_out = [page for page in doubted if ignored and _rests_on(journal, page, ignored)]
    return [page for page in pages if page not in left_out]


def _ignored(journal: Journal) -> frozenset[str]:
    try:
        return ignored_keys(journal)
    except JournalError:  # what is wrong with the file is told where patterns are
        return frozenset()


def _rests_on(journal: Journal, page: Page, keys: frozenset[str]) -> bool:
    try:
        return not read_page(page.path, read_bytes(journal.path(page.path)) or b"").keys.isdisjoint(keys)
    except JournalError:
        return False
