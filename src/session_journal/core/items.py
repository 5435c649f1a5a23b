"""Item: one bullet of an entry that carries learning, whether a person or the drafting wrote it."""

from __future__ import annotations

from typing import Literal

from session_journal.core.records import record

ItemKind = Literal[
    "decision", "change", "deviation", "challenge", "discovery", "pattern", "insight", "question",
    "gap", "takeaway", "next", "action", "went-well", "improve",
]  # fmt: skip


@record(frozen=True, slots=True)
class Item:
    """One bullet, without its marker, evidence and block id.

    turns: evidence, the transcript's turns. mark: task-list state " ", "x" or "/" ("" where it is no task).
    line: 0-based line in the body it was read from (-1 for one that was drafted).
    """

    kind: ItemKind
    text: str
    turns: tuple[int, ...] = ()
    mark: str = ""
    block_id: str = ""
    line: int = -1


@record(frozen=True, slots=True)
class Quote:
    """What one turn said, verbatim after redaction: the evidence that outlives the transcript."""

    turn: int
    role: str
    text: str
