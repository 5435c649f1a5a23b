"""What is known of a Claude Code session while its lines go by: facts, events, and what they refer to."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from session_journal.core.events import Event, EventKind, Role, Session
from session_journal.core.projects import project_name
from session_journal.readers.fields import Record, by_time, string, time_of
from session_journal.readers.keeping import MOST_IDS, Kept, Origin, Recent

_NOTED = ("sessionId", "cwd", "gitBranch", "version")


@dataclass(slots=True)
class State:
    """What is known while the lines go by."""

    kept: Kept = field(default_factory=Kept)
    facts: dict[str, str] = field(default_factory=dict)
    roots: tuple[str, ...] = ()
    links: list[str] = field(default_factory=list)
    uuids: set[str] = field(default_factory=set)
    titles: dict[str, str] = field(default_factory=dict)
    turns: int = 0
    message_turns: Recent[str, int] = field(default_factory=Recent)
    calls: Recent[str, Origin] = field(default_factory=Recent)
    result_turns: Recent[int, int] = field(default_factory=Recent)
    tasks: dict[str, dict[str, str]] = field(default_factory=dict)
    queued: list[tuple[str, datetime | None]] = field(default_factory=list)
    parts: bool = False
    understood: bool = False
    _noted: tuple[object, ...] = ()

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

    def note_facts(self, record: Record) -> None:
        """Keep what a record says about the session as a whole."""
        noted = tuple(map(record.get, _NOTED))
        if noted == self._noted:
            return
        self._noted = noted
        for key, name in (("sessionId", "id"), ("cwd", "cwd")):
            if name not in self.facts and string(record, key):
                self.facts[name] = string(record, key)
        for key, name in (("gitBranch", "branch"), ("version", "version")):
            if string(record, key) not in {"", "HEAD"}:
                self.facts[name] = string(record, key)
        cwd = string(record, "cwd").replace("\\", "/").rstrip("/")
        if cwd and cwd not in self.roots and self._is_project(cwd):
            self.roots = (*self.roots, cwd)

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

    def add(self, kind: EventKind, role: Role, record: Record, turn: int, agent: str, **more: Any) -> Event:
        """Append an event and return it."""
        event = Event(kind, turn, role, time=time_of(record), agent=agent, **more)
        self.kept.add(event)
        return event

    def prompt(self, text: str, record: Record, agent: str) -> None:
        """Add what the user said; to a sub-agent it is the assistant who speaks."""
        if text:
            self.add("prompt", "assistant" if agent else "user", record, self.turn(), agent, text=text)

    def session(self, name: str, skipped: int, sha256: str) -> Session:
        """Return the session of everything taken."""
        for text, time in self.queued:
            self.kept.add(Event("prompt", self.turn(), "user", text, time=time))
        events = by_time(self.events) if self.parts else self.events
        times = [event.time for event in events if event.time]
        facts, titles = self.facts, self.titles
        return Session(
            agent="claude-code",
            id=facts.get("id") or re.sub(r"\.jsonl$", "", name.replace("\\", "/").rsplit("/", 1)[-1]),
            events=tuple(events),
            cwd=facts.get("cwd", ""),
            branch=facts.get("branch", ""),
            model=facts.get("model", ""),
            version=facts.get("version", ""),
            title=titles.get("custom-title") or titles.get("ai-title") or titles.get("summary", ""),
            started=min(times, default=None),
            ended=max(times, default=None),
            skipped=skipped,
            sha256=sha256,
            links=tuple(dict.fromkeys(self.links)),
            uuids=frozenset(self.uuids),
            left_out=self.kept.left_out,
        )
