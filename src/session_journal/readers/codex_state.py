"""What is known of a Codex session while its lines go by, beyond what every session has."""

from __future__ import annotations

from dataclasses import field

from session_journal.core.events import EventKind
from session_journal.core.records import record
from session_journal.readers.keeping import Recent
from session_journal.readers.recorder import Output, Recorder

_MOST_EXPECTED = 20


@record(slots=True)
class State(Recorder):
    """What is known while the lines go by.

    running: the call that started each process; polls: calls that look after one, and which call started it.
    codes: exit codes told before the result; unsettled: whether a call's result came without one.
    scripts: the names and kinds of what each script does; expected: acts of scripts that an event may tell again.
    """

    running: Recent[str, str] = field(default_factory=Recent)
    polls: Recent[str, str] = field(default_factory=Recent)
    codes: Recent[str, int] = field(default_factory=Recent)
    unsettled: Recent[str, bool] = field(default_factory=Recent)
    scripts: Recent[str, tuple[tuple[str, EventKind], ...]] = field(default_factory=Recent)
    expected: Recent[str, tuple[str, ...]] = field(default_factory=Recent)

    def expect(self, act: str, call: str) -> None:
        """Remember an act of a script, which an event may tell again under another name."""
        self.expected[act] = (*(self.expected.get(act) or ()), call)[-_MOST_EXPECTED:]

    def is_expected(self, act: str) -> bool:
        """Say whether a script has told an act that no event has told since."""
        return bool(self.expected.get(act))

    def claim(self, act: str) -> str:
        """Return the name under which a script told an act; it is told again once only."""
        first, *rest = self.expected.get(act) or ("",)
        self.expected[act] = tuple(rest)
        return first

    def answer(self, output: Output, call: str) -> None:
        """Add what a call gave back, with the exit code that may have been told apart from it."""
        code = self.codes.get(call) if output.exit_code is None else None
        if code is not None:
            output = output._replace(exit_code=code)
        self.unsettled[call] = output.exit_code is None
        self.result(output, call)

    def settle(self, ended: Output, code: int, call: str) -> None:
        """Give a call its exit code: with its result, which may be still to come or may have come without one."""
        unsettled = self.unsettled.get(call)
        if unsettled is None:
            self.codes[call] = code
        elif unsettled:
            self.answer(ended, call)
