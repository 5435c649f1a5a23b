"""Sessions as JSON lines: a line of facts, then one line for each event; keys as in docs/events.schema.json."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from datetime import datetime
from typing import Any, cast, get_args

from session_journal.core.events import Event, EventKind, Role, Session
from session_journal.core.text import clip

FORM = 1
"""The form of these lines; a later one that cannot be read as this one has another number."""

LIMITS = {"result": 5_000, "error": 5_000, "thought": 1_500, "compaction": 6_000, "tool": 1_000}
"""How many characters of a text are kept; what a person or the assistant said and what was edited is kept longer."""

LONGEST = 20_000
_TEXTS = ("cwd", "branch", "model", "title", "version", "sha256")
_TIMES = ("started", "ended")
_DEFAULTS = {field.name: field.default for field in fields(Event)}
_KINDS, _ROLES = frozenset(get_args(EventKind)), frozenset(get_args(Role))


def compact(session: Session, share: float = 1.0) -> Session:
    """Return the session with long texts clipped and without its messages' ids; `share` makes the limits smaller."""
    return replace(session, events=tuple(_clipped(event, share) for event in session.events), uuids=frozenset())


def _clipped(event: Event, share: float) -> Event:
    text = clip(event.text, int(share * LIMITS.get(event.kind, LONGEST)))
    target = clip(event.target, int(share * LONGEST))
    return event if (text, target) == (event.text, event.target) else replace(event, text=text, target=target)


def pack_event(event: Event) -> str:
    """Return an event as one line of JSON; what is empty or unknown is left out."""
    values = {name: getattr(event, name) for name in _DEFAULTS}
    return _dump({name: value for name, value in values.items() if value != _DEFAULTS[name]})


def pack(session: Session) -> Iterator[str]:
    """Yield a session's lines: first what it is and how many events follow, then the events."""
    facts: dict[str, object] = {"form": FORM, "events": len(session.events), "agent": session.agent, "id": session.id}
    more = {name: getattr(session, name) for name in (*_TEXTS, *_TIMES, "skipped", "links")}
    yield _dump(facts | {name: value for name, value in more.items() if value})
    yield from map(pack_event, session.events)


def unpack(lines: Iterable[str]) -> Session:
    """Read a session from its lines; ValueError, with what is wrong, where they are not what `pack` writes."""
    found = iter(lines)
    facts = _load(next(found, ""))
    if facts.get("form") != FORM:
        raise ValueError(f"its form is {facts.get('form')}, not {FORM}" if "form" in facts else "it is no archive")
    events = tuple(_event(_load(line)) for line in found)
    if len(events) != facts.get("events"):
        raise ValueError(f"it has {len(events)} events instead of {facts.get('events')}")
    texts: dict[str, Any] = {name: _text(facts, name) for name in ("agent", "id", *_TEXTS)}
    skipped, started, ended = _number(facts, "skipped") or 0, _time(facts, "started"), _time(facts, "ended")
    return Session(events=events, skipped=skipped, links=_links(facts), started=started, ended=ended, **texts)


def _event(values: dict[str, Any]) -> Event:
    kind, role, turn = _text(values, "kind"), _text(values, "role"), _number(values, "turn")
    if kind not in _KINDS or role not in _ROLES or turn is None:
        raise ValueError("a line of it is no event")
    texts = {name: _text(values, name) for name in ("text", "target", "call", "agent")}
    time, exit_code = _time(values, "time"), _number(values, "exit_code")
    return Event(cast("EventKind", kind), turn, cast("Role", role), time=time, exit_code=exit_code, **texts)


def _dump(values: dict[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), default=datetime.isoformat)


def _load(line: str) -> dict[str, Any]:
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("a line of it is no JSON") from None
    if not isinstance(values, dict):
        raise ValueError("a line of it is no object")  # noqa: TRY004 - one kind of error for all that is wrong
    return values


def _text(values: dict[str, Any], name: str) -> str:
    value = values.get(name, "")
    if not isinstance(value, str):
        raise ValueError(f"{name} is no text")  # noqa: TRY004 - see _load
    return value


def _number(values: dict[str, Any], name: str) -> int | None:
    value = values.get(name)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise ValueError(f"{name} is no number")
    return value


def _time(values: dict[str, Any], name: str) -> datetime | None:
    value = _text(values, name)
    time = datetime.fromisoformat(value) if value else None
    if time and (time.tzinfo is None or not 1 < time.year < 9999):
        raise ValueError(f"{name} is no moment")
    return time


def _links(values: dict[str, Any]) -> tuple[str, ...]:
    links = values.get("links", [])
    if not isinstance(links, list) or not all(isinstance(link, str) for link in links):
        raise ValueError("links are no texts")
    return tuple(links)
