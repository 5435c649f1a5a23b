"""A playbook's title follows its evidence while the tool gave it; a person's own stays."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from journals import make_journal, read
from session_journal.app import patterns
from session_journal.app.corrections import save_corrections
from session_journal.app.playbook import load_shelf
from session_journal.app.rollup import Asked, roll_up
from session_journal.app.verify import verify
from session_journal.core.playbooks import Bar
from session_journal.store.journal import Change
from session_journal.store.settings import Settings

NOW = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
LINT = ("Run the linter before committing", "Always run the linter before a commit", "Run the linter before you commit")
CLOCK = (
    "Freeze the clock in tests of dates",
    "Tests of dates need a frozen clock",
    "Freeze the clock in date tests",
    "Freeze the clock when dates are tested",
)
PAGE = "journal/playbooks/run-the-linter-before-you-commit.md"
TITLE = "Run the linter before you commit"


@pytest.fixture
def journal(tmp_path):
    """A journal in which two patterns were made one by hand, after one of them had its playbook."""
    made = make_journal(tmp_path / "journal")
    for number, lesson in enumerate(LINT):
        add(made, number, lesson)
    roll(made)
    for number, lesson in enumerate(CLOCK, len(LINT)):
        add(made, number, lesson)
    decide(made, lambda found: patterns.merge(found, "linter", "clock"))
    roll(made)
    return made


def add(journal, number, lesson):
    day = f"2026-11-{16 + number}"
    front = f'id: "{number + 16:032x}"\ntitle: Session {number}\ndate: {day}\nstatus: final\nproject: shop\n'
    text = f"---\n{front}---\n\n## Key takeaways\n\n- {lesson}\n"
    journal.publish([Change(f"journal/sessions/2026/{day}-session-{number}.md", text.encode())], "entry: x", NOW)


def decide(journal, make):
    done = make(patterns.look_up(journal, Bar()))
    save_corrections(journal, done.corrections, "decided", NOW)


def split_linter(journal):
    decide(journal, lambda found: patterns.split(found, "clock", LINT))


def roll(journal):
    return roll_up(journal, Asked("2026-W47"), NOW, Settings({}, {}))


def pages(journal):
    return {one.path: one for one in load_shelf(journal.root).playbooks}


def test_a_title_that_the_evidence_says_still_stays_however_it_grows(journal):
    page = pages(journal)[PAGE]
    assert (page.title, page.titled) == (TITLE, "")
    assert b"sessions: 7" in read(journal, PAGE)


def test_after_a_split_a_generated_title_follows_what_is_left_and_history_tells_it(journal):
    split_linter(journal)
    roll(journal)
    page = pages(journal)[PAGE]
    assert page.title in CLOCK
    assert page.titled == page.title
    assert f": titled: {page.title} (was: {TITLE})\n" in read(journal, PAGE).decode()
    assert f"[{page.title}]" in read(journal, "journal/learnings.md").decode()
    assert sorted(one.title for one in pages(journal).values()) == sorted([TITLE, page.title])
    assert roll(journal).changed == ()
    assert verify(journal, int(NOW.timestamp())).findings == ()


def test_a_title_that_a_person_gave_stays_after_a_split(journal):
    text = read(journal, PAGE).decode().replace(f"title: {TITLE}\n", "title: My own name for it\n")
    Path(journal.path(PAGE)).write_text(text, encoding="utf-8")
    split_linter(journal)
    roll(journal)
    assert pages(journal)[PAGE].title == "My own name for it"
    assert ": titled: " not in read(journal, PAGE).decode()


def test_a_title_by_which_a_person_renamed_the_file_too_stays_after_a_split(journal):
    path = "journal/playbooks/run-the-linter.md"
    text = read(journal, PAGE).decode().replace(f"title: {TITLE}\n", "title: Run the linter\n")
    journal.publish([Change(path, text.encode(), read(journal, PAGE), PAGE)], "playbook: rename", NOW)
    split_linter(journal)
    roll(journal)
    assert pages(journal)[path].title == "Run the linter"


def test_a_title_that_a_person_gave_after_the_tool_changed_it_stays(journal):
    split_linter(journal)
    roll(journal)
    given = pages(journal)[PAGE].title
    text = read(journal, PAGE).decode().replace(f"\ntitle: {given}\n", "\ntitle: Clocks\n")
    Path(journal.path(PAGE)).write_text(text, encoding="utf-8")
    decide(journal, lambda found: patterns.undo(found, "split", "clock"))
    roll(journal)
    assert pages(journal)[PAGE].title == "Clocks"


def test_what_is_split_off_is_told_as_gone_neither_then_nor_when_that_is_undone(journal):
    split_linter(journal)
    roll(journal)
    assert "no longer said" not in read(journal, PAGE).decode()  # its entries still say it
    decide(journal, lambda found: patterns.undo(found, "split", "clock"))
    roll(journal)
    page = pages(journal)[PAGE]
    assert (page.title, page.titled) == (TITLE, "")
    history = read(journal, PAGE).decode().partition("## History")[2]
    assert ": established" in history
    assert "no longer said" not in history
    assert ": titled: " not in history
