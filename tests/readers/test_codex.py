"""The Codex reader, on samples that are true to the format in each of its generations."""

import io
import json
from pathlib import Path

import pytest
import zstandard

from session_journal.core.events import REMOVED, Event
from session_journal.errors import TranscriptError
from session_journal.readers import read_transcript, recognise

SAMPLES = Path(__file__).parent / "samples"
ASK = "The tide table shows 2.35 m as 2.4 in one place and 2.3 in the other. Please make rounding consistent."


def read(name):
    with (SAMPLES / name).open("rb") as stream:
        (session,) = read_transcript(stream, name)
    return session


def lines(*records):
    return io.BytesIO("\n".join(json.dumps(record) for record in records).encode())


def of(*records):
    (session,) = read_transcript(lines(META, *records), "x.jsonl")
    return session


def line(kind, **payload):
    return {"timestamp": "2026-11-18T09:00:00.000Z", "type": kind, "payload": payload}


def item(kind, **payload):
    return line("response_item", type=kind, **payload)


def event(kind, **payload):
    return line("event_msg", type=kind, **payload)


def message(role, *texts):
    kind = "output_text" if role == "assistant" else "input_text"
    return item("message", role=role, content=[{"type": kind, "text": text} for text in texts])


def call(name, arguments, call="c1", kind="function_call"):
    key = "input" if kind == "custom_tool_call" else "arguments"
    given = arguments if isinstance(arguments, str) else json.dumps(arguments)
    return item(kind, name=name, call_id=call, **{key: given})


def output(text, call="c1", kind="function_call_output"):
    return item(kind, call_id=call, output=text)


META = line("session_meta", id="s", cwd="/w/tidepool", cli_version="0.142.0")


def told(session):
    return [(event.kind, event.target or event.text) for event in session.events]


def prompts(session):
    return [event.text for event in session.events if event.kind == "prompt" and event.role == "user"]


@pytest.fixture(scope="module")
def rounding():
    return read("codex_rounding.jsonl")


def test_the_facts_of_a_session(rounding):
    assert (rounding.agent, rounding.id) == ("codex", "019a7b1c-52aa-7e30-9c41-3f0d6a1d2e44")
    assert (rounding.cwd, rounding.branch) == ("/home/mira/code/tidepool", "fix/rounding")
    assert (rounding.model, rounding.version) == ("gpt-5.2-codex", "0.142.0")
    assert rounding.title == "Make rounding of tide heights consistent"
    assert (rounding.skipped, rounding.left_out) == (0, 0)
    assert rounding.started.isoformat() == "2026-11-18T09:00:02.120000+00:00"
    assert rounding.ended.isoformat() == "2026-11-18T09:00:49.120000+00:00"


def test_every_event_of_a_newer_session(rounding):
    seconds = {}
    expected = [
        ("prompt", 1, "user", ASK, "", 2, "", None),
        ("thought", 2, "assistant", "**Looking for both roundings**", "", 4, "", None),
        ("reply", 2, "assistant", "I will look at both places first.", "", 5, "", None),
        ("command", 2, "assistant", "", "rg -n 'round|:.1f' tides", 6, "call_rg", None),
        ("command", 2, "assistant", "", "pytest -q", 6, "call_test1", None),
        ("result", 3, "tool", "tides/format.py:12:    return f'{height:.1f}'", "", 7, "call_rg", 0),
        ("result", 3, "tool", "", "", 8, "call_test1", None),
        ("error", 3, "tool", "FAILED tests/test_format.py::test_half\n1 failed, 41 passed in 2.61s", "", 12, "call_test1", 1),
        ("plan", 4, "assistant", "Move rounding to tides/units.py\nRun the tests", "todo", 15, "call_plan", None),
        ("result", 5, "tool", "Plan updated", "", 15, "call_plan", None),
        ("edit", 6, "assistant", "-     return f'{height:.1f}'\n+     return tenth(round(height * 100))", "tides/format.py", 20, "call_patch", None),
        ("edit", 6, "assistant", "+ def tenth(centimetres):\n+     return (centimetres + 5) // 10", "tides/units.py", 20, "call_patch", None),
        ("edit", 6, "assistant", REMOVED, "tides/old_names.py", 20, "call_patch", None),
        ("edit", 6, "assistant", "- HEIGHT = 'h'\n+ HEIGHT = 'height'", "tides/names.py", 20, "call_patch", None),
        ("edit", 6, "assistant", REMOVED, "tides/rounding_notes.txt", 20, "call_patch", None),
        ("result", 7, "tool", "Success. Updated the following files:\nM tides/format.py\nA tides/units.py\nM tides/names.py\nD tides/rounding_notes.txt", "", 21, "call_patch", None),
        ("interruption", 8, "user", "interrupted", "", 22, "", None),
        ("prompt", 9, "user", "we never use Decimal in the hot path, use integer centimetres instead", "", 31, "", None),
        ("search", 10, "assistant", "", "python integer rounding half up", 33, "", None),
        ("command", 10, "assistant", "", "pytest -q", 36, "call_test2", None),
        ("result", 11, "tool", "42 passed in 2.70s", "", 40, "call_test2", 0),
        ("compaction", 12, "system", "Rounding moved to tides/units.py; all tests pass.", "", 41, "", None),
        ("prompt", 13, "user", "great, commit it", "", 45, "", None),
        ("command", 14, "assistant", "", "git commit -am 'Round heights in one place'", 46, "call_commit", None),
        ("error", 15, "tool", "exec command rejected by user", "", 47, "call_commit", None),
        ("interruption", 16, "user", "refused the tool call", "", 47, "", None),
        ("reply", 17, "assistant", "I have not committed it, since you declined.", "", 49, "", None),
    ]  # fmt: skip
    for one in rounding.events:
        seconds.setdefault(one.time.second, one.time)
    assert list(rounding.events) == [
        Event(kind, turn, role, text, target, seconds[second], name, code)
        for kind, turn, role, text, target, second, name, code in expected
    ]


