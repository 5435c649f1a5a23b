"""Names of weeks, months and quarters."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from session_journal.core.periods import after, before, days, month_of, name_of, period_of, quarter_of, week_of
from session_journal.errors import UsageError

DAYS = st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2200, 12, 31))


def test_weeks_are_iso_weeks_and_2026_has_a_week_53():
    assert week_of(dt.date(2026, 11, 20)) == "2026-W47"
    assert week_of(dt.date(2027, 1, 3)) == "2026-W53"
    assert week_of(dt.date(2024, 12, 30)) == "2025-W01"
    assert days("2026-W53") == (dt.date(2026, 12, 28), dt.date(2027, 1, 3))


def test_months_and_quarters_have_their_days():
    assert month_of(dt.date(2026, 2, 28)) == "2026-02"
    assert quarter_of(dt.date(2026, 11, 20)) == "2026-Q4"
    assert days("2028-02") == (dt.date(2028, 2, 1), dt.date(2028, 2, 29))
    assert days("2026-12") == (dt.date(2026, 12, 1), dt.date(2026, 12, 31))
    assert days("2026-Q4") == (dt.date(2026, 10, 1), dt.date(2026, 12, 31))
    assert days("2026-Q1") == (dt.date(2026, 1, 1), dt.date(2026, 3, 31))


@settings(deadline=None)
@given(DAYS, st.sampled_from(["week", "month", "quarter"]))
def test_a_day_lies_in_the_period_that_is_named_after_it_and_periods_follow_without_a_gap(day, period):
    name = name_of(period, day)
    first, last = days(name)
    assert first <= day <= last
    assert period_of(name) == period
    assert days(after(name))[0] == last + dt.timedelta(days=1)
    assert before(after(name)) == name


@pytest.mark.parametrize(
    "name",
    [
        "2025-W53",
        "2026-W00",
        "2026-W54",
        "2026-13",
        "2026-00",
        "2026-Q5",
        "2026",
        "",
        "2026-w47",
        "2026-W47 ",
        "0000-W01",
        "0000-01",
    ],
)
def test_a_name_of_no_period_is_refused_with_a_hint(name):
    with pytest.raises(UsageError) as caught:
        days(name)
    assert caught.value.hint


@pytest.mark.parametrize(("name", "held"), [
    ("2026-W54", "2026 has the weeks W01 to W53"),
    ("2025-W53", "2025 has the weeks W01 to W52"),
    ("2025-13", "2025 has the months 01 to 12"),
    ("0000-W60", "0001 has the weeks W01 to W52"),
])  # fmt: skip
def test_a_period_that_its_year_lacks_says_what_the_year_has(name, held):
    with pytest.raises(UsageError) as refused:
        days(name)
    assert refused.value.hint == held
