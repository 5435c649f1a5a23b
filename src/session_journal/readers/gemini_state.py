"""What is known of a Gemini CLI session while its records go by: messages can still be replaced and taken back."""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import field
from itertools import groupby
from typing import Any

from session_journal.core.events import Session
from session_journal.core.records import record
from session_journal.core.text import clean, drop_private, fold
from session_journal.readers.fields import Record, span, string
from session_journal.readers.gemini_messages import ACKNOWLEDGED, paths_in
from session_journal.readers.keeping import MOST_IDS
from session_journal.readers.turns import Turn, Turns

_OPEN = 6 * 1024 * 1024
"""How many bytes of messages stay open to be replaced; older ones are settled, so that memory stays small."""
_LOOKS = 300
"""In how many messages the project's folder is looked for."""
_LOOKED_AT = 600
_PATH = re.compile(r"""(?:(?<![\w.~/\\-])/|\b[A-Za-z]:[\\/])[^\s"'`<>|:*?,;()\[\]]+""")
_PLAIN_PATH = re.compile(r"""/(?<![\w.~/\\-]/)[^\s"'`<>|:*?,;()\[\]]+""")
"""The same where no drive is named, which is found much faster."""
_WORKING = re.compile(r"\[(?:current working directory|in) ([^\]\n]+)\]")

Message = tuple[int, list[Turn]]
"""Size in bytes, and turns."""


UNNAMED = "\0"
"""What the ids begin with that messages get here: they tell nothing about where a session goes on."""


@record(slots=True)
class State:
    """What is known while the records go by. agent: the sub-agent whose file it is."""

    agent: str = ""
    root: str = ""
    facts: Record = field(default_factory=dict)
    model: str = ""
    understood: bool = False
    messages: OrderedDict[str, Message] = field(default_factory=OrderedDict)
    size: int = 0
    settled: dict[str, int] = field(default_factory=dict)
    turns: Turns = field(default_factory=Turns)
    cwd: str = ""
    paths: dict[str, None] = field(default_factory=dict)
    tried: set[str] = field(default_factory=set)
    looks: int = _LOOKS
    sub_agents: list[State] = field(default_factory=list)

    def note(self, facts: Record) -> None:
        """Keep what is said about the session as a whole."""
        self.facts.update({key: value for key, value in facts.items() if value is not None})
        self.understood = self.understood or bool(string(facts, "sessionId") or string(facts, "projectHash"))

    def note_message(self, message: Record) -> None:
        """Keep what a message tells beside its events: the model, and paths by which the project is found."""
        self.understood = True
        self.model = string(message, "model") or self.model
        if not self.cwd and self.looks and message.get("toolCalls"):
            self._look_for_folder(message)

    def _look_for_folder(self, message: Record) -> None:
        """Look for the project's folder among the paths in a message.

        The transcript names the folder by its hash alone, so a path in it is the folder or it is not.
        """
        self.looks -= 1
        texts = [text[:_LOOKED_AT] for text in paths_in(message)]
        looked_at = "\n".join(texts)
        pattern = _PATH if ":/" in looked_at or ":\\" in looked_at else _PLAIN_PATH
        self.paths.update(dict.fromkeys(_WORKING.findall(looked_at) + pattern.findall(looked_at)))
        self.paths.update(dict.fromkeys([text for text in texts if text[:1] == "/" or text[1:3] in {":\\", ":/"}]))
        if string(self.facts, "projectHash"):
            self.cwd = self._folder(self.paths)
            self.paths.clear()

    def put(self, key: str, turns: list[Turn]) -> None:
        """Add a message, or put it in the place of the one with its id."""
        if key in self.settled:
            return
        old = self.messages.get(key)
        size = sum([len(one.text) + len(one.target) + 300 for turn in turns for one in turn])
        self.messages[key] = (size, turns)
        self.size += size - (old[0] if old else 0)
        while self.size > _OPEN and len(self.messages) > 1:
            self._settle()

    def rewind(self, key: str) -> None:
        """Take back a message and all after it; all when it is not known, as the tool itself does."""
        known = list(self.messages)
        if key in self.messages:
            gone = known[known.index(key) :]
        else:
            gone = known
            turn = self.settled.get(key, 1)
            self.turns.drop_from(turn)
            self.settled = {one: at for one, at in self.settled.items() if at < turn}
        for one in gone:
            self.size -= self.messages.pop(one)[0]

    def rebuild(self, messages: list[tuple[str, list[Turn]]]) -> None:
        """Begin again with these messages.

        Where a summary took the place of older ones the story did not change: those stay, and the summary comes
        behind them.
        """
        if any(one.kind == "compaction" for _, turns in messages for turn in turns for one in turn):
            for key, turns in messages:
                if key not in self.messages and key not in self.settled and not _is_acknowledgement(turns):
                    self.put(key, turns)
            return
        self.messages, self.size, self.settled, self.turns = OrderedDict(), 0, {}, Turns()
        for key, turns in messages:
            self.put(key, turns)

    def _settle(self) -> None:
        """Number the turns of the oldest message: it is not replaced any more."""
        key, (size, turns) = self.messages.popitem(last=False)
        self.size -= size
        if len(self.settled) < MOST_IDS:
            self.settled[key] = self.turns.count + 1
        agent = self._agent()
        for turn in turns:
            self.turns.add(turn, agent)

    def _agent(self) -> str:
        is_part = not self.agent and self.facts.get("kind") == "subagent"
        return (string(self.facts, "sessionId") or "sub-agent") if is_part else self.agent

    def session(self, name: str, skipped: int, sha256: str) -> Session:
        """Return the session of everything taken."""
        uuids = frozenset(key for key in (*self.settled, *self.messages) if not key.startswith(UNNAMED))
        self.finish()
        cwd = self._find_cwd()
        events = self.turns.events((cwd,) if cwd else ())
        started, ended = span(events)
        return Session(
            agent="gemini",
            id=string(self.facts, "sessionId") or re.sub(r"\.jsonl?$", "", name.replace("\\", "/").rsplit("/", 1)[-1]),
            events=events,
            cwd=cwd,
            model=self.model,
            title=fold(drop_private(clean(string(self.facts, "summary")))),
            started=started,
            ended=ended,
            skipped=skipped,
            sha256=sha256,
            uuids=uuids,
            left_out=self.turns.kept.left_out,
        )

    def finish(self) -> None:
        """Settle what is open, and what sub-agents did among it by its time."""
        while self.messages:
            self._settle()
        for one in self.sub_agents:
            one.finish()
            for _, turn in groupby(one.turns.kept.events, key=lambda event: event.turn):
                self.turns.add(list(turn))
        if self.sub_agents:
            self.turns.order()

    def _find_cwd(self) -> str:
        directories = self.facts.get("directories")
        given = [one for one in directories if isinstance(one, str)] if isinstance(directories, list) else []
        return self.cwd or self._folder([*given, self.root, *self.paths]) or self.root

    def _folder(self, paths: Iterable[str]) -> str:
        """Return the one path, or folder above one, that has the project's hash."""
        wanted = string(self.facts, "projectHash")
        for path in paths:
            folder = path.rstrip("/\\.,")
            while folder and folder not in self.tried:
                self.tried.add(folder)
                if hashlib.sha256(folder.encode("utf-8", "replace")).hexdigest() == wanted:
                    return folder
                folder = folder[: max(folder.rfind("/"), folder.rfind("\\"), 0)]
        return ""


def _is_acknowledgement(turns: list[Turn]) -> bool:
    said: list[Any] = [one.text for turn in turns for one in turn]
    return said == [ACKNOWLEDGED]
