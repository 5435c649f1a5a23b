"""What of an entry teaches."""

from __future__ import annotations

import pytest

from rolled import entry, roll, section, texts
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


@pytest.mark.parametrize(("text", "whole"), [
    ("Readings are kept by day, so if the day ends before the pump", False),
    ("Because the gauge was never closed after the last reading", False),
    ("Readings are kept by day, so if the day ends, the pump stops", True),
    ("Readings are lost because the gauge was never closed", True),
])  # fmt: skip
def test_what_a_draft_took_over_without_its_main_clause_is_no_lesson(text, whole):
    assert is_lesson(Item("discovery", text, turns=(3,))) is whole


def test_what_the_user_said_and_what_gives_a_cause_come_before_what_was_seen():
    facts = [
        "The gauge of the harbour belongs to the second list of pumps [t1]",
        "Since nobody closed the gauge, its readings went to the wrong list of pumps [t2]",
        "Names of gauges stand for their places in the harbour, not for the pumps [t3]",
    ]
    quotes = ['[t1] assistant: "x"', '[t2] assistant: "y"', '[t3] user: "z"']
    body = section("Discoveries", *facts) + section("Evidence", *quotes)
    learned = texts(roll(entry("a", body, status="draft", drafted_by="offline"))["learned"])
    assert learned.index(facts[0].partition(" [")[0]) == 2


def test_what_a_draft_saw_before_its_last_change_comes_after_what_it_saw_then():
    seen, found = (
        "The gauge of the harbour is never read by its pump [t1]",
        "No boat leaves its mooring without a second list [t9]",
    )
    body = section("Discoveries", seen, found)
    order = [
        texts(roll(entry("a", more + body))["learned"]) for more in ("", section("Changes made", "`gauge.py` [t5]"))
    ]
    assert order == [[seen[:-5], found[:-5]], [found[:-5], seen[:-5]]]


@pytest.mark.parametrize(("text", "whole"), [
    ("`gauge.py` - data types (`Gauge`, `Pump`, `Harbour`)", False),
    ("`gauge.py` - the types of the harbour reach no pump", True),
])  # fmt: skip
def test_a_file_with_a_few_words_beside_it_is_no_lesson(text, whole):
    assert is_lesson(Item("discovery", text, turns=(3,))) is whole


@pytest.mark.parametrize("text", [
    "Apparently the working tree of the harbour is clean because nothing was changed",
    "With the old behaviour, this silently deleted the folder of every gauge",
])  # fmt: skip
def test_a_guess_at_the_moment_and_what_points_at_something_not_named_are_no_lessons_of_a_draft(text):
    assert not is_lesson(Item("discovery", text, turns=(3,)))
    assert is_lesson(Item("discovery", text))


def test_what_points_at_its_own_first_clause_is_a_lesson():
    text = "Because all gauges share one list, this loses the readings of every second pump"
    assert is_lesson(Item("discovery", text, turns=(3,)))


def test_what_does_not_name_its_thing_comes_last_and_what_points_at_it_is_left_off():
    facts = [
        "The second field here is the port of the pump, which nobody reads [t1]",
        "When these parallel tests race, one changes the folder of the other [t2]",
        "The helper never retries, so every reading of the night is lost [t3]",
        "`fill()` drops what is older than an hour because the store is small [t4]",
        "The cache is invalidated on deploy, never before [t5]",
    ]
    body = section("Discoveries", *facts)
    learned = texts(roll(entry("a", body, status="draft", drafted_by="offline"))["learned"])
    assert sorted(learned[:2]) == [facts[4][:-5], facts[3][:-5]]
    assert learned[2:] == [facts[2][:-5]]


def test_a_person_may_begin_with_a_pronoun_but_not_count_what_they_do_not_name():
    said = ["It never pays to skip the second gauge", "Because of the tide all four readers failed and nobody saw why"]
    assert texts(roll(entry("a", section("Takeaways", *said)))["learned"]) == said[:1]


@pytest.mark.parametrize(("text", "whole"), [
    ("Stale locks (left behind by readers that used old names)", False),
    ("Silent gauge-skipping when the name of the pump is missing (first run)", False),
    ("A race between the reader and the writer when both of them start", False),
    ("The cache expires (after a day, as the page of the harbour says)", True),
    ("Workers die when the queue is full of old readings", True),
    ("The pump that `open_pump()` returns has a name of its own", True),
    ("Redis evicts keys when memory is full and the policy allows it", True),
])  # fmt: skip
def test_a_heading_whose_verb_stands_beside_it_is_no_lesson_of_a_draft(text, whole):
    assert is_lesson(Item("discovery", text, turns=(3,))) is whole
