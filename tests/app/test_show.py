"""Pages that `show` finds beside the entries."""

from __future__ import annotations

import pytest

from journals import NOW, make_journal, page
from session_journal.app.show import find_page
from session_journal.store.journal import Change


@pytest.mark.parametrize(
    ("reference", "path"),
    [
        ("2026-W47", "journal/rollups/2026-W47.md"),
        ("rollups/2026-W47.md", "journal/rollups/2026-W47.md"),
        ("check-first", "journal/playbooks/check-first.md"),
        ("journal/playbooks/check-first.md", "journal/playbooks/check-first.md"),
        ("2026-11-20", "journal/notes/2026-11-20.md"),
        ("2026-w47", "journal/rollups/2026-W47.md"),
        ("2026-W47-shop", "journal/rollups/2026-W47-shop.md"),
        ("learnings", "journal/learnings.md"),
        ("journal/learnings.md", "journal/learnings.md"),
        ("first", ""),
        ("2026-11-20-check-first", ""),
        ("", ""),
    ],
)
def test_a_week_a_playbook_a_days_notes_and_the_digest_are_found_by_name(tmp_path, reference, path):
    journal = make_journal(tmp_path / "j")
    pages = [
        "rollups/2026-W47",
        "rollups/2026-W47-shop",
        "learnings",
        "playbooks/check-first",
        "notes/2026-11-20",
        "sessions/2026/2026-11-20-check-first",
    ]
    changes = [Change(f"journal/{name}.md", page(number)) for number, name in enumerate(pages, 1)]
    journal.publish(changes, "pages", NOW)
    assert find_page(journal.root, reference) == path
