"""What was taken out of transcripts is named without its value, and what a person allows stays."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from journals import make_journal

RUN = [sys.executable, "-c", "from session_journal.cli.main import main; main()"]
TOKEN = "ghp_" + "A1b2C3d4E5" * 4
OTHER = "ghp_" + "Z9y8X7w6V5" * 4
MAIL = "mira.holm@fastmail.com"


def run(journal, *args):
    command = [*RUN, "--journal", journal.root, *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, check=True)


def transcript(path, *prompts):
    """Write a session in which each prompt is followed by an edit."""
    common = {"sessionId": path.stem, "cwd": "/srv/tidepool", "version": "2.1.40"}
    lines = []
    for at, prompt in enumerate(prompts):
        made = {"type": "tool_use", "id": f"c{at}", "name": "Write", "input": {"file_path": f"/srv/tidepool/{at}.py"}}
        for role, content in (("user", prompt), ("assistant", [{**made, "input": {**made["input"], "content": "x"}}])):
            stamp = f"2026-11-20T09:{2 * at + (role == 'assistant'):02}:00Z"
            message = {"role": role, "content": content}
            uuid = f"{path.stem}-{role}-{at}"
            lines.append({"type": role, "uuid": uuid, "timestamp": stamp, "message": message, **common})
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return path


@pytest.fixture
def journal(tmp_path, isolated):
    return make_journal(tmp_path / "journal")


def written(journal):
    """Return everything that is committed now."""
    return subprocess.check_output(["git", "-C", journal.root, "grep", "-h", "", "HEAD", "--", "journal"], text=True)


def test_each_value_taken_out_is_named_by_kind_mark_and_fingerprint(tmp_path, journal):
    path = transcript(tmp_path / "a.jsonl", f"Deploy with {TOKEN} and {OTHER}, ask {MAIL}", "Fix it")
    done = run(journal, "capture", path, "--show-redactions")
    marks = dict(re.findall(r"  (\S+) +[0-9a-f-]+ +--allow ([0-9a-f]{16})", done.stderr))
    assert set(marks) == {"github-token", "email"}
    tokens = re.findall(r"github-token +([0-9a-f]{4}) +--allow ([0-9a-f]{16})", done.stderr)
    assert len(set(tokens)) == 2
    assert all(f"[REDACTED:github-token {mark}]" in written(journal) for mark, _ in tokens)
    assert not any(value in done.stderr + done.stdout for value in (TOKEN, OTHER, MAIL))


def test_without_being_asked_the_kinds_alone_are_named(tmp_path, journal):
    done = run(journal, "capture", transcript(tmp_path / "a.jsonl", f"Deploy with {TOKEN}", "Fix it"))
    assert "Taken out before storing: 1 github-token.\nIf any of it is no secret: --show-redactions" in done.stderr
    assert "--allow 0" not in re.sub(r"--allow [0-9a-f]{16}", "--allow 0", done.stderr)


def test_where_nothing_was_taken_out_nothing_is_said_of_it(tmp_path, journal):
    done = run(journal, "capture", transcript(tmp_path / "a.jsonl", "Deploy it", "Fix it"), "--show-redactions")
    assert "redactions" not in done.stderr
    assert "Taken out" not in done.stderr


@pytest.mark.parametrize("command", [("capture",), ("new", "--no-edit", "--from")])
def test_what_is_allowed_stays_in_what_is_drafted_from_then_on(tmp_path, journal, command):
    first = run(journal, *command, transcript(tmp_path / "a.jsonl", f"Deploy with {TOKEN}", "a"), "--show-redactions")
    mark = re.search(r"--allow ([0-9a-f]{16})", first.stderr)[1]
    assert TOKEN not in written(journal)
    second = transcript(tmp_path / "b.jsonl", f"Deploy with {TOKEN} and {OTHER}", "b")
    done = run(journal, *command, second, "--allow", mark)
    assert TOKEN in written(journal)
    assert OTHER not in written(journal)
    assert "Taken out before storing: 1 github-token." in done.stderr
    third = run(journal, "draft", transcript(tmp_path / "c.jsonl", f"Ship with {TOKEN}", "c"), "--show-redactions")
    assert TOKEN in third.stdout
    assert "Taken out" not in third.stderr


def test_a_draft_names_what_it_took_out_and_allows_nothing(tmp_path, journal):
    path = transcript(tmp_path / "a.jsonl", f"Deploy with {TOKEN}", "a")
    run(journal, "capture", path)  # the machine has its key now
    done = run(journal, "draft", path, "--show-redactions")
    assert re.search(r"  github-token +[0-9a-f]{4} +--allow [0-9a-f]{16}\n", done.stderr)
    assert "Taken out" not in done.stdout
    assert TOKEN not in done.stdout + done.stderr


def test_a_dry_run_remembers_nothing_of_what_it_allows(tmp_path, journal):
    path = transcript(tmp_path / "a.jsonl", f"Deploy with {TOKEN}", "a")
    mark = re.search(r"--allow ([0-9a-f]{16})", run(journal, "capture", path, "--show-redactions").stderr)[1]
    run(journal, "capture", path, "--allow", mark, "--dry-run")
    run(journal, "capture", transcript(tmp_path / "b.jsonl", f"Ship with {TOKEN}", "b"))
    assert TOKEN not in written(journal)
