"""Context: what the journal hands to the next session of a project, printed or kept in a block of a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from session_journal.app.search import ask
from session_journal.core import context, query, worth
from session_journal.core.context import ContextPack, Format
from session_journal.core.query import Filters

if TYPE_CHECKING:
    from datetime import datetime

    from session_journal.core.pages import Page, Passage
    from session_journal.store.index import Index
    from session_journal.store.journal import Journal

ITEM_KINDS = (*worth.PAST_WEIGHTS, *worth.OPEN_KINDS)
MOST_RELATED = 60
MOST_SESSIONS = 40
"""Without a task, only what the latest sessions say is looked at."""


@dataclass(frozen=True, slots=True)
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
    material = ask(journal, lambda opened: _gather(opened, wish))
    found = worth.candidates(material, wish.task, now.date())
    return context.pack(found, wish.budget, wish.form, wish.project, wish.task)


def digest(journal: Journal, project: str, now: datetime) -> str:
    """Return what a person should read before the next session of a project; "" where there is nothing."""
    return context.body(make_pack(journal, Wish(project), now))


def _gather(opened: Index, wish: Wish) -> worth.Material:
    def reaching(pages: list[Page]) -> list[Page]:
        return [page for page in pages if context.reaches(page, wish.audience)]

    mine = Filters(project=(wish.project.casefold(),), kind=("session",))
    sessions = reaching(opened.pages(mine)) if wish.project else []
    items = opened.items(worth.OPEN_KINDS, sessions)
    past = [] if wish.task else opened.items(tuple(worth.PAST_WEIGHTS), sessions[:MOST_SESSIONS])
    topic = query.topic(wish.task or " ".join(page.title for page in sessions[:2]))
    topic_of_sessions = query.narrow(topic, Filters(kind=("session",)))
    related = opened.passages(topic_of_sessions, ITEM_KINDS, MOST_RELATED)
    near = opened.rate(topic_of_sessions) if wish.task else []
    return worth.Material(
        sessions,
        opened.passages_of(sessions[0]) if sessions else (),
        items,
        past,
        [one for one in related if context.reaches(one.page, wish.audience)],
        [one for one in near if context.reaches(one.page, wish.audience)],
        _playbooks(opened, wish, topic),
        opened.printed(),
    )


def _playbooks(opened: Index, wish: Wish, topic: query.Query) -> list[tuple[Page, list[Passage], float]]:
    pages = [page for page in opened.pages(Filters(kind=("playbook",))) if context.reaches(page, wish.audience)]
    least = worth.enough(wish.task)
    rated = opened.rate(topic) if pages else []
    scores = {one.page.path: one.score for one in rated if one.matched >= least}
    return [(page, opened.passages_of(page), scores.get(page.path, 0.0)) for page in pages]
