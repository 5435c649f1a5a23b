"""Where Claude Code keeps its transcripts."""

import os

from session_journal.agents import Host, claude_code


def write(path, when):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{}\n", encoding="utf-8")
    os.utime(path, (when, when))
    return str(path)


def test_the_folder_of_a_directory_has_dashes_for_everything_else():
    assert claude_code.folder_name("/Users/mira/.work/a_b") == "-Users-mira--work-a-b"


def test_the_config_folder_can_be_moved():
    assert claude_code.home(Host({"CLAUDE_CONFIG_DIR": "/c", "HOME": "/h"})) == "/c"
    assert claude_code.home(Host({"HOME": "/h"})) == os.path.join("/h", ".claude")


def test_the_transcripts_of_one_folder(tmp_path):
    host = Host({"CLAUDE_CONFIG_DIR": str(tmp_path / "c")})
    cwd = str(tmp_path / "code" / "cli")
    folder = tmp_path / "c" / "projects" / claude_code.folder_name(cwd)
    mine = write(folder / "mine.jsonl", 1_000)
    write(folder / "agent-1.jsonl", 3_000)
    other = write(tmp_path / "c" / "projects" / "-elsewhere" / "x.jsonl", 9_000)
    assert list(claude_code.in_folder(host, cwd)) == [mine]
    assert list(claude_code.in_folder(host, str(tmp_path / "other"))) == []
    assert sorted(claude_code.transcripts(host)) == sorted([mine, other])
    assert list(claude_code.transcripts(Host({"CLAUDE_CONFIG_DIR": str(tmp_path / "none")}))) == []


def test_a_name_that_was_cut_is_still_found(tmp_path):
    host = Host({"CLAUDE_CONFIG_DIR": str(tmp_path / "c")})
    cwd = "/" + "long/" * 60
    name = claude_code.folder_name(cwd.rstrip("/"))[:200] + "-1a2b3c"
    path = write(tmp_path / "c" / "projects" / name / "1.jsonl", 1_000)
    assert list(claude_code.in_folder(host, cwd.rstrip("/"))) == [path]


def test_the_files_of_sub_agents_lie_beside_their_session(tmp_path):
    session = write(tmp_path / "p" / "s.jsonl", 1_000)
    part = write(tmp_path / "p" / "s" / "subagents" / "agent-a7.jsonl", 1_000)
    write(tmp_path / "p" / "s" / "subagents" / "notes.txt", 1_000)
    assert claude_code.parts(session) == [("a7", part)]
    assert claude_code.parts(str(tmp_path / "p" / "none.jsonl")) == []


def test_older_files_of_sub_agents_lie_beside_the_transcripts(tmp_path):
    own, other = "5b1f0c52-7c1e-4b7e-9c53-0f3f6a1d2e44", "6c1f0c52-7c1e-4b7e-9c53-0f3f6a1d2e44"
    session = write(tmp_path / f"{own}.jsonl", 1_000)
    mine, theirs = tmp_path / "agent-1a2b.jsonl", tmp_path / "agent-3c4d.jsonl"
    mine.write_text(
        '{"parentUuid":null,"isSidechain":true,"sessionId":"' + own + '","type":"user"}\n', encoding="utf-8"
    )
    theirs.write_text('{"isSidechain": true, "sessionId": "' + other + '"}\n', encoding="utf-8")
    assert claude_code.parts(session) == [("1a2b", str(mine))]
    assert claude_code.parts(write(tmp_path / f"{other}.jsonl", 1_000)) == [("3c4d", str(theirs))]
