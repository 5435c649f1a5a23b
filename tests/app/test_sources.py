"""The transcripts that lie on this machine."""

from __future__ import annotations

import os
import shutil
import sys
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from session_journal.agents import Host
from session_journal.app.sources import below, is_transcript, newest, transcripts

EXAMPLES = Path(__file__).parents[2] / "examples" / "transcripts"
SAMPLES = Path(__file__).parents[1] / "readers" / "samples"


@pytest.fixture
def lay(isolated):
    """Return a function that puts a sample transcript where the tool keeps its own, last written on a day."""

    def put(name, day, base=None, cwd="/home/robin/code/tidepool"):
        folder = (base or isolated / ".claude") / "projects" / cwd.replace("/", "-")
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}.jsonl"
        shutil.copy(EXAMPLES / "2026-11-09-flaky-test.jsonl", path)
        moment = datetime(2026, 11, day, 12, tzinfo=UTC).timestamp()
        os.utime(path, (moment, moment))
        return str(path)

    return put


def test_transcripts_come_oldest_first_and_not_from_before_a_day(lay):
    new, old, middle = lay("new", 12), lay("old", 2), lay("middle", 9)
    assert transcripts(Host(os.environ), None) == (old, middle, new)
    assert transcripts(Host(os.environ), date(2026, 11, 9)) == (middle, new)


def test_a_machine_without_the_tool_has_none(isolated):
    assert transcripts(Host(os.environ), None) == ()


def test_the_tools_own_variable_moves_its_folder(lay, tmp_path):
    moved = lay("moved", 3, tmp_path / "elsewhere")
    lay("unseen", 4)
    assert transcripts(Host({**os.environ, "CLAUDE_CONFIG_DIR": str(tmp_path / "elsewhere")}), None) == (moved,)


def test_what_sub_agents_wrote_is_no_session_of_its_own(lay):
    path = lay("one", 3)
    folder = Path(path).with_suffix("") / "subagents"
    folder.mkdir(parents=True)
    shutil.copy(path, folder / "agent-a1.jsonl")
    assert transcripts(Host(os.environ), None) == (path,)


def test_the_newest_is_that_of_the_folder_one_is_in(lay):
    mine, other = lay("mine", 3), lay("other", 9, cwd="/home/robin/code/garden")
    assert newest(Host(os.environ, cwd="/home/robin/code/tidepool/src")) == mine
    assert newest(Host(os.environ, cwd="/somewhere/else")) == other


def test_without_any_transcript_there_is_no_newest():
    assert newest(Host(os.environ, cwd="/somewhere")) == ""


def test_what_a_database_got_last_lies_in_the_log_beside_it(tmp_path):
    host = Host({"XDG_DATA_HOME": str(tmp_path)})
    database = tmp_path / "opencode" / "opencode.db"
    database.parent.mkdir()
    database.touch()
    os.utime(database, (1, 1))
    day = date(2026, 1, 10)
    assert transcripts(host, day) == ()
    log = tmp_path / "opencode" / "opencode.db-wal"
    log.touch()
    os.utime(log, (datetime(2026, 1, 12, tzinfo=UTC).timestamp(),) * 2)
    assert transcripts(host, day) == (str(database),)


def test_below_a_folder_lie_all_files_but_those_that_belong_to_another_transcript(lay, isolated):
    path = lay("one", 3)
    agents = Path(path).with_suffix("") / "subagents"
    agents.mkdir(parents=True)
    shutil.copy(path, agents / "agent-a1.jsonl")
    note = isolated / ".claude" / "note.txt"
    note.write_text("no transcript")
    (isolated / ".claude" / ".git").mkdir()
    shutil.copy(path, isolated / ".claude" / ".git" / "one.jsonl")
    assert below(str(isolated / ".claude")) == (path, str(note))
    assert below(str(agents)) == (str(agents / "agent-a1.jsonl"),)


def test_messages_and_parts_of_opencode_belong_to_their_session(tmp_path):
    shutil.copytree(SAMPLES / "opencode", tmp_path / "opencode")
    found = below(str(tmp_path))
    assert found
    assert all(os.path.basename(os.path.dirname(os.path.dirname(path))) == "session" for path in found)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root reads every folder")
def test_a_folder_that_may_not_be_looked_into_is_named(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    assert below(str(tmp_path)) == below(str(closed)) == (str(closed),)
    assert is_transcript(str(closed))  # to be named by the error of whoever reads it


def test_a_folder_that_is_gone_stands_for_itself(tmp_path):
    assert below(str(tmp_path / "gone")) == (str(tmp_path / "gone"),)


def test_a_transcript_is_known_by_its_content(lay, tmp_path):
    (tmp_path / "picture.jsonl").write_bytes(bytes(range(256)) * 20)
    for name, inside in (("export.zip", "conversations.json"), ("photos.zip", "beach.txt")):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr(inside, "[]")
    (tmp_path / "torn.zip").write_bytes(b"PK\x03\x04torn")
    assert is_transcript(str(tmp_path / "export.zip"))
    assert not is_transcript(str(tmp_path / "photos.zip"))
    assert not is_transcript(str(tmp_path / "torn.zip"))
    assert is_transcript(lay("one", 3))
    assert not is_transcript(str(tmp_path / "picture.jsonl"))
    assert is_transcript(str(tmp_path / "gone"))  # to be named by the error of whoever reads it
