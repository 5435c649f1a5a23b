"""What stands beside the work is no lesson and no next step, whoever reads it: a new draft, a page or a hand-off."""

from __future__ import annotations

import pytest

from session_journal.core.asides import is_advice, is_aside, is_promise, is_reminder, is_talk
from session_journal.core.intention import is_ahead
from session_journal.core.items import Item


@pytest.mark.parametrize("text", [
    "Thank you for sharing the log of the pump",
    "You\u2019re welcome to ask about the pump again",
    "That's a great point about the pump",
    "The changes to the pump should now keep the log whole",
    "Don\u2019t forget to add the pump to the list",
    "If you want, the pump can be stopped first",
    "To ensure this works, the pump is stopped first",
])  # fmt: skip
def test_what_speaks_to_its_reader_is_an_aside(text):
    assert is_aside(text)


@pytest.mark.parametrize("text", [
    "Reads the log of the pump line by line",
    "Always adds a line to the log of the pump",
    "Added the pump to the list",
    "I'll add the pump to the list",
])  # fmt: skip
def test_what_tells_of_a_step_is_talk(text):
    assert is_talk(text)


@pytest.mark.parametrize("text", [
    "Make sure the pump is off before the log is read",
    "The pump should be read by one process only",
    "Tests `test_pump` and `test_log` share a folder, so one loses",
])  # fmt: skip
def test_a_rule_or_a_fact_is_none(text):
    assert not is_talk(text)


def test_a_reminder_that_says_when_is_a_rule():
    assert is_reminder("Remember to close the log of the pump")
    assert not is_reminder("Remember to close the log after every reading")


def test_what_we_should_do_is_no_promise():
    assert not is_promise("For this we should also test the pump")


@pytest.mark.parametrize("text", ["Note that the pump must be off", "The pump was already fixed, follow-up not needed"])
def test_what_a_draft_tells_its_reader_is_advice_and_not_ahead(text):
    assert is_advice(text)
    assert not is_ahead(Item("next", text, (3,)))
    assert is_ahead(Item("next", text))
