"""Which goals of a session were met."""

import pytest

from scripts import Script
from session_journal.core.drafting import draft
from session_journal.core.insights.aims import goals_met
from session_journal.core.insights.goals import prompts
from session_journal.core.signals import judge, signals


def told(script, *given, **more):
    session = script.session(**more)
    asked = prompts(session)
    found = signals(session, asked)
    return goals_met(session, asked, given, found, judge(session, found))


@pytest.fixture
def script():
    made = Script()
    made.says("Add a retry to the chart upload")
    made.edits("upload.py", new="def retry_upload(): ...")
    made.runs("pytest -q", "4 passed")
    return made


def test_each_goal_is_met_by_the_check_after_its_last_edit_or_named(script):
    turn = script.says("Now describe the retry in the manual")
    script.edits("docs/manual.md", new="The upload is tried three times.")
    goals = ("retry the chart upload", "describe the retry in the manual")
    text = "Goals: 1 of 2 met — not shown: describe the retry in the manual."
    assert told(script, *goals) == [(text, (5, turn))]


def test_all_goals_met_is_said_in_three_words(script):
    script.says("Now describe the retry in the manual")
    script.edits("docs/manual.md", new="The upload is tried three times.")
    script.says("perfect, thanks")
    line, turns = told(script, "retry the chart upload", "describe the retry in the manual")[0]
    assert line == "Goals: all 2 met."
    assert turns == (5, 9)


def test_the_users_word_on_a_goal_at_the_end_counts_for_the_work_before_it():
    script = Script()
    script.says("Describe the retry of the chart upload in the manual")
    script.edits("docs/manual.md", new="The upload is tried three times.")
    script.says("great, the retry of the chart upload reads well")
    assert told(script, "describe the chart upload retry", "water the garden")[0][0].startswith("Goals: 1 of 2 met")


def test_a_goal_whose_last_check_failed_is_not_met(script):
    turn = script.says("Limit the size of a chart")
    script.edits("chart.py", new="LIMIT = 4")
    failed = script.runs("pytest -q", "1 failed, 3 passed", 1)
    line, turns = told(script, "chart upload retry", "limit the chart's size")[0]
    assert line == "Goals: 1 of 2 met — not met: limit the chart's size."
    assert {turn, failed} <= set(turns)


def test_a_check_that_passed_later_makes_up_for_one_that_failed(script):
    script.says("Limit the size of a chart")
    script.edits("chart.py", new="LIMIT = 4")
    script.runs("pytest -q", "1 failed, 3 passed", 1)
    script.edits("chart.py", new="LIMIT = 5")
    script.runs("pytest -q", "4 passed")
    assert told(script, "chart upload retry", "limit the chart's size")[0][0] == "Goals: all 2 met."


def test_what_the_user_stopped_is_not_met(script):
    script.says("Limit the size of a chart")
    script.declines("chart.py", "no, leave that for another day")
    assert told(script, "chart upload retry", "limit the chart's size")[0][0].endswith(
        "not met: limit the chart's size."
    )


def test_a_goal_that_nothing_in_the_session_is_about_is_not_shown(script):
    assert told(script, "water the garden") == [("Goal not shown to be met: water the garden.", (1,))]


def test_a_single_goal_is_not_told_again_where_the_outcome_speaks_of_it(script):
    assert told(script, "retry the chart upload") == []


def test_a_goal_that_nobody_asked_for_is_met_by_the_work_done_for_it():
    script = Script()
    script.says("go on where you stopped")
    script.edits("upload.py", new="def retry_chart_upload(): ...")
    script.runs("git commit -am 'Retry the chart upload'", "[main 1a2b3c4] Retry the chart upload")
    script.edits("notes.md", new="read the harbour table")
    assert told(script, "retry the chart upload", "read the harbour table")[0][0].startswith("Goals: 1 of 2 met")


def test_requests_are_held_against_the_work_where_no_goal_was_noted(script):
    turn = script.says("Document the retry in the manual")
    script.edits("docs/manual.md", new="The upload is tried three times.")
    assert told(script) == [("Goals: 1 of 2 met — not shown: document the retry in the manual.", (5, turn))]


def test_requests_that_are_all_met_or_all_unproven_need_no_line(script):
    assert told(script) == []
    unproven = Script()
    unproven.says("Add a retry to the chart upload")
    unproven.edits("upload.py")
    unproven.says("Describe the retry in the manual")
    unproven.edits("docs/manual.md")
    assert told(unproven) == []


def test_a_question_is_no_goal_that_work_could_meet(script):
    script.says("Why is the chart upload so slow on the second harbour?")
    script.replies("It waits for the tide table.")
    assert told(script) == []


def test_the_line_stands_under_how_it_went(script):
    made = draft(script.session(), goals=("retry the chart upload", "water the garden"))
    assert any(
        "Goals: 1 of 2 met — not shown: water the garden." in line for line in dict(made.sections)["How it went"]
    )


def test_of_a_session_with_events_left_out_no_goal_is_called_unproven(script):
    assert told(script, "retry the chart upload", "water the garden", left_out=3) == []
