"""The log of what hooks failed at: short, without secrets, and the same thing once a day."""

from __future__ import annotations

import os

from session_journal.store.failures import Failure, failures, forget_failures, note_failure
from session_journal.store.settings import change

TOKEN = "ghp_" + "A1b2C3d4E5" * 4


def told():
    return [(one.when, one.where, one.what, one.hint) for one in failures(os.environ)]


def test_a_failure_is_told_as_it_was_noted(isolated):
    note_failure(os.environ, Failure("2026-11-20 10:00:00+00:00", "codex s1", "no room\non the\tdisk", "make room"))
    assert told() == [("2026-11-20 10:00:00+00:00", "codex s1", "no room on the disk", "make room")]
    forget_failures(os.environ)
    assert told() == []


def test_no_secret_and_no_home_folder_is_kept(isolated):
    note_failure(os.environ, Failure("2026-11-20", "s1", f"/home/robin/{TOKEN}.jsonl cannot be read", "x"))
    ((_, _, what, _),) = told()
    assert "robin" not in what
    assert TOKEN not in what
    assert not [path for path in isolated.rglob("*") if path.is_file() and TOKEN in path.read_text()]


def test_the_same_failure_is_kept_once_a_day_and_some_only_once(isolated):
    for day in ("2026-11-20 10", "2026-11-20 11", "2026-11-21 10"):
        note_failure(os.environ, Failure(day, "s1", "again"))
        note_failure(os.environ, Failure(day, "capture", "no journal"), once=True)
    assert [(when, what) for when, _, what, _ in told()] == [
        ("2026-11-20 10", "again"),
        ("2026-11-20 10", "no journal"),
        ("2026-11-21 10", "again"),
    ]


def test_only_the_newest_are_kept(isolated):
    for number in range(120):
        note_failure(os.environ, Failure("2026-11-20", "s1", f"failure {number}", "x" * 5_000))
    assert [what for _, _, what, _ in told()] == [f"failure {number}" for number in range(20, 120)]
    assert sum(path.stat().st_size for path in isolated.rglob("failures*")) < 100 * 500


def test_no_word_that_the_user_hides_is_kept(isolated):
    change(os.environ, "redact.words", "Falcon")
    note_failure(os.environ, Failure("2026-11-20", "s1", "falcon/x.jsonl cannot be read"))
    assert "falcon" not in told()[0][2].lower()
