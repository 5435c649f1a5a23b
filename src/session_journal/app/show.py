"""One entry as a value: what `show --json` prints."""

from __future__ import annotations

from session_journal.app.listing import summarise
from session_journal.core.entry import Entry


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
