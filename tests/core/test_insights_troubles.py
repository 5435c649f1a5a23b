"""Challenges that a reply names or a tool met: each with what is known of how it ended."""

import pytest

from scripts import Script
from session_journal.core.insights.goals import prompts
from session_journal.core.insights.learning import replies
from session_journal.core.insights.troubles import challenges
from session_journal.core.signals import signals


def told(script):
    session = script.session()
    asked = prompts(session)
    found = challenges(session, replies(session, asked), signals(session, asked))
    return [(one.text, one.turns) for one in found if one.kind == "challenge"]


@pytest.fixture
def script():
    made = Script()
    made.says("I tried to merge the tides, why did it stop halfway?")
    return made


@pytest.mark.parametrize(
    ("said", "command"),
    [
        ("The conflicts are gone, but the code doesn't compile with the new station type.", "go build ./..."),
        ("There are type errors in `tide.ts` since the station is a type of its own.", "tsc --noEmit && npm test"),
        ("The merged code fails to build in the `gauge` package.", "cargo build"),
        ("There are lint errors in `tide.py` about the unused station.", "ruff check ."),
    ],
)
def test_what_did_not_build_and_was_mended_is_a_challenge(script, said, command):
    turn = script.replies(said)
    assert told(script) == []
    script.edits("tide.go")
    passed = script.runs(command, "1 passed")
    script.replies("It is merged.")
    ((text, turns),) = told(script)
    assert text.startswith(said.rstrip("."))
    assert text.endswith(f"`{command.rpartition('&& ')[2]}` passed after editing `tide.go`")
    assert turns == (turn, passed)


def test_a_build_that_failed_again_or_without_a_change_was_not_mended(script):
    script.replies("The conflicts are gone, but the code doesn't compile with the new station type.")
    script.runs("go build ./...", "")
    assert told(script) == []
    script.edits("tide.go")
    script.runs("go build ./...", "tide.go:3:1: undefined: station", 1)
    script.edits("tide.go", new="x = 2")
    script.runs("go build ./...", "")
    assert [text for text, _ in told(script) if "new station type" in text] == []


@pytest.mark.parametrize(
    "said",
    [
        "If the station is a type of its own the tests would fail to compile here.",
        "The build errors shown in the editor are stale and of the state before it.",
    ],
)
def test_what_might_not_build_is_no_challenge(script, said):
    script.replies(said)
    script.edits("tide.go")
    script.runs("go build ./...", "")
    assert told(script) == []


NOT_STARTED = "ENOENT: no such file or directory, posix_spawn '/opt/agent/search'"


def test_a_search_tool_that_is_broken_is_named_with_what_found_it_in_the_end(script):
    first = script.calls_tool("search", r"func FindStation\(\)", output=NOT_STARTED, failed=True)
    script.calls_tool("search", r"func FindStation\(\)", output=NOT_STARTED, failed=True)
    told_first = "Searches for `FindStation` failed 2 times: ENOENT: no such file or directory, posix_spawn"
    assert told(script) == [(f"{told_first} → went on by other means", (first,))]
    found = script.runs("cd src && grep -rn 'func FindStation' .", "./tide.go:3: func FindStation() {")
    ((text, turns),) = told(script)
    assert text.endswith(" → found with `grep`")
    assert turns == (first, found)


def test_one_failure_of_a_tool_and_what_the_user_refused_are_no_challenge(script):
    script.calls_tool("search", "FindStation", output=NOT_STARTED, failed=True)
    for _ in range(2):
        script.calls_tool("read", "a.go", output="The user doesn't want to proceed with this tool use.", failed=True)
    assert told(script) == []


def test_what_says_that_something_remains_is_no_end_of_a_trouble(script):
    script.runs("ruff check .", "tide.py:3:1: S110 an empty except hides what went wrong\nFound 1 error.", 1)
    script.replies("Ruff fixed the formatting but the empty except in `tide.py` needs manual work.")
    script.edits("tide.py")
    script.runs("ruff check .", "All checks passed!")
    script.replies("It is merged.")
    ((text, _),) = told(script)
    assert text.endswith("→ passed after editing `tide.py`")


FAILING = (
    "E   TypeError: cannot unpack non-iterable NoneType object\nFAILED tests/test_tide.py::test_a\n1 failed in 0.1s"
)
PROBLEM = "`pytest tests/test_tide.py` failed: "


