"""What is kept of a session while its file is read: memory stays the same however long the file is."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from sys import getsizeof
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from session_journal.core.events import Event, EventKind
from session_journal.core.records import record
from session_journal.core.text import clean, clip, cut, strip_wrappers

BUDGET = 24 * 1024 * 1024
"""How many bytes the events of one session may take."""
RESULT_LIMIT = 8_000
"""How many characters of a call's result are kept."""
MOST_IDS = 30_000
"""How many ids of messages are remembered: the first ones, by which a session is known that goes on in another file."""
_BARE = 288
"""What an event takes without its texts: itself, its turn, its time, the name of its call, its place in a list."""
_RECENT = 2_048

Key = TypeVar("Key")
Value = TypeVar("Value")


class Recent(OrderedDict[Key, Value]):
    """A mapping that forgets its oldest entries: what lines refer to stands shortly before them."""

    def __init__(self, most: int = _RECENT) -> None:
        super().__init__()
        self._most = most

    def __setitem__(self, key: Key, value: Value) -> None:
        super().__setitem__(key, value)
        if len(self) > self._most:
            self.popitem(last=False)


class Origin(NamedTuple):
    """What a result needs of the call that it answers; `call` is its id, kept once for both."""

    call: str
    kind: EventKind
    target: str
    turn: int


@record(frozen=True, slots=True)
class Level:
    """How much stays of each event. texts: characters by kind, a kind that is not named is left out whole."""

    texts: Mapping[EventKind, int]
    target: int


def _level(target: int, **texts: int) -> Level:
    return Level(MappingProxyType(texts), target)  # type: ignore[arg-type]


_LEVELS = (
    _level(
        2_000, prompt=16_000, reply=4_000, thought=1_000, command=2_000, edit=2_000, read=0, search=200, tool=400,
        plan=2_000, result=1_500, error=1_500, interruption=200, compaction=8_000,
    ),
    _level(
        1_000, prompt=8_000, reply=1_000, thought=200, command=200, edit=400, read=0, search=100, tool=100,
        plan=400, result=400, error=400, interruption=100, compaction=2_000,
    ),
    _level(
        400, prompt=2_000, reply=300, command=0, edit=100, tool=0, plan=100, result=100, error=200, interruption=50,
        compaction=400,
    ),
    _level(200, prompt=500, reply=100, command=0, edit=0, result=0, error=80, interruption=0, compaction=100),
    _level(120, prompt=160, command=0, edit=0, result=0, error=0, interruption=0, compaction=0),
)  # fmt: skip


class Kept:
    """The events of a session within BUDGET: when it is used up, all are clipped harder, those already kept too.

    Prompts, commands with their exit codes, and the paths of edits stay to the last; then every second pair of them is
    left out of the middle, again and again. `left_out` counts the events that are missing whole.
    """

    def __init__(self, budget: int = BUDGET) -> None:
        self.events: list[Event] = []
        self.left_out = 0
        self._budget, self._size, self._depth = budget, 0, 0

    def add(self, event: Event) -> None:
        """Keep an event, as much of it as there is room for."""
        if self._depth:
            self._append(event)
        else:
            self.events.append(event)
            self._size += _size(event)
        while self._size > self._budget and len(self.events) > 2:
            self._tighten()

    def replace_last(self, event: Event) -> None:
        """Put an event in the place of the one added last."""
        if self.events:
            self._size -= _size(self.events.pop())
        self.add(event)

    def _append(self, event: Event) -> None:
        made = self._clipped(event)
        if made is None:
            self.left_out += 1
            return
        self.events.append(made)
        self._size += _size(made)

    def _clipped(self, event: Event) -> Event | None:
        return _clipped(event, _LEVELS[min(self._depth, len(_LEVELS)) - 1]) if self._depth else event

    def _tighten(self) -> None:
        """Clip or leave out what is kept, in place: a second list would take as much memory again."""
        self._depth += 1
        events, kept, self._size = self.events, 0, 0
        quarter = len(events) // 4
        thin = self._depth > len(_LEVELS)
        for at, event in enumerate(events):
            between = quarter <= at < len(events) - quarter  # both ends tell the most
            made = None if thin and between and at // 2 % 2 else self._clipped(event)
            if made is not None:
                events[kept] = made
                kept += 1
                self._size += _size(made)
        self.left_out += len(events) - kept
        del events[kept:]


def printed(raw: str, limit: int = RESULT_LIMIT) -> str:
    """Return what a tool printed, without wrappers and terminal codes, within limit characters."""
    return clean(clip(strip_wrappers(raw), limit))


def _size(event: Event) -> int:
    return _BARE + (getsizeof(event.text) if event.text else 0) + (getsizeof(event.target) if event.target else 0)


def _clipped(event: Event, level: Level) -> Event | None:
    """Return what stays of an event, None when nothing does. A result stays only for what it tells beyond its text."""
    limit = level.texts.get(event.kind)
    if limit is None or (event.kind == "result" and not limit and event.exit_code is None):
        return None
    target = event.target if event.kind == "edit" else _cut(event.target, level.target)  # a cut path names no file
    if len(event.text) <= limit and len(target) == len(event.target):
        return event
    text = clip(event.text, limit) if limit > 300 else _cut(event.text, limit) if limit else ""
    return Event(event.kind, event.turn, event.role, text, target, event.time, event.call, event.exit_code, event.agent)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{cut(text, limit - 1)}…"
