"""Pages that the tool writes and writes again: new ones whole, known ones only in their block and counted keys."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import chain, islice

from session_journal.core import blocks
from session_journal.core.chain import find_id
from session_journal.core.document import Document, compose, dump, fields, parse, set_body, set_fields
from session_journal.core.playbooks import BY_HAND
from session_journal.core.redact import redact
from session_journal.errors import JournalError
from session_journal.store.journal import Change


class EditedError(JournalError):
    """Report a block that a person changed: what they wrote is kept."""


def make_page(
    path: str,
    old: bytes | None,
    block: str,
    content: str,
    first: Mapping[str, object],
    each: Mapping[str, object],
    now: datetime,
    *,
    earlier: Iterable[bytes] = (),
    force: bool = False,
) -> bytes:
    """Return a page's bytes; `first` holds the keys of a new page, `each` those that every run brings up to date.

    The same content gives the same bytes, `updated` included. earlier: what git has of the page, the newest first. A
    page that was deleted comes back from there under its own id, for the log knows that one under its name, and with
    all that a person had put on it. Lines that a person added inside the block go below it; EditedError where they
    changed or took out what the tool wrote, or where git has no such version.
    """
    moment = now.replace(microsecond=0)
    content = redact(content)[0]
    past = list(islice(earlier, 1)) if old is None else []
    doc, own_id = _document(path, old, past[0] if past else b"")
    if doc is None:
        values = {"id": own_id or os.urandom(16).hex(), **first, "created": moment, "updated": moment, **each}
        return dump(compose(values, blocks.replace("", block, content)))
    body = doc.body
    if blocks.edited(body, block) and blocks.read(body, block) != content:
        cleared = _cleared(body, block, chain(past, earlier))
        if cleared is None and old is not None and not force:
            raise EditedError(
                f"{path}: its block `journal:{block}` was changed by hand, so the page stays as it is",
                "move your lines out of the block, or use --force to write the block again",
            )
        body = body if cleared is None else cleared
    keys = dict(each) if fields(doc, path).get("id") else {"id": os.urandom(16).hex(), **each}
    fresh = set_body(set_fields(doc, keys), blocks.replace(body, block, content, force=True))
    if dump(fresh) == old:
        return old
    return dump(set_fields(fresh, {"updated": moment}))


def _cleared(body: str, block: str, earlier: Iterable[bytes]) -> str | None:
    """Return a page's text with the lines below its block that a person added in it; None where more was changed."""
    for data in earlier:
        try:
            found = blocks.move_out(body, block, parse(data).body)
        except JournalError:
            continue
        if found is not None:
            return found
    return None


def _document(path: str, old: bytes | None, last: bytes) -> tuple[Document | None, str]:
    """Return the page that is to be brought up to date, None for a new one, and the id that a new one has to carry."""
    if old is not None:
        doc = parse(old, path)
        prove(path, old)
        return doc, ""
    try:
        prove(path, last)
        return (parse(last, path) if last else None), ""
    except JournalError:  # who deletes a broken page wants a whole one; what it was stays in git
        return None, find_id(last)


def tell(changes: Iterable[Change]) -> tuple[str, ...]:
    """Say which pages come back that a person had deleted, and in which their lines were moved out of the block."""
    made = ((one, parse(one.data, one.path)) for one in changes if one.data and one.data != one.base)
    return tuple(told for change, doc in made if (told := _told(change, doc)))


def _told(change: Change, doc: Document) -> str:
    if change.base is None:
        values = fields(doc)
        is_new = values.get("created") == values.get("updated")
        if values.get("made") == BY_HAND and not blocks.around(doc.body) and not values.get("marks"):
            return ""  # it was taken away by `promote --undo`, which takes only what is the tool's own
        back = f"{change.path} was deleted: it comes back with all that git still has of what you put on it"
        return "" if is_new else back
    moved = blocks.around(doc.body) - blocks.around(parse(change.base, change.path).body)  # else the tool adds none
    lines = "1 line" if moved == 1 else f"{moved} lines"
    return f"{change.path}: {lines} of yours inside its block, put below it" if moved > 0 else ""


def prove(path: str, data: bytes) -> None:
    """Refuse a page whose block can't be told from what a person wrote, by the lines of its file."""
    try:
        blocks.prove(data.decode("utf-8", "replace"))
    except JournalError as error:
        error.message = f"{path}: {error.message}"
        raise
