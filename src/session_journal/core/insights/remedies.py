"""Remedies: what was done about a check that failed, by what was said and edited before other work began."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence

from session_journal.core import lazy_re as re
from session_journal.core.asides import is_promise
from session_journal.core.events import Session, failed_calls
from session_journal.core.formulas import AFTER_A_FIX, AFTER_EDITING, LATER
from session_journal.core.insights.files import written
from session_journal.core.insights.prose import Statement
from session_journal.core.insights.shell import Check
from session_journal.core.insights.signs import CHANGE, signs
from session_journal.core.insights.steps import in_past
from session_journal.core.insights.vcs import Act
from session_journal.core.insights.wording import terms, tidy
from session_journal.core.signals import Signals


def remedy(
    session: Session, failed: Check, said: Sequence[Statement], problem: str, found: Signals, *, again: bool
) -> str:
    """Return what was said to end a trouble, "" where nothing was; again: a check passed after it."""
    until = _taken_up(session, failed, found)
    told = _told(failed, [one for one in said if one.turn < until], problem)
    return f"{told} (said, not run again)" if told and not again and _SAYS_SO.search(told) else told


def answer(session: Session, failed: Check, found: Signals) -> str:
    """Return which edit answered a failed check that never passed, "" where none did, and what is known of it."""
    until = _taken_up(session, failed, found)
    again = next((one.order for one in found.checks if one.order > failed.order and one.kind == failed.kind), 0)
    orders = range(failed.order + 1, again or found.last_edit + 1)
    after = [order for order in orders if session.events[order].turn < until]
    lost = failed_calls(session.events)
    edits = [
        order for order in after if session.events[order].kind == "edit" and session.events[order].call not in lost
    ]
    if not edits:
        return ""
    act = next((act for act in found.acts if act.automatic and act.order in edits), None)
    told = _subject(act) if act else f"edited `{session.events[edits[-1]].target}`"
    return f"{told} ({'then it failed in another way' if again else 'not run again'})"


def following(said: Sequence[Statement], check: Check, turns: int) -> Sequence[Statement]:
    """Return what was said in the turns after a check; statements stand in the order of their turns."""
    start = bisect_right(said, check.turn, key=_turn)
    return said[start : bisect_right(said, check.turn + turns, lo=start, key=_turn)]


def _turn(one: Statement) -> int:
    return one.turn


def _told(check: Check, said: Sequence[Statement], problem: str) -> str:
    """Return the sentence that says how it was dealt with, among the next replies."""
    for one in following(said, check, 4):
        text = tidy(one.text, 16)
        if (
            text
            and RESOLVES.search(text)
            and not REMAINS.search(text)
            and text[:20] not in problem
            and not (signs(text).trouble or is_promise(text))
            and len(terms(text) & terms(problem)) < 0.7 * len(terms(text))
        ):
            return text
    return ""


def told_of(said: Sequence[Statement]) -> tuple[str, int] | None:
    """Return the first sentence that tells what was changed, and its turn, None without one."""
    for one in said:
        text = tidy(one.text, 16)
        if text and CHANGE.match(text) and not REMAINS.search(text) and not is_promise(text):
            return text, one.turn
    return None


REMAINS = re.compile(r"\b(?:needs?|still|remain\w*|manual(?:ly)?)\b", re.IGNORECASE)
"""What says that something is yet to be mended is no end."""
RESOLVES = re.compile(
    rf"{CHANGE.pattern}|\b(?:fixe[ds]|pass(?:es|ed|ing)?|"
    r"(?:is|are) now|now (?:pass|work|build|compil|return|use|run|handle|check)\w*|resolved|solved|works?|solution|"
    r"so that)\b",
    re.IGNORECASE,
)
"""A sentence tells how a trouble ended where it names a change or a state that was reached."""


_SAYS_SO = re.compile(r"\b(?:pass(?:es|ed|ing)?|clean|green|works?|succeed\w*)\b", re.IGNORECASE)


def _taken_up(session: Session, failed: Check, found: Signals) -> float:
    """Return the turn of the first prompt after what the assistant did about a failed check: it is of other work."""
    at_work = False
    starts = {one.order for one in found.prompts}
    for order in range(failed.order + 1, len(session.events)):
        if at_work and order in starts:
            return session.events[order].turn
        at_work = at_work or session.events[order].role == "assistant"
    return math.inf


def _subject(act: Act) -> str:
    """Return what a commit says it did."""
    bare = _KIND.sub("", act.subject)
    told = in_past(bare)
    return told if told != bare else f"commit {act.name}: {bare}"


_KIND = re.compile(r"^\w+(?:\([^)]*\))?!?: ")
"""What stands before the subject of a commit that says of which kind it is."""


EDITED = re.compile(r" editing `[^`]+`$")
"""What two failures may have in common that are about different things: the file in which both were mended."""


def came_to_pass(session: Session, since: int, later: Check) -> str:
    """Return how a check came to pass: after a change of which file, where it was one; since: an event's place."""
    between = range(since + 1, later.order)
    lost = failed_calls(session.events)
    edits = [event for event in map(session.events.__getitem__, between) if event.kind == "edit"]
    paths = {event.target for event in edits if event.call not in lost and event.target}
    names = {path.replace("\\", "/").rpartition("/")[2] for path in paths}
    if len(names) == 1:
        return f"{AFTER_EDITING} `{names.pop()}`"
    return AFTER_A_FIX if edits or any(order in between for order in written(session)) else LATER
