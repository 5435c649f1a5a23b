"""Where Gemini CLI keeps its transcripts."""

import hashlib
import json
import os

from session_journal.agents import Host, gemini


def write(path, text="{}"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_the_home_folder_can_be_moved():
    assert gemini.home(Host({"HOME": "/h"})) == os.path.join("/h", ".gemini")
    assert gemini.home(Host({"HOME": "/h", "GEMINI_CLI_HOME": "/g"})) == os.path.join("/g", ".gemini")


def test_the_transcripts_of_a_folder_lie_under_its_hash_or_its_registered_name(tmp_path):
    host, cwd = Host({"HOME": str(tmp_path)}), "/w/tidepool"
    top = tmp_path / ".gemini" / "tmp"
    early = write(top / hashlib.sha256(cwd.encode()).hexdigest() / "chats" / "session-2026-01-01T10-00-11111111.json")
    late = write(top / "tidepool" / "chats" / "session-2026-05-01T10-00-22222222.jsonl")
    other = write(top / "else" / "chats" / "session-2026-05-01T10-00-33333333.jsonl")
    write(top / "tidepool" / "chats" / "notes.json")
    write(top / "tidepool" / "logs.json")
    write(tmp_path / ".gemini" / "projects.json", json.dumps({"projects": {cwd: "tidepool"}}))
    assert sorted(gemini.transcripts(host)) == sorted([early, late, other])
    assert sorted(gemini.in_folder(host, cwd)) == sorted([early, late])
    assert list(gemini.in_folder(host, "/w/none")) == []
    assert list(gemini.transcripts(Host({"HOME": str(tmp_path / "none")}))) == []


def test_a_registry_that_cannot_be_read_or_leads_elsewhere_names_nothing(tmp_path):
    host = Host({"HOME": str(tmp_path)})
    write(tmp_path / "secret" / "chats" / "session-1.jsonl")
    for text in ("no json", "[]", '{"projects": {"/w": 7}}', '{"projects": {"/w": "../../secret"}}', "[" * 100_000):
        write(tmp_path / ".gemini" / "projects.json", text)
        assert list(gemini.in_folder(host, "/w")) == []


def test_windows_registers_folders_in_small_letters(tmp_path):
    host = Host({"USERPROFILE": str(tmp_path)}, platform="win32")
    path = write(tmp_path / ".gemini" / "tmp" / "tide" / "chats" / "session-1.jsonl")
    write(tmp_path / ".gemini" / "projects.json", json.dumps({"projects": {"c:\\code\\tide": "tide"}}))
    assert list(gemini.in_folder(host, "C:\\Code\\Tide")) == [path]


def test_a_session_carried_over_to_lines_is_listed_once(tmp_path):
    chats = tmp_path / ".gemini" / "tmp" / "p" / "chats"
    write(chats / "session-1.json")
    later = write(chats / "session-1.jsonl")
    assert list(gemini.transcripts(Host({"HOME": str(tmp_path)}))) == [later]


def test_the_parts_are_the_marked_folder_and_the_files_of_sub_agents(tmp_path):
    chats = tmp_path / "tmp" / "p" / "chats"
    session = write(chats / "session-1.jsonl", '{"sessionId":"abc-1","projectHash":"x"}\n')
    part = write(chats / "abc-1" / "helper-2.jsonl")
    root = write(tmp_path / "tmp" / "p" / ".project_root", "/w/tide")
    assert gemini.parts(session) == [(".project_root", root), ("helper-2", part)]
    assert gemini.parts(write(tmp_path / "elsewhere" / "session-1.jsonl")) == []
    assert gemini.parts(str(chats / "session-none.jsonl")) == [(".project_root", root)]
    assert gemini.parts(write(chats / "session-2.jsonl", '{"sessionId": ".."}')) == [(".project_root", root)]
