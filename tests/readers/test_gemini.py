"""The Gemini CLI reader, on samples that are true to both generations of the format."""

import hashlib
import io
import json
import os
import tracemalloc
from pathlib import Path

import pytest

from reading import SAMPLES, assert_one_role_a_turn, essence, lines, one, told
from session_journal.errors import TranscriptError
from session_journal.readers import read_transcript, recognise

CWD = "/home/mira/code/tidepool"
HASH = hashlib.sha256(CWD.encode()).hexdigest()
META = {"sessionId": "s", "projectHash": HASH, "startTime": "2026-01-12T09:00:00Z", "lastUpdated": "x", "kind": "main"}
ROUNDING = [
    (1, "user", "prompt", "", "Tide heights are rounded twice. Find out where."),
    (2, "assistant", "thought", "", "Looking for rounding: The table is made in format.py."),
    (2, "assistant", "search", "round\\(", ""),
    (2, "assistant", "read", "tides/format.py", ""),
    (3, "tool", "result", "", "tides/format.py:7: round(height, 1)"),
    (3, "tool", "result", "", "def tenth(height): ..."),
    (4, "assistant", "reply", "", "It is rounded in format.py. I change it."),
    (4, "assistant", "edit", "tides/format.py", "- round(height, 1)\n+ height"),
    (4, "assistant", "command", "python -m pytest -q", "Run it."),
    (5, "tool", "result", "", f"Successfully modified file: {CWD}/tides/format.py (1 replacements)."),
    (5, "tool", "error", "", "1 failed, 3 passed", 1),
    (6, "assistant", "command", "git push --force", ""),
    (7, "tool", "error", "", "[Operation Cancelled] Reason: User cancelled the operation."),
    (8, "user", "interruption", "", "cancelled the tool call"),
    (9, "user", "prompt", "", "do not push, fix the test"),
    (10, "system", "error", "", "[API Error: quota exceeded]"),
    (11, "assistant", "reply", "", "The test passes now."),
    (11, "assistant", "plan", "todo", "[x] fix the test\ncommit"),
    (11, "assistant", "command", "python -m pytest -q", "Run it."),
    (12, "tool", "result", "", "ok"),
    (12, "tool", "result", "", "4 passed", 0),
]
PLOT = [
    (1, "user", "prompt", "", "Plot the tides of Brest."),
    (2, "assistant", "reply", "", "I plot them."),
    (2, "assistant", "edit", "plot.py", "+ import matplotlib"),
    (2, "assistant", "command", "python plot.py", "Run it."),
    (3, "tool", "result", "", f"Successfully created and wrote to new file: {CWD}/plot.py."),
    (3, "tool", "error", "", "Exit Code: 7 is what it prints", 1),
    (4, "user", "prompt", "", "keep matplotlib"),
    (5, "assistant", "thought", "", "weigh it"),
    (5, "assistant", "reply", "", "Kept."),
    (5, "assistant", "command", "python plot.py", "Run it."),
    (6, "tool", "result", "", "", 0),
    (7, "user", "interruption", "", "Request cancelled."),
]


def message(key, text, kind="user", **more):
    return {"id": key, "timestamp": "2026-01-12T09:00:01Z", "type": kind, "content": text, **more}


def call(name, args, output="", status="success", **more):
    response = {"functionResponse": {"response": {"output": output}}}
    return {"id": "c", "name": name, "args": args, "result": [response], "status": status, **more}


def calling(*calls):
    return message("g", "", "gemini", toolCalls=list(calls))


def of(*records):
    return one(lines(META, *records))


def said(session):
    return [event.text for event in session.events if event.kind == "prompt"]


@pytest.mark.parametrize("name", ["gemini_rounding.json", "gemini_sorted.json"])
def test_one_object_is_read_whatever_the_order_of_its_members(name):
    session = one(name)
    assert told(session) == ROUNDING
    assert (session.agent, session.id) == ("gemini", "0b9f6c1e-53a1-4a0e-9d6e-2f1f0d3c7a11")
    assert (session.cwd, session.model, session.title) == (CWD, "gemini-2.5-flash", "Round tide heights once")
    assert (session.skipped, session.sha256) == (0, hashlib.sha256((SAMPLES / name).read_bytes()).hexdigest())
    assert session.uuids == {"u1", "g1", "g2", "i1", "g3", "u2", "e1", "g4"}
    assert (session.started.second, session.ended.minute) == (0, 1)
    joined = [event.call for event in session.events if event.kind in {"command", "result", "error"}]
    assert joined == ["c1", "c2", "c4", "c3", "c4", "c5", "c5", "", "c7", "c6", "c7"]


