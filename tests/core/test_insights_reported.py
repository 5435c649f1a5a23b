"""Reported errors: what the user pasted of a failure is a challenge, told with what the transcript shows of its end."""

import pytest

from scripts import Script
from session_journal.core.insights.goals import prompts
from session_journal.core.insights.learning import replies
from session_journal.core.insights.pastes import failure
from session_journal.core.insights.reported import errors
from session_journal.core.signals import signals

TRACE = """Traceback (most recent call last):
  File "/home/mira/code/tidepool/gauge.py", line 12, in read
    raise TideError(hour)
tidepool.errors.TideError: no height for hour 25"""
TOLD = "Reported by the user: tidepool.errors.TideError: no height for hour 25"


def told(script, **more):
    session = script.session(**more)
    asked = prompts(session)
    return [one.text for one in errors(session, asked, replies(session, asked), signals(session, asked))]


@pytest.fixture
def script():
    made = Script()
    made.says(TRACE)
    return made


@pytest.mark.parametrize(
    ("pasted", "line"),
    [
        (TRACE, "tidepool.errors.TideError: no height for hour 25"),
        ("$ cargo build\nerror[E0308]: mismatched types\n  --> src/gauge.rs:4:9", "error[E0308]: mismatched types"),
        (
            "the build says\n\nsrc/gauge.ts(4,9): error TS2345: Argument of type 'string' is not assignable.",
            "src/gauge.ts(4,9): error TS2345: Argument of type 'string' is not assignable.",
        ),
        ("./gauge.go:12:4: undefined: readHours", "./gauge.go:12:4: undefined: readHours"),
        ("fatal: refusing to merge unrelated histories", "fatal: refusing to merge unrelated histories"),
        ("I get this error: connection to port 5432 refused", "connection to port 5432 refused"),
        ("now it fails with the following message:\n`no such harbour: Husum`", "no such harbour: Husum"),
    ],
)
def test_a_paste_shows_what_failed(pasted, line):
    assert failure(pasted) == line


@pytest.mark.parametrize(
    "said",
    [
        "Add an error for hours that are not in the table",
        "Why is the error message so long? See gauge.py:12",
        "please handle the error that we get when the port is closed",
        f"{'We want the gauge to say which hour has no height in the table. ' * 12}\n\n{TRACE}",
    ],
)
def test_words_about_errors_and_long_plans_show_no_failure(said):
    assert failure(said) == ""


def test_an_error_is_solved_where_the_user_says_so(script):
    script.edits("gauge.py")
    script.replies("Added an hour to the table of the gauge for the day of the change.")
    done = f"{TOLD} → added an hour to the table of the gauge for the day of the change"
    assert told(script) == [f"{done} (not shown to have helped)"]
    script.says("perfect, that works")
    assert told(script) == [f"{done}; accepted by the user"]


def test_a_check_that_passed_after_the_edit_shows_that_it_helped(script):
    script.edits("gauge.py")
    script.runs("pytest -q", "3 passed in 0.1s")
    assert told(script) == [f"{TOLD} → edited `gauge.py`; `pytest -q` passed"]


def test_an_error_that_another_one_follows_was_answered_by_halves(script):
    script.edits("gauge.py")
    script.says("NameError: name 'tide' is not defined")
    assert told(script) == [
        f"{TOLD} → edited `gauge.py` (then it failed in another way)",
        "Reported by the user: NameError: name 'tide' is not defined → left without an answer",
    ]


def test_an_error_that_came_back_is_told_once(script):
    script.edits("gauge.py")
    script.says(TRACE.replace("25", "26"))
    script.replies("The table ends at hour 24.")
    (one,) = told(script)
    assert one == f"{TOLD} (reported twice) → answered, nothing was edited for it (not shown to have helped)"


def test_an_edit_that_was_declined_is_told_as_not_made(script):
    script.declines("gauge.py")
    assert told(script) == [f"{TOLD} → an edit of `gauge.py` for it was not made"]


def test_nothing_is_said_of_the_end_where_events_are_left_out(script):
    assert told(script, left_out=3) == []
