"""What `show` prints: an entry as a value, or another page of the journal found by its name."""

from __future__ import annotations

import os

from session_journal.app.listing import summarise
from session_journal.core.entry import Entry
from session_journal.core.learnings import PATH as LEARNINGS
from session_journal.store.files import markdown_files


def detail(entry: Entry) -> dict[str, object]:
    """Return everything an entry says: its summary, goals, items and body."""
    items = [
        {"kind": item.kind, "text": item.text, "turns": list(item.turns), "mark": item.mark, "block_id": item.block_id}
        for item in entry.items
    ]
    return {
        **summarise(entry),
        "goals": list(entry.goals),
        "fields": dict(entry.fields),
        "items": items,
        "body": entry.body,
    }


def find_page(root: str, reference: str) -> str:
    """Return the path of the digest, a rollup, playbook or note that a file name or path names, "" for none."""
    wanted = reference.replace("\\", "/").removesuffix(".md")
    digest = [LEARNINGS] if os.path.isfile(os.path.join(root, LEARNINGS)) else []
    pages = [*digest, *markdown_files(root, "rollups", "playbooks", "notes")]
    return next((path for path in pages if _is_named(path.removesuffix(".md"), wanted)), "")


def _is_named(stem: str, wanted: str) -> bool:
    name = stem.rpartition("/")[2]
    if wanted in {stem, name} or ("/" in wanted and stem.endswith(f"/{wanted}")):
        return True
    return stem.startswith("journal/rollups/") and wanted.upper() == name
