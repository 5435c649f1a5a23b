"""What of an entry is a decision, and which of them stands first."""

from __future__ import annotations

import pytest

from rolled import entry, roll, section, texts
from session_journal.core.items import Item
from session_journal.rollups.choices import decides, turn


def test_what_leaves_a_way_of_working_stands_before_every_other_decision_and_takes_back_earlier_ones():
    first = entry("a", section("Decisions", "Implement `write_ticket()` for all queues", "Ship on Fridays"))
    later = "### Synopsis\n\nLong day. Removed ticket-based indirection in favor of a direct call to the printer.\n"
    values = roll(first, entry("b", later, day="2026-11-18"))
    assert texts(values["decisions"]) == [
        "Removed ticket-based indirection in favor of a direct call to the printer.",
        "Ship on Fridays",
    ]


@pytest.mark.parametrize("text", [
    "The decision to reuse `open_log()` demonstrates mature engineering",
    "The choice was made well: our decision to wait represents a significant step",
    "Chose an appropriate timeout that balances speed and safety",
])  # fmt: skip
def test_praise_of_a_choice_is_none(text):
    assert not decides(Item("insight", text))


def test_a_choice_of_the_right_thing_over_another_is_one():
    assert decides(Item("insight", "Chose the right-hand column over the left one"))
    assert turn(Item("insight", "We pivoted from the queue design to direct calls")) == 2
    assert turn(Item("decision", "We pivoted from the queue design to direct calls", turns=(3,))) == 0


@pytest.mark.parametrize(("text", "known"), [
    ("The user chose: Reusable, over “this one” and “later”", False),
    ("The user chose: Reusable, over “this one” and “later” (asked: how widely is the pool to be used?)", True),
    ("The user chose: one pool for all queues, over “a pool each”", True),
])  # fmt: skip
def test_an_answer_of_a_word_says_nothing_without_its_question(text, known):
    assert decides(Item("decision", text, turns=(3,)), {3: "user"}) is known


@pytest.mark.parametrize(("text", "known"), [
    ("Remove the checks of the pump again", False),
    ("Instead of what was proposed: merge from origin main", False),
    ("Instead of what was proposed: use one pool for all queues", True),
    ("Remove the checks of the pump entirely", True),
    ("Run the pump by hand, because the timer drifts", True),
])  # fmt: skip
def test_a_chore_is_decided_only_where_a_user_says_why_or_for_good(text, known):
    assert decides(Item("decision", text, turns=(3,)), {3: "user"}) is known


@pytest.mark.parametrize(
    ("text", "is_side"),
    [
        ("`tide.go` - kept HEAD (dropped the fields of the other branch) [t4]", True),
        ("Wind default (parent branch) - keep, not handled by the store [t4]", True),
        ("Gauge default (both branches have it) - keep [t4]", True),
        ("Took theirs for the lock file rather than merging it by hand [t4]", True),
        ("Keep the parser and drop the reader, since main's version reads the wind [t4]", True),
        ("Keep one release branch for each harbour rather than one for all [t4]", False),
        ("Keep the head of the list in memory, not on disk [t4]", False),
        ("Merged the two readers into one because they drifted [t4]", False),
        ("Keep HEAD requests out of the cache", False),
    ],
)
def test_which_side_of_a_merge_was_kept_is_a_decision_of_its_week_alone(text, is_side):
    one = entry("a", section("Decisions", text))
    bare = text.partition(" [t")[0]
    assert texts(roll(one)["decisions"]) == [bare]
    assert texts(roll(one, name="2026-11")["decisions"]) == [bare] * (not is_side)


@pytest.mark.parametrize(("text", "known"), [
    ("We almost scrapped the separate importer", False),
    ("Nearly dropped Redis: the eviction setting was wrong", False),
    ("We came close to ripping the importer out", False),
    ("Were tempted to abandon the queue", False),
    ("The importer almost had to go", False),
    ("Scrapped the separate importer: almost nobody ran it", True),
    ("Drop the cache, nearly all reads miss it", True),
    ("Almost all reads go to the replica", True),
])  # fmt: skip
def test_what_was_nearly_given_up_decides_nothing(text, known):
    assert decides(Item("decision", text)) is known


def test_what_was_nearly_given_up_does_not_stand_for_the_decision_for_it():
    first = entry("a", section("Decisions", "Ship the importer as a separate service"))
    later = entry("b", section("Decisions", "We nearly scrapped the importer as a separate service"), day="2026-11-18")
    assert texts(roll(first, later)["decisions"]) == ["Ship the importer as a separate service"]
