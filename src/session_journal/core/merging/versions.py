"""One page changed on both sides: merged where nothing is lost by it, else a second file for the other version."""

from __future__ import annotations

import re
from dataclasses import field

from session_journal.core.archive_pages import longer
from session_journal.core.chain import find_id
from session_journal.core.digest import sha256
from session_journal.core.document import Document, dump, fields, parse, set_body, set_fields
from session_journal.core.folders import is_generated, is_note
from session_journal.core.merging.around import Body, MergeText, merge_around, merge_plain, without_markers
from session_journal.core.merging.front_matter import (
    ClashError,
    loses_words,
    merge_values,
    seconds,
    with_comments,
)
from session_journal.core.merging.lines import merge_lines
from session_journal.core.records import record
from session_journal.errors import DocumentError

_VERSION = re.compile(r"-version-[0-9a-f]{8}\Z")


@record(frozen=True, slots=True)
class Version:
    """A page as one side has it; doc is None where its front matter cannot be read."""

    data: bytes
    doc: Document | None = None
    values: dict[str, object] = field(default_factory=dict)

    @property
    def order(self) -> tuple[float, str]:
        """Return what decides which of two versions keeps the name: the later change, then the bytes."""
        return seconds(self.values.get("updated")), sha256(self.data).hexdigest()

    @property
    def id(self) -> str:
        """Return the page's id as the log reads it."""
        return find_id(self.data)


@record(frozen=True, slots=True)
class Page:
    """A merged page; again and left_out as in Body."""

    data: bytes
    again: bool = False
    left_out: bool = False


def read_version(data: bytes) -> Version:
    """Read one side's bytes; nothing raises."""
    try:
        doc = parse(data)
        return Version(data, doc, fields(doc))
    except DocumentError:
        return Version(data)


def in_order(one: Version, two: Version) -> tuple[Version, Version]:
    """Return loser and winner, the same whichever side is ours."""
    loser, winner = sorted((one, two), key=lambda version: version.order)
    return loser, winner


def merge_versions(path: str, base: Version | None, one: Version, two: Version, merge_text: MergeText) -> Page | None:
    """Merge a page; None where both versions have to stay."""
    loser, winner = in_order(one, two)
    if loser.doc is None or winner.doc is None:
        whole = merge_text(base.data if base else b"", loser.data, winner.data)
        return None if whole is None else Page(whole)
    try:
        before = base or Version(b"")
        generated = base is None and (is_generated(path) or is_note(path))
        changes = merge_values(before.values, loser.values, winner.values, generated=generated)
        body = _body(path, before.doc.body if before.doc else "", loser.doc.body, winner.doc.body, merge_text)
        if body is None:
            return None
        merged = set_body(set_fields(winner.doc, changes), body.text)
        known = before.doc.front if before.doc else ""
        front = with_comments(known, loser.doc.front, winner.doc.front, merged.front)
    except (ClashError, DocumentError):
        return None
    if not generated and loses_words(known, loser.doc.front, front):
        return None
    return Page(dump(_with_front(merged, front)), body.again, body.left_out)


def merge_events(one: Version, two: Version) -> Page | None:
    """Merge a session's events: the longer ones, where they hold the shorter; None where both have to stay."""
    whole = longer(one.data, two.data)
    return None if whole is None else Page(whole)


def _with_front(doc: Document, front: str) -> Document:
    parts = {"opening": doc.opening, "closing": doc.closing, "body": doc.body}
    return Document(**parts, front=front, newline=doc.newline, bom=doc.bom)


def _body(path: str, base: str, loser: str, winner: str, merge_text: MergeText) -> Body | None:
    if is_note(path):
        return Body(merge_lines(base, loser, winner))
    if is_generated(path):
        return merge_around(base, loser, winner, merge_text)
    text = merge_plain(base, loser, winner, merge_text)
    return None if text is None else Body(text)


def set_aside(path: str, loser: Version, entry_id: str, attempt: int = 0) -> tuple[str, bytes]:
    """Return name and bytes of the file that keeps the other version of an entry.

    Its id follows from the entry's id and its content, so that every machine makes the same file.
    """
    mark = f"journal/v1/version\0{entry_id}\0{attempt}\0".encode()
    digest = sha256(mark + loser.data).hexdigest()
    stem = _VERSION.sub("", path.removesuffix(".md"))
    name = f"{stem}-version-{digest[:8]}"
    if loser.doc is not None:
        try:
            keys = {"id": digest[:32], "version_of": entry_id or None, "pattern": None}
            doc = set_fields(loser.doc, keys)
            text = without_markers(doc.body) if is_generated(path) else doc.body
            return f"{name}.md", dump(set_body(doc, text))
        except DocumentError:
            pass
    return f"{name}.txt", loser.data  # no page: its front matter cannot be told apart from the entry's own
