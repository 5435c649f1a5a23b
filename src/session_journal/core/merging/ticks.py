"""Ticks and block ids that both sides set: merged apart from the words of their lines, which git merges."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from session_journal.core.merging.sides import unopposed

_LINE = re.compile(
    r"(?P<lead>[ \t]*(?:[-*+\u2022]|\d{1,3}[.)])[ \t]+)?(?P<box>(?<=[ \t])\[[ xX/>~-]\][ \t]+)?(?P<words>.*?)"
    r"(?P<id> \^(?=[a-z0-9]*\d)[a-z][a-z0-9]{5})?(?P<end>\r?)",
    re.DOTALL,
)

_State = tuple[str, str]
"""What is not a line's words: its box and its id, as they stand there."""
_Read = tuple[list[str], Mapping[str, list[_State]]]


def merge_ticks(base: str, one: str, two: str, merge_words: Callable[[str, str, str], str | None]) -> str | None:
    """Merge texts whose lines differ in boxes and ids as well; None where one line was set in two ways.

    A tick on one side and an id on the other are changes of one line, and two ticks below each other of two
    neighbours, which git takes for a conflict. merge_words: merges the texts without boxes and ids.
    """
    sides = [_read(text) for text in (base, one, two)]
    words = merge_words(*("\n".join(lines) for lines, _ in sides))
    if words is None:
        return None
    merged, place = words.split("\n"), dict[str, int]()
    if any(states[line] != sides[0][1].get(line) for _, states in sides[1:] for line in states.keys() - set(merged)):
        return None  # set here on words that the other side changed or took out
    out: list[str] = []
    known = {line: _merged([states.get(line, []) for _, states in sides], merged.count(line)) for line in set(merged)}
    for line in merged:
        states = known[line]
        if states is None:
            return None
        number = place[line] = place.get(line, -1) + 1
        out.append(_whole(line, states[number]))
    return "\n".join(out)


def _read(text: str) -> _Read:
    """Return the lines without boxes and ids, and for each of them the boxes and ids with which it stands there."""
    lines: list[str] = []
    states: dict[str, list[_State]] = {}
    for line in text.split("\n"):
        part = _LINE.fullmatch(line)
        if part is None:  # pragma: no cover - the pattern takes any line
            continue
        box = part["box"] if part["lead"] and part["box"] else ""
        bare = f"{part['lead'] or ''}{'' if box else part['box'] or ''}{part['words']}{part['end']}"
        lines.append(bare)
        states.setdefault(bare, []).append((box, part["id"] or ""))
    return lines, states


def _merged(sides: Sequence[list[_State]], count: int) -> list[_State] | None:
    """Return the state of each of the lines that say the same; None where it can't be told which is which."""
    base, one, two = (states if len(states) == count else None for states in sides)
    if any(states and len(states) != count for states in sides):
        told = {state for states in sides for state in states}
        return list(told) * count if len(told) == 1 else None
    found = [_settled(*(states[place] if states else None for states in (base, one, two))) for place in range(count)]
    return None if None in found else [state for state in found if state]


def _settled(base: _State | None, one: _State | None, two: _State | None) -> _State | None:
    if one is None or two is None:
        return one or two or base
    box, name = (unopposed(before, mine, yours) for before, mine, yours in zip(base or ("", ""), one, two, strict=True))
    return (box[0], name[0]) if box and name else None


def _whole(line: str, state: _State) -> str:
    part = _LINE.fullmatch(line)
    lead = (part["lead"] or "") if part else ""
    end = "\r" if line.endswith("\r") else ""
    return f"{lead}{state[0]}{line[len(lead) : len(line) - len(end)]}{state[1]}{end}"
