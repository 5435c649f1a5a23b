"""What a user asked for: typed and pasted words told apart, in many languages, and the goals of a session."""

from dataclasses import replace

import pytest

from scripts import Script
from session_journal.core.insights.goals import goals, prompts
from session_journal.core.insights.languages import is_english, units
from session_journal.core.insights.pastes import pasted_line, spoken
from session_journal.core.insights.requests import goal_text
from session_journal.core.insights.titles import title

TRACE = """\
Traceback (most recent call last):
  File "/home/mira/code/tidepool/tides.py", line 12, in <module>
    main()
  File "/home/mira/code/tidepool/tides.py", line 8, in main
    table.load(port)
KeyError: 'Brest'"""
LOG = """\
Run actions/build@v4
Downloading https://example.org/tool/v1.2.3/tool.tar.gz
/usr/bin/tar xz -C /home/runner/work -f tool.tar.gz
  • skipped validation
Error: the process '/opt/tool/bin' failed with exit code 1"""
DIFF = """\
diff --git a/tides.py b/tides.py
index 1234567..89abcde 100644
--- a/tides.py
+++ b/tides.py
@@ -1,2 +1,2 @@
-import old
+import new"""
SHELL = """\
[11/20/26 14:02 dev ~/code/tidepool]
./tides show Brest

   ERROR

  Unknown port "Brest". Valid ports: Calais."""


def wanted(*said, agent="claude-code"):
    script = Script()
    for text in said:
        script.says(text)
    return [goal for goal, _ in goals(prompts(replace(script.session(), agent=agent)))]


def kinds(*said):
    script = Script()
    for text in said:
        script.says(text)
    return [prompt.kind for prompt in prompts(script.session())]


@pytest.mark.parametrize("paste", [TRACE, LOG, DIFF], ids=["trace", "log", "diff"])
def test_a_paste_alone_holds_no_word_of_the_user(paste):
    assert spoken(paste) == ""


@pytest.mark.parametrize("paste", [TRACE, DIFF, SHELL], ids=["trace", "diff", "shell"])
@pytest.mark.parametrize("said", ["Why does the table fail for Brest?", "please take a look:"])
def test_what_stands_before_a_paste_was_typed(said, paste):
    assert spoken(f"{said}\n\n{paste}") == said


def test_what_stands_after_a_paste_was_typed_too():
    assert spoken(f"{TRACE}\n\nMake it say which ports there are.") == "Make it say which ports there are."


@pytest.mark.parametrize(
    "text",
    [
        "Look at\nhttps://example.org/o/r/pull/12\nand tell me what is missing",
        "Compare these\n/home/mira/a.py\n/home/mira/b.py",
        "Do the following:\n- add a port\n- drop the old table\n\nThen run the tests.",
        "1. rename the table\n2. move it to lib/",
        "error: should it be a warning?",
        "im archiv müssen die titel kürzer sein",
        "The button [File upload] is broken",
        "Scan for blocks that open with\n```bash\nand are never closed",
        "Add `load(port)` and call it from main()",
    ],
)
def test_what_people_type_is_never_taken_for_a_paste(text):
    assert spoken(text) == text


def test_pictures_and_marked_pastes_are_no_words():
    text = (
        'In the table [Image #1] the port is missing\n\n<pasted_content id="a1">\nlong text\n</pasted_content id="a1">'
    )
    assert spoken(text) == "In the table the port is missing"
    assert spoken("/tmp/shots/screen 1.png\nthe port is missing") == "the port is missing"


def test_code_that_was_pasted_in_a_fence_is_no_word():
    assert spoken("Explain this:\n```python\nx = 1\n```\nplease") == "Explain this:\n\nplease"


@pytest.mark.parametrize(
    ("paste", "line"),
    [
        (TRACE, "KeyError: 'Brest'"),
        (LOG, "Error: the process '/opt/tool/bin' failed with exit code 1"),
        ("E       AssertionError: 1 != 2\ntests/test_tides.py:8: AssertionError", "AssertionError: 1 != 2"),
        ("<pasted_content id='1'>\nTranslate all of it\n</pasted_content id='1'>", "Translate all of it"),
        ("$ ls\na.py", "ls"),
    ],
)
def test_of_a_paste_alone_the_error_is_the_goal(paste, line):
    assert pasted_line(paste) == line
    assert wanted(paste) == [line]


