"""Where Claude Code keeps its transcripts."""

import os

from session_journal.agents import claude_code


def write(path, when):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{}\n", encoding="utf-8")
    os.utime(path, (when, when))
    return str(path)


def test_the_folder_of_a_directory_has_dashes_for_everything_else():
    assert claude_code.folder_name("/Users/mira/.work/a_b") == "-Users-mira--work-a-b"


def test_the_config_folder_can_be_moved():
    assert claude_code.home({"CLAUDE_CONFIG_DIR": "/c", "HOME": "/h"}) == "/c"
    assert claude_code.home({"HOME": "/h"}) == os.path.join("/h", ".claude")


def test_the_newest_transcript_of_a_directory_or_of_one_above_it(tmp_path):
    env = {"CLAUDE_CONFIG_DIR": str(tmp_path / "c")}
    cwd = str(tmp_path / "code" / "cli")
    folder = tmp_path / "c" / "projects" / claude_code.folder_name(cwd)
    write(folder / "old.jsonl", 1_000)
    new = write(folder / "new.jsonl", 2_000)
    write(folder / "agent-1.jsonl", 3_000)
    write(tmp_path / "c" / "projects" / "-elsewhere" / "x.jsonl", 9_000)
    assert claude_code.newest_transcript(env, cwd) == new
    assert claude_code.newest_transcript(env, os.path.join(cwd, "deep", "down")) == new
    assert claude_code.newest_transcript(env, str(tmp_path / "other")) == ""


def test_all_transcripts_come_newest_first(tmp_path):
    env = {"CLAUDE_CONFIG_DIR": str(tmp_path)}
    old = write(tmp_path / "projects" / "-a" / "1.jsonl", 1_000)
    new = write(tmp_path / "projects" / "-b" / "2.jsonl", 2_000)
    assert claude_code.transcript_files(env) == [new, old]
    assert claude_code.transcript_files({"CLAUDE_CONFIG_DIR": str(tmp_path / "none")}) == []


def test_a_name_that_was_cut_is_still_found(tmp_path):
    env = {"CLAUDE_CONFIG_DIR": str(tmp_path / "c")}
    cwd = "/" + "long/" * 60
    name = claude_code.folder_name(cwd.rstrip("/"))[:200] + "-1a2b3c"
    path = write(tmp_path / "c" / "projects" / name / "1.jsonl", 1_000)
    assert claude_code.transcript_files(env, cwd.rstrip("/")) == [path]


def test_the_files_of_sub_agents_lie_beside_their_session(tmp_path):
    session = write(tmp_path / "p" / "s.jsonl", 1_000)
    part = write(tmp_path / "p" / "s" / "subagents" / "agent-a7.jsonl", 1_000)
    write(tmp_path / "p" / "s" / "subagents" / "notes.txt", 1_000)
    assert claude_code.subagent_files(session) == [("a7", part)]
    assert claude_code.subagent_files(str(tmp_path / "p" / "none.jsonl")) == []
