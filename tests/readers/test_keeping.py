"""What is kept of a session that is too long to be kept whole."""

import sys

from session_journal.core.events import Event
from session_journal.readers.keeping import Kept, Recent

TEXT = "what a tool printed, word by word, again and again. " * 40


def session(steps, text=TEXT):
    yield Event("prompt", 1, "user", "please begin")
    for step in range(steps):
        yield Event("thought", 2, "assistant", text)
        yield Event("read", 2, "assistant", target=f"/w/a/{step}.py", call=f"r{step}")
        yield Event("command", 2, "assistant", target=f"pytest -k test_{step}", call=f"c{step}")
        yield Event("result", 3, "tool", text, call=f"c{step}", exit_code=step % 3)
        yield Event("edit", 4, "assistant", f"- {text}\n+ new", target=f"/w/a/deep/folder/with/a/long/name/{step}.py")
    yield Event("prompt", 5, "user", "thank you")


def kept(events, budget):
    found = Kept(budget)
    for event in events:
        found.add(event)
    return found


def bytes_of(events):
    return sum(sys.getsizeof(event.text) + sys.getsizeof(event.target) + sys.getsizeof(event) for event in events)


def test_a_session_within_the_budget_stays_as_it_is():
    events = list(session(20))
    found = kept(events, 1_000_000)
    assert (found.events, found.left_out) == (events, 0)


def test_texts_are_clipped_before_anything_is_left_out():
    events = list(session(300))
    found = kept(events, 1_200_000)
    assert found.left_out == 0
    assert [(one.kind, one.target, one.exit_code) for one in found.events] == [
        (one.kind, one.target, one.exit_code) for one in events
    ]
    assert len(found.events[1].text) < len(TEXT)


def test_prompts_commands_exit_codes_and_the_paths_of_edits_stay_to_the_last():
    events = list(session(400))
    found = kept(events, 600_000)
    kinds = ("prompt", "command", "edit")
    told = [(one.kind, one.target) for one in events if one.kind in kinds]
    assert [(one.kind, one.target) for one in found.events if one.kind in kinds] == told
    assert [one.exit_code for one in found.events if one.kind == "result"] == [step % 3 for step in range(400)]
    assert {one.kind for one in found.events}.isdisjoint({"thought", "read"})
    assert found.left_out == len(events) - len(found.events)


def test_both_ends_stay_when_even_that_is_too_much():
    events = list(session(5_000))
    found = kept(events, 300_000)
    assert (found.events[0].text, found.events[-1].text) == ("please begin", "thank you")
    assert found.left_out == len(events) - len(found.events)
    assert bytes_of(found.events) < 300_000
    order = [int(one.target.rsplit("_", 1)[1]) for one in found.events if one.kind == "command"]
    assert order == sorted(order)


def test_a_single_text_beyond_the_budget_is_clipped_not_lost():
    found = kept([Event("prompt", 1, "user", "word " * 100_000)], 10_000)
    assert found.events[0].text.startswith("word word")
    found = kept(
        [
            Event("prompt", 1, "user", "a"),
            Event("prompt", 2, "user", "b"),
            Event("prompt", 3, "user", "word " * 100_000),
        ],
        10_000,
    )
    assert [one.text[:4] for one in found.events] == ["a", "b", "word"]
    assert len(found.events[2].text) < 20_000


def test_an_event_is_replaced_and_what_it_took_is_given_back():
    found = Kept(100_000)
    for turn in range(1_000):
        found.replace_last(Event("compaction", turn, "system", "x" * 1_000)) if turn else found.add(
            Event("compaction", 0, "system")
        )
    assert [one.turn for one in found.events] == [999]
    assert len(found.events[0].text) == 1_000


def test_only_what_came_last_is_remembered():
    known = Recent(2)
    for key in "abc":
        known[key] = key.upper()
    assert [known.get(key) for key in "abc"] == [None, "B", "C"]