def ends(script):
    """Return how each failed check that is told in the tool's own words ended."""
    return [text.partition(" → ")[2] for text, _ in told(script) if text.startswith(PROBLEM)]


def fails(script, output=FAILING):
    return script.runs("pytest tests/test_tide.py", output, 1)


@pytest.mark.parametrize(
    "said",
    [
        "This should resolve the `TypeError` that `pytest` fails with, as the reader of the gauge returns a tuple now.",
        "This ensures that the `TypeError` of `pytest` in the reader of the gauge is an error that is caught and told.",
    ],
)
def test_what_failed_is_told_in_no_words_about_the_change_that_answers_it(script, said):
    fails(script)
    script.replies(said)
    script.replies("That is all.")
    assert [text for text, _ in told(script) if not text.startswith(PROBLEM)] == []
    assert ends(script) == ["left failing"]


def test_a_promise_is_no_remedy(script):
    fails(script)
    script.edits("tide.py")
    script.replies("The gauge should now work without the error of its reader.")
    assert ends(script) == ["edited `tide.py` (not run again)"]


def test_what_was_done_for_a_later_request_is_no_remedy(script):
    fails(script)
    script.edits("tide.py")
    script.says("Add tests for the harbour, too")
    script.edits("test_harbour.py")
    script.replies("Added two new test methods to the tests of the harbour.")
    assert ends(script) == ["edited `tide.py` (not run again)"]


def test_a_failure_that_came_back_is_answered_by_what_followed_its_last_run(script):
    fails(script)
    script.edits("tide.py")
    script.replies("Changed the reader of the gauge to return a tuple.")
    fails(script)
    script.edits("gauge.py")
    script.replies("Replaced the mock of the gauge by one that returns a pair.")
    assert ends(script) == ["replaced the mock of the gauge by one that returns a pair"]


def test_an_edit_after_which_something_else_failed_is_told_so(script):
    fails(script)
    script.edits("tide.py")
    fails(script, "E   KeyError: 'level' is not in the table\nFAILED tests/test_tide.py::test_b\n1 failed in 0.1s")
    assert ends(script) == ["edited `tide.py` (then it failed in another way)", "left failing"]


def test_an_edit_that_failed_answers_nothing(script):
    fails(script)
    script.edits("harbour.py")
    fails(script)
    script.calls_tool("edit", "tide.py", text="+ x", output="String to replace not found in file.", failed=True)
    assert ends(script) == ["left failing"]


@pytest.mark.parametrize(
    ("subject", "told"),
    [
        ("fix: Update the test of the reader", "updated the test of the reader (not run again)"),
        ("Tides in pairs", "commit 1a2b3c4: Tides in pairs (not run again)"),
    ],
)
def test_the_commit_of_an_edit_says_what_it_did(script, subject, told):
    fails(script)
    script.calls_tool("edit", "tide.py", text="+ x", output=f"Applied edit to tide.py\nCommit 1a2b3c4 {subject}")
    assert ends(script) == [told]


@pytest.mark.parametrize(("after", "why"), [("ERROR task failed", False), ("0 issues.", True)])
def test_why_a_check_is_thought_to_fail_is_left_out_where_it_fails_again_after_that(script, after, why):
    script.runs("golangci-lint run", "ERROR task failed", 1)
    script.replies("The lint catches `resetTides` as unused since it is only meant for the harbour tests.")
    script.edits("tides.go", "func resetTides()", "")
    script.runs("golangci-lint run", after, int(not why))
    script.edits("tides_test.go", "", "func resetTides()")
    script.runs("golangci-lint run", "0 issues.")
    (text,) = (text for text, _ in told(script) if text.startswith("The lint catches `resetTides` as unused"))
    assert ("since it is only meant" in text) == why
    assert "→ passed after" in text


def test_a_trouble_that_would_be_cut_is_told_without_what_goes_well(script):
    trouble = (
        "there are 3 type errors in the `gauge` package where other readers still expect the old names of all stations"
    )
    script.replies(f"The readers of the tides package compile but {trouble}.")
    script.edits("gauge.go")
    script.runs("go build ./...", "ok")
    script.replies("It is merged.")
    ((text, _),) = told(script)
    assert text.startswith(f"T{trouble[1:]} → ")
