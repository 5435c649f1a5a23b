"""What a statement asks for: rules apart from findings, without the words that announce them."""

from __future__ import annotations

import pytest

from session_journal.core.patterns import is_cause, is_rule, is_standing, point, rule_in, trigger


@pytest.mark.parametrize(
    "text",
    [
        "Always use `t.Parallel()` in tests",
        "Before writing code, search for similar functions",
        "We should be using the strong types",
        "please run the linter first",
        "Lesson learned: don't rebase shared branches",
        "That was the wrong file. fix the query, not the test",
        "The linter has to run before commits",
    ],
)
def test_what_says_what_to_do_is_a_rule(text):
    assert is_rule(text)


@pytest.mark.parametrize(
    "text",
    [
        "`ActionCondense` is in `remaining` but never dispatched",
        "All resume tests are failing",
        "Git hooks don't have agent context",
        "how should we know which agent is active?",
        "Test coverage is thorough",
        "It should already be fine",
        "Conflict markers are resolved",
    ],
)
def test_what_was_found_is_no_rule(text):
    assert not is_rule(text)


def test_a_rule_for_one_change_does_not_stand():
    assert is_standing("always run the migrations check before the tests")
    assert not is_standing("remove the checkpoint_tests again")


def test_the_rule_is_told_without_what_led_to_it():
    said = "The user's correction: That's not the bug. always run the check before the tests: make check"
    assert rule_in(said) == "always run the check before the tests: make check"
    assert point("Understood: the schema was one migration behind") == "the schema was one migration behind"
    assert rule_in("Only a finding. With two sentences") == "Only a finding. With two sentences"


def test_a_cause_says_why():
    assert is_cause("Root cause: the key never changes")
    assert not is_cause("The key changes")


def test_when_a_rule_applies_is_what_two_sessions_say():
    one, two = ("a", "Run the check before running the tests"), ("b", "Check the schema before the tests, everywhere")
    assert trigger([one, two]) == "before the tests"
    assert trigger([one, ("a", two[1])]) == ""
    named = ("Branches are named after the ticket", "Name a branch after its ticket", "Look after the tickets")
    assert trigger([*zip("abc", named, strict=True)]) == ""
    assert (
        trigger([("a", "Call the hook after the tests"), ("b", "Check the name after the tests")]) == "after the tests"
    )
    assert trigger([("a", "Stop when it fails"), ("b", "Look when it fails")]) == ""
