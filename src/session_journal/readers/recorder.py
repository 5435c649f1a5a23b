"""What is known of a session while its lines go by: facts, events, turns, and what later lines refer to."""

from __future__ import annotations

from dataclasses import field
from typing import NamedTuple

from session_journal.core.events import Event, EventKind, Role, Session
from session_journal.core.projects import project_name, relative_path
from session_journal.core.records import record
from session_journal.core.text import clean, drop_private, strip_wrappers
from session_journal.readers.fields import by_time, moment, span
from session_journal.readers.keeping import MOST_IDS, RESULT_LIMIT, Kept, Origin, Recent, printed

_GROUPED: frozenset[Role] = frozenset({"assistant", "tool"})


class Act(NamedTuple):
    """One thing that a call does; a path as it was given."""

    kind: EventKind
    target: str
    text: str = ""


class Output(NamedTuple):
    """What a call gave back. running: the number of the process that goes on, "" when it ended."""

    text: str
    exit_code: int | None = None
    failed: bool = False
    refused: bool = False
    running: str = ""


@record(slots=True)
class Recorder:
    """Writes down what a transcript says.

    facts: named as Session's fields are. stamp: the time of the line that is read, as it stands there; agent: who acts.
    """

    kept: Kept = field(default_factory=Kept)
    facts: dict[str, str] = field(default_factory=dict)
    roots: tuple[str, ...] = ()
    links: dict[str, None] = field(default_factory=dict)
    uuids: set[str] = field(default_factory=set)
    calls: Recent[str, Origin] = field(default_factory=Recent)
    turns: int = 0
    parts: bool = False
    understood: bool = False
    stamp: object = None
    agent: str = ""
    speaker: tuple[Role, str] | None = None
    heard: Recent[tuple[str, int], dict[str, int]] = field(default_factory=Recent)

    @property
    def events(self) -> list[Event]:
        """Return what is kept so far."""
        return self.kept.events

    def is_known(self, uuid: str) -> bool:
        """Say whether a message came before, and remember it."""
        if uuid in self.uuids:
            return True
        if len(self.uuids) < MOST_IDS:
            self.uuids.add(uuid)
        return False

    def visit(self, cwd: str) -> None:
        """Note a working directory: the session's first one, and other checkouts of the same project."""
        self.facts.setdefault("cwd", cwd)
        folder = cwd.replace("\\", "/").rstrip("/")
        if folder and folder not in self.roots and self._is_project(folder):
            self.roots = (*self.roots, folder)

    def _is_project(self, cwd: str) -> bool:
        """Say whether a later working directory is another checkout of the same project, not a folder visited."""
        if not self.roots:
            return True
        inside = any(cwd.startswith(f"{root}/") for root in self.roots)
        return not inside and project_name(cwd) == project_name(self.roots[0])

    def turn(self) -> int:
        """Return the number of a new turn."""
        self.turns += 1
        return self.turns

    def turn_of(self, role: Role) -> int:
        """Return the turn of what one role does now: what follows each other without a break is one turn."""
        if (role, self.agent) != self.speaker or role not in _GROUPED:
            self.turn()
        self.speaker = (role, self.agent)
        return self.turns

    def is_echo(self, kind: str, text: str, side: str) -> bool:
        """Say whether another side of the file has already told this; said twice by one side is said twice."""
        key = (kind, hash(" ".join(text.split()) if kind == "prompt" else text))
        counts = self.heard.get(key)
        if counts is None:
            counts = self.heard[key] = {}
        told = max(counts.values(), default=0)
        counts[side] = counts.get(side, 0) + 1
        return counts[side] <= told

    def say(self, kind: EventKind, role: Role, raw: str, side: str) -> None:
        """Add what somebody said, once, whichever side of the file says it first."""
        if not raw or self.is_echo(kind, raw, side):
            return
        text = strip_wrappers(clean(raw))
        if not text:
            return
        role = "assistant" if self.agent and role == "user" else role
        self.speaker = None if kind == "prompt" else self.speaker
        self.add(kind, role, self.turn_of(role), self.agent, text=text)
        self.speaker = None if kind == "prompt" else self.speaker

    def act(self, act: Act, call: str, role: Role = "assistant") -> None:
        """Add what a call does."""
        target = clean(drop_private(act.target))
        target = relative_path(target, self.roots) if act.kind in {"edit", "read"} else target
        turn = self.turn_of(role)
        self.add(act.kind, role, turn, self.agent, target=target, text=clean(drop_private(act.text)), call=call)
        if call:
            self.calls[call] = Origin(call, act.kind, target, turn)

    def result(self, output: Output, call: str) -> None:
        """Add what a call gave back; a code is an exit code only where a command ran."""
        origin = self.calls.get(call)
        failed = output.failed or output.refused or output.exit_code not in {0, None}
        text = printed(output.text)
        code = output.exit_code if origin is not None and origin.kind == "command" else None
        kind: EventKind = "error" if failed else "result"
        call = origin.call if origin else call
        self.add(kind, "tool", self.turn_of("tool"), self.agent, text=text, call=call, exit_code=code)
        if output.refused:
            self.interrupt("refused the tool call")

    def interrupt(self, text: str) -> None:
        """Add that the user stopped the assistant, once where it is told twice."""
        if not self.events or self.events[-1].kind != "interruption":
            self.add("interruption", "user", self.turn_of("user"), self.agent, text=text)

    def fail(self, text: str) -> None:
        """Add an error of the tool itself."""
        text = printed(text)
        if text:
            self.add("error", "system", self.turn_of("system"), self.agent, text=text)

    def add(
        self,
        kind: EventKind,
        role: Role,
        turn: int,
        agent: str = "",
        *,
        text: str = "",
        target: str = "",
        call: str = "",
        exit_code: int | None = None,
    ) -> None:
        """Append an event, at the time of the line that is read."""
        self.kept.add(Event(kind, turn, role, text, target, moment(self.stamp), call, exit_code, agent))

    def prompt(self, text: str, agent: str = "") -> None:
        """Add what the user said; to a sub-agent it is the assistant who speaks."""
        if text:
            self.add("prompt", "assistant" if agent else "user", self.turn(), agent, text=text)

    def compact(self, text: str, agent: str = "") -> None:
        """Add a compaction; one that is told twice, as a mark and as its summary, is one."""
        text = printed(text, 4 * RESULT_LIMIT)
        self.speaker = None
        last = self.events[-1] if self.events else None
        if last is None or last.kind != "compaction" or (last.text and text):
            self.add("compaction", "system", self.turn(), agent, text=text)
        elif text:
            self.kept.replace_last(Event("compaction", last.turn, last.role, text, time=last.time, agent=last.agent))

    def session(self, agent: str, skipped: int, sha256: str) -> Session:
        """Return the session of everything taken."""
        events = by_time(self.events) if self.parts else self.events
        started, ended = span(events)
        return Session(
            agent=agent,
            id=self.facts.get("id", ""),
            events=tuple(events),
            cwd=self.facts.get("cwd", ""),
            branch=self.facts.get("branch", ""),
            model=self.facts.get("model", ""),
            version=self.facts.get("version", ""),
            title=drop_private(self.facts.get("title", "")).strip(),
            started=started,
            ended=ended,
            skipped=skipped,
            sha256=sha256,
            links=tuple(self.links),
            uuids=frozenset(self.uuids),
            left_out=self.kept.left_out,
        )
