"""How it went: the reasons for the effectiveness, what went well, what to do better and how."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from session_journal.core.events import Session
from session_journal.core.insights.coded import is_code
from session_journal.core.insights.responses import troubled
from session_journal.core.insights.todo import lists
from session_journal.core.insights.trails import Trail
from session_journal.core.items import Item
from session_journal.core.observations import BY_KEY, NEXT, practices, words
from session_journal.core.signals import Signals, Verdict, unchecked_claim
from session_journal.core.text import shorten

Line = tuple[str, tuple[int, ...]]
Seen = tuple[str, str, tuple[int, ...]]
"""An observation's key, its words and the turns that show it."""

WORDS = 50
"""How many words the section may have: what weighs less is left out."""


def conduct(session: Session, found: Signals, verdict: Verdict, trails: Sequence[Trail]) -> list[Item]:
    """Return what went well and what to improve, the weightiest of it with a tip, within the section's words."""
    done = list(_practices(found))
    well = [one for one in _well(session, found, verdict) if one[1] not in verdict.reasons][:1]
    better = list(_better(found, verdict, trails))[:2]
    items = [Item("went-well", text, turns) for _, text, turns in well]
    items[:0] = [Item("improve", _tipped(key, text), turns) for key, text, turns in better[:1]]
    items += [Item("improve", text, turns) for _, text, turns in better[1:] if text not in verdict.reasons]
    if done:
        # always told: later on, what an entry does not tell of the approach has to mean that it was not so
        turns = tuple(dict.fromkeys(turn for _, _, turn in done))
        items.insert(0, Item("went-well", practices([(key, number) for key, number, _ in done]), turns))
    left, kept = WORDS - sum(len(text.split()) for text, _ in effectiveness(found, verdict)), []
    for item in items:
        size = len(item.text.split()) + 2
        if size <= left or (done and item is items[0]):
            kept.append(item)
            left -= size
    return sorted(kept, key=lambda item: item.kind == "improve")


def effectiveness(found: Signals, verdict: Verdict) -> list[Line]:
    """Return the line that gives the effectiveness and why."""
    turns = verdict.shown or tuple(one.turn for one in found.prompts[-1:])
    reasons = "; ".join(verdict.reasons)
    return [(f"Effectiveness {verdict.effectiveness} of 5: {reasons}.", turns)] if turns else []


def _tipped(key: str, text: str) -> str:
    advice = BY_KEY[key].advice
    return f"{text}{NEXT}{advice}" if advice else text


def _practices(found: Signals) -> Iterator[tuple[str, int, int]]:
    """Yield what the people did before the work, with its number and the turn that shows it."""
    start = found.approach
    if start.plan:
        yield "plan-first", 0, start.plan
    if len(start.files) >= _SEVERAL:
        yield "read-first", len(start.files), start.files[-1][1]
    if len(start.answers) >= 2:
        yield "asked-first", len(start.answers), start.answers[-1]
    if start.check and found.code:
        yield "check-named", 0, start.check


_SEVERAL = 3
"""So many files read before the first edit are more than the one that is edited."""


def _well(session: Session, found: Signals, verdict: Verdict) -> Iterator[Seen]:
    last = next(iter(reversed(lists(session))), [])
    if last and len(last[-1].steps) > 1 and not last[-1].open():
        yield "plan-done", words("plan-done", len(last[-1].steps)), (last[-1].turn,)
    tested = [check for check in found.checks if check.passed and check.kind == "test"]
    if tested and all(check.passed for check in found.checks) and found.last_edit >= 0:
        yield "first-pass", words("first-pass"), (tested[-1].turn,)
    if found.praise and verdict.reason != words("welcomed"):
        yield "accepted", words("accepted"), found.praise[-1:]
    smooth = not found.corrections and not found.interruptions and not any(one.refusal for one in found.prompts)
    smooth = smooth and verdict.outcome == "done" and not troubled(found.prompts)
    if len(found.prompts) >= 3 and smooth and found.last_edit >= 0 and words("uncorrected") not in verdict.reasons:
        yield "smooth", words("smooth", len(found.prompts)), (found.prompts[-1].turn,)


def _better(found: Signals, verdict: Verdict, trails: Sequence[Trail]) -> Iterator[Seen]:
    """Yield what to improve, what weighs most first."""
    corrected, stopped = tuple(one.turn for one in found.corrections), found.interruptions
    if len(corrected) >= 2:
        yield "corrected", words("corrected", len(corrected)), corrected[:3]
    if found.loops:
        yield _loop(found)
    if len(stopped) >= 2:
        yield "interrupted", words("interrupted", len(stopped)), stopped[:3]
    if verdict.reason in {words(f"failed-{kind}") for kind in ("test", "lint", "build", "ci")}:
        yield "left-failing", words("left-failing"), verdict.turns[:2]
    if unchecked_claim(found):
        yield "claimed", words("claimed"), (found.claim,)
    elif _unchecked(found, trails):
        yield "no-check", words("no-check"), (found.code,)
    yield from _strayed(found, trails)


def _strayed(found: Signals, trails: Sequence[Trail]) -> Iterator[Seen]:
    undone = [trail for trail in trails if trail.reverted and trail.turns]
    if undone:
        yield "undone", words("undone"), (undone[0].turns[-1],)
    if found.approach.blind and (found.corrections or found.loops):
        yield "blind", words("blind"), (found.approach.blind,)
    if found.approach.opening and not found.approach.goal and found.last_edit >= 0:
        yield "vague", words("vague"), (found.approach.opening,)
    if found.elsewhere:
        key = "elsewhere" if len(found.elsewhere) > 1 else "elsewhere-once"
        yield key, words(key, len(found.elsewhere)), found.elsewhere[:3]
    if len(found.compactions) >= 2:
        yield "compacted", words("compacted", len(found.compactions)), found.compactions[:3]


def _loop(found: Signals) -> Seen:
    loop = found.loops[0]
    key = {True: "looped-passed", False: "looped-failed", None: "looped-left"}[loop.passed]
    name = shorten(loop.command.replace("`", ""), 50)
    return key, words(key, len(loop.turns), name), loop.turns[:3]


def _unchecked(found: Signals, trails: Sequence[Trail]) -> bool:
    """Say whether code was left changed and no check ran on it, where the transcript would show one."""
    left = any(trail.changed and is_code(trail.path) for trail in trails)
    ran = any(check.order > found.tested_since and check.ran for check in found.checks)
    return bool(found.code) and left and not ran and found.shows_checks
