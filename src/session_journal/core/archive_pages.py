"""A session's events as a page of the journal: front matter, then its packed lines in a fence.

Text as git, its diffs and a person can read it, and a page as the log knows them: it carries an id of its own. That
follows from its path, and so from the entry, so that two machines make the same page for one entry.
"""

from __future__ import annotations

import json
import re

from session_journal.core.digest import sha256
from session_journal.core.document import fields, parse
from session_journal.core.folders import ARCHIVE
from session_journal.errors import DocumentError

KIND = "events"
"""The `type` of such a page."""

_PLAIN = re.compile(r"[0-9a-z]{8,64}")
_OPENING, _CLOSING = "\n```jsonl\n", "```\n"


def file_stem(entry_id: str) -> str:
    """Return the name under which an entry's events lie; an id that a person made up may be no file name."""
    return entry_id if _PLAIN.fullmatch(entry_id) else sha256(entry_id.encode("utf-8", "replace")).hexdigest()


def archive_path(entry_id: str) -> str:
    """Return the path of the page that holds an entry's events: the entry can be renamed without it."""
    return f"{ARCHIVE}{file_stem(entry_id)}.md"


def entry_of(path: str) -> str:
    """Return the id of the entry whose events a path holds, or its digest where that id is no file name."""
    return path.removeprefix(ARCHIVE).removesuffix(".md").partition("-")[0]


def make_page(entry_id: str, lines: str) -> bytes:
    """Return the page of an entry's events, given their lines as `packing.pack` makes them, each with its line feed."""
    own = sha256(f"journal/v1/events\0{archive_path(entry_id)}".encode()).hexdigest()[:32]
    values = {"id": own, "type": KIND, "visibility": "self", "entry": entry_id, "sha256": _digest(lines)}
    quoted = {"id", "entry", "sha256"}
    front = "".join(f"{key}: {json.dumps(text) if key in quoted else text}\n" for key, text in values.items())
    # Half of a surrogate pair, as some tools write it, is no UTF-8; as an escape JSON reads it back.
    return f"---\n{front}---\n{_OPENING}{lines}{_CLOSING}".encode("utf-8", "backslashreplace")


def lines_of(data: bytes) -> list[str]:
    """Return the packed lines of such a page; ValueError where it is none."""
    return _read(data)[1].split("\n")[:-1]


def is_as_made(data: bytes) -> bool:
    """Tell whether nobody has changed the events of a page since it was made."""
    try:
        values, lines = _read(data)
    except ValueError:
        return False
    return values.get("sha256") == _digest(lines)


def longer(one: bytes, two: bytes) -> bytes | None:
    """Return the one of two pages that holds all events of the other, None where neither does.

    Nor does it hold what a person wrote into the other one.
    """
    try:
        pages = [(lines_of(data)[1:], data) for data in (one, two)]
    except ValueError:
        return None
    shorter, longest = sorted(pages, key=lambda page: (len(page[0]), not is_as_made(page[1])))
    is_whole = is_as_made(shorter[1]) and _said(shorter[1]) == _said(longest[1])
    return longest[1] if is_whole and longest[0][: len(shorter[0])] == shorter[0] else None


def _said(data: bytes) -> list[str]:
    """Return a page's front matter without what follows from its events."""
    return [line for line in parse(data).front.splitlines() if not line.startswith("sha256:")]


def _read(data: bytes) -> tuple[dict[str, object], str]:
    try:
        doc = parse(data)
        values = fields(doc)
    except DocumentError as error:
        raise ValueError(error.message) from None
    body = doc.body
    if values.get("type") != KIND or not (body.startswith(_OPENING) and body.endswith(f"\n{_CLOSING}")):
        raise ValueError("it is no page of events")
    return values, body[len(_OPENING) : -len(_CLOSING)]


def _digest(lines: str) -> str:
    return sha256(lines.encode("utf-8", "backslashreplace")).hexdigest()
