"""What of an entry teaches."""

from __future__ import annotations

import pytest

from rolled import entry, roll, texts
from session_journal.core.items import Item
from session_journal.rollups.lessons import is_lesson


@pytest.mark.parametrize("text", [
    "The export will open a new window that knows nothing but its own gauge",
    "The export should take the gauge and the day as two arguments",
    "The docs would name the gauge and we want to keep the old name",
    "There is a list of gauges by name in the store, and I think that it makes entries better",
    "This fix demonstrates the importance of testing with care and time",
])  # fmt: skip
def test_designs_opinions_and_praise_are_no_lessons(text):
    assert not is_lesson(Item("insight", text))


@pytest.mark.parametrize("text", [
    "The server will drop the connection when a gauge is silent for an hour",
    "Tests should never share a gauge because one of them closes it",
    "Gauges report in local time, which I think is because the clock has no zone",
])  # fmt: skip
def test_laws_rules_and_causes_are_lessons_whoever_thinks_so(text):
    assert is_lesson(Item("insight", text))


def test_a_lesson_is_not_told_without_what_turns_it():
    first = "The store keeps a list of all gauges that is read in one go and never waits for the disk or the network"
    turn = "However, the list is stale for as long as a gauge is silent, so that nothing can be said of it until then."
    (line,) = texts(roll(entry("a", f"## Key takeaways\n\n- {first}. {turn}\n"))["learned"])
    assert line.startswith(f"{first}. However, the list is stale")
