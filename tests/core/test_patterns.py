"""What recurs: the same point in other words is found, what only looks alike is not."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from session_journal.core.entry import read
from session_journal.core.patterns import (
    Memory,
    Statement,
    distinct,
    find,
    key_of,
    mentions,
    shared_words,
    statements,
)
from session_journal.core.patterns.likeness import Likeness
from session_journal.core.patterns.memory import TROUBLE, has_several
from session_journal.core.patterns.recurrence import _core
from session_journal.core.patterns.words import read_terms, stem, with_senses

DAY = date(2026, 11, 9)
TELLING_WORDS = (
    "linter",
    "`find_session.py`",
    "3.3.0",
    "not",
    "caf\u00e9",
    "findSession",
    "\u691c\u7d22\u3059\u308b",
    "v2",
)


def said(*sessions, kind="takeaway", apart=1):
    """Make one session a day with these statements."""
    return [
        Statement(
            f"e{number}", f"s/{number}.md", f"s{number}", DAY + timedelta(days=number * apart), "shop", kind, text
        )
        for number, texts in enumerate(sessions)
        for text in ([texts] if isinstance(texts, str) else texts)
    ]


def test_three_entries_with_one_lesson_in_similar_words_are_one_pattern():
    lessons = (
        "Freeze the clock in tests that compare dates",
        "Tests that compare dates need a frozen clock",
        "Freeze the clock before comparing dates in a test",
    )
    (found,) = find(said(*lessons))
    assert (found.sessions, found.days, found.first, found.last) == (3, 3, DAY, DAY + timedelta(days=2))
    assert [member.text for member in found.members] == list(lessons)
    assert found.statement in lessons


def test_two_versions_of_one_entry_are_one_session():
    page = '---\nid: "{}"\ntitle: t\ndate: 2026-11-09\n{}---\n\n## Insights\n\n- Run the linter before committing\n'
    pages = [page.format("aa", ""), page.format("bb", 'version_of: "aa"\n')]
    entries = [
        read(data.encode(), f"journal/sessions/2026/2026-11-09-{number}.md") for number, data in enumerate(pages)
    ]
    assert [one.session for one in statements(entries)] == ["aa", "aa"]
    assert find(statements(entries)) == ()


@pytest.mark.parametrize(("text", "recurs"), [
    ("[ ] Push what is left: the branch is one commit ahead", False),
    ("[ ] Commit the merge of `main`, which is not committed yet", False),
    ("Searched several times for `Harbour`", False),
    ("[ ] Describe the merge of `main` to the harbour master", True),
])  # fmt: skip
def test_the_state_of_a_repository_and_what_was_searched_for_are_no_points_that_recur(text, recurs):
    front = "---\nid: {0}\ntitle: T\ndate: 2026-11-1{0}\n---\n\n## Action items\n\n- {1}\n"
    entries = [read(front.format(one, text).encode(), f"journal/sessions/2026/{one}.md") for one in (1, 2)]
    assert bool(find(statements(entries))) is recurs


CLOCK = (
    "Freeze the clock in tests that compare dates",
    "Tests that compare dates on a server need a frozen clock",
    "Freeze the clock before comparing dates in a fixture",
)
MUCH_ELSE = "the handbook, screenshots of both themes, changelog fragments, translated labels, signatures of reviewers"


@pytest.mark.parametrize(("text", "sessions"), [
    (f"Comparing dates with a clock: {MUCH_ELSE}", 4),
    (f"Comparing dates with a clock, as of 2.7.1: {MUCH_ELSE}", 4),
    (f"Dates on cards: {MUCH_ELSE}", 3),
])  # fmt: skip
def test_what_several_sessions_say_is_found_where_it_stands_among_much_else(text, sessions):
    assert [one.sessions for one in find(said(*CLOCK, text))] == [sessions]
    assert find(said(CLOCK[0], text)) == ()


def test_other_numbers_make_another_statement_among_much_else_too():
    numbered = (f"{CLOCK[0]}, as of 2.7.0", *CLOCK[1:])
    found = [
        find(said(*numbered, f"Comparing dates with a clock, as of {of}: {MUCH_ELSE}")) for of in ("2.7.0", "2.7.1")
    ]
    assert [[one.sessions for one in patterns] for patterns in found] == [[4], [3]]


def test_what_opposes_a_pattern_does_not_join_it_among_much_else():
    kept = (
        "Use the frozen clock in date tests",
        "Date tests on servers: use the frozen clock",
        "Use the frozen clock in fixtures",
    )
    rest = f"{MUCH_ELSE}, invoices, badges, coupons, parcels, harbours, rivers, lakes, bridges, towers, castles, trains"
    assert [one.sessions for one in find(said(*kept, f"We have the frozen clock, for date tests have {rest}"))] == [4]
    assert [one.sessions for one in find(said(*kept, f"Dropped the frozen clock, for date tests have {rest}"))] == [3]


def test_other_lessons_of_the_same_entries_do_not_join():
    found = find(
        said(
            ["Run the linter before committing", "The orders table wants an index"],
            ["Always run the linter before a commit", "Ask for a plan before large changes"],
            ["Read the file before editing it"],
        )
    )
    assert [[member.text for member in one.members] for one in found] == [
        ["Run the linter before committing", "Always run the linter before a commit"]
    ]


def test_unrelated_statements_make_no_pattern():
    assert find(said("The migration needs a backup", "Tests run in parallel", "Add an index to the orders table")) == ()


def test_one_word_in_common_is_not_a_point_in_common():
    assert find(said("Deployed to staging", "Deployed to production", "Deployed the docs")) == ()


def test_a_span_of_time_in_common_is_no_point_in_common():
    assert find(said("The token expires after ten minutes", "Page the team after ten minutes")) == ()


def test_other_numbers_make_another_statement():
    assert (
        find(said("Port 8080 must be free before the server starts", "Port 9090 must be free before it starts")) == ()
    )


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Keep the worker pool at 4 processes", "Keep the worker pool at 8 processes"),
        ("Write a login test", "Write a search test"),
        ("Ask Ann before touching the billing tables", "Ask Ben before touching the billing tables"),
        ("Paths break on Windows when they have spaces", "Paths break on macOS when they have spaces"),
        ("Large batches make the import slow", "Small batches make the import slow"),
        ("The token is required for the export", "The token is optional for the export"),
        ("Copy the settings from staging to production", "Copy the settings from production to staging"),
    ],
)
def test_statements_that_differ_in_one_thing_alone_are_two(one, two):
    assert find(said(one, two)) == ()


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Freeze the clock in date tests", "Date tests need a frozen clock"),
        ("Check the changelog before tagging a release", "Read the changelog before tagging a release"),
        ("Copy the settings from staging to production", "The settings are copied from staging to production"),
    ],
)
def test_two_ways_to_say_one_thing_are_one(one, two):
    assert len(find(said(one, two))) == 1


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Restart the worker after changing the queue settings", "Restart the mailer after changing the cron settings"),
        ("Set the proxy `body_size` to 20m for the uploads", "Set the proxy `read_timeout` to 20s for the uploads"),
        ("The orders API returns 409 on duplicate keys", "The orders API returns 422 on missing keys"),
        ("The EU cluster has three replicas", "The US cluster has two replicas"),
        ("Check the CORS headers when the browser blocks it", "Check the CSP headers when the browser blocks it"),
        ("Always run the linter before pushing", "Always run the formatter before pushing"),
        ("The cache is kept per branch", "The secrets are kept per environment"),
        ("Ask for the schema before writing the query", "Ask for the logs before writing the summary"),
    ],
)
def test_one_frame_that_is_filled_with_other_things_makes_two_statements(one, two):
    assert find(said(one, two)) == ()


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (
            "`LoginTest` changes the folder and cannot run in parallel",
            "`CartTest` changes folder and can't be parallel",
        ),
        ("Small commits make the history easy to bisect", "Small commits make a bisect of the history easy"),
        ("Restart the worker after changing the settings", "The worker must be restarted once its settings change"),
        ("Run the importer on a copy of the data first", "Run the importer on a copy of the database first"),
        ("Read the whole trace before asking", "Read the trace to its end before asking anybody"),
        ("Archive the events table after big imports", "After large imports the events table needs an archive"),
        ("Short branches make it easier to merge", "Merging is far easier with short branches"),
    ],
)
def test_what_fills_a_frame_with_the_same_or_says_it_of_another_name_is_one_statement(one, two):
    assert len(find(said(one, two))) == 1


def test_a_statement_and_its_denial_do_not_join():
    assert find(said("Mock the network in integration tests", "Do not mock the network in integration tests")) == ()


def test_the_problem_half_of_a_challenge_denies_nothing():
    assert (
        len(find(said("Run the linter before committing", "Committed without the linter → run the linter first"))) == 1
    )


def test_a_point_repeated_in_one_session_is_no_pattern():
    assert find(said(["Restart the dev server after changing env vars"] * 3)) == ()


def test_two_entries_of_one_transcript_are_one_piece_of_evidence():
    twice = said("Restart the dev server after env changes", "Restart the dev server after env changes")
    same = [Statement(one.entry, one.path, "claude-code x", one.date, "shop", one.kind, one.text) for one in twice]
    assert find(twice)[0].sessions == 2
    assert find(same) == ()


def test_near_copies_of_one_piece_of_work_count_once():
    work = [
        "gopls diagnostics are stale after edits, trust go build",
        "Branch from origin/main inside a worktree",
        "Extract the logFilePath helper in tests",
        "Session ids are validated against path traversal",
    ]
    copies = said(work, [text + " again" for text in work], apart=0)
    assert find(copies) == ()
    later = said([], [], "After edits gopls diagnostics are stale: trust go build", apart=1)
    (found,) = find([*copies, *later])
    assert (found.sessions, len(found.members)) == (2, 3)


ONCE = (
    "The exporter wrote dates without their time zone",
    "Retries of the upload queue hid the disk error",
    "Fixtures of the billing suite load the whole catalogue",
    "Renaming the ledger column broke the nightly report",
    "Feature flags are read before the settings file",
)
AGAIN = (
    "Dates lost their time zone in the exporter because of strftime",
    "The disk error was hidden by upload queue retries for two hours",
    "Loading the whole catalogue makes billing fixtures slow",
    "The nightly report needs the ledger column under its old name",
    "The settings file comes too late for feature flags of plugins",
)


def test_one_piece_of_work_told_twice_in_other_words_counts_once():
    assert len(find(said(ONCE, AGAIN, apart=30))) >= 3
    assert find(said(ONCE, AGAIN, apart=1)) == ()


def test_one_point_in_common_makes_no_copy_of_two_sessions_of_a_day():
    (found,) = find(
        said(ONCE, [AGAIN[0], "Small commits helped", "The linter knows unused names", "Ask first"], apart=0)
    )
    assert found.sessions == 2


def test_the_same_weekly_points_weeks_apart_are_no_copies():
    work = ["Run the linter first", "Freeze the clock in tests", "Branch from origin/main in a worktree"]
    assert [one.sessions for one in find(said(work, work, work, apart=7))] == [3, 3, 3]


def test_what_a_person_writes_again_day_by_day_is_said_again_and_what_is_drafted_again_is_a_copy():
    work = ["Run the linter first", "Freeze the clock in tests", "Branch from origin/main in a worktree"]
    written = said(*[work] * 5)
    assert [one.sessions for one in find(written)] == [5, 5, 5]
    drafted = [replace(one, turns=(3,)) for one in said(work, work)]
    assert find(drafted) == ()


def test_copies_of_neighbouring_days_do_not_make_a_month_one_piece_of_work():
    work = ["Run the linter first", "Freeze the clock in tests", "Branch from origin/main in a worktree"]
    drafted = [replace(one, turns=(3,)) for one in said(*[work] * 6)]
    assert [one.sessions for one in find(drafted)] == [3, 3, 3]


def test_the_order_of_the_input_changes_nothing():
    items = said(
        ["Freeze the clock in date tests", "Run make migrate before the tests"],
        ["Date tests need a frozen clock"],
        ["Run make migrate before any tests", "Freeze the clock when tests compare a date"],
    )
    expected = find(items)
    for seed in range(5):
        random.Random(seed).shuffle(items)
        assert find(items) == expected


def test_the_best_founded_pattern_comes_first():
    lint, clock = "Run the linter before committing", "Freeze the clock in date tests"
    found = find(said([clock], [lint, clock], [lint], [lint]))
    assert [(one.statement, one.sessions) for one in found] == [(lint, 3), (clock, 2)]


def test_a_lesson_speaks_for_a_pattern_rather_than_a_complaint():
    complaint = said("Stale gopls diagnostics after edits cost time", kind="challenge")
    lesson = said([], "gopls diagnostics are stale after edits", kind="takeaway")
    (found,) = find([*complaint, *lesson])
    assert found.statement == "gopls diagnostics are stale after edits"


def test_names_count_whole_and_in_parts():
    assert len(find(said("FindMostRecentSession ignores worktrees", "find_most_recent_session ignores worktrees"))) == 1


def test_short_forms_of_the_field_are_the_words_they_stand_for():
    assert (
        len(find(said("Keep the repo config in the docs", "The repository's configuration is in the documentation")))
        == 1
    )


@pytest.mark.parametrize(
    "forms",
    [
        "migrate migrating migrated migration migrations",
        "generate generates generating generator generation",
        "implement implemented implementing implementation",
        "comment comments commented commenting",
        "refactor refactors refactored refactoring",
        "prefer preferred preferring",
        "format formatted formatting formatter",
        "repeat repeated repeating",
        "create created creation",
        "apply applies applied applying",
        "alias aliases aliased",
        "initialize initialized initializing initialization",
        "resolve resolved resolution",
        "operate operation operational",
        "complete completed completely",
        "normalise normalize normalised normalizing normalisation normalization",
        "behaviour behavior behaviours",
        "colour colors coloured",
        "messages msg",
        "command cmd",
        "identifier identifiers id",
        "pr prs",
        "temporary tmp temp",
    ],
)
def test_forms_of_one_word_meet(forms):
    assert len({stem(form) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    "words",
    [
        "apply app",
        "state statistic",
        "format form",
        "initially initialize",
        "use user",
        "promise prompt",
        "hour hook",
        "size side",
    ],
)
def test_words_that_only_begin_alike_stay_apart(words):
    one, two = words.split()
    assert stem(one) != stem(two)


def test_words_of_one_sense_meet():
    one, two = "Stale diagnostics after an edit of the parser", "Outdated diagnostics after an edit of the parser"
    plain, sensed = (
        Likeness([make(read_terms(text)) for text in (one, two)]).of(0, 1)
        for make in (lambda terms: terms, with_senses)
    )
    assert plain < sensed < 1


def test_a_word_and_its_sense_are_one_thing_in_common():
    assert find(said("Merged to staging", "Merged to production", "Merged the docs")) == ()
    assert find(said("Error", "Error", "Failure")) == ()


def test_one_name_and_its_parts_are_one_thing_in_common():
    assert find(said("Updates to `mise.toml` and `CLAUDE.md`", "The CLAUDE.md documents this exact bug")) == ()


def test_a_qualified_name_meets_the_name_itself_however_it_is_qualified():
    assert "@checkpointid" in read_terms("id.CheckpointID is typed").weights.keys() & read_terms("CheckpointID").weights
    assert "@findsession" in read_terms("store::find_session").weights.keys() & read_terms("Store#findSession").weights
    assert read_terms("`os.Chdir()`").weights["chdir"] == read_terms("Chdir").weights["chdir"] == 1


def test_a_file_or_a_version_is_no_qualified_name():
    assert "@planjson" not in read_terms("docs/plan.json").weights
    assert read_terms("v1.12").weights["12"] < 1


def test_the_ending_of_a_file_is_no_word():
    assert read_terms("`cmd/main.go` and `docs/CLAUDE.md`").weights.keys().isdisjoint({"go", "md"})
    assert {"@maingo", "main"} <= read_terms("main.go").weights.keys()
    assert {"go", "build"} <= read_terms("`go build` of build.go").weights.keys()
    assert read_terms("json.loads").weights["load"] == 1


def test_one_qualified_name_in_common_is_one_thing_in_common():
    assert find(said("Merged strategy.FindRecentSession", "Wrote a page on strategy.FindRecentSession")) == ()


def test_words_by_which_drafts_put_something_are_no_point_in_common():
    offered = ("Offered and left open: commit and push these", "Offered and left open: rename all of the three fields")
    drafted = [replace(one, turns=(3,)) for one in said(*offered)]
    assert find(drafted) == ()
    again = [replace(one, turns=(3,)) for one in said(offered[0], offered[0])]
    assert [one.statement for one in find(again)] == [offered[0]]


def test_a_lesson_and_a_challenge_need_more_in_common_than_two_lessons():
    lesson, other = "Freeze the clock in date tests", "The clock of the server drifted in date tests"
    same, apart = (
        Likeness([read_terms(lesson), read_terms(other, trouble=trouble)]).of(0, 1) for trouble in (False, True)
    )
    assert 0 < apart < same


def test_one_long_name_in_common_is_no_point_in_common():
    branch = "origin/robin/shop-221-phase-aware-git-hooks"
    assert find(said(f"Merging `{branch}` left conflicts", f"The pull request of {branch} waits for review")) == ()


def test_words_that_many_statements_begin_with_are_a_form_and_no_point():
    corrections = ("only the two timeouts", "fix the query and leave the test", "the third argument is the path")
    assert find(said(*(f"The user's correction: {text}" for text in corrections))) == ()
    lessons = (
        "Reminder: freeze the clock in date tests",
        "Reminder: plan large changes",
        "Reminder: date tests need a frozen clock",
    )
    assert len(find(said(*lessons))) == 1


def test_languages_without_spaces_are_compared_too():
    assert len(find(said("テストの前に時計を止める", "テストの前に必ず時計を止める", "索引を追加する"))) == 1


def test_a_pattern_keeps_its_key_when_evidence_is_added():
    text = "Run the linter before committing"
    assert find(said(text, text))[0].key == find(said(text, text, "Run the linter before each commit"))[0].key


def test_a_key_is_blind_to_case_punctuation_and_tags():
    assert key_of("Run `make lint` first! #habit") == key_of("run make lint  first")


def test_trend_is_new_growing_or_quiet():
    (found,) = find(said("Run the linter first", "Run the linter first"))
    week = timedelta(days=7)
    assert found.trend(DAY, DAY + week) == "new"
    assert found.trend(DAY + timedelta(days=1), DAY + week) == "growing"
    assert found.trend(DAY + week, DAY + 2 * week) == "quiet"


def test_these_four_weeks_tell_new_growing_steady_and_quiet():
    text = "Run the linter before committing"
    (found,) = find(said(*[text] * 6, apart=14))  # days 0, 14, 28, 42, 56, 70
    courses = {DAY + timedelta(days=number): found.course(DAY + timedelta(days=number)) for number in (14, 42, 70, 120)}
    assert list(courses.values()) == ["new", "steady", "steady", "quiet"]
    (found,) = find(said(text, *[text] * 4, apart=10))
    assert found.course(DAY + timedelta(days=41)) == "growing"


def test_changed_files_are_no_statements_and_all_other_items_are():
    body = "## Changes made\n\n- `a.py`\n\n## Knowledge gaps\n\n- [ ] How WAL mode works [t3]\n\n## Went well\n\n- Small steps\n"
    entry = read(f"---\nid: abc\ndate: 2026-11-20\nstatus: draft\n---\n\n{body}".encode(), "journal/sessions/x.md")
    assert [(one.kind, one.text, one.turns, one.reviewed) for one in statements([entry])] == [
        ("gap", "How WAL mode works", (3,), False),
        ("went-well", "Small steps", (), False),
    ]


CARE = (
    "Required careful coordination of imports and docs to avoid breaking tests",
    "Documentation updates across several files required careful attention to stay consistent",
    "Needed to ensure that docs and tests were updated, which required careful review",
    "Minor tedium in updating references across tests and docs",
)


def test_that_work_took_care_is_no_trouble_that_recurs():
    assert find(said(*CARE), 1) != ()  # each by itself is a statement like any other ...
    assert find(said(*CARE, kind="challenge")) == ()
    assert len(find(said(CARE[0], CARE[0], kind="challenge"))) == 1  # said again, not in other words


FACTS = (
    (("The check passes locally", "The check needs to pass the region"), False),
    (("Read the list from the last shadow branch", "Data of late commits stayed on the shadow branch"), False),
    (("The shadow branch keeps data", "Data is kept on the shadow branch"), True),
    (("The gauge keeps its readings in UTC", "Readings of the gauge are kept in UTC"), True),
    (("The gauge is slow", "The gauge is slow"), True),
)


@pytest.mark.parametrize(("texts", "recurs"), FACTS)
def test_facts_that_share_one_name_and_common_words_are_two(texts, recurs):
    assert bool(find(said(*texts, kind="discovery"))) == recurs


@pytest.mark.parametrize(
    "told",
    [
        ("Duplicate webhooks needed careful handling", "Duplicate webhooks needed careful handling in the importer"),
        ("The build broke after the merge", "After the merge the build broke"),
        ("Tedious: every locale needs its own screenshot", "Screenshots for every locale are tedious"),
    ],
)
def test_trouble_with_something_recurs_in_whatever_words_of_care(told):
    assert len(find(said(*told, kind="challenge"))) == 1


def test_other_failures_of_one_check_are_no_failure_that_recurs():
    def failed(*texts):
        return [replace(one, turns=(3,)) for one in said(*texts, kind="challenge")]

    ends = ("passed after a fix", "passed after editing `cart.py`", "passed later")
    login, cart, again = (
        f"`make check` failed: {name} \u2192 {end}"
        for name, end in zip(("LoginExpiresAtMidnight", "CartTotalsRound", "LoginExpiresAtMidnight"), ends, strict=True)
    )
    assert find(failed(login, cart)) == ()
    assert len(find(failed(login, again))) == 1


def test_the_words_of_any_work_alone_make_no_point_in_common():
    assert find(said("After making these changes, run the check", "Offered: make the change to this file")) == ()
    assert find(said("Make sure no files change", "Make sure the user runs it")) == ()
    (found,) = find(said("Run the tests first", "Run all tests first"))
    assert found.sessions == 2
    (found,) = find(said("Make these changes to gopls", "After making changes to gopls, run it"))
    assert found.sessions == 2


def test_what_a_group_says_is_what_several_of_its_members_say():
    texts = ("Freeze the clock in gopls", "Freeze the clock in kubectl", "Freeze a clock", "Prune branches")
    likeness = Likeness([read_terms(text) for text in texts])
    core = _core([0, 1, 2], likeness)
    assert set(core) == {"freez", "clock"}
    assert abs(sum(core.values()) - 1) < 1e-9
    assert set(_core([0, 1, 3], likeness)) == {"freez", "clock"}


def test_distinct_keeps_the_first_of_what_says_the_same():
    texts = ["Freeze the clock in date tests", "Run the linter", "Date tests need the clock frozen", "Run the linter"]
    assert distinct(texts) == [0, 1]


def test_shared_words_are_the_telling_ones_as_they_are_written():
    texts = ["gopls diagnostics are stale", "Stale gopls diagnostics again", "The gopls errors were stale"]
    assert shared_words(texts) == ("gopls", "stale", "diagnostics")
    assert mentions("Diagnostic of gopls", ("diagnostics", "gopls", "stale")) == 2


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.text(max_size=60), max_size=4), max_size=6))
def test_any_text_can_be_compared(sessions):
    items = said(*sessions)
    for one in find(items):
        assert one.sessions >= 2
        assert set(one.members) <= set(items)


def test_a_point_is_found_among_thousands_of_statements():
    rng = random.Random(7)
    sessions = [[" ".join(f"word{rng.randrange(900)}" for _ in range(6)) for _ in range(8)] for _ in range(400)]
    for number in range(0, 400, 40):
        sessions[number].append("Freeze the clock before comparing dates in a test")
    assert find(said(*sessions))[0].sessions == 10


def many_sessions(count=420):
    """Return sessions of many random statements, with a point in every thirtieth."""
    rng = random.Random(11)
    sessions = [[" ".join(f"word{rng.randrange(700)}" for _ in range(6)) for _ in range(8)] for _ in range(count)]
    for number in range(0, count, 30):
        sessions[number].append(f"Freeze the clock before comparing dates in test {sessions[number][0].split()[0]}")
    return said(*sessions)


def test_what_was_compared_before_changes_nothing():
    items, memory = many_sessions(), Memory()
    fresh = find(items)
    find([one for one in items if one.date < DAY + timedelta(days=400)], memory=memory)
    known = memory.compared["said"].edges.counts[:]
    memory = again(memory)
    assert find(items, memory=memory) == fresh
    assert memory.compared["said"].edges.counts[: len(known)] == known
    assert len(known) > 3000
    repeated = again(memory)
    assert find(items, memory=repeated) == fresh
    assert not repeated.changed


def test_where_many_are_fewer_the_same_recurs_and_fewer_are_compared():
    items = many_sessions(90)
    all_of_them, memory = find(items), Memory()
    some = find(items, memory=memory, many=100)
    assert [one.members for one in some if one.sessions > 2] == [one.members for one in all_of_them if one.sessions > 2]
    assert len(memory.compared["said"].edges.counts) > 100


def again(memory):
    """Return what a later run knows."""
    return Memory(memory.read, compared=memory.compared)


def test_a_statement_changed_long_ago_is_compared_again():
    items, memory = many_sessions(), Memory()
    find(items, memory=memory)
    items[40] = replace(items[40], text="Freeze the clock in date tests")
    found = find(items, memory=again(memory))
    assert found == find(items)
    assert any(items[40] in one.members for one in found)


def test_however_a_journal_came_to_be_its_patterns_are_those_of_a_new_one():
    items, memory = many_sessions(), Memory()
    late = items[3050:]
    for known in (items[:-150], items[:-60], [*items[:3100], *items[3120:]]):
        find(known, memory=memory)
        memory = again(memory)
    late[20] = replace(late[20], text="Freeze the clock in date tests")
    items[3050:] = late
    found = find(items, memory=memory)
    assert found == find(items)
    assert any(late[20] in one.members for one in found)


@given(st.text() | st.lists(st.sampled_from(TELLING_WORDS)).map(" ".join), st.booleans())
def test_packed_terms_are_the_terms_that_were_read(text, trouble):
    memory, plain = Memory(), Memory(senses=False)
    for _ in range(2):
        mark = TROUBLE if trouble else ""
        packed = memory.packed_all([text])[0] + mark
        terms = read_terms(text, trouble=trouble)
        assert memory.terms_of(packed) == with_senses(terms)
        assert plain.terms_of(plain.packed_all([text])[0] + mark) == terms
        assert has_several(packed) is (len(terms.weights) > 1)
        memory, plain = again(memory), again(plain)


def test_recurrences_of_real_sessions_are_found_and_false_ones_kept_out(shared_data):
    lines = (shared_data / "patterns" / "items.jsonl").read_text(encoding="utf-8").splitlines()
    items = {one["n"]: one for one in map(json.loads, lines)}
    gold = json.loads((shared_data / "patterns" / "gold.json").read_text(encoding="utf-8"))["clusters"]
    same = {n: place for place, cluster in enumerate(gold) if not cluster["near_copy"] for n in cluster["items"]}
    maybe = {n for cluster in gold for n in cluster["maybe"]}
    place = {(one["session"], one["text"]): n for n, one in items.items()}
    found = find(
        [
            Statement(
                one["session"],
                one["session"],
                one["session"],
                date.fromisoformat(one["date"]),
                "",
                one["kind"],
                one["text"],
            )
            for one in items.values()
        ]
    )

    def pairs(groups):
        return {
            frozenset((a, b))
            for group in groups
            for a in group
            for b in group
            if a < b and items[a]["session"] != items[b]["session"]
        }

    told = pairs([{place[one.session, one.text] for one in pattern.members} - maybe for pattern in found])
    true = pairs([{n for n, where in same.items() if where == cluster} for cluster in set(same.values())])
    precision, recall = len(told & true) / len(told), len(told & true) / len(true)
    assert precision >= 0.84
    assert 2 * precision * recall / (precision + recall) >= 0.78


def test_checks_that_were_run_are_no_evidence_for_a_lesson_in_the_same_words():
    texts = [
        "Always check the migrations before the tests",
        "Check the migrations before running the tests",
        "Checked with `pytest -q tests/test_export.py` and `pytest -q`",
        "Checked with `pytest -q tests/test_readings.py` and `pytest -q`",
    ]
    found = find([
        Statement(f"e{number}", f"{number}.md", f"s{number}", date(2026, 11, number + 1), "p", "insight", text, turns=(1,))
        for number, text in enumerate(texts)
    ])  # fmt: skip
    assert sorted(sorted(member.text for member in one.members) for one in found) == [
        sorted(texts[:2]),
        sorted(texts[2:]),
    ]
