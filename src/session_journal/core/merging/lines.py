"""The union of two versions of a text that is a list, such as a day's notes: item by item, each whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from heapq import merge

from session_journal.core.records import record

_TIMED = re.compile(r"\s{0,3}[-*+]\s+(\d{1,2}):(\d{2})\b")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_START = re.compile(r" ?(?:[-*+]|\d{1,9}[.)]|#{1,6})(?:\s|\Z)")
_ALONE = re.compile(r"<!--.*-->\s*\Z")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})(.*)", re.DOTALL)


@record(frozen=True, slots=True)
class _Block:
    """A top-level bullet or heading with all that stands below it, or one blank line between two of them.

    time: minutes of the latest time of day at or above it; shared: it stands in both versions here.
    """

    raw: str
    time: int
    shared: bool = False

    @property
    def text(self) -> str:
        return self.raw.replace("\r\n", "\n").rstrip("\n")


def merge_lines(base: str, one: str, two: str) -> str:
    """Return the blocks of both versions in the order of their times; a block that one side took out stays out.

    One that both sides changed stays twice. The order of `one` and `two` does not matter. Blocks of one version never
    change their order among themselves.
    """
    first, second = (_read(text) for text in sorted((one, two)))
    wanted = _wanted(*(Counter(block.text for block in blocks) for blocks in (_read(base), first, second)))
    return _joined(_without_surplus(_interleaved(first, second), wanted))


def _read(text: str) -> list[_Block]:
    blocks: list[_Block] = []
    time = -1
    for raw in _split(_LINE.findall(text)):
        found = _TIMED.match(raw)
        if found:
            time = max(time, int(found[1]) * 60 + int(found[2]))
        blocks.append(_Block(raw, time))
    return blocks


def _split(lines: list[str]) -> Iterator[str]:
    """Yield the raw text of each block, and each blank line that ends one."""
    fenced, block = _fenced(lines), list[str]()
    alone = False
    for number, line in enumerate(lines):
        # A comment on a line of its own may hold the place of a managed block, which must not stand twice.
        comment = bool(_ALONE.match(line))
        if comment or (alone and line.strip()) or (number not in fenced and _START.match(line)):
            yield from _without_end(block)
            block, alone = [], comment
        block.append(line)
    yield from _without_end(block)


def _without_end(lines: list[str]) -> Iterator[str]:
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    if end:
        yield "".join(lines[:end])
    yield from lines[end:]


def _fenced(lines: list[str]) -> set[int]:
    """Return which lines stand inside a code block that is closed again: there, `#` and `-` are code."""
    inside: set[int] = set()
    fence, start = "", 0
    for number, line in enumerate(lines):
        found = _FENCE.match(line)
        if found and not fence:
            fence, start = found[1], number
        elif found and found[1].startswith(fence) and not found[2].strip():
            inside.update(range(start, number + 1))
            fence = ""
    return inside


def _wanted(base: Counter[str], one: Counter[str], two: Counter[str]) -> dict[str, int]:
    """Return how often each block has to stand in the result: as often as the side says that changed it."""
    return {text: how_often(base[text], one[text], two[text]) for text in one | two}


def how_often(before: int, one: int, two: int) -> int:
    """Return how often something stands in a union that stood so often before, and stands so often on each side."""
    least, most = sorted((one, two))
    if least >= before:
        return most
    if most <= before:
        return least
    return max(least + most - before, min(least, 1))


def _interleaved(one: list[_Block], two: list[_Block]) -> list[_Block]:
    # Blank lines are no anchors: they stand everywhere, and would pull later lines before earlier ones.
    texts = [block.text for block in one], [block.text for block in two]
    matcher = SequenceMatcher(lambda text: not text.strip(), *texts, autojunk=False)
    out: list[_Block] = []
    for tag, start, end, start_two, end_two in matcher.get_opcodes():
        if tag == "equal":
            out += [_Block(block.raw, block.time, shared=True) for block in one[start:end]]
        else:
            out += merge(one[start:end], two[start_two:end_two], key=lambda block: block.time)
    return out


def _without_surplus(blocks: list[_Block], wanted: dict[str, int]) -> list[_Block]:
    surplus = {text: count - wanted[text] for text, count in Counter(block.text for block in blocks).items()}
    kept: list[_Block] = []
    for block in reversed(blocks):
        if surplus[block.text] > 0 and not block.shared:
            surplus[block.text] -= 1
        else:
            kept.append(block)
    return kept[::-1]


def _joined(blocks: list[_Block]) -> str:
    newline = "\r\n" if any("\r\n" in block.raw for block in blocks[:1]) else "\n"
    ended = [block.raw if block.raw.endswith("\n") else block.raw + newline for block in blocks[:-1]]
    return "".join([*ended, *(block.raw for block in blocks[-1:])])
