"""What `show` prints: an entry as a value, or another page of the journal found by its name."""

from __future__ import annotations

from session_journal.app.listing import summarise
from session_journal.core.entry import Entry
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
    """Return the path of a rollup, playbook or note that a file name or path names exactly, "" for none."""
    wanted = reference.replace("\\", "/").removesuffix(".md")
    for path in markdown_files(root, "rollups", "playbooks", "notes"):
        stem = path.removesuffix(".md")
        if wanted in {stem, stem.rsplit("/", 1)[-1]} or ("/" in wanted and stem.endswith(f"/{wanted}")):
            return path
    return ""
