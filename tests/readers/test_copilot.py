"""The Copilot CLI reader, on samples that are true to the format."""

import io
import json
from pathlib import Path

import pytest

from session_journal.core.events import REMOVED, Event
from session_journal.readers import copilot, read_transcript, recognise

SAMPLES = Path(__file__).parent / "samples"
ASK = "The tide table shows 2.35 m as 2.4 in one place and 2.3 in the other. Please make rounding consistent."


def read(name):
    with (SAMPLES / name).open("rb") as stream:
        (session,) = read_transcript(stream, name)
    return session


def line(kind, number, **data):
    return {"type": kind, "data": data, "id": f"e{number}", "timestamp": "2026-11-18T09:00:00.000Z", "parentId": None}


def of(*records, parts=(), name="x.jsonl"):
    numbered = [line(kind, number, **data) for number, (kind, data) in enumerate(records)]
    stream = io.BytesIO("\n".join(json.dumps(record) for record in numbered).encode())
    (session,) = read_transcript(stream, name, parts)
    return session


def ask(call, name, **arguments):
    return "assistant.message", {
        "content": "",
        "toolRequests": [{"toolCallId": call, "name": name, "arguments": arguments}],
    }


def done(call, text, **more):
    return "tool.execution_complete", {"toolCallId": call, "success": True, "result": {"content": text}, **more}


START = ("session.start", {"sessionId": "s", "context": {"cwd": "/w/tidepool", "branch": "main"}})


@pytest.fixture(scope="module")
def rounding():
    return read("copilot_rounding.jsonl")


def test_the_facts_of_a_session(rounding):
    assert (rounding.agent, rounding.id) == ("copilot", "7c1e4b7e-9c53-4f3f-8a1d-2e445b1f0c52")
    assert (rounding.cwd, rounding.branch) == ("/home/mira/code/tidepool", "fix/rounding")
    assert (rounding.model, rounding.version) == ("claude-sonnet-4.5", "1.0.77")
    assert rounding.title == "Make rounding of tide heights consistent"
    assert rounding.skipped == 0
    assert rounding.started.isoformat() == "2026-11-18T09:00:02.120000+00:00"
    assert rounding.ended.isoformat() == "2026-11-18T09:00:42.120000+00:00"


def test_every_event_of_a_session(rounding):
    times = {one.time.second: one.time for one in rounding.events}
    expected = [
        ("prompt", 1, "user", ASK, "", 2, "", None, ""),
        ("thought", 2, "assistant", "Two roundings, one of them a format string.", "", 5, "", None, ""),
        ("reply", 2, "assistant", "I will look at both places first.", "", 5, "", None, ""),
        ("read", 2, "assistant", "", "tides/format.py", 5, "t1", None, ""),
        ("search", 2, "assistant", "tides", "round", 5, "t2", None, ""),
        ("result", 3, "tool", "12. return f'{height:.1f}'", "", 6, "t1", None, ""),
        ("result", 3, "tool", "tides/format.py:12", "", 6, "t2", None, ""),
        ("command", 4, "assistant", "Run the tests", "pytest -q", 8, "t3", None, ""),
        ("error", 5, "tool", "FAILED tests/test_format.py::test_half\n1 failed, 41 passed in 2.61s", "", 12, "t3", 1, ""),
        ("plan", 6, "assistant", "[x] Find both roundings\nMove rounding to tides/units.py", "todo", 14, "t4", None, ""),
        ("edit", 6, "assistant", "-     return f'{height:.1f}'\n+     return tenth(round(height * 100))", "tides/format.py", 14, "t5", None, ""),
        ("edit", 6, "assistant", "+ def tenth(centimetres):\n+     return (centimetres + 5) // 10", "tides/units.py", 14, "t6", None, ""),
        ("result", 7, "tool", "TODO list updated", "", 15, "t4", None, ""),
        ("result", 7, "tool", "File updated", "", 15, "t5", None, ""),
        ("result", 7, "tool", "Created file", "", 15, "t6", None, ""),
        ("tool", 8, "assistant", "agent_type=explore description=Find callers prompt=Find the callers of label()", "task", 16, "t7", None, ""),
        ("prompt", 9, "assistant", "Find the callers of label()", "", 17, "", None, "explore"),
        ("reply", 10, "assistant", "Three callers.", "", 18, "", None, "explore"),
        ("result", 11, "tool", "Three callers.", "", 19, "t7", None, ""),
        ("prompt", 12, "user", "we never use Decimal in the hot path, use integer centimetres instead", "", 21, "", None, ""),
        ("tool", 13, "assistant", "question=Round half up? choices=['yes', 'no']", "ask_user", 23, "t8", None, ""),
        ("result", 14, "tool", "User selected: yes", "", 24, "t8", None, ""),
        ("prompt", 15, "user", "Round half up? → yes", "", 24, "", None, ""),
        ("command", 16, "assistant", "", "make", 25, "t9", None, ""),
        ("result", 17, "tool", "<command started in background with sessionId: build>", "", 26, "t9", None, ""),
        ("result", 17, "tool", "built", "", 29, "t9", 0, ""),
        ("compaction", 18, "system", "Rounding moved to tides/units.py.", "", 31, "", None, ""),
        ("command", 19, "assistant", "Commit", "git commit -am 'Round heights in one place'", 32, "t11", None, ""),
        ("error", 20, "tool", "The tool call was rejected by the user. User feedback: run the tests again first", "", 33, "t11", None, ""),
        ("prompt", 21, "user", "run the tests again first", "", 33, "", None, ""),
        ("command", 22, "assistant", "Run the tests", "pytest -q", 35, "t12", None, ""),
        ("result", 23, "tool", "42 passed in 2.70s", "", 38, "t12", 0, ""),
        ("reply", 24, "assistant", "All tests pass.", "", 40, "", None, ""),
        ("interruption", 25, "user", "interrupted", "", 41, "", None, ""),
        ("error", 26, "system", "The model is overloaded", "", 42, "", None, ""),
    ]  # fmt: skip
    assert list(rounding.events) == [
        Event(kind, turn, role, text, target, times[second], call, code, agent)
        for kind, turn, role, text, target, second, call, code, agent in expected
    ]


