"""learnings.md in a real journal: short, true to the entries, written once, beside the person's own text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from journals import git, make_journal, read
from session_journal.app.generated import EditedError
from session_journal.app.learnings import PATH, Whole, plan, refresh
from session_journal.app.open_ends import find_ends
from session_journal.app.verify import verify
from session_journal.core import blocks
from session_journal.core.patterns import Memory
from session_journal.store.entries import load
from session_journal.store.journal import Change

NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=60)
RULE = ("Always freeze the clock in tests of expiry", "Freeze the clock in every test of expiry, always")


@pytest.fixture
def journal(tmp_path):
    return make_journal(tmp_path / "journal")


def add(journal, day, body, status="final"):
    path = f"journal/sessions/2026/2026-11-{day:02}-s.md"
    front = f'id: "{day:032x}"\ntitle: Day {day}\ndate: 2026-11-{day:02}\nstatus: {status}\nproject: shop\n'
    journal.publish([Change(path, f"---\n{front}---\n\n{body}".encode())], f"entry: {day}", NOW)
    return path


def write(journal, now=NOW, **options):
    changes = plan(journal, now, **options)
    journal.publish(changes, "learnings", now)
    return [change.path for change in changes]


def digest(journal, entries=None):
    whole = entries and Whole(entries, find_ends(journal, entries), Memory())
    change = refresh(journal, NOW, whole)
    return blocks.read(change.data.decode(), "learnings") if change else ""


def test_it_names_focus_gaps_reps_and_rules_with_where_they_come_from(journal):
    add(journal, 2, f"## Takeaways\n\n- {RULE[0]}\n\n## Gaps\n\n- How leap seconds work\n- [/] How tabs share tokens\n")
    add(journal, 9, f"## Takeaways\n\n- {RULE[1]}\n\n## For next time\n\n- Write the failing test first\n")
    leap, tabs = sorted((end for end in find_ends(journal)), key=lambda end: end.mark)
    first, second = "sessions/2026/2026-11-02-s.md", "sessions/2026/2026-11-09-s.md"
    assert digest(journal) == (
        f"## Focus now\n\n- [/] How tabs share tokens ([2026-11-02]({first})) ^{tabs.id}\n\n"
        f"## Open gaps\n\n- [ ] How leap seconds work ([2026-11-02]({first})) ^{leap.id}\n\n"
        f"## Next reps\n\n- Write the failing test first ([2026-11-09]({second}))\n\n"
        f"## Rules that hold\n\n- {RULE[1]} ([2026-11-09]({second})), seen in 2 sessions\n"
    )


def test_the_digest_is_the_same_whether_entries_are_read_or_the_index_is_asked(journal):
    secret = "ghp_" + "a1B2c3D4e5" * 3 + "f6G7h8"
    gap = "\n## Gaps\n\n- How leap seconds work\n- How tabs share tokens\n    - [ ] How windows do\n"
    for day, rule in ((2, RULE[0]), (9, RULE[1])):
        add(journal, day, f"## Takeaways\n\n- {rule} #tests\n{gap}\n## Next time\n\n- Ask number {day}\n")
    file = Path(journal.path("journal/sessions/2026/2026-11-02-s.md"))
    file.write_bytes(file.read_bytes().replace(b"share tokens", f"share {secret}".encode()))
    text = digest(journal)
    assert "leap seconds" in text
    assert digest(journal, load(journal.root)[0]) == text
    assert find_ends(journal) != ()
    ids = [[end.id for end in find_ends(journal, entries)] for entries in (None, load(journal.root)[0])]
    assert ids[0] == ids[1]


def test_what_was_meant_for_next_time_and_is_ticked_is_no_rep(journal):
    add(journal, 9, "## For next time\n\n- [x] Call Ann first\n- [-] Call Bob first\n- [ ] Write the test first\n")
    for entries in (None, load(journal.root)[0]):
        text = digest(journal, entries)
        assert "Write the test first" in text
        assert "Call" not in text


def test_drafts_teach_no_rule_until_they_are_accepted_but_their_gaps_are_shown_as_theirs(journal):
    for day, rule in ((2, RULE[0]), (9, RULE[1])):
        add(journal, day, f"## Takeaways\n\n- {rule} [t1]\n\n## Gaps\n\n- [ ] How tabs share tokens [t2]\n", "draft")
    for entries in (None, load(journal.root)[0]):
        text = digest(journal, entries)
        assert "expiry" not in text
        assert ", draft) ^" in text


@pytest.mark.parametrize("text", [
    "I should always ask before I merge, maybe",
    "Should we always squash?",
    "The release went out on Friday",
])  # fmt: skip
def test_a_musing_a_question_or_an_event_is_no_rule(journal, text):
    add(journal, 2, f"## Insights\n\n- {text}\n")
    assert digest(journal) == ""


def test_a_rule_that_a_later_entry_says_is_gone_holds_no_more_by_either_way(journal):
    add(journal, 2, "## Decisions\n\n- Deploy only on Tuesdays\n- Never mock the clock in tests of dates\n")
    assert "Deploy only on Tuesdays" in digest(journal)
    add(journal, 9, "## Decisions\n\n- The Tuesday rule is gone\n")
    for entries in (None, load(journal.root)[0]):
        assert "Deploy only on Tuesdays" not in digest(journal, entries)
        assert "Never mock the clock in tests of dates" in digest(journal, entries)


def test_a_rule_that_a_later_entry_calls_a_mistake_holds_no_more(journal):
    add(journal, 2, "## Takeaways\n\n- Always squash merge pull requests\n- Always sign the tags of releases\n")
    assert "Always squash merge" in digest(journal)
    add(journal, 9, "## Takeaways\n\n- Squash merging pull requests was a mistake: bisect is useless now\n")
    assert "Always squash merge" not in digest(journal)
    assert "Always sign the tags" in digest(journal)


def test_writing_it_twice_or_much_later_changes_nothing(journal):
    path = add(journal, 2, f"## Takeaways\n\n- {RULE[0]}\n\n## Gaps\n\n- How leap seconds work\n")
    assert write(journal) == [path, PATH]  # the gap that it names gets its id
    before = read(journal, PATH), git(journal, "rev-parse", "HEAD")
    assert write(journal) == []
    assert write(journal, LATER) == []
    assert refresh(journal, LATER) is None
    assert (read(journal, PATH), git(journal, "rev-parse", "HEAD")) == before
    assert verify(journal, int(NOW.timestamp())).findings == ()


def test_an_empty_journal_gets_no_digest(journal):
    assert plan(journal, NOW) == ()


def test_own_text_stays_and_words_changed_in_the_block_are_not_overwritten(journal):
    add(journal, 2, "## Gaps\n\n- How leap seconds work\n")
    write(journal)
    file = Path(journal.path(PATH))
    file.write_bytes(file.read_bytes().replace(b"---\n\n<!--", b"---\n\nMine above.\n\n<!--") + b"\nMine below.\n")
    path = add(journal, 9, "## Gaps\n\n- How tabs share tokens\n")
    assert write(journal) == [path, PATH]
    text = read(journal, PATH).decode()
    assert ("tabs" in text, "\n\nMine above.\n\n<!--" in text, text.endswith("-->\n\nMine below.\n")) == (
        True,
        True,
        True,
    )
    file.write_bytes(file.read_bytes().replace(b"leap seconds", b"leap years"))
    path = add(journal, 10, "## Gaps\n\n- How daylight saving ends\n")
    with pytest.raises(EditedError):
        plan(journal, NOW)
    assert write(journal, force=True) == [path, PATH]


def test_a_gap_ticked_in_the_digest_is_resolved_in_its_entry_and_leaves_the_digest(journal):
    path = add(journal, 2, "## Gaps\n\n- How leap seconds work\n- How tabs share tokens\n")
    write(journal)
    file = Path(journal.path(PATH))
    file.write_bytes(file.read_bytes().replace(b"- [ ] How leap", b"- [x] How leap"))
    assert "- [x] How leap seconds work (" in digest(journal)
    assert write(journal) == [path, PATH]
    assert "- [x] How leap seconds work ^" in read(journal, path).decode()
    assert "leap" not in read(journal, PATH).decode()
    assert write(journal) == []


def test_a_rule_that_the_best_wording_states_without_its_reach_is_told_by_one_that_has_it(journal):
    rules = ("Always set an explicit timeout on every HTTP client", "Set explicit timeouts on all HTTP clients")
    first = add(journal, 2, f"## Takeaways\n\n- {rules[0]}\n")
    add(journal, 9, f"## Takeaways\n\n- {rules[1]}\n")
    add(journal, 16, f"## Takeaways\n\n- {rules[1]}\n")
    source = f"([2026-11-02]({first.removeprefix('journal/')}))"
    assert f"- {rules[0]} {source}, seen in 3 sessions\n" in digest(journal)


def test_it_stays_within_forty_lines(journal):
    things = ["alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliet"]
    body = "".join(
        f"## {title}\n\n" + "".join(f"- {lead} {thing}{number}\n" for number, thing in enumerate(things)) + "\n"
        for title, lead in (("Gaps", "How to tame"), ("Takeaways", "Always polish"), ("For next time", "Bring along"))
    )
    add(journal, 2, body)
    text = digest(journal)
    assert len(text.splitlines()) <= 40
    assert "- and 4 more (`journal gaps`)" in text


def test_a_digest_of_everything_stays_within_forty_lines_too(journal):
    things = ["alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliet"]
    kinds = {"Gaps": "How to tame", "Takeaways": "Always polish", "For next time": "Bring along", "Todo": "Paint"}
    for day in (2, 9):
        body = "".join(
            f"## {title}\n\n" + "".join(f"- {lead} {thing}{day}\n" for thing in things) + "\n"
            for title, lead in kinds.items()
        )
        add(journal, day, f"{body}## Challenges\n\n- Keeping the docs in step took care\n")
    for number, thing in enumerate(things):
        front = f'id: "{number + 900:032x}"\ntitle: Book {thing}\ndate: 2026-11-02\nstatus: proven\n'
        journal.publish([Change(f"journal/playbooks/{thing}.md", f"---\n{front}---\n\nText.\n".encode())], "p", NOW)
    text = digest(journal)
    assert len(text.splitlines()) <= 40
    assert "## Still open" in text
    assert "## Newest playbooks" in text


def test_actions_and_questions_that_are_open_stand_in_it_with_a_box(journal):
    add(journal, 2, "## Todo\n\n- [ ] call Ann\n- [x] call Bob\n\n## Questions\n\n- Which of the two tabs wins?\n")
    text = digest(journal)
    assert "## Still open\n\n- [ ] " in text
    assert all(words in text for words in ("call Ann", "Which of the two tabs wins?"))
    assert "Bob" not in text


def test_what_was_in_the_way_of_three_sessions_of_late_is_worth_attention(journal):
    for day in (2, 9):
        add(journal, day, "## Challenges\n\n- Keeping the docs in step took care\n")
    assert digest(journal) == ""
    add(journal, 16, "## Challenges\n\n- Keeping the docs in step took care\n")
    assert "## Focus now\n\n- Keeping the docs in step took care (in 3 sessions)" in digest(journal)


THOUGHT = "I just realized that the nightly job can run without the queue, so that half of the code may go"


def test_what_a_person_thought_of_late_fills_a_digest_with_few_rules_one_thought_an_entry(journal):
    for day in (2, 9, 10, 11):
        add(
            journal,
            day,
            f"## Reflections\n\n{THOUGHT} on day {day}.\n\nI had a quiet day with nothing else but long talks about it, no {day}.\n",
        )
    for entries in (None, load(journal.root)[0]):
        lines = digest(journal, entries).splitlines()
        assert lines[0] == "## From your reflections"
        assert [line.partition(" (")[0] for line in lines[2:]] == [f"- {THOUGHT} on day {day}." for day in (11, 10, 9)]
    rules = ("Always freeze the clock in tests", "Never push on a Friday", "Prefer small commits over large ones")
    add(journal, 12, "## Takeaways\n\n" + "".join(f"- {rule}\n" for rule in rules))
    assert "reflections" not in digest(journal)


@pytest.mark.parametrize(("role", "text", "told"), [
    ("user", "We should use strong types instead of strings wherever we can", True),
    ("assistant", "We should use strong types instead of strings wherever we can", False),
    ("user", "Always keep src/routes.py as it is", False),
])  # fmt: skip
def test_a_rule_that_the_user_told_an_assistant_holds_once_its_entry_is_accepted(journal, role, text, told):
    add(journal, 2, f'## Insights\n\n- {text} [t3]\n\n## Evidence\n\n- [t3] {role}: "{text}"\n')
    for entries in (None, load(journal.root)[0]):
        assert (f"## Rules that hold\n\n- {text} (" in digest(journal, entries)) is told


def test_playbooks_are_named_newest_first_without_those_retired(journal):
    for number, (name, status, day) in enumerate((("a", "proven", 2), ("b", "retired", 9), ("c", "candidate", 5))):
        front = f'id: "{number + 900:032x}"\ntitle: Book {name}\ndate: 2026-11-0{day}\nstatus: {status}\nlast_seen: 2026-11-0{day}\n'
        journal.publish([Change(f"journal/playbooks/{name}.md", f"---\n{front}---\n\nText.\n".encode())], "p", NOW)
    assert digest(journal) == (
        "## Newest playbooks\n\n- [Book c](playbooks/c.md) (candidate)\n- [Book a](playbooks/a.md) (proven)\n"
    )


def correct(journal, text):
    path = journal.path("journal/patterns.toml")
    Path(path).write_text(text, encoding="utf-8")


def test_what_a_person_split_is_no_rule_of_several_sessions_and_what_they_merged_is(journal):
    add(journal, 2, f"## Takeaways\n\n- {RULE[0]}\n- Always seed the random numbers\n")
    add(journal, 9, f"## Takeaways\n\n- {RULE[1]}\n- Never let chance decide a test\n")
    assert digest(journal).count("seen in 2 sessions") == 1
    correct(
        journal,
        f'[[split]]\ntext = "{RULE[0]}"\napart = [{{ text = "{RULE[1]}" }}]\n\n'
        '[[merge]]\ntext = "Always seed the random numbers"\nwith = [{ text = "Never let chance decide a test" }]\n',
    )
    often = [line for line in digest(journal).splitlines() if "seen in 2 sessions" in line]
    assert len(often) == 1
    assert "expiry" not in often[0]


@pytest.mark.parametrize("status", ["final", "draft"])
def test_what_a_person_ignores_is_no_rule_wherever_they_quoted_it(journal, status):
    add(journal, 2, f"## Takeaways\n\n- {RULE[0]}\n- Always close the socket\n")
    add(journal, 9, f"## Takeaways\n\n- {RULE[1]}\n", status=status)
    correct(journal, f'[[ignore]]\ntext = "{RULE[1]}"\nentry = "{9:032x}"\n')
    text = digest(journal)
    assert ("expiry" in text, "Always close the socket" in text) == (False, True)


def test_a_gap_that_came_up_again_says_since_when_it_is_open_and_where_it_came_up_last(journal):
    add(journal, 2, "## Gaps\n\n- How leap seconds work\n")
    add(journal, 9, "## Gaps\n\n- How leap seconds work\n")
    assert "How leap seconds work (open since 2026-11-02) ([2026-11-09](sessions/2026/2026-11-09-s.md))" in digest(
        journal
    )


def test_an_action_ticked_in_the_digest_is_done_in_its_entry_and_leaves_the_digest(journal):
    path = add(journal, 2, "## Todo\n\n- [ ] call Ann\n")
    write(journal)
    file = Path(journal.path(PATH))
    file.write_bytes(file.read_bytes().replace(b"- [ ] call Ann", b"- [x] call Ann"))
    assert sorted(write(journal)) == [PATH, path]
    assert b"- [x] call Ann" in read(journal, path)
    assert b"Ann" not in read(journal, PATH)


def test_a_journal_of_drafts_alone_has_a_digest_of_what_they_left_open(journal):
    add(journal, 2, "## Todo\n\n- [ ] call Ann [t1]\n", "draft")
    assert "call Ann" in digest(journal)


def test_a_rule_that_points_at_something_left_behind_is_no_rule_for_the_next_session(journal):
    add(journal, 9, "## Takeaways\n\n- Always retry once for that endpoint\n- Always freeze the clock in tests\n")
    text = digest(journal)
    assert "freeze the clock" in text
    assert "that endpoint" not in text


def test_the_care_that_any_work_takes_is_no_focus(journal):
    for day in (2, 5, 9):
        add(journal, day, "## Challenges\n\n- Updates of several documents required careful attention\n")
    assert "careful attention" not in digest(journal)
