"""Where Cursor keeps its transcripts."""

import os

from session_journal.agents import Host, cursor


def write(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{}\n", encoding="utf-8")
    return str(path)


def test_the_transcripts_of_a_folder_in_every_layout(tmp_path):
    host = Host({"HOME": str(tmp_path)})
    projects = tmp_path / ".cursor" / "projects"
    folder = projects / "home-mira-my-code" / "agent-transcripts"
    mine = [write(folder / "a.txt"), write(folder / "b.jsonl"), write(folder / "c" / "c.jsonl")]
    write(folder / "b.txt")
    write(folder / "c" / "subagents" / "d.jsonl")
    write(folder / ".cleanup")
    other = write(projects / "empty-window" / "agent-transcripts" / "e.jsonl")
    assert sorted(cursor.in_folder(host, "/home/mira/my_code")) == mine
    assert sorted(cursor.transcripts(host)) == sorted([*mine, other])
    assert list(cursor.in_folder(host, "/home/mira")) == []
    assert list(cursor.transcripts(Host({"HOME": str(tmp_path / "none")}))) == []


def test_a_folder_on_windows_is_found_by_its_name(tmp_path):
    host = Host({"USERPROFILE": str(tmp_path)}, platform="win32")
    path = write(tmp_path / ".cursor" / "projects" / "c-code-tide" / "agent-transcripts" / "a.jsonl")
    assert list(cursor.in_folder(host, "C:\\code\\tide")) == [path]


def test_the_files_of_sub_agents_lie_below_their_conversation(tmp_path):
    folder = tmp_path / "agent-transcripts"
    own, beside = write(folder / "c" / "c.jsonl"), write(folder / "c.txt")
    part = write(folder / "c" / "subagents" / "d.jsonl")
    assert cursor.parts(own) == cursor.parts(beside) == [("d", part)]
    assert cursor.parts(part) == []
    assert cursor.parts(write(tmp_path / "c" / "c.jsonl")) == []


def test_what_the_command_line_notes_about_a_conversation_is_a_part(tmp_path):
    own = write(tmp_path / "projects" / "w" / "agent-transcripts" / "c" / "c.jsonl")
    beside = write(tmp_path / "projects" / "w" / "agent-transcripts" / "d.jsonl")
    noted = [write(tmp_path / "chats" / "hash" / name / "meta.json") for name in ("c", "d", "e")]
    assert cursor.parts(own) == [("meta.json", noted[0])]
    assert cursor.parts(beside) == [("meta.json", noted[1])]


def test_the_command_line_can_keep_its_data_elsewhere(tmp_path):
    host = Host({"HOME": str(tmp_path), "CURSOR_DATA_DIR": str(tmp_path / "data")})
    editor = write(tmp_path / ".cursor" / "projects" / "w" / "agent-transcripts" / "a.jsonl")
    line = write(tmp_path / "data" / "projects" / "w" / "agent-transcripts" / "b.jsonl")
    assert list(cursor.in_folder(host, "/w")) == [editor, line]
    assert cursor.homes(Host({"HOME": "/h"})) == [os.path.join("/h", ".cursor")]
