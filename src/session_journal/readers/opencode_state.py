"""What is known of a session of opencode while its messages go by."""

from __future__ import annotations

import hashlib
import re
from dataclasses import field
from typing import Any

from session_journal.core.events import Session
from session_journal.core.records import record
from session_journal.core.text import clean, drop_private, fold
from session_journal.readers.elements import decode
from session_journal.readers.fields import Record, span, string
from session_journal.readers.keeping import MOST_IDS
from session_journal.readers.opencode_messages import is_by_user, model_of, turns_of, turns_of_row
from session_journal.readers.turns import Turn, Turns

_UNNAMED = re.compile(r"(?:New|Child) session - \d{4}-")
"""How a session is called that has no title yet."""


@record(slots=True)
class State:
    """One session and what was done for it in sessions below it. info: the session's record, by the names in files.

    revert: the message (and perhaps the part) from which on the user has taken everything back.
    """

    info: Record
    agent: str = ""
    turns: Turns = field(default_factory=Turns)
    model: str = ""
    skipped: int = 0
    uuids: set[str] = field(default_factory=set)
    hash: Any = field(default_factory=hashlib.sha256)
    revert: tuple[str, str] = ("", "")
    reverted: bool = False
    by_user: bool = False

    def begin(self, info: Record) -> None:
        """Begin a session: the one itself, or one below it, which is a sub-agent's."""
        self.agent = "" if info is self.info else string(info, "id") or "sub-agent"
        revert = info.get("revert")
        self.revert = (string(revert, "messageID"), string(revert, "partID"))
        self.reverted = self.by_user = False

    def load(self, raw: bytes | None) -> Record | None:
        """Return a record from its bytes; what is none is counted."""
        self.hash.update(raw or b"")
        record = decode(raw or b"")
        if not isinstance(record, dict):
            self.skipped += 1
            return None
        return record

    def take(self, key: str, info: Record, parts: list[Record]) -> None:
        """Add a message with its parts; earlier versions kept them inside it."""
        inside = info.get("parts")
        parts = parts or ([one for one in inside if isinstance(one, dict)] if isinstance(inside, list) else [])
        if self._is_reverted(key):
            ids = [string(part, "id") for part in parts]
            parts = parts[: ids.index(self.revert[1])] if key == self.revert[0] and self.revert[1] in ids else []
            if not parts:
                return
        self._add(key, info, turns_of(info, parts, by_user=self.by_user))
        self.by_user = is_by_user(parts)

    def take_row(self, key: str, kind: str, data: Record) -> None:
        """Add a message of the later schema."""
        if not self._is_reverted(key):
            self._add(key, data, turns_of_row(kind, data))

    def _is_reverted(self, key: str) -> bool:
        self.reverted = self.reverted or (bool(key) and key == self.revert[0])
        return self.reverted

    def _add(self, key: str, info: Record, turns: list[Turn]) -> None:
        if not self.agent:
            self.model = model_of(info) or self.model
            if key and len(self.uuids) < MOST_IDS:
                self.uuids.add(key)
        for turn in turns:
            if turn and turn[0].kind == "compaction":
                self._drop_empty_compaction()
            self.turns.add(turn, self.agent)

    def _drop_empty_compaction(self) -> None:
        """Take out the mark of a compaction where the summary itself follows."""
        last = self.turns.kept.events[-1] if self.turns.kept.events else None
        if last is not None and last.kind == "compaction" and not last.text:
            self.turns.drop_from(last.turn)

    def session(self) -> Session:
        """Return the session of everything taken."""
        self.turns.order()
        cwd = string(self.info, "directory")
        events = self.turns.events(tuple(dict.fromkeys([cwd.replace("\\", "/").rstrip("/"), cwd])) if cwd else ())
        started, ended = span(events)
        title = fold(drop_private(clean(string(self.info, "title"))))
        return Session(
            agent="opencode",
            id=string(self.info, "id"),
            events=events,
            cwd=cwd,
            model=fold(clean(self.model)),
            title="" if _UNNAMED.match(title) else title,
            version=string(self.info, "version"),
            started=started,
            ended=ended,
            skipped=self.skipped,
            sha256=self.hash.hexdigest(),
            uuids=frozenset(self.uuids),
            left_out=self.turns.kept.left_out,
        )
