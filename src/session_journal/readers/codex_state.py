"""What is known of a Codex session while its lines go by, beyond what every session has."""

from __future__ import annotations

from dataclasses import dataclass, field

from session_journal.readers.keeping import Recent
from session_journal.readers.recorder import Output, Recorder


@dataclass(slots=True)
class State(Recorder):
    """What is known while the lines go by.

    running: the call that started each process; polls: calls that look after one, and which call started it.
    codes: exit codes told before the result; unsettled: whether a call's result came without one.
    """

    running: Recent[str, str] = field(default_factory=Recent)
    polls: Recent[str, str] = field(default_factory=Recent)
    codes: Recent[str, int] = field(default_factory=Recent)
    unsettled: Recent[str, bool] = field(default_factory=Recent)

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