def test_lines_are_read_with_replaced_and_withdrawn_messages():
    session = one("gemini_plot.jsonl")
    assert told(session) == PLOT
    assert (session.id, session.cwd) == ("9f2d4c55-6a10-4e0b-8f83-1c6f7f0e5b22", CWD)
    assert (session.model, session.title) == ("gemini-3-flash-preview", "Plot the tides of Brest")
    assert (session.skipped, session.uuids) == (0, {"u1", "g1", "u3", "g3", "i1"})


def test_a_truncated_file_gives_everything_up_to_the_tear():
    session = one("gemini_truncated.json")
    assert told(session) == ROUNDING[:16]
    assert session.skipped == 1
    torn = (SAMPLES / "gemini_plot.jsonl").read_bytes()[:1_500]
    assert (told(one(torn))[:2], one(torn).skipped) == (PLOT[:2], 1)


def test_hostile_lines_are_skipped_and_counted_and_what_is_readable_is_read():
    session = one("gemini_hostile.jsonl")
    assert said(session) == [
        "one part alone",
        "half a pair \ufffd and",
        "second on the line",
        "Plot the tides of Brest.",
    ]
    assert session.skipped == 4
    assert_one_role_a_turn(session)


@pytest.mark.parametrize("wrong", [None, 7, "text", [], {}, [None], {"a": [1]}, True])
@pytest.mark.parametrize("key", ["content", "toolCalls", "thoughts", "timestamp", "displayContent", "model", "type"])
def test_a_value_of_another_type_never_raises(key, wrong):
    for kind in ("user", "gemini", "info", "error"):
        assert one(lines(META, {**message("m", "hi", kind), key: wrong})).id == "s"


@pytest.mark.parametrize("wrong", [None, 7, "text", [], {}, [None], {"a": [1]}, True])
@pytest.mark.parametrize("key", ["id", "name", "args", "result", "status", "timestamp", "description", "resultDisplay"])
def test_a_call_of_another_shape_never_raises(key, wrong):
    for name in ("run_shell_command", "ask_user", "replace", "write_todos"):
        assert of(calling({**call(name, {"command": "ls"}), key: wrong})).id == "s"


def test_an_object_on_one_line_is_read_as_one_on_many():
    data = json.loads((SAMPLES / "gemini_rounding.json").read_bytes())
    for text in (json.dumps(data), json.dumps(data) + "\n", "\ufeff" + json.dumps(data, indent="\t")):
        session = one(text.encode())
        assert told(session) == ROUNDING
        assert (session.cwd, session.model) == (CWD, "gemini-2.5-flash")


def test_a_broken_character_costs_no_message_of_an_object():
    messages = [message("u1", "one"), message("u2", "half @"), message("u3", "bytes #"), message("g", "ok", "gemini")]
    data = json.dumps({**META, "messages": messages}, indent=1).encode()
    session = one(data.replace(b"@", rb"\ud83d").replace(b"#", b"\xff"))
    assert (said(session), session.skipped) == (["one", "half \ufffd", "bytes \ufffd"], 0)


def test_a_list_of_messages_rebuilds_the_conversation():
    rebuilt = {"$set": {"messages": [message("u1", "kept"), message("u9", "new")]}}
    session = of(message("u1", "first"), message("u2", "gone"), rebuilt, message("u3", "after"))
    assert said(session) == ["kept", "new", "after"]


def test_a_summary_that_replaces_older_messages_takes_nothing_from_the_story():
    summary = message("u9", "<state_snapshot>we plot tides</state_snapshot>")
    ready = message("g9", "Got it. Thanks for the additional context!", "gemini")
    session = of(
        message("u1", "plot"), message("u2", "in blue"), {"$set": {"messages": [summary, ready, message("u2", "")]}}
    )
    assert [(event.kind, event.text) for event in session.events] == [
        ("prompt", "plot"),
        ("prompt", "in blue"),
        ("compaction", "<state_snapshot>we plot tides</state_snapshot>"),
    ]


def test_going_back_to_an_unknown_message_takes_all_back():
    assert said(of(message("u1", "one"), {"$rewindTo": "?"}, message("u2", "two"))) == ["two"]


def test_a_long_session_settles_its_older_messages_and_can_still_go_back_to_them():
    many = [message(f"u{at}", f"{at} " + "x" * 20_000) for at in range(500)]
    session = of(*many, {"$rewindTo": "u3"}, message("last", "again"))
    assert [text.split()[0] for text in said(session)] == ["0", "1", "2", "again"]
    assert_one_role_a_turn(session)


