"""What is known of a session while its lines go by: facts, events, turns, and what later lines refer to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from session_journal.core.events import Event, EventKind, Role, Session
from session_journal.core.projects import project_name
from session_journal.readers.fields import by_time
from session_journal.readers.keeping import MOST_IDS, Kept, Origin, Recent


@dataclass(slots=True)
class Recorder:
    """Writes down what a transcript says. `facts` are named as Session's fields are."""

    kept: Kept = field(default_factory=Kept)
    facts: dict[str, str] = field(default_factory=dict)
    roots: tuple[str, ...] = ()
    links: dict[str, None] = field(default_factory=dict)
    uuids: set[str] = field(default_factory=set)
    calls: Recent[str, Origin] = field(default_factory=Recent)
    turns: int = 0
    parts: bool = False
    understood: bool = False

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

    def add(self, kind: EventKind, role: Role, time: datetime | None, turn: int, agent: str = "", **more: Any) -> None:
        """Append an event."""
        self.kept.add(Event(kind, turn, role, time=time, agent=agent, **more))

    def prompt(self, text: str, time: datetime | None, agent: str = "") -> None:
        """Add what the user said; to a sub-agent it is the assistant who speaks."""
        if text:
            self.add("prompt", "assistant" if agent else "user", time, self.turn(), agent, text=text)

    def compact(self, text: str, time: datetime | None, agent: str = "") -> None:
        """Add a compaction; one that is told twice, as a mark and as its summary, is one."""
        last = self.events[-1] if self.events else None
        if last is None or last.kind != "compaction" or (last.text and text):
            self.add("compaction", "system", time, self.turn(), agent, text=text)
        elif text:
            self.kept.replace_last(Event("compaction", last.turn, last.role, text, time=last.time, agent=last.agent))

    def session(self, agent: str, skipped: int, sha256: str) -> Session:
        """Return the session of everything taken."""
        events = by_time(self.events) if self.parts else self.events
        times = [event.time for event in events if event.time]
        return Session(
            agent=agent,
            id=self.facts.get("id", ""),
            events=tuple(events),
            cwd=self.facts.get("cwd", ""),
            branch=self.facts.get("branch", ""),
            model=self.facts.get("model", ""),
            version=self.facts.get("version", ""),
            title=self.facts.get("title", ""),
            started=min(times, default=None),
            ended=max(times, default=None),
            skipped=skipped,
            sha256=sha256,
            links=tuple(self.links),
            uuids=frozenset(self.uuids),
            left_out=self.kept.left_out,
        )
