"""How a session ended and how it went: nothing passes for success that the transcript does not show."""

from dataclasses import replace

import pytest

from scripts import Script
from session_journal.core.insights.conduct import conduct
from session_journal.core.insights.files import changed_files
from session_journal.core.insights.goals import prompts
from session_journal.core.insights.story import tell
from session_journal.core.observations import read
from session_journal.core.signals import active_minutes, judge, signals


def verdict(script):
    session = script.session()
    return judge(session, signals(session, prompts(session)))


@pytest.fixture
def script():
    one = Script()
    one.says("Add a retry to the uploader")
    return one


def test_a_test_that_passes_after_the_last_edit_makes_it_done(script):
    script.edits("a.py")
    turn = script.runs("pytest", "3 passed")
    script.replies("Added the retry; all tests pass.")
    found = verdict(script)
    assert (found.outcome, found.reason, found.turns) == ("done", "checks passed after the last edit", (turn,))


def test_a_test_that_passed_before_the_last_edit_shows_nothing(script):
    script.runs("pytest", "3 passed")
    script.edits("a.py")
    script.replies("All done and everything works perfectly!")
    assert verdict(script).outcome == "partial"


def test_prose_written_after_the_checks_does_not_undo_them(script):
    script.edits("a.py")
    turn = script.runs("pytest", "3 passed")
    script.edits("README.md")
    found = verdict(script)
    assert (found.outcome, found.reason, found.turns) == (
        "done",
        "checks passed after the last change of code",
        (turn,),
    )
    assert "no check ran" not in " ".join(well(script))


@pytest.mark.parametrize(("path", "old", "new", "known"), [
    ("a.go", "// Count is the number of rows.", "// Count is the number of rows\n// that were read.", "done"),
    ("a.go", "// old words\nfunc Count() {", "// new words\nfunc Count() {", "done"),
    ("a.ts", "/** Old words. */", "/**\n * New words.\n */", "done"),
    ("a.py", "# why\nx = 1", "x = 1", "done"),
    ("a.go", "// old words\nx := 1", "// new words\nx := 2", "partial"),
    ("a.py", "x = 1", "# x = 1", "partial"),
    ("a.py", "    x = 1  # one\n# a", "x = 1  # one\n# b", "partial"),
    ("a.go", "//nolint:unused", "// used by the tests", "partial"),
    ("a.sh", "#!/bin/sh", "#!/bin/bash", "partial"),
    ("a.c", "#include <a.h>", "#include <b.h>", "partial"),
    ("a.java", "* width", "* height", "partial"),
    ("a.vim", "# old", "# new", "partial"),
])  # fmt: skip
def test_comments_alone_undo_no_check(script, path, old, new, known):
    script.edits("b.py")
    script.runs("pytest", "3 passed")
    script.edits(path, old, new)
    assert verdict(script).outcome == known


@pytest.mark.parametrize(("path", "old", "new", "known"), [
    ("a.py", "# why", "# why that is", "done"),
    ("README.md", "why", "why that is", "partial"),
    ("a.py", "x = 1", "x = 2", "partial"),
])  # fmt: skip
def test_comments_alone_take_no_commit_back(script, path, old, new, known):
    script.edits("a.py")
    script.runs("git commit -m 'Add the retry'", "[main 12ab34c] Add the retry")
    script.edits(path, old, new)
    script.runs("ruff check a.py", "All checks passed!")
    assert verdict(script).outcome == known


@pytest.mark.parametrize(
    "command", ["git stash && pytest; git stash pop", "git checkout main && pytest", "git switch -q main; pytest"]
)
def test_a_failure_of_other_files_says_nothing_of_the_edits(script, command):
    script.edits("a.py")
    script.runs("pytest", "3 passed")
    script.runs("git commit -am retry", "[retry 1234567] retry")
    script.runs(command, "1 failed, 2 passed", 1)
    script.replies("The failure is older than this branch.")
    session = script.session(branch="retry")
    found = judge(session, signals(session, prompts(session)))
    assert (found.outcome, found.reason) == ("done", "checks passed after the last edit")


def test_a_failure_at_the_end_outweighs_an_earlier_success(script):
    script.edits("a.py")
    script.runs("pytest tests/a.py", "3 passed")
    script.runs("pytest", "1 failed, 3 passed", 1)
    found = verdict(script)
    assert (found.outcome, found.reason) == ("partial", "the last test run failed")


def gathered(script):
    session = script.session()
    return signals(session, prompts(session))


