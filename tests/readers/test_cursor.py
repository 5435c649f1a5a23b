"""The Cursor reader, on samples that are true to both forms of the format."""

import hashlib
import io
import json
import tracemalloc
from datetime import datetime
from pathlib import Path

import pytest

from reading import SAMPLES, assert_one_role_a_turn, essence, lines, one, told
from session_journal.core.events import REMOVED
from session_journal.readers import cursor, read_transcript, recognise

CWD = "/home/mira/code/tidepool"
PLOT = [
    (1, "user", "prompt", "", "The plot of Brest is upside down. Turn it."),
    (2, "assistant", "reply", "", "I look at the plot first."),
    (2, "assistant", "read", "plot.py", ""),
    (2, "assistant", "search", "invert_yaxis", CWD),
    (3, "assistant", "reply", "", "The axis is inverted twice."),
    (3, "assistant", "edit", "plot.py", "- ax.invert_yaxis()"),
    (3, "assistant", "command", "python -m pytest -q", "Run the tests"),
    (4, "assistant", "reply", "", "It is the right way up now."),
    (5, "user", "prompt", "", "also remove old.py"),
    (6, "assistant", "edit", "old.py", REMOVED),
    (6, "assistant", "plan", "todo", "[x] remove old.py\ncommit"),
    (6, "assistant", "tool", "Task", "description=look for uses prompt=Find uses of old.py subagent_type=explore"),
    (7, "system", "error", "", "You have hit your usage limit."),
    (8, "assistant", "reply", "", "Nothing uses old.py."),
]
TEXT = [
    (1, "user", "prompt", "", "The plot of Brest is upside down.\nuser:\nis only a word here"),
    (2, "assistant", "thought", "", "The axis may be\ninverted twice.\nI look at the plot first."),
    (2, "assistant", "read", f"{CWD}/plot.py", ""),
    (3, "tool", "result", "", ""),
    (4, "assistant", "plan", "todo", "turn it"),
    (
        4, "assistant", "edit", f"{CWD}/plot.py",
        '- ax.invert_yaxis()\n-   command: is no argument of this call\n+ ax.set_title("Brest")\n+ ax.grid()',
    ),
    (5, "tool", "result", "", ""),
    (6, "assistant", "command", "cat <<'END' > notes.md\nuser:\n  path: of a file\nEND", "Write notes"),
    (7, "tool", "result", "", "ok"),
    (8, "assistant", "reply", "", "Done: it is the right way up."),
    (9, "user", "prompt", "", "thanks, commit it"),
]  # fmt: skip


def user(text):
    return {"role": "user", "message": {"content": [{"type": "text", "text": text}]}}


def assistant(*blocks):
    return {"role": "assistant", "message": {"content": list(blocks)}}


def use(name, **given):
    return {"type": "tool_use", "name": name, "input": given}


def said(session):
    return [event.text for event in session.events if event.kind == "prompt"]


def test_lines_are_read():
    session = one("cursor_plot.jsonl")
    assert told(session) == PLOT
    assert (session.agent, session.cwd, session.skipped) == ("cursor", CWD, 0)
    assert session.sha256 == hashlib.sha256((SAMPLES / "cursor_plot.jsonl").read_bytes()).hexdigest()
    assert session.started == datetime.fromisoformat("2026-01-12T09:05+01:00")
    assert session.ended == datetime.fromisoformat("2026-01-12T09:20+01:00")


def test_the_earlier_text_is_read():
    session = one("cursor_plot.txt")
    assert told(session) == TEXT
    assert (session.started, session.cwd, session.model) == (None, "", "")
    assert session.sha256 == hashlib.sha256((SAMPLES / "cursor_plot.txt").read_bytes()).hexdigest()
    calls = [event.call for event in session.events if event.kind in {"command", "result"}]
    assert calls == ["call-1", "call-3", "call-4", "call-4"]


def test_a_truncated_file_gives_everything_up_to_the_tear():
    data = (SAMPLES / "cursor_plot.jsonl").read_bytes()
    session = one(data[: data.index(b"also remove")])
    assert (told(session), session.skipped) == (PLOT[:8], 1)
    text = (SAMPLES / "cursor_plot.txt").read_bytes()
    assert told(one(text[: text.index(b"  description: Write")])) == [*TEXT[:7], (*TEXT[7][:4], "")]


