"""Open work: what is left to commit or to push, and what a review wants done before it is merged."""

import pytest

from scripts import Script
from session_journal.core.insights import story
from session_journal.core.insights.goals import prompts
from session_journal.core.insights.learning import replies
from session_journal.core.insights.open_work import actions
from session_journal.core.signals import signals


def left(script, **more):
    session = script.session(**more)
    asked = prompts(session)
    return [(one.text, one.turn) for one in actions(session, replies(session, asked), signals(session, asked))]


@pytest.fixture
def script():
    made = Script()
    made.says("Bring the harbour branch up to date")
    return made


@pytest.mark.parametrize(
    ("command", "action"),
    [
        ("git merge origin/main --no-commit", "Commit the merge of `origin/main`, which is not committed yet"),
        ("git merge --squash tides", "Commit the merge of `tides`, which is not committed yet"),
        ("git cherry-pick -n 1234567", "Commit the cherry-pick of `1234567`, which is not committed yet"),
    ],
)
def test_a_merge_that_was_begun_is_to_be_committed(script, command, action):
    turn = script.runs(command, "Automatic merge went well; stopped before committing as requested")
    script.replies("The merge is staged and ready to commit whenever you'd like.")
    assert left(script) == [(action, turn)]
    script.runs("git commit --no-edit", "[main 1234567] Merge")
    script.replies("Merged.")
    assert left(script) == []


@pytest.mark.parametrize(
    ("said", "action"),
    [
        (
            "Committed as `baf139d7`. Branch is 2 commits ahead of origin, not pushed.",
            "Push what is left: branch is 2 commits ahead of origin, not pushed",
        ),
        ("All tests pass. I haven't pushed it yet.", "Push what is left: I haven't pushed it yet"),
        (
            "The tests pass. The changes are staged and ready to commit when you are.",
            "Commit what is left: the changes are staged and ready to commit when you are",
        ),
        (
            "Everything is in place. Nothing has been committed yet.",
            "Commit what is left: nothing has been committed yet",
        ),
    ],
)
def test_what_the_last_reply_leaves_to_commit_or_push_is_an_action(script, said, action):
    turn = script.replies(said)
    assert left(script) == [(action, turn)]
    script.says("thanks, I'll do that")
    assert left(script) == []


def test_what_is_to_be_pushed_names_its_branch_by_what_git_said_last(script):
    script.runs("git status", "On branch main\nnothing to commit")
    script.runs("git commit -am a", "[tides/log 1234567] a")
    turn = script.replies("Committed. The branch is 1 commit ahead of origin.")
    assert left(script) == [("Push what is left: `tides/log` is 1 commit ahead of origin", turn)]
    assert left(script, branch="other") == [("Push what is left: `tides/log` is 1 commit ahead of origin", turn)]


@pytest.mark.parametrize(
    "said",
    [
        "The repository is clean, there are no uncommitted changes.",
        "Committed and pushed.",
        "The password file is not committed, as it is ignored.",
        "The window is not pushed back when the tide turns.",
        "Shall I push the 2 commits ahead of origin?",
        "The branch is 2 commits ahead of main, and 3 commits ahead of origin/main.",
        "There are no commits ahead of origin.",
        "The key stands in `.env`, and it is not committed.",
        "Stations without a gauge are not pushed onto the queue.",
    ],
)
def test_a_clean_end_leaves_nothing(script, said):
    script.replies(said)
    assert left(script) == []


def test_what_was_pushed_is_not_left_whatever_the_reply_says(script):
    script.edits("a.py")
    script.runs("git commit -am a && git push", "[tides 1234567] a\nTo example.org:t.git\n   1..2  tides -> tides")
    script.replies("It was 1 commit ahead of origin.")
    assert left(script) == []


def test_what_is_to_be_done_before_a_deployment_is_told_so(script):
    turn = script.replies("You should rebuild the index of `stations.db` before you deploy.")
    assert left(script) == [("Before deploying: you should rebuild the index of `stations.db`", turn)]


REVIEW = (
    "The fix is right. The main remaining issue is the silent error in `find_station()` (item 1), which drops stations. "
    "I'd want that addressed before merging."
)


def test_what_a_review_wants_before_merging_is_open_until_it_is_taken_up(script):
    turn = script.replies(REVIEW)
    script.says("fix the gauge first")
    script.edits("gauge.py", new="level = 3")
    script.replies("The gauge reads three.")
    assert [(text.partition(" which")[0], at) for text, at in left(script)] == [
        ("Before merging: see to the silent error in `find_station()`,", turn)
    ]
    assert left(script, left_out=3) == []
    script.edits("stations.py", new="def find_station():\n    # no silent error: stations are not dropped\n    raise")
    assert left(script) == []


