"""Sessions as JSON lines: what is packed comes back, and nothing else is taken for a session."""

import json

import pytest
from hypothesis import given

from session_journal.core.events import Event, Session
from session_journal.core.packing import compact, pack, pack_event, unpack
from strategies import EVENTS, SESSIONS

SMALL = Session("claude-code", "s", (Event("prompt", 1, "user", "hello"), Event("reply", 2, "assistant", "hi")))


@given(SESSIONS)
def test_what_is_packed_comes_back(session):
    assert unpack(list(pack(session))) == session


@given(EVENTS)
def test_an_event_is_one_line(event):
    assert len((pack_event(event) + "\n").split("\n")) == 2


def test_what_is_empty_or_unknown_is_left_out():
    assert json.loads(pack_event(SMALL.events[0])) == {"kind": "prompt", "turn": 1, "role": "user", "text": "hello"}


def test_an_exit_code_of_zero_is_told_from_none():
    assert json.loads(pack_event(Event("result", 1, "tool", exit_code=0)))["exit_code"] == 0


def test_long_results_and_thoughts_are_clipped_and_words_are_not():
    long = "a line of text\n" * 700
    kinds = ("result", "error", "thought", "prompt", "reply", "edit")
    session = Session("x", "s", tuple(Event(kind, 1, "tool", long) for kind in kinds), uuids=frozenset({"u"}))
    lengths = {event.kind: len(event.text) for event in compact(session).events}
    assert max(lengths["result"], lengths["error"]) < 5_200
    assert lengths["thought"] < 1_600
    assert {lengths[kind] for kind in ("prompt", "reply", "edit")} == {len(long)}
    assert compact(session).uuids == frozenset()
    assert all(len(event.text) < 1_200 for event in compact(session, 0.05).events)


def lines(**changes):
    first, *rest = pack(SMALL)
    return [json.dumps({**json.loads(first), **changes}), *rest]


@pytest.mark.parametrize(
    ("damaged", "why"),
    [
        ([], "no JSON"),
        (["[]"], "no object"),
        (["{}"], "no archive"),
        (lines(form=2), "its form is 2"),
        (lines(events=3), "2 events instead of 3"),
        (lines(id=7), "id is no text"),
        (lines(started="soon"), "isoformat"),
        (lines(started="2026-11-20T10:00:00"), "no moment"),
        (lines(links="x"), "links"),
        (lines(skipped=True), "no number"),
        ([*lines()[:2], '{"kind":"prompt"}'], "no event"),
        ([*lines()[:2], '{"kind":"spell","turn":1,"role":"user"}'], "no event"),
        ([*lines()[:2], "[" * 100_000], "no JSON"),
        ([*lines()[:2], lines()[2][:20]], "no JSON"),
    ],
)
def test_lines_that_are_no_session_are_named(damaged, why):
    with pytest.raises(ValueError, match=why):
        unpack(damaged)
