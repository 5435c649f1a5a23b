"""The aider reader, on samples that are true to the format."""

import io
import json
import tracemalloc
from datetime import datetime
from pathlib import Path

import pytest

from session_journal.core.events import Event
from session_journal.errors import TranscriptError
from session_journal.readers import read_transcript, recognise
from streams import in_parts

SAMPLES = Path(__file__).parent / "samples"
EXPECTED = json.loads((Path(__file__).parent / "expected_aider.json").read_text(encoding="utf-8"))
END = "  \n"


def read(data, name="h.md"):
    return list(read_transcript(io.BytesIO(data if isinstance(data, bytes) else data.encode()), name))


def start(moment="2026-11-18 09:00:00"):
    return f"\n# aider chat started at {moment}\n\n"


def user(*lines):
    return "\n" + "".join(f"#### {line}{END}" for line in lines)


def tool(*lines):
    return "".join(f"> {line}{END}" for line in lines)


def reply(text):
    return f"\n{text}\n\n"


def prompts(session):
    return [event.text for event in session.events if event.kind == "prompt"]


def of(*parts):
    (session,) = read(start() + "".join(parts))
    return session


@pytest.fixture(scope="module")
def tides():
    return read((SAMPLES / "aider.md").read_bytes())


def test_every_start_begins_a_session_also_one_without_a_prompt(tides):
    first, second = tides
    assert (first.agent, first.model, first.version) == ("aider", "claude-sonnet-4-5", "0.86.1")
    assert first.started.replace(tzinfo=None) == datetime(2026, 11, 18, 9, 12, 40)  # noqa: DTZ001 - local, as written
    assert first.started.tzinfo is not None
    assert first.ended is None
    assert (prompts(second), second.started > first.started) == ([], True)
    assert first.sha256 != second.sha256


def test_a_session_is_told_event_by_event(tides):
    session = tides[0]
    said = "Round the heights the same way everywhere.\n\n2.35 m is 2.4 in the table and 2.3 in the chart."
    replied = (
        "I'll round once, in centimetres.\n\n#### What changes\n\n> Heights are tenths of a metre.\n\n"
        "Both places now share `tenth`."
    )
    unit = '+ def tenth(centimetres):\n+     return f"{(centimetres + 5) // 10 / 10}"'
    rounded = '-     return f"{height:.1f}"\n+     return tenth(round(height * 100))'
    label = '-     label = f"{height:.1f}"\n+     label = tenth(round(height * 100))'
    printed = ".F\n\nE   AssertionError: '2.3' != '2.4'\n1 failed, 1 passed in 0.04s"
    told = [(one.turn, one.role, one.kind, one.target, one.call) for one in session.events]
    assert told == [
        (1, "user", "prompt", "", ""),
        (2, "tool", "read", "tides/format.py", ""),
        (3, "user", "prompt", "", ""),
        (4, "assistant", "reply", "", ""),
        (4, "assistant", "edit", "tides/units.py", "1"),
        (4, "assistant", "edit", "tides/format.py", "2"),
        (5, "tool", "result", "", "1"),
        (5, "tool", "result", "", "2"),
        (5, "tool", "result", "", ""),
        (6, "user", "command", "pytest -q tests/test_format.py", "3"),
        (7, "tool", "result", "", "3"),
        (8, "assistant", "reply", "", ""),
        (9, "user", "interruption", "", ""),
        (10, "user", "prompt", "", ""),
        (11, "assistant", "edit", "tides/chart.py", "4"),
        (12, "tool", "error", "", "4"),
        (12, "tool", "error", "", ""),
        (13, "assistant", "reply", "", ""),
        (13, "assistant", "edit", "tides/chart.py", "5"),
        (14, "tool", "result", "", "5"),
        (14, "tool", "result", "", ""),
        (15, "assistant", "command", "pytest -q", "6"),
        (16, "user", "prompt", "", ""),
    ]
    texts = {(one.turn, one.call): one.text for one in session.events}
    assert texts[3, ""] == said
    assert texts[4, ""] == replied
    assert (texts[4, "1"], texts[4, "2"], texts[13, "5"]) == (unit, rounded, label)
    assert texts[5, "2"].splitlines()[1] == "Commit 1f2e3d4 fix: Round tide heights in centimetres"
    assert texts[12, "4"] == "The LLM did not conform to the edit format."
    assert texts[7, "3"] == printed
    assert all(one.exit_code is None and one.time is None for one in session.events)


