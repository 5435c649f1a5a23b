"""The opencode reader, on real databases of both schemas and on files true to both layouts."""

import io
import json
import os
import shutil
import sqlite3
import stat
import tracemalloc
from contextlib import closing
from pathlib import Path

import pytest

from reading import SAMPLES, assert_one_role_a_turn, essence, one, told
from session_journal.app.draft import read_sessions
from session_journal.core.events import REMOVED
from session_journal.errors import TranscriptError
from session_journal.readers import read_transcript, recognise

CWD = "/home/mira/code/tidepool"
T = 1_768_208_700_000
STORAGE = SAMPLES / "opencode" / "storage"
REFUSED = "The user rejected permission to use this specific tool call with the following feedback:"
TOLD = [
    (1, "user", "prompt", "", "Tide heights are rounded twice. Find out where."),
    (2, "assistant", "thought", "", "Look at format.py."),
    (2, "assistant", "reply", "", "I look where it is rounded."),
    (2, "assistant", "search", "round\\(", CWD),
    (2, "assistant", "read", "tides/format.py", ""),
    (3, "tool", "result", "", "Found 1 matches"),
    (3, "tool", "result", "", "<file>\n00001| def tenth\n</file>"),
    (4, "assistant", "edit", "tides/format.py", "- round(height, 1)\n+ height"),
    (4, "assistant", "command", "python -m pytest -q", "Run tests"),
    (4, "assistant", "edit", "tides/cache.txt", ""),
    (5, "tool", "result", "", ""),
    (5, "tool", "error", "", "1 failed, 3 passed", 1),
    (6, "assistant", "command", "git push --force", ""),
    (7, "tool", "error", "", f"{REFUSED} do not push, fix the test"),
    (8, "user", "prompt", "", "do not push, fix the test"),
    (9, "assistant", "tool", "task", "description=Find uses prompt=Find uses of tenth subagent_type=explore"),
    (10, "assistant", "prompt", "", "Find uses of tenth"),
    (11, "assistant", "reply", "", "Nothing else uses it."),
    (12, "tool", "result", "", "none"),
    (13, "assistant", "reply", "", "Now I"),
    (14, "user", "interruption", "", "the turn was aborted"),
    (15, "system", "compaction", "", "Rounding was removed from format.py; a test still fails."),
    (16, "user", "prompt", "", "go on"),
    (17, "assistant", "edit", "tests/test_format.py", "- assert tenth(2.35) == 2.4\n+ assert tenth(2.35) == 2.35"),
    (17, "assistant", "edit", "old.py", REMOVED),
    (17, "assistant", "plan", "todo", "[x] fix the test\ncommit"),
    (17, "assistant", "command", "sleep 99", ""),
    (18, "tool", "result", "", "Success"),
    (18, "tool", "result", "", "[]"),
    (19, "system", "error", "", "rate limited"),
]  # fmt: skip
EARLIER = """
CREATE TABLE `project` (`id` text PRIMARY KEY, `worktree` text NOT NULL);
CREATE TABLE `session` (`id` text PRIMARY KEY, `project_id` text NOT NULL, `parent_id` text, `slug` text NOT NULL,
  `directory` text NOT NULL, `title` text NOT NULL, `version` text NOT NULL, `share_url` text, `revert` text,
  `time_created` integer NOT NULL, `time_updated` integer NOT NULL);
CREATE TABLE `message` (`id` text PRIMARY KEY, `session_id` text NOT NULL, `time_created` integer NOT NULL,
  `time_updated` integer NOT NULL, `data` text NOT NULL);
CREATE TABLE `part` (`id` text PRIMARY KEY, `message_id` text NOT NULL, `session_id` text NOT NULL,
  `time_created` integer NOT NULL, `time_updated` integer NOT NULL, `data` text NOT NULL);
CREATE INDEX `part_message_idx` ON `part` (`message_id`);
"""
LATER = """
CREATE TABLE `session_v2` (`id` text PRIMARY KEY, `project_id` text NOT NULL, `parent_id` text,
  `directory` text NOT NULL, `title` text, `agent` text, `model` text, `revert` text,
  `time_created` integer NOT NULL, `time_updated` integer NOT NULL, `time_archived` integer);
CREATE TABLE `session_message` (`id` text PRIMARY KEY, `session_id` text NOT NULL, `type` text NOT NULL,
  `seq` integer NOT NULL, `time_created` integer NOT NULL, `time_updated` integer NOT NULL, `data` text NOT NULL);
"""