def test_hostile_lines_are_skipped_and_counted_and_what_is_readable_is_read():
    session = one("cursor_hostile.jsonl")
    assert said(session) == [PLOT[0][4], "first of two", "second of two", "half a pair \ufffd alone"]
    assert session.skipped == 4
    assert_one_role_a_turn(session)


@pytest.mark.parametrize("wrong", [None, 7, "text", [], {}, [None], {"a": [1]}, True])
@pytest.mark.parametrize("key", ["type", "text", "name", "input", "id", "content", "thinking", "tool_use_id"])
@pytest.mark.parametrize("kind", ["text", "thinking", "tool_use", "tool_result"])
def test_a_value_of_another_type_never_raises(kind, key, wrong):
    block = {"type": kind, "text": "x", "name": "Shell", "input": {"command": "ls"}, "content": "y", key: wrong}
    for role in ("user", "assistant"):
        record = {"role": role, "message": {"content": [block]}}
        assert one(lines(user("hi"), record)).agent == "cursor"


@pytest.mark.parametrize(
    "data",
    [
        b"user:\n<user_query>\nnever closed",
        b"user:\n<user_query>\n\xff\xfe\x00\n</user_query>\n\nassistant:\n[Tool call]\n[Tool result]\n[Tool call] Shell",
        b"user:\n<user_query>\nx\n</user_query>\nassistant:\n" + b"[Tool call] Write\n  contents: " + b"y" * 3_000_000,
        b"user:\r\n<user_query>\r\nwith carriage returns\r\n</user_query>\r\n\r\nassistant:\r\nyes\r\n",
        b"user:\n[Thinking] in the user's words\n\nuser:\n\nuser:\nassistant:\nassistant:\n",
    ],
)
def test_a_broken_text_never_raises(data):
    assert_one_role_a_turn(one(data))


def test_a_word_of_a_file_is_no_turn_of_the_user_where_turns_have_tags():
    text = "user:\n<user_query>\ngo\n</user_query>\n\nassistant:\n[Tool result] Read\nusers:\n\nuser:\n  name: root\n\nassistant:\nread\n"
    assert [event.kind for event in one(text.encode()).events] == ["prompt", "result", "reply"]


def test_words_without_tags_are_the_users_but_for_what_cursor_adds():
    context = "<open_and_recently_viewed_files>\na.py\n</open_and_recently_viewed_files>\n<rules>be brief</rules>\n"
    assert said(one(lines(user(f"{context}fix it"), user(context)))) == ["fix it"]


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("Wednesday, Jul 1, 2026, 8:05 AM (UTC)", "2026-07-01T08:05+00:00"),
        ("Friday, May 8, 2026, 12:05 AM (UTC+5:30)", "2026-05-08T00:05+05:30"),
        ("Friday, May 8, 2026, 12:05 PM (UTC-3:30)", "2026-05-08T12:05-03:30"),
        ("\nSunday, December 6, 2026,\n18:05 (UTC+8)\n", "2026-12-06T18:05+08:00"),
        ("Friday, May 8, 2026, 6:05 AM", None),
        ("Friday, Foo 8, 2026, 6:05 AM (UTC)", None),
        ("Friday, Feb 31, 2026, 6:05 AM (UTC)", None),
        ("Friday, Feb 3, 2026, 6:05 AM (UTC+99)", None),
    ],
)
def test_a_time_is_taken_only_with_its_zone(written, moment):
    session = one(lines(user(f"<timestamp>{written}</timestamp>\n<user_query>x</user_query>")))
    assert session.started == (datetime.fromisoformat(moment) if moment else None)


def test_a_result_joins_the_call_that_it_answers():
    two = assistant(
        {**use("Shell", command="a"), "id": "t1"}, {**use("Shell", command="b"), "id": "t2"}, use("Read", path="c")
    )
    answers = [
        {"type": "tool_result", "tool_use_id": "t2", "content": "of b"},
        {"type": "tool-result", "name": "Read", "content": "of c"},
    ]
    session = one(lines(user("go"), two, {"role": "user", "message": {"content": answers}}))
    assert [(event.text, event.call) for event in session.events if event.kind == "result"] == [
        ("of b", "t2"),
        ("of c", "call-3"),
    ]


