"""Pages that the tool writes and writes again: new ones whole, known ones only in their block and counted keys."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import datetime

from session_journal.core import blocks
from session_journal.core.chain import find_id
from session_journal.core.document import Document, compose, dump, fields, parse, set_body, set_fields
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

    The same content gives the same bytes, `updated` included. EditedError where a person changed the block's inside.
    earlier: what git has of the page, the newest first. A page that was deleted comes back from there under its own
    id, for the log knows that one under its name, and with all that a person had put on it.
    """
    moment = now.replace(microsecond=0)
    content = redact(content)[0]
    doc, own_id = _document(path, old, earlier)
    if doc is None:
        values = {"id": own_id or os.urandom(16).hex(), **first, "created": moment, "updated": moment, **each}
        return dump(compose(values, blocks.replace("", block, content)))
    if old is not None and not force and blocks.edited(doc.body, block) and blocks.read(doc.body, block) != content:
        raise EditedError(
            f"{path}: its block `journal:{block}` was changed by hand, so the page stays as it is",
            "move your lines out of the block, or use --force to write the block again",
        )
    keys = dict(each) if fields(doc, path).get("id") else {"id": os.urandom(16).hex(), **each}
    fresh = set_body(set_fields(doc, keys), blocks.replace(doc.body, block, content, force=True))
    if dump(fresh) == old:
        return old
    return dump(set_fields(fresh, {"updated": moment}))


def _document(path: str, old: bytes | None, earlier: Iterable[bytes]) -> tuple[Document | None, str]:
    """Return the page that is to be brought up to date, None for a new one, and the id that a new one has to carry."""
    if old is not None:
        doc = parse(old, path)
        prove(path, old)
        return doc, ""
    last = next(iter(earlier), b"")
    try:
        prove(path, last)
        return (parse(last, path) if last else None), ""
    except JournalError:  # who deletes a broken page wants a whole one; what it was stays in git
        return None, find_id(last)


def tell(changes: Iterable[Change]) -> tuple[str, ...]:
    """Say which pages come back that a person had deleted: such a page is older than its last update."""
    made = ((one.path, fields(parse(one.data, one.path))) for one in changes if one.data and one.base is None)
    return tuple(
        f"{path} was deleted: it is back, with all that git still had of what you put on it"
        for path, values in made
        if values.get("created") != values.get("updated")
    )


def prove(path: str, data: bytes) -> None:
    """Refuse a page whose block can't be told from what a person wrote, by the lines of its file."""
    try:
        blocks.prove(data.decode("utf-8", "replace"))
    except JournalError as error:
        error.message = f"{path}: {error.message}"
        raise
