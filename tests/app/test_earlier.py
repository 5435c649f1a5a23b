"""A generated page that a person deleted: it keeps its identity, and a playbook's deletion is their word on it."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from journals import git, make_journal, read
from session_journal.app.corrections import save_corrections
from session_journal.app.earlier import deleted_playbooks, versions_of
from session_journal.app.patterns import ignore, look_up
from session_journal.app.playbook import load_shelf
from session_journal.app.rollup import Asked, roll_up
from session_journal.app.seal import seal
from session_journal.app.standing import Desk, mark, promote_by_hand
from session_journal.app.verify import verify
from session_journal.core.playbooks import Bar
from session_journal.errors import NotFoundError
from session_journal.store.journal import Change
from session_journal.store.settings import Settings

NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
UNSET = Settings({}, {})
LINT = ("Run the linter before committing", "Always run the linter before a commit", "Run the linter before you commit")
PAGE = "journal/playbooks/run-the-linter-before-you-commit.md"
LEARNINGS = "journal/learnings.md"
ROLLUP = "journal/rollups/2026-W47.md"


@pytest.fixture
def journal(tmp_path):
    made = make_journal(tmp_path / "journal")
    for number, lesson in enumerate(LINT):
        add(made, number, lesson)
    roll(made)
    return made


def add(journal, number, lesson):
    day = f"2026-11-{16 + number}"
    front = f'id: "{number + 16:032x}"\ntitle: Session {number}\ndate: {day}\nstatus: final\nproject: shop\n'
    text = f"---\n{front}---\n\n## Key takeaways\n\n- {lesson}\n"
    journal.publish([Change(f"journal/sessions/2026/{day}-session-{number}.md", text.encode())], "entry: x", NOW)


def roll(journal, now=NOW):
    return roll_up(journal, Asked("2026-W47"), now, UNSET)


def write_below(journal, path, text="My own words.\n"):
    Path(journal.path(path)).write_bytes(read(journal, path) + text.encode())
    seal(journal, NOW)


def failures(journal):
    return [one for one in verify(journal, int(LATER.timestamp())).findings if one.level == "FAIL"]


def id_of(journal, path):
    return read(journal, path).split(b"id: ", 1)[1].split(b"\n", 1)[0]


def delete(journal, path, how):
    os.remove(journal.path(path))
    if how != "removed":
        git(journal, "commit", "-qam", "tidy up")
    if how == "sealed":
        seal(journal, NOW)


HOW = ["removed", "committed", "sealed"]


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("path", [LEARNINGS, ROLLUP])
def test_a_deleted_rollup_or_digest_comes_back_as_itself_with_what_a_person_wrote(journal, path, how):
    write_below(journal, path)
    before, known = read(journal, path), id_of(journal, path)
    delete(journal, path, how)
    told = roll(journal, LATER).told
    assert [line for line in told if path in line] == [
        f"{path} was deleted: it comes back with all that git still has of what you put on it"
    ]
    assert read(journal, path).endswith(b"\nMy own words.\n")
    assert read(journal, path).count(b"\n") == before.count(b"\n")
    assert id_of(journal, path) == known
    assert failures(journal) == []
    assert roll(journal, LATER).changed == ()


def test_a_page_whose_block_was_rewritten_by_hand_is_made_again_once_it_is_deleted(journal):
    text = read(journal, ROLLUP).decode().replace("sessions on", "sittings on")
    Path(journal.path(ROLLUP)).write_text(text, encoding="utf-8")
    seal(journal, NOW)
    known = id_of(journal, ROLLUP)
    delete(journal, ROLLUP, "removed")
    assert roll(journal, LATER).refused == ()
    assert b"3 sessions on 3 days" in read(journal, ROLLUP)
    assert id_of(journal, ROLLUP) == known


def test_a_broken_page_that_is_deleted_is_made_new_under_its_own_id(journal):
    text = read(journal, ROLLUP).decode().replace("<!-- /journal:weekly -->", "")
    Path(journal.path(ROLLUP)).write_text(text, encoding="utf-8")
    git(journal, "commit", "-qam", "broken")
    known = id_of(journal, ROLLUP)
    delete(journal, ROLLUP, "removed")
    assert roll(journal, LATER).told == ()
    assert b"<!-- /journal:weekly -->" in read(journal, ROLLUP)
    assert id_of(journal, ROLLUP) == known
    assert failures(journal) == []


@pytest.mark.parametrize("how", HOW)
def test_a_deleted_playbook_is_not_made_again_and_is_named_with_what_brings_it_back(journal, how):
    delete(journal, PAGE, how)
    rolled = roll(journal, LATER)
    assert not os.path.exists(journal.path(PAGE))
    assert load_shelf(journal.root).playbooks == ()
    (pattern,) = look_up(journal, Bar()).patterns
    assert rolled.told[-1] == (
        f"{PAGE} was deleted, so it is not made again, though it keeps recurring: Run the linter before you commit\n"
        "hint: journal playbook promote run-the-linter-before-you-commit, to have it back as it was; "
        f"journal patterns ignore {pattern.key[:8]}, to hear no more of it"
    )
    assert roll(journal, LATER).changed == ()
    found = look_up(journal, Bar())
    assert [found.status(one) for one in found.patterns] == [("deleted", PAGE)]
    save_corrections(journal, ignore(found, pattern.key[:8]).corrections, "ignore", NOW)
    assert roll(journal, LATER).told == ()


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("name", ["run-the-linter-before-you-commit", "linter before committing"])
def test_a_deleted_playbook_comes_back_by_hand_with_its_marks_and_its_persons_words(journal, how, name):
    mark(Desk(journal, UNSET, NOW), "linter", "helpful", why="it found two")
    write_below(journal, PAGE)
    known = id_of(journal, PAGE)
    delete(journal, PAGE, how)
    done = promote_by_hand(Desk(journal, UNSET, LATER), name)
    assert (done.path, done.status, done.changed) == (PAGE, "established", True)
    assert "was deleted: it comes back" in done.told[0]
    assert id_of(journal, PAGE) == known
    assert [str(one) for one in load_shelf(journal.root).playbooks[0].marks] == ["2026-11-20 helpful: it found two"]
    assert read(journal, PAGE).endswith(b"\nMy own words.\n")
    assert failures(journal) == []
    assert roll(journal, LATER).told == ()


def test_a_deleted_playbook_whose_entries_are_gone_comes_back_byte_for_byte(journal):
    last = read(journal, PAGE)
    delete(journal, PAGE, "sealed")
    for number in range(3):
        os.remove(journal.path(f"journal/sessions/2026/2026-11-{16 + number}-session-{number}.md"))
    seal(journal, NOW)
    assert promote_by_hand(Desk(journal, UNSET, LATER), "run-the-linter-before-you-commit").path == PAGE
    assert read(journal, PAGE) == last
    with pytest.raises(NotFoundError):
        promote_by_hand(Desk(journal, UNSET, LATER), "nothing-of-the-kind")


def test_a_page_that_was_renamed_is_not_deleted(journal):
    os.rename(journal.path(PAGE), journal.path("journal/playbooks/lint.md"))
    assert deleted_playbooks(journal) == ()
    seal(journal, NOW)
    assert deleted_playbooks(journal) == ()
    os.remove(journal.path("journal/playbooks/lint.md"))
    assert [one.path for one in deleted_playbooks(journal)] == ["journal/playbooks/lint.md"]


def test_versions_come_newest_first_from_every_commit_that_had_the_file(journal):
    first = read(journal, PAGE)
    write_below(journal, PAGE)
    second = read(journal, PAGE)
    delete(journal, PAGE, "sealed")
    assert list(versions_of(journal, PAGE)) == [second, first]
    assert list(versions_of(journal, "journal/playbooks/none.md")) == []


def test_a_new_page_does_not_take_the_name_that_the_log_knows_as_a_deleted_ones(journal):
    delete(journal, PAGE, "removed")
    for number in range(len(LINT)):
        path = f"journal/sessions/2026/2026-11-{16 + number}-session-{number}.md"
        old = read(journal, path)
        journal.publish([Change(path, old.replace(b"linter", "lintèr".encode()), old)], "entry: y", NOW)
    assert roll(journal, LATER).new_playbooks == (PAGE.replace(".md", "-2.md"),)
    assert failures(journal) == []