def test_setup_and_hook_context_are_nobody_speaking():
    setup = message("u1", "This is the Gemini CLI. We are setting up the context for our chat.")
    context = message("u2", "<session_context>\nToday is Monday.\n</session_context>")
    assert said(of(setup, context, message("u3", "go<hook_context>x</hook_context> on"))) == ["go on"]


@pytest.mark.parametrize(
    "filling", ["\n", "--- Content from referenced files ---\n", "<hook_context>", "/a", "Exit Code: 1\n"]
)
def test_no_text_takes_long(filling):
    text = filling * 200_000
    asked = message("u", text + "--- Content from")
    answered = calling(call("run_shell_command", {"command": text}, "Output: " + text))
    assert {event.role for event in of(asked, answered).events} >= {"assistant", "tool"}


def test_what_the_user_answered_is_the_user_speaking():
    asked = call("ask_user", {"questions": [{"question": "Which port?"}]}, '{"answers": {"0": "8080"}}')
    assert said(of(calling(asked))) == ["Which port? → 8080"]


@pytest.mark.parametrize(
    ("report", "text", "code"),
    [
        ("Output: done\nProcess Group PGID: 1", "done", 0),
        ("Output: (empty)\nProcess Group PGID: 1", "", 0),
        ("Output: a\nExit Code: 3\nProcess Group PGID: 1", "a", 3),
        ("Output: a\nSignal: 9\nProcess Group PGID: 1", "a", None),
        ("Output: a\nError: spawn failed\nProcess Group PGID: 1", "a\nspawn failed", None),
        ("Output: a\nBackground PIDs: 5, 6\nProcess Group PGID: 1", "a", 0),
        ("Command: ls\nDirectory: (root)\nOutput: x\nError: (none)\nExit Code: (none)\nSignal: 2", "x", None),
        ("Command: ls\nDirectory: (root)\nStdout: x\nStderr: (empty)\nError: (none)\nExit Code: 2", "x\nStderr: (empty)", 2),
        ("Output: it was cut", "it was cut", None),
        ("Command was cancelled by user before it could complete.", None, None),
        ("Command moved to background (PID: 12). Output hidden.", None, None),
    ],
)  # fmt: skip
def test_exit_codes_come_from_the_report_alone(report, text, code):
    (event,) = (
        one for one in of(calling(call("run_shell_command", {"command": "x"}, report))).events if one.role == "tool"
    )
    assert (event.text, event.exit_code) == (report if text is None else text, code)


def test_a_call_without_an_answer_yet_has_no_result():
    running = {"id": "c", "name": "run_shell_command", "args": {"command": "sleep 9"}, "status": "executing"}
    assert [event.kind for event in of(calling(running)).events] == ["command"]


def test_what_is_private_stays_out_wherever_it_stands():
    secret = "<private>hunter2</private>"
    answers = json.dumps({"answers": {"0": secret}})
    thought = {"subject": secret, "description": secret}
    calls = [
        call("run_shell_command", {"command": f"echo {secret}", "description": secret}, f"Output: {secret}"),
        call("replace", {"file_path": f"/w/{secret}", "old_string": secret, "new_string": secret}),
        call("some_tool", {"value": secret}, secret, "error"),
        call("grep_search", {"pattern": secret, "dir_path": secret}),
        call("write_todos", {"todos": [{"description": f"x {secret}", "status": "pending"}]}),
        call("ask_user", {"questions": [{"question": secret}]}, answers),
    ]
    session = of(
        message("u", f"a {secret}"),
        message(
            "g",
            [{"text": f"b {secret}"}, {"text": secret, "thought": True}],
            "gemini",
            thoughts=[thought],
            toolCalls=calls,
        ),
        message("e", secret, "error"),
        message("s", f"<state_snapshot>{secret}</state_snapshot>"),
        {"$set": {"summary": f"t {secret}"}},
    )
    assert len(session.events) > 12
    assert "hunter2" not in repr(session)


def test_a_sub_agent_is_not_the_user():
    main, part = lines(META, message("u1", "go")), lines({**META, "kind": "subagent"}, message("p1", "search for it"))
    (session,) = read_transcript(io.BytesIO(main), "x", [("helper-1", io.BytesIO(part))])
    assert [(event.role, event.agent, event.turn) for event in session.events] == [
        ("user", "", 1),
        ("assistant", "helper-1", 2),
    ]
    alone = one(part)
    assert [(event.role, event.agent) for event in alone.events] == [("assistant", "s")]


