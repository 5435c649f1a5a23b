"""How a playbook stands: what earns one, and what becomes of it as evidence comes in, for it and against it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal

from session_journal.core.items import ItemKind
from session_journal.core.patterns import Pattern, Statement
from session_journal.core.playbooks.members import is_solved, resolution, support, teaching
from session_journal.core.playbooks.page import Playbook
from session_journal.core.playbooks.wording import tells_what_to_do
from session_journal.core.records import record
from session_journal.core.text import counted
from session_journal.core.undoing import Said, Undoings

SESSIONS, DAYS = 3, 2
LEVELS = ("retired", "candidate", "established", "proven")
"""From the least to the most that a playbook can be."""
_FADED = 0.5
_OPEN: dict[ItemKind, str] = {
    "action": "it is a thing to do, and nothing that was learnt", "question": "it is a question, and no answer",
    "gap": "it is what somebody wants to learn, and nothing that was learnt",
}  # fmt: skip
"""What merely is open, however often it is told, and why that makes no playbook."""

Status = Literal["candidate", "established", "proven", "retired"]


@record(frozen=True, slots=True)
class Bar:
    """How much evidence a playbook needs.

    sessions, days: to be one. proven: sessions and helpful marks, less what speaks against it, of which half must weigh
    in still. half_life: days after which evidence counts half. harmful: marks, more than helpful ones, that retire it.
    """

    sessions: int = SESSIONS
    days: int = DAYS
    proven: int = 5
    half_life: int = 180
    harmful: int = 2


@record(frozen=True, slots=True)
class Standing:
    """How a playbook stands. earned: what its evidence alone makes it; by_hand: a person said otherwise.

    strength: reviewed sessions and marks by age, less what speaks against it. against: what took it back.
    """

    status: str
    earned: str
    strength: float = 0.0
    helpful: int = 0
    harmful: int = 0
    against: tuple[Said, ...] = ()
    as_of: date = date.min

    @property
    def by_hand(self) -> bool:
        """Tell whether a person decided what it is."""
        return self.status != self.earned

    @property
    def is_faded(self) -> bool:
        """Tell whether all that speaks for it is long ago."""
        return self.strength < _FADED


def promotable(pattern: Pattern, sessions: int = SESSIONS, days: int = DAYS) -> bool:
    """Tell whether a pattern has the evidence that a playbook needs: enough members that teach, and something to do."""
    return not lacking(pattern, sessions, days)


def lacking(pattern: Pattern, sessions: int = SESSIONS, days: int = DAYS) -> str:
    """Return in a clause what a pattern lacks to be a playbook, "" where it lacks nothing."""
    members = teaching(pattern)
    if why := _teaches_nothing(pattern):
        return why
    if pattern.sessions < sessions:
        return f"{pattern.sessions} sessions, {sessions} make a playbook"
    if pattern.days < days:
        return f"all on {counted(pattern.days, 'day')}, {days} make a playbook"
    taught = len({one.session for one in members})
    if taught < sessions:
        return f"{taught or 'none'} of its sessions told what to do, {sessions} make a playbook"
    if not _is_enough(members, sessions, days):
        return f"what to do was told on {counted(len({one.date for one in members}), 'day')}, {days} make a playbook"
    return "" if tells_what_to_do(support(pattern)) else "it tells what was met, not what to do"


def _teaches_nothing(pattern: Pattern) -> str:
    """Return why nothing can be learnt from a pattern, however often it recurs, "" where something can."""
    if all(one.is_conduct for one in pattern.members):
        return "it counts how sessions went, and says nothing to do; journal reflect weighs it"
    if all(one.kind in _OPEN for one in pattern.members):
        return _OPEN.get(pattern.kind, "it was not learnt yet")
    return "it names one command that checks the work, and says nothing to do" if pattern.is_one_check else ""


def _is_enough(members: Sequence[Statement], sessions: int, days: int) -> bool:
    return len({one.session for one in members}) >= sessions and len({one.date for one in members}) >= days


def objections(pattern: Pattern, said: Undoings) -> tuple[Said, ...]:
    """Return what later took back what the members teach: a fix that was undone, a rule that was given up."""
    own = {(member.path, member.text) for member in pattern.members}
    first: dict[tuple[str, str], date] = {}
    for one in teaching(pattern):
        text = resolution(one) if is_solved(one) else one.text
        first.setdefault((one.project, text), one.date)  # members are by date: what came after the first may object
    found: dict[tuple[str, str], Said] = {}
    for (project, text), day in first.items():
        against = said.after((day, float("inf"), ""), 0, project, text)
        if against and (against[0].path, against[1].text) not in own:
            found.setdefault((against[0].path, against[1].text), against)
    return tuple(found.values())


def stand(
    pattern: Pattern,
    page: Playbook | None = None,
    bar: Bar | None = None,
    against: Sequence[Said] = (),
    as_of: date | None = None,
) -> Standing:
    """Judge a playbook by its evidence up to a day of the journal; what a person made of it stays.

    Age counts from that day, not from today: the same journal gives the same page, and who comes back after a year
    finds it as it was.
    """
    bar = bar or Bar()
    marks = page.marks if page else ()
    day = max((as_of or pattern.last, *(mark.day for mark in marks)))
    reviewed = [member for member in teaching(pattern) if member.reviewed]
    latest = {member.session: member.date for member in reviewed}
    helpful = [mark.day for mark in marks if mark.verdict == "helpful"]
    harmful = [mark.day for mark in marks if mark.verdict == "harmful"]
    good = _weight((*latest.values(), *helpful), day, bar)
    bad = _weight((*harmful, *(entry.date for entry, _ in against)), day, bar)
    is_established = promotable(pattern, bar.sessions, bar.days) and _is_enough(reviewed, bar.sessions, bar.days)
    earned: Status = "established" if is_established and good > bad else "candidate"
    count = len(latest) + len(helpful) - len(harmful) - len(against)
    if earned == "established" and count >= bar.proven and (good - bad) * 2 >= bar.proven:
        earned = "proven"
    if len(harmful) - len(helpful) >= bar.harmful:
        earned = "retired"
    status = page.status if page and page.is_by_hand else earned
    return Standing(status, earned, good - bad, len(helpful), len(harmful), tuple(against), day)


def _weight(days: Iterable[date], as_of: date, bar: Bar) -> float:
    ages = sorted(max(0, (as_of - day).days) for day in days)
    return round(sum((math.exp2(-age / bar.half_life) for age in ages), 0.0), 3)


def next_level(status: str) -> str:
    """Return what promoting a playbook by hand makes it."""
    return LEVELS[min(LEVELS.index(status) + 1, len(LEVELS) - 1)] if status in LEVELS else "candidate"


def front_matter(pattern: Pattern, standing: Standing) -> dict[str, object]:
    """Return the keys that each run brings up to date."""
    pattern = support(pattern)
    return {
        "status": standing.status, "earned": standing.earned, "first_seen": pattern.first, "last_seen": pattern.last,
        "sessions": pattern.sessions, "days": pattern.days,
    }  # fmt: skip
