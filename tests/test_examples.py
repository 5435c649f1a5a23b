"""The sample transcripts tell the story that their README promises, and the reader reads all of it."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from session_journal.core.redact import redact
from session_journal.readers import read_transcript

FOLDER = Path(__file__).resolve().parents[1] / "examples" / "transcripts"
TOKEN = "ghp_" + "tide" * 9
STORY = {
    "2026-11-09-flaky-test": {
        "first": "tests/test_readings.py::test_latest_reading_per_station fails in CI",
        "last": "perfect, that's it. commit",
        "commands": 6,
        "failed": 3,
        "interruptions": 1,
        "edited": {"tidepool/readings.py", "tidepool/stations.py", "tests/test_stations.py"},
    },
    "2026-11-10-csv-export": {
        "first": "I want GET /stations/{code}/readings.csv",
        "last": "oh. I'll rotate that one. commit, works for me",
        "commands": 8,
        "failed": 1,
        "interruptions": 1,
        "edited": {"tidepool/export.py", "tests/test_export.py", "tidepool/routes.py", "tidepool/readings.py"},
    },
    "2026-11-11-quick-question": {
        "first": "which pytest flag",
        "last": "which pytest flag",
        "commands": 0,
        "failed": 0,
        "interruptions": 0,
        "edited": set(),
    },
    "2026-11-11-timeouts": {
        "first": "the two HTTP timeouts in tidepool/settings.py are hard coded",
        "last": "good. that is the size I wanted",
        "commands": 4,
        "failed": 0,
        "interruptions": 1,
        "edited": {"tidepool/config.py", "tidepool/settings.py", "README.md"},
    },
    "2026-11-12-red-ci": {
        "first": "CI is red on station-datum but it's green here",
        "last": "great, merged",
        "commands": 4,
        "failed": 1,
        "interruptions": 0,
        "edited": {".github/workflows/ci.yml", "Makefile"},
    },
    "2026-11-12-prediction-cache": {
        "first": "GET /stations/{code}/prediction takes 1.4 s",
        "last": "good point about workers. I have to go",
        "commands": 2,
        "failed": 2,
        "interruptions": 0,
        "edited": {"tidepool/prediction.py", "tests/test_prediction_cache.py"},
    },
    "2026-11-13-cache-finished": {
        "first": "continue with the prediction cache from last night",
        "last": "yes. commit and push",
        "commands": 6,
        "failed": 3,
        "interruptions": 0,
        "edited": {"tidepool/prediction.py", "tidepool/readings.py"},
    },
}


def read(name):
    with (FOLDER / f"{name}.jsonl").open("rb") as stream:
        (session,) = read_transcript(stream, name)
    return session


def of_kind(session, kind):
    return [event for event in session.events if event.kind == kind]


def test_the_readme_names_every_transcript():
    names = sorted(path.stem for path in FOLDER.glob("*.jsonl"))
    readme = (FOLDER.parent / "README.md").read_text(encoding="utf-8")
    assert names == sorted(STORY)
    assert [name for name in names if f"| `{name}` |" not in readme] == []


@pytest.mark.parametrize("name", sorted(STORY))
def test_the_reader_finds_the_prompts_commands_and_edits(name):
    session, story = read(name), STORY[name]
    prompts = of_kind(session, "prompt")
    refused = {event.call for event in of_kind(session, "error") if event.text.startswith("The user doesn't want")}
    failed = {event.call for event in of_kind(session, "error")} - refused
    assert prompts[0].text.startswith(story["first"])
    assert prompts[-1].text.startswith(story["last"])
    assert len(of_kind(session, "command")) == story["commands"]
    assert len(failed) == story["failed"]
    assert len({event.turn for event in of_kind(session, "interruption")}) == story["interruptions"]
    assert {event.target for event in of_kind(session, "edit") if event.call not in refused} == story["edited"]


@pytest.mark.parametrize("name", sorted(STORY))
def test_the_session_knows_where_and_when_it_was(name):
    session = read(name)
    assert session.agent == "claude-code"
    assert session.cwd == "/home/robin/code/tidepool"
    assert session.started.date().isoformat() == name[:10]
    assert session.started.isocalendar()[:2] == (2026, 46)
    assert session.started < session.ended
    assert session.skipped == 0


@pytest.mark.parametrize("name", sorted(STORY))
def test_every_line_follows_from_one_before_it(name):
    seen = {None}
    for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        if "uuid" in record:
            assert record["parentUuid"] in seen
            seen.add(record["uuid"])


def test_each_call_has_its_result():
    for name in STORY:
        calls, results = Counter(), Counter()
        for event in read(name).events:
            if event.kind in {"command", "edit", "read", "search"}:
                calls[event.call] += 1
            elif event.kind in {"result", "error"} and event.call:
                results[event.call] += 1
        assert set(calls) <= set(results)


def test_the_printed_token_is_caught_by_the_redaction():
    printed = [event.text for event in read("2026-11-10-csv-export").events if "github.com/robin" in event.text]
    assert any(TOKEN in text for text in printed)
    assert all(TOKEN not in redact(text)[0] for text in printed)


def test_the_printed_token_is_too_regular_for_secret_scanners():
    counts = Counter(TOKEN)
    entropy = -sum(n / len(TOKEN) * math.log2(n / len(TOKEN)) for n in counts.values())
    assert len(TOKEN) == 40
    assert entropy < 3


def test_the_demo_clears_no_folder_that_it_did_not_make(tmp_path):
    (tmp_path / "thesis.md").write_text("years of work", encoding="utf-8")
    demo = [sys.executable, str(FOLDER.parent / "demo.py"), "--into", str(tmp_path)]
    done = subprocess.run(demo, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert "is not empty and not of this demo" in done.stderr
    assert (tmp_path / "thesis.md").read_text(encoding="utf-8") == "years of work"


def test_the_demo_begins_anew_and_tells_each_step_and_where_the_files_lie(tmp_path):
    (tmp_path / "demo" / "home" / "journal").mkdir(parents=True)
    (tmp_path / "demo" / "session.txt").touch()
    demo = [sys.executable, str(FOLDER.parent / "demo.py"), "--into", str(tmp_path / "demo")]
    done = subprocess.run(demo, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    steps = [line.split()[2] for line in done.stdout.splitlines() if line.startswith("$ journal ")]
    order = ["init", "capture", "review", "weekly", "playbook", "context", "verify"]
    assert sorted(order, key=steps.index) == order
    assert done.stdout.count("\n  → ") == 4
    assert TOKEN not in (tmp_path / "demo" / "session.txt").read_text(encoding="utf-8")
    assert "FAIL  journal/sessions/2026/2026-11-10-" in done.stdout
