"""What takes a decision back, and what merely speaks of the same things."""

from __future__ import annotations

import pytest

from session_journal.core.undoing import undoes


@pytest.mark.parametrize(("earlier", "later"), [
    ("Use Redis for the session cache", "Replaced Redis with SQLite"),
    ("Keep the retry loop in the client", "Reverted the retry loop, it hid the real error"),
    ("Decided to use the polling worker", "The polling worker was reverted"),
    ("Use Redis for the session cache", "Use SQLite instead of Redis"),
    ("Run the linter inside the commit hook", "Do not run the linter inside the commit hook"),
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
