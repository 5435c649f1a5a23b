"""Mended: a fault that its own session mended is no fact any more."""

import pytest

from scripts import Script
from session_journal.core.insights import story
from session_journal.core.insights.changes import gone
from session_journal.core.insights.learning import candidates
from session_journal.core.insights.mended import resolved
from session_journal.core.insights.prose import statements


def told(*replies):
    said = [one for turn, text in enumerate(replies, 2) for one in statements(text, turn, closing=True)]
    pool = candidates(said)
    return [(one.kind, one.text, one.turns) for one in resolved(pool, pool, {}) if one.kind != "change"]


FAULT = "The `carry_hour` step of the gauge silently drops the last hour of each day."


@pytest.mark.parametrize(
    "fixed",
    [
        "Added a row for the last hour of each day to the `carry_hour` step.",
        "Fixed the step of the gauge that silently drops the last hour of the day.",
    ],
)
def test_a_fault_that_was_mended_later_is_told_as_found_and_mended(fixed):
    ((kind, text, turns),) = told(FAULT, fixed)
    assert (kind, turns) == ("challenge", (2, 3))
    assert text.startswith(f"{FAULT[:-1]} → {fixed[:12].lower()}")


def test_a_fault_that_is_told_with_its_fix_in_one_reply_is_mended():
    ((kind, _, turns),) = told(f"{FAULT} Added a row for the last hour to the `carry_hour` step.")
    assert (kind, turns) == ("challenge", (2, 2))


@pytest.mark.parametrize(
    "other",
    [
        "Added a page for the harbours of the north.",
        "Added the `wind` of each day to the page.",
        "The gauge is read hourly by the page.",
    ],
)
def test_a_fault_that_no_change_names_stands(other):
    assert ("discovery", FAULT[:-1], ()) in told(FAULT, other)


def test_a_change_before_a_fault_mends_nothing():
    assert ("discovery", FAULT[:-1], ()) in told("Added the last hour of each day to the `carry_hour` step.", FAULT)


def test_what_was_wrong_before_is_told_as_it_was():
    was = "Previously the `carry_hour` step of the gauge silently dropped the last hour of each day"
    assert ("discovery", was, ()) in told(f"{was}.", "Added a row for the last hour of each day to `carry_hour`.")


def test_a_finding_is_dealt_with_by_a_change_of_the_code_that_it_names():
    finding = (
        "## Issues\n\n### 1. `print_harbours` silently skips ports\n\nA port without a tide is left out of the list."
    )
    found = told(finding, "Added a warning to `print_harbours`, so that ports without a tide are named.")
    assert found[0][1].startswith("`print_harbours` silently skips ports → added a warning to `print_harbours`")


def test_a_finding_is_dealt_with_by_a_change_of_most_parts_of_its_names():
    finding = (
        "## Issues\n\n### 1. `harbourListCache` is never reset\n\nThe list of the first page is kept for all others."
    )
    found = told(finding, "Added `resetHarbourListForTest` so that each page reads its own list.")
    assert found[0][1].startswith("`harbourListCache` is never reset → added `resetHarbourListForTest`")
    found = told(finding, "Added `readHarbours` so that each page has its own ports.")
    assert "→" not in found[0][1]


READING = "The `carry_hour` step calls `read_gauge`, which drops the last hour of each day."
STEP = "def carry_hour(day):\n    return read_gauge(day)[:-1]"


def found_of(*edits, said=READING):
    """Return what a session found that says something and then makes edits, each of old and new lines."""
    script = Script()
    script.says("Why is the last hour of each day lost?")
    script.replies(said)
    for old, new in edits:
        script.edits("gauge.py", old, new)
    script.replies("It is done.")
    items = story.tell(script.session(), ()).items
    return [item.text for item in items if item.kind == "discovery"], gone(script.session())


def test_what_was_found_of_code_that_was_taken_away_is_told_as_of_then():
    (text,), names = found_of((STEP, "hours = read_gauge(day)"))
    assert text == f"{READING[:-1]} (`carry_hour` removed since)"
    assert names.keys() == {"carry_hour"}


@pytest.mark.parametrize(
    "edits",
    [
        [(STEP, STEP.replace("[:-1]", ""))],
        [(STEP, ""), ("", STEP)],
        [("def other_step(day):", "def another_step(day):")],
    ],
)
def test_what_was_found_of_code_that_stays_is_a_fact(edits):
    assert found_of(*edits)[0] == [READING[:-1]]


def test_what_tells_of_the_taking_away_or_of_before_is_told_as_it_is():
    for said in (
        "This refactoring breaks `carry_hour` down into one step for each gauge of the harbour.",
        "Previously the `carry_hour` step dropped the last hour of each day of the gauge.",
    ):
        assert not any("removed since" in text for text in found_of((STEP, "x = 1"), said=said)[0])
