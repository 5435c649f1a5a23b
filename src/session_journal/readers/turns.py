"""The turns of a conversation: numbered as they come, with paths made relative when the project is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from datetime import datetime
from itertools import groupby

from session_journal.core.events import Event, EventKind, Role
from session_journal.core.projects import relative_path
from session_journal.core.records import record
from session_journal.core.text import clean, drop_private, strip_wrappers
from session_journal.readers.calls import describe
from session_journal.readers.keeping import Kept, printed

Turn = Sequence[Event]
"""The events of one message and role, not numbered yet (`turn` is 0)."""


def event(kind: EventKind, role: Role, text: str = "", time: datetime | None = None, target: str = "") -> Event:
    """Return an event of a turn that has no number yet."""
    return Event(kind, 0, role, text, target, time)


def said(kind: EventKind, role: Role, raw: str, time: datetime | None = None) -> list[Event]:
    """Return what was said as an event, none where only wrappers and injected parts stand."""
    text = strip_wrappers(clean(raw))
    return [event(kind, role, text, time)] if text else []


def called(name: str, given: object, call: str, time: datetime | None = None) -> Event:
    """Return the event of a tool's call."""
    kind, target, text = describe(name, given)
    return Event(kind, 0, "assistant", drop_private(clean(text)), drop_private(clean(target)), time, call)


def result(
    raw: str, call: str, time: datetime | None = None, *, failed: bool = False, code: int | None = None
) -> Event:
    """Return the event of what a call gave back; a command that did not end in 0 has failed."""
    text = printed(raw)
    failed = failed or code not in {0, None}
    return Event("error" if failed else "result", 0, "tool", text, "", time, call, code)


@record(slots=True)
class Turns:
    """The turns of one conversation within the budget of `keeping`."""

    kept: Kept = field(default_factory=Kept)
    count: int = 0

    def add(self, turn: Turn, agent: str = "") -> None:
        """Number a turn and keep it; what a sub-agent is told is not the user speaking."""
        if not turn:
            return
        self.count += 1
        for one in turn:
            role = "assistant" if agent and one.kind == "prompt" else one.role
            self.kept.add(_made(one, self.count, role, one.target, agent or one.agent))

    def drop_from(self, turn: int) -> None:
        """Take out a turn and those after it."""
        events, left_out = self.kept.events, self.kept.left_out
        self.kept, self.count = Kept(), turn - 1
        self.kept.left_out = left_out
        for one in events:
            if one.turn < turn:
                self.kept.add(one)

    def order(self) -> None:
        """Put what sub-agents did among the rest by time; what one of them did keeps its order."""
        found: list[tuple[float, list[Event]]] = []
        last: dict[str, float] = {}
        for _, group in groupby(self.kept.events, key=lambda one: one.turn):
            turn = list(group)
            agent, time = turn[0].agent, next((one.time for one in turn if one.time), None)
            last[agent] = max(last.get(agent, 0.0), time.timestamp() if time else 0.0)
            found.append((last[agent], turn))
        found.sort(key=lambda pair: pair[0])
        events, left_out = (
            [(one, number) for number, (_, turn) in enumerate(found, 1) for one in turn],
            self.kept.left_out,
        )
        self.kept, self.count = Kept(), len(found)
        self.kept.left_out = left_out
        for one, number in events:
            self.kept.add(_made(one, number, one.role, one.target, one.agent))

    def events(self, roots: tuple[str, ...]) -> tuple[Event, ...]:
        """Return the events, the paths of edits and reads relative to the project."""
        return tuple(
            _made(one, one.turn, one.role, relative_path(one.target, roots), one.agent)
            if one.kind in {"edit", "read"}
            else one
            for one in self.kept.events
        )


def _made(one: Event, turn: int, role: Role, target: str, agent: str) -> Event:
    """Return an event with these values; dataclasses.replace would take most of the time that reading takes."""
    return Event(one.kind, turn, role, one.text, target, one.time, one.call, one.exit_code, agent)
