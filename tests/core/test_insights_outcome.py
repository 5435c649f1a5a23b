"""What an entry says happened: the facts, and the closing words that speak for the whole."""

import pytest

from scripts import Script
from session_journal.core.drafting import draft
from session_journal.core.insights import story


def happened(script, **more):
    return " ".join(text for text, _ in story.tell(script.session(**more), ()).happened)


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("git merge origin/main 2>&1", "merged `origin/main`, conflicts resolved in `a.go`"),
        ("git rebase main", "rebased onto `main`, conflicts resolved in `a.go`"),
        ("git stash pop", "restored the stash, conflicts resolved in `a.go`"),
        ("git pull", "merged a branch, conflicts resolved in `a.go`"),
    ],
)
def test_what_was_brought_in_is_named_as_git_was_told(command, told):
    script = Script()
    script.says("Bring the branch up to date")
    script.runs(command, "CONFLICT (content): Merge conflict in a.go", 1)
    script.edits("a.go", "<<<<<<<", "x")
    script.runs("git add a.go && git commit --no-edit", "[main 1234567] Merge")
    assert told in happened(script)


def test_a_commit_tells_of_no_later_edit_and_a_push_of_no_later_commit():
    script = Script()
    script.says("Sort the ports")
    script.edits("a.py")
    script.runs("git commit -am sort && git push", "[main 1234567] sort\nTo example.org:t.git\n   1..2  a -> a")
    assert "committed 1234567 and pushed" in happened(script)
    script.edits("a.py", new="x = 2")
    assert "committed 1234567 and pushed before the last edits" in happened(script)
    script.runs("git commit -am again", "[main 7654321] again")
    told = happened(script)
    assert "committed 1234567, 7654321" in told
    assert "pushed" not in told
    assert "before" not in told


STAGED = "Automatic merge went well; stopped before committing as requested"


def test_a_merge_that_was_not_committed_is_told_so():
    script = Script()
    script.says("Bring the branch up to date")
    script.runs("git merge origin/main --no-commit --no-ff", STAGED)
    script.replies("The merge is staged.")
    assert "merged `origin/main` into the working tree, not committed" in happened(script)
    script.runs("git commit --no-edit", "[main 1234567] Merge")
    assert "not committed" not in happened(script)


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (
            "git merge origin/main",
            "merged `origin/main` into the working tree, not committed, conflicts left in `a.go`",
        ),
        ("git pull", "merged a branch into the working tree, not committed, conflicts left in `a.go`"),
        ("git rebase main", "rebased onto `main`, not finished, conflicts left in `a.go`"),
    ],
)
def test_conflicts_are_resolved_where_that_shows(command, told):
    script = Script()
    script.says("Bring the branch up to date")
    script.runs(command, "CONFLICT (content): Merge conflict in a.go", 1)
    script.replies("There is one conflict.")
    assert told in happened(script)
    script.edits("a.go", "<<<<<<<", "x")
    assert told.replace("left", "resolved") in happened(script)


@pytest.mark.parametrize(
    ("command", "output"),
    [
        ("git rebase --continue", "Successfully rebased and updated refs/heads/a."),
        ("git status", "On branch a\nnothing to commit, working tree clean"),
        ("git log --oneline -3", "1234567 Merge remote-tracking branch 'origin/main' into a"),
        ("git push", "To example.org:t.git\n   1..2  a -> a"),
    ],
)
def test_a_merge_that_was_finished_out_of_sight_is_not_told_as_open(command, output):
    script = Script()
    script.says("Bring the branch up to date")
    script.runs("git rebase main", "CONFLICT (content): Merge conflict in a.go", 1)
    script.edits("a.go", "<<<<<<<", "x")
    script.runs(command, output)
    assert "not finished" not in happened(script)
    assert "rebased onto `main`, conflicts resolved in `a.go`" in happened(script)


@pytest.mark.parametrize(
    "text",
    [
        "The fix is to remove `retry()` from the uploader, as the queue tries again by itself.",
        "Removed `retry()` from the uploader, as the queue tries again by itself.",
    ],
)
def test_what_an_edit_was_to_bring_that_the_user_declined_is_a_proposal(text):
    script = Script()
    script.says("Why are files uploaded twice?")
    script.replies(text)
    script.declines("upload.py", "is there any other way to solve this?")
    script.replies("The queue could be told not to try again. Which way do you prefer?")
    assert "proposed, not done — " in happened(script)
    script.edits("upload.py", old="retry()")
    assert "proposed" not in happened(script)


def test_what_was_done_before_another_edit_was_declined_is_no_proposal():
    script = Script()
    script.says("Upload every file once only")
    script.edits("upload.py", old="retry()")
    script.replies("Removed `retry()` from the uploader, as the queue tries again by itself.")
    script.says("and the queue?")
    script.declines("queue.py", "leave it")
    script.replies("The queue stays as it is.")
    assert "proposed" not in happened(script)


