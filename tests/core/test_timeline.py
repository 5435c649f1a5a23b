"""The retelling: every statement from an event, what went wrong visible, never a wall."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given

from session_journal.core.events import Event, Session
from session_journal.core.packing import compact, pack, unpack
from session_journal.core.timeline import describe, fold, steps
from session_journal.core.timeline.folding import ROOM
from session_journal.core.timeline.output import command_line, decisive_line, is_looking, lines_changed
from session_journal.readers import read_transcript
from strategies import SESSIONS

EXAMPLES = Path(__file__).parents[2] / "examples" / "transcripts"
START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


class Story:
    """Writes a session call by call, one turn for each message."""

    def __init__(self):
        self.events = []

    def add(self, kind, role, **more):
        turn = len(self.events) + 1
        self.events.append(Event(kind, turn, role, time=START + timedelta(seconds=turn), **more))
        return self

    def ask(self, text="Fix it"):
        return self.add("prompt", "user", text=text)

    def say(self, text):
        return self.add("reply", "assistant", text=text)

    def call(self, kind, target, text="", *, result="", code=None, failed=False, agent=""):
        name = f"c{len(self.events)}"
        self.add(kind, "assistant", target=target, text=text, call=name, agent=agent)
        return self.add("error" if failed else "result", "tool", text=result, call=name, exit_code=code, agent=agent)

    def run(self, line, result="", code=0, **more):
        return self.call("command", line, result=result, code=code, failed=code not in {0, None}, **more)

    def edit(self, path, text="+ x = 1"):
        return self.call("edit", path, text, result="ok")

    @property
    def session(self):
        return Session("claude-code", "s", tuple(self.events), cwd="/srv/shop")

    def told(self, room=ROOM):
        return [describe(step) for step in fold(steps(self.session), room)]


def test_each_call_is_told_with_its_turns_and_its_result():
    story = Story().ask().run("make build", "ok", 0)
    step = steps(story.session)[-1]
    assert (step.kind, step.turn, step.last, step.ok, step.exit_code) == ("ran", 2, 3, True, 0)


def test_a_failed_command_is_told_with_its_code_and_the_line_that_decides():
    output = "Exit code 2\ngcc -c a.c\na.c:3: error: expected ';'\nmake: *** [all] Error 1"
    assert Story().run("make all", output, 2).told() == ["`make all` (exit 2): a.c:3: error: expected ';'"]


def test_failing_again_is_counted_until_it_passes():
    story = (
        Story()
        .run("npm test", "1 failed", 1)
        .edit("a.js")
        .run("npm test", "1 failed", 1)
        .edit("a.js")
        .run("npm test", "3 passed")
    )
    told = [one for one in story.told() if "npm test" in one]
    assert told == [
        "`npm test` (exit 1): 1 failed",
        "`npm test` (exit 1), again (2nd time): 1 failed",
        "`npm test`, passes now after failing twice: 3 passed",
    ]
    assert "after failing" not in story.run("npm test", "3 passed").told()[-1]


def test_nothing_passes_that_another_command_only_resembles():
    story = Story().run("pytest tests/a.py", "1 failed", 1).run("pytest tests/b.py", "1 passed")
    assert story.told()[-1] == "`pytest tests/b.py`: 1 passed"


@pytest.mark.parametrize(
    ("line", "output", "code", "ok"),
    [
        ("make build", "", 0, True),
        ("make deploy", "", None, None),
        ("make deploy | tail -3", "whatever", 0, None),
        ("make deploy || true", "whatever", 0, None),
        ("pytest | tail -3", "1 failed, 2 passed", 0, False),
        ("pytest | tail -3", "3 passed", 0, True),
        ("pytest | tail -3", "see the log", 0, None),
        ("git merge main || true", "CONFLICT (content): Merge conflict in a.py", 0, False),
        ("grep -q lease a.py", "", 1, None),
        ("grep -q lease a.py", "grep: a.py: No such file or directory", 2, False),
        ("git diff --quiet", "", 1, None),
    ],
)  # fmt: skip
def test_success_is_told_only_where_something_shows_it(line, output, code, ok):
    story = Story().call("command", line, result=output, code=code, failed=code not in {0, None})
    assert steps(story.session)[0].ok is ok


def test_a_command_without_a_result_is_told_without_one():
    step = steps(Story().add("command", "assistant", target="sleep 9", call="c").session)[0]
    assert (step.ok, step.exit_code, describe(step)) == (None, None, "`sleep 9`")


def test_what_the_user_ran_is_theirs():
    assert Story().add("command", "user", target="make up").told() == ["you ran `make up`"]


def test_commits_and_pull_requests_are_told_as_what_they_left():
    story = (
        Story()
        .run("git commit -m x", "[main 1a2b3c4] Lease the row\n 1 file changed")
        .run("gh pr create --fill", "https://example.org/shop/pull/7")
    )
    assert story.told() == ["committed 1a2b3c4 Lease the row", "opened https://example.org/shop/pull/7"]


def test_a_call_that_the_user_did_not_allow_is_declined_and_not_failed():
    refusal = "The user doesn't want to proceed with this tool use."
    story = Story().ask().call("edit", "a.py", "+ x", result=refusal, failed=True).add("interruption", "user")
    assert story.ask("no, b.py").told()[1:] == ["declined: editing a.py", '"no, b.py"']


def test_an_interruption_that_declines_nothing_is_told():
    assert Story().ask().run("make").add("interruption", "user").told()[-1] == "interrupted"


def test_what_a_tool_complains_of_is_told_with_what_was_tried():
    story = Story().call("read", "gone.py", result="File does not exist.", failed=True)
    assert story.told() == ["reading gone.py: File does not exist."]
    assert Story().add("error", "system", text="API error: overloaded").told() == ["error: API error: overloaded"]


def test_answers_to_questions_are_decisions():
    story = Story().call("tool", "AskUserQuestion", result="answered").ask("Which database? → SQLite")
    assert [(step.kind, describe(step)) for step in fold(steps(story.session))] == [
        ("decided", "Which database? → SQLite")
    ]


def test_reads_and_searches_are_told_in_one_line():
    story = Story().ask()
    for name in ("a.py", "src/b.py", "src/c.py", "d.py", "e.py", "a.py"):
        story.call("read", name, result="...")
    story.call("search", "lease", result="...").call("search", "row", result="...").run("git status && ls -la")
    assert story.told()[1:] == [
        "read 5 files: a.py, b.py, c.py, d.py and 1 more; searched twice; looked around with 1 command"
    ]


def test_a_file_that_was_read_to_be_edited_is_told_once():
    story = Story().ask().call("read", "a.py", result="...").edit("a.py")
    assert story.told()[1:] == ["edited a.py (+1)"]


def test_edits_are_counted_by_what_changed():
    story = Story().ask().edit("a.py", "- one\n- two\n+ one\n+ 2\n+ three").edit("b.py", "+ x")
    assert story.told()[1:] == ["edited 2 files (+3 −1): a.py, b.py"]


def test_an_edit_that_was_clipped_counts_as_more():
    assert lines_changed("+ a\n+ … 900 characters …\n+ z") == (3, 0, True)
    assert lines_changed("") == (0, 0, False)
    assert lines_changed("- a\n+ b\n- a\n+ b\n- c") == (2, 3, False)
    story = Story().edit("a.py", "+ a\n+ … 900 characters …\n+ z")
    assert story.told() == ["edited a.py (+3 and more)"]


def test_a_very_long_edit_is_counted_without_comparing_every_pair_of_lines():
    old, new = ["- x"] * 60_000, ["+ x"] * 60_001
    assert lines_changed("\n".join([*old, *new])) == (1, 0, False)


def test_a_plan_is_told_as_it_began_and_ended():
    story = Story().ask()
    for text in ("a", "a\nb", "a\nb\nc"):
        story.call("plan", "todo", text, result="ok")
    story.edit("a.py").call("plan", "todo", "[x] a\nb\nc", result="ok").edit("a.py")
    story.call("plan", "todo", "[x] a\n[x] b\n[x] c", result="ok")
    told = story.told()
    assert told[1] == "planned 3 steps: a; b; c"
    assert told[-1] == "all 3 steps of the plan done"
    assert len([one for one in told if "plan" in one]) == 2


def test_of_the_replies_the_last_is_told_and_what_follows_a_failure():
    story = (
        Story().ask().say("Let me look at it first.").run("make", "no rule", 2).say("The rule is missing, so I add it.")
    )
    story.edit("Makefile").say("Now it runs again with make.").run("make").say("It builds with the new rule.")
    told = [one for one in story.told() if one.startswith('"')]
    assert told == ['"Fix it"', '"The rule is missing, so I add it."', '"It builds with the new rule."']


def test_a_sub_agents_work_is_one_step_whatever_stands_between():
    story = Story().ask()
    story.add("prompt", "assistant", text="Find the callers", agent="a1").call("read", "a.py", result=".", agent="a1")
    story.edit("b.py").call("search", "lease", result=".", agent="a1").run("make", "broken", 2, agent="a1")
    assert story.told() == [
        '"Fix it"',
        'a sub-agent for "Find the callers": read a.py; searched once; 1 command failed, `make`: broken',
        "edited b.py (+1)",
    ]
    assert [step.kind for step in steps(story.session)[1].steps] == ["looked", "looked", "ran"]


def test_the_call_that_sent_a_sub_agent_is_told_by_its_work():
    story = Story().ask().call("tool", "Task", "subagent_type=Explore prompt=Find the callers", result="Three.")
    story.add("prompt", "assistant", text="Find the\ncallers", agent="a1").call("read", "a.py", result=".", agent="a1")
    assert story.told()[1:] == ['a sub-agent for "Find the callers": read a.py']


def test_a_transcript_of_a_sub_agent_alone_can_be_told():
    story = Story().add("prompt", "assistant", text="Find it", agent="a1").run("make", agent="a1")
    assert story.told() == ['a sub-agent for "Find it": ran `make`']


def test_a_session_of_commands_alone_can_be_told():
    assert Story().run("make a").run("make b").run("make c").told() == ["ran 3 commands: `make a`, `make b`, `make c`"]


def test_an_empty_session_tells_nothing():
    assert Story().told() == []


def test_events_without_times_are_told():
    events = tuple(
        Event(event.kind, event.turn, event.role, event.text) for event in Story().ask().say("Done with it now.").events
    )
    assert [step.time for step in fold(steps(Session("x", "s", events)))] == [None, None]


@pytest.mark.parametrize("prompts", [0, 1, 30, 500])
def test_a_session_of_any_length_fits_on_a_few_screens(prompts):
    story = Story()
    for number in range(5_000 // max(1, prompts) // 6 * max(1, prompts)):
        if prompts and number % (5_000 // prompts // 6 or 1) == 0:
            story.ask(f"Now number {number} please")
        story.edit(f"f{number}.py").run(f"make {number}", "broken", number % 3).say(
            f"That was number {number} of them."
        )
    everything = steps(story.session)
    told = fold(everything)
    assert len(everything) > 1_000
    assert 1 <= len(told) <= ROOM
    assert (told[0].turn, told[-1].last) == (1, len(story.events))
    assert max(len(describe(step)) for step in told) < 900


def test_what_does_not_fit_is_named():
    story = Story()
    for number in range(40):
        story.ask(f"Question {number}").edit("a.py")
    told = fold(steps(story.session), 10)
    left = [describe(step) for step in told if step.kind == "left out"]
    assert len(told) == 10
    assert left == ["left out: 35 prompts; edited a.py 36 times (+36)"]


@pytest.mark.parametrize("room", [1, 2, 3, 4])
def test_any_room_is_kept_to_and_loses_no_step(room):
    story = Story()
    for number in range(9):
        story.ask(f"Question {number}")
    told = fold(steps(story.session), room)
    assert len(told) == room
    assert sum(len(step.steps) or 1 for step in told) == 9


def test_a_session_of_the_tools_own_commands_is_not_empty():
    assert Story().ask("/clear").ask("/exit").told() == ['"/clear"', '"/exit"']
    assert Story().ask("/clear").ask("Fix it").told() == ['"Fix it"']


def test_folding_hides_no_failure_of_a_short_session():
    story = Story().ask()
    for number in range(9):
        story.edit("a.py").run("make", f"error: number {number}", 2)
    assert len([one for one in story.told() if "(exit 2)" in one]) == 9


@given(SESSIONS)
def test_any_session_can_be_told(session):
    for step in fold(steps(session), 3):
        assert "\x1b" not in describe(step)


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.jsonl")), ids=lambda path: path.name)
def test_what_is_kept_of_a_session_tells_the_same_story(path):
    with path.open("rb") as stream:
        (session,) = read_transcript(stream, path.name)
    kept = unpack(pack(compact(session)))
    assert [describe(step) for step in fold(steps(kept))] == [describe(step) for step in fold(steps(session))]


@pytest.mark.parametrize(
    ("target", "line"),
    [
        ("cd /srv/shop && make test 2>&1", "make test"),
        ("git commit -F - <<'EOF'\nA subject\nEOF", "git commit -F - <<'EOF' …"),
        ("docker run \\\n  -it shop", "docker run -it shop"),
        ("", ""),
    ],
)
def test_a_command_is_named_in_one_line(target, line):
    assert command_line(target) == line


@pytest.mark.parametrize(
    ("target", "looks"),
    [
        ("ls -la && git status", True),
        ('grep -rn "func A\\|func B" src | head -5', True),
        ("find . -name '*.py' -delete", False),
        ("cat a > b", False),
        ("ls 2>/dev/null; git log --oneline", True),
        ("git branch -D old", False),
        ("git stash", False),
        ('echo "$(rm -r x)"', False),
        ("rm x", False),
        ("sed -i s/a/b/ f && cat f", False),
        pytest.param("sed " * 1_000_000, False, id="no end of it"),
        ("", False),
    ],
)
def test_a_command_only_looks_where_every_part_of_it_does(target, looks):
    assert is_looking(target) is looks


@pytest.mark.parametrize(
    ("output", "line"),
    [
        ("Traceback (most recent call last):\n  File x\nValueError: no row", "ValueError: no row"),
        ("fatal: not a git repository", "fatal: not a git repository"),
        ("building\nld: symbol not found\ndone", "ld: symbol not found"),
        ("Exit code 1\none\ntwo\n\n", "two"),
        ("Exit code 1", ""),
        ("", ""),
    ],
)
def test_the_deciding_line_names_the_error_or_is_the_last(output, line):
    assert decisive_line(output) == line


def test_an_edit_whose_result_is_not_recorded_is_not_told_as_made():
    story = Story().ask().add("edit", "assistant", target="a.py", text="+ x", call="c1")
    assert story.told()[-1] == "edited a.py (+1), no result recorded"
    story.edit("b.py").add("edit", "assistant", target="c.py", text="+ x", call="c9")
    assert "2 without a result" in story.told(1)[-1]
