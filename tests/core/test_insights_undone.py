"""What was taken back counts for nothing: the files, what was said of them, how it went."""

from dataclasses import replace

import pytest

from scripts import Script
from session_journal.core.drafting import draft
from session_journal.core.insights.files import changed_files, followed, written
from session_journal.core.insights.goals import prompts
from session_journal.core.insights.undone import settled
from session_journal.core.signals import judge, signals


class Aider(Script):
    """A session of a tool that commits each edit by itself and takes the last commit back when told so."""

    def writes(self, said, path="gauge.py", old="x", new="y", commit="", failed=""):
        """Reply with an edit; it is made as a commit, or fails with some words."""
        self.turn += 1
        self.calls += 1
        call = f"c{self.calls}"
        self._add("reply", "assistant", text=said)
        self._add("edit", "assistant", target=path, text=f"- {old}\n+ {new}", call=call)
        self.turn += 1
        made = f"Applied edit to {path}" + (f"\nCommit {commit} feat: Change the gauge" if commit else "")
        self._add("error" if failed else "result", "tool", text=failed or made, call=call)
        return self.turn - 1

    def tells(self, text):
        self.turn += 1
        self._add("result", "tool", text=text)
        return self.turn

    def asks_for(self, command, output):
        """Run a command of the user's own."""
        self.turn += 1
        self.calls += 1
        self._add("command", "user", target=command, call=f"c{self.calls}")
        self.turn += 1
        self._add("result", "tool", text=output, call=f"c{self.calls}")
        return self.turn - 1

    def session(self, **more):
        return replace(super().session(**more), agent="aider")

    def undoes(self, name):
        return self.asks_for("/undo", f"Removed: {name} feat: Change the gauge\nNow at:  0000000 before")


@pytest.fixture
def script():
    made = Aider()
    made.says("Make the gauge read the level of the harbour")
    return made


def standing(script):
    return [trail.path for trail in changed_files(script.session()) if trail.changed]


def found(script):
    session = script.session()
    return signals(session, prompts(session))


def verdict(script):
    return judge(script.session(), found(script))


def text(script):
    sections = dict(draft(script.session()).sections)
    return "\n".join(line for title, lines in sections.items() if title != "Evidence" for line in lines)


SAID = "Added the `harbour_level` reader to the gauge so that it shows the level of each harbour."


def test_an_undo_takes_back_the_commit_that_it_names(script):
    script.writes(SAID, commit="1111111")
    script.writes("Another.", "tide.py", commit="2222222")
    undo = script.undoes("2222222aaaa")
    assert standing(script) == ["gauge.py"]
    (tide,) = [trail for trail in changed_files(script.session()) if trail.path == "tide.py"]
    assert tide.reverted
    assert tide.turns[-1] == undo


def test_what_a_tool_commits_besides_the_edits_is_undone_alone(script):
    script.writes(SAID, commit="1111111")
    script.tells("Commit 3333333 style: Format the gauge")
    script.undoes("3333333")
    assert standing(script) == ["gauge.py"]
    script.undoes("1111111")
    assert standing(script) == []


def test_an_undo_of_a_commit_that_was_not_told_is_of_what_was_written_last(script):
    script.writes(SAID, commit="1111111")
    script.writes("Another.", "tide.py")
    script.undoes("4444444")
    assert standing(script) == ["gauge.py"]
    script.undoes("5555555")
    assert standing(script) == ["gauge.py"]


def test_what_is_committed_before_further_edits_is_what_was_left_of_earlier_ones(script):
    script.writes(SAID, "tide.py")
    script.writes("Another.", commit="2222222")
    script.tells("Committing tide.py before applying edits.\nCommit 1111111 feat: The rest")
    script.undoes("2222222")
    assert standing(script) == ["tide.py"]
    script.undoes("1111111")
    assert standing(script) == []


def test_an_undo_that_was_refused_takes_nothing_back(script):
    script.writes(SAID, commit="1111111")
    script.asks_for("/undo", "The last commit was not made by aider in this chat session.")
    assert standing(script) == ["gauge.py"]


def test_older_words_for_an_undo_are_known(script):
    script.writes(SAID, commit="1111111")
    script.asks_for("/undo", "Change the gauge\nThe above commit 1111111 was reset and removed from git.")
    assert standing(script) == []