def make(path, schema=EARLIER, wal=True):
    """Return a connection to a new database as opencode makes it."""
    database = sqlite3.connect(path)
    database.execute("PRAGMA synchronous=off")
    if wal:
        database.execute("PRAGMA journal_mode=wal")
    database.executescript(schema)
    return database


def add_session(database, key, parent=None, created=T, title="t", revert=None):
    values = (key, "p", parent, "slug", CWD, title, "1.2.3", None, revert, created, created)
    database.execute(f"INSERT INTO session VALUES ({','.join('?' * len(values))})", values)


def add_message(database, session, key, info, *parts, at=0):
    info = {"time": {"created": T + at}, **info}
    database.execute("INSERT INTO message VALUES (?,?,?,?,?)", (key, session, T + at, T + at, json.dumps(info)))
    for number, part in enumerate(parts):
        add_part(database, session, key, f"{key}-{number}", json.dumps(part))


def add_part(database, session, message, key, data):
    database.execute("INSERT INTO part VALUES (?,?,?,?,?,?)", (key, message, session, T, T, data))


def add_row(database, session, key, kind, data, seq):
    values = (key, session, kind, seq, T + seq, T + seq, json.dumps(data))
    database.execute("INSERT INTO session_message VALUES (?,?,?,?,?,?,?)", values)


def say(text, **more):
    return {"type": "text", "text": text, **more}


def sessions(path):
    return list(read_sessions(str(path)))


def said(session):
    return [event.text for event in session.events if event.kind == "prompt" and event.role == "user"]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "opencode.db"


def fill(database, folder):
    """Put the sample's files into the tables, as opencode's own migration does."""
    for file in sorted((folder / "session").rglob("*.json")):
        info = json.loads(file.read_text(encoding="utf-8"))
        add_session(database, info["id"], info.get("parentID"), info["time"]["created"], info["title"])
        for message in sorted((folder / "message" / info["id"]).glob("*.json")):
            record = json.loads(message.read_text(encoding="utf-8"))
            key = record.pop("id")
            at = record["time"]["created"]
            database.execute("INSERT INTO message VALUES (?,?,?,?,?)", (key, info["id"], at, at, json.dumps(record)))
            for part in sorted((folder / "part" / key).glob("*.json")):
                data = json.loads(part.read_text(encoding="utf-8"))
                add_part(database, info["id"], key, data.pop("id"), json.dumps(data))


# --- files ----------------------------------------------------------------------------------------------------------


def test_a_session_of_files_is_read_with_its_messages_parts_and_sub_agents():
    (session,) = sessions(STORAGE / "session" / "proj" / "ses_a1.json")
    assert told(session) == TOLD
    assert {event.agent for event in session.events if event.turn in {10, 11}} == {"ses_b2"}
    assert (session.agent, session.id, session.cwd) == ("opencode", "ses_a1", CWD)
    assert (session.title, session.version, session.model) == ("Round tide heights once", "1.0.220", "gpt-5")
    assert session.started.timestamp() * 1000 == T
    assert session.ended.timestamp() * 1000 == T + 72_000
    assert session.uuids == {f"msg_{number:02}" for number in range(1, 11)}
    assert session.skipped == 0
    calls = [event.call for event in session.events if event.kind == "command"]
    assert calls == ["call_4", "call_5", "call_9"]


def test_what_export_writes_is_read_without_the_sub_agents(path):
    session = one("opencode_export.json")
    main = [event[1:] for event in TOLD if event[0] not in {10, 11}]
    assert [event[1:] for event in told(session)] == main
    assert (session.id, session.title) == ("ses_a1", "Round tide heights once")


