"""Corrections: what the user said or did to set the course right."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

from session_journal.core.events import Session
from session_journal.core.insights.goals import Prompt
from session_journal.core.insights.responses import corrects, doubts
from session_journal.core.insights.todo import turned_down
from session_journal.core.insights.wording import terms


def corrections(session: Session, prompts: Sequence[Prompt], taken: Mapping[int, int]) -> tuple[Prompt, ...]:
    """Return what set the course right: what the user said, and what they took back of the assistant's edits.

    taken: the orders of the edits that were taken back, with those of the events that did so. Several in a row, with
    nothing done by the assistant between them, are one.
    """
    events = session.events
    spoken = {one.order: one for one in _spoken(session, prompts)}
    places = sorted({*spoken, *(order for order in taken.values() if events[order].role == "user")})
    found: list[Prompt] = []
    for place in places:
        own = place not in spoken
        one = Prompt(events[place].target, events[place].turn, place, "correction") if own else spoken[place]
        last = found[-1] if found else None
        in_a_row = last is not None and not any(event.role == "assistant" for event in events[last.order : place])
        if last is not None and in_a_row and (own or last.order not in spoken):
            found[-1] = last if own else one
        else:
            found.append(one)
    return tuple(found)


def _spoken(session: Session, prompts: Sequence[Prompt]) -> Iterator[Prompt]:
    """Yield what set the course right; one that is said again before the assistant has done anything is one.

    Who has something else done than what was planned has set the course right, in whatever words; who stops it and
    sends the same words once more has not, nor who doubts what was only proposed.
    """
    turned = turned_down(session, prompts)
    for before, prompt in itertools.pairwise(prompts):
        between = session.events[before.order + 1 : prompt.order]
        idle = not any(event.role == "assistant" for event in between)
        again = idle and corrects(before) and _says_again(before.text, prompt.text)
        again = again or (prompt.text == before.text and any(event.kind == "interruption" for event in between))
        talked = not prompt.refusal and doubts(prompt.text) and not any(event.kind in _DEEDS for event in between)
        if prompt.turn in turned or (corrects(prompt) and not (again or talked)):
            yield prompt


_DEEDS = frozenset({"edit", "command", "tool"})
"""What carries something out: with none of them a proposal was made, and talked about."""


def _says_again(one: str, other: str) -> bool:
    said, again = terms(one), terms(other)
    return 2 * len(said & again) > min(len(said), len(again))
