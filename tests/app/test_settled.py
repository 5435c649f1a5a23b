"""Transcripts that did not change are not read again, and nothing is missed by that."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from journals import make_journal
from session_journal.app.capture import Capture, Wanted
from session_journal.app.draft import Clock
from session_journal.app.review import discard
from session_journal.store.entries import load

EXAMPLES = Path(__file__).parents[2] / "examples" / "transcripts"
CLOCK = Clock(datetime(2026, 11, 20, 18, 0, tzinfo=UTC), UTC)


@pytest.fixture
def journal(tmp_path):
    return make_journal(tmp_path / "journal")


@pytest.fixture
def transcript(tmp_path):
    path = tmp_path / "s.jsonl"
    shutil.copy(EXAMPLES / "2026-11-09-flaky-test.jsonl", path)
    return path


def take(journal, path, **wanted):
    (outcome,) = Capture(journal, CLOCK, Wanted(**wanted)).take_file(str(path))
    return outcome


def blind(path):
    """Make a transcript unreadable without any sign of a change."""
    was = path.stat()
    path.write_bytes(b"x" * was.st_size)
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))


def test_an_unchanged_transcript_is_not_read_again(journal, transcript):
    first = take(journal, transcript)
    blind(transcript)
    again = take(journal, transcript)
    assert (first.action, again.action) == ("added", "known")
    assert (again.path, again.title, again.day, again.agent) == (first.path, first.title, "2026-11-09", "claude-code")


def test_a_trivial_one_is_not_read_again_either(journal, tmp_path):
    path = tmp_path / "t.jsonl"
    shutil.copy(EXAMPLES / "2026-11-11-quick-question.jsonl", path)
    assert take(journal, path).action == "trivial"
    blind(path)
    assert take(journal, path).action == "trivial"
    assert take(journal, path, trivial=True).action == "failed"


def test_a_changed_one_is(journal, transcript):
    take(journal, transcript)
    blind(transcript)
    os.utime(transcript, (1, 1))
    assert take(journal, transcript).action == "failed"


def test_a_new_file_of_a_sub_agent_is_a_change(journal, transcript):
    take(journal, transcript)
    blind(transcript)
    folder = transcript.with_suffix("") / "subagents"
    folder.mkdir(parents=True)
    shutil.copy(EXAMPLES / "2026-11-09-flaky-test.jsonl", folder / "agent-a1.jsonl")
    assert take(journal, transcript).action == "failed"


def test_what_a_database_keeps_beside_itself_is_a_change(journal, transcript):
    take(journal, transcript)
    blind(transcript)
    Path(f"{transcript}-wal").write_bytes(b"new")
    assert take(journal, transcript).action == "failed"


def test_one_whose_entry_is_gone_is_looked_at_again(journal, transcript):
    take(journal, transcript)
    discard(journal, load(journal.root)[0][0], CLOCK.now)
    assert take(journal, transcript).action == "discarded"


def test_what_the_filters_left_out_is_found_when_they_are_gone(journal, transcript):
    assert take(journal, transcript, since=date(2026, 11, 19)).action == "older"
    assert take(journal, transcript, since=date(2026, 11, 19)).action == "older"
    assert take(journal, transcript, project="other").action == "elsewhere"
    assert take(journal, transcript).action == "added"
    assert take(journal, transcript, since=date(2026, 11, 19)).action == "older"
    assert take(journal, transcript, project="other").action == "elsewhere"
    assert take(journal, transcript, agent="codex").action == "elsewhere"


def test_what_could_not_be_read_is_tried_again(journal, tmp_path):
    path = tmp_path / "t.jsonl"
    path.write_bytes(b"")
    assert take(journal, path).action == "failed"
    shutil.copyfile(EXAMPLES / "2026-11-09-flaky-test.jsonl", path)
    assert take(journal, path).action == "added"


def test_a_dry_run_remembers_nothing(journal, transcript):
    assert [take(journal, transcript, dry_run=True).action for _ in range(2)] == ["added", "added"]


@pytest.mark.parametrize("torn", [b"", b"{", b"[]", b'{"stamp": [], "rows": [[]]}', b'{"rows": 1}'])
def test_a_torn_memory_is_none(journal, transcript, torn):
    take(journal, transcript)
    for kept in Path(journal.cache("transcripts")).iterdir():
        kept.write_bytes(torn)
    assert take(journal, transcript).action == "known"
