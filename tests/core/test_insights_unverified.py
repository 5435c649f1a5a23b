"""Unverified: what a reply says was not seen to hold is told as such, until something shows that it was."""

import pytest

from scripts import Script
from session_journal.core.insights.goals import prompts
from session_journal.core.insights.learning import replies
from session_journal.core.insights.unverified import limits
from session_journal.core.signals import signals


def left(script, **more):
    session = script.session(**more)
    asked = prompts(session)
    return [(one.kind, one.text) for one in limits(session, asked, replies(session, asked), signals(session, asked))]


@pytest.fixture
def script():
    made = Script()
    made.says("Let the gauge tell when it is offline")
    made.edits("gauge.py")
    return made


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "One thing I couldn't verify without a real gauge: that the `/offline` route accepts a port.",
            "Not verified: the `/offline` route accepts a port",
        ),
        ("I did not run `just check-full`, so the slow tests may fail.", "Not run: `just check-full`"),
        ("I haven't tested this on Windows.", "Not verified: I haven't tested this on Windows"),
        ("Not tested on Windows or macOS.", "Not tested on Windows or macOS"),
        ("Untested: the path where the gauge is offline.", "Not tested: the path where the gauge is offline"),
        ("I wasn't able to verify that the upload ends.", "Not verified: the upload ends"),
        ("I can\u2019t run the harbour's tests in this sandbox.", "Not run: the harbour's tests in this sandbox"),
        ("The Windows path of the gauge is untested.", "Not verified: the Windows path of the gauge is untested"),
        ("## One thing I couldn't verify\n\nThe page on the free plan.", "Not verified: the page on the free plan"),
        ("**Not checked:**\n- Whether the gauge keeps its hour.", "Not verified: the gauge keeps its hour"),
    ],
)
def test_what_a_reply_says_was_not_verified_is_left_open_as_unverified(script, said, told):
    script.replies(f"Added the offline state.\n\n{said}")
    assert left(script) == [("action", told)]


@pytest.mark.parametrize(
    "said",
    [
        "I haven't run into this before.",
        "If you haven't tested the port on the gauge, do so now.",
        "I didn't check the other port of the gauge, because that is not needed.",
        "We can't test the private method of the gauge directly.",
        "The name of the port is not verified by the server.",
        "Have I not tested the port on the gauge?",
    ],
)
def test_other_words_about_checks_leave_nothing_open(script, said):
    script.replies(f"Added the offline state. {said}")
    assert left(script) == []


def test_what_was_seen_to_hold_later_is_not_left_open(script):
    said = "I couldn't verify that the `/offline` route of the harbour exists."
    script.replies(said)
    assert len(left(script)) == 1
    script.says("the route works")
    assert left(script) == []


def test_a_doubt_of_the_user_verifies_nothing(script):
    script.replies("I couldn't verify that the `/offline` route of the harbour exists.")
    script.says("the route still does not work")
    assert len(left(script)) == 1


def test_a_check_that_ran_later_is_run(script):
    script.replies("I have not run the tests of the harbour yet.")
    assert len(left(script)) == 1
    script.says("do it")
    script.runs("pytest -q", "3 passed in 0.1s")
    assert left(script) == []


def test_what_is_untested_in_a_review_is_its_finding():
    script = Script()
    script.says("Review the gauge")
    script.calls_tool("read", "gauge.py", output="x = 1")
    script.replies("The Windows path of the gauge is untested.")
    assert left(script) == []
