"""What was decided in a conversation that a person wrote down, and what merely was said in it."""

from __future__ import annotations

import pytest

from rolled import entry, roll, texts
from session_journal.rollups.dialogue import agreed


def said(*lines):
    return [item.text for item in agreed(entry("a", "## Discussion\n\n" + "\n\n".join(lines)))]


@pytest.mark.parametrize(("line", "expected"), [
    (
        '> **Human:** "Okay, I want to remove the switch for pumps. It adds unnecessary complexity."',
        "I want to remove the switch for pumps. It adds unnecessary complexity.",
    ),
    ("> **Human:** the limit of the log should be lower than before", "The limit of the log should be lower than before"),
    ("- User: let's postpone the alerts for pumps", "Let's postpone the alerts for pumps"),
    ("> **Human:** instead of polling, read the gauge when it rings", "Instead of polling, read the gauge when it rings"),
    ("> **Human:** let's keep the gauge as it is: [...] the pump", "Let's keep the gauge as it is"),
    (
        "**Human**: 1. Reject or warn about old readings? Use the 'warn and keep' approach. Clocks are often wrong.",
        "Use the 'warn and keep' approach. Clocks are often wrong.",
    ),
    ("> **Me:** the export should use local time like the reader does", "The export should use local time like the reader does"),
])  # fmt: skip
def test_what_a_person_rules_is_a_decision_with_its_reason(line, expected):
    assert said(line) == [expected]


@pytest.mark.parametrize("line", [
    "> **Human:** should the export use local time?",
    "> **Human:** Is it clear that this should be done by the reader",
    "> **Human:** Let's use what we have, mark it as done",
    "> **Human:** It should be a link",
    "> **Human:** Task 5 of the pump makes more sense to tackle next",
    "> **Human:** do not remove what is there unless it is wrong",
    "> **Human:** Use the gauge of yesterday as a template for it",
    "> **AI:** Let's use local time in the export",
    "> **Human:** User asked whether the export should use local time",
    "> **Human:** You're absolutely right! The export should use local time like the reader",
    "> **Human:** For ticket 12.1 I decided to stick with the short way so all of that isn't needed",
    "> **Human:** The tone should be a lot friendlier from now on",
    "> **Human:** The words of the export should be a lot plainer/more human",
    "> **Human:** The names of old pumps should be more telling in the log",
    "```\nHuman: let's keep the reader of gauges\n```",
])  # fmt: skip
def test_questions_chores_and_the_assistants_words_decide_nothing(line):
    assert said(line) == []


PROPOSAL = "> **AI:** The pump is slow. I suggest that we read it once an hour. What do you think?"
OPTIONS = "> **AI:** Two ways: Option 1: read the pump each hour, or Option 2: let the pump ring. Which one?"


@pytest.mark.parametrize(("proposal", "answer", "expected"), [
    (PROPOSAL, "> **Human:** Okay, do it!", ["Agreed: I suggest that we read it once an hour."]),
    (PROPOSAL, '> **Human:** "I agree"', ["Agreed: I suggest that we read it once an hour."]),
    (OPTIONS, "> **Human:** option 2", ["Let the pump ring."]),
    (PROPOSAL, "> **Human:** do it tomorrow", []),
    ("> **AI:** All tests pass.", "> **Human:** Great!", []),
])  # fmt: skip
def test_a_proposal_that_was_accepted_is_a_decision(proposal, answer, expected):
    assert said(proposal, answer) == expected


def test_what_a_person_ruled_stands_before_what_prose_tells_of_choices():
    body = "## Summary\n\nChose a shorter name for the pump.\n\n## Discussion\n\n> **Human:** let's keep the gauge as it is\n"
    assert texts(roll(entry("a", body))["decisions"]) == [
        "Let's keep the gauge as it is",
        "Chose a shorter name for the pump.",
    ]
    assert roll(entry("a", body, status="draft"))["decisions"] == []
