"""What takes a decision back, and what merely speaks of the same things."""

from __future__ import annotations

import pytest

from session_journal.core.entry import read
from session_journal.core.undoing import Undoings, undoes


@pytest.mark.parametrize(("earlier", "later"), [
    ("Use Redis for the session cache", "Replaced Redis with SQLite"),
    ("Keep the retry loop in the client", "Reverted the retry loop, it hid the real error"),
    ("Decided to use the polling worker", "The polling worker was reverted"),
    ("Use Redis for the session cache", "Use SQLite instead of Redis"),
    ("Run the linter inside the commit hook", "Do not run the linter inside the commit hook"),
    ("Run the linter in the hook", "Don't run the linter in the hook: it made every single commit wait for seconds"),
])  # fmt: skip
def test_a_later_statement_that_gives_the_thing_up_undoes_it(earlier, later):
    assert undoes(later, earlier)


@pytest.mark.parametrize(("earlier", "later"), [
    ("Use Redis for the session cache", "Use Redis for the job queue"),
    ("Use Redis for the session cache", "Removed the Redis fallback"),
    ("Add a flaky test marker", "Removed a flaky test"),
    ("Replaced Redis with SQLite", "Use SQLite instead of Redis"),
    ("Release 3.3.0 on Friday with the notes", "Do not release 3.3.1 on Friday with the notes"),
    ("Keep SQLite", "Delete the temporary files"),
    ("Store sessions in YAML", "Switched from YAML to JSON for the settings"),
])  # fmt: skip
def test_what_only_shares_words_undoes_nothing(earlier, later):
    assert not undoes(later, earlier)


SIGNALS = "Decided to implement `write_signal()` as one function for all tools"


def entry(day, body):
    return read(f"---\ntitle: T\ndate: {day}\n---\n\n{body}\n".encode(), f"journal/sessions/2026/{day}-x.md")


@pytest.mark.parametrize(("decided", "body"), [
    (SIGNALS, "## Synopsis\n\nA long day. Removed signal-based complexity in favor of a direct hook."),
    (SIGNALS, "The pivot from the signal approach to plain calls was worth it."),
    (SIGNALS, "## Accomplishments\n\n- Dropped obsolete signal-based code from the docs"),
    ("Chose to poll the queue every minute", "## Summary\n\nWe switched from a polling design to a push one."),
])  # fmt: skip
def test_a_later_turn_away_from_a_way_of_working_takes_back_what_was_decided_of_it(decided, body):
    first, later = entry("2026-11-16", f"## Decisions\n\n- {decided}"), entry("2026-11-18", body)
    assert Undoings([first, later]).of(first, first.items[0])
    assert not Undoings([entry("2026-11-14", body), first]).of(first, first.items[0])


@pytest.mark.parametrize(("decided", "body"), [
    (SIGNALS, "Removed the old signal pattern."),
    ("Decided to sign every release", "The pivot from the signal approach to plain calls was worth it."),
    (SIGNALS, "Replaced the polling design with a push one."),
    ("Decided against the signal approach in favor of plain calls", "Pivoted from the signal approach to plain calls."),
    ("Chose plain calls instead of the signal design", "Pivoted from the signal design to plain calls."),
])  # fmt: skip
def test_a_turn_takes_back_nothing_that_it_does_not_name_or_that_made_it(decided, body):
    first = entry("2026-11-16", f"## Decisions\n\n- {decided}")
    assert not Undoings([first, entry("2026-11-18", body)]).of(first, first.items[0])