def test_the_earliest_layout_has_all_below_the_session(tmp_path):
    top = tmp_path / "project" / "p" / "storage" / "session"
    shutil.copytree(STORAGE / "session" / "proj", top / "info")
    shutil.copytree(STORAGE / "message", top / "message")
    for folder in (STORAGE / "message").iterdir():
        for message in folder.iterdir():
            shutil.copytree(STORAGE / "part" / message.stem, top / "part" / folder.name / message.stem)
    (session,) = sessions(top / "info" / "ses_a1.json")
    assert told(session) == TOLD


def test_a_file_that_is_torn_or_hostile_is_counted_and_the_rest_is_read(tmp_path):
    storage = tmp_path / "storage"
    shutil.copytree(STORAGE, storage)
    part = storage / "part" / "msg_01"
    (part / "prt_01a.json").write_bytes(b'{"type": "text", "text": "torn')
    (part / "prt_01b.json").write_bytes(b"\x00\xff\xfe")
    (part / "prt_01c.json").write_bytes(b"[" * 10_000 + b"]" * 10_000)
    (part / "prt_01d.json").write_bytes(b'{"type": "text", "text": "half \\ud83d"}')
    (part / "prt_01e.json").write_bytes(b"[1, 2]")
    (session,) = sessions(storage / "session" / "proj" / "ses_a1.json")
    assert session.skipped >= 4
    assert told(session)[1:] == TOLD[1:]


def test_a_message_whose_parts_are_gone_has_its_title_left(tmp_path):
    storage = tmp_path / "storage"
    shutil.copytree(STORAGE, storage)
    shutil.rmtree(storage / "part")
    (session,) = sessions(storage / "session" / "proj" / "ses_a1.json")
    assert said(session) == ["Rounding"] * 3


def test_a_session_alone_has_nobody_speaking():
    session = one((STORAGE / "session" / "proj" / "ses_a1.json").read_bytes())
    assert (session.id, session.events) == ("ses_a1", ())


@pytest.mark.parametrize(
    "data",
    [b'{"id": "x", "time": {"created": 1}}', b'{"id": "ses_1", "time": 5, "title": "t"}', b'{"id": "x", "type": "user", "projectID": "p"}', b'{"info": {}, "messages": []}'],
)  # fmt: skip
def test_what_only_resembles_a_session_is_not_recognised(data):
    with pytest.raises(TranscriptError, match="no known transcript format"):
        one(data)


# --- the database ---------------------------------------------------------------------------------------------------


def test_a_database_of_the_earlier_schema_is_read_as_the_files_are(path):
    with closing(make(path)) as database:
        fill(database, STORAGE)
        database.commit()
    (session,) = sessions(path)
    assert told(session) == TOLD
    assert (session.id, session.cwd, session.version) == ("ses_a1", CWD, "1.2.3")
    assert session.uuids == {f"msg_{number:02}" for number in range(1, 11)}


