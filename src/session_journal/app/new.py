"""A new entry from words at hand: where it goes, what it holds, and the one commit that keeps it."""

from __future__ import annotations

import os

from session_journal.core.document import compose, dump
from session_journal.core.redact import redact
from session_journal.core.scalars import whole
from session_journal.core.slug import slugify
from session_journal.store.files import read_bytes
from session_journal.store.journal import Change, Published
from session_journal.store.lock import Lock
from session_journal.store.templates import render_with_warning

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from session_journal.store.journal import Journal

TEMPLATE = "entry.md.j2"
TITLE_LENGTH = 100
SUBJECT_LENGTH = 72


class Wish:
    """What a person asked of a new entry; `day` None means today."""

    __slots__ = ("day", "goals", "project", "tags", "template", "text", "topic")

    def __init__(
        self, topic: str = "", text: str = "", project: str = "", tags: Sequence[str] = (), day: date | None = None,
        template: str = TEMPLATE, goals: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self.topic, self.text, self.project, self.tags = topic, text, project, tuple(tags)
        self.day, self.template, self.goals = day, template, tuple(goals)


class Written:
    """What became of it. published is None when nothing had to be written or it was a dry run.

    path: the entry, relative to the journal's root; redacted: kind of secret → how many were taken out;
    appended: the entry was there already; warning: what was wrong with the journal's own template; marks: the
    fingerprints of what was taken out.
    """

    __slots__ = ("appended", "data", "marks", "path", "published", "redacted", "warning")

    def __init__(
        self, path: str, data: bytes, redacted: Mapping[str, int], published: Published | None = None,
        *, appended: bool = False, warning: str = "", marks: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self.path, self.data, self.redacted, self.marks = path, data, redacted, tuple(marks)
        self.published, self.appended, self.warning = published, appended, warning


def create_entry(
    journal: Journal, topic: str, text: str, now: datetime, project: str = "", tags: Sequence[str] = (),
    *, day: date | None = None, template: str = TEMPLATE, goals: Sequence[str] = (), dry_run: bool = False,
) -> Written:  # fmt: skip
    """Write an entry without an editor; text for a topic that has an entry that day goes under it."""
    text, hidden = journal.allowed.redact(whole(text))
    topic, hidden_too = journal.allowed.redact(whole(topic))
    redacted = add_counts(hidden, hidden_too)
    tags = [journal.allowed.redact(whole(tag))[0] for tag in tags]
    wish = Wish(topic.strip(), text, project, tags, day, template, goals)
    warning = ""
    with Lock(journal.cache("writing.lock")):
        path = find_same(journal, wish, now) if wish.topic else ""
        old = (read_bytes(journal.path(path)) or b"") if path else None
        if old is None:
            data, warning = compose_entry(journal, wish, now)
            path = free_path(journal, wish.day or now.date(), make_title(wish))
        else:
            data = _with_text(old, path, wish.text, now)
        published = None
        if not dry_run and data != old:
            published = journal.publish([Change(path, data, old)], subject(make_title(wish)), now)
    marks = journal.allowed.seen
    return Written(path, data, redacted, published, appended=old is not None, warning=warning, marks=marks)


def subject(title: str) -> str:
    """Return the subject of the commit that keeps an entry."""
    line = redact(f"entry: {title}")[0]  # a title edited by hand comes from the disk
    return line if len(line) <= SUBJECT_LENGTH else line[: SUBJECT_LENGTH - 2].rstrip() + " …"


def compose_entry(journal: Journal, wish: Wish, now: datetime) -> tuple[bytes, str]:
    """Return a new entry's bytes (the filled-in template, or the text) and what is wrong with the template."""
    title = make_title(wish)
    values = front_matter(wish, title, now)
    if wish.text.strip():
        return dump(compose(values, wish.text.strip("\n") + "\n")), ""
    words = {name: str(values.get(name, "")) for name in ("title", "date", "project", "created")}
    body = render_with_warning(wish.template, words, journal.root)
    return dump(compose(values, body.text)), body.warning


def front_matter(wish: Wish, title: str, now: datetime) -> dict[str, object]:
    """Return the front matter of an entry that a person writes; it is final, for nobody else has to review it."""
    values: dict[str, object] = {
        "id": os.urandom(16).hex(), "title": title, "date": wish.day or now.date(),
        "created": now, "updated": now, "type": "session", "status": "final", "visibility": "self",
    }  # fmt: skip
    if wish.project:
        values["project"] = wish.project
    if wish.goals:
        values["goals"] = list(wish.goals)
    if wish.tags:
        values["tags"] = list(wish.tags)
    return values


def make_title(wish: Wish) -> str:
    """Return the topic, else the text's first line, else the project's name."""
    if wish.topic:
        return " ".join(wish.topic.split())
    for line in wish.text.splitlines():
        words = " ".join(line.strip().lstrip("#-*> ").split())
        if words:
            return words if len(words) <= TITLE_LENGTH else words[:TITLE_LENGTH].rsplit(" ", 1)[0] + " …"
    return f"Work on {wish.project}" if wish.project else "Work"


def find_same(journal: Journal, wish: Wish, now: datetime) -> str:
    """Return the path of that day's entry on the same topic, "" where there is none."""
    title = make_title(wish)
    for path in _paths(wish.day or now.date(), title):
        data = read_bytes(journal.path(path))
        if data is None:
            return ""
        if _fold(_title_of(data, path)) == _fold(title):
            return path
    return ""


def free_path(journal: Journal, day: date, title: str, taken: Collection[str] = ()) -> str:
    """Return the first path of this day and title that no entry has, on disk or among those `taken`."""
    for path in _paths(day, title):
        if path not in taken and not os.path.lexists(journal.path(path)):
            return path
    raise AssertionError("the paths never end")


def _paths(day: date, title: str) -> Iterator[str]:
    stem = f"journal/sessions/{day.year:04d}/{day.isoformat()}-{slugify(title) or 'entry'}"
    yield f"{stem}.md"
    number = 2
    while True:
        yield f"{stem}-{number}.md"
        number += 1


def _title_of(data: bytes, path: str) -> str:
    from session_journal.core.document import fields, parse
    from session_journal.errors import DocumentError

    try:
        return str(fields(parse(data, path), path).get("title", ""))
    except DocumentError:
        return ""  # an entry that cannot be read is somebody else's: the new one goes beside it


def _fold(title: str) -> str:
    return " ".join(title.split()).casefold()


def _with_text(old: bytes, path: str, text: str, now: datetime) -> bytes:
    """Return an entry's bytes with a text under them."""
    from session_journal.core.document import parse, set_body, set_fields

    if not text.strip():
        return old
    document = parse(old, path)
    added = text.strip("\n").replace("\r\n", "\n").replace("\n", document.newline)
    body = document.body.rstrip("\r\n") + document.newline * 2 + added + document.newline
    return dump(set_fields(set_body(document, body), {"updated": now}))


def add_counts(*counts: Mapping[str, int]) -> dict[str, int]:
    """Add up what was taken out of several texts."""
    total: dict[str, int] = {}
    for count in counts:
        for kind, number in count.items():
            total[kind] = total.get(kind, 0) + number
    return total


def tell_redacted(counts: Mapping[str, int]) -> str:
    """Say how many secrets of which kind were taken out; never their value."""
    kinds = ", ".join(f"{number} {kind}" for kind, number in sorted(counts.items()))
    return f"Taken out before storing: {kinds}."


def remarks(written: Written, *, dry_run: bool = False) -> list[str]:
    """Say what a person should know about what was written, one line each; never a secret's value."""
    lines = [written.warning] if written.warning else []
    if written.redacted:
        lines.append(tell_redacted(written.redacted))
        if written.marks:
            options = " ".join(f"--allow {mark}" for mark in written.marks)
            lines.append(f"If it is no secret, write it once more with {options}")
    if dry_run:
        lines.append(f"Would {'add to' if written.appended else 'write'} {written.path}; nothing was changed.")
    elif written.published is None:
        lines.append("It is there already; nothing was changed.")
    elif written.published.waiting:
        lines.append(f"The file is written; its commit waits, for git is in the middle of {written.published.waiting}.")
    return lines
