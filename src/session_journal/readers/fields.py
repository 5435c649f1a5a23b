"""Typed access to the JSON of foreign tools: what is missing or of another type reads as empty."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from session_journal.core.events import Event

Record = dict[str, Any]


def blocks(content: Any) -> list[Record]:
    """Return the blocks of a message's content, a bare string as one text block."""
    if isinstance(content, list):
        return [block for block in content if isinstance(block, dict)]
    return [{"type": "text", "text": content}] if isinstance(content, str) else []


def texts(content: Any) -> list[str]:
    """Return the texts of a message's content."""
    if isinstance(content, str):
        return [content] if content else []
    found = [string(block, "text") for block in blocks(content) if block.get("type") in ("text", None)]
    return [text for text in found if text]


def string(record: Any, key: str) -> str:
    """Return a field where it is a string, else ""."""
    value = record.get(key) if type(record) is dict else None
    return value if type(value) is str else ""


def moment(stamp: Any) -> datetime | None:
    """Return a time as a record has it, None where it has none that names its zone."""
    try:
        time = datetime.fromisoformat(stamp) if isinstance(stamp, str) else None
    except ValueError:
        return None
    return time if time is not None and time.tzinfo else None


def time_of(record: Record) -> datetime | None:
    """Return a record's time, None where it has none that names its zone."""
    return moment(record.get("timestamp"))


def by_time(events: list[Event]) -> list[Event]:
    """Sort events by time; one without a time stays behind the one before it."""
    last = 0.0

    def key(event: Event) -> float:
        nonlocal last
        last = event.time.timestamp() if event.time else last
        return last

    return sorted(events, key=key)


def from_milliseconds(value: Any) -> datetime | None:
    """Return the time of a number of milliseconds since 1970, None where it is none."""
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not value > 0:
        return None
    try:
        return datetime.fromtimestamp(value / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def span(events: Iterable[Event]) -> tuple[datetime | None, datetime | None]:
    """Return the first and the last time of events."""
    times = [one.time for one in events if one.time]
    return min(times, default=None), max(times, default=None)