def block(path, old, new):
    return f"{path}\n```python\n<<<<<<< SEARCH\n{old}\n=======\n{new}\n>>>>>>> REPLACE\n```\n"


def unmatched(path, old, new):
    return [
        f"## SearchReplaceNoExactMatch: This SEARCH block failed to exactly match lines in {path}",
        *("<<<<<<< SEARCH", old, "=======", new, ">>>>>>> REPLACE", ""),
    ]


def became(session):
    """Return what became of each edit: its file, whether it was made, aider's words."""
    ends = {event.call: event for event in session.events if event.kind in {"result", "error"}}
    edits = [event for event in session.events if event.kind == "edit"]
    return [(one.target, one.text, ends[one.call].kind == "result", ends[one.call].text) for one in edits]


def test_an_edit_that_aider_says_was_not_applied_has_failed():
    words = "Did not apply edit to a.py (--dry-run)"
    session = of(user("go"), reply("Done.\n\n" + block("a.py", "x", "y")), tool(words))
    assert became(session) == [("a.py", "- x\n+ y", False, words)]


def test_an_edit_that_aider_says_nothing_of_has_failed():
    session = of(user("go"), reply("Done.\n\n" + block("a.py", "x", "y")), user("/clear"))
    assert became(session) == [("a.py", "- x\n+ y", False, "")]


def test_a_block_that_found_no_place_has_failed_and_the_others_were_made():
    session = of(
        user("go"),
        reply("Two changes.\n\n" + block("a.py", "x", "y") + block("a.py", "u", "v") + block("b.py", "m", "n")),
        tool("The LLM did not conform to the edit format.", "# 1 SEARCH/REPLACE block failed to match!", ""),
        tool(*unmatched("a.py", "x", "y"), "# The other 2 SEARCH/REPLACE blocks were applied successfully."),
    )
    others = "The other 2 SEARCH/REPLACE blocks were applied successfully."
    failed = "This SEARCH block failed to exactly match lines in a.py"
    assert became(session) == [
        ("b.py", "- m\n+ n", True, others),
        ("a.py", "- x\n+ y", False, failed),
        ("a.py", "- u\n+ v", True, others),
    ]


def test_where_no_other_block_was_applied_the_whole_file_has_failed():
    session = of(
        user("go"),
        reply(block("a.py", "x", "y") + block("b.py", "u", "v")),
        tool("The LLM did not conform to the edit format.", *unmatched("a.py", "x", "y")),
    )
    assert [(path, made) for path, _, made, _ in became(session)] == [("a.py", False), ("b.py", False)]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("Create new file? (Y)es/(N)o [Yes]: n", "Skipping edits to new.py (declined by the user)"),
        ("Allow creation of new file new.py? n", "Skipping edits to new.py (declined by the user)"),
        ("Tokens: 2k sent", "Skipping edits to new.py"),
    ],
)
def test_a_skipped_edit_was_declined_where_the_user_said_no(asked, words):
    session = of(user("go"), reply(block("new.py", "", "y")), tool(asked, "Skipping edits to new.py"))
    assert became(session) == [("new.py", "+ y", False, words)]


def test_a_language_that_aider_takes_for_a_path_is_none():
    skipped = tool("python", "Create new file? [Y/n] n", "Skipping edits to python")
    assert [one[0] for one in became(of(user("go"), reply(block("src/a.py", "x", "y")), skipped))] == ["src/a.py"]


def test_an_interrupted_reply_changed_nothing():
    session = of(user("go"), reply("Done.\n\n" + block("a.py", "x", "y")), tool("^C KeyboardInterrupt"))
    assert became(session) == [("a.py", "- x\n+ y", False, "^C KeyboardInterrupt")]


def test_a_commit_belongs_to_the_edits_before_it_and_the_users_own_to_none():
    said = ("Committing a.py before applying edits.", "Commit 1111111 what the user had changed")
    made = ("Applied edit to a.py", "Commit 2222222 feat: Say y", "Commit 3333333 style: Format")
    session = of(user("go"), reply(block("a.py", "x", "y")), tool(*said, *made))
    assert became(session)[0][3] == "Applied edit to a.py\nCommit 2222222 feat: Say y"
    (rest,) = [event.text for event in session.events if event.kind == "result" and not event.call]
    assert ("1111111" in rest, "2222222" in rest, "3333333" in rest) == (True, False, True)


