"""Journals from elsewhere: what would become an entry and why the rest does not, then all of it in one commit."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import field as default
from datetime import datetime
from textwrap import dedent
from typing import Literal

from session_journal.app.draft import Clock
from session_journal.app.new import free_path
from session_journal.core.document import Document, compose, dump, fields, parse, set_body, set_fields
from session_journal.core.entry import Entry
from session_journal.core.records import record
from session_journal.core.scalars import field, ordered
from session_journal.core.text import counted
from session_journal.errors import ConflictError, DocumentError, JournalError, NotFoundError
from session_journal.imports import Left, Original, Reading, load_kind, recognise
from session_journal.imports.markdown import title_of
from session_journal.store.allowed import Allowed
from session_journal.store.entries import load
from session_journal.store.guard import check
from session_journal.store.journal import Change, Journal, Published
from session_journal.store.lock import Lock

State = Literal["new", "there", "changed"]
MOST_BYTES = 5_000_000
"""An entry larger than this would slow every command down; nobody wrote it as one."""
_REMARK_EVERY = 500


@record(frozen=True, slots=True)
class Wanted:
    """What a person asked for: the kind ("" to find it out), the project of all entries, how 03/04/2025 is meant."""

    path: str
    kind: str = ""
    project: str = ""
    day_first: bool | None = None


@record(frozen=True, slots=True)
class Planned:
    """One original: new with the entry's bytes, or there already (changed: the original is another one by now)."""

    name: str
    state: State
    path: str
    day: str
    title: str
    source: str
    data: bytes = b""
    redacted: Mapping[str, int] = default(default_factory=dict)
    attachments: tuple[str, ...] = ()


@record(slots=True)
class Plan:
    """What an import would do; `left` is what was not understood."""

    kind: str
    folder: str
    originals: list[Planned] = default(default_factory=list)
    left: list[Left] = default(default_factory=list)

    def of(self, state: State) -> list[Planned]:
        """Return the originals in one state."""
        return [planned for planned in self.originals if planned.state == state]


def plan_import(journal: Journal, wanted: Wanted, clock: Clock, say: Callable[[str], None] = lambda _: None) -> Plan:
    """Read the originals and compose their entries; nothing is written. `say` hears of long work."""
    path = os.path.abspath(os.path.expanduser(wanted.path))
    if not os.path.exists(path):
        raise NotFoundError(f"there is no file or folder {wanted.path}", "journal import PATH")
    own = os.path.realpath(os.path.join(journal.root, "journal"))
    if os.path.realpath(path) == own or os.path.realpath(path).startswith(own + os.sep):
        raise NotFoundError(f"{wanted.path} is part of this journal already", "journal list")
    kind = wanted.kind or recognise(path)
    making = _Making(journal, kind, wanted, clock, Plan(kind, os.path.basename(path)))
    found: list[Original] = []
    for one in load_kind(kind).read(path, Reading(wanted.day_first, own)):
        if isinstance(one, Left):
            making.plan.left.append(Left(making.shown(one.name), making.shown(one.why)))
            continue
        found.append(one)
        if len(found) % _REMARK_EVERY == 0:
            say(f"{len(found)} originals read …")
    making.take_all(found)
    return making.plan


def carry_out(journal: Journal, plan: Plan, now: datetime) -> Published:
    """Write what is new in one commit with its records; ConflictError where another import was faster."""
    new = plan.of("new")
    with Lock(journal.cache("writing.lock")):
        known = {entry.source for entry in load(journal.root)[0] if entry.source}
        if any(planned.source in known for planned in new):
            raise ConflictError("another import has just added some of these; nothing was written", "try again")
        return journal.publish([Change(planned.path, planned.data) for planned in new], _subject(plan, len(new)), now)


def _subject(plan: Plan, count: int) -> str:
    return f"import: {counted(count, 'entry')} ({plan.kind})"