def well(script):
    session, found = script.session(), gathered(script)
    return [item.text for item in conduct(session, found, judge(session, found), changed_files(session))]


def test_every_check_passed_the_first_time_only_if_none_failed_or_was_silent(script):
    script.edits("a.py")
    script.runs("pytest", "3 passed")
    assert "every check passed the first time" in well(script)
    script.runs("ruff check . | tail -3", "")
    script.calls_tool("command", "pytest -x", output="refused", failed=True)
    assert "every check passed the first time" not in well(script)


def test_a_check_that_failed_without_an_exit_code_failed(script):
    script.calls_tool("command", "pytest", output="1 failed, 3 passed", failed=True)
    script.edits("a.py")
    script.runs("pytest", "4 passed")
    assert "every check passed the first time" not in well(script)


def test_a_refusal_and_the_note_that_follows_it_are_one_interruption(script):
    script.stops()
    turn = script.stops()
    script.says("Use the queue")
    last = script.stops()
    assert gathered(script).interruptions == (turn, last)


def test_stopping_to_give_the_tool_a_command_interrupts_nobody(script):
    script.stops()
    script.says("/exit")
    script.says("now retry it")
    assert gathered(script).interruptions == ()


def corrected(script):
    return [prompt.turn for prompt in gathered(script).corrections]


def test_what_the_user_has_dropped_from_the_list_is_a_correction(script):
    script.plans("Create a pre-commit hook for the linter", "Describe the linter")
    script.edits("linter.toml")
    turn = script.says("for the local run we want a make task for the linter I'd think")
    script.plans("Create a make task for the linter", "Describe the linter")
    script.edits("Makefile")
    script.says("looks fine so far")
    assert corrected(script) == [turn]
    assert not any(text.startswith("no correction") for text in well(script))


def test_a_question_after_an_interruption_is_no_correction(script):
    script.stops()
    script.says("how can we know which backend is active ?")
    assert corrected(script) == []
    script.stops()
    script.says("can you audit this codebase for me?")
    assert corrected(script) == []
    turn = script.says("can't we pass the backend in instead?")
    script.stops()
    other = script.says("can you take out the audit again?")
    assert corrected(script) == [turn, other]


def test_a_redirection_after_an_interruption_is_a_correction_but_not_the_users_own_mistake(script):
    script.stops()
    turn = script.says("Use the queue that the worker has")
    script.stops()
    script.says("ah sorry, I messed up the branch myself")
    assert corrected(script) == [turn]


def test_a_correction_said_again_before_anything_was_done_is_one(script):
    script.replies("I took the old queue.")
    turn = script.says("no, not the old queue")
    script.stops()
    script.says("not the old queue, please")
    assert corrected(script) == [turn]
    script.replies("Then the new one.")
    other = script.says("no, the one of the worker")
    assert corrected(script) == [turn, other]


def test_thanks_before_the_next_request_are_manners(script):
    script.replies("The uploader sends one part after the other.")
    script.says("Great, thanks! Could you draw the flow as well?")
    script.replies("Here is the flow.")
    assert gathered(script).praise == ()
    script.says("nice, that works for the poem, can we get it for the scene too?")
    assert gathered(script).praise == ()
    turn = script.says("Works now. Next, rename the flag.")
    assert gathered(script).praise == (turn,)


def test_consent_to_what_was_asked_is_no_praise(script):
    script.edits("a.py")
    script.replies("Shall I add the flag too?")
    script.says("perfect")
    assert gathered(script).praise == ()
    assert verdict(script).outcome == "partial"


def test_prose_that_nobody_accepted_is_not_called_partly_done(script):
    turn = script.edits("docs/uploads.md")
    script.replies("I wrote the page.")
    found = verdict(script)
    assert (found.outcome, found.reason) == ("unknown", "nothing shows that it was checked or accepted")
    assert found.turns == (turn - 1,)
    assert gathered(script).code == 0


def test_the_time_to_the_first_edit_leaves_breaks_out_and_is_unknown_without_an_edit(script):
    assert gathered(script).first_edit_minutes is None
    script.turn += 600
    script.says("and log it")
    script.edits("a.py")
    assert gathered(script).first_edit_minutes == 11


def test_a_transcript_without_times_has_no_time_to_the_first_edit(script):
    script.edits("a.py")
    script.events = [replace(event, time=None) for event in script.events]
    assert gathered(script).first_edit_minutes is None


