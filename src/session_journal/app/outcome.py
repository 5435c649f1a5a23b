"""What became of a session that was to be captured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Action = Literal[
    "added", "updated",
    "known", "beginning", "edited", "discarded", "trivial",  # it is (or need not be) in the journal
    "older", "elsewhere",  # the filters leave it out
    "failed",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one session, or of a file that could not be read.

    name: the transcript; path, title: of its entry; day, last: first and last day of
    the work, YYYY-MM-DD; source: what the entry that has it calls its session; offered: how many items it has that
    its edited entry has not; again: nothing changed since an earlier run said the same.
    """

    name: str
    action: Action
    path: str = ""
    title: str = ""
    why: str = ""
    waiting: str = ""
    redacted: Mapping[str, int] = field(default_factory=dict)
    agent: str = ""
    project: str = ""
    day: str = ""
    last: str = ""
    source: str = ""
    offered: int = 0
    again: bool = False
