"""The story of a session: what was wanted, what came of it, what was learned, within the length of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from session_journal.core import lazy_re as re
from session_journal.core.events import Session
from session_journal.core.insights import (
    aims,
    choices,
    conduct,
    decided,
    deferred,
    gaps,
    mended,
    open_work,
    outcome,
    overtaken,
    plans,
    questions,
    remaining,
    reported,
    talk,
    teaching,
    troubles,
    undone,
    unverified,
    voice,
)
from session_journal.core.insights.changes import Said, change_items, gone, put_back
from session_journal.core.insights.files import changed_files
from session_journal.core.insights.goals import Prompt, goals, prompts
from session_journal.core.insights.habits import checks_run, habits
from session_journal.core.insights.kinds import is_trivial, kind_of_work, languages
from session_journal.core.insights.learning import Candidate, candidates, pasted, replies, steps, thoughts
from session_journal.core.insights.messages import messages
from session_journal.core.insights.naming import with_names
from session_journal.core.insights.own_work import as_written, with_subject, without_promises
from session_journal.core.insights.prose import Statement
from session_journal.core.insights.reports import documents, reports
from session_journal.core.insights.selection import choose, similar
from session_journal.core.insights.titles import given_title, title
from session_journal.core.insights.wording import terms
from session_journal.core.items import Item, ItemKind
from session_journal.core.records import record
from session_journal.core.signals import Signals, judge, signals

__all__ = ["Story", "is_trivial", "name", "tell"]

WORDS = 298
"""How many words an entry may have, evidence and links left out: what a colleague reads at a glance."""

LIMITS = {
    "discovery": 12,
    "next": 5,
    "decision": 4,
    "challenge": 5,
    "insight": 5,
    "takeaway": 2,
    "change": 6,
    "question": 2,
    "action": 3,
}
"""How many bullets of a kind a reader takes in."""

SAME = 0.6
"""How much alike a statement may be to one that stands under What happened or Changes made."""

EXTRA = {"next": 0.5}
"""What a kind counts more than its words show: what is left open is what a colleague looks for first."""

SENTENCE = 18
"""How many words one bullet may have."""

Line = tuple[str, tuple[int, ...]]


@record(frozen=True, slots=True)
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
    telling: tuple[tuple[int, str], ...] = ()
    checks: tuple[str, ...] = ()


def tell(session: Session, given: tuple[str, ...]) -> Story:
    """Tell a session's story; `given` are the goals noted before the work."""
    asked = prompts(session)
    found = signals(session, asked)
    trails = changed_files(session)
    verdict = judge(session, found)
    session, lost = undone.settled(session, found.taken)
    said = lost.living(talk.whole(session, replies(session, asked)))
    wanted = goals(asked)
    subject = outcome.subject(session)
    context = outcome.context(session, wanted, subject)
    written = messages(session, found.acts)
    pool = talk.as_told(session, without_promises(candidates([*said, *written])))
    heads = outcome.headline(pool, found)
    happened = [*outcome.happened(pool, heads, found, verdict, trails, said), *talk.outline(session)]
    spent = _words([*context, *happened])
    changed, described = change_items(trails, said, min(64, (WORDS - spent) // 4))
    went = [
        *plans.deviations(session, asked, said, trails),
        *put_back(trails),
        *conduct.conduct(session, found, verdict, trails),
    ]
    judged = [*conduct.effectiveness(found, verdict), *aims.goals_met(session, asked, given, found, verdict)]
    spent += sum(_size(item) + 3 * (item.kind in {"went-well", "improve"}) for item in [*changed, *went]) + _words(
        judged
    )
    taken = {term for text, _ in [*context, *happened] for term in terms(text)} | {
        term for item in changed for term in terms(item.text)
    }
    gathered = talk.as_told(session, as_written(session, _gathered(session, asked, found, said, written)))
    gathered = open_work.not_taken_up(session, asked, gathered)
    more = _fresh(
        mended.resolved(
            gathered,
            [*pool, *steps(said, session)],
            gone(session),
            overtaken.overtaken(session, said, asked, found.checks),
        ),
        heads,
        described,
        changed,
        context,
    )
    chosen = choose(more, WORDS - spent, taken=taken, limits=LIMITS)
    chosen += _filling(session, asked, WORDS - spent, taken, chosen, lost)
    context += [(f"- {one.text}", (one.turn,)) for one in chosen if one.source.pasted]
    learned, taken_steps = _learned(with_names([one for one in chosen if not one.source.pasted], said))
    happened = [*happened, *taken_steps]
    if happened and not (changed or learned or went or taken_steps):
        happened.append(("Nothing else notable.", happened[-1][1]))
    return Story(
        title=_title(session, wanted, subject),
        kind=kind_of_work(session, asked, wanted[0][0] if wanted else "", trails),
        goals=given or tuple(goal for goal, _ in wanted),
        outcome=verdict.outcome,
        effectiveness=verdict.effectiveness,
        minutes=found.minutes,
        tags=languages(trails),
        context=tuple(context),
        happened=tuple(happened),
        verdict=tuple(judged),
        items=(*changed, *learned, *went),
        trivial=is_trivial(session, asked),
        telling=tuple(
            (check.turn, line)
            for check in found.checks
            for line in (check.said, *check.complaints)
            if re.search(r"[A-Za-z]{2}", line)
        ),
        checks=checks_run(session, found),
    )


def _fresh(
    pool: Sequence[Candidate],
    heads: Sequence[Candidate],
    described: set[Said],
    changed: Sequence[Item],
    context: Sequence[Line],
) -> list[Candidate]:
    """Return, weighed, what stands neither under Context, nor under What happened, nor under Changes made."""
    told = {(one.turn, one.raw) for one in heads} | described
    items = [item.text for item in changed if " — " in item.text]
    paths = {text.split("`")[1].rsplit("/", 1)[-1] for text in items}
    apart = [one.terms for one in heads] + [frozenset(terms(text)) for text in [*items, *(text for text, _ in context)]]
    return [
        replace(one, score=one.score + EXTRA[one.kind]) if one.kind in EXTRA else one
        for one in pool
        if (one.turn, one.raw) not in told and not _repeats(one, paths)
        if one.kind not in {"change", "discovery"} or all(similar(one.terms, other) < SAME for other in apart)
    ]


def _repeats(one: Candidate, paths: set[str]) -> bool:
    """Say whether a statement tells of one changed file what stands under Changes made."""
    start = one.text[:80] if one.kind == "change" else one.text[:45] if one.source.bullet else ""
    return any(
        path in start or (one.kind == "change" and path in f"{one.source.label} {one.source.heading}") for path in paths
    )


def _words(lines: Sequence[Line]) -> int:
    return sum(len(text.split()) for text, _ in lines)


def _size(item: Item) -> int:
    """Return how many words of an item count: a path alone is no sentence."""
    count = len(item.text.split())
    return count if count >= 4 else 0


def name(session: Session) -> str:
    """Return what a session is called in its draft's title."""
    return _title(session, goals(prompts(session)), outcome.subject(session))


def _title(session: Session, wanted: list[tuple[str, int]], subject: str) -> str:
    first = next((event.text for event in session.events if event.kind == "prompt" and not event.agent), "")
    if named := given_title(session.title, first):
        return named
    if not wanted:
        return "Session without a prompt"
    return title(wanted[0][0], subject)


def _gathered(
    session: Session, asked: list[Prompt], found: Signals, said: list[Statement], written: list[Statement]
) -> list[Candidate]:
    """Return everything that could be told, from every source there is."""
    chosen = list(decided.decisions(said, found.first_edit_turn))
    known = {(one.turn, one.source.raw) for one in chosen}
    others = [one for one in said if (one.turn, one.raw) not in known]
    return [
        *chosen,
        *(_dated(one, found.first_edit_turn) for one in candidates([*others, *written, *pasted(asked)], SENTENCE)),
        *steps(said, session, SENTENCE),
        *troubles.challenges(session, said, found),
        *reported.errors(session, asked, said, found),
        *teaching.rules(asked),
        *teaching.corrections(found),
        *teaching.marked(said, asked),
        *choices.choices(session, asked),
        *habits(session, found),
        *voice.agreements(session, asked),
        *voice.open_ends(session),
        *gaps.gaps(session, asked),
        *questions.questions(session, asked),
        *deferred.actions(session, asked),
        *open_work.actions(session, said, found),
        *unverified.limits(session, asked, said, found),
        *remaining.items(session, said, found),
    ]


def _filling(
    session: Session,
    asked: list[Prompt],
    words: int,
    taken: set[str],
    chosen: Sequence[Candidate],
    lost: undone.Lost,
) -> list[Candidate]:
    """Return what fills the page where the replies say little: facts in reports, documents, reasoning and plans."""
    left = words - sum(len(one.text.split()) for one in chosen)
    if left < ROOM:
        return []
    plan = [replace(one, option=False) for one in pasted(asked) if one.bullet]
    spare = lost.living([*reports(session), *documents(session), *thoughts(session), *plan])
    more = [one for one in candidates(spare, SENTENCE) if one.kind in {"discovery", "decision", "challenge"}]
    known = taken.union(*(one.terms for one in chosen))
    return choose(more, left, taken=known, limits={"discovery": FILL, "decision": 1})


ROOM, FILL = 30, 6
"""From how many free words on other sources are drawn on, and how many statements they may add."""


def _learned(chosen: list[Candidate]) -> tuple[list[Item], list[Line]]:
    """Return the items chosen, and the steps taken: what was done is no learning, it belongs to what happened."""
    chosen = sorted(chosen, key=_order)
    items = [
        Item(
            _kept_as(one),
            with_subject(one),
            one.turns or (one.turn,),
            mark=" " if one.kind in {"action", "gap"} else "",
        )
        for one in chosen
        if one.kind != "change"
    ]
    return items, [(f"- {one.text}", one.turns or (one.turn,)) for one in chosen if one.kind == "change"]


def _dated(one: Candidate, since: int) -> Candidate:
    """Return a candidate that tells of a change made before this session changed anything as a discovery."""
    return replace(one, kind="discovery") if one.kind == "change" and one.turn < since else one


def _kept_as(one: Candidate) -> ItemKind:
    """Return the kind under which an item stands: what a review found is a discovery, no intention yet."""
    return "discovery" if one.kind == "next" and one.source.finding else one.kind


_ROOT = re.compile(
    r"\broot cause\b|^the (?:real |actual |underlying )?(?:cause|difference|culprit|reason) (?:is|was)\b",
    re.IGNORECASE,
)


def _order(one: Candidate) -> tuple[bool, int]:
    """Return the place of an item in its section: root causes first, then as it happened."""
    return not (one.kind == "discovery" and _ROOT.search(one.text)), one.turn
