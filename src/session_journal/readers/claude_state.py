"""What is known of a Claude Code session while its lines go by, beyond what every session has."""

from __future__ import annotations

import re
from dataclasses import field

from session_journal.core.events import Session
from session_journal.core.records import record
from session_journal.readers.fields import Record, string
from session_journal.readers.keeping import Recent
from session_journal.readers.recorder import Recorder


@record(slots=True)
class State(Recorder):
    """What is known while the lines go by."""

    titles: dict[str, str] = field(default_factory=dict)
    message_turns: Recent[str, int] = field(default_factory=Recent)
    result_turns: Recent[int, int] = field(default_factory=Recent)
    tasks: dict[str, dict[str, str]] = field(default_factory=dict)
    queued: list[tuple[str, object]] = field(default_factory=list)
    _noted: tuple[object, ...] = ()

    def note_facts(self, record: Record) -> None:
        """Keep what a record says about the session as a whole."""
        noted = (record.get("sessionId"), record.get("cwd"), record.get("gitBranch"), record.get("version"))
        if noted == self._noted:
            return
        self._noted = noted
        if string(record, "sessionId"):
            self.facts.setdefault("id", string(record, "sessionId"))
        for key, name in (("gitBranch", "branch"), ("version", "version")):
            if string(record, key) not in {"", "HEAD"}:
                self.facts[name] = string(record, key)
        if string(record, "cwd"):
            self.visit(string(record, "cwd"))

    def finish(self, name: str, skipped: int, sha256: str) -> Session:
        """Return the session of everything taken."""
        for text, stamp in self.queued:
            self.stamp = stamp
            self.prompt(text)
        titles = self.titles
        self.facts["title"] = titles.get("custom-title") or titles.get("ai-title") or titles.get("summary", "")
        self.facts.setdefault("id", re.sub(r"\.jsonl$", "", name.replace("\\", "/").rsplit("/", 1)[-1]))
        return self.session("claude-code", skipped, sha256)
