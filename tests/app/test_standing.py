"""What people say of a playbook is kept in its page, counts, and can be undone to the byte."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest

from journals import git, make_journal, read
from session_journal.app.playbook import load_shelf
from session_journal.app.rollup import Asked, roll_up
from session_journal.app.standing import Desk, mark, promote_by_hand, retire_by_hand
from session_journal.app.verify import verify
from session_journal.errors import JournalError, NotFoundError
from session_journal.store.journal import Change
from session_journal.store.settings import Settings

NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
UNSET = Settings({}, {})
LINT = ("Run the linter before committing", "Always run the linter before a commit", "Run the linter before you commit")
CLOCK = ("Freeze the clock in tests of dates", "Tests of dates need a frozen clock", "Freeze the clock in date tests")
SCHEMA = (
    "Check the schema of the settings at start",
    "Check the settings against their schema at start",
    "At start, check the schema of the settings",
)
PAGE = "journal/playbooks/run-the-linter-before-you-commit.md"


@pytest.fixture
def journal(tmp_path):
    made = make_journal(tmp_path / "journal")
    for number, lesson in enumerate(LINT):
        add(made, number, lesson)
    roll_up(made, Asked("2026-W47"), NOW, UNSET)
    return made


def add(journal, number, lesson, status="final"):
    day = f"2026-11-{16 + number}"
    front = f'id: "{number + 16:032x}"\ntitle: Session {number}\ndate: {day}\nstatus: {status}\nproject: shop\n'
    text = f"---\n{front}---\n\n## Key takeaways\n\n- {lesson} [t1]\n"
    journal.publish([Change(f"journal/sessions/2026/{day}-session-{number}.md", text.encode())], "entry: x", NOW)


def desk(journal, **options):
    return Desk(journal, UNSET, NOW, **options)


def test_a_mark_is_kept_in_the_page_told_in_it_and_recorded(journal):
    done = mark(desk(journal), "linter", "helpful", "session-1")
    page = read(journal, PAGE).decode()
    assert done.changed
    assert "marks:\n  - 2026-11-20 helpful in 2026-11-17-session-1\n" in page
    assert "; marked helpful 1 time." in page
    assert "- 2026-11-20: marked helpful in 2026-11-17-session-1\n" in page
    assert git(journal, "log", "-1", "--format=%s").strip() == "playbook: mark helpful Run the linter before you commit"
    assert verify(journal, int(NOW.timestamp())).findings == ()


def test_the_same_mark_twice_changes_nothing_and_so_does_the_next_rollup(journal):
    mark(desk(journal), "linter", "helpful", "session-1")
    before = read(journal, PAGE)
    assert not mark(desk(journal), "linter", "helpful", "session-1").changed
    assert PAGE not in roll_up(journal, Asked("2026-W47"), NOW + timedelta(days=9), UNSET).changed
    assert read(journal, PAGE) == before


def test_marks_make_it_proven_or_retire_it(journal):
    mark(desk(journal), "linter", "helpful", "session-0")
    assert mark(desk(journal), "linter", "helpful", "session-1").status == "proven"
    for number in range(2):
        mark(desk(journal), "linter", "helpful", f"session-{number}", undo=True)
    assert mark(desk(journal), "linter", "harmful", "session-0").status == "established"
    assert mark(desk(journal), "linter", "harmful", "session-1", "it hides errors").status == "retired"
    page = read(journal, PAGE).decode()
    assert "**Retired**. Do not follow it." in page
    assert "## When it does not apply\n\n- It hides errors\n" in page


def test_a_mark_that_is_taken_back_leaves_the_page_as_it_was(journal):
    before = read(journal, PAGE)
    mark(desk(journal), "linter", "harmful")
    mark(desk(journal), "linter", "harmful", undo=True)
    assert read(journal, PAGE) == before
    with pytest.raises(NotFoundError, match="has no such mark"):
        mark(desk(journal), "linter", "harmful", undo=True)


def test_promoted_and_retired_by_hand_it_stays_until_that_is_undone(journal):
    assert promote_by_hand(desk(journal), "linter").status == "proven"
    page = read(journal, PAGE).decode()
    assert "Its status was set by hand; its evidence alone makes it established." in page
    roll_up(journal, Asked("2026-W47"), NOW, UNSET)
    assert load_shelf(journal.root).playbooks[0].status == "proven"
    assert retire_by_hand(desk(journal), "linter").status == "retired"
    roll_up(journal, Asked("2026-W47"), NOW, UNSET)
    assert load_shelf(journal.root).playbooks[0].status == "retired"
    assert promote_by_hand(desk(journal), "linter", undo=True).status == "established"
    assert "by hand" not in read(journal, PAGE).decode().partition("## History")[0]


def test_what_is_proven_cannot_be_promoted(journal):
    promote_by_hand(desk(journal), "linter")
    with pytest.raises(JournalError, match="proven already"):
        promote_by_hand(desk(journal), "linter")


def test_a_pattern_without_a_page_gets_one_by_hand(journal):
    for number in (3, 4):
        add(journal, number, CLOCK[number - 3])
    done = promote_by_hand(desk(journal), "frozen clock")
    assert (done.status, done.before, done.changed) == ("candidate", "", True)
    assert "## Evidence" in read(journal, done.path).decode()
    with pytest.raises(NotFoundError, match="no such playbook or pattern"):
        promote_by_hand(desk(journal), "nothing of the kind")


@pytest.mark.parametrize("words", [False, True])
def test_a_pattern_is_raised_and_taken_back_by_its_key_or_words_on_the_one_page_it_has(journal, words):
    (known,) = load_shelf(journal.root).playbooks
    name = LINT[1] if words else known.key[:8]
    assert (promote_by_hand(desk(journal), name).path, load_shelf(journal.root).playbooks[0].status) == (PAGE, "proven")
    assert [one.path for one in load_shelf(journal.root).playbooks] == [PAGE]
    with pytest.raises(JournalError, match="proven already"):
        promote_by_hand(desk(journal), name)
    assert promote_by_hand(desk(journal), name, undo=True).status == "established"
    assert mark(desk(journal), name, "helpful").path == PAGE
    assert retire_by_hand(desk(journal), name).status == "retired"


def test_a_page_made_by_hand_goes_by_its_patterns_key(journal):
    path = asked_for(journal)
    key = next(one.key for one in load_shelf(journal.root).playbooks if one.path == path)
    assert (promote_by_hand(desk(journal), key).path, promote_by_hand(desk(journal), key).status) == (path, "proven")
    assert promote_by_hand(desk(journal), key, undo=True).status == "candidate"
    assert promote_by_hand(desk(journal), key, undo=True).status == "removed"


def asked_for(journal):
    """Make a page by hand of what two sessions said."""
    for number in (3, 4):
        add(journal, number, CLOCK[number - 3])
    return promote_by_hand(desk(journal), "frozen clock").path


def test_a_page_that_was_made_by_hand_is_taken_away_when_that_is_undone(journal):
    path = asked_for(journal)
    done = promote_by_hand(desk(journal), "clock", undo=True)
    assert (done.path, done.status, done.before, done.changed) == (path, "removed", "candidate", True)
    assert not os.path.exists(journal.path(path))
    assert verify(journal, int(NOW.timestamp())).findings == ()
    assert roll_up(journal, Asked("2026-W47"), NOW, UNSET).told == ()


def test_what_was_taken_away_so_comes_back_as_itself_once_the_evidence_earns_it(journal):
    path = asked_for(journal)
    known = load_shelf(journal.root).playbooks
    promote_by_hand(desk(journal), "clock", undo=True)
    add(journal, 5, CLOCK[2])
    late = NOW + timedelta(days=1)
    assert roll_up(journal, Asked("2026-W47"), late, UNSET).told == ()  # no person deleted it
    assert {one.path for one in load_shelf(journal.root).playbooks} == {one.path for one in known}
    assert verify(journal, int(NOW.timestamp())).findings == ()
    done = promote_by_hand(desk(journal), "clock", undo=True)
    assert f"{path[18:-3]} stays: its evidence has earned it a page by now\n" in done.told[0]
    assert os.path.exists(journal.path(path))


@pytest.mark.parametrize("marks", [True, False])
def test_a_page_made_by_hand_that_holds_something_of_its_person_stays(journal, marks):
    path = asked_for(journal)
    if marks:
        mark(desk(journal), "clock", "helpful")
    else:
        with open(journal.path(path), "a", encoding="utf-8") as file:
            file.write("\nMine.\n")
    before = read(journal, path)
    done = promote_by_hand(desk(journal), "clock", undo=True)
    why = "it was marked" if marks else "it holds words of yours"
    hint = f"hint: journal playbook retire {path[18:-3]}, if nobody is to follow it"
    assert (done.changed, done.told) == (False, (f"{path[18:-3]} stays: {why}\n{hint}",))
    assert read(journal, path) == before


def test_undoing_what_nobody_decided_says_so(journal):
    done = promote_by_hand(desk(journal), "linter", undo=True)
    assert not done.changed
    assert done.told[0].startswith("run-the-linter-before-you-commit stays: nothing was decided about it by hand\n")


def test_what_takes_a_playbooks_place_names_it_and_is_named(journal):
    for number in (3, 4, 5):
        add(journal, number, CLOCK[number - 3])
    roll_up(journal, Asked("2026-W47"), NOW, UNSET)
    clock = next(one for one in load_shelf(journal.root).playbooks if "clock" in one.name)
    before = read(journal, clock.path)
    head = git(journal, "rev-list", "--count", "HEAD")
    assert retire_by_hand(desk(journal), "linter", "clock").status == "retired"
    assert int(git(journal, "rev-list", "--count", "HEAD")) == int(head) + 1
    assert f"[{clock.name}]({clock.name}.md) took its place. Do not follow it." in read(journal, PAGE).decode()
    assert "Takes the place of [run-the-linter-before-you-commit](" in read(journal, clock.path).decode()
    assert retire_by_hand(desk(journal), "linter", undo=True).status == "established"
    assert read(journal, clock.path) == before
    with pytest.raises(JournalError, match="its own place"):
        retire_by_hand(desk(journal), "linter", "linter")


def test_a_playbook_has_one_heir_and_the_one_before_names_it_no_more(journal):
    for number in range(3, 6):
        add(journal, number, CLOCK[number - 3])
        add(journal, number + 3, SCHEMA[number - 3])
    roll_up(journal, Asked("2026-Q4"), NOW, UNSET)
    before = {one.path: read(journal, one.path) for one in load_shelf(journal.root).playbooks}
    clock, schema = (next(path for path in before if word in path) for word in ("clock", "schema"))
    retire_by_hand(desk(journal), "linter", "clock")
    retire_by_hand(desk(journal), "linter", "schema")
    assert read(journal, clock) == before[clock]
    assert "Takes the place of [run-the-linter-before-you-commit](" in read(journal, schema).decode()
    promote_by_hand(desk(journal), "linter")
    assert read(journal, schema) == before[schema]


def test_a_playbook_cannot_take_the_place_of_one_that_took_its_own_place(journal):
    for number in (3, 4, 5):
        add(journal, number, CLOCK[number - 3])
    roll_up(journal, Asked("2026-W47"), NOW, UNSET)
    retire_by_hand(desk(journal), "linter", "clock")
    head = git(journal, "rev-parse", "HEAD")
    with pytest.raises(JournalError, match="gave its place to") as caught:
        retire_by_hand(desk(journal), "clock", "linter")
    assert caught.value.hint == "journal playbook retire run-the-linter-before-you-commit --undo"
    assert git(journal, "rev-parse", "HEAD") == head


def test_a_page_that_was_changed_inside_keeps_its_text_and_gets_the_mark(journal):
    text = read(journal, PAGE).decode().replace("## What to do", "## My own way")
    with open(journal.path(PAGE), "w", encoding="utf-8", newline="") as file:
        file.write(text)
    done = mark(desk(journal), "linter", "helpful")
    assert "changed by hand" in done.kept
    page = read(journal, PAGE).decode()
    assert "## My own way" in page
    assert "- 2026-11-20 helpful\n" in page


def test_a_dry_run_tells_what_would_become_of_it_and_writes_nothing(journal):
    before = git(journal, "rev-parse", "HEAD"), read(journal, PAGE)
    assert retire_by_hand(desk(journal, dry_run=True), "linter").status == "retired"
    assert (git(journal, "rev-parse", "HEAD"), read(journal, PAGE)) == before


def test_a_mark_that_gives_way_to_another_of_its_day_is_named(journal):
    assert mark(desk(journal), "run-the-linter", "helpful", why="it found two").replaced == ""
    done = mark(desk(journal), "run-the-linter", "harmful")
    assert done.replaced == "2026-11-20 helpful: it found two"
    assert mark(desk(journal), "run-the-linter", "harmful", undo=True).replaced == ""


def test_a_reason_that_holds_a_secret_is_kept_without_it(journal):
    mark(desk(journal), "linter", "harmful", why="it printed ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8")
    assert "a1B2c3D4" not in read(journal, PAGE).decode()


def test_the_quarter_tells_which_playbooks_rose_and_which_should_go(journal):
    roll_up(journal, Asked("2026-Q4"), NOW, UNSET)
    path = "journal/rollups/2026-Q4.md"
    link = "[Run the linter before you commit](../playbooks/run-the-linter-before-you-commit.md)"
    assert f"- Now established: {link}: seen in 3 sessions on 3 days\n" in read(journal, path).decode()
    mark(desk(journal), "linter", "harmful")
    roll_up(journal, Asked("2026-Q4"), NOW, UNSET)
    assert f"- Retire {link}: marked harmful 1 time\n" in read(journal, path).decode()


def test_a_page_that_a_person_wrote_has_its_heading_for_a_title_and_takes_marks(journal):
    path = "journal/playbooks/own.md"
    journal.publish([Change(path, b'---\nid: "a1"\n---\n# Ask first\n\nAlways.\n')], "playbook: own", NOW)
    done = mark(desk(journal), "ask first", "helpful")
    assert (done.title, done.kept) == ("Ask first", "all of it is yours")
    assert read(journal, path).endswith(b"---\n# Ask first\n\nAlways.\n")
    roll_up(journal, Asked("2026-W47"), NOW, UNSET)
    assert b"title" not in read(journal, path)
