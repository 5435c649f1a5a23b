"""How much a line hangs on what stood around it."""

from __future__ import annotations

import pytest

from session_journal.core.pointing import HANGS, LEANS, POINTS, STANDS, dangles, is_lost, looseness

LOST = [
    "The second field here is the port",
    "When these parallel tests race, one can change the folder while the other reads it",
    "Moving all three readers",
    "All three places need the name of the pump",
    "Those last two tools are enough to justify the server",
    "For ticket 12.1 I already settled on the short way so all of that isn't necessary",
    "Really I want to save this to remember that a helper has no sense. I may want to tell this story someday",
    "No stable release exists for this package",
    "The latter is slower on Windows",
    "In this file the ports are read twice",
    "Retry once for that endpoint",
    "Offered and left open: moving all four readers",
    "This new method reads the ports.",
    "In that case, the ports are read again.",
]
POINTING = [
    "This prevents stale files.",
    "When these race, one changes the folder",
    "Stored in `Session.ports`",
    "All of that is read once",
    "Same pattern in `ports.py:53`.",
    "Defined in `ports.py:53`.",
    "It reads the ports twice",
    "By default, this is off",
    "I'd like to explore the idea of omitting them altogether",
    "The first 3 conflicts are trivial",
    "The other reader keeps its file open",
]
LEANING = [
    "With the old setting, this silently deleted every folder",
    "The returned pump has a `name()` method",
    "The resulting map is keyed by host",
    "The fix makes the store safe by looking for a session first",
    "The tone should be a lot friendlier",
    "The document is quite redundant",
    "I think delete ticket 34 later",
    "The helper retries twice before it gives up",
]
STANDING = [
    "The cache is invalidated on deploy",
    "The build is slow because every image is rebuilt",
    "The tests share one database, so they can't run in parallel",
    "The README says nothing of Windows",
    "The CI caches wheels by lock file",
    "The parser fails on tabs",
    "The test suite takes 4 minutes",
    "The commit hook runs the formatter",
    "The event loop blocks while files are read",
    "The first request after a deploy is slow",
    "The second run is faster because caches are warm",
    "The last release broke the importer",
    "The function that parses dates leaks memory",
    "The `load()` helper reads the file twice",
    "The problem is that retries are unbounded",
    "It is better to retry on 503 than to fail",
    "It turned out that the clock was wrong",
    "All 12 tests pass",
    "All three modes (`a`, `b`, `c`) share one reader",
    "Updated all 4 callers of `load`",
    "Missing `t.Setenv()` on new test functions → added it to all 4 new test functions",
    "Kafka drops messages over 1 MB, and `broker.py` raises this limit per topic",
    "A test that mocks the clock is fragile, and this test is no exception",
    "`foo.py` swallows errors; this function should raise",
    "We retry on 503 because errors there pass, and this approach is cheap",
    "This project uses tabs",
    "Pumps do send two figures in one minute, that is what the test is about",
    "Wow! This package rename process is made much easier by a script",
    "Close old gauges before you read them again",
    "This branch prevents stale files.",
    "Completed Task 27 (Daily Digest Hook) with tests",
    "Ensure that test isolation did not break other tests",
    "When tests race, one changes the folder",
    "Stored ports are read once",
    "Regardless of the port, the gauge is read once",
    "The same pattern could tidy the other readers of ports.",
]


@pytest.mark.parametrize(
    ("text", "loose"),
    [
        *((text, HANGS) for text in LOST),
        *((text, POINTS) for text in POINTING),
        *((text, LEANS) for text in LEANING),
        *((text, STANDS) for text in STANDING),
    ],
)
def test_a_line_hangs_on_what_it_does_not_name_itself(text, loose):
    assert looseness(text) == loose


def test_what_points_back_dangles_and_of_a_persons_words_only_what_names_nothing_is_lost():
    assert [dangles(texts[0]) for texts in (LOST, POINTING, LEANING, STANDING)] == [True, True, False, False]
    assert is_lost(POINTING[0], drafted=True)
    assert not is_lost(POINTING[0], drafted=False)
    assert is_lost(LOST[0], drafted=False)
    assert [is_lost(LEANING[0], drafted=drafted) for drafted in (True, False)] == [True, False]
