"""What is known of a Codex session while its lines go by, beyond what every session has."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from session_journal.core.events import EventKind, Role
from session_journal.core.projects import relative_path
from session_journal.core.text import clean, clip, strip_wrappers
from session_journal.readers.codex_calls import Act
from session_journal.readers.codex_text import Output
from session_journal.readers.keeping import Origin, Recent
from session_journal.readers.recorder import Recorder

RESULT_LIMIT = 8_000
_GROUPED: frozenset[Role] = frozenset({"assistant", "tool"})


@dataclass(slots=True)
class State(Recorder):
    """What is known while the lines go by. agent: the id of the sub-agent whose own file this is."""

    agent: str = ""
    heard: Recent[tuple[str, int], dict[str, int]] = field(default_factory=Recent)
    running: Recent[str, str] = field(default_factory=Recent)
    polls: Recent[str, str] = field(default_factory=Recent)
    codes: Recent[str, int] = field(default_factory=Recent)
    unsettled: Recent[str, bool] = field(default_factory=Recent)
    role: Role | None = None

    def is_echo(self, kind: str, text: str, side: str) -> bool:
        """Say whether another side of the file has already told this: most things are written two or three times.

        Said twice by one side is said twice.
        """
        key = (kind, hash(" ".join(text.split())))
        counts = self.heard.get(key)
        if counts is None:
            counts = self.heard[key] = {}
        told = max(counts.values(), default=0)
        counts[side] = counts.get(side, 0) + 1
        return counts[side] <= told

    def turn_of(self, role: Role) -> int:
        """Return the turn of what one role does now: what follows each other without a break is one turn."""
        if role != self.role or role not in _GROUPED:
            self.turn()
        self.role = role
        return self.turns

    def say(self, kind: EventKind, role: Role, raw: str, time: datetime | None, side: str) -> None:
        """Add what somebody said, once."""
        text = strip_wrappers(clean(raw))
        if not text or self.is_echo(kind, text, side):
            return
        role = "assistant" if self.agent and role == "user" else role
        self.role = None if kind == "prompt" else self.role
        self.add(kind, role, time, self.turn_of(role), self.agent, text=text)

    def act(self, act: Act, call: str, time: datetime | None, role: Role = "assistant") -> None:
        """Add what a call does."""
        target = relative_path(act.target, self.roots) if act.kind in {"edit", "read"} else act.target
        turn = self.turn_of(role)
        self.add(act.kind, role, time, turn, self.agent, target=clean(target), text=clean(act.text), call=call)
        if call:
            self.calls[call] = Origin(act.kind, target, turn)

    def result(self, output: Output, call: str, time: datetime | None) -> None:
        """Add what a call gave back."""
        origin = self.calls.get(call)
        code = output.exit_code if output.exit_code is not None else self.codes.get(call)
        failed = output.failed or output.refused or code not in {0, None}
        text = clean(clip(strip_wrappers(output.text), RESULT_LIMIT))
        exit_code = code if origin is not None and origin.kind == "command" else None
        kind: EventKind = "error" if failed else "result"
        self.add(kind, "tool", time, self.turn_of("tool"), self.agent, text=text, call=call, exit_code=exit_code)
        self.unsettled[call] = code is None
        if output.refused:
            self.interrupt("refused the tool call", time)

    def settle(self, ended: Output, code: int, call: str, time: datetime | None) -> None:
        """Give a call its exit code: with its result, which may be still to come or may have come without one."""
        unsettled = self.unsettled.get(call)
        if unsettled is None:
            self.codes[call] = code
        elif unsettled:
            self.result(ended, call, time)

    def interrupt(self, text: str, time: datetime | None) -> None:
        """Add that the user stopped the assistant, once where it is told twice."""
        if not self.events or self.events[-1].kind != "interruption":
            self.add("interruption", "user", time, self.turn_of("user"), self.agent, text=text)
