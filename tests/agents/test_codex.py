"""Where Codex keeps its transcripts."""

import json
import os

from session_journal.agents import Host, codex


def write(path, cwd="/w"):
    path.parent.mkdir(parents=True, exist_ok=True)
    meta = {
        "timestamp": "x",
        "type": "session_meta",
        "payload": {"id": "1", "cwd": cwd, "base_instructions": "b" * 90_000},
    }
    path.write_text(json.dumps(meta) + "\n", encoding="utf-8")
    return str(path)


def name(day, number):
    return f"rollout-2026-11-{day}T09-00-00-019a7b1c-52aa-7e30-9c41-{number:012}.jsonl"


def test_the_home_can_be_moved():
    assert codex.home(Host({"CODEX_HOME": "/c", "HOME": "/h"})) == "/c"
    assert codex.home(Host({"HOME": "/h"})) == os.path.join("/h", ".codex")


def test_all_rollouts_are_found_compressed_and_archived_ones_too(tmp_path):
    day = tmp_path / "sessions" / "2026" / "11" / "18"
    found = [
        write(day / name(18, 1)),
        write(day / f"{name(18, 2)}.zst"),
        write(tmp_path / "archived_sessions" / name(17, 3)),
    ]
    write(day / "notes.jsonl")
    write(tmp_path / "history.jsonl")
    assert sorted(codex.transcripts(Host({"CODEX_HOME": str(tmp_path)}))) == sorted(found)
    assert list(codex.transcripts(Host({"CODEX_HOME": str(tmp_path / "none")}))) == []


def test_a_rollout_that_is_just_being_compressed_is_found_once(tmp_path):
    day = tmp_path / "sessions" / "2026" / "11" / "18"
    plain = write(day / name(18, 1))
    write(day / f"{name(18, 1)}.zst")
    assert list(codex.transcripts(Host({"CODEX_HOME": str(tmp_path)}))) == [plain]


def test_the_sessions_of_one_folder_newest_first(tmp_path):
    days = tmp_path / "sessions" / "2026" / "11"
    old = write(days / "17" / name(17, 1), 'C:\\w\\"my" cli')
    new = write(days / "18" / name(18, 2), 'C:\\w\\"my" cli')
    write(days / "18" / name(18, 3), "/elsewhere")
    (days / "18" / name(18, 4)).write_bytes(b"\0\xff torn")
    host = Host({"CODEX_HOME": str(tmp_path)})
    assert list(codex.in_folder(host, 'C:\\w\\"my" cli')) == [new, old]
    assert list(codex.in_folder(host, "/nowhere")) == []


def test_a_rollout_has_no_further_files(tmp_path):
    assert codex.parts(write(tmp_path / name(18, 1))) == []
