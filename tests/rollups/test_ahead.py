"""What people ask and mean to do in their thoughts: open ends that no bullet says."""

from __future__ import annotations

from rolled import entry
from session_journal.rollups.ahead import intentions


def texts(items):
    return [item.text for item in items]


PLAN = (
    "## Reflection\n\nI am overwhelmed. The thing to focus on now is the export, then I'll worry about the rest. So\n\n"
    "1 - Make the export work\n\n2 - Refactor the reader of gauges that the hook starts. It should take two things: "
    "(1) the gauge, and (2) the day of it\n\n3 - This will happen later, but a new tool for pumps has priority\n"
)


def test_numbered_steps_in_a_thought_are_meant_to_be_done():
    assert texts(intentions(entry("a", PLAN))) == [
        "The thing to focus on now is the export, then I'll worry about the rest.",
        "Make the export work",
        "Refactor the reader of gauges that the hook starts.",
        "A new tool for pumps has priority",
    ]
    assert intentions(entry("a", PLAN, status="draft")) == []


def test_steps_within_one_sentence_are_told_apart_and_those_that_ask_are_none():
    said = "1 - having better names for all gauges, and\n2 - should gauges have tags of their own?\n3 - right now pumps are read once. Do I want to see these?"
    one = entry("a", f"## Reflection\n\nI have some thoughts on what to explore later.\n\n{said}\n")
    assert texts(intentions(one)) == ["Having better names for all gauges"]


def test_what_speaks_of_something_named_before_it_is_told_with_its_topic_or_not_at_all():
    said = "I wonder whether these help. I'd like to explore the idea of omitting them altogether"
    assert texts(intentions(entry("a", f"## Reflection\n\n**Pump commands** - {said}\n"))) == [
        "Pump commands: I'd like to explore the idea of omitting them altogether"
    ]
    assert intentions(entry("a", f"## Reflection\n\n{said}\n")) == []


def test_what_is_meant_before_a_list_counts_too():
    said = "I want to make pumps a tool of their own. My ideas for tools are:"
    one = entry("a", f"## Reflection\n\n{said}\n\n- a pump\n- a gauge\n")
    assert texts(intentions(one)) == ["I want to make pumps a tool of their own."]


def test_what_is_to_be_remembered_or_waited_for_asks_for_nothing():
    said = "But I want to remember that a pump has no sense. I'm going to wait and see whether the pump runs.\n"
    assert intentions(entry("a", f"## Reflection\n\n{said}")) == []
