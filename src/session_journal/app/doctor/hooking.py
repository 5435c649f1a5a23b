"""Checks of what agents run for the journal: whether their hooks are in place, and what those failed at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from session_journal.agents import hook_tools
from session_journal.app.agent_hooks import status
from session_journal.app.doctor import Fix, MachineCheck, Patient, Seen
from session_journal.store.failures import failures, forget_failures

DAYS = 14
_SHOWN = 5
_BY_CHOICE = frozenset({"not installed", "taken out by hand"})


def check_agent_hooks(patient: Patient) -> Iterator[Seen]:
    """Look whether the hooks that were installed into agents' settings run."""
    for tool in hook_tools():
        states = status(tool, patient.host, patient.env)
        active = sum(state.active for state in states)
        broken = [state for state in states if not state.active and (active or state.state not in _BY_CHOICE)]
        if not broken:
            yield "ok", f"{tool.NAME}: {'sessions are captured by themselves' if active else 'not installed'}", ""
        for state in broken:
            again = state.hint or f"journal hooks install {tool.NAME}"
            yield "warn", f"{tool.NAME}, {state.hook}: {state.state}", again


def check_failures(patient: Patient) -> Iterator[Seen]:
    """Tell what hooks of agents failed at: they themselves say nothing."""
    since = (patient.now - timedelta(days=DAYS)).isoformat(sep=" ")
    late = [failure for failure in failures(patient.env) if failure.when >= since]
    if not late:
        yield "ok", f"no hook failed in the last {DAYS} days", ""
        return

    def forget() -> str:
        forget_failures(patient.env)
        return f"forgot {len(late)} of them"

    for failure in late[-_SHOWN:]:
        yield "warn", f"{failure.when[:16]} {failure.where}: {failure.what}", failure.hint or "journal capture"
    more = f"{len(late)} in the last {DAYS} days" + (f", {len(late) - _SHOWN} earlier" if len(late) > _SHOWN else "")
    yield "warn", more, "journal doctor --fix", Fix("forget the failures of hooks that were told", forget)


CHECKS: tuple[tuple[str, MachineCheck], ...] = (
    ("agent hooks", check_agent_hooks),
    ("failures", check_failures),
)
