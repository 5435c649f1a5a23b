"""Dates as people type them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from session_journal.app.dates import read_day, read_span
from session_journal.errors import UsageError

FRIDAY = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-20", date(2026, 11, 20)),
        ("20261120", date(2026, 11, 20)),
        ("today", date(2026, 11, 20)),
        ("Yesterday", date(2026, 11, 19)),
        ("tomorrow", date(2026, 11, 21)),
        ("last friday", date(2026, 11, 13)),
        ("friday", date(2026, 11, 20)),
        ("last  Monday", date(2026, 11, 16)),
        ("on tuesday", date(2026, 11, 17)),
        ("saturday", date(2026, 11, 14)),
        ("3 days ago", date(2026, 11, 17)),
        ("a week ago", date(2026, 11, 13)),
        ("2 weeks ago", date(2026, 11, 6)),
        ("1 month ago", date(2026, 10, 20)),
        ("November 3", date(2026, 11, 3)),
        ("3 Nov 2025", date(2025, 11, 3)),
    ],
)
def test_natural_dates_mean_one_day(text, day):
    assert read_day(text, FRIDAY) == day


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 3)),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
        ("this week", date(2026, 11, 16), date(2026, 11, 22)),
        ("last week", date(2026, 11, 9), date(2026, 11, 15)),
        ("this month", date(2026, 11, 1), date(2026, 11, 30)),
        ("last month", date(2026, 10, 1), date(2026, 10, 31)),
        ("2026W07", date(2026, 2, 9), date(2026, 2, 15)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("March", date(2026, 3, 1), date(2026, 3, 31)),
        ("in november", date(2026, 11, 1), date(2026, 11, 30)),
        ("dec", date(2025, 12, 1), date(2025, 12, 31)),
        ("feb 2024", date(2024, 2, 1), date(2024, 2, 29)),
    ],
)
def test_weeks_and_months_are_spans(text, first, last):
    assert read_span(text, FRIDAY) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "2026-13-45",
        "someday",
        "2025-W53",
        "99999999999 days ago",
        "7",
        "a",
        "2026W60",
        "2026-Q7",
        "9999-12",
        "may 0000",
    ],
)
def test_what_is_no_date_is_refused(text):
    with pytest.raises(UsageError, match=r"cannot read|no such week|not a week"):
        read_day(text, FRIDAY)


@pytest.mark.parametrize("text", ["W07", "w7", "Q1"])
def test_a_week_without_its_year_is_no_day_of_a_month(text):
    with pytest.raises(UsageError, match="names no year") as refused:
        read_span(text, FRIDAY)
    assert refused.value.hint.endswith(f"2026-{text.upper()}")


def test_a_week_is_no_day():
    with pytest.raises(UsageError, match="more than one day"):
        read_day("2026-W47", FRIDAY)


@given(st.dates())
def test_an_iso_date_is_itself(day):
    assert read_day(day.isoformat(), FRIDAY) == day


@given(st.integers(0, 5000))
def test_days_ago_count_back(days):
    assert read_day(f"{days} days ago", FRIDAY) == FRIDAY.date() - timedelta(days=days)


@given(st.sampled_from(["monday", "wednesday", "friday", "sunday"]), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_last_weekday_lies_one_to_seven_days_back(name, day):
    now = datetime(day.year, day.month, day.day, tzinfo=UTC)
    found = read_day(f"last {name}", now)
    assert 1 <= (day - found).days <= 7
    assert found.strftime("%A").lower() == name
