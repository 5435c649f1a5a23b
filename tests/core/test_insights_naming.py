"""What a statement only points at, by the name that stands right before it."""

from __future__ import annotations

import pytest

from session_journal.core.insights.learning import candidates
from session_journal.core.insights.naming import named, with_names
from session_journal.core.insights.prose import statements

OPENS = "There is an `open_pump()` function in `pump.py` that returns the configured pump:"


@pytest.mark.parametrize(
    ("text", "before", "heading", "told"),
    [
        ("The returned pump has a name", OPENS, "", "The pump that `open_pump()` returns has a name"),
        ("The returned pump has a name", "`open_pump()` is called twice.", "", "The returned pump has a name"),
        (
            "The third argument here is the port",
            "See `connect()`.",
            "",
            "The third argument of `connect()` is the port",
        ),
        ("This function hides errors", "`load()` is in `main.py`.", "", "The `load()` function hides errors"),
        ("This function hides errors", "`load()` is called by `save()`.", "", "This function hides errors"),
        ("This function hides errors", "Everything is in `main.py`.", "", "This function hides errors"),
        ("This package has no releases", "Add the `pumps` package.", "", "The `pumps` package has no releases"),
        ("This field is never read", "`open()` sets the `ttl` field.", "", "The `ttl` field is never read"),
        ("The fix makes it safe", "", "review: pr #31 — fix / overview", "The fix of PR #31 makes it safe"),
        ("The fix is correct and well tested", "", "review: pr #31", "The fix is correct and well tested"),
        ("The fixture is slow", "", "review: pr #31 — fix / overview", "The fixture is slow"),
        ("The fix makes it safe", "", "overview", "The fix makes it safe"),
    ],
)
def test_a_thing_gets_the_only_name_that_may_be_its(text, before, heading, told):
    assert named(text, before, heading) == told


def told(reply):
    said = statements(reply, 3)
    return [one.text for one in with_names(candidates(said), said)]


def test_a_name_is_taken_from_right_before_alone():
    text = "This function hides every error of the pump because it returns early."
    assert told(f"The `load()` function reads gauges of the harbour since May. {text}")[-1].startswith("The `load()` f")
    for before in ("- `load()` reads gauges.\n- ", "The `load()` function is old.\n\n## Elsewhere\n\n"):
        assert told(f"{before}{text}")[-1].startswith("This function hides")