def test_the_folder_is_known_by_its_hash_alone():
    named = calling(call("read_file", {"file_path": f"{CWD}/a/b.py"}), call("read_file", {"file_path": "/etc/hosts"}))
    session = of(named)
    assert session.cwd == CWD
    assert [event.target for event in session.events if event.kind == "read"] == ["a/b.py", "/etc/hosts"]
    assert one(lines({**META, "projectHash": "0" * 64}, named)).cwd == ""
    windows = {**META, "projectHash": hashlib.sha256(b"C:\\code\\tide").hexdigest()}
    session = one(lines(windows, calling(call("read_file", {"file_path": "C:\\code\\tide\\a\\b.py"}))))
    assert (session.cwd, session.events[0].target) == ("C:\\code\\tide", "a/b.py")


def test_the_folder_is_read_beside_the_transcript():
    (session,) = read_transcript(
        io.BytesIO(lines(META, message("u", "hi"))), "x", [(".project_root", io.BytesIO(b"/w/tide\n"))]
    )
    assert session.cwd == "/w/tide"


def test_a_file_in_which_nobody_spoke_is_a_session_without_prompts():
    assert of().events == ()


def test_a_session_without_an_id_is_called_by_its_file():
    (session,) = read_transcript(io.BytesIO(lines(message("g", "hi", "gemini"))), "/t/chats/session-1.jsonl")
    assert session.id == "session-1"


@pytest.mark.parametrize(
    "data",
    [b'{"messages": [{"role": "user", "content": "hi"}]}', b'{"lastUpdated": 1, "messages": []}', b'[{"type": "gemini"}]', b'{"id": "1", "type": "user"}'],
)  # fmt: skip
def test_what_only_resembles_a_session_is_not_recognised(data):
    with pytest.raises(TranscriptError, match="no known transcript format"):
        one(data)


def test_a_pipe_is_read_as_a_file_is(tmp_path):
    for name in ("gemini_rounding.json", "gemini_plot.jsonl"):
        data = (SAMPLES / name).read_bytes()
        reading, writing = os.pipe()
        with os.fdopen(writing, "wb") as stream:
            stream.write(data)
        with os.fdopen(reading, "rb") as stream:
            (session,) = read_transcript(stream, "-")
        assert told(session) == told(one(name))
        assert session.sha256 == hashlib.sha256(data).hexdigest()


class Long(io.RawIOBase):
    """A transcript of many megabytes that is nowhere as a whole."""

    def __init__(self, head, piece, count, tail):
        self.left = [tail, *[piece] * count, head]
        self.rest = b""

    def readable(self):
        return True

    def readinto(self, buffer):
        if not self.rest and self.left:
            self.rest = self.left.pop()
        part, self.rest = self.rest[: len(buffer)], self.rest[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)


@pytest.mark.parametrize("generation", ["object", "lines"])
def test_the_memory_stays_small_for_a_file_of_any_size(generation):
    piece = json.dumps(calling(call("run_shell_command", {"command": "x"}, "word " * 40_000))).encode()
    meta = json.dumps(META).encode()
    if generation == "object":
        stream = Long(meta[:-1] + b', "messages": [', piece + b",", 500, piece + b"]}")
    else:
        stream = Long(meta + b"\n", piece + b"\n", 500, b"")
    tracemalloc.start()
    try:
        (session,) = read_transcript(io.BufferedReader(stream), "-")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert session.events[0].target == "x"
    assert peak < 12_000_000


def test_every_real_transcript_is_read_as_it_is_written(shared_data):
    expected = json.loads((Path(__file__).parent / "expected_gemini.json").read_text(encoding="utf-8"))
    found = {}
    for path in sorted((shared_data / "gemini").glob("*.json*")):
        with path.open("rb") as stream:
            (session,) = read_transcript(stream, path.name)
        assert_one_role_a_turn(session)
        assert session.skipped == 0
        found[path.name] = essence(session)
    assert found == expected


def test_every_sample_is_recognised_as_what_it_is():
    for path in SAMPLES.glob("gemini_*"):
        assert recognise(path.read_bytes()).__name__.endswith(".gemini"), path.name


def test_messages_of_one_object_need_no_ids():
    messages = [
        {"type": "user", "content": "why?"},
        {"type": "gemini", "content": "so"},
        {"type": "user", "content": "why?"},
    ]
    data = json.dumps({"sessionId": "s", "projectHash": "h", "messages": messages}).encode()
    (session,) = read_transcript(io.BytesIO(data), "session.json")
    assert [(event.kind, event.text) for event in session.events] == [
        ("prompt", "why?"), ("reply", "so"), ("prompt", "why?"),
    ]  # fmt: skip
    assert session.uuids == frozenset()
