"""Conversations without calls: what the answers were about, no list torn apart, nothing told as done."""

from dataclasses import replace

from scripts import Script
from session_journal.core.insights import story

ANSWER = """## 1. Currents

- **Ebb**: fast, cold
- Created strong tides in the strait over ten thousand years.

The current turns four times a day because two tides meet in the strait.

## 2. Winds

- Converted sailors to steam, late

### Summary

## 3. Maps
"""


def told(script):
    found = story.tell(script.session(), ())
    return [text for text, _ in found.happened], [(item.kind, item.text) for item in found.items]


def asked():
    script = Script()
    script.says("Why are the tides in the strait so strong?")
    script.replies(ANSWER)
    return script


def test_an_answer_in_lists_is_told_by_its_headings():
    happened, _ = told(asked())
    assert happened[1] == "- Told about Currents; Winds; Maps"


def test_no_keyword_of_a_list_is_told_and_nothing_as_done():
    happened, items = told(asked())
    text = " ".join([*happened, *(text for _, text in items)])
    assert "two tides meet" in text
    assert "cold" not in text
    assert "onverted sailors" not in text
    assert "change" not in {kind for kind, _ in items}
    assert not any(line.startswith("- Created") for line in happened)


def test_a_session_with_calls_has_no_outline():
    script = asked()
    script.edits("tides.py")
    assert not any("Told about" in line for line in told(script)[0])


def test_headings_in_code_and_of_one_section_are_no_outline():
    script = Script()
    script.says("How do I write a heading?")
    script.replies(
        "Begin the line with a hash mark and a space, as this shows.\n\n```\n# Tides\n# Ports\n```\n\n## Ports\n"
    )
    assert not any("Told about" in line for line in told(script)[0])


def test_what_the_user_decided_in_a_conversation_stays_a_decision():
    script = Script()
    script.says("Which harbour is better?")
    script.replies("1. Brest, deep and cold\n2. Roscoff, small and close\n\nWhich one do you prefer?")
    script.says("Let's take 2, it is closer")
    script.replies("Roscoff it is, then.")
    assert [text for kind, text in told(script)[1] if kind == "decision"]


def test_a_heading_with_endless_room_in_it_is_read_at_once():
    script = Script()
    script.says("Why are the tides in the strait so strong?")
    script.replies("\n" * 20_000 + f"# a{' ' * 20_000}b\n## Currents ##\n\n## Winds:\n")
    assert told(script)[0][1] == "- Told about Currents; Winds"


def test_a_story_that_was_asked_for_is_nothing_that_was_found_out():
    scene = "The keeper lies dead beneath the lamp, but the door is locked from within. Nobody knows of the letter."
    for asked_for, is_told in (
        ("Write a short story about the keeper of a lighthouse", False),
        ("I am at a novel about a lighthouse, please help with its first chapter", False),
        ("Tell me how the keeper of the lighthouse died", True),
        ("Write a user story for the app of the lighthouse", True),
    ):
        script = Script()
        script.says(asked_for)
        script.replies(f"{scene}\n\n## The lamp\n\n## The letter\n")
        happened, items = told(script)
        text = " ".join([*happened, *(text for _, text in items)])
        assert ("beneath the lamp" in text) is is_told
        assert "Told about The lamp; The letter" in text


def test_a_document_made_in_a_conversation_is_named():
    script = asked()
    text = "id=tides type=text/markdown title=Tides of the strait command=create content=# Tides of the strait"
    turn = script.calls_tool("tool", "artifacts", text, "ok") - 1
    found = story.tell(replace(script.session(), agent="claude-web"), ())
    assert ("- Wrote “Tides of the strait”", (turn,)) in found.happened
