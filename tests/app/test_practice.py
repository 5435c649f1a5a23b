"""Practice on disk: what a person marks goes before what was done, and the history tells when they did."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from journals import git, make_journal
from session_journal.app.open_ends import find_ends
from session_journal.app.practice import deny, find_practice
from session_journal.app.ticking import carry_out, plan_mark
from session_journal.store.journal import Change

NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
GAP = "## Knowledge gaps\n\n- [ ] How to configure Netlify deploys\n- [ ] How leap seconds work\n"
DONE = "## Accomplishments\n\n- Configured the Netlify deploy of the {} {}\n"


@pytest.fixture
def journal(tmp_path):
    made = make_journal(tmp_path / "journal")
    add(made, 2, GAP)
    return made


def add(journal, day, body):
    path = f"journal/sessions/2026/2026-11-{day:02}-s.md"
    text = f'---\nid: "{day:032x}"\ntitle: Day {day}\ndate: 2026-11-{day:02}\n---\n\n{body}'
    journal.publish([Change(path, text.encode())], f"entry: {day}", NOW.replace(day=day))
    return path


def practised(journal):
    add(journal, 9, DONE.format("blog", "with some help"))
    add(journal, 12, DONE.format("shop", "by myself"))


def the_gap(journal):
    (found,) = [end for end in find_practice(journal, find_ends(journal)) if "Netlify" in end.text]
    return found


def states(journal):
    return {end.text: end.state for end in find_practice(journal, find_ends(journal))}


def mark(journal, box, day):
    carry_out(journal, plan_mark(journal, the_gap(journal), box), NOW.replace(day=day))


def test_what_later_sessions_did_resolves_a_gap_and_nothing_is_written_for_it(journal):
    practised(journal)
    before = git(journal, "status", "--porcelain"), git(journal, "rev-parse", "HEAD")
    assert states(journal) == {"How to configure Netlify deploys": "resolved", "How leap seconds work": "open"}
    assert (git(journal, "status", "--porcelain"), git(journal, "rev-parse", "HEAD")) == before


def test_opened_again_by_its_box_a_gap_stays_open_until_something_is_done_after_that_day(journal):
    practised(journal)
    mark(journal, "x", 13)
    assert the_gap(journal).practice is None
    mark(journal, " ", 16)
    assert (the_gap(journal).state, the_gap(journal).practice) == ("open", None)
    add(journal, 16, DONE.format("docs", "on my own"))
    assert the_gap(journal).state == "open"
    add(journal, 17, DONE.format("wiki", "on my own"))
    assert (the_gap(journal).state, the_gap(journal).practice.words()) == (
        "practising",
        "1 session, last 2026-11-17 without help",
    )


def test_a_box_that_is_emptied_in_an_editor_opens_a_gap_before_anything_is_committed(journal):
    practised(journal)
    mark(journal, "x", 13)
    file = Path(journal.path("journal/sessions/2026/2026-11-02-s.md"))
    file.write_text(file.read_text().replace("[x]", "[ ]"))
    assert (the_gap(journal).mark, the_gap(journal).state) == (" ", "open")


def test_a_person_may_deny_what_was_done_though_the_box_is_empty(journal):
    practised(journal)
    before = Path(journal.path("journal/sessions/2026/2026-11-02-s.md")).read_text()
    deny(journal, the_gap(journal), NOW.replace(day=13))
    assert the_gap(journal).state == "open"
    after = Path(journal.path("journal/sessions/2026/2026-11-02-s.md")).read_text()
    assert after.replace(f" ^{the_gap(journal).id}", "") == before
    assert git(journal, "status", "--porcelain") == ""
    add(journal, 14, DONE.format("docs", "by myself"))
    add(journal, 17, DONE.format("wiki", "by myself"))
    assert the_gap(journal).state == "resolved"


def test_an_edit_of_other_lines_opens_nothing_again(journal):
    practised(journal)
    file = Path(journal.path("journal/sessions/2026/2026-11-02-s.md"))
    base = file.read_bytes()
    journal.publish([Change("journal/sessions/2026/2026-11-02-s.md", base + b"\nMore.\n", base)], "entry: more", NOW)
    assert the_gap(journal).state == "resolved"