@pytest.mark.parametrize(
    ("typed", "command"),
    [("/undo", "/undo"), ("/commit", "git commit"), ("/commit say it", "git commit"), ("/git log -1", "git log -1")],
)
def test_what_aider_does_for_the_user_is_a_command_with_its_output(typed, command):
    session = of(user(typed), tool("Removed: 2222222 feat: Say y"))
    told = [(one.role, one.kind, one.target, one.text) for one in session.events]
    assert told == [("user", "command", command, ""), ("tool", "result", "", "Removed: 2222222 feat: Say y")]


WHOLE = "/home/mira/code/tides"


@pytest.mark.parametrize(
    ("parts", "cwd"),
    [
        ([tool(f"Git working dir: {WHOLE}")], WHOLE),
        ([tool(f"No files matched 'a.md'. Do you want to create {WHOLE}/a.md? n")], WHOLE),
        ([user("/add " + WHOLE + "/src/a.py"), tool("Added src/a.py to the chat")], WHOLE),
        ([tool("Applied edit to src/a.py", f"Fix lint errors in {WHOLE}/src/a.py? y")], WHOLE),
        ([tool(f"Added {WHOLE}/src/a.py to the chat", "Added src/a.py to the chat")], WHOLE),
        ([tool(f"Added {WHOLE}/a.py to the chat", "Added a.py to the chat")], ""),
        ([tool(f"Added {WHOLE}/src/a.py to the chat", "Added src/a.py to the chat", "Git working dir: /srv/x")], ""),
        ([user("/run pwd"), tool(f"Git working dir: {WHOLE}")], ""),
        ([tool(f"{WHOLE}/.venv/bin/aider")], ""),
    ],
)
def test_the_repository_is_known_where_the_same_file_is_named_in_full_and_within_it(parts, cwd):
    assert of(*parts).cwd == cwd


@pytest.mark.parametrize(
    ("started", "cwd"),
    [
        (tool(f"{WHOLE}/.venv/bin/aider --model x", "Git repo: .git with 4 files"), WHOLE),
        (tool(f"{WHOLE}/.venv/bin/aider", "Git repo: none"), ""),
        (tool("/usr/bin/aider", "Git repo: .git with 4 files"), ""),
        (tool("/home/mira/code/gauge/.venv/bin/aider", "Git repo: .git with 4 files"), ""),
    ],
)
def test_a_later_session_is_of_the_same_repository_where_it_was_started_from_its_environment(started, cwd):
    first = start() + tool(f"Git working dir: {WHOLE}") + user("go")
    sessions = read(first + start("2026-11-18 10:00:00") + started + user("on"))
    assert [one.cwd for one in sessions] == [WHOLE, cwd]


def test_whole_files_and_unified_diffs_are_edits():
    whole = "Here it is.\n\nnew.py\n```python\nprint(1)\n```"
    unified = "Now:\n\n```diff\n--- old.py\n+++ old.py\n@@ ... @@\n keep\n-gone\n+come\n```"
    session = of(
        user("go"),
        reply(whole),
        tool("Applied edit to new.py"),
        user("on"),
        reply(unified),
        tool("Applied edit to old.py"),
    )
    edits = {event.target: event.text for event in session.events if event.kind == "edit"}
    assert edits == {"new.py": "+ print(1)", "old.py": "- gone\n+ come"}
    assert [event.text for event in session.events if event.kind == "reply"] == ["Here it is.", "Now:"]


def test_histories_of_windows_are_read():
    block = "src\\a.py\n```python\n<<<<<<< SEARCH\nx\n=======\ny\n>>>>>>> REPLACE\n```"
    text = (
        start() + user("one", "two") + reply(block) + tool("Applied edit to src\\a.py", "Added docs\\b.md to the chat")
    )
    (session,) = read(text.replace("\n", "\r\n"))
    assert prompts(session) == ["one\ntwo"]
    assert [(one.kind, one.target, one.text) for one in session.events if one.target] == [
        ("edit", "src/a.py", "- x\n+ y"),
        ("read", "docs/b.md", ""),
    ]


def test_code_that_is_shown_stays_in_the_reply():
    session = of(user("go"), reply("Run:\n\n```bash\nmake\n```"), tool("Applied edit to a.py"))
    assert session.events[1].text == "Run:\n\n```bash\nmake\n```"


