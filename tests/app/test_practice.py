"""Practice: a later session that did what a gap is about is found, and nothing is ticked for it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from journals import make_journal
from session_journal.app.open_ends import find_ends, select
from session_journal.app.practice import find_practice
from session_journal.store.journal import Change

NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
GAP = "## Knowledge gaps\n\n- How git rebase --onto picks commits\n- How leap seconds work\n"


@pytest.fixture
def journal(tmp_path):
    return make_journal(tmp_path / "journal")


def add(journal, day, body):
    path = f"journal/sessions/2026/2026-11-{day:02}-s.md"
    text = f'---\nid: "{day:032x}"\ntitle: Day {day}\ndate: 2026-11-{day:02}\n---\n\n{body}'
    journal.publish([Change(path, text.encode())], f"entry: {day}", NOW)
    return path


def test_a_later_session_that_did_it_suggests_practice_and_ticks_nothing(journal):
    add(journal, 2, GAP)
    path = add(journal, 9, "## Insights\n\n- Used git rebase --onto to move the branch; it picks later commits\n")
    gaps = select(find_ends(journal), "gap")
    found = find_practice(journal, gaps)
    (about,) = [end for end in gaps if end.id in found]
    assert (about.text, found[about.id].path) == ("How git rebase --onto picks commits", path)
    assert {end.state for end in find_ends(journal)} == {"open"}


@pytest.mark.parametrize(("day", "text"), [
    (1, "## Insights\n\n- Used git rebase --onto to move the branch; it picks later commits\n"),
    (9, "## Challenges\n\n- git rebase --onto picks the wrong commits\n"),
    (9, "## Insights\n\n- The commits of this branch are small\n"),
    (9, "## Knowledge gaps\n\n- How git rebase --onto picks commits\n"),
])  # fmt: skip
def test_what_came_before_failed_or_is_about_something_else_is_no_practice(journal, day, text):
    add(journal, 2, GAP)
    add(journal, day, text)
    assert find_practice(journal, select(find_ends(journal), "gap")) == {}