def test_the_id_is_the_files_where_cursor_gave_it_its_name_and_else_that_of_the_first_exchange():
    uuid = "0f8fad5b-d9cb-469f-a165-70867728950e"
    data = lines(user("go"), assistant({"type": "text", "text": "ok"}), user("on"))

    def name_of(name, data):
        return next(read_transcript(io.BytesIO(data), name)).id

    assert name_of(f"/x/{uuid}.jsonl", data) == uuid
    assert name_of("/h/.cursor/projects/p/agent-transcripts/chat-7.jsonl", data) == "chat-7"
    assert name_of("a.jsonl", data) == name_of("b.jsonl", data + lines(user("and on")))
    assert name_of("a.jsonl", data) != name_of("a.jsonl", lines(user("go"), assistant(use("Read", path="x"))))


def test_a_conversation_that_goes_on_holds_all_messages_of_its_beginning():
    first = lines(user("go"), assistant({"type": "text", "text": "ok"}))
    longer = one(first + lines(user("on")))
    assert one(first).uuids < longer.uuids
    assert not longer.uuids & one(lines(user("stop"), assistant({"type": "text", "text": "ok"}))).uuids


def test_the_folder_is_the_path_by_which_the_folder_of_transcripts_is_called():
    data = lines(
        user("go"),
        assistant(use("Read", path="/etc/hosts"), use("Write", path="/home/mira/my_code/a/b.py", contents="x")),
    )

    def read(name):
        return next(read_transcript(io.BytesIO(data), name))

    session = read("/h/.cursor/projects/home-mira-my-code/agent-transcripts/a.jsonl")
    assert session.cwd == "/home/mira/my_code"
    assert [event.target for event in session.events if event.kind in {"edit", "read"}] == ["/etc/hosts", "a/b.py"]
    assert read("/h/.cursor/projects/empty-window/agent-transcripts/a.jsonl").cwd == ""
    windows = lines(user("go"), assistant(use("Read", path="C:\\code\\tide\\a\\b.py")))
    name = "C:\\u\\.cursor\\projects\\c-code-tide\\agent-transcripts\\a.jsonl"
    (session,) = read_transcript(io.BytesIO(windows), name)
    assert (session.cwd, session.events[-1].target) == ("C:\\code\\tide", "a/b.py")


def test_a_sub_agent_is_not_the_user():
    part = lines(user("<user_query>find uses</user_query>"), assistant({"type": "text", "text": "none"}))
    (session,) = read_transcript(io.BytesIO(lines(user("go"))), "x", [("d", io.BytesIO(part))])
    assert [(event.role, event.agent) for event in session.events] == [
        ("user", ""),
        ("assistant", "d"),
        ("assistant", "d"),
    ]
    (alone,) = read_transcript(io.BytesIO(part), "/agent-transcripts/c/subagents/d.jsonl")
    assert [(event.role, event.agent) for event in alone.events] == [("assistant", "d"), ("assistant", "d")]


def test_what_is_private_stays_out_wherever_it_stands():
    secret = "<private>hunter2</private>"
    blocks = [
        {"type": "text", "text": f"b {secret}"},
        {"type": "thinking", "thinking": secret},
        use("Shell", command=f"echo {secret}", description=secret),
        use("StrReplace", path=f"/w/{secret}", old_string=secret, new_string=secret),
        use("Some", value=secret),
        use("Grep", pattern=secret, path=secret),
        use("TodoWrite", todos=[{"content": f"x {secret}", "status": "pending"}]),
        {"type": "tool_result", "content": secret},
    ]
    data = lines(
        user(f"<user_query>a {secret}</user_query>"),
        assistant(*blocks),
        {"type": "turn_ended", "status": "error", "error": secret},
    )
    meta = json.dumps({"title": f"t {secret}"}).encode()
    (session,) = read_transcript(io.BytesIO(data), "x", [("meta.json", io.BytesIO(meta))])
    assert len(session.events) > 7
    assert "hunter2" not in repr(session)
    text = f"user:\n<user_query>\na {secret}\n</user_query>\n\nassistant:\n[Thinking] {secret}\n[Tool call] Shell\n  command: echo {secret}\n\n[Tool result] Shell\n{secret}\n"
    assert "hunter2" not in repr(one(text.encode()))


def test_what_the_command_line_notes_gives_title_and_times():
    def read(meta, data):
        return next(read_transcript(io.BytesIO(data), "x", [("meta.json", io.BytesIO(meta))]))

    meta = json.dumps(
        {"schemaVersion": 1, "createdAtMs": 1_768_204_800_000, "updatedAtMs": 1_768_212_000_000, "title": "Tides"}
    )
    session = read(meta.encode(), lines(user("go")))
    assert (session.title, session.started.isoformat(), session.ended.isoformat()) == (
        "Tides",
        "2026-01-12T08:00:00+00:00",
        "2026-01-12T10:00:00+00:00",
    )
    assert [event.time for event in session.events] == [None]
    for wrong in (b"{torn", b"[1]", b'{"createdAtMs": "x", "updatedAtMs": true, "title": 7}', b"\xff"):
        session = read(wrong, lines(user("go")))
        assert (session.title, session.started, session.ended) == ("", None, None)