def test_a_heading_of_level_four_in_a_reply_is_nobody_speaking():
    session = of(user("plan it"), reply("Steps:\n\n#### Step 1\n\nDo.\n\n```md\n\n#### In a fence\n```"), user("go"))
    assert prompts(session) == ["plan it", "go"]


def test_a_file_that_lost_its_blanks_is_read_by_the_order_of_things():
    text = start() + user("add a retry") + reply("Steps:\n\n#### Step 1\nWrap it.") + tool("Applied edit to a.py")
    (session,) = read("\n".join(line.rstrip() for line in (text + user("and", "", "test it")).split("\n")))
    assert prompts(session) == ["add a retry", "and\n\ntest it"]
    assert [event.target for event in session.events if event.kind == "edit"] == ["a.py"]


def test_two_prompts_with_nothing_between_are_two():
    assert prompts(of(user("one"), user("two", "more"))) == ["one", "two\nmore"]


def test_a_quotation_in_a_reply_is_the_assistant_speaking():
    session = of(user("go"), reply("He said:\n\n> be quick\n> and good\n\nSo be it."), tool("Tokens: 1k sent."))
    assert session.events[1].text == "He said:\n\n> be quick\n> and good\n\nSo be it."


def test_what_aider_tells_the_model_after_a_failed_lint_run_is_not_the_user_speaking():
    session = of(user("# Fix any errors below, if possible.", "", "## Running: flake8"), user("thanks"))
    assert prompts(session) == ["thanks"]
    assert session.events[0].role == "tool"


def test_a_command_whose_output_is_not_in_the_history_printed_nothing_that_is_known():
    asked = "Add 0.3k tokens of command output to the chat? (Y)es/(N)o [Yes]: y"
    session = of(user("!make"), tool(asked, "Added 12 lines of output to the chat."))
    assert [(one.kind, one.target, one.text) for one in session.events] == [("command", "make", ""), ("result", "", "")]


def test_leaving_at_the_prompt_is_no_interruption_and_stopping_the_assistant_is():
    leaving = tool("", "", "^C again to exit", "", "", "^C KeyboardInterrupt")
    assert [event.kind for event in of(user("/add a"), leaving).events] == ["prompt"]
    assert [event.kind for event in of(user("go"), reply("done"), tool("Tokens: 1"), leaving).events] == [
        "prompt",
        "reply",
    ]
    assert [event.kind for event in of(user("go"), leaving).events] == ["prompt", "interruption"]


def test_an_error_of_the_service_is_an_error_of_the_tool_itself():
    session = of(user("go"), tool("litellm.InternalServerError: Overloaded", "Retrying in 0.2 seconds..."))
    assert [(event.kind, event.role) for event in session.events] == [("prompt", "user"), ("error", "system")]


def test_private_and_injected_parts_are_not_kept():
    session = of(user("fix <private>my key</private>it", "<journal-context>", "old", "</journal-context>"))
    assert prompts(session) == ["fix it"]


def test_the_folder_of_a_history_is_the_working_directory(tmp_path):
    path = tmp_path / ".aider.chat.history.md"
    text = start() + user("go") + reply("ok") + tool(f"Applied edit to {tmp_path}/src/a.py")
    (session,) = read(text, str(path))
    assert session.cwd == str(tmp_path)
    assert session.events[2].target == "src/a.py"
    assert read(text, str(tmp_path / "copy.md"))[0].cwd == ""


def test_an_id_stays_when_the_session_grows_and_tells_twins_apart():
    text = start() + user("go")
    (before,) = read(text)
    again = read(text + reply("done") + user("more") + text)
    assert [session.id for session in again] == [before.id, f"{before.id}-2"]
    assert before.id.startswith("2026-11-18-09-00-00-")
    assert read(start() + user("/run ls"))[0].id == read(start() + user("/run ls") + user("go"))[0].id


def test_what_stands_before_the_first_start_is_a_session_only_where_somebody_speaks():
    assert len(read(tool("isort passed") + start() + user("go"))) == 1
    cut, whole = read(user("earlier") + reply("yes") + start() + user("go"))
    assert (prompts(cut), cut.started) == (["earlier"], None)
    assert prompts(whole) == ["go"]


def test_a_file_that_is_torn_anywhere_gives_what_stands_before(tides):
    data = (SAMPLES / "aider.md").read_bytes()
    for size in range(60, len(data), 97):
        whole = prompts(read(data[:size])[0])[:-1]  # the last one may be torn itself
        assert whole == prompts(tides[0])[: len(whole)]


