"""How it went: what went well, what to do better, and the reasons for the effectiveness given."""

from __future__ import annotations

from collections import Counter

from session_journal.core.events import Session
from session_journal.core.insights.todo import lists
from session_journal.core.items import Item
from session_journal.core.signals import Signals, Verdict, records_results
from session_journal.core.text import shorten

Line = tuple[str, tuple[int, ...]]


def conduct(session: Session, found: Signals) -> list[Item]:
    """Return at most one item on what went well and one on what to improve: what weighs most."""
    well, better = _well(session, found), _better(session, found)
    return [*(Item("went-well", *one) for one in well[:1]), *(Item("improve", *one) for one in better[:1])]


def effectiveness(found: Signals, verdict: Verdict) -> list[Line]:
    """Return the line that gives the effectiveness and why."""
    turns = verdict.turns or tuple(one.turn for one in found.prompts[-1:])
    return (
        [
            (
                f"Effectiveness {verdict.effectiveness} of 5: {'; '.join(verdict.reasons) or verdict.reason}.",
                tuple(dict.fromkeys(turns))[:3],
            )
        ]
        if turns
        else []
    )


def _well(session: Session, found: Signals) -> list[Line]:
    last = next(iter(reversed(lists(session))), [])
    lines: list[Line] = []
    passed = [check for check in found.checks if check.passed and check.kind == "test"]
    if last and not last[-1].open():
        lines.append((f"all {len(last[-1].steps)} steps of the todo list were done", (last[-1].turn,)))
    if passed and all(check.passed for check in found.checks) and found.last_edit >= 0:
        lines.append(("every check passed the first time", (passed[-1].turn,)))
    if len(found.prompts) >= 3 and not found.corrections and not found.interruptions:
        lines.append((f"no correction was needed over {len(found.prompts)} prompts", (found.prompts[-1].turn,)))
    if found.praise:
        lines.append(("the user was pleased with the result", found.praise[-1:]))
    return lines


def _better(session: Session, found: Signals) -> list[Line]:
    lines: list[Line] = []
    declined = [one for one in found.prompts if one.refusal]
    failing = Counter(check.command for check in found.checks if check.passed is False)
    often = [(command, count) for command, count in failing.most_common(1) if count >= 2]
    if len(found.corrections) >= 2:
        extra = f", {len(declined)} by declining a call" if declined else ""
        lines.append(
            (
                f"the user had to correct the course {len(found.corrections)} times{extra}",
                tuple(one.turn for one in found.corrections[:3]),
            )
        )
    for command, count in often:
        turns = tuple(check.turn for check in found.checks if check.passed is False and check.command == command)
        kinds = {check.kind for check in found.checks if check.command == command}
        later = [check for check in found.checks if check.passed and check.kind in kinds and check.turn > turns[-1]]
        same = any(check.command == command for check in later)
        end = " before it passed" if same else "" if later else " and did not pass"
        lines.append((f"`{shorten(command, 50)}` failed {count} times{end}", turns[:3]))
    if len(found.interruptions) >= 2:
        lines.append((f"the user interrupted {len(found.interruptions)} times", found.interruptions[:3]))
    if declined and len(found.corrections) < 2:
        lines.append(("the user declined a proposed edit or command", (declined[0].turn,)))
    if (
        records_results(session)
        and found.last_edit >= 0
        and not any(check.order > found.last_edit and check.passed is not None for check in found.checks)
    ):
        lines.append(("no check ran after the last edit", (found.last_edit_turn,)))
    return lines