def test_every_event_of_an_older_session():
    session = read("codex_older.jsonl")
    assert [(one.kind, one.turn, one.role, one.target or one.text, one.call, one.exit_code) for one in session.events] == [
        ("prompt", 1, "user", "Show heights with one decimal", "", None),
        ("command", 2, "assistant", "grep -rn PRECISION lib", "call_1", None),
        ("result", 3, "tool", "lib/tides.py:3:PRECISION = 2", "call_1", 0),
        ("edit", 4, "assistant", "lib/tides.py", "call_2/patch", None),
        ("command", 4, "assistant", "python -m pytest -q", "call_2", None),
        ("result", 5, "tool", "Success. Updated the following files:\nM tides.py", "call_2/patch", None),
        ("error", 5, "tool", "Success. Updated the following files:\nM tides.py\n3 failed, 4 passed", "call_2", 1),
        ("command", 6, "assistant", "cat lib/tides.py", "call_3", None),
        ("result", 7, "tool", "PRECISION = 1", "call_3", 0),
        ("reply", 8, "assistant", "Three tests still expect two decimals.", "", None),
        ("command", 9, "user", "git status --short", "user-9", None),
        ("result", 10, "tool", "M lib/tides.py", "user-9", 0),
        ("prompt", 11, "user", "continue", "", None),
        ("reply", 12, "assistant", "Done.", "", None),
        ("prompt", 13, "user", "continue", "", None),
        ("error", 14, "system", "stream disconnected before completion", "", None),
    ]  # fmt: skip
    assert session.events[3].text == "- PRECISION = 2\n+ PRECISION = 1"


def test_a_truncated_file_gives_everything_up_to_the_tear(rounding):
    session = read("codex_truncated.jsonl")
    assert session.skipped == 1
    assert session.events == rounding.events[: len(session.events)]
    assert session.events[-1].target == "tides/rounding_notes.txt"


def test_hostile_lines_are_skipped_and_counted_and_what_is_readable_is_read():
    session = read("codex_hostile.jsonl")
    assert prompts(session) == ["The tide table is wrong.", "half a pair \ufffd and", "two", "objects", "still here"]
    assert session.skipped == 5
    assert "mat" not in " ".join(one.text for one in session.events)


def test_what_stands_on_one_side_only_is_not_lost():
    session = of(
        event("user_message", message="by event"), message("user", "by item"), event("agent_message", message="yes")
    )
    assert told(session) == [("prompt", "by event"), ("prompt", "by item"), ("reply", "yes")]


def test_what_was_said_twice_counts_twice_and_what_was_written_twice_once():
    twice = [message("user", "continue"), event("user_message", message="continue")]
    assert prompts(of(*twice, message("assistant", "ok"), *reversed(twice))) == ["continue", "continue"]