def test_a_truncated_file_gives_everything_up_to_the_tear(rounding):
    session = read("copilot_truncated.jsonl")
    assert session.skipped == 1
    assert session.events == rounding.events[: len(session.events)]
    assert session.events[-1].target == "task"


def test_hostile_lines_are_skipped_and_counted_and_what_is_readable_is_read():
    session = read("copilot_hostile.jsonl")
    said = [one.text for one in session.events if one.kind == "prompt"]
    assert said == ["half a pair \ufffd and", "two", "objects", "still here"]
    assert session.skipped == 5


def test_a_call_that_is_asked_for_and_begun_is_one():
    begun = ("tool.execution_start", {"toolCallId": "c", "toolName": "bash", "arguments": {"command": "ls"}})
    assert [one.kind for one in of(START, ask("c", "bash", command="ls"), begun, done("c", "a")).events] == [
        "command",
        "result",
    ]
    assert [one.kind for one in of(START, begun, done("c", "a")).events] == ["command", "result"]


def test_success_alone_is_no_exit_code_and_failure_is_an_error():
    session = of(START, ask("c", "bash", command="ls"), done("c", "a.txt"))
    assert (session.events[-1].kind, session.events[-1].exit_code) == ("result", None)
    session = of(START, ask("c", "bash", command="ls"), done("c", "no such file", success=False))
    assert (session.events[-1].kind, session.events[-1].exit_code) == ("error", None)


def test_a_patch_is_its_edits():
    patch = "*** Begin Patch\n*** Update File: /w/tidepool/a.py\n@@\n-x\n+y\n*** Delete File: b.py\n*** End Patch"
    request = {"toolCallId": "c", "name": "apply_patch", "arguments": patch, "type": "custom"}
    session = of(START, ("assistant.message", {"content": "", "toolRequests": [request]}))
    assert [(one.kind, one.target, one.text) for one in session.events] == [
        ("edit", "a.py", "- x\n+ y"),
        ("edit", "b.py", REMOVED),
    ]


def test_a_refusal_without_a_reason_is_an_interruption():
    refused = done("c", "", success=False, result=None, error={"message": "The user rejected this tool call."})
    session = of(START, ask("c", "bash", command="rm x"), refused)
    assert [one.kind for one in session.events] == ["command", "error", "interruption"]


def test_reasoning_that_is_told_twice_is_one_thought():
    told = [("assistant.reasoning", {"content": "hm"}), ("assistant.message", {"content": "ok", "reasoningText": "hm"})]
    assert [one.kind for one in of(START, *told).events] == ["thought", "reply"]


def test_an_event_that_comes_again_counts_once():
    record = line("user.message", 1, content="go")
    (session,) = read_transcript(io.BytesIO((json.dumps(record) + "\n").encode() * 2), "x")
    assert [one.text for one in session.events] == ["go"]


