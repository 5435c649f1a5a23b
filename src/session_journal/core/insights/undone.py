"""What was taken back: a session as it is left, without the edits that were undone and what was said of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from session_journal.core import lazy_re as re
from session_journal.core.events import Event, Session, answers, failed_calls
from session_journal.core.insights.goals import is_refused
from session_journal.core.insights.own_work import tells_of_code
from session_journal.core.insights.prose import Statement
from session_journal.core.insights.requests import is_order
from session_journal.core.insights.signs import CHANGE, signs
from session_journal.core.records import record

TAKEN_BACK = "taken back later"
"""What stands in the place of the result of an edit that was taken back."""


def as_left(session: Session, taken: Mapping[int, int]) -> Session:
    """Return a session in which the edits that were taken back failed; taken: their orders. Every order stays."""
    calls = {session.events[order].call for order in taken} - {""}
    if not calls:
        return session
    events = (
        Event("error", one.turn, one.role, TAKEN_BACK, time=one.time, call=one.call, agent=one.agent)
        if one.kind == "result" and one.call in calls
        else one
        for one in session.events
    )
    return replace(session, events=tuple(events))


def is_void(order: int, taken: Mapping[int, int]) -> bool:
    """Say whether what ran at a place ran on a change that was taken back afterwards: it tells nothing of the rest."""
    return any(made < order < undone for made, undone in taken.items())


def first_tried(events: Sequence[Event], made: int, failed: Collection[str]) -> int:
    """Return the order of the first edit that was tried and not declined; made: of the first that worked."""
    tried = {one.call: order for order, one in enumerate(events[:made]) if one.kind == "edit" and one.call in failed}
    ends = (one for one in events if one.kind == "error" and one.call in tried and not is_refused(one))
    return min((tried[one.call] for one in ends), default=made) if tried else made


_UNMATCHED = re.compile(
    r"did not conform|fail\w* to (?:exactly )?match|\bmalformed\b|string to replace (?:was )?not found|\bno match\b",
    re.IGNORECASE,
)
"""What a tool says of an edit that it could not make as the assistant wrote it."""


_APOLOGISES = re.compile(
    r"\W*(?:i(?:'m| am)? (?:(?:sincerely|really|so) )?(?:apologi[sz]e|sorry)\b|(?:my )?apologies\b|sorry\b|"
    r"(?:thank you[^.!]*[.!,] )?you(?:'re| are) (?:absolutely |quite )?(?:right|correct)\b|"
    r"here(?:'s| is| are) (?:the|a) (?:correct|fix)ed\b|it (?:seems|appears|looks like)\b|apparently\b)",
    re.IGNORECASE,
)
"""How a reply begins that says the same once more: what it guesses of the file it was shown wrong is no finding."""


_MEANT = re.compile(r"\b(?:should|ought to|needs? to|(?:i|we)(?:'ll| will| can| could| would))\b", re.IGNORECASE)
"""What was to be done by an edit: where the user declined that, they declined the thought, too."""


@record(frozen=True, slots=True)
class Lost:
    """The turns of replies whose own edits came to nothing.

    silent: the user took the edits back, or the reply only made up for an edit that could not be made; dead: the
    edits failed or are gone; declined: the user did not want them, whatever was found out before.
    """

    silent: frozenset[int] = frozenset()
    dead: frozenset[int] = frozenset()
    declined: frozenset[int] = frozenset()

    def living(self, said: Iterable[Statement]) -> list[Statement]:
        """Return the statements that hold: one about an edit lives as long as the edit, a cause longer."""
        return [one for one in said if self._holds(one)]

    def _holds(self, one: Statement) -> bool:
        if one.turn in self.dead:
            return bool(signs(one.text).cause) and not (CHANGE.search(one.text) or tells_of_code(one.text))
        if one.turn in self.declined:
            meant = CHANGE.match(one.text) or _MEANT.search(one.text)
            return not (meant or tells_of_code(one.text) or is_order(one.text))
        return one.turn not in self.silent


def lost(session: Session, taken: Mapping[int, int]) -> Lost:
    """Return the turns that say nothing that holds, of a session as it is left; taken: the edits taken back of it."""
    errors = failed_calls(session.events)
    if not any(event.kind == "edit" and event.call in errors for event in session.events):
        return Lost()
    results = answers(session.events)
    silent, dead, declined = set(_making_up(session.events, results)), set[int](), set[int]()
    by_user = {order for order, undone in taken.items() if session.events[undone].role == "user"}
    for stretch in _stretches(session.events):
        edits = [order for order in stretch if session.events[order].kind == "edit"]
        standing = {order for order in edits if not _failed(session.events[order], results)}
        replies = {session.events[order].turn for order in stretch if session.events[order].kind == "reply"}
        if not edits or standing.issuperset(edits):
            continue
        for turn in replies:
            own = [order for order in edits if session.events[order].turn == turn]
            if own and not any(_stands(order, session.events, standing) for order in own):
                refused = all(is_refused(results[session.events[order].call]) for order in own)
                (silent if by_user.intersection(own) else declined if refused else dead).add(turn)
            elif not own and not standing and taken.keys() >= set(edits):
                dead.add(turn)
    return Lost(frozenset(silent), frozenset(dead), frozenset(declined))


def settled(session: Session, taken: Mapping[int, int]) -> tuple[Session, Lost]:
    """Return a session as it is left, and the turns of it that say nothing that holds."""
    left = as_left(session, taken)
    return left, lost(left, taken)


def _stretches(events: Sequence[Event]) -> Iterator[list[int]]:
    """Yield the orders of what was done for each prompt."""
    stretch: list[int] = []
    for order, event in enumerate(events):
        if event.kind == "prompt" and not event.agent:
            yield stretch
            stretch = []
        elif not event.agent:
            stretch.append(order)
    yield stretch


def _failed(event: Event, results: Mapping[str, Event]) -> bool:
    result = results.get(event.call) if event.call else None
    return result is not None and result.kind == "error"


def _stands(order: int, events: Sequence[Event], standing: set[int]) -> bool:
    """Say whether an edit stands, or the one that was made in its place for the same prompt."""
    return order in standing or any(
        other > order and events[other].target == events[order].target for other in standing
    )


def _making_up(events: Sequence[Event], results: Mapping[str, Event]) -> Iterator[int]:
    """Yield the turn of each reply that comes right after an edit which could not be made as it was written."""
    edits = {event.call for event in events if event.kind == "edit" and _failed(event, results)}
    rejected = False
    for event in events if edits else ():
        if event.kind == "error" and event.call in edits and _UNMATCHED.search(event.text[:400]):
            rejected = True
        elif rejected and event.kind == "reply":
            if _APOLOGISES.match(event.text):
                yield event.turn
            rejected = False
        elif event.role == "user":
            rejected = False
