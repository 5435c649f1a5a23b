"""Where GitHub Copilot CLI keeps its transcripts."""

import os

from session_journal.agents import Host, copilot


def write(path, text="{}\n"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_the_home_can_be_moved():
    assert copilot.home(Host({"COPILOT_HOME": "/c", "HOME": "/h"})) == "/c"
    assert copilot.home(Host({"HOME": "/h"})) == os.path.join("/h", ".copilot")


def test_sessions_in_folders_and_flat_ones_are_found(tmp_path):
    state = tmp_path / "session-state"
    found = [write(state / "a" / "events.jsonl"), write(state / "b.jsonl")]
    write(state / "c" / "workspace.yaml")
    write(state / "d.txt")
    assert list(copilot.transcripts(Host({"COPILOT_HOME": str(tmp_path)}))) == found
    assert list(copilot.transcripts(Host({"COPILOT_HOME": str(tmp_path / "none")}))) == []


def test_the_place_of_older_versions_is_looked_into_too(tmp_path):
    old = write(tmp_path / "config" / ".copilot" / "session-state" / "a.jsonl")
    new = write(tmp_path / "home" / ".copilot" / "session-state" / "b.jsonl")
    host = Host({"HOME": str(tmp_path / "home"), "XDG_CONFIG_HOME": str(tmp_path / "config")})
    assert list(copilot.transcripts(host)) == [new, old]


def test_the_workspaces_file_is_part_of_its_session_and_names_the_folder(tmp_path):
    state = tmp_path / "session-state"
    mine, other = write(state / "a" / "events.jsonl"), write(state / "b" / "events.jsonl")
    beside = write(state / "a" / "workspace.yaml", "id: a\ncwd: /w/tidepool\nbranch: main\n")
    write(state / "b" / "workspace.yaml", "cwd: /elsewhere\n")
    flat = write(state / "c.jsonl")
    host = Host({"COPILOT_HOME": str(tmp_path)})
    assert copilot.parts(mine) == [("workspace", beside)]
    assert copilot.parts(flat) == []
    assert list(copilot.in_folder(host, "/w/tidepool")) == [mine]
    assert list(copilot.in_folder(host, "/nowhere")) == []
    assert other in copilot.transcripts(host)
