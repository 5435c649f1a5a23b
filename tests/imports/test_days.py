"""Days and times in headings and file names."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from session_journal.imports.days import day_of, find_day, find_time, is_ambiguous, moment_of, order_of, without

DAY = date(2025, 5, 19)
SPELLINGS = [
    "2025-05-19", "2025/05/19", "2025.05.19", "2025_05_19", "2025-5-19", "20250519", "19.05.2025", "19.5.2025",
    "May 19, 2025", "May 19 2025", "May 19th, 2025", "19 May 2025", "19th of May 2025", "19-May-2025", "Mon, 19 may 2025",
    "19. Mai 2025", "19 mai 2025", "19 de mayo de 2025", "19 maggio 2025", "19 mei 2025", "19 de maio de 2025",
    "2025年5月19日", "2025년 5월 19일", "05/19/2025", "19/05/2025", "2025-05-19T08:00:00Z",
]  # fmt: skip


@pytest.mark.parametrize("text", SPELLINGS)
def test_a_day_is_found_however_it_is_spelt(text):
    found = find_day(f"Log ({text}) x")
    assert found is not None
    assert found.day == DAY


@pytest.mark.parametrize(
    "text",
    ["", "May 19", "Monday", "2025", "2025-05", "2025-02-30", "v1.20.2025", "12345-05-19", "1af62e4", "2025-05-199"],
)
def test_what_names_no_day_of_a_year_is_none(text):
    assert find_day(text) is None


def test_of_several_days_the_first_counts():
    assert find_day("from May 3, 2024 to 2025-05-19").day == date(2024, 5, 3)


def test_a_day_that_can_be_read_two_ways_is_not_guessed():
    assert find_day("03/04/2025") is None
    assert is_ambiguous("03/04/2025")
    assert find_day("03/04/2025", day_first=True).day == date(2025, 4, 3)
    assert find_day("03/04/2025", day_first=False).day == date(2025, 3, 4)
    assert not is_ambiguous("03/03/2025")
    assert find_day("03/03/2025").day == date(2025, 3, 3)


def test_one_day_that_can_be_read_one_way_alone_shows_how_the_others_are_meant():
    assert order_of(["03/04/2025", "25/04/2025"]) is True
    assert order_of(["03/04/2025", "04/25/2025"]) is False
    assert order_of(["03/04/2025"]) is None
    assert order_of(["25/04/2025", "04/25/2025"]) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4:18 PM — Commit df962a7", time(16, 18)), ("12:05 am", time(0, 5)), ("12:54 PM", time(12, 54)), ("9 am", time(9)),
        ("13:36 PM", time(13, 36)), ("at 07:02:09 -0500", time(7, 2, 9, tzinfo=timezone(timedelta(hours=-5)))),
        ("12:08:44-05:00", time(12, 8, 44, tzinfo=timezone(timedelta(hours=-5)))), ("08:00Z", time(8, tzinfo=UTC)),
        ("16h30", time(16, 30)), ("09:00-10:30 standup", time(9)), ("25:99 then 10:15", time(10, 15)),
        ("ratio 4:3", None), ("Task 5.11", None), ("I am 9", None), ("", None),
    ],
)  # fmt: skip
def test_a_time_is_found_with_its_offset(text, expected):
    found = find_time(text)
    assert found == expected
    assert (found.tzinfo if found else None) == (expected.tzinfo if expected else None)


def test_what_a_heading_says_beside_its_day_keeps_its_words():
    text = "Session Log - Monday, 2025-05-19T10:15 — Tests of the TTL: T"
    assert without(text, find_day(text)) == ("Session Log", "Tests of the TTL: T")


def test_values_of_front_matter_are_read_whatever_type_they_have():
    at = datetime.fromisoformat("2025-05-19T10:15")
    assert [moment_of(value) for value in (at, "2025-05-19 10:15", "2025-05-19", DAY, None, [1])] == [
        at,
        at,
        None,
        None,
        None,
        None,
    ]
    assert [day_of(value) for value in (at, DAY, "May 19, 2025", "soon", None, 5)] == [DAY, DAY, DAY, None, None, None]