def test_answers_are_told_from_counter_questions(script):
    script.replies("Retry how often?")
    turn = script.says("three times")
    script.replies("With a pause between?")
    script.says("what would that cost?")
    script.replies("A second. Do you want it?")
    script.says("no, that is too slow")
    assert gathered(script).answers == (turn,)


def test_every_reason_of_an_effectiveness_can_be_read_back():
    endings = [
        lambda one: one.replies("There are two ways. Which one?"),
        lambda one: (one.edits("a.py"), one.stops()),
        lambda one: (one.edits("a.py"), one.runs("ruff check .", "Found 2 errors.", 1)),
        lambda one: (one.edits("a.go"), one.runs("go build ./...")),
        lambda one: (one.edits("a.py"), one.runs("pytest", "3 passed")),
        lambda one: (one.edits("a.py"), one.runs("git commit -am x", "[main 1234567] x")),
        lambda one: (
            one.edits("a.py"),
            *[one.runs("pytest", "1 failed", 1) for _ in range(3)],
            one.replies("It works now."),
        ),
        lambda one: [(one.stops(), one.says("no, not so")) for _ in range(4)],
    ]
    for end in endings:
        script = Script()
        script.says("Add a retry to the uploader")
        end(script)
        found = verdict(script)
        assert found.reasons
        for reason in found.reasons:
            assert [one.observation.words for one in read(reason)], reason


def test_a_build_alone_is_not_enough(script):
    script.edits("a.go")
    script.runs("go build ./...")
    assert verdict(script).outcome == "partial"


def test_a_commit_asked_for_and_made_is_acceptance(script):
    script.edits("a.py")
    script.says("commit this")
    script.runs("git commit -am x", "[main 1234567] x")
    assert verdict(script).outcome == "done"


def test_thanks_for_an_answer_make_it_done_and_silence_leaves_it_unknown(script):
    script.replies("The uploader has no retry because the queue has one.")
    assert verdict(script).outcome == "unknown"
    script.says("perfect, thanks")
    assert verdict(script).outcome == "done"


@pytest.mark.parametrize(
    "said",
    [
        "I'm sorry, but I can't help with that request.",
        "Unfortunately, I\u2019m unable to access the tide service.",
        "As an AI model, I don't have access to your charts.",
        "No, I cannot do that from here.",
    ],
)
def test_who_refuses_has_not_answered(script, said):
    script.replies(said)
    assert verdict(script).reason == "nothing shows that it was checked or accepted"


@pytest.mark.parametrize(
    "said", ["I can see the problem: the gauge is late.", "I cannot help but like the gauge's plan."]
)
def test_a_reply_that_says_more_than_that_it_cannot_help_is_an_answer(script, said):
    script.replies(f"{said} {'The uploader reads the gauge once an hour and keeps what it read. ' * 5}")
    assert verdict(script).reason == "it was answered, and nobody said whether that helped"


def test_a_declined_edit_is_no_edit(script):
    script.declines("a.py", "is there another way?")
    script.replies("There are two ways. Which one do you prefer?")
    found = verdict(script)
    assert (found.outcome, found.reason) == ("unknown", "it ended with a question to the user")


def test_an_interruption_at_the_end_leaves_it_partial(script):
    script.edits("a.py")
    script.stops()
    assert verdict(script).outcome == "partial"


def test_corrections_lower_the_effectiveness(script):
    for number in range(5):
        script.edits("a.py", new=f"x = {number}")
        script.says("no, not like that")
    script.runs("pytest", "3 passed")
    script.replies("Done.")
    smooth = Script()
    smooth.says("Add a retry")
    smooth.edits("a.py")
    smooth.runs("pytest", "3 passed")
    assert verdict(script).effectiveness < verdict(smooth).effectiveness
    assert any("corrections" in reason for reason in verdict(script).reasons)


def test_a_night_between_two_prompts_is_a_short_break():
    events = Script()
    events.says("a")
    events.turn += 600
    events.says("b")
    assert active_minutes(events.session()) == 10


def test_what_kept_a_session_from_the_best_mark_is_said(script):
    script.edits("a.py")
    script.stops()
    script.says("Use the queue that the worker has")
    script.runs("pytest", "3 passed")
    found = verdict(script)
    assert found.effectiveness == 4
    assert found.reasons == ("checks passed after the last edit", "one correction by the user", "one interruption")
    shown = {event.turn for event in script.events if event.kind in {"interruption", "prompt"}}
    assert shown & set(found.shown)


