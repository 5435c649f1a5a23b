"""Entries on their way into the journal: several in one commit, and one that cannot be stored stops no other."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from journals import git, make_journal, page, where
from session_journal.app.batch import Addition, Batch
from session_journal.app.captured import Memories, Memory
from session_journal.app.outcome import Outcome
from session_journal.store.journal import Change

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
TOKEN = "ghp_" + "A1b2C3d4E5" * 4


@pytest.fixture
def journal(tmp_path):
    return make_journal(tmp_path / "journal")


def fill(journal, *texts, events=()):
    """Let entries with these texts wait, each with these events; return the batch and what is remembered."""
    memories = Memories(journal, dry_run=False)
    batch = Batch(journal, memories, lambda changes, message: journal.publish(changes, message, NOW))
    for place, text in enumerate(texts):
        data = page(place + 1) + text.encode()
        memory = Memory(f"aider:{place}", f"{place + 1:032x}", "", frozenset(), (1, 1))
        outcome = Outcome("f", "added", where(f"e{place}"), f"Entry {place}", agent="aider")
        batch.add(Addition(place, outcome, data, date(2026, 11, 20), (memory,), "", tuple(events)))
    return batch, memories


def test_entries_that_wait_together_are_one_commit(journal):
    batch, _ = fill(journal, "a", "b", "c")
    assert [outcome.action for _, outcome in batch.publish()] == ["added"] * 3
    assert git(journal, "log", "--format=%B", "-1").strip().split("\n\n") == [
        "entries: 3 from aider",
        "- Entry 0\n- Entry 1\n- Entry 2",
    ]
    assert batch.publish() == []


def test_one_that_cannot_be_stored_stops_no_other(journal):
    batch, memories = fill(journal, "a", f"use {TOKEN}", "c")
    done = [outcome for _, outcome in batch.publish()]
    assert [outcome.action for outcome in done] == ["added", "failed", "added"]
    assert "secret" in done[1].why
    assert TOKEN not in done[1].why
    assert memories.of("aider:1") is None
    assert Memories(journal, dry_run=True).of("aider:2") is not None
    assert not Path(journal.path(where("e1"))).exists()


def test_a_path_that_was_taken_meanwhile_gives_way(journal):
    batch, _ = fill(journal, "a")
    Path(journal.path(where("e0"))).parent.mkdir(parents=True, exist_ok=True)
    Path(journal.path(where("e0"))).write_text("mine")
    ((_, outcome),) = batch.publish()
    assert outcome.action == "added"
    assert outcome.path != where("e0")
    assert Path(journal.path(where("e0"))).read_text() == "mine"


def test_what_another_capture_has_added_meanwhile_is_not_doubled(journal):
    batch, _ = fill(journal, "a")
    other, _ = fill(journal, "a")
    other.publish()
    ((_, outcome),) = batch.publish()
    assert outcome.action == "known"


def test_long_events_do_not_pile_up_in_memory(journal):
    long = Change("journal/archive/a.md", b"x" * 5_000_000)
    assert not fill(journal, "a", events=[long])[0].is_full()
    assert fill(journal, "a", "b", events=[long])[0].is_full()
