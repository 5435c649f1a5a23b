"""Handoff: where a project's last sessions ended, what they left open, and what comes next, on half a page.

Everything is told as an entry tells it, with the entry it comes from; what no entry says is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import takewhile

from session_journal.core import accounts
from session_journal.core.entry import Entry
from session_journal.core.excerpts import cut_short
from session_journal.core.formulas import NO_TRACE, NOT_DONE, PUT_BACK
from session_journal.core.intention import is_ahead
from session_journal.core.items import Item
from session_journal.core.open_ends import End
from session_journal.core.pages import Page, Passage
from session_journal.core.patterns import distinct
from session_journal.core.pointing import dangles
from session_journal.core.reading import safe
from session_journal.core.records import record
from session_journal.core.resolved import resolved_in
from session_journal.core.text import age_in_words
from session_journal.core.unresolved import is_unresolved

MOST_SESSIONS = 10
REACH = timedelta(days=14)
"""Sessions so long before the last one are another matter."""
MOST_LINES = 25
MOST = {"next": 3, "open": 5, "tried": 3, "deviations": 3, "files": 3}
TITLES = {
    "next": "Next step", "open": "Open", "tried": "Not resolved", "deviations": "Deviations from plan",
    "files": "Changed, no commit recorded",
}  # fmt: skip
_LONGEST = 180
_FILES = 4

_VERDICT = re.compile(r"(?:Done|Partly done|Blocked|Abandoned|Unknown|Outcome unknown): ")
_PUT_BACK = re.compile(rf"{PUT_BACK}\b|\b(?:reverted|rolled back|put back|undone)\b", re.IGNORECASE)
_PLANNED = re.compile(rf"(?:{NOT_DONE}|{NO_TRACE}): (.+)")
_COMMITTED = re.compile(r"\b(?:committed|merged|pushed)\b", re.IGNORECASE)
_PATH = re.compile(r"`([^`\s]*[./][^`\s]*)`")
_NOT_MADE = re.compile(r"edit declined, not made|\bmerge conflict resolved\b")


@record(frozen=True, slots=True)
class Told:
    """One statement of a hand-off with the entry it comes from.

    kind: of the item, "" for a session's own account; said: the item's words, where it is one item.
    """

    text: str
    entry: str
    path: str
    date: date
    draft: bool
    kind: str = ""
    id: str = ""
    said: str = ""

    @property
    def line(self) -> str:
        """Return it as one bullet with its source."""
        return f"- {self.text} [{_source(self)}]{' (draft)' if self.draft else ''}"


@record(frozen=True, slots=True)
class Handoff:
    """Where a project stands. sessions: its last ones, newest first; parts: what TITLES names, the most pressing first.

    more: how many open ends are left out.
    """

    project: str
    sessions: tuple[Told, ...] = ()
    parts: dict[str, tuple[Told, ...]] | None = None
    more: int = 0

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to hand over."""
        return not self.sessions


def session_of(page: Page, passages: Sequence[Passage]) -> Entry:
    """Return as much of an entry as a hand-off needs, as the index has it."""
    return accounts.entry_of(page, passages, accounts.body_of(passages))


def hand_off(
    project: str,
    entries: Sequence[Entry],
    ends: Iterable[End],
    today: date,
    over: Collection[tuple[str, str]] | None = None,
) -> Handoff:
    """Return the hand-off of a project.

    entries: its latest sessions, in any order; ends: those of the project that are open. over: which challenges of
    the entries are over (see `resolved_in`), where the caller has worked it out.
    """
    last = sorted(entries, key=lambda entry: entry.order, reverse=True)
    last = [entry for entry in last if entry.date >= last[0].date - REACH][:MOST_SESSIONS]
    if not last:
        return Handoff(project)
    opened = list(ends)
    following = _next(last, {(one.path, one.text) for end in opened for one in end.mentions})
    said = {_words(one.text) for one in following}
    clear = [end for end in opened if not (end.is_draft and dangles(end.text))]
    shown = [one for one in _open(clear, last, today) if _words(_bare(one.text)) not in said]
    parts = {
        "next": following,
        "open": tuple(shown[: MOST["open"]]),
        "tried": _tried(last, resolved_in(last) if over is None else over),
        "deviations": _deviations(last),
        "files": _files(last),
    }
    sessions = tuple(_session(entry, newest=entry is last[0]) for entry in last)
    return Handoff(project, sessions, parts, len(shown) - len(parts["open"]))