def test_a_database_of_the_later_schema(path):
    call = {
        "type": "tool", "id": "c1", "name": "bash", "time": {"created": T + 1, "ran": T + 2, "completed": T + 3},
        "state": {
            "status": "completed", "input": {"command": "make"}, "structured": {},
            "content": [{"type": "text", "text": "built"}], "metadata": {"exit": 2},
        },
    }  # fmt: skip
    failed = {"type": "tool", "id": "c2", "name": "read", "state": {"status": "error", "input": {"filePath": f"{CWD}/a.py"}, "error": {"message": "not found"}}}  # fmt: skip
    pending = {"type": "tool", "id": "c3", "name": "bash", "state": {"status": "pending", "input": '{"comm'}}
    with closing(make(path, LATER)) as database:
        database.execute(
            "INSERT INTO session_v2 VALUES ('s','p',NULL,?,'Build it','build',NULL,NULL,?,?,NULL)", (CWD, T, T)
        )
        rows = [
            ("model-switched", {"model": {"id": "m-1"}}),
            ("user", {"text": "build it <private>with my key</private>", "time": {"created": T}}),
            ("synthetic", {"text": "context"}),
            ("assistant", {
                "content": [{"type": "reasoning", "text": "make it"}, {"type": "text", "text": "I build."}, call, failed],
                "model": {"id": "m-2"}, "time": {"created": T + 1},
            }),
            ("assistant", {"content": [{"type": "text", "text": "It failed."}, pending], "error": {"type": "aborted", "message": "x"}}),
            ("shell", {"callID": "sh", "command": "git status", "output": "clean", "exit": 0, "time": {"created": T + 9, "completed": T + 9}}),
            ("compaction", {"summary": "We built it.", "reason": "auto"}),
            ("assistant", {"content": [], "error": {"type": "unknown", "message": "overloaded"}}),
            ("idle", {"outcome": "interrupted"}),
        ]  # fmt: skip
        for seq, (kind, data) in enumerate(rows):
            add_row(database, "s", f"m{9 - seq}", kind, data, seq)
        database.commit()
    (session,) = sessions(path)
    assert told(session) == [
        (1, "user", "prompt", "", "build it"),
        (2, "assistant", "thought", "", "make it"),
        (2, "assistant", "reply", "", "I build."),
        (2, "assistant", "command", "make", ""),
        (2, "assistant", "read", "a.py", ""),
        (3, "tool", "error", "", "built", 2),
        (3, "tool", "error", "", "not found"),
        (4, "assistant", "reply", "", "It failed."),
        (4, "assistant", "command", "", ""),
        (5, "user", "interruption", "", "the turn was aborted"),
        (6, "user", "command", "git status", ""),
        (7, "tool", "result", "", "clean", 0),
        (8, "system", "compaction", "", "We built it."),
        (9, "system", "error", "", "overloaded"),
        (10, "user", "interruption", "", "the turn was interrupted"),
    ]
    assert (session.id, session.title, session.model, session.cwd) == ("s", "Build it", "m-2", CWD)


def test_a_session_that_was_carried_over_is_read_in_the_later_schema_once(path):
    with closing(make(path, EARLIER + LATER)) as database:
        for key in ("both", "early"):
            add_session(database, key)
            add_message(database, key, f"m-{key}", {"role": "user"}, say(f"earlier {key}"))
        database.execute("INSERT INTO session_v2 VALUES ('both','p',NULL,'/w','t',NULL,NULL,NULL,?,?,NULL)", (T, T))
        add_row(database, "both", "n", "user", {"text": "later"}, 1)
        database.commit()
    assert {session.id: said(session) for session in sessions(path)} == {"both": ["later"], "early": ["earlier early"]}


def test_the_sessions_come_oldest_first_and_those_of_sub_agents_with_their_own(path):
    with closing(make(path)) as database:
        add_session(database, "b", created=T + 5)
        add_session(database, "a", created=T + 9)
        add_session(database, "child", parent="b")
        add_session(database, "grandchild", parent="child")
        add_session(database, "orphan", parent="deleted", created=T + 20)
        for at, key in enumerate(("b", "child", "grandchild", "a", "orphan")):
            add_message(database, key, f"m-{key}", {"role": "user"}, say(f"in {key}"), at=at)
        database.commit()
    found = sessions(path)
    assert [session.id for session in found] == ["b", "a", "orphan"]
    assert [(event.text, event.role, event.agent) for event in found[0].events] == [
        ("in b", "user", ""),
        ("in child", "assistant", "child"),
        ("in grandchild", "assistant", "grandchild"),
    ]


def test_what_the_user_took_back_is_no_part_of_the_session(path):
    with closing(make(path)) as database:
        add_session(database, "whole", revert=json.dumps({"messageID": "w2"}))
        add_session(database, "part", revert=json.dumps({"messageID": "p2", "partID": "p2-1"}), created=T + 1)
        for key in ("w", "p"):
            session = {"w": "whole", "p": "part"}[key]
            add_message(database, session, f"{key}1", {"role": "user"}, say("one"))
            add_message(database, session, f"{key}2", {"role": "assistant"}, say("two"), say("three"), at=1)
            add_message(database, session, f"{key}3", {"role": "user"}, say("four"), at=2)
        database.commit()
    assert [[event.text for event in session.events] for session in sessions(path)] == [["one"], ["one", "two"]]


