"""Mended: a fault that its own session mended is no fact any more."""

import pytest

from scripts import Script
from session_journal.core.insights import story
from session_journal.core.insights.changes import gone
from session_journal.core.insights.goals import prompts
from session_journal.core.insights.learning import candidates, replies
from session_journal.core.insights.mended import resolved
from session_journal.core.insights.overtaken import overtaken
from session_journal.core.insights.prose import statements
from session_journal.core.signals import signals


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
    assert (kind, turns) == ("challenge", (2,))


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


def mends(said, *edits, asked="", again=""):
    """Return a session that says something, then edits files, each of old and new lines; asked: a request between."""
    script = Script()
    script.says("The tide table is wrong for the last day of the month. Find out why")
    script.replies(said)
    if asked:
        script.says(asked)
    for path, old, new in edits:
        script.edits(path, old, new)
    if again:
        script.replies(again)
    script.runs("cat tides.py", "x = 1")
    script.replies("It is done.")
    return script.session()


def starts_told(session):
    """Return the first words of what a session said to be wrong, and then changed."""
    asked = prompts(session)
    return [raw.split(" of ")[0] for _, raw in overtaken(session, replies(session, asked), asked)]


PORT = ("tides.py", "    port = str(name)", "    port = PortName(name)")
OTHER = ("boats.py", "x", "y = 2")


@pytest.mark.parametrize(
    "said",
    [
        "The readers of the tide table pass plain words where they should pass a `PortName`.",
        "The page of the harbour still uses `str(name)` as its key.",
        "The linter of the harbour flags `PortName` as unused since nothing calls it.",
        "The import of the `PortName` type is missing in the reader.",
        "The reader of the table silently drops a `PortName` at midnight.",
        "The pages of the harbour pass plain words where they should pass a port. Let me check the imports and fix them.",
        "The bug of the last day is here. The fix is to read the whole month.",
    ],
)
def test_a_fault_is_overtaken_by_an_edit_of_what_it_names_or_what_the_reply_sets_out_to_mend(said):
    assert starts_told(mends(said, PORT)) == [said.split(" of ")[0]]
    assert starts_told(mends(said)) == []
    if "`" in said:
        assert starts_told(mends(said, OTHER)) == []


@pytest.mark.parametrize(
    "said",
    [
        "The reader of the table turns each name into a `PortName`.",
        "The readers of the table should always pass a `PortName`.",
        "Previously the reader of the table never closed the `PortName` list.",
        "The `PortName` of a harbour is still used by the reader, so it stays.",
        "A clock of that kind never runs backwards. It is the same in all harbours. Let me fix the imports.",
        "The page of the harbour would crash if a `PortName` were empty.",
    ],
)
def test_how_things_work_is_not_overtaken_by_an_edit(said):
    assert starts_told(mends(said, PORT)) == []


def test_what_is_said_again_after_the_edit_or_was_edited_for_another_request_is_not_overtaken():
    said = "The reader of the table silently drops a `PortName` at midnight."
    again = "The reader of the table still silently drops each `PortName` at midnight."
    assert "The reader" not in starts_told(mends(said, PORT, again=again))
    assert starts_told(mends(said, PORT, asked="Yes, do that")) == ["The reader"]
    script = Script()
    for asked in ("Why is the tide table wrong?", "Thanks. What does `boats` do?", "Shorten the page"):
        script.says(asked)
        script.replies(said if "tide" in asked else "It lists the boats of the harbour.")
    script.edits(*PORT)
    script.replies("It is done.")
    assert starts_told(script.session()) == []


def items_of(session):
    return [(item.kind, item.text) for item in story.tell(session, ()).items if item.kind != "change"]


def test_a_state_of_the_code_is_told_no_more_after_it_was_changed():
    said = "The page of the harbour still uses `str(name)` as the key of its table."
    assert ("discovery", said[:-1]) in items_of(mends(said, OTHER))
    assert not any("still uses" in text for _, text in items_of(mends(said, PORT)))


SKIPS = "The reader of the harbour never closes `tide_cache` on the last day of a month."


@pytest.mark.parametrize(
    ("after", "end"),
    [
        ("", "then edited `tides.py`"),
        (" The fix is to replace the `tide_cache` of the last row.", "replaced the `tide_cache` of the last row"),
    ],
)
def test_why_something_went_wrong_is_told_with_what_was_done(after, end):
    session = mends(SKIPS + after, ("src/tides.py", "read(tide_cache)", "tide_cache.close()"))
    (text,) = (text for kind, text in items_of(session) if kind == "challenge")
    assert text.startswith("The reader of the harbour never closes `tide_cache`")
    assert text.endswith(f" → {end}")


@pytest.mark.parametrize(("output", "code", "stands"), [("ok", 0, False), ("undefined: PortName", 2, True)])
def test_code_that_does_not_build_is_no_fact_once_the_build_passed(output, code, stands):
    script = Script()
    script.says("Merge the harbour branch, and find out why it stopped")
    script.replies("The conflicts of the harbour branch are gone, but the reader of the table doesn't compile.")
    script.edits(*OTHER)
    script.runs("go build ./...", output, code)
    script.replies("It is done.")
    session = script.session()
    asked = prompts(session)
    found = overtaken(session, replies(session, asked), asked, signals(session, asked).checks)
    assert bool(found) != stands


def test_a_cause_is_told_as_it_was_found_where_no_more_than_the_edited_file_is_known():
    said = "The cause is in the reader: `tide_cache` leaves the order of two tides of one minute open."
    edit = ("tides.py", "read(tide_cache)", "read(tide_cache, by=id)")
    assert ("discovery", said[:-1]) in items_of(mends(said, edit))
