"""How a playbook stands: what earns one, and what becomes of it as evidence comes in."""

from __future__ import annotations

from collections.abc import Sequence

from session_journal.core.patterns import Pattern, Statement
from session_journal.core.playbooks.members import support, teaching
from session_journal.core.playbooks.wording import applies, evidence, newest_first, steps, warnings

SESSIONS, DAYS = 3, 2
_MOST_EVIDENCE = 12


def promotable(pattern: Pattern, sessions: int = SESSIONS, days: int = DAYS) -> bool:
    """Tell whether a pattern has the evidence that a playbook needs: enough members that teach, and something to do."""
    members = teaching(pattern)
    if pattern.sessions < sessions or not is_enough(members, sessions, days):
        return False
    narrow = support(pattern)
    return bool(steps(narrow) or warnings(narrow))


def is_enough(members: Sequence[Statement], sessions: int, days: int) -> bool:
    """Tell whether members lie in enough sessions and on enough days."""
    return len({one.session for one in members}) >= sessions and len({one.date for one in members}) >= days


def status_of(pattern: Pattern, before: str = "candidate", sessions: int = SESSIONS, days: int = DAYS) -> str:
    """Return candidate until reviewed entries alone would carry it, then established; a person's word stays."""
    if before not in {"", "candidate"}:
        return before
    reviewed = [member for member in teaching(pattern) if member.reviewed]
    enough = pattern.sessions >= sessions and is_enough(reviewed, sessions, days)
    return "established" if enough else "candidate"


def front_matter(pattern: Pattern, status: str) -> dict[str, object]:
    """Return the keys that each run brings up to date."""
    pattern = support(pattern)
    return {
        "status": status, "first_seen": pattern.first, "last_seen": pattern.last,
        "sessions": pattern.sessions, "days": pattern.days,
    }  # fmt: skip


def values_of(pattern: Pattern, status: str) -> dict[str, object]:
    """Return what the template of a playbook's managed block needs."""
    pattern = support(pattern)
    return {
        "status": status,
        "drafts_only": not any(member.reviewed for member in pattern.members),
        "reviewed": len({member.session for member in pattern.members if member.reviewed}),
        "sessions": pattern.sessions,
        "days": pattern.days,
        "first_seen": pattern.first,
        "last_seen": pattern.last,
        "applies": applies(pattern),
        "steps": steps(pattern),
        "warnings": warnings(pattern),
        "evidence": [evidence(member) for member in newest_first(pattern)[:_MOST_EVIDENCE]],
        "more": max(0, len(pattern.members) - _MOST_EVIDENCE),
    }