def test_completed_items_of_newer_files_are_a_further_side():
    done = [
        event("item_completed", item={"type": "UserMessage", "content": [{"type": "text", "text": "go"}]}),
        event("item_completed", item={"type": "AgentMessage", "content": [{"type": "Text", "text": "gone"}]}),
        event("item_completed", item={"type": "CommandExecution", "id": "c1", "command": ["bash", "-lc", "ls"], "exit_code": 0}),
        event("item_completed", item={"type": "CommandExecution", "id": "n1", "command": ["bash", "-lc", "make"], "exit_code": 2, "aggregated_output": "no rule"}),
    ]  # fmt: skip
    session = of(
        message("user", "go"),
        done[0],
        call("exec", "run()", kind="custom_tool_call"),
        *done[1:],
        message("assistant", "gone"),
    )
    assert told(session) == [
        ("prompt", "go"), ("tool", "exec"), ("reply", "gone"), ("command", "make"), ("error", "no rule"),
    ]  # fmt: skip
    assert session.events[-1].exit_code == 2


@pytest.mark.parametrize("first", ["output", "event"])
def test_an_exit_code_that_an_event_tells_joins_its_command(first):
    end = event("exec_command_end", call_id="c1", command=["ls"], exit_code=3, aggregated_output="a.txt")
    both = [output("a.txt"), end] if first == "output" else [end, output("a.txt")]
    session = of(call("shell", {"command": ["ls"]}), *both)
    last = [one for one in session.events if one.call == "c1"][-1]
    assert (last.exit_code, last.text) == (3, "a.txt")


def test_an_exit_code_is_never_invented():
    for text in ("Wall time: 1\nOutput:\nExit code: 7", "plain text\nProcess exited with code 3", '{"metadata": {}}'):
        session = of(call("shell", {"command": "ls"}), output(text))
        assert session.events[-1].exit_code is None
        assert session.events[-1].kind == "result"


def test_what_the_tool_puts_in_is_not_the_user():
    session = of(
        message("user", "<environment_context>\n<cwd>/w</cwd>\n</environment_context>"),
        message("user", "<user_instructions>\nshort\n</user_instructions>"),
        message("user", "# AGENTS.md instructions for /w\n\n<INSTRUCTIONS>\nx\n</INSTRUCTIONS>"),
        message("user", "<skill>\n<name>tides</name>\n</skill>"),
        message("user", "Another language model started to solve this problem and produced a summary"),
        message("developer", "<permissions instructions>ask</permissions instructions>"),
        message("user", "<journal-context>old things</journal-context>\nreal"),
        message("user", "<div>my own markup</div>"),
    )
    assert prompts(session) == ["real", "<div>my own markup</div>"]


def test_a_block_that_was_typed_is_the_user_whatever_its_name():
    pasted = "<my_settings>\nlimit = 3\n</my_settings>"
    assert prompts(of(message("user", pasted), event("user_message", message=pasted))) == [pasted]
    injected = "<environment_context>\n<cwd>/w</cwd>\n</environment_context>"
    assert prompts(of(message("user", injected), event("user_message", message=injected))) == []


def test_a_request_from_an_editor_is_heard_without_its_context():
    text = "# Context from my IDE setup:\n\n## Open tabs:\n- a.py: a.py\n\n## My request for Codex:\nRename it\n"
    assert prompts(of(message("user", text), event("user_message", message=text))) == ["Rename it"]
    assert prompts(of(message("user", "# Context from my IDE setup:\n\n## Open tabs:\n- a.py: a.py\n"))) == []


def test_output_of_a_process_that_goes_on_belongs_to_the_command_that_began_it():
    session = of(
        call("exec_command", {"cmd": "make"}, "c1"),
        output("Wall time: 1.0 seconds\nProcess running with session ID 5\nOutput:\n", "c1"),
        call("write_stdin", {"session_id": 5, "chars": "y\n"}, "c2"),
        output("Wall time: 1.0 seconds\nProcess exited with code 0\nOutput:\nbuilt", "c2"),
    )
    assert told(session)[2] == ("tool", "write_stdin")
    assert (session.events[-1].call, session.events[-1].exit_code, session.events[-1].text) == ("c1", 0, "built")


def test_a_sub_agents_own_file_is_not_the_user_speaking():
    meta = line("session_meta", id="a", source={"subagent": {"thread_spawn": {"depth": 1}}}, agent_nickname="Kepler")
    (session,) = read_transcript(lines(meta, message("user", "look it up"), message("assistant", "found")), "x")
    assert [(one.kind, one.role, one.agent) for one in session.events] == [
        ("prompt", "assistant", "Kepler"),
        ("reply", "assistant", "Kepler"),
    ]


