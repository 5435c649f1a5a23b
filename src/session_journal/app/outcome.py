"""Which sessions are to be captured, and what became of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from typing import Literal

from session_journal.core.records import record

Action = Literal[
    "added", "updated",
    "known", "beginning", "edited", "discarded", "trivial",  # it is (or need not be) in the journal
    "older", "elsewhere",  # the filters leave it out
    "failed",
]  # fmt: skip


@record(frozen=True, slots=True)
class Wanted:
    """Which sessions are captured. trivial: also those in which nothing happened, or which were discarded, for a
    person asks for them; title, named: title and project instead of those found; tags: beside those found.
    """

    since: date | None = None
    project: str = ""
    agent: str = ""
    aliases: Mapping[str, str] = field(default_factory=dict)
    trivial: bool = False
    title: str = ""
    named: str = ""
    tags: tuple[str, ...] = ()
    dry_run: bool = False


@record(frozen=True, slots=True)
class Outcome:
    """What became of one session, or of a file that could not be read.

    name: the transcript; path, title: of its entry; day, last: first and last day of
    the work, YYYY-MM-DD; source: what the entry that has it calls its session; offered: how many items it has that
    its edited entry has not; left_out: how many events, where the session is too long to be kept whole; again: nothing
    changed since an earlier run said the same.
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
    left_out: int = 0
    again: bool = False