def test_a_command_that_the_user_ran_is_the_users(path):
    with closing(make(path)) as database:
        add_session(database, "s")
        add_message(
            database, "s", "m1", {"role": "user"}, say("The following tool was executed by the user", synthetic=True)
        )
        ran = {"type": "tool", "callID": "c", "tool": "bash", "state": {"status": "completed", "input": {"command": "ls"}, "output": "a", "metadata": {}}}  # fmt: skip
        add_message(database, "s", "m2", {"role": "assistant"}, ran, at=1)
        database.commit()
    (session,) = sessions(path)
    assert told(session) == [(1, "user", "command", "ls", ""), (2, "tool", "result", "", "a")]


def test_what_the_user_answered_is_the_user_speaking(path):
    state = {"status": "completed", "output": "x", "input": {"questions": [{"question": "Which port?"}]}, "metadata": {"answers": [["8080"]]}}  # fmt: skip
    with closing(make(path)) as database:
        add_session(database, "s")
        add_message(
            database,
            "s",
            "m",
            {"role": "assistant"},
            {"type": "tool", "callID": "c", "tool": "question", "state": state},
        )
        database.commit()
    (session,) = sessions(path)
    assert said(session) == ["Which port? → 8080"]


def test_what_is_private_stays_out_wherever_it_stands(path):
    secret = "<private>hunter2</private>"

    def tool(name, given, output=secret, **more):
        state = {"status": "completed", "input": given, "output": output, "metadata": {"answers": [[secret]]}, **more}
        return {"type": "tool", "callID": name, "tool": name, "state": state}

    parts = [
        say(f"b {secret}"),
        {"type": "reasoning", "text": secret},
        tool("bash", {"command": f"echo {secret}", "description": secret}),
        tool("edit", {"filePath": f"/w/{secret}", "oldString": secret, "newString": secret}),
        tool("apply_patch", {"patchText": f"*** Begin Patch\n*** Add File: a{secret}\n+{secret}\n*** End Patch"}),
        tool(
            "some",
            {"value": secret},
            status="error",
            error=f"The user rejected permission with the following feedback: {secret}",
        ),
        tool("grep", {"pattern": secret, "path": secret}),
        tool("todowrite", {"todos": [{"content": f"x {secret}", "status": "pending"}]}),
        tool("question", {"questions": [{"question": secret}]}),
        {"type": "patch", "files": [f"/w/{secret}"]},
        {"type": "subtask", "prompt": secret, "command": secret},
    ]
    with closing(make(path, EARLIER + LATER)) as database:
        add_session(database, "s", title=f"t {secret}")
        for role in ("user", "assistant"):
            add_message(
                database, "s", role, {"role": role, "error": {"name": "x", "data": {"message": secret}}}, *parts
            )
        add_message(database, "s", "summary", {"role": "assistant", "summary": True}, say(secret))
        add_session(database, "v")
        for seq, kind in enumerate(("user", "assistant", "shell", "compaction")):
            add_row(
                database,
                "v",
                kind,
                kind,
                {"text": secret, "content": parts, "command": secret, "output": secret, "summary": secret},
                seq,
            )
        database.commit()
    found = sessions(path)
    assert sum(len(session.events) for session in found) > 25
    assert "hunter2" not in repr(found)


