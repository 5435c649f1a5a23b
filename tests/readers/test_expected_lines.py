"""What the real transcripts of Claude Code, Codex and Copilot CLI say, as it was checked against the raw files."""

import json
from pathlib import Path

import pytest

from session_journal.app.draft import read_sessions

TABLE = Path(__file__).parent / "expected_lines.json"
EXPECTED = json.loads(TABLE.read_text(encoding="utf-8"))


def short(text, length):
    return " ".join(text.split())[:length]


@pytest.mark.parametrize("name", EXPECTED)
def test_a_real_transcript_says_what_stands_in_it(name, shared_data):
    (session,) = read_sessions(str(shared_data / name))
    said = [event.text for event in session.events if event.kind == "prompt" and event.role == "user"]
    codes = {event.call: event.exit_code for event in session.events if event.call and event.exit_code is not None}
    assert {
        "prompts": len(said),
        "first": short(said[0], 60) if said else None,
        "last": short(said[-1], 60) if said else None,
        "commands": [[short(one.target, 40), codes.get(one.call)] for one in session.events if one.kind == "command"],
        "edits": sorted({event.target for event in session.events if event.kind == "edit"}),
    } == EXPECTED[name]


@pytest.mark.parametrize("folder", ["claude-code", "claude-code-other", "codex", "copilot"])
def test_no_real_transcript_is_missing_from_the_table(folder, shared_data):
    found = {f"{folder}/{path.name}" for path in (shared_data / folder).glob("*.jsonl")}
    assert found == {name for name in EXPECTED if name.startswith(f"{folder}/")}
