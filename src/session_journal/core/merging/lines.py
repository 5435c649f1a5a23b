"""The union of two versions of a text that is a list of lines, such as a day's notes."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from heapq import merge

_TIMED = re.compile(r"\s{0,3}[-*+]\s+(\d{1,2}):(\d{2})\b")


@dataclass(frozen=True, slots=True)
class _Line:
    """One line. time: minutes of the latest time of day at or above it; shared: it stands in both versions here."""

    raw: str
    time: int
    shared: bool = False

    @property
    def text(self) -> str:
        return self.raw.rstrip("\r\n")


def merge_lines(base: str, one: str, two: str) -> str:
    """Return the lines of both versions in the order of their times; a line that one side took out stays out.

    The order of `one` and `two` does not matter. Lines of one version never change their order among themselves.
    """
    first, second = (_read(text) for text in sorted((one, two)))
    wanted = _wanted(*(Counter(line.text for line in lines) for lines in (_read(base), first, second)))
    return _joined(_without_surplus(_interleaved(first, second), wanted))


def _read(text: str) -> list[_Line]:
    lines: list[_Line] = []
    time = -1
    for raw in text.splitlines(keepends=True):
        found = _TIMED.match(raw)
        if found:
            time = max(time, int(found[1]) * 60 + int(found[2]))
        lines.append(_Line(raw, time))
    return lines


def _wanted(base: Counter[str], one: Counter[str], two: Counter[str]) -> dict[str, int]:
    """Return how often each line has to stand in the result: as often as the side says that changed it."""
    return {text: _how_often(base[text], one[text], two[text]) for text in one | two}


def _how_often(before: int, one: int, two: int) -> int:
    least, most = sorted((one, two))
    if least >= before:
        return most
    return least if most <= before else least + most - before


def _interleaved(one: list[_Line], two: list[_Line]) -> list[_Line]:
    # Blank lines are no anchors: they stand everywhere, and would pull later lines before earlier ones.
    texts = [line.text for line in one], [line.text for line in two]
    matcher = SequenceMatcher(lambda text: not text.strip(), *texts, autojunk=False)
    out: list[_Line] = []
    for tag, start, end, start_two, end_two in matcher.get_opcodes():
        if tag == "equal":
            out += [_Line(line.raw, line.time, shared=True) for line in one[start:end]]
        else:
            out += merge(one[start:end], two[start_two:end_two], key=lambda line: line.time)
    return out


def _without_surplus(lines: list[_Line], wanted: dict[str, int]) -> list[_Line]:
    surplus = {text: count - wanted[text] for text, count in Counter(line.text for line in lines).items()}
    kept: list[_Line] = []
    for line in reversed(lines):
        if surplus[line.text] > 0 and not line.shared:
            surplus[line.text] -= 1
        else:
            kept.append(line)
    return kept[::-1]


def _joined(lines: list[_Line]) -> str:
    newline = "\r\n" if any(line.raw.endswith("\r\n") for line in lines[:1]) else "\n"
    ended = [line.raw if line.raw.endswith(("\n", "\r")) else line.raw + newline for line in lines[:-1]]
    return "".join([*ended, *(line.raw for line in lines[-1:])])
