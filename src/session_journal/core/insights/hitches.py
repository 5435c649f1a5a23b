"""What held the work up: commands that keep failing, work that turns to something else, success claimed unchecked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from session_journal.core import lazy_re as re
from session_journal.core.events import Event, Session, answers
from session_journal.core.insights.goals import Prompt
from session_journal.core.insights.responses import asked_before
from session_journal.core.insights.shell import Check, checks, segments
from session_journal.core.insights.wording import terms
from session_journal.core.records import record
from session_journal.core.text import one_line

OFTEN = 3
"""So many failures of one command are a loop: twice happens to anyone who fixes what the first run said."""


@record(frozen=True, slots=True)
class Loop:
    """One command that failed three times or more. passed: whether it passed later, None where that is not told."""

    command: str
    turns: tuple[int, ...]
    passed: bool | None


def loops(events: Sequence[Event], found: Sequence[Check]) -> tuple[Loop, ...]:
    """Return the commands that failed three times or more, the most frequent first."""
    failed: dict[str, list[int]] = {}
    for check in found:
        if check.passed is False:
            failed.setdefault(check.command, []).append(check.turn)
    for name, turn in _other_failures(events):
        failed.setdefault(name, []).append(turn)
    often = {name: turns for name, turns in failed.items() if len(turns) >= OFTEN}
    return tuple(
        Loop(name, tuple(turns), _passed_later(name, turns[-1], events, found))
        for name, turns in sorted(often.items(), key=lambda one: -len(one[1]))
    )


_REFUSED = re.compile(r"doesn't want to|\brejected\b|\bdenied\b|not allowed|\bcancel", re.IGNORECASE)
_SAYS_NO = re.compile(r"(?:e?grep|rg|ag|ack|find|fd|ls|diff|cmp|test|\[|which|where|type|command -v|pgrep|git diff)\b")
"""Commands whose exit code answers a question: to find nothing is no failure."""


def _other_failures(events: Sequence[Event]) -> Iterator[tuple[str, int]]:
    """Yield each failed command that is no check: what the user refused did not fail."""
    results = answers(events)
    for order, event in enumerate(events):
        result = results.get(event.call) if event.kind == "command" and event.call else None
        if result is None or event.role == "user" or result.exit_code == 0:
            continue
        failed = result.kind == "error" or result.exit_code is not None
        parts = segments(event.target)
        if not failed or _REFUSED.search(result.text[:300]) or not parts or _SAYS_NO.match(parts[-1]):
            continue
        if not checks((*events[order : order + 1], result)):
            yield one_line(event.target), result.turn


def _passed_later(name: str, turn: int, events: Sequence[Event], found: Sequence[Check]) -> bool | None:
    failed = next((check for check in found if check.command == name and check.turn == turn), None)
    if failed is not None:
        later = [check for check in found if check.turn > turn and check.passed and check.kind == failed.kind]
        settled = any(check.command == name and check.place.settles(failed.place) for check in later)
        return settled or (None if later else False)
    results = {event.call: event for event in events if event.kind == "result" and event.call}
    again = (e for e in events if e.kind == "command" and e.turn > turn and one_line(e.target) == name)
    return any(event.call in results and results[event.call].exit_code in {0, None} for event in again)


_ASIDE = re.compile(
    r"\bwhile (?:we're|we are|you're|you are|i'm) (?:here|at it|there)\b|"
    r"\b(?:un|not )related\b|\bside ?(?:quest|note)\b|"
    r"\b(?:on|something|a) (?:completely |totally |entirely )?(?:different|another|other) (?:topic|subject|thing|note|"
    r"task|issue|matter)\b|\blet'?s (?:switch|move on) to\b|\bchange of (?:plan|topic|subject)\b|\bnew topic\b",
    re.IGNORECASE,
)
_FEWEST, _KNOWN = 8, 100
"""So many content words of a request, and of the session before it, make it certain that they have none in common."""
_PASTED = re.compile(r"\n.*\n.*\n|[{}<>=]|^\s*(?:traceback|\w*error\b|file \")", re.IGNORECASE)


def turns_elsewhere(session: Session, prompts: Sequence[Prompt]) -> Iterator[int]:
    """Yield the turns of later requests that turn to something else.

    They say so, or share not one content word with all that was said and touched before: what was pasted shares none.
    """
    known: set[str] = set()
    place = 0
    for prompt in prompts[1:]:
        if prompt.kind not in {"request", "question"} or prompt.refusal:
            continue
        words = terms(prompt.text[:2_000])
        apart = len(words) >= _FEWEST and not _PASTED.search(prompt.text)
        if apart:
            known = known.union(*map(_told, session.events[place : prompt.order]))
            place = prompt.order
            apart = len(known) >= _KNOWN and not words & known
        if (apart and not asked_before(session, prompt)) or _ASIDE.search(prompt.text[:300]):
            yield prompt.turn


def _told(event: Event) -> set[str]:
    if event.kind in {"prompt", "reply"}:
        return terms(event.text[:3_000])
    return terms(event.target[:300]) | (terms(event.text[:400]) if event.kind == "result" else set())


_CLAIM = re.compile(
    r"\b(?:all|every|the|both) (?:[\w-]+ ){0,3}(?:tests?|checks?|builds?|specs?) (?:\w+ )?(?:now )?pass(?:es|ed)?\b|"
    r"\b(?:everything|it|this|that|all) (?:now |all )?(?:works|passes|is (?:now )?(?:fixed|working|verified))\b|"
    r"\b(?:works|working) (?:now|correctly|as expected|perfectly)\b|\b(?:is|are|been) (?:now )?(?:fixed|verified)\b|"
    r"\ball (?:green|passing)\b|\bsuccessfully (?:fixed|tested|verified)\b|\bno (?:errors|issues) (?:left|remain)"
)
_NOT_YET = re.compile(r"\b(?:if|once|when|should|would|will|until|whether|not|n't|before|except)\b|n't\b")


def claim(session: Session) -> int:
    """Return the turn of the last reply where it claims that the result works, 0 where it does not."""
    last = next((e for e in reversed(session.events) if e.kind == "reply" and not e.agent), None)
    if last is None:
        return 0
    sentences = re.split(r"(?<=[.!?])\s+|\n+", last.text.lower())
    claims = any(_CLAIM.search(one) and not _NOT_YET.search(one) for one in sentences)
    return last.turn if claims else 0