class _Making:
    """One plan in the making: what the journal has, and which paths and sources are taken."""

    def __init__(self, journal: Journal, kind: str, wanted: Wanted, clock: Clock, plan: Plan) -> None:
        self._journal, self._kind, self._wanted, self._clock, self.plan = journal, kind, wanted, clock, plan
        entries, _ = load(journal.root)
        self._by_source = {entry.source: entry for entry in entries if entry.source}
        self._by_content = {str(entry.fields["source_sha256"]): entry for entry in entries if _is_imported(entry)}
        self._taken = {entry.path for entry in entries}

    def take_all(self, originals: list[Original]) -> None:
        """Plan every original; those that are there as they are leave their source to no other."""
        there = {entry.source for one in originals if (entry := self._by_content.get(one.sha256))}
        content: dict[str, str] = {}
        for one in originals:
            twin = content.setdefault(one.sha256, one.name)
            if one.sha256 in self._by_content:
                self.plan.originals.append(self._known(one, "there", self._by_content[one.sha256]))
            elif twin != one.name:
                self.plan.left.append(Left(self.shown(one.name), f"the same, byte for byte, as {self.shown(twin)}"))
            else:
                self._take(one, there)

    def _take(self, one: Original, there: set[str]) -> None:
        source = f"{self._kind}:{self.shown(one.key)}"
        entry = self._by_source.get(source)
        if entry and source not in there:
            self.plan.originals.append(self._known(one, "changed", entry))
            return
        try:
            self._add(one, self._free_source(source))
        except JournalError as error:
            self.plan.left.append(Left(self.shown(one.name), error.message))

    def _free_source(self, source: str) -> str:
        number, free = 1, source
        while free in self._by_source:
            number += 1
            free = f"{source}#{number}"
        return free

    def _known(self, one: Original, state: State, entry: Entry) -> Planned:
        return Planned(self.shown(one.name), state, entry.path, entry.date.isoformat(), entry.title, entry.source)

    def shown(self, text: str) -> str:
        """Return what a file is called, or says, without secrets."""
        return self._journal.allowed.redact(text)[0]

    def _add(self, one: Original, source: str) -> None:
        hide = _Hiding(self._journal.allowed)
        doc = _hidden(one.doc, hide)
        title = self._title(one, doc, hide)
        project = self._wanted.project
        values = _values(one, doc, title, source, project, hide, self._clock)
        data = _compose(doc, values)
        if len(data) > MOST_BYTES:
            raise DocumentError(f"too large for one entry ({len(data) / 1e6:.1f} MB)")
        path = free_path(self._journal, one.day, title, self._taken)
        parse(data, path)
        check(self._journal.root, path, data, self._journal.allowed)
        self._taken.add(path)
        self.plan.originals.append(
            Planned(
                self.shown(one.name), "new", path, one.day.isoformat(), title, source, data, hide.counts,
                tuple(map(self.shown, one.attachments)),
            )
        )  # fmt: skip

    def _title(self, one: Original, doc: Document, hide: _Hiding) -> str:
        """Return a title made of what is hidden already: half a secret, cut for a title, is known by no rule."""
        # What of a title stands in the text is counted there.
        own = str(hide.quietly(one.title) if hide.counts else hide.text(one.title))
        return own or title_of(doc, str(hide.quietly(one.stem))) or f"Notes of {one.day.isoformat()}"


class _Hiding:
    """Takes secrets out of the texts of one original, and counts them."""

    def __init__(self, allowed: Allowed) -> None:
        self._redact = allowed.redact
        self.counts: dict[str, int] = {}

    def text(self, text: str) -> str:
        """Return a text without secrets."""
        clean, found = self._redact(text)
        for kind, count in found.items():
            self.counts[kind] = self.counts.get(kind, 0) + count
        return clean

    def quietly(self, value: object) -> object:
        """Return a value without secrets that were counted where they stand in the text."""
        if isinstance(value, str):
            return self._redact(value)[0]
        if isinstance(value, dict):
            return {key: self.quietly(part) for key, part in value.items()}
        return [self.quietly(part) for part in value] if isinstance(value, (list, tuple)) else value