def test_a_paste_without_a_word_is_no_later_goal():
    assert wanted("Add a port to the table", LOG, TRACE) == ["Add a port to the table"]


@pytest.mark.parametrize(
    ("text", "goal"),
    [
        ("/design \n\nthe table is ugly, can we make it blue", "The table is ugly, can we make it blue"),
        ("You are the release agent for tidepool. Raise the version to 2.0.", "Raise the version to 2.0."),
        ("Interesting! Are there other ports?", "Are there other ports?"),
        ("can you help me with a plan for the table?", "Help with a plan for the table"),
        ("Could you add a port? It should be Brest.", "Add a port. It should be Brest."),
        (f"When I ask for Brest I get this:\n\n{TRACE}\n\nShow the ports instead.", "Show the ports instead."),
        ("https://github.com/o/r/issues/12", "Issue #12"),
        ("https://github.com/o/r/pull/12", "PR #12"),
        (
            "https://github.com/o/r/pull/12\n\nIt only changes a comment. Can we merge it?",
            "PR #12: It only changes a comment. Can we merge it?",
        ),
        ("Set up https://github.com/mira/tides and run it", "Set up mira/tides and run it"),
        ("In the table [Image #1]\nwhere we show ports, sort them", "In the table where we show ports, sort them"),
        ("sort the ports by name\nThen look at the rivers", "Sort the ports by name. Then look at the rivers"),
        (
            f"{'This table was made by other people and holds what they knew. ' * 6}Add the ports of Brittany to it.",
            "Add the ports of Brittany to it.",
        ),
        ("Take the numbers from https://tides.example.org/a/b?c=d please", "Take the numbers from tides.example.org"),
        (f"# Add the ports of Brittany\n\n## Why\n\n{'They are missing. ' * 50}", "Add the ports of Brittany"),
        (f"# Ports\n\n## Why\n\n{'They are missing. ' * 50}", "Implement the plan: Ports"),
        ("请帮我分析一下潮汐表。港口少了一个。", "分析一下潮汐表。 港口少了一个。"),
        ("Kannst du bitte die Häfen sortieren?", "Die Häfen sortieren?"),
        ("por favor añade los puertos que faltan", "Añade los puertos que faltan"),
    ],
)
def test_a_goal_is_what_was_wanted_in_the_users_words(text, goal):
    assert goal_text(text) == goal


def test_the_comment_of_a_trace_is_no_plan():
    text = f"# Check that it was called\n>       port.assert_called_once()\n\n{TRACE}\n" + "_ " * 400
    assert goal_text(text) == "KeyError: 'Brest'"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ja, mach das", "consent"),
        ("sí, gracias", "consent"),
        ("好的，谢谢", "consent"),
        ("お願いします", "consent"),
        ("да, спасибо", "consent"),
        ("hello there", "consent"),
        ("weiter", "continue"),
        ("继续", "continue"),
        ("1. yes all\n2. sort them by name\n3. later", "answer"),
        ("该表少了一个港口，为什么？", "question"),
        (f"1. Rename the table {'and tell everybody who reads it ' * 6}", "request"),
    ],
)
def test_prompts_are_told_apart_in_many_languages(text, kind):
    assert kinds("Start with the table", text)[1] == kind


@pytest.mark.parametrize(
    ("first", "later"),
    [
        ("Sortiere die Häfen nach Namen", "Jetzt bitte auch die Flüsse in die Tabelle aufnehmen"),
        ("整理港口表，按名称排序", "然后把河流也加到表里，并更新文档"),
        ("ordena los puertos por nombre", "ahora añade también los ríos a la tabla"),
        ("Отсортируй порты по имени", "теперь добавь реки в таблицу тоже"),
    ],
)
def test_later_goals_count_in_any_language(first, later):
    found = wanted(first, "ok", later)
    assert len(found) == 2


def test_a_prompt_that_was_broken_off_and_sent_again_is_one_goal():
    assert wanted("add the ports", "add the ports of Brittany") == ["Add the ports of Brittany"]


