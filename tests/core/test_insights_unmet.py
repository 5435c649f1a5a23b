"""What was left unmet after the last success takes the word "done" away."""

import pytest

from scripts import Script
from session_journal.core.insights.goals import prompts
from session_journal.core.signals import judge, signals


def ended(script):
    session = script.session()
    found = judge(session, signals(session, prompts(session)))
    return found.outcome, found.reason


CHECKED = ("done", "checks passed after the last edit")
DECLINED = ("partial", "the last edit was declined, and none was made after it")
NOT_DONE = ("partial", "nothing was done after the last request")
OBJECTED = ("partial", "nothing was done after the user's last objection")
LEFT = ("partial", "planned steps were left open")


@pytest.fixture
def script():
    """Write a session whose work passed its tests."""
    one = Script()
    one.says("Add a retry to the uploader")
    one.edits("upload.py")
    one.runs("pytest", "3 passed")
    one.replies("The uploader retries now, and the tests pass.")
    return one


def test_a_declined_edit_after_the_last_check_takes_done_away_until_one_is_made(script):
    script.declines("queue.py", "how does the queue know?")
    script.replies("It reads the table.")
    assert ended(script) == DECLINED
    script.edits("queue.py")
    script.runs("pytest", "3 passed")
    assert ended(script) == CHECKED


def test_a_declined_edit_before_the_last_check_changes_nothing():
    one = Script()
    one.says("Add a retry to the uploader")
    one.edits("upload.py")
    one.declines("queue.py", "leave the queue alone")
    one.runs("pytest", "3 passed")
    assert ended(one) == CHECKED


@pytest.mark.parametrize(
    "text", ["Implement 1, 2 and 3.", "great. now add a limit of five tries", "Can you also rename the flag?"]
)
def test_a_request_that_nothing_followed_takes_done_away(script, text):
    script.says(text)
    assert ended(script) == NOT_DONE
    script.runs("grep -rn flag src", "src/a.py:1: flag")
    script.runs("pytest -k flag", "1 passed")
    script.replies("Here is where the flag stands. Shall I go on?")
    assert ended(script)[0] == "done"  # a check after it counts for what is there


def test_looking_around_carries_no_request_out(script):
    script.says("Add a limit of five tries")
    script.runs("grep -rn tries src", "src/a.py:1: tries")
    script.replies("The tries are counted in one place.")
    assert ended(script) == NOT_DONE


def test_a_request_that_was_worked_on_is_met(script):
    script.says("Add a limit of five tries")
    script.runs("sed -i s/3/5/ settings.conf", "")
    script.replies("The limit is five.")
    assert ended(script)[1] not in {NOT_DONE[1], OBJECTED[1]}
    script.calls_tool("tool", "mcp__tracker__create", "five tries", output="made")
    assert ended(script)[1] not in {NOT_DONE[1], OBJECTED[1]}


@pytest.mark.parametrize(
    "text",
    [
        "Explain the change in `retry`",
        "Add a summary of what was changed",
        "should we add a limit?",
        "what was changed?",
        "thanks",
        "Which changes would you make next?",
        "the fix works",
        "Fix looks right to me",
        "no, that's all for today",
        "nope",
        "don't commit yet",
        "ok, the cache is not really needed then",
        "I'm still not sure about the name",
    ],
)
def test_what_is_met_in_words_needs_no_work(script, text):
    script.says(text)
    script.replies("The uploader tries three times.")
    assert ended(script)[0] == "done"


@pytest.mark.parametrize(
    "text",
    [
        "I can't see any call of it, so we are not really retrying anywhere",
        "it still fails with a timeout",
        "that doesn't work on my machine",
        "no, the queue has to stay as it was",
    ],
)
def test_an_objection_that_nothing_followed_takes_done_away(script, text):
    script.says(text)
    script.replies("You are right: nobody calls it yet.")
    assert ended(script) == OBJECTED
    script.edits("queue.py")
    script.runs("pytest", "3 passed")
    assert ended(script) == CHECKED


def test_a_no_to_an_offer_is_no_objection(script):
    script.replies("The uploader tries three times. Want me to add a limit for the queue, too?")
    script.says("no, the queue has a limit already")
    script.replies("Then it is complete.")
    assert ended(script) == CHECKED


def test_a_user_who_accepts_after_an_objection_has_taken_it_back(script):
    script.says("that doesn't work on my machine")
    script.replies("Version 2 of the client is needed.")
    script.says("commit and push")
    script.runs("git commit -am retry && git push", "[main 1234567] retry\n 1 file changed\nTo example.org:t.git")
    assert ended(script)[0] == "done"


def test_steps_of_the_plan_left_open_take_done_away_from_checks_but_not_from_a_commit():
    one = Script()
    one.says("Add a retry to the uploader")
    one.plans("Wrap the upload call", "Document the backoff table in the handbook")
    one.edits("upload.py", new="def wrap_upload_call(): ...")
    one.plans("[x] Wrap the upload call", "Describe the tariff zones for freight", "Translate the glossary page")
    one.runs("pytest", "3 passed")
    assert ended(one) == LEFT
    one.says("good, commit that")
    one.runs("git commit -am retry", "[main 1234567] retry\n 1 file changed")
    assert ended(one)[0] == "done"


def test_where_nothing_was_ever_edited_an_answer_may_be_all_that_was_wanted():
    one = Script()
    one.says("Write a limerick")
    one.replies("There once was a port in the west …")
    one.says("great, thanks. that's perfect")
    one.replies("Glad to hear it.")
    one.says("add a title")
    one.replies("The Port")
    assert ended(one)[1] not in {NOT_DONE[1], OBJECTED[1]}