def test_an_apology_or_an_offer_never_speaks_for_the_session():
    script = Script()
    script.says("Sort the ports")
    script.edits("a.py")
    script.replies(
        "Sorry, I made a mistake in matching the lines of the table. Feel free to ask if you need any help with it."
    )
    script.replies("I added the ports of Brittany to the table, by height of tide.")
    told = happened(script)
    assert "added the ports" in told
    assert "mistake" not in told
    assert "feel free" not in told


@pytest.mark.parametrize("heading", ["## Line-by-line review", "# Implementation Plan", "## Final Report"])
def test_a_heading_that_names_only_a_report_is_no_subject(heading):
    script = Script()
    script.says("/pr-review 12")
    script.replies(f"{heading}\n\nThe table is fine.")
    assert story.tell(script.session(), ()).title == "PR review 12"


def context(*said):
    script = Script()
    for text in said:
        script.says(text)
    return [text for text, _ in story.tell(script.session(), ()).context]


def test_a_later_goal_is_the_sentence_that_asks():
    later = "This is the old table so why not. Is there a reason that we sort twice? it looks odd."
    assert context("Sort the ports", later)[1] == "Then: is there a reason that we sort twice?"


def test_a_request_that_is_cut_ends_where_a_phrase_ends():
    long = (
        "the table of ports can lose the port that was added last because " + "it is sorted by name and by height " * 9
    )
    (line,) = context(long)
    assert line.endswith((".", "?"))
    assert not line.rstrip(".").endswith((" and", " by", " is", " sorted"))


def test_a_skill_called_later_is_told_as_run():
    assert context("Sort the ports of Brittany by their names please", "/pr-review")[1] == "Then: run `/pr-review`."


def test_the_evidence_of_an_acceptance_is_the_praise():
    script = Script()
    script.says("Which ports are there?")
    script.replies("Brest, Calais and a third one.")
    turn = script.says("That was much faster than last time. Thanks!")
    quotes = {one.turn: one.text for one in draft(script.session()).quotes}
    assert quotes[turn] == "Thanks!"


def test_what_was_changed_and_put_back_is_told_as_put_back():
    script = Script()
    script.says("Sort the ports")
    script.edits("a.py", "one", "two")
    script.runs("git checkout -- a.py")
    assert "changed and put back `a.py`" in happened(script)


@pytest.mark.parametrize("command", ["sed -i s/a/b/ a.py", "cat > a.py <<'EOF'\nx\nEOF", "git mv b.py a.py", "rm a.py"])
def test_no_check_counts_that_ran_before_a_command_changed_a_file(command):
    script = Script()
    script.says("Sort the ports")
    script.edits("b.py")
    script.runs("pytest", "3 passed")
    assert "passed after the last edit" in happened(script)
    script.runs(command)
    assert "passed after the last edit" not in happened(script)


@pytest.mark.parametrize("command", ["ruff format . && pytest", "pytest > out.log", "cat a.py", "echo x > /tmp/x.txt"])
def test_a_command_that_checks_or_writes_elsewhere_is_no_edit(command):
    script = Script()
    script.says("Sort the ports")
    script.edits("b.py")
    script.runs("pytest", "3 passed")
    script.runs(command, "3 passed")
    assert "passed after the last edit" in happened(script)


@pytest.mark.parametrize(
    ("last", "done"),
    [
        ("Perfect, thanks!", True),
        ("That was much faster than last time. Thanks!", True),
        ("Great! Can you also tell me which rivers there are?", False),
        ("thanks, now tell me about the rivers", False),
    ],
)
def test_praise_that_comes_with_the_next_request_accepts_no_answer_to_it(last, done):
    script = Script()
    script.says("Which ports are there?")
    script.replies("Brest, Calais and a third one.")
    script.says(last)
    script.replies("The Elorn and the Aulne flow there.")
    assert happened(script).startswith("Done") is done


@pytest.mark.parametrize(
    "aside",
    [
        "You're right about the first hour of the tide table.",
        "You\u2019re absolutely right, the tide table was wrong.",
        "That's a great question about the tide table!",
        "Let\u2019s look at the tide table together.",
    ],
)
def test_an_answer_is_not_told_by_what_it_says_of_the_talk(aside):
    script = Script()
    script.says("Why does the page not show the new port?")
    script.replies(f"{aside} The page reads its ports once at the start.")
    told = story.tell(script.session(), ()).happened[0][0]
    assert told == "Answered: the page reads its ports once at the start."


def test_a_refusal_is_told_as_no_answer():
    script = Script()
    script.says("Which port is it on this picture?")
    script.replies("I'm sorry, but I can't help with that. The picture may show people.")
    told = story.tell(script.session(), ()).happened[0][0]
    assert told.startswith("Not confirmed")
    assert "sorry" not in told


def test_an_answer_is_told_as_one_and_not_as_in_doubt():
    script = Script()
    script.says("Why does the page not show the new port?")
    turn = script.replies("The tide table is read once at the start, because `load_ports` keeps it in a cache.")
    told = story.tell(script.session(), ()).happened
    assert told[0] == (
        "Answered: the tide table is read once at the start, because `load_ports` keeps it in a cache.",
        (turn,),
    )