def test_a_stopped_turn_is_an_interruption():
    session = one(lines(user("go"), {"type": "turn_ended", "status": "aborted"}))
    assert told(session)[1:] == [(2, "user", "interruption", "", "turn aborted")]


@pytest.mark.parametrize(
    "data",
    [b"user:\nhi\n\nassistant:\nhello\n", b"User: hi\n[Tool call] x", b'{"role": "user", "content": "hi"}', b'{"role": "user", "message": {"content": "hi"}, "uuid": "1"}'],
)  # fmt: skip
def test_what_only_resembles_a_conversation_is_not_recognised(data):
    assert not cursor.recognises(data)


def test_a_first_prompt_longer_than_what_is_looked_at_is_read():
    session = one(lines(user("<rules>" + "x" * 400_000 + "</rules><user_query>go</user_query>"), user("on")))
    assert said(session) == ["go", "on"]


def test_the_memory_stays_small_for_a_file_of_any_size():
    big = lines(assistant({"type": "text", "text": "word " * 40_000}, use("Write", path="a", contents="x\n" * 60_000)))
    data = lines(user("go")) + big * 300
    tracemalloc.start()
    try:
        (session,) = read_transcript(io.BytesIO(data), "x")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert said(session) == ["go"]
    assert peak < 40_000_000


def test_every_real_transcript_is_read_as_it_is_written(shared_data):
    expected = json.loads((Path(__file__).parent / "expected_cursor.json").read_text(encoding="utf-8"))
    found = {}
    for path in sorted((shared_data / "cursor").glob("*.jsonl")):
        with path.open("rb") as stream:
            (session,) = read_transcript(stream, path.name)
        assert_one_role_a_turn(session)
        assert session.skipped == 0
        found[path.name] = essence(session)
    assert found == expected


def test_every_sample_is_recognised_as_what_it_is():
    for path in SAMPLES.glob("cursor_*"):
        assert recognise(path.read_bytes()).__name__.endswith(".cursor"), path.name


PATCH = (
    f"*** Begin Patch\n*** Add File: {CWD}/new.py\n+a = 1\n*** Update File: {CWD}/plot.py\n@@\n-b\n+c\n*** End Patch"
)


@pytest.mark.parametrize("given", [PATCH, {"patch": PATCH}])
def test_a_patch_changes_the_files_that_it_names(given):
    folder = f"/u/projects/{CWD.strip('/').replace('/', '-')}/agent-transcripts/x.jsonl"
    call = {"type": "tool_use", "name": "ApplyPatch", "input": given}
    session = one(lines({"role": "assistant", "message": {"content": [call]}}), folder)
    assert [(event.kind, event.target, event.text) for event in session.events] == [
        ("edit", "new.py", "+ a = 1"), ("edit", "plot.py", "- b\n+ c"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("ReadFile", {"path": "/w/plot.py"}, ("read", "/w/plot.py")),
        ("rg", {"pattern": "axis"}, ("search", "axis")),
        ("Grep path\n/w", {"pattern": "axis"}, ("tool", "Grep path")),
    ],
)
def test_a_tool_is_known_by_each_of_its_names(name, given, expected):
    call = {"type": "tool_use", "name": name, "input": given}
    (event,) = one(lines({"role": "assistant", "message": {"content": [call]}})).events
    assert (event.kind, event.target) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Briefly inform the user about the task result and perform any follow-up actions (if needed).",
        "Perform any necessary follow-up actions in response to the subagent completion above.",
        "The above subagent result is already visible to the user. DO NOT reiterate or summarize its contents.",
        "The beginning of the above subagent result is already visible to the user. Perform any follow-up actions.",
    ],
)
def test_how_cursor_makes_its_assistant_go_on_is_nobody_speaking(text):
    raw = f"<timestamp>Monday, Nov 16, 2026, 9:47 AM (UTC+5:30)</timestamp>\n\n<user_query>{text}</user_query>"
    asked = [{"role": "user", "message": {"content": [{"type": "text", "text": one}]}} for one in (raw, "thanks")]
    assert [event.text for event in one(lines(*asked)).events] == ["thanks"]
