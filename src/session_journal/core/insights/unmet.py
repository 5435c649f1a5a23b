"""What was left unmet: a declined edit, a request or an objection that nothing followed, steps of a list left open."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType

from session_journal.core import lazy_re as re
from session_journal.core.events import Event, Session, failed_calls
from session_journal.core.insights import todo
from session_journal.core.insights.approach import shows
from session_journal.core.insights.deeds import deeds
from session_journal.core.insights.goals import Prompt, is_refused
from session_journal.core.insights.pastes import spoken
from session_journal.core.insights.prose import statements
from session_journal.core.insights.requests import POLITE, without_courtesy
from session_journal.core.insights.responses import asked_before, corrects
from session_journal.core.insights.shell import segments
from session_journal.core.records import record


@record(frozen=True, slots=True)
class Unmet:
    """One thing that speaks against a success shown before it.

    key: of the observation; order: the place among the events after which nothing met it.
    """

    key: str
    turn: int
    order: int


def unmet(
    session: Session,
    prompts: Sequence[Prompt],
    edits: Sequence[int],
    checked: Collection[int],
    taken: Mapping[int, int] = MappingProxyType({}),
) -> list[Unmet]:
    """Return what was left unmet, what weighs most first.

    edits: the orders of the edits that stand; checked: those of the checks, which carry nothing out; taken: those of
    the edits that were taken back, with the places where that was done.
    """
    found = [*_declined(session, edits), *_taken_back(session, edits, taken)]
    found += _unanswered(session, prompts, sorted({*edits, *taken}), checked)
    return [*found, *(_left(session) if not session.left_out else ())]


def _declined(session: Session, edits: Sequence[int]) -> Iterator[Unmet]:
    """Yield the last edit that the user declined, where none was made after it."""
    refused = {event.call for event in session.events if event.call and is_refused(event)}
    last = edits[-1] if edits else -1
    for order in range(len(session.events) - 1, last, -1):
        event = session.events[order]
        if event.kind == "edit" and event.call in refused:
            yield Unmet("declined", event.turn, order)
            return


def _taken_back(session: Session, edits: Sequence[int], taken: Mapping[int, int]) -> Iterator[Unmet]:
    """Yield the last edit that was taken back, where none was made after it."""
    last = max(taken, default=-1)
    if last > (edits[-1] if edits else -1):
        yield Unmet("taken-back", session.events[taken[last]].turn, taken[last])


def _unanswered(
    session: Session, prompts: Sequence[Prompt], edits: Sequence[int], checked: Collection[int]
) -> Iterator[Unmet]:
    """Yield the last request for a change and the last objection after which nothing was done.

    Where nothing was edited at all, the answer itself may have been what was wanted.
    """
    worked = _last_work(session, edits, checked)
    after = [one for one in prompts[1:] if one.order > worked] if edits else []
    asked = next((one for one in reversed(after) if _asks_for_change(one)), None)
    if asked is not None:
        yield Unmet("not-done", asked.turn, asked.order)
    objected = next((one for one in reversed(after) if _objects(one, answers=asked_before(session, one))), None)
    if objected is not None:
        yield Unmet("objected", objected.turn, objected.order)


def _last_work(session: Session, edits: Sequence[int], checked: Collection[int]) -> int:
    """Return the order of the last thing that was done: what only shows or checks something does nothing."""
    failed = failed_calls(session.events)
    for order in range(len(session.events) - 1, -1, -1):
        event = session.events[order]
        if order in edits or (event.call not in failed and order not in checked and _acts(event)):
            return order
    return -1


def _acts(event: Event) -> bool:
    if event.kind == "command":
        return event.role == "assistant" and not all(shows(part) for part in segments(event.target))
    return event.kind == "tool" or bool(event.agent and event.kind == "edit")


_LONGEST = 60
"""Words of what the user says themselves: more is pasted."""
_CHANGES = re.compile(
    r"(?:go ahead and |(?:just|also|now|then) )*(?:implement|add|fix|remove|delete|drop|rename|move|refactor|replace|"
    r"change|update|convert|extract|inline|revert|undo|wire|migrate|split|simplify|handle|support|introduce|rewrite)"
    r"\s+(?!(?:is|was|are|were|looks?|works?|worked|seems?|did|does|has|had|of)\b)"
    r"(?!(?:a |an |the |me )?(?:summary|list|table|explanation|overview|plan|proposal|answer|me\b))\S",
    re.IGNORECASE,
)
"""What can only be met by changing files: to explain, to list or to propose is done in words."""


def _asks_for_change(prompt: Prompt) -> bool:
    """Say whether a prompt orders a change of files, and does not ask whether to make one."""
    text = spoken(prompt.text)
    if len(text.split()) > _LONGEST or prompt.kind in {"consent", "continue", "choice", "answer"}:
        return False
    said = [one.text for one in statements(text, prompt.turn)] or [text]
    return any(
        _CHANGES.match(without_courtesy(one)) and (not one.endswith("?") or bool(POLITE.match(one))) for one in said
    )


_OBJECTS = re.compile(
    r"\b(?:still|again) (?:not\b(?! sure)|fails?\b|failing\b|broken\b|wrong\b|crash\w*|happens?\b|the same\b|"
    r"getting\b)|"
    r"\b(?:does|did|is|are|wo|do|was|ca)(?:n'?t| not)\b(?: \w+){0,2}? "
    r"(?:work\w*|compil\w*|build\w*|pass\w*|right|correct)\b|"
    r"\b(?:we|it|that|this|you)(?:'re| are| is|'s) not (?:really|actually|even) (?!need|necess|requir|import|worth)\w+|"
    r"\bi (?:can'?t|cannot|don'?t|do not) see any\b|\b(?:that|this|it)(?:'s| is) (?:wrong|incorrect|broken)\b|"
    r"\bsame (?:error|problem|issue)\b",
    re.IGNORECASE,
)


_LETS_BE = re.compile(
    r"^(?:(?:no|nope|nah|not now|ok(?:ay)?|stop|wait)[\s,.!]*)+$|\bthat'?s (?:all|it|fine|ok(?:ay)?)\b|"
    r"\b(?:no thanks?|never ?mind|no need|not (?:now|today|yet)|leave it|not sure|"
    r"(?:that|this|it) is (?:fine|enough))\b|"
    r"^(?:please )?(?:don'?t|do not) (?:commit|push|merge|deploy|worry|bother|do (?:it|that) (?:now|yet))\b",
    re.IGNORECASE,
)
"""Who wants nothing more done, or nothing done yet, has not objected to what was done."""


def _objects(prompt: Prompt, *, answers: bool) -> bool:
    """Say whether the user said that it is not right; a `no` that answers a question says nothing of what was done."""
    text = spoken(prompt.text)
    if len(text.split()) > _LONGEST:
        return False
    return bool(_OBJECTS.search(text)) or (corrects(prompt) and not answers and not _LETS_BE.search(text))


def _left(session: Session) -> Iterator[Unmet]:
    """Yield the steps that the last todo list left open, as the deviations tell them."""
    lists = todo.lists(session)
    remaining = todo.left(lists[-1], deeds(session)) if lists else []
    if remaining:
        yield Unmet("steps-left", remaining[0].turns[0], lists[-1][-1].order)