@pytest.mark.parametrize(
    ("command", "left"),
    [
        ("git reset --hard HEAD~1", ["a.py"]),
        ("git reset --hard HEAD^", ["a.py"]),
        ("git reset --hard HEAD~2", []),
        ("git reset --hard HEAD~9", []),
        ("git reset --hard 1111111", ["a.py"]),
        ("git reset --hard", ["a.py", "b.py"]),
        ("git reset --hard origin/main", ["a.py", "b.py"]),
        ("git reset HEAD~1", ["a.py", "b.py", "c.py"]),
        ("git revert --no-edit HEAD", ["a.py", "c.py"]),
        ("git revert 1111111", ["b.py", "c.py"]),
        ("git checkout 1111111 -- b.py", ["a.py", "c.py"]),
        ("git checkout HEAD~2 -- a.py", ["b.py", "c.py"]),
        ("git checkout origin/main -- c.py", ["a.py", "b.py"]),
        ("git merge feature && git reset --hard HEAD~1", ["a.py", "b.py"]),
        ("git checkout feature && git reset --hard HEAD~1", ["a.py", "b.py"]),
        ("git switch feature && git reset --hard HEAD~1", ["a.py", "b.py"]),
        ("git switch -c feature && git reset --hard HEAD~1", ["a.py"]),
    ],
)
def test_git_takes_back_commit_by_commit(command, left):
    script = Script()
    script.says("Change the gauges")
    for path, name in (("a.py", "1111111"), ("b.py", "2222222")):
        script.edits(path)
        script.runs("git commit -am x", f"[main {name}] x\n 1 file changed")
    script.edits("c.py")
    script.runs(command, "ok")
    assert standing(script) == left


def test_a_commit_that_was_amended_is_one():
    script = Script()
    script.says("Change the gauges")
    script.edits("a.py")
    script.runs("git commit -am x", "[main 1111111] x\n 1 file changed")
    script.edits("b.py")
    script.runs("git commit --amend --no-edit", "[main 2222222] x\n 2 files changed")
    script.runs("git reset --hard HEAD~1", "HEAD is now at 0000000 before")
    assert standing(script) == []


def test_a_commit_that_was_taken_back_is_not_told_as_made():
    script = Script()
    script.says("Change the gauges")
    script.edits("a.py")
    script.runs("git commit -am x", "[main 1111111] x\n 1 file changed")
    assert [act.name for act in found(script).acts] == ["1111111"]
    script.runs("git reset --hard HEAD~1", "HEAD is now at 0000000 before")
    assert found(script).acts == ()


def test_a_command_whose_changes_were_put_back_wrote_nothing():
    script = Script()
    script.says("Change the gauges")
    script.runs("sed -i s/a/b/ a.py")
    assert len(written(script.session())) == 1
    script.runs("git checkout -- a.py")
    assert written(script.session()) == []


def test_what_a_reply_said_of_an_edit_goes_with_it(script):
    script.writes(SAID, commit="1111111")
    assert "harbour_level" in text(script)
    script.undoes("1111111")
    assert "harbour_level" not in text(script)


def test_what_a_reply_said_of_an_edit_that_failed_is_not_told(script):
    script.writes(SAID, failed="This SEARCH block failed to exactly match lines in gauge.py")
    assert "harbour_level" not in text(script)


def test_what_a_reply_said_of_an_edit_that_was_made_in_a_second_attempt_holds(script):
    script.writes(SAID, failed="This SEARCH block failed to exactly match lines in gauge.py")
    script.writes("Once more, with the line as it stands.", commit="1111111")
    assert "harbour_level" in text(script)


def test_an_edit_for_another_request_is_no_second_attempt(script):
    script.writes(SAID, failed="This SEARCH block failed to exactly match lines in gauge.py")
    script.says("Leave that. Print the name of the harbour in the gauge.")
    script.writes("Done.", commit="1111111")
    assert "harbour_level" not in text(script)


def test_the_cause_that_a_failed_edit_was_about_was_still_found(script):
    cause = "The crash came from `tide.py`, because the table of harbours has no row for the first hour."
    script.writes(f"{cause} {SAID}", failed="This SEARCH block failed to exactly match lines in gauge.py")
    told = text(script)
    assert "no row for the first hour" in told
    assert "dded the `harbour_level`" not in told


@pytest.mark.parametrize(
    ("failed", "opening", "told"),
    [
        ("The LLM did not conform to the edit format.", "I apologize for the mistake. ", False),
        ("This SEARCH block failed to exactly match lines in gauge.py", "You're right. ", False),
        ("String to replace not found in file.", "The file has a table of its own. ", True),
        ("The user doesn't want to proceed with this tool use.", "I apologize for the mistake. ", True),
    ],
)
def test_a_reply_that_only_makes_up_for_a_failed_edit_tells_nothing(script, failed, opening, told):
    guess = "The `harbour_level` table was already read by the `load_tides` function, because the gauge needs it."
    script.writes("Here is the reader.", failed=failed)
    script.writes(f"{opening}{guess}", commit="1111111")
    assert ("load_tides" in text(script)) is told


def test_what_a_later_reply_sums_up_goes_with_the_edits(script):
    script.writes("Here is the reader.", commit="1111111")
    script.replies(SAID)
    assert "dded the `harbour_level`" in text(script)
    script.undoes("1111111")
    assert "dded the `harbour_level`" not in text(script)


def test_an_edit_that_the_user_declined_was_not_made_but_what_was_found_stands(script):
    found = "The `harbour_level` table has no row for the first hour of the gauge in `tide.py`."
    skipped = "Skipping edits to gauge.py (declined by the user)"
    script.writes(f"{found} {SAID} The gauge will now print the name of each harbour.", failed=skipped)
    told = text(script)
    assert "`gauge.py` — edit declined, not made" in told
    assert "no row for the first hour" in told
    assert "dded the `harbour_level`" not in told
    assert "will now print" not in told


