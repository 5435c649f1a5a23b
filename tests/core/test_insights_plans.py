"""Deviations from plan: todo lists, plans in words, and what the assistant says it did otherwise."""

from dataclasses import replace

import pytest

from scripts import Script
from session_journal.core.insights.files import changed_files
from session_journal.core.insights.goals import prompts
from session_journal.core.insights.learning import replies
from session_journal.core.insights.plans import deviations


def found(script, **more):
    session = script.session(**more)
    asked = prompts(session)
    items = deviations(session, asked, replies(session, asked), changed_files(session))
    assert all(len(item.text.split()) <= 20 for item in items)
    return [(item.text, item.turns) for item in items]


def texts(script):
    return [text for text, _ in found(script)]


@pytest.fixture
def script():
    made = Script()
    made.says("Let the importer read tide tables from two sources")
    return made


def test_a_step_left_on_the_list_is_told_where_nothing_shows_that_it_was_done(script):
    script.plans("Read the harbour table", "Merge both tables", "Describe the format in the handbook")
    script.edits("harbour.py", new="def read_harbour_table(): ...")
    script.plans("[x] Read the harbour table", "[x] Merge both tables", "Describe the format in the handbook")
    script.replies("Both tables are read and merged.")
    assert found(script) == [("Planned, not done: Describe the format in the handbook", (5,))]


@pytest.mark.parametrize(
    "done",
    [
        lambda script: script.edits("docs/handbook.md", new="The format of the table: one line a tide."),
        lambda script: script.runs("python tools/describe.py --format handbook"),
        lambda script: script.replies("Described the table's format in the handbook."),
    ],
)
def test_a_step_that_was_done_and_never_ticked_is_no_deviation(script, done):
    script.plans("[x] Read the harbour table", "Describe the format in the handbook")
    done(script)
    assert found(script) == []


def test_a_step_that_the_reply_calls_remaining_was_not_done(script):
    script.plans("[x] Read the harbour table", "Describe the format in the handbook")
    script.replies("The table is read. Still to do: describe the format in the handbook.")
    assert texts(script) == ["Planned, not done: Describe the format in the handbook"]


def test_an_unticked_check_was_done_where_a_check_ran_after_it(script):
    script.plans("[x] Read the harbour table", "Run tests and lint")
    script.runs("pytest -q", "3 passed")
    assert found(script) == []


def test_an_unticked_step_that_only_says_something_is_done_by_the_reply(script):
    script.plans("[x] Read the harbour table", "Summarise the findings")
    script.replies("Both sources name the same harbours.")
    assert found(script) == []


def test_the_step_that_was_under_way_may_be_what_was_edited_after_the_last_tick(script):
    script.plans("[x] Read the harbour table", "Polish the page", "Publish the forecast feed")
    script.edits("page.css", new="margin: 0")
    assert texts(script) == ["Planned, not done: Publish the forecast feed"]


def test_an_edit_of_another_kind_of_file_is_not_the_tests_that_were_under_way(script):
    script.plans("[x] Read the harbour table", "Write tests for the harbour table")
    script.edits("page.css", new="margin: 0")
    assert texts(script) == ["Planned, not done: Write tests for the harbour table"]


def test_a_list_on_which_nothing_was_ever_ticked_was_not_kept(script):
    script.plans("Read the harbour table", "Describe the format in the handbook")
    script.edits("harbour.py")
    assert found(script) == []


def test_a_list_after_which_nothing_was_done_is_told_as_planned(script):
    script.plans("Read the harbour table", "Merge both tables", "Describe the format in the handbook", "Run the tests")
    script.declines("harbour.py", "how do the two sources differ?")
    script.replies("They name the harbours differently.")
    text = (
        "Planned, not done: Read the harbour table; Merge both tables; Describe the format in the handbook; and 1 more"
    )
    assert found(script) == [(text, (2,))]


def test_a_finished_list_and_the_next_one_are_two(script):
    script.plans("[x] Read the harbour table", "[x] Run the tests")
    script.says("Now merge the tables")
    script.plans("Merge both tables", "Run the tests")
    assert found(script) == [("Planned, not done: Merge both tables; Run the tests", (4,))]


def test_a_list_that_grows_step_by_step_before_the_work_deviates_in_nothing(script):
    script.plans("Read the harbour table")
    script.plans("Read the harbour table", "Merge both tables")
    script.plans("[x] Read the harbour table", "[x] Merge both tables")
    assert found(script) == []


def test_a_step_that_came_in_after_the_first_was_done_was_added(script):
    script.plans("Read the harbour table", "Merge both tables")
    script.plans("[x] Read the harbour table", "Merge both tables")
    turn = script.plans("[x] Read the harbour table", "[x] Merge both tables", "[x] Convert feet to metres")
    assert found(script) == [("Added along the way: Convert feet to metres", (turn,))]


def test_a_step_that_was_only_worded_anew_is_neither_dropped_nor_added(script):
    script.plans("[x] Read the harbour table", "Merge both tables")
    script.plans("[x] Read the harbour table", "[x] Merge both tables by harbour name")
    assert found(script) == []


def test_a_step_dropped_at_the_users_word_names_what_came_instead(script):
    script.plans("Read the harbour table", "Cache the tables on disk")
    word = script.says("no disk, keep the tables in a memory pool please")
    turn = script.plans("[x] Read the harbour table", "[x] Keep tables in a memory pool")
    text = "Dropped at the user's word: cache the tables on disk; instead: keep tables in a memory pool"
    assert found(script) == [(text, (word, turn))]


