"""What people tell in running text: decisions, questions and intentions, none of them put into their mouth."""

from __future__ import annotations

import pytest

from session_journal.core.entry import read
from session_journal.rollups import ahead, prose


def entry(body, **fields):
    front = "".join(f"{key}: {value}\n" for key, value in fields.items())
    return read(f"---\ndate: 2026-11-16\n{front}---\n\n{body}\n".encode(), "journal/sessions/2026/2026-11-16-a.md")


def texts(items):
    return [item.text for item in items]


@pytest.mark.parametrize(
    "text",
    [
        "We decided to keep the hook.",
        "**Format**: Chose JSON over a packed form",
        "**Design Decision**: one table for all readers",
        "This strategic decision drops the second command.",
        "The talk led to a design pivot from polling to events.",
        "Postponed the release until the parser is done",
    ],
)
def test_what_was_decided_is_found_in_prose_and_in_bullets_without_a_section(text):
    assert texts(prose.decisions(entry(f"## Synopsis of the parser\n\nWe met.\n\n- {text}\n\n{text}\n"))) == [
        text,
        text,
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Each step pauses for design decisions.",
        "Moved the step to the end per strategic decision",
        "Closed the design decision subtask",
        "The parser chose the wrong branch",
    ],
)
def test_what_merely_names_a_decision_decides_nothing(text):
    assert prose.decisions(entry(f"## Synopsis of the parser\n\n{text}\n")) == []


def test_a_draft_is_not_read_for_what_its_prose_decides_or_intends():
    body = "## Synopsis\n\nWe decided to keep it.\n\n## Thoughts\n\nI need to look at the hook again. Why does the hook wait for it?\n"
    for fields in ({"status": "draft"}, {"drafted_by": "offline"}):
        one = entry(body, **fields)
        assert (prose.decisions(one), ahead.intentions(one)) == ([], [])


def test_thoughts_are_asked_for_intentions():
    body = (
        "## Reflections\n\nThe hook is slow. Should the hook hand its work to a process? I don't know.\n\n"
        "I'm going to have to measure it first. I wanted to do so today. Also, consider adding a limit to the queue.\n"
    )
    assert texts(ahead.intentions(entry(body))) == [
        "I'm going to have to measure it first.",
        "Also, consider adding a limit to the queue.",
    ]


def test_what_somebody_said_in_a_conversation_is_nobodys_thought():
    body = (
        '## Reflections\n\nI asked: "Do we really need a second queue for this?"\n\n'
        'User: Do we really need a second queue for this?\n\n"I need to think. Why is there a second queue at all?"\n'
    )
    assert ahead.intentions(entry(body)) == []


def test_a_line_says_by_its_label_what_it_is_unless_a_tool_may_have_printed_it():
    body = (
        "## Tuesday\n\nWhat surprised me: the old code rounded twice.\n\n- **Next**: batches, then the rollout\n\n"
        "Learned: batches keep locks short\n\nError: cannot open the file\n\nNext: more\n\nFoo: bar and baz and more\n"
    )
    assert [(item.kind, item.text) for item in prose.labelled(entry(body))] == [
        ("discovery", "The old code rounded twice. #surprise"),
        ("next", "Batches, then the rollout"),
        ("takeaway", "Batches keep locks short"),
    ]
    assert prose.labelled(entry(body, status="draft")) == []


def test_what_a_person_felt_is_found_in_prose_and_no_feeling_of_others():
    body = "## Friday\n\nRolled it out. I'm relieved that nothing broke. The queue was stuck. They were happy.\n"
    assert texts(prose.feelings(entry(body))) == ["I'm relieved that nothing broke."]


def test_ornament_is_taken_off_a_statement_and_code_keeps_its_stars():
    assert prose.unstyled("✅ **Format**: chose `a**b**c` over **JSON**") == "Format: chose `a**b**c` over JSON"
    assert prose.unstyled("été **") == "été **"
    assert prose.unstyled("✅") == "✅"
    assert prose.unstyled("(2026-11-16 07:15) The hook") == "The hook"
    assert prose.unstyled("07:15 - The hook") == "The hook"
    assert prose.unstyled("2026-11-16") == "2026-11-16"


def test_what_ties_a_sentence_to_the_one_before_is_left_out():
    assert prose.worded("Except I'd like to refactor the summary") == "I'd like to refactor the summary"
    assert prose.worded("But nothing of it was lost") == "But nothing of it was lost"
