"""What a session leaves open: questions without an answer, work that the user put off."""

import pytest

from scripts import Script
from session_journal.core.drafting import draft
from session_journal.core.insights.deferred import actions
from session_journal.core.insights.goals import prompts
from session_journal.core.insights.questions import questions


def put_off(script, **more):
    session = script.session(**more)
    return [(one.text, one.turns) for one in actions(session, prompts(session))]


def left_open(script):
    session = script.session()
    return [(one.text, one.turns) for one in questions(session, prompts(session))]


@pytest.fixture
def script():
    made = Script()
    made.says("Add a retry to the chart upload")
    made.edits("upload.py", new="def retry(): ...")
    return made


@pytest.mark.parametrize(
    ("said", "action"),
    [
        ("Good. Let's move the tide cache to disk in a follow-up PR.", "Move the tide cache to disk in a follow-up PR"),
        ("we can go back and rename the harbours in a separate task", "Rename the harbours in a separate task"),
        ("Leave the handbook for another day.", "The handbook for another day"),
        ("I'll rotate the mail key tomorrow", "Rotate the mail key tomorrow"),
        ("remind me to tell the harbour master", "Tell the harbour master"),
        ("I still have to order the new gauge.", "Order the new gauge"),
        ("Can we add metrics in another PR?", "Add metrics in another PR"),
        ("let's handle Windows paths later, first make it work on Linux", "Handle Windows paths later"),
    ],
)
def test_work_that_the_user_puts_off_is_an_action(script, said, action):
    turn = script.says(said)
    assert put_off(script) == [(action, (turn,))]


@pytest.mark.parametrize(
    "said",
    [
        "when someone amends the commit later the hash is stale",
        "see you later",
        "we can continue tomorrow",
        "please put the parser into a new branch",
        "create the tests in a separate commit",
        "leave it as is for now",
        "let's keep the old endpoint until the next release",
        "TODO: describe the format in the handbook",
        "Should the cache be cleared later?",
        "later",
        "we can clean up stuff in a separate task",
    ],
)
def test_orders_farewells_and_what_is_told_elsewhere_put_nothing_off(script, said):
    script.says(said)
    assert put_off(script) == []


def test_a_bare_later_puts_off_what_was_offered(script):
    offer = script.replies("The retry is in. Want me to also migrate the old harbour table?")
    turn = script.says("not now, let's do that later")
    assert put_off(script) == [("Migrate the old harbour table (later)", (offer, turn))]


def test_what_was_put_off_and_done_after_all_is_no_action(script):
    script.says("let's rename the harbour table later")
    script.says("oh well, do it now")
    script.edits("schema.sql", new="alter table harbour rename to harbours;")
    assert put_off(script) == []


def test_of_a_session_with_events_left_out_nothing_is_called_put_off(script):
    script.says("let's rename the harbour table later")
    assert put_off(script)
    assert put_off(script, left_out=3) == []


def test_a_pasted_text_puts_nothing_off(script):
    script.says("Here is the mail. We will look at the gauge next week. " + "The harbour master wrote to us. " * 30)
    assert put_off(script) == []


def test_an_action_is_a_task_in_the_draft(script):
    turn = script.says("Good. Let's move the tide cache to disk in a follow-up PR.")
    lines = dict(draft(script.session()).sections)["Action items"]
    assert f"- [ ] Move the tide cache to disk in a follow-up PR [t{turn}]" in lines


def test_a_question_of_the_user_that_nothing_came_after_is_open(script):
    turn = script.says("Does the retry also cover the harbour mail?")
    script.stops()
    assert left_open(script) == [("Does the retry also cover the harbour mail?", (turn,))]


def test_a_question_that_was_answered_or_worked_on_is_not_open(script):
    script.says("Does the retry also cover the harbour mail?")
    script.replies("Yes, every call goes through it.")
    assert left_open(script) == []


def test_a_request_in_the_form_of_a_question_is_no_open_question(script):
    script.says("Can you also add a retry to the harbour mail?")
    assert left_open(script) == []


def test_a_question_on_the_matter_that_ends_the_session_is_open(script):
    turn = script.replies("The retry is in. How long may an upload take before the harbour gives up?")
    assert left_open(script) == [("How long may an upload take before the harbour gives up?", (turn,))]


@pytest.mark.parametrize(
    "said",
    [
        "Is there anything else you'd like me to change?",
        "Could you please provide more details about the upload?",
        "What would you like to do next with the upload?",
        "Does this look right to you for the upload?",
        "Want me to also add it to the harbour mail?",
        "Which of these should the upload use?\n\n1. three tries\n2. five tries\n\nWhich do you take for the upload?",
        "Does it also cover the harbour mail?",
    ],
)
def test_courtesies_offers_and_choices_are_no_open_questions(script, said):
    script.replies(f"The retry is in. {said}")
    assert left_open(script) == []


def test_a_question_that_the_user_could_not_answer_stays_open(script):
    asking = script.replies("Should an upload survive a restart of the station?")
    turn = script.says("not sure, I have to ask the harbour master")
    script.replies("Then it stays in memory.")
    assert left_open(script) == [("Should an upload survive a restart of the station?", (asking, turn))]


def test_a_question_that_the_user_came_back_to_or_decided_is_answered(script):
    script.replies("Should an upload survive a restart of the station?")
    script.says("not sure, but let's go with memory for now")
    assert left_open(script) == []
    script.replies("Should the mail survive a restart of the station?")
    script.says("I don't know yet")
    script.replies("Then that waits.")
    script.says("the mail has to survive any restart of the station")
    script.replies("Done.")
    assert left_open(script) == []


def test_what_the_last_reply_calls_undecided_is_an_open_question(script):
    turn = script.replies("The retry is in. It is still unclear whether the harbour accepts two uploads at once.")
    assert left_open(script) == [("It is still unclear whether the harbour accepts two uploads at once", (turn,))]


def next_steps(*replies):
    script = Script()
    script.says("Sign the binaries in the release workflow")
    script.edits("release.yml")
    for reply in replies:
        script.replies(reply)
    return [item.text for item in draft(script.session()).items if item.kind == "next"]


@pytest.mark.parametrize(
    "reply",
    [
        "To complete the setup, you need to add the six signing secrets in the repository settings.",
        "Once the signing secrets are configured, you can re-run the workflow on the same tag.",
        "The signing step fails because the `APPLE_ID` secret isn't configured in the repository.",
    ],
)
def test_what_the_last_reply_leaves_to_its_reader_is_a_next_step(reply):
    assert next_steps(reply) == [reply.rstrip(".")]


@pytest.mark.parametrize(
    "reply",
    [
        "The remaining usages of `str` in the release workflow are appropriate.",
        "The pre-existing diagnostics of the release workflow are unrelated suggestions.",
    ],
)
def test_what_is_as_it_should_be_is_no_next_step(reply):
    assert next_steps(reply) == []