WORKSPACE = b"""id: s
cwd: /w/tidepool
git_root: /w/tidepool
repository: mira/tidepool
branch: "fix/rounding"
summary_count: 0
summary: |-
  Make rounding consistent
"""


def test_the_workspaces_file_tells_what_the_log_does_not():
    edit = ask("c", "edit", path="/w/tidepool/a.py", old_str="x", new_str="y")
    session = of(("session.start", {"sessionId": "s"}), edit, parts=[("workspace", io.BytesIO(WORKSPACE))])
    assert (session.cwd, session.branch, session.title) == ("/w/tidepool", "fix/rounding", "Make rounding consistent")
    assert session.events[0].target == "a.py"


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe\0", b"[" * 100_000, b"cwd:\nbranch: null\n", b"cwd: [1]\n"])
def test_a_broken_workspaces_file_changes_nothing_in_the_log(raw):
    session = of(START, ("user.message", {"content": "go"}), parts=[("workspace", io.BytesIO(raw))])
    assert [one.text for one in session.events] == ["go"]
    assert (session.cwd, session.branch) == ("/w/tidepool", "main")


def test_a_session_without_an_id_has_that_of_its_place():
    said = ("user.message", {"content": "go"})
    assert of(said, name="/h/.copilot/session-state/abc/events.jsonl").id == "abc"
    assert of(said, name="C:\\h\\session-state\\abc.jsonl").id == "abc"


def test_a_file_in_which_no_one_spoke_is_a_session_without_events():
    assert of(START, ("session.info", {"message": "x"})).events == ()


def test_wrong_types_never_stop_the_reading():
    for wrong in (None, 5, "x", [], [None], {}, {"a": 1}):
        for kind in ("session.start", "user.message", "assistant.message", "tool.execution_start", "tool.execution_complete", "session.error", "subagent.started", "session.compaction_complete"):  # fmt: skip
            keys = ("content", "context", "toolRequests", "toolCallId", "toolName", "arguments", "result", "error", "message", "source", "success")  # fmt: skip
            of(START, (kind, dict.fromkeys(keys, wrong)))


def test_other_formats_are_not_taken_for_copilot():
    assert not copilot.recognises(b'{"type":"user","message":{"role":"user"},"uuid":"1","data":{},"parentUuid":null}\n')
    assert not copilot.recognises(b'{"type":"session.start","data":{}}\n')


def test_the_folder_that_the_log_names_counts_more_than_the_workspaces():
    edit = ask("c", "edit", path="/w/tidepool/a.py", old_str="x", new_str="y")
    session = of(START, edit, parts=[("workspace", io.BytesIO(b"cwd: /elsewhere\n"))])
    assert (session.cwd, session.events[0].target) == ("/w/tidepool", "a.py")


def test_the_log_of_an_editor_has_other_names_for_the_tools():
    done = ("tool.execution_complete", {"toolCallId": "c", "success": True})
    session = of(
        START,
        ask("c", "run_in_terminal", command="npm test", explanation="x", isBackground=False),
        done,
        ask("d", "replace_string_in_file", filePath="/w/tidepool/a.ts", oldString="x", newString="y"),
        ask(
            "e",
            "manage_todo_list",
            todoList=[{"id": 1, "title": "one", "status": "completed"}, {"id": 2, "title": "two"}],
        ),
    )
    assert [(one.kind, one.target, one.text) for one in session.events] == [
        ("command", "npm test", ""), ("result", "", ""), ("edit", "a.ts", "- x\n+ y"), ("plan", "todo", "[x] one\ntwo"),
    ]  # fmt: skip


def test_what_is_private_stays_out_wherever_it_stands():
    secret = "<private>hunter2</private>"
    session = of(
        START,
        ("user.message", {"content": f"a {secret}"}),
        ask("c", "bash", command=f"echo {secret}", description=secret),
        done("c", f"said {secret}"),
        ask("d", "edit", path="a.py", old_str=secret, new_str=secret),
        ask("e", "some_tool", value=secret),
        ask("f", "grep", pattern=secret),
        ("session.error", {"message": secret}),
        ("session.compaction_complete", {"summaryContent": secret}),
        ("session.title_changed", {"title": f"t {secret}"}),
    )
    assert "hunter2" not in repr(session)


def test_the_first_event_of_early_versions_has_no_envelope():
    data = b'{"type":"session.start","data":{"sessionId":"s","copilotVersion":"0.0.340"},"timestamp":"2026-01-01T00:00:00Z"}\n'
    assert recognise(data).__name__.endswith(".copilot")
