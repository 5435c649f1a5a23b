"""What an entry says under How it went: few words, each with its evidence, and a tip that follows from a signal."""

from dataclasses import replace

import pytest

from scripts import Script
from session_journal.core.insights.changes import put_back
from session_journal.core.insights.conduct import WORDS, conduct, effectiveness
from session_journal.core.insights.files import changed_files
from session_journal.core.insights.goals import prompts
from session_journal.core.observations import read
from session_journal.core.signals import judge, signals


@pytest.fixture
def script():
    one = Script()
    one.says("Add a retry to the uploader")
    return one


def told(script):
    session = script.session()
    found = signals(session, prompts(session))
    verdict = judge(session, found)
    return conduct(session, found, verdict, changed_files(session)), effectiveness(found, verdict)


def test_what_the_people_did_before_the_work_is_told_in_one_line(script):
    script.plans("retry", "log")
    for name in ("upload.py", "queue.py", "worker.py"):
        script.calls_tool("read", name, output="x")
    script.edits("upload.py")
    items, _ = told(script)
    assert (items[0].kind, items[0].text) == ("went-well", "plan made, 3 files read before the first edit")
    assert items[0].turns == (2, 7)


def test_a_check_named_in_the_first_request_of_a_mere_question_is_no_merit():
    script = Script()
    script.says("Why do the tests fail?")
    script.replies("The queue is missing.")
    assert told(script)[0] == []


def test_the_tip_follows_from_what_weighs_most(script):
    script.edits("a.py")
    first = script.says("no, not like that")
    second = script.says("don't touch the queue")
    script.edits("a.py", new="x = 2")
    items, _ = told(script)
    assert items[-1].kind == "improve"
    assert items[-1].text == "2 corrections by the user; next time, state constraints and conventions up front"
    assert items[-1].turns == (first, second)


def test_a_check_that_is_left_failing_is_to_improve(script):
    script.edits("a.py")
    turn = script.runs("pytest", "1 failed", 1)
    items, _ = told(script)
    assert [(item.text.partition(";")[0], item.turns) for item in items] == [("a check was left failing", (turn,))]
    script.runs("pytest", "2 passed")
    assert told(script)[0] == []


def test_no_check_is_missed_where_only_prose_was_written_or_no_results_are_recorded(script):
    script.edits("docs/page.md")
    assert not [item for item in told(script)[0] if item.kind == "improve"]
    script.edits("a.py")
    assert [item.text.partition(";")[0] for item in told(script)[0]] == ["no check ran after the last edit"]
    script.events = [event for event in script.events if event.kind != "result"]
    assert told(script)[0] == []


def test_no_check_is_missed_of_a_tool_whose_user_checks_elsewhere(script):
    script.edits("a.py")
    script.replies("Everything works now.")
    session = replace(script.session(), agent="aider")
    found = signals(session, prompts(session))
    verdict = judge(session, found)
    assert (verdict.outcome, verdict.reason) == ("unknown", "nothing shows that it was checked or accepted")
    assert conduct(session, found, verdict, changed_files(session)) == []
    script.runs("pytest", "1 failed", 1)
    script.edits("a.py", new="x = 2")
    session = replace(script.session(), agent="aider")
    assert judge(session, signals(session, prompts(session))).outcome == "partial"


def test_what_was_done_before_the_work_is_told_even_where_much_went_wrong(script):
    script.plans("retry", "log")
    for number in range(6):
        script.edits("a.py", new=f"x = {number}")
        script.runs("pytest", "1 failed", 1)
        script.stops()
        script.says("no, not like that")
    items, _ = told(script)
    assert "plan made before the first edit" in [item.text for item in items]


def test_edits_that_were_put_back_are_to_improve_and_can_be_read_from_the_deviation_too(script):
    script.edits("a.py")
    script.runs("git checkout a.py")
    items, _ = told(script)
    assert [one.key for item in items for one in read(item.text)] == ["undone"]
    (deviation,) = put_back(changed_files(script.session()))
    assert [one.key for one in read(deviation.text)] == ["undone-files"]


def test_the_section_stays_short_however_much_went_wrong(script):
    script.plans("retry", "log")
    for number in range(5):
        script.calls_tool("read", f"m{number}.py", output="x")
        script.edits("a.py", new=f"x = {number}")
        script.runs("make test-everything ARGS=--very-long", "1 failed", 1)
        script.stops()
        script.says("no, not like that")
    script.replies("Everything works now.")
    items, lines = told(script)
    words = sum(len(text.split()) for text, _ in lines) + sum(len(item.text.split()) + 2 for item in items)
    assert items
    assert words <= WORDS
    assert all(item.turns for item in items)
