"""Pages that the tool writes and writes again: new ones whole, known ones only in their block and counted keys."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime

from session_journal.core import blocks
from session_journal.core.document import compose, dump, fields, parse, set_body, set_fields
from session_journal.core.redact import redact
from session_journal.errors import JournalError


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
    force: bool = False,
) -> bytes:
    """Return a page's bytes; `first` holds the keys of a new page, `each` those that every run brings up to date.

    The same content gives the same bytes, `updated` included. EditedError where a person changed the block's inside.
    """
    moment = now.replace(microsecond=0)
    content = redact(content)[0]
    if old is None:
        values = {"id": os.urandom(16).hex(), **first, "created": moment, "updated": moment, **each}
        return dump(compose(values, blocks.replace("", block, content)))
    doc = parse(old, path)
    prove(path, old)
    if not force and blocks.edited(doc.body, block) and blocks.read(doc.body, block) != content:
        raise EditedError(
            f"{path}: its block `journal:{block}` was changed by hand, so the page stays as it is",
            "move your lines out of the block, or use --force to write the block again",
        )
    keys = dict(each) if fields(doc, path).get("id") else {"id": os.urandom(16).hex(), **each}
    fresh = set_body(set_fields(doc, keys), blocks.replace(doc.body, block, content, force=force))
    if dump(fresh) == old:
        return old
    return dump(set_fields(fresh, {"updated": moment}))


def prove(path: str, data: bytes) -> None:
    """Refuse a page whose block can't be told from what a person wrote, by the lines of its file."""
    try:
        blocks.prove(data.decode("utf-8", "replace"))
    except JournalError as error:
        error.message = f"{path}: {error.message}"
        raise
