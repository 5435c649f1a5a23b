"""What `timeline --events` prints is what docs/events.schema.json says."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import get_args

import jsonschema
import pytest

from session_journal.app.draft import read_sessions
from session_journal.cli.main import run
from session_journal.core.events import Event, EventKind, Role
from session_journal.errors import JournalError

ROOT = Path(__file__).resolve().parents[1]
SCHEMA = json.loads((ROOT / "docs" / "events.schema.json").read_text(encoding="utf-8"))
SAMPLES = [
    path for folder in ("examples/transcripts", "tests/readers/samples") for path in sorted((ROOT / folder).iterdir())
]


def lengths(path):
    """Return how many events each session of a file has."""
    try:
        return [len(session.events) for session in read_sessions(str(path))]
    except JournalError:
        return []


def test_it_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert "://" not in SCHEMA["$id"]


def test_every_field_kind_and_role_is_in_it_and_none_that_is_gone():
    properties = SCHEMA["properties"]
    assert set(properties) == {field.name for field in fields(Event)}
    assert {kind["const"] for kind in properties["kind"]["oneOf"]} == set(get_args(EventKind))
    assert set(properties["role"]["enum"]) == set(get_args(Role))


def test_every_key_and_kind_is_described():
    described = [*SCHEMA["properties"].values(), *SCHEMA["properties"]["kind"]["oneOf"]]
    assert all(len(one["description"]) > 10 for one in described)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_every_event_of_every_sample_is_valid(path, capfd, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = lengths(path)
    if not found:
        pytest.skip("nothing can be read in this sample")
    check = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker()).validate
    for session, length in enumerate(found, 1):
        assert run(["timeline", str(path), "--events", "--session", str(session)]) == 0
        lines = capfd.readouterr().out.splitlines()
        assert len(lines) == length
        for line in lines:
            check(json.loads(line))


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "spell", "turn": 1, "role": "user"},
        {"kind": "prompt", "turn": 0, "role": "user"},
        {"kind": "prompt", "turn": 1, "role": "root"},
        {"kind": "prompt", "turn": 1, "role": "user", "uuid": "x"},
        {"kind": "prompt", "turn": 1, "role": "user", "time": "2026-11-20T10:00:00"},
        {"kind": "result", "turn": 1, "role": "tool", "exit_code": "1"},
    ],
)
def test_what_is_no_event_is_not_valid(wrong):
    assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(wrong)
