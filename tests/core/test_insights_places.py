"""Where checks ran: a pass in another working tree, on another branch or on stashed files settles no failure here."""

import pytest

from scripts import Script
from session_journal.core.insights import story
from session_journal.core.insights.hitches import loops
from session_journal.core.insights.shell import checks

FAILED = "FAILED tests/test_upload.py::test_retry - AssertionError\n1 failed, 3 passed"
ELSEWHERE = "left failing here, passed only in another branch or working tree"


def challenge(*commands, cwd="/home/mira/code/tidepool/.worktrees/1", branch="retry"):
    """Return what became of tests that failed before these commands; the ones that run tests pass."""
    script = Script(cwd)
    script.says("Why do the tests fail on this branch?")
    script.runs("pytest tests", FAILED, 1)
    for command in commands:
        script.runs(command, "4 passed" if "pytest" in command else "")
    items = story.tell(script.session(branch=branch), ()).items
    return next(item.text.rpartition(" → ")[2] for item in items if item.kind == "challenge")


@pytest.mark.parametrize(
    "command",
    [
        "cd /home/mira/code/tidepool && pytest tests",
        "cd ~/code/tidepool && pytest tests",
        "cd ../.. && pytest tests",
        "(cd ../2 && pytest tests)",
        "uv run --directory ../2 pytest tests",
        "git stash && pytest tests; git stash pop",
        "git checkout main && pytest tests",
        "git switch --detach origin/main && pytest tests",
    ],
)
def test_a_pass_elsewhere_settles_no_failure(command):
    assert challenge(command) == ELSEWHERE
    hidden = command.replace("/home/mira", "~")
    assert challenge(hidden, cwd="~/code/tidepool/.worktrees/1") == ELSEWHERE


@pytest.mark.parametrize(
    "command",
    [
        "cd /home/mira/code/tidepool/.worktrees/1 && pytest tests",
        "cd services/upload && pytest tests",
        "cd services && pytest ../tests",
        "(cd ../2 && git log) && pytest tests",
        "pushd ../2 && git log && popd && pytest tests",
        "git stash && git pull && git stash pop && pytest tests",
        "git checkout -- tests/test_upload.py && pytest tests",
        "git checkout main tests/test_upload.py && pytest tests",
        "git checkout -b retry-2 && pytest tests",
        "git checkout main && git checkout - && pytest tests",
        "git checkout main && git merge retry && pytest tests",
        'cd "$(git rev-parse --show-toplevel)" && pytest tests',
    ],
)
def test_a_pass_in_the_same_working_tree_settles_it(command):
    assert challenge(command) == "passed later"


def test_a_folder_stays_changed_where_it_was_changed_by_a_command_of_its_own():
    assert challenge("cd ../2", "pytest tests") == ELSEWHERE
    assert challenge("cd ../2", "cd ../1", "pytest tests") == "passed later"
    assert challenge("cd ../2 && ls", "pytest tests") == "passed later"


def test_a_shell_that_was_put_back_is_where_it_was():
    script = Script("/home/mira/code/tidepool")
    script.says("Why do the tests fail?")
    script.runs("pytest", FAILED, 1)
    script.runs("cd /srv/other", "Shell cwd was reset to /home/mira/code/tidepool")
    script.runs("pytest", "4 passed")
    first, second = checks(tuple(script.events), script.cwd)
    assert second.place.settles(first.place)


def test_the_first_branch_may_be_the_one_that_is_gone_back_to_where_it_has_no_name():
    assert challenge("git checkout main && pytest tests", branch="") == ELSEWHERE
    assert challenge("git checkout main", "git checkout retry", "pytest tests", branch="") == "passed later"


def test_a_switch_that_git_refused_changes_nothing():
    script = Script()
    script.says("Why do the tests fail?")
    script.runs("pytest", FAILED, 1)
    script.runs("git checkout main", "error: Your local changes would be overwritten by checkout\nAborting", 1)
    script.runs("pytest", "4 passed")
    first, second = checks(tuple(script.events), script.cwd, "retry")
    assert second.place.settles(first.place)


def test_paths_of_windows_are_followed_too():
    cwd = "C:\\Users\\mira\\code\\tidepool"
    assert challenge("cd C:\\Users\\mira\\code\\other; pytest tests", cwd=cwd) == ELSEWHERE
    assert challenge("cd C:/Users/mira/code/tidepool/services; pytest tests", cwd=cwd) == "passed later"


def test_a_loop_is_left_open_by_a_pass_elsewhere():
    script = Script()
    script.says("Why do the tests fail?")
    for _ in range(3):
        script.runs("pytest", FAILED, 1)
    script.runs("git checkout main && pytest", "4 passed")
    events = tuple(script.events)
    assert [one.passed for one in loops(events, checks(events, script.cwd, "retry"))] == [None]
    script.runs("git checkout retry && pytest", "4 passed")
    events = tuple(script.events)
    assert [one.passed for one in loops(events, checks(events, script.cwd, "retry"))] == [True]
