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

    name: the transcript; path, title: of its entry; day: of its work, YYYY-MM-DD; offered: how many items it has that
    its edited entry has not.
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
    offered: int = 0
