"""Sessions as JSON lines: what is packed comes back, and nothing else is taken for a session."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from session_journal.core.events import Event, EventKind, Role, Session
from session_journal.core.packing import compact, pack, pack_event, unpack

TIMES = st.none() | st.datetimes(
    min_value=datetime(1990, 1, 1),  # noqa: DTZ001
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=-3))]),
)
EVENTS = st.builds(
    Event,
    kind=st.sampled_from(get_args(EventKind)),
    turn=st.integers(1, 10**20),
    role=st.sampled_from(get_args(Role)),
    text=st.text(),
    target=st.text(),
    time=TIMES,
    call=st.text(max_size=4),
    exit_code=st.none() | st.integers(-(10**20), 10**20),
    agent=st.text(max_size=4),
)
SESSIONS = st.builds(
    Session,
    agent=st.text(),
    id=st.text(),
    events=st.lists(EVENTS, max_size=5).map(tuple),
    cwd=st.text(),
    branch=st.text(),
    model=st.text(),
    title=st.text(),
    version=st.text(),
    started=TIMES,
    ended=TIMES,
    skipped=st.integers(0, 9),
    sha256=st.text(),
    links=st.lists(st.text(), max_size=3).map(tuple),
)
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