def test_what_was_to_be_done_by_an_edit_that_the_user_declined_is_no_fact(script):
    skipped = "Skipping edits to gauge.py (declined by the user)"
    meant = "The call of `read_hours` should pass an empty harbour for the table of `tide.py`."
    fact = "The old argument of `read_hours` was the name of the harbour in `tide.py`."
    script.writes(f"{meant} {fact}", failed=skipped)
    told = text(script)
    assert "should pass an empty harbour" not in told
    assert "was the name of the harbour" in told


def test_a_session_of_which_nothing_is_left_was_given_up(script):
    script.writes(SAID, commit="1111111")
    turn = script.undoes("1111111")
    ended = verdict(script)
    assert (ended.outcome, ended.reason, ended.turns) == ("abandoned", "all that was changed was put back", (turn,))
    assert "Abandoned: changed and put back `gauge.py`" in text(script)
    assert draft(script.session()).fields["kind"] == "implementation"


def test_what_the_assistant_put_back_itself_was_not_given_up():
    script = Script()
    script.says("Would a shorter gauge be faster? Try it.")
    script.edits("gauge.py")
    script.runs("git checkout -- gauge.py")
    script.replies("It is no faster.")
    assert (verdict(script).outcome, verdict(script).reason) == ("unknown", "all that was changed was put back")


def test_the_last_edit_put_back_leaves_its_request_unmet(script):
    script.writes(SAID, commit="1111111")
    script.says("Print the name of the harbour, too")
    script.writes("Printed.", "tide.py", commit="2222222")
    turn = script.undoes("2222222")
    ended = verdict(script)
    assert (ended.outcome, ended.turns) == ("partial", (turn,))
    assert ended.reason == "the last edit was put back, and none was made after it"
    script.writes("Printed otherwise.", "tide.py", commit="3333333")
    assert verdict(script).reason != ended.reason


def test_a_check_of_what_was_put_back_says_nothing_of_what_is_left():
    script = Script()
    script.says("Change the gauges")
    script.edits("a.py")
    script.runs("git commit -am x", "[main 1111111] x\n 1 file changed")
    script.edits("b.py")
    script.runs("pytest", "E   assert 1 == 2\n1 failed", 1)
    script.runs("git checkout -- b.py")
    assert found(script).checks == ()
    script.runs("pytest", "3 passed")
    assert (verdict(script).outcome, verdict(script).reason) == ("done", "checks passed after the last edit")


def test_a_commit_that_a_tool_makes_of_each_edit_shows_no_success(script):
    script.writes(SAID, commit="1111111")
    assert (verdict(script).outcome, found(script).acts[0].automatic) == ("unknown", True)
    assert "committed 1111111;" in text(script)
    script.asks_for("git commit", "Commit 2222222 feat: All of it")
    assert (verdict(script).outcome, verdict(script).reason) == ("done", "the change was committed")


def test_git_run_by_the_user_does_not_show_that_no_check_ran(script):
    script.writes(SAID, commit="1111111")
    script.asks_for("git log -1", "1111111 feat")
    assert "no check ran" not in text(script)
    script.asks_for("./run-gauge", "level: 3")
    assert "no check ran" in text(script)


@pytest.mark.parametrize(
    ("steps", "count"),
    [
        (("undo",), 1),
        (("undo", "undo"), 1),
        (("undo", "no"), 1),
        (("no", "undo"), 1),
        (("undo", "write", "undo"), 2),
        (("undo", "write", "no"), 2),
        (("none",), 0),
    ],
)
def test_an_undo_is_a_correction_and_several_in_a_row_are_one(script, steps, count):
    names = ["3333333", "2222222", "1111111"]
    for path, name in (("a.py", "1111111"), ("b.py", "2222222"), ("c.py", "3333333")):
        script.writes("Done.", path, commit=name)
    for step in steps:
        if step == "undo":
            script.undoes(names.pop(0))
        elif step == "no":
            script.says("No, not like that: leave the table alone.")
        elif step == "write":
            names.insert(0, "4444444")
            script.writes("Once more.", "d.py", commit="4444444")
        else:
            script.asks_for("/undo", "No git repository found.")
    assert len(found(script).corrections) == count


def test_words_that_are_sent_again_after_a_stop_are_no_correction(script):
    for _ in range(2):
        script.says("You should add a row for the first hour of the harbour table")
        script.stops()
    script.writes("Added.", commit="1111111")
    assert len(found(script).corrections) <= 1


def test_an_undo_is_no_words_of_the_user(script):
    script.writes(SAID, commit="1111111")
    script.undoes("1111111")
    script.writes("Another.", commit="2222222")
    assert "/undo" not in "\n".join(item.text for item in draft(script.session()).items)


def test_every_event_keeps_its_place_in_a_session_as_it_is_left(script):
    script.writes(SAID, commit="1111111")
    script.undoes("1111111")
    session = script.session()
    left, _ = settled(session, followed(session).taken)
    assert [(one.turn, one.call) for one in left.events] == [(one.turn, one.call) for one in session.events]
    assert settled(left, {})[0] is left
    assert settled(script.session(), {})[0] == session
