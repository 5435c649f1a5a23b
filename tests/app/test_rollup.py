"""A rollup's run on a real journal: it writes once, changes nothing twice, and leaves what a person wrote."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from journals import git, make_journal, read
from session_journal.app import rollup as module
from session_journal.app.note import add_note
from session_journal.app.open_ends import find_ends
from session_journal.app.playbook import find_playbook, load_shelf
from session_journal.app.rollup import Asked, read_period, roll_up
from session_journal.app.seal import seal
from session_journal.app.standing import Desk, mark
from session_journal.app.verify import verify
from session_journal.core.folders import CORRECTIONS
from session_journal.errors import DocumentError, JournalError, NotFoundError, UsageError
from session_journal.store.journal import Change
from session_journal.store.settings import Settings

NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=7)
UNSET = Settings({}, {})
LINT = ("Run the linter before committing", "Always run the linter before a commit", "Run the linter before you commit")
LEARNINGS = "journal/learnings.md"
ROLLUP = "journal/rollups/2026-W47.md"


@pytest.fixture
def journal(tmp_path):
    made = make_journal(tmp_path / "journal")
    for number, lesson in enumerate(LINT):
        add(made, number, 16 + number, f"## Key takeaways\n\n- {lesson} [t{number}]\n")
    return made


def add(journal, number, day, body, status="final", month=11):
    stamp = f"2026-{month:02}-{day:02}"
    path = f"journal/sessions/2026/{stamp}-session-{number}.md"
    front = f'id: "{number + 16:032x}"\ntitle: Session {number}\ndate: {stamp}\ntype: session\nstatus: {status}\nproject: shop\n'
    journal.publish([Change(path, f"---\n{front}---\n\n{body}".encode())], f"entry: {number}", NOW)
    return path


def roll(journal, name="2026-W47", now=NOW, **options):
    return roll_up(journal, Asked(name, **options), now, UNSET)


def playbook_of(journal):
    (page,) = load_shelf(journal.root).playbooks
    return page.path


def test_a_week_becomes_a_rollup_and_what_recurs_a_playbook(journal):
    rolled = roll(journal)
    path = "journal/playbooks/run-the-linter-before-you-commit.md"
    assert rolled.changed == (ROLLUP, path, LEARNINGS)
    assert rolled.new_playbooks == (path,)
    rollup = read(journal, ROLLUP).decode()
    assert "title: Week 2026-W47\n" in rollup
    assert "3 sessions on 3 days" in rollup
    assert "(../playbooks/run-the-linter-before-you-commit.md)" in rollup
    page = read(journal, path).decode()
    assert "status: established\n" in page
    assert "first_seen: 2026-11-16\nlast_seen: 2026-11-18\nsessions: 3\ndays: 3\n" in page
    assert "[Session 1](../sessions/2026/2026-11-17-session-1.md): “Always run the linter before a commit” [t1]" in page
    assert git(journal, "log", "-2", "--format=%s").splitlines() == [
        "weekly: 2026-W47",
        "playbook: Run the linter before you commit",
    ]


def test_running_it_twice_changes_nothing(journal):
    roll(journal)
    before = git(journal, "rev-parse", "HEAD"), read(journal, ROLLUP), read(journal, playbook_of(journal))
    assert roll(journal, now=LATER).changed == ()
    assert (git(journal, "rev-parse", "HEAD"), read(journal, ROLLUP), read(journal, playbook_of(journal))) == before


def test_what_it_writes_is_recorded_in_the_log(journal):
    roll(journal)
    assert verify(journal, int(NOW.timestamp())).findings == ()


def test_new_evidence_updates_the_page_and_its_moment(journal):
    roll(journal)
    add(journal, 7, 24, "## Key takeaways\n\n- Run the linter before every commit\n")
    rolled = roll(journal, "2026-W48", LATER)
    page = read(journal, playbook_of(journal)).decode()
    assert rolled.new_playbooks == ()
    assert "sessions: 4\n" in page
    assert "updated: 2026-11-27T17:00:00+00:00\n" in page
    assert "created: 2026-11-20T17:00:00+00:00\n" in page
    assert "- growing: " in read(journal, "journal/rollups/2026-W48.md").decode()


def test_an_old_week_is_told_as_it_was_then(journal):
    add(journal, 7, 24, "## Key takeaways\n\n- Run the linter before every commit\n")
    roll(journal)
    assert "(3 sessions, 3 days, [playbook]" in read(journal, ROLLUP).decode()


def write(journal, path, text):
    with open(journal.path(path), "w", encoding="utf-8", newline="") as file:
        file.write(text)


def test_of_two_runs_at_once_the_later_one_finds_what_the_other_wrote(journal, monkeypatch):
    promote = module.promote

    def overtaken(*given, **options):
        planned = promote(*given, **options)
        monkeypatch.setattr(module, "promote", promote)
        assert ROLLUP in roll(journal).changed
        return planned

    monkeypatch.setattr(module, "promote", overtaken)
    rolled = roll(journal)
    assert (rolled.path, rolled.changed, rolled.refused) == (ROLLUP, (), ())


def test_text_around_the_blocks_survives(journal):
    roll(journal)
    for path in (ROLLUP, playbook_of(journal)):
        text = read(journal, path).decode()
        head, fence, body = text.partition("---\n\n")
        write(journal, path, f"{head}mood: calm # mine\n{fence}My words above.\n\n{body}\nAnd below.\n")
    add(journal, 7, 19, "## Key takeaways\n\n- Run the linter before every commit\n")
    roll(journal, now=LATER)
    for path in (ROLLUP, playbook_of(journal)):
        text = read(journal, path).decode()
        assert "mood: calm # mine\n" in text
        assert "---\n\nMy words above.\n\n<!-- journal:" in text
        assert text.endswith("-->\n\nAnd below.\n")
        assert "Session 7" in text


def test_a_block_that_was_changed_by_hand_stays_until_forced(journal):
    roll(journal)
    path = playbook_of(journal)
    for one in (path, ROLLUP):
        write(
            journal,
            one,
            read(journal, one).decode().replace("Seen in", "I saw in").replace("sessions on", "sittings on"),
        )
    add(journal, 7, 19, "## Key takeaways\n\n- Run the linter before every commit\n")
    mine = read(journal, path), read(journal, ROLLUP)
    rolled = roll(journal, now=LATER)
    assert [error.message.split(":")[0] for error in rolled.refused] == [ROLLUP, path]
    assert (read(journal, path), read(journal, ROLLUP)) == mine
    assert rolled.changed == (LEARNINGS,)
    assert roll(journal, now=LATER, force=True).refused == ()
    assert "Seen in 4 sessions" in read(journal, path).decode()


def test_a_playbook_with_another_name_title_and_status_is_still_the_same(journal):
    roll(journal)
    old = playbook_of(journal)
    text = read(journal, old).decode()
    text = text.replace("title: Run the linter before you commit", "title: Lint first").replace(
        "status: established", "status: proven"
    )
    renamed = "journal/playbooks/lint-first.md"
    journal.publish([Change(renamed, text.encode(), read(journal, old), old)], "playbook: rename", NOW)
    add(journal, 7, 19, "## Key takeaways\n\n- Run the linter before every commit\n")
    roll(journal, now=LATER)
    assert playbook_of(journal) == renamed
    page = read(journal, renamed).decode()
    assert "title: Lint first\n" in page
    assert "status: proven\n" in page
    assert "sessions: 4\n" in page


def test_a_retired_playbook_is_left_alone(journal):
    roll(journal)
    path = playbook_of(journal)
    write(journal, path, read(journal, path).decode().replace("status: established", "status: retired"))
    retired = read(journal, path)
    add(journal, 7, 19, "## Key takeaways\n\n- Run the linter before every commit\n")
    roll(journal, now=LATER)
    assert read(journal, path) == retired
    assert playbook_of(journal) == path


def test_drafts_alone_make_a_candidate_that_says_so(tmp_path):
    journal = make_journal(tmp_path / "journal")
    for number, lesson in enumerate(LINT):
        add(journal, number, 16 + number, f"## Key takeaways\n\n- {lesson}\n", status="draft")
    roll(journal)
    page = read(journal, playbook_of(journal)).decode()
    assert "status: candidate\n" in page
    assert "**Candidate:** nobody has reviewed the entries it rests on yet" in page
    assert "All entries are drafts that nobody has reviewed yet" in read(journal, ROLLUP).decode()


@pytest.mark.parametrize(
    ("statuses", "words"),
    [
        (["draft"], "The entry is a draft that nobody"),
        (["draft", "final"], "1 of the 2 entries is a draft that nobody"),
        (["draft", "draft", "final"], "2 of the 3 entries are drafts that nobody"),
    ],
)
def test_a_page_says_how_many_of_its_entries_are_drafts(tmp_path, statuses, words):
    journal = make_journal(tmp_path / "journal")
    for number, status in enumerate(statuses):
        add(journal, number, 16 + number, "## Decisions\n\n- Keep SQLite\n", status=status)
    roll(journal)
    assert words in read(journal, ROLLUP).decode()


def test_a_candidate_whose_sessions_are_all_reviewed_lacks_evidence_and_no_review(journal):
    path = playbook_of(journal) if roll(journal).path else ""
    roll_up(journal, Asked("2026-W47"), NOW, Settings({"patterns.sessions": 4}, {}))
    page = read(journal, path).decode()
    assert "status: candidate" in page
    assert "**Candidate:** too little speaks for it yet." in page


def drop(journal, *numbers):
    paths = [f"journal/sessions/2026/2026-11-{16 + number}-session-{number}.md" for number in numbers]
    journal.publish([Change(path, None, read(journal, path)) for path in paths], "entry: gone", NOW)


def test_a_playbook_rests_on_what_is_left_when_its_entries_are_deleted(journal):
    roll(journal)
    path = playbook_of(journal)
    Path(journal.path(path)).write_bytes(read(journal, path) + b"\nMy own words.\n")
    drop(journal, 0, 2)
    assert path in roll(journal).changed
    page = read(journal, path).decode()
    assert "status: candidate" in page
    assert "Seen in 1 session on 1 day" in page
    assert "session-1.md" in page
    assert "session-0.md" not in page
    assert "session-2.md" not in page
    assert page.endswith("\nMy own words.\n")
    assert roll(journal).changed == ()


def test_an_entry_that_cannot_be_read_for_now_takes_nothing_from_its_playbook(journal):
    roll(journal)
    path = playbook_of(journal)
    before = read(journal, path)
    for number in (0, 1):
        write(journal, f"journal/sessions/2026/2026-11-{16 + number}-session-{number}.md", "---\n: [\n---\n")
    roll(journal)
    assert read(journal, path) == before


def test_a_playbook_whose_entries_are_all_gone_says_so_and_quotes_none(journal):
    roll(journal)
    path = playbook_of(journal)
    drop(journal, 0, 1, 2)
    add(journal, 9, 20, "Nothing of the kind.\n")
    assert path in roll(journal).changed
    page = read(journal, path).decode()
    assert "status: candidate" in page
    assert "The entries that it rested on are gone." in page
    assert "\u201c" not in page
    assert "## What to do" in page
    assert roll(journal).changed == ()


def test_a_page_without_a_pattern_stays_while_its_entries_are_there_or_a_person_ignores_it(journal):
    roll(journal)
    path = playbook_of(journal)
    before = read(journal, path)
    journal.publish([Change(CORRECTIONS, f'[[ignore]]\ntext = "{LINT[1]}"\n'.encode())], "patterns: x", NOW)
    roll(journal)
    drop(journal, 0)
    roll(journal)
    assert read(journal, path) == before


def test_a_question_in_other_words_is_closed_on_the_page_with_its_answer(journal):
    add(journal, 8, 19, "## Questions\n\n- Does the proxy retry a POST request?\n")
    add(journal, 9, 20, "## Questions\n\n- Is the proxy retrying POST requests?\n")
    add(journal, 10, 21, "## Questions\n\n- [x] Does the proxy retry POST requests? No, never\n")
    roll(journal)
    asked = [line for line in read(journal, ROLLUP).decode().splitlines() if "proxy" in line and "new: " not in line]
    assert asked == []


def test_settings_say_how_much_evidence_a_playbook_needs(journal):
    roll_up(journal, Asked("2026-W47"), NOW, Settings({"patterns.sessions": 4}, {}))
    assert load_shelf(journal.root).playbooks == ()


def test_notes_of_the_week_are_part_of_it(journal):
    add_note(journal, "the build is slow on Mondays", datetime(2026, 11, 16, 9, 5, tzinfo=UTC))
    roll(journal)
    assert "- 11-16 09:05 the build is slow on Mondays\n" in read(journal, ROLLUP).decode()


def test_an_empty_week_writes_nothing_and_names_one_that_is_not(journal):
    rolled = roll(journal, "2026-W30")
    assert (rolled.path, rolled.changed) == ("", ())
    assert rolled.suggestion == "journal weekly --date 2026-W47"
    assert roll(journal, "2026-W48", LATER).suggestion == "journal weekly --last"


def test_a_dry_run_shows_the_rollup_and_writes_nothing(journal):
    head = git(journal, "rev-parse", "HEAD")
    rolled = roll(journal, dry_run=True)
    assert "3 sessions on 3 days" in rolled.text
    assert len(rolled.changed) == 2
    assert git(journal, "rev-parse", "HEAD") == head
    assert git(journal, "status", "--porcelain") == ""


def test_entries_that_cannot_be_read_are_named_and_the_rest_counts(journal):
    write(journal, "journal/sessions/2026/2026-11-19-broken.md", "---\n: [\n---\n")
    rolled = roll(journal)
    assert [problem.path for problem in rolled.problems] == ["journal/sessions/2026/2026-11-19-broken.md"]
    assert rolled.entries == 3


def test_an_entry_with_an_unresolved_conflict_is_named_with_its_line_and_no_side_of_it_counts(journal):
    path = "journal/sessions/2026/2026-11-19-torn.md"
    sides = "<<<<<<< HEAD\n- Run the linter before you commit it\n=======\n- Keep the map\n>>>>>>> other\n"
    write(journal, path, f"---\nid: torn\ndate: 2026-11-19\nproject: shop\n---\n\n## Key takeaways\n\n{sides}")
    rolled = roll(journal)
    assert [(one.path, one.line) for one in rolled.problems] == [(path, 9)]
    assert "unresolved conflict" in rolled.problems[0].message
    assert rolled.entries == 3
    assert all(words not in rolled.text for words in ("Keep the map", "commit it", "======="))
    assert "torn" not in read(journal, playbook_of(journal)).decode()
    assert all("Keep the map" not in read(journal, page).decode() for page in rolled.changed)


def test_a_playbook_that_cannot_be_read_is_a_problem_not_the_end(journal):
    roll(journal)
    write(journal, "journal/playbooks/broken.md", "---\n: [\n---\n")
    shelf = load_shelf(journal.root)
    assert len(shelf.playbooks) == 1
    assert [(one.path, one.line) for one in shelf.problems] == [("journal/playbooks/broken.md", 2)]


CONFLICT = "<<<<<<< HEAD\n- ours\n=======\n- theirs\n>>>>>>> other\n"


def test_a_playbook_with_an_unresolved_conflict_is_left_out_and_named(journal):
    roll(journal)
    path = playbook_of(journal)
    write(journal, path, read(journal, path).decode() + CONFLICT)
    torn = read(journal, path)
    shelf = load_shelf(journal.root)
    assert not shelf.playbooks
    write(journal, path.replace("before-you-commit", "before-you-commit-twice"), "---\ntitle: Twice\n---\n")
    for ref in (path, "linter", "run-the-linter-before-you-commit"):
        with pytest.raises(DocumentError, match="unresolved conflict") as refused:
            find_playbook(shelf if ref == "linter" else load_shelf(journal.root), ref)
        assert refused.value.hint == f"journal edit {path}"
    rolled = roll(journal)
    assert [one.path for one in rolled.problems] == [path]
    assert read(journal, path) == torn


def test_a_days_notes_with_an_unresolved_conflict_are_left_out_and_named(journal):
    path = "journal/notes/2026-11-18.md"
    Path(journal.path(path)).parent.mkdir(exist_ok=True)
    write(journal, path, f"- kept\n{CONFLICT}")
    rolled = roll(journal)
    assert [(one.path, one.line) for one in rolled.problems] == [(path, 2)]
    assert "theirs" not in rolled.text


@pytest.mark.parametrize(
    ("text", "last", "week"),
    [
        ("", False, "2026-W47"),
        ("", True, "2026-W46"),
        ("2026-11-09", False, "2026-W46"),
        ("2026-W40", False, "2026-W40"),
        ("2026-w40", True, "2026-W39"),
        ("last week", False, "2026-W46"),
        ("yesterday", False, "2026-W47"),
        ("2027-01-01", False, "2026-W53"),
    ],
)
def test_a_week_is_named_by_a_day_or_its_name(text, last, week):
    assert read_period("week", text, NOW, last=last) == week


def test_a_week_that_does_not_exist_is_refused():
    with pytest.raises(UsageError, match="W54"):
        read_period("week", "2026-W54", NOW)


def test_playbooks_are_found_by_name_part_or_path(journal):
    roll(journal)
    shelf = load_shelf(journal.root)
    for ref in (
        "run-the-linter-before-you-commit",
        "run-the",
        "linter",
        shelf.playbooks[0].path,
        shelf.playbooks[0].title,
    ):
        assert find_playbook(shelf, ref) == shelf.playbooks[0]
    with pytest.raises(NotFoundError):
        find_playbook(shelf, "nothing")


def test_a_name_that_means_several_playbooks_lists_them(journal):
    roll(journal)
    page = read(journal, playbook_of(journal)).decode()
    write(journal, "journal/playbooks/run-the-tests.md", page)
    with pytest.raises(JournalError, match="2 playbooks match\n  run-the-linter"):
        find_playbook(load_shelf(journal.root), "run-the")


@pytest.mark.parametrize(
    ("period", "text", "last", "name"),
    [
        ("month", "", False, "2026-11"),
        ("month", "", True, "2026-10"),
        ("month", "2026-W40", False, "2026-09"),
        ("quarter", "2026-q2", False, "2026-Q2"),
        ("quarter", "2026-01-15", True, "2025-Q4"),
        ("week", "last week", False, "2026-W46"),
        ("month", "this month", False, "2026-11"),
    ],
)
def test_any_period_is_named_by_a_day_or_by_the_name_of_another(period, text, last, name):
    assert read_period(period, text, NOW, last=last) == name


@pytest.mark.parametrize(
    ("period", "text", "first"),
    [
        ("week", "2026-Q1", "2026-W01"),
        ("week", "2026-10", "2026-W40"),
        ("month", "2026-q1", "2026-01"),
        ("week", "last month", "2026-W40"),
        ("quarter", "2025", "2025-Q1"),
    ],
)
def test_what_is_longer_than_the_period_names_none_of_it(period, text, first):
    with pytest.raises(UsageError, match="longer than a") as error:
        read_period(period, text, NOW)
    assert f"--date {first}" in error.value.hint


def test_a_month_and_a_quarter_are_made_of_entries_whether_or_not_weeks_were_rolled_up(journal):
    for name, title in (("2026-11", "Month 2026-11"), ("2026-Q4", "Quarter 2026-Q4")):
        rolled = roll(journal, name)
        page = read(journal, f"journal/rollups/{name}.md").decode()
        assert rolled.entries == 3
        assert f"title: {title}\n" in page
        assert "(../playbooks/run-the-linter-before-you-commit.md)" in page
        assert roll(journal, name, LATER).changed == ()
    subjects = git(journal, "log", "-3", "--format=%s").splitlines()
    assert subjects[:2] == ["quarterly: 2026-Q4", "monthly: 2026-11"]


def test_a_quarter_before_a_playbook_asks_nothing_of_it(journal):
    add(journal, 9, 3, "## Decisions\n\n- Keep SQLite\n", month=8)
    assert "## Playbooks to look at" in roll(journal, "2026-Q4").text
    assert "## Playbooks to look at" not in roll(journal, "2026-Q3").text


def test_a_late_entry_updates_its_month(journal):
    roll(journal, "2026-11")
    add(journal, 9, 3, "## Decisions\n\n- Keep SQLite\n")
    roll(journal, "2026-11", LATER)
    assert "- Keep SQLite (" in read(journal, "journal/rollups/2026-11.md").decode()


def test_an_empty_month_writes_nothing_and_names_one_that_is_not(journal):
    rolled = roll(journal, "2026-12", datetime(2026, 12, 1, 9, tzinfo=UTC))
    assert (rolled.path, rolled.suggestion) == ("", "journal monthly --last")
    assert roll(journal, "2027-Q3").suggestion == "journal quarterly --date 2026-Q4"


def test_a_project_has_rollups_of_its_own_beside_those_of_all(journal):
    path = "journal/sessions/2026/2026-11-19-other.md"
    text = b"---\nid: other\ntitle: Elsewhere\ndate: 2026-11-19\nproject: My Site\n---\n\n## Decisions\n\n- Keep it static\n"
    journal.publish([Change(path, text)], "entry: other", NOW)
    rolled = roll(journal, project="my site")
    assert (rolled.path, rolled.entries) == ("journal/rollups/2026-W47-my-site.md", 1)
    page = read(journal, rolled.path).decode()
    assert "project: my site\n" in page
    assert "Keep it static" in page
    assert "linter" not in page
    assert roll(journal).entries == 4
    assert roll(journal, project="my site", now=LATER).changed == ()


def decide(journal, day, project, text):
    path = f"journal/sessions/2026/2026-11-{day}-{text.lower()}.md"
    front = f"id: {text}{day}\ntitle: {text}\ndate: 2026-11-{day}\nproject: {project}\n"
    journal.publish([Change(path, f"---\n{front}---\n\n## Decisions\n\n- {text}\n".encode())], "entry", NOW)


def test_two_projects_of_nearly_one_name_have_a_rollup_each(journal):
    for day, project, text in ((16, "my app", "Alpha"), (17, "my-app", "Beta"), (18, "My App", "Gamma")):
        decide(journal, day, project, text)
    first, second = (f"journal/rollups/2026-W47-my-app{number}.md" for number in ("", "-2"))
    assert [roll(journal, project=name).path for name in ("my app", "my-app", "My App")] == [first, second, first]
    told = [
        re.findall(r"^(?:- (\w+) \(|project: (.+))", read(journal, path).decode(), re.MULTILINE)
        for path in (first, second)
    ]
    assert told == [[("", "my app"), ("Gamma", ""), ("Alpha", "")], [("", "my-app"), ("Beta", "")]]
    before = git(journal, "rev-parse", "HEAD")
    assert [roll(journal, now=LATER, project=name).changed for name in ("my-app", "My App", "my app")] == [()] * 3
    assert git(journal, "rev-parse", "HEAD") == before


def test_a_rollup_that_a_person_deleted_comes_back_to_its_own_project_alone(journal):
    decide(journal, 16, "my app", "Alpha")
    decide(journal, 17, "my-app", "Beta")
    first, second = roll(journal, project="my app").path, roll(journal, project="my-app").path
    write(journal, first, f"{read(journal, first).decode()}\nMine about my app.\n")
    seal(journal, NOW)
    for path in (first, second):
        os.remove(journal.path(path))
    assert roll(journal, now=LATER, project="my-app").path == second
    assert roll(journal, now=LATER, project="my app").path == first
    assert b"Mine about my app." in read(journal, first)
    os.remove(journal.path(first))
    assert roll(journal, now=LATER, project="my-app").path == second


def test_a_project_counts_and_dates_what_recurs_by_its_own_sessions_alone(journal):
    def site(day, text):
        path = f"journal/sessions/2026/2026-11-{day}-site.md"
        front = f"id: site{day}\ntitle: Site\ndate: 2026-11-{day}\nproject: site\n"
        body = f"---\n{front}---\n\n## Key takeaways\n\n- {text}\n"
        journal.publish([Change(path, body.encode())], "entry: site", NOW)

    def recurred(name, project):
        page = read(journal, roll(journal, name, LATER, project=project).path).decode()
        return re.findall(r"^- (\w+): .*linter.* \((\d sessions), (\d days), \[playbook", page, re.MULTILINE)

    site(24, "Always run the linter before committing")
    assert recurred("2026-W48", "") == [("growing", "4 sessions", "4 days")]
    assert recurred("2026-W48", "site") == []
    site(26, "Run the linter before you commit anything")
    assert recurred("2026-W48", "") == [("growing", "5 sessions", "5 days")]
    assert recurred("2026-W48", "site") == [("new", "2 sessions", "2 days")]
    assert recurred("2026-W47", "shop") == [("new", "3 sessions", "3 days")]


def test_a_project_that_no_entry_names_is_refused_with_those_there_are(journal):
    with pytest.raises(NotFoundError) as caught:
        roll(journal, project="nothing")
    assert caught.value.hint == "journal list   (there are: shop)"


def test_of_many_projects_the_one_of_nearly_the_same_name_is_named_first(journal):
    for number, name in enumerate("abcdefghij"):
        path = f"journal/sessions/2026/2026-11-19-{name}.md"
        text = f"---\nid: {name}{number}\ndate: 2026-11-19\nproject: {name * 4}\n---\n\nWork.\n"
        journal.publish([Change(path, text.encode())], "entry: one", NOW)
    with pytest.raises(NotFoundError) as caught:
        roll(journal, project="Shoop")
    assert caught.value.hint == "journal list   (there are: shop, aaaa, bbbb, cccc, dddd, eeee, ffff, gggg, and 3 more)"


def test_an_outline_to_teach_is_only_told(journal):
    rolled = roll(journal, teach=True)
    assert rolled.teach.startswith("# What could be taught from 2026-W47\n\n## 1. Run the linter before you commit\n")
    assert "taught" not in read(journal, ROLLUP).decode()


def test_a_page_says_what_was_left_out_and_where_it_stands(journal):
    said = [
        "Keep SQLite",
        "Drop Python 3.9",
        "Ship on Fridays",
        "Freeze the clock",
        "Sign every wheel",
        "No global state",
        "Rent a larger server",
        "Pay the translators",
        "Cache the tiles",
        "Retire the forum",
        "Move meetings to noon",
    ]
    add(journal, 9, 19, "## Decisions\n\n" + "".join(f"- {one}\n" for one in said))
    page = roll(journal).text
    left = (
        "Not on this page: 1 decision. `journal list --since 2026-11-16 --until 2026-11-22` names the entries that tell them, "
        "`journal show ENTRY` prints one."
    )
    assert left in page


@pytest.mark.parametrize("name", ["2026-W47", "2026-11", "2026-Q4"])
def test_a_crowded_period_still_fits_a_page(journal, name):
    sections = (
        "Decisions", "Key takeaways", "Surprises", "Challenges", "Action items", "Questions", "Knowledge gaps",
        "Deviations from plan", "What went well", "To improve", "For next time",
    )  # fmt: skip
    nouns = ["cache", "parser", "index", "socket", "widget", "ledger", "mailer", "router"]
    for number in range(9):
        parts = [f"## {title}\n\n" + "".join(f"- {noun} {title} {number}\n" for noun in nouns) for title in sections]
        path = add(journal, 20 + number, 16 + number % 5, "\n".join(parts))
        write(journal, path, read(journal, path).decode().replace("project: shop", f"project: shop{number}"))
    page = roll(journal, name).text
    assert len(page.partition("-->\n")[2].partition("<!-- /journal")[0].splitlines()) <= 62
    assert "**Others: " in page


def test_nothing_acts_in_the_title_of_a_session(journal):
    path = add(journal, 9, 19, "## Decisions\n\n- Keep SQLite\n")
    title = "Session 9 [x](http://a.example) <img src=x>"
    write(journal, path, read(journal, path).decode().replace("title: Session 9", f"title: {title}"))
    assert r"[Session 9 \[x\](http://a.example) \<img src=x>](" in roll(journal).text


def test_nothing_acts_in_the_titles_that_a_busy_day_names_beside(journal):
    front = "date: 2026-11-{day}\ntype: session\nproject: shop\n"
    changes = [
        Change(
            f"journal/sessions/2026/2026-11-{day}-busy-{number}.md",
            f'---\nid: "{100 * day + number:032x}"\ntitle: Busy {number} [x](http://a.example) <img>\n{front.format(day=day)}---\n'.encode(),
        )
        for day in (17, 18)
        for number in range(15)
    ]
    journal.publish(changes, "entry: many", NOW)
    (line, _) = [line for line in roll(journal).text.splitlines() if line.startswith("  - also: ")]
    assert r"\[x\](http://a.example) \<img>" in line
    assert "[x]" not in line.replace(r"\[x\]", "")


def test_what_was_ticked_in_a_rollup_is_ticked_in_its_entry(journal):
    path = add(journal, 9, 19, "## Action items\n\n- [ ] Rotate the staging key of the mailer\n")
    page = roll(journal).text
    line = next(line for line in page.splitlines() if "Rotate the staging key" in line)
    assert line.startswith("- ")
    text = read(journal, ROLLUP).decode()
    ticked = line.replace("- ", "- [x] ", 1) if "[ ]" not in line else line.replace("[ ]", "[x]")
    write(journal, ROLLUP, text.replace(line, ticked))
    again = roll(journal, now=LATER)
    assert "- [x] Rotate the staging key of the mailer" in read(journal, path).decode()
    assert "- [ ] Rotate" not in again.text


@pytest.mark.parametrize("gone", [b"<!-- /journal:weekly -->\n", b"<!-- journal:weekly"])
def test_lines_of_a_page_with_a_broken_marker_are_nobodys_statements(journal, gone):
    add(journal, 9, 20, "## Action items\n\n- [ ] Call Ann\n")
    roll(journal)
    path = Path(journal.path(ROLLUP))
    path.write_bytes(path.read_bytes().replace(gone, b"<!-- weekly" if gone.endswith(b"weekly") else b""))
    before = path.read_bytes()
    (end,) = [end for end in find_ends(journal) if end.kind == "action"]
    assert (end.text, len(end.mentions)) == ("Call Ann", 1)
    assert [one for one in end.copies if one.path == ROLLUP] == []
    refused = roll(journal).refused
    assert refused[0].message.startswith(f"{ROLLUP}: the markers of the block `journal:weekly` are not one pair")
    line = next(n for n, text in enumerate(before.split(b"\n"), 1) if b"journal:weekly" in text)
    assert f"(line {line})" in refused[0].message
    assert path.read_bytes() == before


def test_a_digest_that_was_changed_inside_stays_and_the_week_says_so(journal):
    add(journal, 9, 20, "## Knowledge gaps\n\n- [ ] How DNS works\n")
    roll(journal)
    path = Path(journal.path(LEARNINGS))
    path.write_bytes(path.read_bytes().replace(b"## Open gaps", b"## My gaps"))
    assert [error.message for error in roll(journal).refused if LEARNINGS in error.message]
    assert b"## My gaps" in path.read_bytes()


def test_a_playbook_with_a_broken_marker_is_found_again_and_gets_no_double(journal):
    roll(journal)
    path = Path(journal.path(playbook_of(journal)))
    path.write_bytes(path.read_bytes().replace(b"<!-- /journal:playbook -->", b""))
    refused = roll(journal).refused
    assert [error.message for error in refused if "markers of the block `journal:playbook`" in error.message]
    assert len(list(path.parent.glob("*.md"))) == 1


def test_no_new_playbook_is_made_while_a_page_cannot_be_read(journal):
    roll(journal)
    path = Path(journal.path(playbook_of(journal)))
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"\ntitle: ", b"\ntitle: [", 1))
    refused = roll(journal).refused
    assert path.name in refused[0].message
    assert list(path.parent.glob("*.md")) == [path]
    path.write_bytes(whole)
    assert roll(journal).refused == ()


def test_a_page_says_how_many_pieces_of_a_day_it_does_not_name(journal):
    path = "journal/sessions/2026/2026-11-19-day.md"
    work = "## Summary\n\nFixed the parser of tides.\n\n## Summary\n\nWrote the export of gauges.\n"
    text = (
        f"---\nid: day\ntitle: Thursday\ndate: 2026-11-19\n---\n\n{work}\n## Decisions\n\n- Fixed the parser of tides\n"
    )
    journal.publish([Change(path, text.encode())], "entry: day", NOW)
    page = read(journal, roll(journal).path).decode()
    assert (
        "(../sessions/2026/2026-11-19-day.md): 2 pieces of work, 1 of them named\n  - Wrote the export of gauges\n"
        in page
    )


def insert(journal, path, after, text):
    """Type lines inside a page, below the first line that begins with some words."""
    lines = read(journal, path).decode().split("\n")
    place = next(number for number, line in enumerate(lines) if line.startswith(after)) + 1
    write(journal, path, "\n".join([*lines[:place], *text.split("\n"), *lines[place:]]))


@pytest.mark.parametrize("commit", [False, True])
def test_lines_typed_inside_a_block_are_moved_below_it_and_the_page_goes_on(journal, commit):
    roll(journal)
    paths = (ROLLUP, playbook_of(journal), LEARNINGS)
    for path in paths:
        write(journal, path, read(journal, path).decode() + "\nOlder words.\n")
        insert(journal, path, "## ", "\nMy own line.\n")
        insert(journal, path, "- ", "  - and another")
    if commit:
        seal(journal, NOW)
    add(journal, 7, 19, "## Key takeaways\n\n- Run the linter before every commit\n")
    rolled = roll(journal, now=LATER)
    assert rolled.refused == ()
    assert sorted(rolled.told) == sorted(f"{path}: 2 lines of yours inside its block, put below it" for path in paths)
    for path in paths:
        text = read(journal, path).decode()
        assert text.endswith(" -->\n\nMy own line.\n\n  - and another\n\nOlder words.\n")
        assert "2026-11-19" in text
    assert roll(journal, now=LATER).changed == ()
    assert verify(journal, int(LATER.timestamp())).findings == ()


def test_lines_typed_inside_are_kept_even_when_it_is_forced(journal):
    roll(journal)
    insert(journal, ROLLUP, "## ", "\nMy own line.")
    assert roll(journal, now=LATER, force=True).refused == ()
    assert read(journal, ROLLUP).endswith(b" -->\n\nMy own line.\n")


def test_a_mark_on_a_page_with_typed_lines_moves_them_and_says_so(journal):
    roll(journal)
    path = playbook_of(journal)
    insert(journal, path, "## ", "\nMy own line.")
    done = mark(Desk(journal, UNSET, NOW), "linter", "helpful")
    assert done.kept == ""
    assert done.told == (f"{path}: 1 line of yours inside its block, put below it",)
    assert "; marked helpful 1 time." in read(journal, path).decode()


def test_a_page_whose_block_no_commit_has_as_it_was_stays_as_it_is(journal):
    roll(journal)
    text = read(journal, ROLLUP).decode()
    sha = text.split("sha256:")[1][:16]
    write(journal, ROLLUP, text.replace(sha, "0123456789abcdef").replace("## ", "Mine.\n\n## ", 1))
    mine = read(journal, ROLLUP)
    assert len(roll(journal, now=LATER).refused) == 1
    assert read(journal, ROLLUP) == mine