def test_a_malformed_row_is_skipped_and_counted(path):
    with closing(make(path)) as database:
        add_session(database, "s")
        add_message(database, "s", "m1", {"role": "user"}, say("first"))
        for number, data in enumerate(["{torn", "[1]", "", "7", "[" * 10_000]):
            add_part(database, "s", "m1", f"m1-x{number}", data)
        add_part(database, "s", "m1", "m1-y", sqlite3.Binary(b'{"type":"text","text":"in bytes"}'))
        database.execute("INSERT INTO part VALUES ('m1-z','m1','s',1,1,CAST(X'7BFFFE7D' AS TEXT))")
        database.execute("INSERT INTO message VALUES ('m2','s',?,?,'no json')", (T, T))
        database.commit()
    (session,) = sessions(path)
    assert said(session) == ["first\nin bytes"]
    assert session.skipped == 7


@pytest.mark.parametrize("wrong", [None, 7, "text", [], {}, [None], {"a": [1]}, True, -1, 1e300])
@pytest.mark.parametrize(
    "key",
    ["type", "text", "tool", "callID", "state", "time", "files", "synthetic", "role", "error", "summary", "model"],
)
def test_a_value_of_another_type_never_raises(path, key, wrong):
    part = {
        "type": "tool",
        "tool": "bash",
        "callID": "c",
        "text": "x",
        "files": ["a"],
        "state": {"status": "completed"},
        key: wrong,
    }
    with closing(make(path, EARLIER + LATER, wal=False)) as database:
        add_session(database, "s")
        for role in ("user", "assistant"):
            kinds = [{**part, "type": kind, key: wrong} for kind in ("tool", "text", "patch", "subtask", "compaction")]
            add_message(database, "s", role, {"role": role, "time": wrong, key: wrong}, *kinds)
        state = {"status": wrong, "input": wrong, "content": wrong, "metadata": wrong, "error": wrong, "time": wrong}
        add_message(database, "s", "deep", {"role": "assistant"}, {"type": "tool", "tool": "question", "state": state})
        database.execute("INSERT INTO session_v2 VALUES ('t','p',NULL,'/w',NULL,NULL,NULL,'[1',?,?,NULL)", (T, T))
        for seq, kind in enumerate(("user", "assistant", "shell", "compaction", "idle")):
            data = {
                "text": wrong,
                "content": [part, wrong],
                "command": wrong,
                "summary": wrong,
                "outcome": wrong,
                key: wrong,
            }
            add_row(database, "t", kind, kind, data, seq)
        database.commit()
    assert [session.id for session in sessions(path)] == ["s", "t"]


def test_reading_leaves_no_trace(path):
    with closing(make(path)) as database:
        fill(database, STORAGE)
        database.commit()
    before, names = path.read_bytes(), sorted(os.listdir(path.parent))
    assert len(sessions(path)) == 1
    assert (path.read_bytes(), sorted(os.listdir(path.parent))) == (before, names)


def test_what_opencode_has_just_written_is_read_while_it_goes_on_writing(path):
    with closing(make(path)) as writer:
        writer.execute("PRAGMA wal_autocheckpoint=0")
        add_session(writer, "s")
        add_message(writer, "s", "m1", {"role": "user"}, say("committed"))
        writer.commit()
        add_message(writer, "s", "m2", {"role": "user"}, say("not yet"), at=1)
        main = path.read_bytes()
        (session,) = sessions(path)
        assert said(session) == ["committed"]
        assert path.read_bytes() == main
        writer.commit()
        assert [said(session) for session in sessions(path)] == [["committed", "not yet"]]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is read-only to root")
def test_a_database_in_a_read_only_folder_is_read(path):
    with closing(make(path)) as database:
        fill(database, STORAGE)
        database.commit()
    path.parent.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        assert told(sessions(path)[0]) == TOLD
    finally:
        path.parent.chmod(stat.S_IRWXU)


def test_a_session_read_while_the_file_changes_is_read_again(path):
    with closing(make(path, wal=False)) as database:
        for key in ("a", "b"):
            add_session(database, key, created=T + (key == "b"))
            add_message(database, key, f"m-{key}", {"role": "user"}, say(f"in {key}"))
        database.commit()
        reading = read_sessions(str(path))
        assert said(next(reading)) == ["in a"]
        add_message(database, "b", "m-more", {"role": "user"}, say("more"), at=1)
        database.commit()
        assert [said(session) for session in reading] == [["in b", "more"]]