def test_hostile_bytes_are_survived():
    rubbish = b"\x00\xff\xfe\xed\xa0\x80 {[" * 50 + b"\n" + b"<<<<<<< SEARCH\n" * 20 + b"[" * 10_000 + b"\n"
    data = start().encode() + rubbish + user("still \udcff here").encode("utf-8", "surrogateescape") + rubbish
    (session,) = read(data)
    assert prompts(session) == ["still \ufffd here"]
    assert "\x00" not in "".join(event.text for event in session.events)


def test_a_very_long_line_is_passed_over_and_counted_in_little_memory():
    begin, end = (start() + user("before") + "\n").encode(), ("\n" + user("after")).encode()
    stream = in_parts(begin, *[b"x" * 2**20] * 120, end)
    tracemalloc.start()
    (session,) = read_transcript(stream, "x")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert prompts(session) == ["before", "after"]
    assert session.skipped == 1
    assert peak < 40_000_000


def test_text_without_a_start_is_not_taken_for_a_history():
    for text in ("#### heading\n\n> quote\n", "see `# aider chat started at 2026-01-01 00:00:00`\n", "# aider chat\n"):
        assert recognise(text.encode()) is None


def test_a_history_in_which_nothing_is_said_is_a_session_and_no_error():
    (session,) = read(start())
    assert session.events == ()
    with pytest.raises(TranscriptError):
        read("> nothing  \n")


def test_every_real_history_is_read(shared_data):
    for name, wanted in EXPECTED.items():
        path = shared_data / "aider" / name
        with path.open("rb") as stream:
            sessions = list(read_transcript(stream, name))
        events = [event for session in sessions for event in session.events]
        said = [event.text for event in events if event.kind == "prompt"]
        assert len(sessions) == wanted["sessions"]
        assert (len(said), said[0][:60], said[-1][:60]) == (wanted["prompts"], wanted["first"], wanted["last"])
        assert [event.target for event in events if event.kind == "command"] == wanted["commands"]
        assert {event.target: 0 for event in events if event.kind == "edit"}.keys() == set(wanted["edited"])
        assert len({session.id for session in sessions}) == len(sessions)
        for session in sessions:
            assert_turns(session.events)


def assert_turns(events: tuple[Event, ...]):
    roles: dict[int, str] = {}
    for event in events:
        assert roles.setdefault(event.turn, event.role) == event.role
    assert list(roles) == list(range(1, len(roles) + 1))


@pytest.mark.parametrize("answer", ["all", "skip", "a", ""])
def test_an_answer_to_a_question_of_aider_is_no_prompt(answer):
    question = "Add file to the chat? (Y)es/(N)o/(A)ll/(S)kip all/(D)on't ask again [Yes]:"
    session = of(
        user("round the heights"),
        reply("tide.py\n```\n<<<<<<< SEARCH\nlow\n=======\nhigh\n>>>>>>> REPLACE\n```"),
        tool("app.py", f"{question} y", "base.py"),
        user(f"{question} {answer}"),
        tool(f"{question} a", "Applied edit to tide.py"),
    )
    assert prompts(session) == ["round the heights"]
    assert [event.target for event in session.events if event.kind == "edit"] == ["tide.py"]


def test_a_prompt_may_speak_of_such_a_question():
    session = of(user("why does it ask (Y)es/(N)o?", "Run it? (Y)es/(N)o [Yes]: is odd, too"))
    assert len(prompts(session)) == 1
    assert prompts(session)[0].endswith("is odd, too")


@pytest.mark.parametrize(
    "thought",
    [
        "<thinking-content-7bbeb8e1>\n\nThe heights\n\nare off.\n\n</thinking-content-7bbeb8e1>",
        "<think>\nThe heights\n\nare off.\n</think>",
        "--------------\n► **THINKING**\n\nThe heights\n\nare off.\n\n------------\n► **ANSWER**",
    ],
)
def test_what_the_model_thought_is_not_its_reply(thought):
    session = of(user("why?"), reply(f"{thought}\n\nThey are rounded twice."))
    assert [(event.kind, event.text) for event in session.events[1:]] == [
        ("thought", "The heights\n\nare off."), ("reply", "They are rounded twice."),
    ]  # fmt: skip
