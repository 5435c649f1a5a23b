"""The story of a session: what was wanted, what came of it, what was learned, within the length of a page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from session_journal.core.events import Session
from session_journal.core.insights.changes import change_items, reverted
from session_journal.core.insights.files import Trail, changed_files
from session_journal.core.insights.goals import Prompt, goal_text, goals, prompts, title
from session_journal.core.insights.learning import Candidate, candidates, choose, replies
from session_journal.core.insights.wording import terms
from session_journal.core.items import Item, ItemKind
from session_journal.core.signals import Signals, Verdict, judge, signals
from session_journal.core.text import one_line, shorten

WORDS = 285
"""How many words an entry may have, evidence and links left out: what a colleague reads at a glance."""

Line = tuple[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Story:
    """Everything the draft says; lines and items carry their turns."""

    title: str
    kind: str
    goals: tuple[str, ...]
    outcome: str
    effectiveness: int | None
    minutes: int
    tags: tuple[str, ...]
    context: tuple[Line, ...]
    happened: tuple[Line, ...]
    verdict: tuple[Line, ...]
    items: tuple[Item, ...]
    trivial: bool


def tell(session: Session, given: tuple[str, ...]) -> Story:
    """Tell a session's story; `given` are the goals noted before the work."""
    asked = prompts(session)
    found = signals(session, asked)
    trails = changed_files(session)
    verdict = judge(session, found)
    wanted = goals(asked)
    said = replies(session, asked)
    context = _context(wanted)
    happened = _happened(found, verdict)
    left = WORDS - sum(len(text.split()) for text, _ in [*context, *happened])
    changed = change_items(trails, said, min(70, left // 3))
    left -= sum(len(item.text.split()) for item in changed if len(item.text.split()) >= 4)
    learned = _learned(candidates(said), left - 40, {term for text, _ in context for term in terms(text)})
    went = _went(found, verdict, trails)
    return Story(
        title=_title(session, wanted), kind=_kind(session, found, trails), goals=given or tuple(goal for goal, _ in wanted),
        outcome=verdict.outcome, effectiveness=verdict.effectiveness, minutes=found.minutes, tags=(),
        context=tuple(context), happened=tuple(happened), verdict=(), items=(*changed, *learned, *went),
        trivial=not asked or not any(event.kind in {"reply", "edit", "command"} for event in session.events),
    )  # fmt: skip


def _title(session: Session, wanted: list[tuple[str, int]]) -> str:
    return shorten(session.title or (title(wanted[0][0]) if wanted else "Session without a prompt"), 70)


def _context(wanted: list[tuple[str, int]]) -> list[Line]:
    return [(shorten(goal, 220).rstrip(".") + ".", (turn,)) for goal, turn in wanted[:2]]


def _happened(found: Signals, verdict: Verdict) -> list[Line]:
    facts = []
    passed = [check for check in found.checks if check.passed and check.order > found.last_edit]
    if passed:
        names = dict.fromkeys(f"`{shorten(check.command, 50)}`" for check in passed[-3:])
        facts.append(f"{', '.join(names)} passed after the last edit")
    commits = [act.name for act in found.acts if act.kind == "commit"]
    if commits:
        facts.append(f"committed {', '.join(commits[-3:])}")
    facts.extend(f"opened {act.name}" for act in found.acts if act.kind == "pull-request")
    if any(act.kind == "push" for act in found.acts):
        facts.append("pushed")
    turns = [check.turn for check in passed[-1:]] + [act.turn for act in found.acts[-2:]]
    text = f"Outcome {verdict.outcome}: {'; '.join(facts) or verdict.reasons[0] if verdict.reasons else 'nothing shows one'}."
    return [(text, tuple(dict.fromkeys(turns)) or verdict.turns or tuple(one.turn for one in found.prompts[-1:]))]


def _learned(pool: list[Candidate], words: int, taken: set[str]) -> list[Item]:
    chosen = choose(pool, words, taken=taken)
    order = {kind: rank for rank, kind in enumerate(("decision", "challenge", "discovery", "insight", "next"))}
    items = []
    for one in sorted(chosen, key=lambda one: (order.get(_as(one.kind), 9), one.turn)):
        items.append(Item(_as(one.kind), one.text, (one.turn,)))
    return items


def _as(kind: ItemKind) -> ItemKind:
    return "discovery" if kind == "change" else kind


def _went(found: Signals, verdict: Verdict, trails: Sequence[Trail]) -> list[Item]:
    return []


def _kind(session: Session, found: Signals, trails: Sequence[Trail]) -> str:
    return "implementation" if any(trail.changed for trail in trails) else "other"