def _is_imported(entry: Entry) -> bool:
    return "imported" in entry.fields and bool(entry.fields.get("source_sha256"))


def _hidden(doc: Document, hide: _Hiding) -> Document:
    """Return a document without secrets; its front matter has to be readable still."""
    body = hide.text(doc.body)
    if not doc.front:
        return doc if body == doc.body else set_body(doc, body)
    front = hide.text(doc.front)
    clean = Document(opening=doc.opening, front=front, closing=doc.closing, body=body, newline=doc.newline)
    fields(clean)
    return clean


def _values(
    one: Original, doc: Document, title: str, source: str, project: str, hide: _Hiding, clock: Clock
) -> dict[str, object]:  # fmt: skip
    """Return the keys an entry gets; what its front matter had under such a key stays as `imported_…`."""
    beside = {key: hide.quietly(value) for key, value in one.fields.items()}
    old = {**beside, **fields(doc)}
    moment = one.moment.replace(tzinfo=clock.zone) if one.moment and one.moment.tzinfo is None else one.moment
    values: dict[str, object] = {
        "id": os.urandom(16).hex(), "title": title, "date": one.day, "type": "session",
        "status": "draft" if old.get("status") == "draft" and "drafted_by" in old else "final", "visibility": "self",
        "source": source, "source_sha256": one.sha256, "imported": clock.now,
    }  # fmt: skip
    if moment and not isinstance(old.get("created"), datetime):
        values["created"] = moment
    if project:
        values["project"] = project
    tags = _tags(old.get("tags"), [str(hide.quietly(tag)) for tag in one.tags])
    if tags != old.get("tags") and tags:
        values["tags"] = tags
    lost = [key for key in values if key in old and _is_lost(key, old[key], values[key])]
    kept: dict[str, object] = {}
    for key in lost:
        kept[_free_key(f"imported_{key}", {*old, *kept})] = old[key]
    return {**beside, **values, **kept}


def _free_key(key: str, taken: Collection[str]) -> str:
    return key if key not in taken else _free_key(f"{key}_before", taken)


def _is_lost(key: str, old: object, new: object) -> bool:
    """Tell whether setting a key would take away what its original said; tags are only added to."""
    return key != "tags" and old is not None and old != new and str(old).strip() != str(new)


def _tags(old: object, new: list[str]) -> list[str] | object:
    if not new:
        return old
    words = old.replace(",", " ").split() if isinstance(old, str) else old if isinstance(old, list) else []
    known = [str(word) for word in words if word is not None]
    folded = {word.lstrip("#").casefold() for word in known}
    return [*known, *(tag for tag in new if tag.casefold() not in folded)]


def _compose(doc: Document, values: Mapping[str, object]) -> bytes:
    """Return the entry's bytes: the original's own, below the keys it lacks."""
    if doc.has_front:
        return dump(_above(doc, values))
    if doc.newline == "\n":
        return dump(compose(values, doc.body))
    made = set_fields(doc, values)
    return dump(set_body(made, made.newline + made.body))


def _above(doc: Document, values: Mapping[str, object]) -> Document:
    """Put the keys that front matter lacks above it, and the others in their places.

    set_fields alone would do, but reads the YAML anew for each key: a minute for the notes of ten years.
    """
    old = fields(doc)
    new = {key: value for key, value in values.items() if key not in old}
    own = dedent(doc.front) if doc.front.startswith((" ", "\t")) else doc.front
    front = "".join(field(key, new[key], doc.newline) for key in ordered(new)) + own
    made = Document(opening=doc.opening, front=front, closing=doc.closing, body=doc.body, newline=doc.newline)
    try:
        is_whole = {key: value for key, value in fields(made).items() if key not in new} == old
    except DocumentError:  # a mapping in braces
        is_whole = False
    if not is_whole:
        return set_fields(doc, values)
    changed = {key: value for key, value in values.items() if key in old and old[key] != value}
    return set_fields(made, changed) if changed else made