def render(found: Handoff, today: date) -> str:
    """Return a hand-off as at most MOST_LINES lines of markdown; "" for an empty one."""
    if found.is_empty:
        return ""
    parts = {name: list(told) for name, told in (found.parts or {}).items() if told}
    more = found.more
    while len(lines := _lines(found, parts, today, more)) > MOST_LINES:
        longest = max(reversed(parts), key=lambda name: len(parts[name]))
        parts[longest].pop()
        more += longest == "open"
        parts = {name: told for name, told in parts.items() if told}
    return "\n".join(lines)


def _lines(found: Handoff, parts: dict[str, list[Told]], today: date, more: int) -> list[str]:
    newest, *older = found.sessions
    ended = f"Last session, {newest.date} ({_ago(newest.date, today)}): {newest.text}"
    head = f"# Hand-off: {found.project}" if found.project else "# Hand-off"
    lines = [head, "", replace(newest, text=ended).line, *(one.line for one in older[:2])]
    for name, told in parts.items():
        lines += ["", f"## {TITLES[name]}", *(one.line for one in told)]
        if name == "open" and more > 0:
            lines.append(f"- and {more} more")
    return lines


def _session(entry: Entry, *, newest: bool) -> Told:
    outcome = {"unknown": "outcome not recorded", "partial": "partly done"}.get(entry.outcome, entry.outcome)
    told = accounts.openings(entry) if newest else []
    gist = _VERDICT.sub("", told[-1]) if told else ""
    text = f"{entry.title} ({outcome})" + ("; it ended with" if len(told) > 1 else "")
    return _told(entry, f"{text}: {cut_short(gist, _LONGEST)}" if gist else text)


def _told(entry: Entry, text: str, kind: str = "", said: str = "") -> Told:
    words = " ".join(safe(text).split())
    return Told(words, entry.id, entry.path, entry.date, entry.status == "draft", kind, said=said)


def _next(last: Sequence[Entry], undone: Collection[tuple[str, str]]) -> tuple[Told, ...]:
    """Return what the newest session meant to come next, else what it left of its plan.

    undone: path and words of what is open; an action may have been done since, in another entry.
    """
    for entry in _ahead(last):
        items = [item for item in entry.items if item.mark != "x"]
        meant = [(item.text, item) for item in items if item.kind == "next" and is_ahead(item)]
        tasks = (item for item in items if item.kind == "action" and (entry.path, safe(item.text)) in undone)
        meant += [(item.text, item) for item in tasks]
        planned = ((_PLANNED.fullmatch(item.text), item) for item in entry.items if item.kind == "deviation")
        found = meant or [(match[1], item) for match, item in planned if match]
        found = [(text, item) for text, item in found if not (item.turns and dangles(text))]
        if found:
            chosen = [found[place] for place in distinct([text for text, _ in found], MOST["next"])]
            return tuple(_told(entry, cut_short(text, _LONGEST), "next", item.text) for text, item in chosen)
    return ()


def _ahead(last: Sequence[Entry]) -> Iterator[Entry]:
    """Yield the sessions whose next step may still be ahead, newest first.

    What an older one meant to do is done, or not wanted any more, once a later one is done, unless that one worked on
    other files.
    """
    finished: list[set[str]] = []
    for entry in last:
        mine = set(_changed(entry))
        if all(mine and done and mine.isdisjoint(done) for done in finished):
            yield entry
        if entry.outcome == "done":
            finished.append(mine)


def _changed(entry: Entry) -> list[str]:
    return [path for item in entry.items if item.kind == "change" for path in _paths(item)]


def pressing(ends: Iterable[End], recent: Collection[str]) -> list[End]:
    """Return ends in the order in which they matter now: of the latest sessions (paths) first, then the newest."""
    return sorted(ends, key=lambda end: (end.newest.path in recent, end.mark == "/", end.newest.order), reverse=True)


def _ago(day: date, today: date) -> str:
    if day > today:
        return f"dated {age_in_words((day - today).days)} ahead"
    age = age_in_words((today - day).days)
    return age if day == today else f"{age} ago"


