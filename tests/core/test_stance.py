"""Two statements that name the same thing: one may give up what the other keeps to."""

from datetime import date, timedelta

import pytest

from session_journal.core.patterns import Statement, find
from session_journal.core.patterns.stance import is_opposed

DAY = date(2026, 11, 9)


@pytest.mark.parametrize(
    ("one", "two", "opposed"),
    [
        ("The solution is to remove `t.Parallel()` from these tests", "Always use `t.Parallel()` in tests", True),
        ("Use SQLite instead of Redis", "Keep Redis for the cache", True),
        ("We should drop the retry loop", "Add the retry loop around all uploads", True),
        ("Use SQLite instead of Redis", "Use SQLite rather than Redis", False),
        (
            "Consider a direct call instead of `repo.Head()`",
            "The check still uses `repo.Head()`, which is stale",
            False,
        ),
        ("Removed dayToTide() since days are tides", "`dayToTide` must be updated when a field changes", True),
        (
            "Replaced port.Tide with an alias",
            "There are both port.Tide and day.Tide, which need to stay in sync",
            True,
        ),
        ("Removed dayToTide() since days are tides", "Can't use `dayToTide`; all days must be passed whole", False),
        ("Removed the list of ports", "The list of ports must be kept short", False),
        ("The schema file was removed", "The schema file must be kept in sync with the types", True),
        ("Removed the unused imports", "Unused imports are left by merges", False),
        ("Remove the port from the page", "Use the table of the page", False),
    ],
)
def test_what_one_gives_up_the_other_may_keep_to(one, two, opposed):
    assert is_opposed(one, two) is is_opposed(two, one) is opposed


def test_opposites_are_no_pattern_however_alike_their_words_are():
    def said(*texts):
        return [
            Statement(f"e{number}", f"{number}.md", f"s{number}", DAY + timedelta(number), "shop", "insight", text)
            for number, text in enumerate(texts)
        ]

    kept = "Always use `t.Parallel()` in tests that change the folder"
    assert not find(said(kept, "Remove `t.Parallel()` from tests that change the folder"))
    assert find(said(kept, "Use `t.Parallel()` in all tests that change the folder"))