def test_a_step_that_left_the_list_undone_is_told_without_a_reason_that_nobody_gave(script):
    script.plans("[x] Read the harbour table", "Cache forecasts on disk")
    turn = script.plans("[x] Read the harbour table")
    assert found(script) == [("Dropped from the list: cache forecasts on disk", (turn,))]


def test_the_boxes_of_a_plan_file_are_a_list():
    script = Script()
    script.says("Write the plan and start on it")
    script.edits("docs/plan.md", new="# Plan\n- [ ] Read the harbour table\n- [ ] Publish the forecast feed")
    script.edits("harbour.py", new="def read(): ...")
    script.edits("docs/plan.md", "- [ ] Read the harbour table", "- [x] Read the harbour table")
    assert texts(script) == ["Planned, not done: Publish the forecast feed"]


PLAN = """\
Implement the following plan:

# Two sources for tide tables

### Step 1: Read the harbour table
### Step 2: Merge both tables
### Step 3: Tell the harbour masters by mail

## Files to modify

### 1. `src/harbour.py`
- keep `src/tides.py` as the model
### 2. `src/merge.py` (lines 3-20)
- `src/units.py` - unchanged
- `README.md` - describe the sources

## Verification
- `docs/other.md`
"""


def planned(*paths):
    script = Script()
    script.says(PLAN)
    for path in paths:
        script.edits(path, new="read the harbour table, merge both tables")
    return script


def test_a_step_of_the_given_plan_without_any_trace_is_told():
    script = planned("src/harbour.py", "src/merge.py", "README.md")
    assert found(script) == [("Planned, no trace of it: Tell the harbour masters by mail", (1,))]


def test_a_file_that_the_plan_says_it_changes_and_that_nothing_touched_is_told():
    script = planned("src/harbour.py", "src/merge.py")
    assert "Planned, not changed: `README.md`" in texts(script)


def test_a_file_that_a_command_names_may_have_been_changed_by_it():
    script = planned("src/harbour.py", "src/merge.py")
    script.runs("python tools/describe.py README.md")
    assert not [text for text in texts(script) if "README" in text]


def test_a_plan_that_was_not_begun_says_nothing_of_files_and_steps():
    assert found(planned()) == []


def test_a_file_changed_while_the_plan_was_worked_on_and_not_named_in_it_is_told():
    script = planned("src/harbour.py", "src/merge.py", "README.md", "src/clock.py", "tests/test_clock.py")
    assert ("Changed beyond the plan's files: `clock.py`", (1, 8)) in found(script)


def test_a_shortened_plan_may_have_named_what_it_does_not_show():
    script = Script()
    script.says(f"{PLAN}\n… 161 characters …\n\nThat is all.")
    for path in ("src/harbour.py", "src/merge.py", "README.md", "src/clock.py"):
        script.edits(path, new="read the harbour table, merge both tables")
    assert not [text for text in texts(script) if "beyond" in text]


def test_a_shortened_edit_may_have_done_what_it_does_not_show():
    script = planned("src/harbour.py", "src/merge.py", "README.md")
    script.edits("src/letters.py", new="def masters():\n… 9000 characters …\n    return None")
    assert not [text for text in texts(script) if "no trace" in text]


def test_what_was_changed_after_the_next_request_is_not_held_against_the_plan():
    script = planned("src/harbour.py", "src/merge.py", "README.md")
    script.says("Now add a clock to the page header")
    script.edits("src/clock.py")
    assert not [text for text in texts(script) if "clock" in text]


def test_a_plan_that_the_user_refused_binds_nobody():
    script = Script()
    script.says("Plan the two sources")
    script.calls_tool("plan", "plan", PLAN, "The user doesn't want to proceed with this tool use.", failed=True)
    script.edits("src/harbour.py", new="read the harbour table, merge both tables")
    script.edits("src/merge.py")
    assert found(script) == []


@pytest.mark.parametrize(
    "said",
    [
        "Skipped step 3 because the mail server is not reachable from here.",
        "The plan called for a cache on disk, but the tables fit into memory.",
        "This differs from the plan in one point: the units are converted while reading.",
        "## Deviations from plan\n\n- The units are converted while reading, which saves one pass.",
    ],
)
def test_what_the_assistant_says_it_did_otherwise_is_a_deviation(script, said):
    script.edits("harbour.py")
    script.replies(f"Both tables are read.\n\n{said}")
    assert len(found(script)) == 1


@pytest.mark.parametrize(
    "said",
    [
        "## Deviations from plan\n\nNone, the plan was carried out as written.",
        "Should this differ from the plan in any point?",
        "Everything went as planned and both tables are read.",
        "I checked the reader against the plan: every step is in place.",
        "There was no need to deviate, so nothing differs from the plan in the end.",
        "If the mail server differs from the plan later, change its address in the settings.",
    ],
)
def test_a_reply_that_names_no_deviation_makes_none(script, said):
    script.edits("harbour.py")
    script.replies(said)
    assert found(script) == []


def test_what_is_said_of_a_plan_before_anything_was_changed_is_no_deviation(script):
    script.replies("The plan called for a cache on disk, but the tables fit into memory.")
    script.edits("harbour.py")
    assert found(script) == []


def test_what_a_sub_agent_lists_is_not_the_sessions_plan(script):
    script.plans("[x] Look around", "Count the boats in the bay")
    script.events[-1] = replace(script.events[-1], agent="a1")
    assert found(script) == []


def test_of_a_session_with_events_left_out_nothing_is_called_undone():
    script = planned("src/harbour.py", "src/merge.py", "README.md")
    script.plans("[x] Read the harbour table", "Describe the format in the handbook")
    assert found(script)
    assert found(script, left_out=3) == []
