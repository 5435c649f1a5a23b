"""A rest is as long as the server asked for, and never longer than the patience."""

from __future__ import annotations

import pytest

from session_journal.llm.waiting import Patience, rest_asked_for

NOON = "Sat, 01 Jan 2000 12:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7),
        ({"retry-after": "0"}, 0),
        ({"retry-after": "-3"}, 0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after-ms": "250", "retry-after": "7"}, 0.25),
        ({"retry-after": "Sat, 01 Jan 2000 12:01:00 GMT", "date": NOON}, 60),
        ({"retry-after": "Sat, 01 Jan 2000 11:00:00 GMT", "date": NOON}, 0),
        ({"retry-after": "Sat, 01 Jan 2000 12:01:00 GMT"}, None),
        ({"retry-after": "Sat, 01 Jan 2000 12:01:00 GMT", "date": "Sat, 01 Jan 2000 12:00:00"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": ""}, None),
        ({}, None),
    ],
)
def test_a_rest_is_read_from_seconds_or_a_date(headers, seconds):
    assert rest_asked_for(headers) == seconds


def test_the_patience_is_used_up_by_all_waits_together():
    said, slept = [], []
    patience = Patience(10, said.append, slept.append)
    assert patience.wait(6, "busy")
    assert not patience.wait(5, "busy")
    assert patience.wait(4, "busy")
    assert said == ["busy: trying again in 6 s", "busy: trying again in 1 s", "busy: trying again in 4 s"]
    assert slept == [5, 1, 4]


def test_no_patience_is_no_waiting():
    said = []
    assert not Patience(0, said.append, said.append).wait(1, "busy")
    assert said == []
