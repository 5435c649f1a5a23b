"""How a session ended and how it went: nothing passes for success that the transcript does not show."""

import pytest

from scripts import Script
from session_journal.core.insights.conduct import conduct
from session_journal.core.insights.goals import prompts
from session_journal.core.signals import active_minutes, judge, signals


def verdict(script):
    session = script.session()
    return judge(session, signals(session, prompts(session)))


@pytest.fixture
def script():
    one = Script()
    one.says("Add a retry to the uploader")
    return one


def test_a_test_that_passes_after_the_last_edit_makes_it_done(script):
    script.edits("a.py")
    turn = script.runs("pytest", "3 passed")
    script.replies("Added the retry; all tests pass.")
    found = verdict(script)
    assert (found.outcome, found.reason, found.turns) == ("done", "checks passed after the last edit", (turn,))


def test_a_test_that_passed_before_the_last_edit_shows_nothing(script):
    script.runs("pytest", "3 passed")
    script.edits("a.py")
    script.replies("All done and everything works perfectly!")
    assert verdict(script).outcome == "partial"


def test_a_failure_at_the_end_outweighs_an_earlier_success(script):
    script.edits("a.py")
    script.runs("pytest tests/a.py", "3 passed")
    script.runs("pytest", "1 failed, 3 passed", 1)
    found = verdict(script)
    assert (found.outcome, found.reason) == ("partial", "the last test run failed")


def well(script):
    session = script.session()
    return [item.text for item in conduct(session, signals(session, prompts(session)))]


def test_every_check_passed_the_first_time_only_if_none_failed_or_was_silent(script):
    script.edits("a.py")
    script.runs("pytest", "3 passed")
    assert "every check passed the first time" in well(script)
    script.runs("ruff check . | tail -3", "")
    script.calls_tool("command", "pytest -x", output="refused", failed=True)
    assert "every check passed the first time" not in well(script)


def test_a_check_that_failed_without_an_exit_code_failed(script):
    script.calls_tool("command", "pytest", output="1 failed, 3 passed", failed=True)
    script.edits("a.py")
    script.runs("pytest", "4 passed")
    assert "every check passed the first time" not in well(script)


def test_a_refusal_and_the_note_that_follows_it_are_one_interruption(script):
    script.stops()
    turn = script.stops()
    script.says("Use the queue")
    last = script.stops()
    session = script.session()
    assert signals(session, prompts(session)).interruptions == (turn, last)


def test_a_build_alone_is_not_enough(script):
    script.edits("a.go")
    script.runs("go build ./...")
    assert verdict(script).outcome == "partial"


def test_a_commit_asked_for_and_made_is_acceptance(script):
    script.edits("a.py")
    script.says("commit this")
    script.runs("git commit -am x", "[main 1234567] x")
    assert verdict(script).outcome == "done"


def test_thanks_for_an_answer_make_it_done_and_silence_leaves_it_unknown(script):
    script.replies("The uploader has no retry because the queue has one.")
    assert verdict(script).outcome == "unknown"
    script.says("perfect, thanks")
    assert verdict(script).outcome == "done"


def test_a_declined_edit_is_no_edit(script):
    script.declines("a.py", "is there another way?")
    script.replies("There are two ways. Which one do you prefer?")
    found = verdict(script)
    assert (found.outcome, found.reason) == ("unknown", "it ended with a question to the user")


def test_an_interruption_at_the_end_leaves_it_partial(script):
    script.edits("a.py")
    script.stops()
    assert verdict(script).outcome == "partial"


def test_corrections_lower_the_effectiveness(script):
    for number in range(5):
        script.edits("a.py", new=f"x = {number}")
        script.says("no, not like that")
    script.runs("pytest", "3 passed")
    script.replies("Done.")
    smooth = Script()
    smooth.says("Add a retry")
    smooth.edits("a.py")
    smooth.runs("pytest", "3 passed")
    assert verdict(script).effectiveness < verdict(smooth).effectiveness
    assert any("corrections" in reason for reason in verdict(script).reasons)


def test_a_night_between_two_prompts_is_a_short_break():
    events = Script()
    events.says("a")
    events.turn += 600
    events.says("b")
    assert active_minutes(events.session()) == 10