def test_a_fork_keeps_its_own_id_and_holds_the_ids_of_its_parent():
    turn = line("turn_context", turn_id="t-1", cwd="/w/tidepool")
    parent = of(turn, message("user", "one"), call("shell", {"command": "ls"}))
    fork = line("session_meta", id="fork", cwd="/w/tidepool", forked_from_id="s")
    records = [fork, META, turn, message("user", "one"), call("shell", {"command": "ls"}), message("user", "two")]
    (session,) = read_transcript(lines(*records, line("turn_context", turn_id="t-2")), "x")
    assert session.id == "fork"
    assert parent.uuids < session.uuids


def test_a_call_that_is_replayed_counts_once():
    once = [call("shell", {"command": "ls"}), output("a")]
    assert [one.kind for one in of(*once, *once).events] == ["command", "result"]


def test_a_patch_that_failed_is_an_error():
    patch = "*** Begin Patch\n*** Update File: a.py\n@@\n-x\n+y\n*** End Patch"
    bad = json.dumps({"output": "apply_patch verification failed: no such line", "metadata": {"exit_code": 1}})
    session = of(call("apply_patch", patch, kind="custom_tool_call"), output(bad, kind="custom_tool_call_output"))
    assert [(one.kind, one.exit_code) for one in session.events] == [("edit", None), ("error", None)]


def test_a_patch_in_a_script_that_failed_before_it_was_applied_is_an_error():
    script = "apply_patch <<'EOF'\n*** Begin Patch\n*** Add File: a.py\n+x\n*** End Patch\nEOF\nmake"
    session = of(call("shell", {"command": ["bash", "-lc", script]}), output("Exit code: 1\nOutput:\ninvalid patch"))
    assert [(one.kind, one.call) for one in session.events] == [
        ("edit", "c1/patch"), ("command", "c1"), ("error", "c1/patch"), ("error", "c1"),
    ]  # fmt: skip


def test_lines_that_were_only_added_do_not_look_like_a_new_file():
    patch = "*** Begin Patch\n*** Update File: a.py\n@@\n import os\n+import re\n*** Add File: b.py\n+x\n*** End Patch"
    session = of(call("apply_patch", {"input": patch}))
    assert [one.text for one in session.events] == ["- import os\n+ import os\n+ import re", "+ x"]


def test_a_patch_that_only_an_event_tells_of():
    change = {"type": "update", "unified_diff": "--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n", "move_path": None}
    session = of(event("patch_apply_end", call_id="p", success=True, stdout="ok", changes={"/w/tidepool/a.py": change}))
    assert [(one.kind, one.target, one.text) for one in session.events] == [
        ("edit", "a.py", "- x\n+ y"),
        ("result", "", "ok"),
    ]


def test_the_tools_of_servers_are_told_once():
    end = event("mcp_tool_call_end", call_id="m", invocation={"server": "db", "tool": "query", "arguments": {"sql": "1"}}, result={"Ok": {"content": [{"type": "text", "text": "42"}], "isError": False}})  # fmt: skip
    assert told(of(end)) == [("tool", "db.query"), ("result", "42")]
    assert told(of(call("db__query", {"sql": "1"}, "m"), end, output("42", "m"))) == [
        ("tool", "db__query"),
        ("result", "42"),
    ]


def test_the_oldest_files_have_bare_items():
    first = {"id": "old", "timestamp": "2025-05-01T10:00:00.000Z", "instructions": None, "git": {"branch": "main"}}
    said = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "hello"}]}
    ran = {"type": "function_call", "name": "shell", "call_id": "c", "arguments": '{"command":["ls"]}'}
    (session,) = read_transcript(lines(first, {"record_type": "state"}, said, ran), "x")
    assert (session.id, session.branch, told(session)) == ("old", "main", [("prompt", "hello"), ("command", "ls")])


def test_a_session_without_an_id_has_the_one_in_its_name():
    name = "/c/rollout-2026-11-18T09-00-00-019a7b1c-52aa-7e30-9c41-3f0d6a1d2e44.jsonl"
    (session,) = read_transcript(lines(message("user", "hi")), name)
    assert session.id == "019a7b1c-52aa-7e30-9c41-3f0d6a1d2e44"


def test_a_file_with_only_facts_is_a_session_in_which_no_one_spoke():
    assert of(event("token_count", info=None)).events == ()


