"""Doctor: looks at all that the journal depends on; each check tells what it found as values, none stops another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import Literal

from session_journal.agents import Host
from session_journal.app.draft import Clock
from session_journal.core.records import record
from session_journal.errors import JournalError
from session_journal.store.journal import Journal

Level = Literal["ok", "warn", "fail"]


@record(frozen=True, slots=True)
class Fix:
    """What `--fix` does about a finding: safe, and loses nothing; `act` returns what it did."""

    what: str
    act: Callable[[], str]


@record(frozen=True, slots=True)
class Finding:
    """One thing a check found; hint: a command to run."""

    check: str
    level: Level
    what: str
    hint: str = ""
    fix: Fix | None = None


@record(frozen=True, slots=True)
class Patient:
    """What is looked at: the journal (None where none could be opened, `problem` says why) and this machine.

    named: what --journal said; say: hears of long work.
    """

    env: Mapping[str, str]
    clock: Clock
    host: Host
    journal: Journal | None = None
    problem: JournalError | None = None
    named: str = ""
    say: Callable[[str], None] = field(default=lambda _: None)

    @property
    def now(self) -> datetime:
        """Return the moment of the examination."""
        return self.clock.now


Seen = tuple[Level, str, str] | tuple[Level, str, str, Fix | None]
"""What a check yields: level, what it found, a hint, and what can be done about it."""
MachineCheck = Callable[[Patient], Iterable[Seen]]
JournalCheck = Callable[[Patient, Journal], Iterable[Seen]]


@record(frozen=True, slots=True)
class Checks:
    """The checks by name, in the order in which they are told: those of the machine, then those of a journal."""

    machine: Sequence[tuple[str, MachineCheck]]
    journal: Sequence[tuple[str, JournalCheck]]


def examine(patient: Patient, checks: Checks | None = None) -> Iterator[Finding]:
    """Yield what each check finds, one after the other; one that breaks says so and the others go on."""
    chosen = checks or _all_checks()
    for name, look in chosen.machine:
        yield from _guarded(name, lambda look=look: look(patient))  # type: ignore[misc]
    journal = patient.journal
    if journal is not None:
        for name, examine_journal in chosen.journal:
            yield from _guarded(name, lambda look=examine_journal: look(patient, journal))  # type: ignore[misc]


def _all_checks() -> Checks:
    from session_journal.app.doctor import hooking, machine, records, work

    return Checks((*machine.CHECKS, *hooking.CHECKS), (*records.CHECKS, *work.CHECKS))


def _guarded(name: str, look: Callable[[], Iterable[Seen]]) -> Iterator[Finding]:
    try:
        for seen in look():
            yield Finding(name, *seen)
    except JournalError as error:
        yield Finding(name, "fail", error.message, error.hint)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        yield Finding(
            name, "fail", f"could not be looked at: {where}{error.strerror or error}", "check its permissions"
        )
    except Exception as error:  # noqa: BLE001 - whatever is broken, the other checks have to be told
        yield Finding(
            name, "fail", f"could not be looked at ({type(error).__name__}: {error})", "journal verify --full"
        )


def mend(findings: Iterable[Finding]) -> Iterator[tuple[Finding, bool, str]]:
    """Do what is safe about each finding; yield it, whether that went well, and what was done or why not."""
    for finding in findings:
        if finding.fix is None:
            continue
        try:
            yield finding, True, finding.fix.act()
        except JournalError as error:
            yield finding, False, error.message
        except OSError as error:
            yield finding, False, f"{error.filename or ''}: {error.strerror or error}".lstrip(": ")