def test_a_schema_that_fills_more_than_a_page_is_recognised(path):
    with closing(make(path)) as database:
        for number in range(60):
            database.execute(
                f"CREATE TABLE later_{number} (id text PRIMARY KEY, {', '.join(f'column_{c} text' for c in range(12))})"
            )
        add_session(database, "s")
        add_message(database, "s", "m", {"role": "user"}, say("hi"))
        database.commit()
    assert said(sessions(path)[0]) == ["hi"]


@pytest.mark.parametrize("damage", ["cut", "zeros", "noise"])
def test_a_damaged_database_is_an_error_with_a_hint(path, damage):
    with closing(make(path)) as database:
        fill(database, STORAGE)
        database.commit()
    data = bytearray(path.read_bytes())
    if damage == "cut":
        data = data[: len(data) // 4]
    else:
        data[4096:] = (b"\0" if damage == "zeros" else b"\xa5") * (len(data) - 4096)
    path.write_bytes(data)
    with pytest.raises(TranscriptError, match="the database cannot be read") as caught:
        sessions(path)
    assert "journal draft" in caught.value.hint


@pytest.mark.parametrize("count", [1, 80])
def test_a_database_of_another_tool_is_an_error(path, count):
    with closing(sqlite3.connect(path)) as database:
        for number in range(count):
            database.execute(
                f"CREATE TABLE notes_{number} (id text, {', '.join(f'column_{c} text' for c in range(12))})"
            )
        database.commit()
    with pytest.raises(TranscriptError, match="it has no tables of opencode"):
        sessions(path)


def test_an_empty_database_has_no_sessions(path):
    make(path).close()
    with pytest.raises(TranscriptError, match="nothing in this transcript can be read"):
        sessions(path)


def test_a_database_from_a_pipe_is_refused_with_a_hint(path):
    with closing(make(path)) as database:
        database.commit()
    with pytest.raises(TranscriptError, match="cannot be read from a pipe") as caught:
        list(read_transcript(io.BytesIO(path.read_bytes()), "-"))
    assert "journal draft FILE" in caught.value.hint


def test_a_path_with_signs_of_its_own_is_opened(tmp_path):
    path = tmp_path / "a b%20?#c" / "opencode.db"
    path.parent.mkdir()
    with closing(make(path)) as database:
        add_session(database, "s")
        database.commit()
    assert [session.id for session in sessions(path)] == ["s"]


def test_the_memory_stays_small_for_a_database_of_any_size(path):
    output = {"status": "completed", "input": {"command": "x"}, "output": "word " * 20_000, "metadata": {"exit": 0}}
    with closing(make(path)) as database:
        add_session(database, "s")
        for number in range(600):
            add_message(
                database,
                "s",
                f"m{number:04}",
                {"role": "assistant"},
                {"type": "tool", "callID": "c", "tool": "bash", "state": output},
                at=number,
            )
        add_message(database, "s", "n", {"role": "user"}, say("x" * 15_000_000), say("the end"), at=999)
        database.commit()
    tracemalloc.start()
    try:
        (session,) = sessions(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (said(session), session.skipped) == (["the end"], 1)
    assert peak < 40_000_000


# --- real files -----------------------------------------------------------------------------------------------------


def test_every_real_transcript_is_read_as_it_is_written(shared_data):
    expected = json.loads((Path(__file__).parent / "expected_opencode.json").read_text(encoding="utf-8"))
    found = {}
    for path in sorted((shared_data / "opencode").glob("storage_*/session/*/*.json")):
        (session,) = sessions(path)
        assert_one_role_a_turn(session)
        assert session.skipped == 0
        found[path.name] = essence(session)
    assert found == expected


def test_every_sample_is_recognised_as_what_it_is():
    for path in [*SAMPLES.glob("opencode_*"), *(STORAGE / "session").rglob("*.json")]:
        assert recognise(path.read_bytes()).__name__.endswith(".opencode"), path.name
