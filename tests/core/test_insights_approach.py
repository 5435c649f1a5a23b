"""How a session was approached, and what held it up: what did not happen is told from what is not recorded."""

from dataclasses import replace

import pytest

from scripts import Script
from session_journal.core.insights.approach import approach
from session_journal.core.insights.goals import prompts
from session_journal.core.insights.hitches import loops, turns_elsewhere
from session_journal.core.insights.shell import checks


def approached(script):
    session = script.session()
    first = next((place for place, event in enumerate(session.events) if event.kind == "edit"), -1)
    return approach(session, prompts(session), first)


@pytest.fixture
def script():
    one = Script()
    one.says("Add a retry to the uploader")
    return one


def test_each_file_read_before_the_first_edit_counts_once_by_whatever_call(script):
    script.calls_tool("read", "src/upload.py", output="x")
    script.runs("cat src/upload.py src/queue.py | head -20", "x")
    script.runs("cd src && sed -n '1,80p' worker.py", "x")
    script.calls_tool("search", "retry", output="x")
    script.edits("src/upload.py")
    script.calls_tool("read", "src/late.py", output="x")
    found = approached(script)
    assert [path for path, _ in found.files] == ["src/upload.py", "src/queue.py", "worker.py"]
    assert len(found.searches) == 1


def test_without_an_edit_nothing_is_said_of_what_came_before_it(script):
    script.calls_tool("read", "src/upload.py", output="x")
    found = approached(script)
    assert (found.files, found.prompts, found.blind) == ((), 0, 0)


def test_an_edit_is_blind_only_where_reading_would_have_been_recorded(script):
    script.edits("src/upload.py", old="x = 0")
    assert approached(script).blind == 0
    script.calls_tool("read", "src/upload.py", output="x")
    assert approached(script).blind == 2


def test_a_new_file_needs_no_reading_and_another_agent_may_have_read(script):
    new = Script()
    new.says("Add a page")
    new.edits("docs/page.md")
    new.calls_tool("read", "docs/page.md", output="x")
    assert approached(new).blind == 0
    script.calls_tool("tool", "Task", "look at the uploader", output="I read it")
    script.edits("src/upload.py", old="x = 0")
    script.calls_tool("read", "src/upload.py", output="x")
    assert approached(script).blind == 0


def test_a_tool_that_is_handed_files_edits_none_blindly(script):
    script.edits("src/upload.py", old="x = 0")
    script.calls_tool("read", "src/upload.py", output="x")
    session = replace(script.session(), agent="aider")
    assert approach(session, prompts(session), 1).blind == 0


def test_a_plan_counts_where_it_stands_before_the_first_edit(script):
    script.edits("a.py")
    script.plans("retry", "log")
    assert approached(script).plan == 0
    given = Script()
    given.says("Implement the following plan:\n\n# Retry\n\n1. Wrap the call")
    given.edits("a.py")
    assert approached(given).plan == 1


@pytest.mark.parametrize(
    "text",
    [
        "Add a retry; the upload tests have to pass",
        "Rework the queue until the build is green",
        "Add a retry and run the tests afterwards",
        "Add a retry with tests",
        "Add a retry. Make sure that an upload of 0 bytes still works",
        "# Retry\n\n## Verification\n\nUpload a file twice",
    ],
)
def test_a_request_that_says_how_to_check_it(text):
    script = Script()
    script.says(text)
    assert approached(script).check == 1


@pytest.mark.parametrize(
    "text",
    [
        "Create a test file",
        "Rename /srv/upload-test/data.txt",
        "Add a retry to the uploader",
        "Contest the invoice",
        "lint and test failures :(",
        "we have some failing tests on this branch, what is the issue?",
        "The build is broken since the upgrade, find out why",
        "I have a problem with the upload tests failing",
        "When we run the tests they hang",
    ],
)
def test_a_request_that_names_no_check(text):
    script = Script()
    script.says(text)
    assert approached(script).check == 0


def test_a_greeting_names_no_goal_and_short_words_in_any_language_may():
    for text, goal in [
        ("hi there", 0),
        ("Hello, how are you?", 0),
        ("continue", 0),
        ("修复测试", 1),
        ("lint kaputt :(", 1),
    ]:
        script = Script()
        script.says(text)
        assert approached(script).goal == goal, text


def looped(script):
    events = script.session().events
    return [(loop.command, len(loop.turns), loop.passed) for loop in loops(events, checks(events))]


def test_a_command_that_fails_three_times_is_a_loop_and_twice_is_none(script):
    for _ in range(2):
        script.runs("pytest -q", "1 failed", 1)
    assert looped(script) == []
    script.runs("pytest -q", "1 failed", 1)
    assert looped(script) == [("pytest -q", 3, False)]
    script.runs("pytest -q", "3 passed")
    assert looped(script) == [("pytest -q", 3, True)]


def test_commands_that_are_no_checks_can_loop_too(script):
    for _ in range(3):
        script.runs("docker compose up -d", "no such image", 1)
    assert looped(script) == [("docker compose up -d", 3, False)]


def test_to_find_nothing_or_to_be_refused_is_no_failure(script):
    for _ in range(3):
        script.runs("grep -r retry src", "", 1)
        script.calls_tool("command", "git push", output="The user doesn't want to proceed.", failed=True)
    assert looped(script) == []


def elsewhere(script):
    session = script.session()
    return list(turns_elsewhere(session, prompts(session)))


def test_a_request_that_says_so_turns_to_something_else(script):
    script.replies("The retry is in the uploader.")
    turn = script.says("while we're here, rename the flag of the uploader")
    assert elsewhere(script) == [turn]


OTHER = "Write release notes for the printer driver covering paper sizes, duplex mode and toner warnings"


def much(script):
    for number in range(60):
        script.replies(f"The uploader{number} retries part{number} of the queue.")


def test_a_request_that_shares_no_word_with_a_long_session_turns_to_something_else(script):
    much(script)
    script.says("Now let the retry of the uploader wait longer between its attempts, with jitter and a limit")
    turn = script.says(OTHER)
    assert elsewhere(script) == [turn]


def test_a_short_session_and_a_pasted_error_do_not_tell(script):
    script.replies("The retry is in the uploader.")
    script.says(OTHER)
    assert elsewhere(script) == []
    much(script)
    script.says("SyntaxError: unexpected token in printer driver covering paper sizes, duplex mode and toner warnings")
    assert elsewhere(script) == []


def test_an_answer_is_no_change_of_subject(script):
    much(script)
    script.replies("Where should the limits come from?")
    script.says(
        "Marketing keeps numbers per customer inside their spreadsheet; import those columns every Monday morning"
    )
    assert elsewhere(script) == []
