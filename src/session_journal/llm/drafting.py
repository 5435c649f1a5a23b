"""A session's story told by a model: cited items chunk by chunk, checked and merged in code, a head written from them.

What the transcript itself shows (files, commands, checks, outcome, effectiveness) is told offline, whatever a model
says.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import replace

from session_journal.core.events import Session
from session_journal.core.inert import inert
from session_journal.core.insights import outcome
from session_journal.core.insights.files import changed_files
from session_journal.core.insights.goals import prompts
from session_journal.core.insights.story import LIMITS, WORDS, Line, Story
from session_journal.core.insights.wording import capital, trim
from session_journal.core.items import Item, ItemKind
from session_journal.core.patterns.likeness import distinct
from session_journal.core.records import record
from session_journal.core.signals import judge, signals
from session_journal.core.text import shorten
from session_journal.errors import ModelError
from session_journal.llm.checked import Statement, quoted, wrong_with
from session_journal.llm.finding import Plan, Tools, find, mend
from session_journal.llm.head import Written, write_head
from session_journal.llm.prompts import Claim
from session_journal.llm.record import Record, is_english, make_record

_WORDS, _TITLE = 30, 70
_QUOTES = 2
_ORDER: tuple[ItemKind, ...] = (
    "decision", "challenge", "discovery", "action", "insight", "question", "takeaway", "next", "gap", "pattern",
)  # fmt: skip
_OFFLINE: frozenset[ItemKind] = frozenset({"change", "deviation", "went-well", "improve"})


@record(frozen=True, slots=True)
class Told:
    """A story and how many of the model's claims held of how many."""

    story: Story
    held: int
    made: int


def tell(session: Session, offline: Story, planned: Plan, tools: Tools) -> Told:
    """Tell a redacted session's story with a model; ModelError where it gives nothing that holds."""
    asked = prompts(session)
    found = signals(session, asked)
    verdict = judge(session, found)
    trails = changed_files(session)
    record = make_record(session, found, verdict, trails)
    claims = find(planned, tools)
    if not claims:
        raise ModelError("the model found nothing worth telling")
    if not is_english(claim.text for claim in claims):
        raise ModelError("the model did not answer in English, so its claims cannot be checked")
    good, failed = _sift(claims, record)
    if failed:
        good += _sift(mend(failed, session, planned, tools), record)[0]
    kept = _merged(good, record, tools)
    if not kept:
        raise ModelError(f"none of the {len(claims)} statements of the model could be verified")
    facts = outcome.happened([], [], found, verdict, trails)
    fixed = tuple(item for item in offline.items if item.kind in _OFFLINE)
    head = write_head(kept, offline, facts, record, tools, planned.room)
    return Told(_retold(offline, fixed, kept, head, facts), head.held + len(good), head.made + len(claims))


def _retold(
    offline: Story, fixed: Sequence[Item], kept: Sequence[Statement], head: Written, facts: Sequence[Line]
) -> Story:
    """Return the story with what held in place of what was chosen offline, within the words of an entry."""
    lines = head.lines
    context = tuple(lines.get("context", offline.context))
    happened = (*lines["happened"], *facts) if "happened" in lines else offline.happened[:1]
    spent = _words([*context, *happened, *offline.verdict]) + sum(map(_size, fixed))
    changes = [one for one in fixed if one.kind == "change"]
    chosen = _chosen(kept, head.worth, WORDS - spent)
    return replace(
        offline,
        title=shorten(lines["title"][0][0].rstrip("."), _TITLE) if "title" in lines else offline.title,
        context=context,
        happened=happened,
        items=(*changes, *(item for item, _ in chosen), *(one for one in fixed if one.kind != "change")),
        telling=_telling(offline.telling, [*(one for _, one in chosen), *kept]),
    )


def _sift(claims: Iterable[Claim], record: Record) -> tuple[list[Claim], list[tuple[Claim, str]]]:
    good: list[Claim] = []
    failed: list[tuple[Claim, str]] = []
    for claim in claims:
        why = wrong_with(claim, record)
        if why:
            failed.append((claim, why))
        else:
            good.append(claim)
    return good, failed


def _merged(claims: Sequence[Claim], record: Record, tools: Tools) -> list[Statement]:
    """Return what the claims say, each once, as it happened; a quote is searched again as it will stand there."""
    ordered = sorted(claims, key=lambda claim: claim.turn)
    made = [
        Statement(
            claim.kind, trim(inert(claim.text), _WORDS).rstrip(" .;,"), (claim.turn,), tools.hide(quoted(claim, record))
        )
        for claim in ordered
    ]
    made = [one for one in made if one.text]
    return [made[place] for place in distinct([one.text for one in made])]


def _telling(known: Iterable[tuple[int, str]], shown: Sequence[Statement]) -> tuple[tuple[int, str], ...]:
    """Return what shows each turn's claims: the checked quotes, then the lines that tell how a check ended."""
    lines: dict[int, list[str]] = {}
    for turn, text in [*((one.turns[0], one.quote) for one in shown), *known]:
        some = lines.setdefault(turn, [])
        if len(some) < _QUOTES and not any(text in other or other in text for other in some):
            some.append(text)
    return tuple((turn, " … ".join(some)) for turn, some in lines.items())


def _chosen(kept: Sequence[Statement], worth: Sequence[Statement], words: int) -> list[tuple[Item, Statement]]:
    """Return the items for which there is room, each with what it says: those worth most, then of each kind in turn.

    Of those that nobody has ranked the later ones go first: what is found at the end is what was looked for.
    """
    later = sorted(kept, key=lambda one: one.turns, reverse=True)
    queues = {kind: [one for one in later if one.kind == kind] for kind in _ORDER}
    in_turn = itertools.chain.from_iterable(itertools.zip_longest(*queues.values()))
    left = {kind: LIMITS.get(kind, 3) for kind in _ORDER}
    chosen: list[tuple[ItemKind, Statement]] = []
    for one in dict.fromkeys([*(one for one in worth if one in kept), *filter(None, in_turn)]):
        kind = next(kind for kind in _ORDER if kind == one.kind)
        if left[kind] and len(one.text.split()) <= words:
            words, left[kind] = words - len(one.text.split()), left[kind] - 1
            chosen.append((kind, one))
    return [
        (Item(kind, capital(one.text), one.turns, mark=" " if kind in {"action", "gap"} else ""), one)
        for kind, one in sorted(chosen, key=lambda at: at[1].turns)
    ]


def _size(item: Item) -> int:
    """Return how many words an item takes: a path alone is no sentence, a verdict has words of its own in front."""
    count = len(item.text.split())
    return (count if count >= 4 else 0) + 3 * (item.kind in {"went-well", "improve"})


def _words(lines: Iterable[Line]) -> int:
    return sum(len(text.split()) for text, _ in lines)
