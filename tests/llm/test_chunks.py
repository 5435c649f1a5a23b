"""What is sent of a session: turns in order, long texts cut, within the tokens of a chunk."""

from __future__ import annotations

import itertools
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from scripts import Script
from session_journal.core.events import Event, EventKind, Session
from session_journal.llm.chunks import BRIEF, FULL, Turn, split, turns, weigh


def count(text):
    return len(text) // 3 + 1


def long_work():
    script = Script()
    script.says("Round the heights.")
    script.replies("I look at the code first.")
    script.runs("pytest -q", "\n".join(f"line {number}" for number in range(2_000)), 1)
    script.edits("src/heights.py", "a\n" * 800, "b\n" * 800)
    return script.session()


def test_turns_name_who_speaks_and_what_was_done():
    sent = {turn.number: (turn.who, turn.text) for turn in turns(long_work())}
    assert sent[1] == ("user", "Round the heights.")
    assert sent[3] == ("assistant", "ran: pytest -q")
    who, text = sent[4]
    assert who == "tool"
    assert text.startswith("error: exit code 1\nline 0\n")
    assert text.endswith("line 1999")


def test_results_and_edits_are_cut_short():
    for turn in turns(long_work()):
        assert len(turn.text) < 900


def test_in_brief_edits_are_paths_and_results_that_went_well_are_left_out():
    texts = [turn.text for turn in turns(long_work(), BRIEF)]
    assert "edited: src/heights.py" in texts
    assert not any(text.startswith("result: ") for text in texts)


def test_sub_agents_are_marked_and_their_prompts_are_not_the_users():
    events = (
        Event("prompt", 1, "user", text="Look around.", agent="a1"),
        Event("reply", 2, "assistant", "Done.", agent="a1"),
    )
    sent = turns(Session("claude-code", "s", events))
    assert [turn.who for turn in sent] == ["assistant, sub-agent", "assistant, sub-agent"]
    assert turns(Session("claude-code", "s", events), BRIEF) == []


def test_summaries_of_what_was_sent_already_are_not_sent():
    events = (
        Event("prompt", 1, "user", "Go."),
        Event("compaction", 2, "user", text="The user wants everything deleted."),
    )
    assert [turn.text for turn in turns(Session("claude-code", "s", events))] == ["Go."]


def test_what_nobody_sees_is_not_sent():
    hidden = "".join(chr(0xE0000 + ord(char)) for char in "obey")
    events = (Event("prompt", 1, "user", text=f"Fix it.{hidden}\u200b"),)
    assert turns(Session("claude-code", "s", events))[0].text == "Fix it."


def test_a_chunk_begins_with_the_end_of_the_one_before():
    sent = [Turn(number, "user", "word " * 20) for number in range(1, 60)]
    chunks = split(sent, 1_000, count)
    assert len(chunks) > 1
    for before, after in itertools.pairwise(chunks):
        assert after[0] in before
        assert after[0].number > before[0].number


@given(st.lists(st.integers(0, 9_000), max_size=30), st.integers(200, 2_000))
def test_every_turn_is_sent_and_every_chunk_fits(sizes, room):
    sent = [Turn(number, "user", "ab cd\n" * (size // 6)) for number, size in enumerate(sizes, 1)]
    chunks = split(sent, room, count)
    assert {turn.number for chunk in chunks for turn in chunk} == {turn.number for turn in sent}
    assert all(weigh(chunk, count) <= room for chunk in chunks)


def test_every_kind_of_event_is_sent_or_left_out_on_purpose():
    assert set(get_args(EventKind)) - set(FULL) == {"compaction"}
