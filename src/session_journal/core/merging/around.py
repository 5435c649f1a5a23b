"""Bodies changed on both sides: what people wrote is merged, what the tool wrote is chosen and written again later."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from session_journal.core import blocks
from session_journal.core.merging.lines import merge_lines
from session_journal.core.merging.sides import unopposed
from session_journal.core.merging.ticks import merge_ticks
from session_journal.core.records import record
from session_journal.errors import JournalError

MergeText = Callable[[bytes, bytes, bytes], bytes | None]
"""Merge base, one and two as git does; None where they conflict."""

_START = re.compile(r"^<!-- journal:([a-z0-9][a-z0-9-]*)[ >]", re.MULTILINE)


@record(frozen=True, slots=True)
class Body:
    """A merged body. again: a managed block has to be generated again; left_out: the loser's hand-edited block."""

    text: str
    again: bool = False
    left_out: bool = False


@record(frozen=True, slots=True)
class _Block:
    text: str = ""
    edited: bool = False


def merge_plain(base: str, one: str, two: str, merge_text: MergeText) -> str | None:
    """Merge text as git does, ticks and ids of its lines apart; None where it conflicts."""

    def merge_words(base: str, one: str, two: str) -> str | None:
        done = unopposed(base, one, two)
        if done:
            return done[0]
        merged = merge_text(base.encode(), one.encode(), two.encode())
        return None if merged is None else merged.decode("utf-8")

    merged = merge_words(base, one, two)
    return merge_ticks(base, one, two, merge_words) if merged is None else merged


def merge_around(base: str, loser: str, winner: str, merge_text: MergeText) -> Body:
    """Merge what stands around the managed blocks, conflicting lines by union, and choose each block."""
    try:
        names = sorted({*_START.findall(loser)} & {*_START.findall(winner)})
        taken = [_take_out(text, names) for text in (base, loser, winner)]
    except JournalError:  # broken markers: it is all text
        taken, names = [(base, {}), (loser, {}), (winner, {})], []
    outsides = taken[0][0], taken[1][0], taken[2][0]
    text = merge_plain(*outsides, merge_text)
    if text is None or any(text.count(_place(name)) != 1 for name in names):
        text = merge_lines(*outsides)
    chosen = {name: _choose(*(found.get(name, _Block()) for _, found in taken)) for name in names}
    for name, (block, _, _) in chosen.items():
        text = text.replace(_place(name), block.text, 1)
    return Body(text, any(again for _, again, _ in chosen.values()), any(lost for _, _, lost in chosen.values()))


def _take_out(text: str, names: Sequence[str]) -> tuple[str, dict[str, _Block]]:
    found: dict[str, _Block] = {}
    for name in names:
        block = blocks.find(text, name)
        if block is not None:
            found[name] = _Block(text[block.start : block.end], blocks.ticked(text, name))
            text = text[: block.start] + _place(name) + text[block.end :]
    return text, found


def _place(name: str) -> str:
    return f"<!-- the block {name} stands here -->"


def _choose(base: _Block, loser: _Block, winner: _Block) -> tuple[_Block, bool, bool]:
    """Return the block to keep, whether it has to be generated again, and whether a hand-edited one is left out."""
    done = unopposed(base, loser, winner)
    if done:
        return done[0], False, False
    if loser.edited and winner.edited:
        both = merge_ticks(base.text, loser.text, winner.text, _same)
        return (winner, False, True) if both is None else (_Block(both, edited=True), False, False)
    if loser.edited or winner.edited:
        return (loser if loser.edited else winner), False, False
    return winner, True, False


def _same(base: str, one: str, two: str) -> str | None:
    """Return the words that stand on both sides as they stood before: nothing but ticks was changed."""
    return one if base == one == two else None


def without_markers(text: str) -> str:
    """Return a body whose managed blocks have become plain text."""
    return re.sub(r"^<!-- /?journal:[a-z0-9][^\n]*-->[ \t]*\r?\n?", "", text, flags=re.MULTILINE)
