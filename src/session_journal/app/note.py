"""Notes: one line at a time, one file a day."""

from __future__ import annotations

import os

from session_journal.app.new import Written
from session_journal.core.document import compose, dump
from session_journal.core.scalars import whole
from session_journal.errors import UsageError
from session_journal.store.files import read_bytes
from session_journal.store.journal import Change
from session_journal.store.lock import Lock
from session_journal.store.templates import render_with_warning

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

    from session_journal.store.journal import Journal

TEMPLATE = "note.md.j2"


def add_note(journal: Journal, text: str, now: datetime, *, dry_run: bool = False) -> Written:
    """Append a bullet with the time of day to the day's notes; many lines become one bullet."""
    text, redacted = journal.allowed.redact(whole(text))
    words = " ".join(line.strip() for line in text.splitlines() if line.strip())
    if not words:
        raise UsageError("a note needs some text", 'journal note "what just happened"')
    path = f"journal/notes/{now.date().isoformat()}.md"
    with Lock(journal.cache("writing.lock")):
        old = read_bytes(journal.path(path))
        clock = now.strftime("%H:%M")
        if old:
            data, warning = with_bullet(old, f"- {clock} {words}"), ""
        else:
            data, warning = _first_of_day(journal, words, clock, now)
        published = (
            None if dry_run else journal.publish([Change(path, data, old)], f"note: {now.date().isoformat()}", now)
        )
    marks = journal.allowed.seen
    return Written(path, data, redacted, published, appended=bool(old), warning=warning, marks=marks)


def with_bullet(data: bytes, bullet: str) -> bytes:
    """Add one line at the end, in the file's own line ending; no other byte changes."""
    newline = b"\r\n" if b"\r\n" in data else b"\n"
    gap = b"" if data.endswith(b"\n") else newline
    return data + gap + bullet.encode() + newline


def _first_of_day(journal: Journal, words: str, clock: str, now: datetime) -> tuple[bytes, str]:
    day = now.date().isoformat()
    values: dict[str, object] = {
        "id": os.urandom(16).hex(), "title": f"Notes of {day}", "date": now.date(),
        "created": now, "type": "note", "visibility": "self",
    }  # fmt: skip
    body = render_with_warning(TEMPLATE, {"date": day, "time": clock, "text": words}, journal.root)
    return dump(compose(values, body.text)), body.warning