def test_the_same_wish_in_nearly_the_same_words_is_one_goal():
    said = ("Sort the ports of Brittany by height of tide", "please sort the ports of Brittany by the height of tide!")
    assert len(wanted(*said)) == 1


@pytest.mark.parametrize(
    "later", ['", how are you"', "implement 1, 2 and 3", "ok, do that", "both", "try it again", "Delete them."]
)
def test_answers_and_what_takes_up_a_list_are_no_goals(later):
    assert wanted("Add a greeting to the table", later) == ["Add a greeting to the table"]


def test_a_question_that_names_nothing_gives_way_to_what_was_asked_next():
    assert wanted("what is this?", "Sort the ports by name") == ["Sort the ports by name"]
    assert wanted("lib/ports.py", "Sort the ports by name") == ["Sort the ports by name"]
    assert wanted("hmm", "Sort the ports by name") == ["Sort the ports by name"]
    assert wanted("what is this?") == ["What is this?"]


def test_a_skill_is_named_in_words():
    assert wanted("/pr-review 12") == ["PR review 12"]
    assert wanted("Sort the ports", "/pr-review") == ["Sort the ports", "/pr-review"]


def test_aider_takes_the_beginning_of_a_commands_name():
    assert wanted("/tok", "/dro a.py", "/he", "/copy-context sort the ports", agent="aider") == ["Sort the ports"]
    assert wanted("Sort the ports", "/clip", "/clean", "/commit", "add src/ports.py", agent="aider") == [
        "Sort the ports"
    ]
    assert wanted("/lint", agent="aider")
    assert wanted("# Question: how do I sort?\n\n# Relevant docs:\n\nmanual", agent="aider") == ["How do I sort?"]


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("Add the ports", True),
        ("ls -la", True),
        ("fix tests", True),
        ("das muss in die Tabelle", False),
        ("añade los puertos", False),
        ("добавь порты", False),
        ("添加港口", False),
        ("in the table of ports for die casting", True),
    ],
)
def test_english_is_told_from_other_languages(text, english):
    assert is_english(text) is english


def test_letters_of_scripts_without_blanks_count_as_half_a_word():
    assert units("sort the ports") == 3
    assert units("整理港口表") == 3
    assert units("请 sort 港口") == 3


@pytest.mark.parametrize(
    "text",
    [
        'Another Claude session sent a message:\n\nThat "other Claude session" is an agent of this session.',
        "Stop hook feedback: the tests were not run",
        "[SYSTEM NOTIFICATION] task finished",
        "Base directory for this skill: /home/mira/.claude/skills/ports\n\n# Ports",
    ],
)
def test_what_a_tool_says_in_the_users_place_is_no_prompt(text):
    assert kinds("Sort the ports", text) == ["request"]


def test_what_is_asked_anew_after_a_stop_is_a_goal_and_no_correction():
    script = Script()
    script.says("Sort the ports")
    script.stops()
    script.says("can you look at the rivers and tell me which of them are missing?")
    script.stops()
    script.says("use the other table")
    found = prompts(script.session())
    assert [one.kind for one in found] == ["request", "question", "correction"]
    assert len(goals(found)) == 2


def test_a_prompt_after_a_command_that_failed_by_itself_refuses_nothing():
    script = Script()
    script.says("Sort the ports")
    script.runs("pytest", "1 failed", 1)
    script.says("Now add the rivers to the table")
    script.calls_tool("edit", "a.py", text="+ x", output="The tool call was rejected by the user", failed=True)
    script.says("not in that file")
    assert [one.refusal for one in prompts(script.session())] == [False, False, True]


@pytest.mark.parametrize(
    ("goal", "named"),
    [
        (
            "The upload tries each chart three times. But it doesn't wait.",
            "Fix: The upload tries each chart three times",
        ),
        ("Fix the upload of charts. But it isn't urgent.", "Fix the upload of charts"),
        ("The upload tries each chart three times. It waits in between.", "The upload tries each chart three times"),
    ],
)
def test_what_is_said_not_to_be_so_is_no_title_as_if_it_were(goal, named):
    assert title(goal) == named