def test_wrong_types_never_stop_the_reading():
    for wrong in (None, 5, "x", [], [None], {}, {"a": 1}):
        for kind in (
            "message",
            "reasoning",
            "function_call",
            "function_call_output",
            "web_search_call",
            "agent_message",
        ):
            of(
                item(
                    kind,
                    **dict.fromkeys(("role", "content", "name", "arguments", "output", "action", "summary"), wrong),
                )
            )
        for kind in (
            "user_message",
            "error",
            "exec_command_end",
            "patch_apply_end",
            "mcp_tool_call_end",
            "item_completed",
        ):
            of(
                event(
                    kind,
                    **dict.fromkeys(
                        ("message", "error", "command", "exit_code", "changes", "invocation", "item"), wrong
                    ),
                )
            )
        of(line("turn_context", cwd=wrong, model=wrong), line("compacted", message=wrong, replacement_history=wrong))


def test_a_compressed_file_reads_as_the_plain_one(rounding):
    data = zstandard.compress((SAMPLES / "codex_rounding.jsonl").read_bytes())
    assert recognise(data) is not None
    (session,) = read_transcript(io.BytesIO(data), "x.jsonl.zst")
    assert session == rounding


def test_a_compressed_file_may_hold_several_frames(rounding):
    data = (SAMPLES / "codex_rounding.jsonl").read_bytes()
    frames = zstandard.compress(data[:3_000]) + zstandard.compress(data[3_000:])
    (session,) = read_transcript(io.BytesIO(frames), "x")
    assert session.events == rounding.events


def test_a_torn_compressed_file_is_read_up_to_the_tear(rounding):
    writer = zstandard.ZstdCompressor().compressobj()
    data = (SAMPLES / "codex_rounding.jsonl").read_bytes()
    begun = writer.compress(data[:6_000]) + writer.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    torn = begun + (writer.compress(data[6_000:]) + writer.flush())[:40]
    (session,) = read_transcript(io.BytesIO(torn), "x")
    assert len(session.events) >= 8
    assert session.events == rounding.events[: len(session.events)]


@pytest.mark.parametrize(
    "data", [zstandard.compress(b"just a note\n"), zstandard.MAGIC_NUMBER.to_bytes(4, "little") + b"\xff" * 60]
)
def test_a_compressed_file_of_another_kind_is_an_error(data):
    with pytest.raises(TranscriptError):
        next(read_transcript(io.BytesIO(data), "notes.zst"))


def test_what_is_private_stays_out_wherever_it_stands():
    secret = "<private>hunter2</private>"
    patch = f"*** Begin Patch\n*** Update File: a.py\n@@\n-{secret}\n+{secret}\n*** End Patch"
    session = of(
        message("user", f"a {secret}"),
        message("assistant", f"b {secret}"),
        item("reasoning", summary=[{"type": "summary_text", "text": secret}]),
        message("user", f"<user_shell_command>\n<command>\necho {secret}\n</command>\n<result>\n{secret}</result>\n</user_shell_command>"),
        call("shell", {"command": f"echo {secret}"}, "c1"),
        output(f"said {secret}", "c1"),
        call("apply_patch", {"input": patch}, "c2"),
        call("some_tool", {"value": secret}, "c3"),
        call("update_plan", {"plan": [{"step": f"x {secret}", "status": "pending"}]}, "c4"),
        item("web_search_call", action={"query": secret}),
        line("compacted", message=secret),
        event("error", message=secret),
        event("thread_name_updated", thread_name=f"t {secret}"),
        event("item_completed", item={"type": "Plan", "text": secret}),
        event("patch_apply_end", call_id="p", success=True, stdout=secret, changes={"a": {"unified_diff": f"+{secret}"}}),
    )  # fmt: skip
    assert "hunter2" not in repr(session)


def test_a_warning_of_codex_itself_is_nobody_speaking():
    warning = "Warning: The maximum number of unified exec processes you can keep open is 60 and you have 61."
    assert prompts(of(message("user", "go"), message("user", warning))) == ["go"]
    assert prompts(of(message("user", "Warning: it is late"))) == ["Warning: it is late"]


@pytest.mark.parametrize("heading", ["", "## My request for Codex:\n"])
def test_what_the_browser_shows_is_not_said(heading):
    raw = f"<in-app-browser-context>\nTab: tides\n</in-app-browser-context>\n\n{heading}make it blue"
    assert prompts(of(message("user", raw), event("user_message", message=raw))) == ["make it blue"]