def test_a_claim_without_a_check_costs_and_a_check_before_it_does_not(script):
    script.edits("a.py")
    script.runs("pytest", "3 passed")
    script.edits("b.py")
    script.replies("All tests pass and everything works now.")
    assert "success was claimed without a check" in verdict(script).reasons
    script.runs("pytest", "4 passed")
    script.replies("All tests pass and everything works now.")
    assert "success was claimed without a check" not in verdict(script).reasons


def test_what_should_work_is_no_claim_that_it_does(script):
    script.edits("a.py")
    script.replies("Once the queue is up, everything works as before. The tests should pass.")
    assert gathered(script).claim == 0


def ending(script, **more):
    session = script.session(**more)
    found = judge(session, signals(session, prompts(session)))
    return found.outcome, found.reason


ANSWER = "The tide table is read once at the start and kept, so a port that is added later is never seen by the page. "


@pytest.mark.parametrize(
    "closing",
    ["", "Would you like me to look at the ports or the moons next?", "Do you want me to fix it?", "Anything else?"],
)
def test_a_question_that_got_its_answer_was_answered_and_an_offer_does_not_leave_it_open(script, closing):
    script.says("Why does the page not show the new port?")
    script.runs("cd web && rg -n ports . | head -5", "ports.py:3", 0)
    script.replies(ANSWER * 2 + closing)
    assert ending(script) == ("unknown", "it was answered, and nobody said whether that helped")


@pytest.mark.parametrize(
    ("command", "closing"),
    [
        ("rg ports", "Which approach do you prefer?"),
        ("rg ports", "Should I keep the table or read it again?"),
        ("docker compose up -d", ""),
        ("rg ports > ports.txt", ""),
    ],
)
def test_work_and_choices_are_no_answers(script, command, closing):
    script.says("Why does the page not show the new port?")
    script.runs(command)
    script.replies(ANSWER * 2 + closing)
    assert ending(script)[1] != "it was answered, and nobody said whether that helped"


def test_a_last_question_without_a_reply_was_not_answered(script):
    script.says("Why does the page not show the new port?")
    script.replies(ANSWER)
    script.says("And why does it show the old one twice?")
    assert ending(script) == ("unknown", "nothing shows that it was checked or accepted")


@pytest.mark.parametrize(
    ("command", "output", "outcome"),
    [
        ('make test && echo "ALL GOOD"', "ALL GOOD", "done"),
        ("make test 2>&1; echo exit: $?", "3 checked\nexit: 0", "done"),
        ("make test; echo $?", "3 checked\n0", "done"),
        ('make test; echo "exit: $?"', "1 was off\nexit: 2", "partial"),
    ],
)
def test_a_command_line_that_says_how_it_ended_tells_of_its_check(script, command, output, outcome):
    script.edits("a.py")
    script.calls_tool("command", command, output=output)
    found = verdict(script)
    assert (found.outcome, "run failed" in found.reason) == (outcome, outcome == "partial")


@pytest.mark.parametrize(
    ("command", "output"),
    [
        ('make test 2>&1 | head -3 && echo "ALL GOOD"', "1 was off\nALL GOOD"),
        ("make test | tail -1; echo exit: $?", "1 was off\nexit: 0"),
    ],
)
def test_a_check_whose_result_is_not_told_has_run(script, command, output):
    script.edits("a.py")
    assert verdict(script).reason == "no check ran after the last edit"
    script.runs(command, output)
    script.replies("It works now.")
    assert verdict(script).reason == "a check ran after the last edit, and its result is not told"
    assert not any(text.startswith(("no check", "success was claimed")) for text in well(script))


def test_a_check_that_the_user_refused_has_not_run(script):
    script.edits("a.py")
    script.calls_tool(
        "command", "make test", output="The user doesn't want to proceed with this tool use.", failed=True
    )
    assert verdict(script).reason == "no check ran after the last edit"


def test_a_prompt_sent_again_after_a_stop_sets_nothing_right(script):
    script.stops()
    script.says("Add a retry to the uploader")
    script.replies("Added the retry.")
    script.stops()
    script.says("Step 2")
    assert gathered(script).corrections == ()
    script.replies("Went on.")
    script.stops()
    turn = script.says("with a pause between the two")
    assert [one.turn for one in gathered(script).corrections] == [turn]


