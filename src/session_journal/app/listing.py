"""The entries that match some filters, and what to say about the files that cannot be read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from shlex import quote

from session_journal.app.dates import read_span
from session_journal.core.entry import Entry
from session_journal.core.records import record
from session_journal.errors import UsageError
from session_journal.store.entries import Problem


@record(frozen=True, slots=True)
class Filter:
    """Which entries are wanted; an empty field does not narrow. Tags are all wanted, the others fold case."""

    since: date | None = None
    until: date | None = None
    project: str = ""
    tags: tuple[str, ...] = ()
    kind: str = ""
    status: str = ""


def make_filter(
    now: datetime,
    since: str = "",
    until: str = "",
    project: str = "",
    tags: Sequence[str] = (),
    kind: str = "",
    status: str = "",
) -> Filter:
    """Read the filters as they were typed."""
    first = read_span(since, now)[0] if since else None
    last = read_span(until, now)[1] if until else None
    if first and last and last < first:
        raise UsageError(f"--until {last} comes before --since {first}")
    return Filter(first, last, project, tuple(tag.lstrip("#") for tag in tags), kind, status)


def select(entries: Iterable[Entry], wanted: Filter) -> list[Entry]:
    """Keep the entries that match, in their order."""
    return [entry for entry in entries if _in_time(entry, wanted) and _matches(entry, wanted)]


def _in_time(entry: Entry, wanted: Filter) -> bool:
    return (wanted.since is None or entry.date >= wanted.since) and (wanted.until is None or entry.date <= wanted.until)


def _matches(entry: Entry, wanted: Filter) -> bool:
    pairs = ((wanted.project, entry.project), (wanted.kind, entry.kind), (wanted.status, entry.status))
    if any(want and want.casefold() != has.casefold() for want, has in pairs):
        return False
    has_tags = {tag.casefold() for tag in entry.tags}
    return all(tag.casefold() in has_tags for tag in wanted.tags)


def summarise(entry: Entry) -> dict[str, object]:
    """Return what a list says about an entry; every key is always there."""
    return {
        "id": entry.id, "path": entry.path, "date": entry.date.isoformat(), "title": entry.title, "type": entry.type,
        "status": entry.status, "visibility": entry.visibility, "project": entry.project, "agent": entry.agent,
        "kind": entry.kind, "outcome": entry.outcome, "tags": list(entry.tags),
    }  # fmt: skip


def advise(problem: Problem) -> str:
    """Return the command that mends a file, "" where an editor cannot."""
    beyond = ("a symbolic link", "not a regular file", "cannot be read", "its file name")
    return "" if problem.message.startswith(beyond) else f"journal edit {quote(problem.path)}"


def describe(problem: Problem) -> str:
    """Say which file cannot be read, where, and why."""
    place = f"{problem.path}:{problem.line}" if problem.line else problem.path
    return f"{place}: {problem.message}"
