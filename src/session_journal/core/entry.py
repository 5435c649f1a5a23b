"""Entry: one file of the journal about one session of work, as the rest of the tool reads it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import field

from session_journal.core import document, sections
from session_journal.core.items import Item
from session_journal.core.records import record
from session_journal.errors import DocumentError

_DATED = re.compile(r"(\d{4}-\d{2}-\d{2})[-_ ]?(.*)")
_STATUS = ("draft", "final")
LEVELS = ("self", "team", "public")
"""Whom an entry may reach, the fewest first."""


@record(frozen=True, slots=True)
class Entry:
    """An entry; path is relative to the journal's root, with `/`.

    What the front matter leaves out: the title comes from the first heading or the file name, the date from the file
    name; a file without a status was written by a person and is final; without a visibility it is the writer's own.
    `fields` holds all of the front matter. `effectiveness` is 0 where nobody judged it.
    """

    path: str
    id: str
    title: str
    date: dt.date
    type: str = "session"
    status: str = "final"
    visibility: str = "self"
    project: str = ""
    agent: str = ""
    kind: str = ""
    outcome: str = "unknown"
    effectiveness: int = 0
    tags: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()
    source: str = ""
    created: dt.datetime | None = None
    fields: dict[str, object] = field(default_factory=dict, hash=False)
    body: str = ""
    items: tuple[Item, ...] = ()

    @property
    def name(self) -> str:
        """Return the file's name without its folder and `.md`."""
        return name_of(self.path)

    @property
    def slug(self) -> str:
        """Return the file's name without its date."""
        dated = _DATED.fullmatch(self.name)
        return (dated[2] if dated else "") or self.name

    @property
    def is_drafted(self) -> bool:
        """Tell whether nobody but the drafting wrote it."""
        return self.status == "draft" or bool(self.fields.get("drafted_by"))

    @property
    def order(self) -> tuple[dt.date, float, str]:
        """Return what entries are sorted by: day, then the time they were made, then path."""
        return self.date, moment(self.created), self.path


def read(data: bytes, path: str, find: Callable[[str], tuple[Item, ...]] = sections.items) -> Entry:
    """Read an entry's file; DocumentError with path:line where it cannot be read or has no date at all.

    An unresolved conflict cannot be read either: both sides would count as said.

    find: returns the items of a body, for who has them already.
    """
    document.refuse_conflict(data, path)
    doc = document.parse(data, path)
    values = document.fields(doc, path)
    created = values.get("created")
    return Entry(
        path=path,
        id=_text(values, "id"),
        title=_text(values, "title") or _headline(doc.body) or _spoken(path),
        date=_date(values, path),
        type=_text(values, "type") or "session",
        status=_one_of(values, "status", _STATUS, "final"),
        visibility=_one_of(values, "visibility", LEVELS, "self"),
        project=_text(values, "project"),
        agent=_text(values, "agent"),
        kind=_text(values, "kind"),
        outcome=_text(values, "outcome") or "unknown",
        effectiveness=_effectiveness(values.get("effectiveness")),
        tags=tuple(tag.lstrip("#") for tag in _list(values.get("tags"), ", ")),
        goals=_list(values.get("goals")),
        source=_text(values, "source"),
        created=created if isinstance(created, dt.datetime) else None,
        fields=values,
        body=doc.body,
        items=find(doc.body),
    )


def name_of(path: str) -> str:
    """Return a path's file name without `.md`."""
    name = path.rpartition("/")[2]
    return name[:-3] if name.lower().endswith(".md") else name


def moment(created: dt.datetime | None) -> float:
    """Return a time as seconds for sorting; one without an offset counts as UTC, none at all as the earliest."""
    if created is None:
        return float("-inf")
    return (created if created.tzinfo else created.replace(tzinfo=dt.UTC)).timestamp()


def _text(values: dict[str, object], key: str) -> str:
    value = values.get(key)
    return "" if value is None or isinstance(value, (list, dict)) else str(value).strip()


def _one_of(values: dict[str, object], key: str, known: tuple[str, ...], default: str) -> str:
    text = _text(values, key).lower()
    return text if text in known else default


def _effectiveness(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 5 else 0


def _list(value: object, separators: str = "") -> tuple[str, ...]:
    if isinstance(value, str):
        value = re.split(f"[{re.escape(separators)}]+", value) if separators else [value]
    if not isinstance(value, (list, tuple)):
        value = [] if value is None else [value]
    return tuple(text for text in (str(part).strip() for part in value if part is not None) if text)


def _date(values: dict[str, object], path: str) -> dt.date:
    dated = _DATED.fullmatch(name_of(path))
    for value in (values.get("date"), dated[1] if dated else None, values.get("created"), values.get("updated")):
        found = _day(value)
        if found is not None:
            return found
    raise DocumentError(f"{path}:1: the entry has no date", "add a line to its front matter: `date: 2026-11-20`")


def _day(value: object) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value).strip()[:10])
    except ValueError:
        return None


def _headline(body: str) -> str:
    found = (section for section in sections.split(body) if 1 <= section.level <= 2 and not section.known)
    return next((section.heading for section in found if section.heading), "")


def _spoken(path: str) -> str:
    dated = _DATED.fullmatch(name_of(path))
    words = ((dated[2] if dated else "") or name_of(path)).replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]