def _open(ends: Iterable[End], last: Sequence[Entry], today: date) -> list[Told]:
    """Return what is open, and for how long."""
    found = []
    for end in pressing(ends, {entry.path for entry in last}):
        age, state = age_in_words(end.age(today)), "" if end.state == "open" else f"{end.state}, "
        since = "since today" if age == "today" else f"for {age}"
        text = f"{end.kind}: {cut_short(end.text, _LONGEST)} ({state}open {since}, {end.id})"
        one = end.newest
        found.append(Told(text, one.entry, one.path, one.date, end.is_draft, end.kind, end.id))
    return found


def _bare(text: str) -> str:
    return re.sub(r"^(?:action|gap|question): | \([^()]*\)$", "", text)


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _tried(last: Sequence[Entry], over: Collection[tuple[str, str]]) -> tuple[Told, ...]:
    """Return what was tried and came to nothing: challenges without a resolution, and changes that were put back."""
    failed = (one for one in _items(_still_at_it(last), is_unresolved) if (one.path, one.said) not in over)
    return _first([*failed, *_items(last, _is_put_back)], "tried")


def _still_at_it(last: Sequence[Entry]) -> list[Entry]:
    """Return the sessions of which no later one that ended well changed a file again: what failed then works now."""
    done: set[str] = set()
    found = []
    for entry in last:
        changed = set(_changed(entry))
        if not changed & done:
            found.append(entry)
        if entry.outcome == "done":
            done |= changed
    return found


def _is_put_back(item: Item) -> bool:
    return item.kind == "deviation" and _PUT_BACK.search(item.text) is not None


def _deviations(last: Sequence[Entry]) -> tuple[Told, ...]:
    return _first(_items(last, lambda item: item.kind == "deviation" and not _is_put_back(item)), "deviations")


def _items(last: Sequence[Entry], fits: Callable[[Item], bool]) -> Iterator[Told]:
    for entry in last:
        for item in entry.items:
            if fits(item):
                yield _told(entry, cut_short(item.text, _LONGEST), item.kind, item.text)


def _first(found: Iterable[Told], part: str) -> tuple[Told, ...]:
    told = list(found)
    return tuple(told[place] for place in distinct([one.text for one in told], MOST[part]))


def _files(last: Sequence[Entry]) -> tuple[Told, ...]:
    """Return the files that sessions changed since the last one, newest first, that tells of a commit.

    How an older one left the repository was for that one to see to. A person who wrote that a session is done need not
    write that it was committed as well.
    """
    settled: set[str] = set()
    found = []
    for entry in takewhile(_left_changes, last):
        new = [path for path in dict.fromkeys(_changed(entry)) if path not in settled]
        settled.update(new)
        if new:
            found.append(_told(entry, _listed(new), "change"))
    return tuple(found[: MOST["files"]])


def _left_changes(entry: Entry) -> bool:
    drafted = any(item.turns for item in entry.items)
    return not _is_committed(entry) and (drafted or entry.outcome not in {"done", "unknown"} or not _changed(entry))


def _paths(item: Item) -> list[str]:
    return [] if _NOT_MADE.search(item.text) else _PATH.findall(item.text)[:1]


def _is_committed(entry: Entry) -> bool:
    return any(_COMMITTED.search(line) for line in accounts.lines(entry))


def _listed(paths: Sequence[str]) -> str:
    shown = ", ".join(f"`{path}`" for path in paths[:_FILES])
    return f"{shown} and {len(paths) - _FILES} more" if len(paths) > _FILES else shown


def _source(one: Told) -> str:
    name = one.entry[:8] or one.path.rpartition("/")[2].removesuffix(".md")
    return f"{name} {one.date.isoformat()}"


def plain(found: Handoff) -> dict[str, object]:
    """Return a hand-off as JSON shows it; every key is always there."""
    parts = found.parts or {}
    return {
        "project": found.project,
        "sessions": [_plain(one) for one in found.sessions],
        **{name: [_plain(one) for one in parts.get(name, ())] for name in TITLES},
        "more": found.more,
    }


def _plain(one: Told) -> dict[str, object]:
    return {
        "text": one.text, "kind": one.kind, "id": one.id, "entry": one.entry, "path": one.path, "date": one.date,
        "draft": one.draft,
    }  # fmt: skip
