"""How a person works: the entries that match, what they say together, and what to try next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import field

from session_journal.app.listing import Filter, select
from session_journal.core.entry import Entry
from session_journal.core.records import record
from session_journal.core.reflecting.accounts import FEWEST, Group, accounts, group, groups
from session_journal.core.reflecting.trend import Trend, trend
from session_journal.core.reflecting.trials import Trial, trials


@record(frozen=True, slots=True)
class Reflection:
    """What some sessions say together; drafts: how many of them nobody has reviewed.

    whole: all of them as one group; trials are empty below five sessions.
    """

    whole: Group
    first: str = ""
    last: str = ""
    drafts: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    trend: Trend | None = None
    kinds: tuple[Group, ...] = ()
    projects: tuple[Group, ...] = ()
    trials: tuple[Trial, ...] = ()


def reflect(entries: Sequence[Entry], wanted: Filter) -> Reflection:
    """Return what the entries that match say about how their sessions went."""
    matching = [entry for entry in select(entries, wanted) if entry.type == "session"]
    found = accounts(matching)
    whole = group("all", found)
    if not found:
        return Reflection(whole)
    return Reflection(
        whole,
        found[0].date.isoformat(),
        found[-1].date.isoformat(),
        sum(entry.status == "draft" for entry in matching),
        dict(Counter(one.outcome for one in found).most_common()),
        trend(found),
        groups(found, lambda one: one.kind),
        groups(found, lambda one: one.project),
        trials(found) if len(found) >= FEWEST else (),
    )