@pytest.mark.parametrize(
    "said",
    [
        "There is no `pause` in the settings. instead, add one and use it",
        "Why'd you wait so long between the two? Odd.",
        "That broke everything. All uploads are gone.",
    ],
)
def test_what_a_user_says_of_a_result_that_is_not_right_is_a_correction(script, said):
    script.edits("a.py")
    script.replies("Added the retry.")
    turn = script.says(said)
    assert [one.turn for one in gathered(script).corrections] == [turn]


@pytest.mark.parametrize(
    "said",
    [
        "Add a retry to the uploader",
        "The window looks weird now, please have a look at its width",
        'What do you make of this?\n\nTraceback (most recent call last):\n  File "a.py", line 3\nValueError: tide',
    ],
)
def test_no_course_is_called_free_of_corrections_that_tells_of_a_trouble(script, said):
    script.edits("a.py")
    script.says("Now add a pause between the two")
    script.edits("b.py")
    plain = list(script.events)
    script.runs("pytest", "3 passed")
    assert "no correction by the user" in verdict(script).reasons
    script.events = plain
    script.says(said)
    script.edits("b.py", new="x = 2")
    script.runs("pytest", "3 passed")
    assert "no correction by the user" not in verdict(script).reasons
    assert not any(text.startswith("no correction") for text in well(script))


def test_nobody_is_said_to_have_said_nothing_who_praised_an_answer():
    script = Script()
    script.says("What could the keeper of the lighthouse be called?")
    script.replies("Her name could be Marit, after the sea.")
    turn = script.says("That's perfect! Now outline the first chapter.")
    script.replies("Marit finds a letter in the lamp room.")
    found = verdict(script)
    assert (found.outcome, found.reason) == (
        "unknown",
        "it was answered, and the user had welcomed an answer before it",
    )
    assert turn in found.shown


@pytest.mark.parametrize("said", ["That's perfect! But remove the pause.", "It's not good! Remove the pause."])
def test_praise_that_is_taken_back_is_none(script, said):
    script.edits("a.py")
    script.says(said)
    assert gathered(script).praise == ()


def test_a_request_behind_praise_may_be_left_undone(script):
    script.edits("a.py")
    turn = script.says("That's great! Now remove the pause between the two.")
    script.replies("I will think about it.")
    found = verdict(script)
    assert (found.outcome, found.turns) != ("done", (turn,))
    assert gathered(script).praise == (turn,)


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        ("Done. The directory has twelve entries.", "Answered: the directory has twelve entries."),
        ("Here are the files: gauges, ports, tides.", "Answered: here are the files: gauges, ports, tides."),
        ("Here are the files in it.", "Answered."),
        ("I listed the files of it.", "Answered."),
        ("Listing the files of the harbour.", "Answered."),
        ("This approach will list the files.", "Answered."),
    ],
)
def test_an_answer_of_few_words_is_told_itself(reply, told):
    script = Script()
    script.says("List the files in src/")
    script.runs("ls src", "gauges ports tides")
    script.replies(reply)
    assert tell(script.session(), ()).happened[0][0] == told


@pytest.mark.parametrize(
    ("said", "told", "done"),
    [
        ("but then the order of the tides wouldn't be kept, right?", 0, 1),
        ("but that might not hold when two gauges are read at once", 0, 1),
        ("but I asked for the wind, could you not read that?", 1, 1),
        ("but it should be sorted by port, or might it not?", 1, 1),
        ("no, not one table for each gauge", 1, 1),
        ("ah crap we still have conflicts? the parent is the harbour branch", 0, 0),
        ("but yeah let's not worry about the wind", 0, 0),
        ("Not worth it... the page is fine. Bigger fish to fry.", 0, 0),
        ("not worth it, revert the page", 1, 1),
        ("no, let's not worry about the wind", 1, 1),
    ],
)
def test_a_doubt_about_a_proposal_and_what_is_let_be_are_no_corrections(said, told, done):
    for acts, count in ((False, told), (True, done)):
        script = Script()
        script.says("How do we keep the tides of each gauge?")
        script.replies("One table for each gauge, written when its day ends.")
        if acts:
            script.edits("gauge.py")
        script.says(said)
        script.replies("I see.")
        assert len(signals(script.session(), prompts(script.session())).corrections) == count


@pytest.mark.parametrize(("reason", "count"), [("let's not worry about the name", 0), ("a name that says the port", 1)])
def test_who_declines_a_call_and_lets_it_be_corrects_nothing(script, reason, count):
    script.edits("gauge.py")
    script.declines("gauge.py", reason)
    assert len(signals(script.session(), prompts(script.session())).corrections) == count