@pytest.mark.parametrize(
    "said",
    [
        "I'd suggest addressing items 3 and 6 before merging.",
        "Nothing here has to be fixed before merging.",
        "That should be addressed before merging.",
        "Should the gauge be fixed before we merge?",
        "The cache must be warm before the release notes are read.",
    ],
)
def test_what_names_nothing_to_be_done_is_no_action(script, said):
    script.replies(said)
    assert left(script) == []


def test_an_offer_at_the_end_of_a_long_session_is_told(script):
    for number in range(40):
        script.replies(
            f"Found that station {number} reads `gauge_{number}.csv`, because the harbour master {number} writes it at "
            f"night. The root cause of delay {number} is the cache of `reader_{number}()`, which never expires."
        )
    script.edits("gauge.py")
    script.replies("The cache expires now, and every gauge is read anew.\n\nWant me to commit and push it?")
    items = story.tell(script.session(), ()).items
    assert "Offered and left open: commit and push the changes" in [
        item.text for item in items if item.kind == "action"
    ]


def test_an_offer_is_told_without_what_points_at_the_words_before_it(script):
    script.replies(
        "That is how I'd cache the gauges.\n\nWould you like me to cache all three gauges using this approach?"
    )
    items = story.tell(script.session(), ()).items
    assert "Offered and left open: cache all three gauges" in [item.text for item in items if item.kind == "action"]


def test_a_next_step_that_names_what_is_missing_is_done_once_that_was_added(script):
    script.replies("## Findings\n\n- The missing `t.Parallel()` in the gauge tests should also be a quick fix.")
    script.says("fix that")
    script.edits("gauge_test.go", new="t.Helper()")
    nexts = [item.text for item in story.tell(script.session(), ()).items if item.kind in {"next", "discovery"}]
    assert any("t.Parallel()" in text for text in nexts)
    script.replies("Added `t.Parallel()` to all four new functions of the file.")
    nexts = [item.text for item in story.tell(script.session(), ()).items if item.kind in {"next", "discovery"}]
    assert not any("missing `t.Parallel()`" in text for text in nexts)


def test_a_next_step_right_before_an_offer_is_taken_up_with_it(script):
    script.replies(
        "The migration of the tide table is one-way, and older versions lose the offset of the gauge.\n\n"
        "It is worth documenting this limitation in the handbook of the harbour, though. Want me to add a note?"
    )
    script.says("yep do it")
    assert any("worth documenting" in item.text for item in story.tell(script.session(), ()).items)
    script.edits("handbook.md")
    script.replies("The handbook says so now.")
    assert not any("worth documenting" in item.text for item in story.tell(script.session(), ()).items)


def open_ends(script):
    return [item.text for item in story.tell(script.session(), ()).items if item.kind == "next"]


@pytest.mark.parametrize(
    ("said", "edit"),
    [
        ("The cache of `read_gauge()` is worth a focused test, though.", {"new": "assert read_gauge() == 3"}),
        ("`test_zero` asserts a constant and could be dropped eventually.", {"old": "def test_zero():", "new": ""}),
        (
            "The settings of the harbour should also be found in the home directory.",
            {"new": "def find_harbour_settings(found=home_directory): ..."},
        ),
    ],
)
def test_a_next_step_is_done_once_an_edit_names_what_it_names(script, said, edit):
    script.edits("gauge.py", new="level = 3")
    script.replies(said)
    script.says("go through the rest of the gauges")
    script.edits("stations.py", new="height = 4")
    script.replies("The stations are four metres high.")
    assert open_ends(script) == [said.rstrip(".")]
    script.edits("test_gauge.py", **edit)
    assert open_ends(script) == []


def test_a_next_step_is_done_once_a_reply_names_what_it_names(script):
    script.replies("The `beginTide` logic is worth a focused test.")
    script.edits("tide_test.go", new="func TestTide() {}")
    script.replies("I should still look at `beginTide`.")
    assert open_ends(script)
    plain = list(script.events)
    for said in ("`beginTide` now has three cases.", "`beginTide` is tested, which I should have done before."):
        script.events = list(plain)
        script.replies(said)
        assert open_ends(script) == []


def test_a_next_step_of_the_last_reply_stays_open(script):
    script.edits("gauge.py", new="read_gauge()")
    script.replies("The cache of `read_gauge()` is worth a focused test, though.")
    assert open_ends(script) == ["The cache of `read_gauge()` is worth a focused test, though"]


def test_what_is_to_be_put_in_is_done_where_the_edit_beside_it_puts_it_in(script):
    said = "Don't forget to add the import for the `base64` module at the top of the file."
    script.replies(said)
    assert open_ends(script) == [said.rstrip(".")]
    script.turn -= 1
    script.edits("images.py", new="import base64")
    assert open_ends(script) == []
