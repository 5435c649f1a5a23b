"""Statement and Pattern: what is compared, and what comes of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from operator import attrgetter

from session_journal.core.entry import Entry
from session_journal.core.formulas import CHECK, LEAD, LEFT_OVER, PASSED, SEARCHED, report
from session_journal.core.items import Item, ItemKind
from session_journal.core.records import record

_BLANKS = re.compile(r"[\W_]+")
_TAG = re.compile(r"(?<!\S)#[^\W\d_][\w/-]*")
_CODE = re.compile(r"`([^`]+)`")
_CONDUCT = ("went-well", "improve", "deviation")
RECENT = timedelta(days=28)
"""How far back a pattern counts as being met now."""


@record(frozen=True, slots=True)
class Statement:
    """One item with where it stands. `session` tells whose evidence it is: entries of one transcript share it,
    and so do two versions of one entry.
    """

    entry: str
    path: str
    session: str
    date: date
    project: str
    kind: ItemKind
    text: str
    title: str = ""
    turns: tuple[int, ...] = ()
    reviewed: bool = True

    @property
    def is_conduct(self) -> bool:
        """Tell whether the drafting counted it: how a session went is told in its words, not in a person's."""
        return bool(self.turns) and self.kind in _CONDUCT

    @property
    def point(self) -> str:
        """Return what it says, without the words by which a draft puts it."""
        if not self.turns:
            return self.text
        found = LEAD.match(self.text)
        return PASSED.sub("", self.text[found.end() :] if found else self.text)

    @property
    def checks(self) -> frozenset[str]:
        """Return the commands that a drafted report of a check names, none for any other statement."""
        return frozenset(_CODE.findall(self.text)) if self.turns and CHECK.match(self.text) else frozenset()


@record(frozen=True, slots=True)
class Pattern:
    """A point made in at least two sessions. `statement` is the member that says it best; members are by date.

    sessions counts independent ones: near-copies of one piece of work are one. ignored: a person wants none of it.
    apart: keys of the statements that a person split it off from.
    """

    statement: str
    kind: ItemKind
    members: tuple[Statement, ...]
    sessions: int
    best: Statement
    ignored: bool = False
    apart: frozenset[str] = frozenset()

    @property
    def first(self) -> date:
        """Return the day it was first seen."""
        return self.members[0].date

    @property
    def last(self) -> date:
        """Return the day it was last seen."""
        return self.members[-1].date

    @property
    def days(self) -> int:
        """Return on how many days it was seen."""
        return len({member.date for member in self.members})

    @property
    def projects(self) -> tuple[str, ...]:
        """Return the projects it was seen in, the commonest first."""
        names = [member.project for member in self.members if member.project]
        return tuple(sorted(set(names), key=lambda name: (-names.count(name), name)))

    @property
    def is_one_check(self) -> bool:
        """Tell whether it says only that one command checks the work: whoever works on a project runs its tests."""
        return bool(self.best.checks) and len(_CODE.findall(self.statement)) < 2

    @property
    def key(self) -> str:
        """Return a name that stays as evidence is added: a hash of the earliest member's words."""
        return key_of(self.members[0].text)

    def trend(self, since: date, until: date) -> str:
        """Tell how it did in a period: new, growing, or quiet (only seen before)."""
        if not any(since <= member.date <= until for member in self.members):
            return "quiet"
        return "new" if self.first >= since else "growing"

    def course(self, today: date) -> str:
        """Tell how it goes these four weeks: new, growing or steady beside the four before them, or quiet."""
        recent, before = (self._sessions(today - offset - RECENT, today - offset) for offset in (timedelta(0), RECENT))
        if not recent:
            return "quiet"
        if self.first > today - RECENT:
            return "new"
        return "growing" if recent > before else "steady"

    def _sessions(self, after: date, until: date) -> int:
        return len({member.session for member in self.members if after < member.date <= until})


def key_of(text: str) -> str:
    """Return a short hash of a statement's words, blind to case, punctuation, spacing and tags."""
    return hashlib.sha256(squash(_TAG.sub("", text)).encode("utf-8", "replace")).hexdigest()[:12]


@lru_cache(maxsize=65536)
def squash(text: str) -> str:
    """Return a statement's words alone, lower case."""
    return _BLANKS.sub(" ", text).strip().casefold()


def statements(entries: Iterable[Entry]) -> tuple[Statement, ...]:
    """Return every item that states something, oldest first; what was changed in files is no lesson."""
    found = [
        Statement(
            entry.id,
            entry.path,
            session,
            entry.date,
            entry.project,
            item.kind,
            item.text,
            entry.title,
            item.turns,
            reviewed,
        )
        for entry in entries
        if entry.type == "session"
        for session in (entry.source or str(entry.fields.get("version_of") or "") or entry.id or entry.path,)
        for reviewed in (entry.status != "draft",)
        for item in _stated(entry)
    ]
    return tuple(sorted(found, key=attrgetter("date", "path")))


_PASSING = re.compile(rf"{LEFT_OVER.pattern}|{SEARCHED} `")
"""What drafts count of one session: that two had it to do says nothing of the next."""
_RUN = re.compile(r"(\S.*?) \[t(\d{1,9})\]")


def _stated(entry: Entry) -> Iterator[Item]:
    """Yield what an entry states: its items, and in place of its reports of checks one of all that it names."""
    runs = [found for one in _listed(entry.fields.get("checks")) if (found := _RUN.fullmatch(one))]
    commands = [run[1] for run in runs]
    turns = {int(run[2]) for run in runs}
    for item in entry.items:
        if runs and item.turns and CHECK.match(item.text):
            commands += _CODE.findall(item.text)
            turns.update(item.turns)
        elif item.kind != "change" and not _PASSING.match(item.text):
            yield item
    if runs:
        yield Item("insight", report(list(dict.fromkeys(commands))), tuple(sorted(turns)))


def _listed(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
