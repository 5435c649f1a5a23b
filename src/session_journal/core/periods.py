"""Periods: the names of ISO weeks, months and quarters, and the days they hold."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from session_journal.errors import UsageError

Period = Literal["week", "month", "quarter"]

_WEEK = re.compile(r"(\d{4})-W(\d{2})")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_QUARTER = re.compile(r"(\d{4})-Q([1-4])")
_DAY = timedelta(days=1)


def week_of(day: date) -> str:
    """Return the ISO week of a day: 2026-W47. Its year is the week's, which may differ from the day's."""
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def month_of(day: date) -> str:
    """Return the month of a day: 2026-11."""
    return f"{day.year:04d}-{day.month:02d}"


def quarter_of(day: date) -> str:
    """Return the quarter of a day: 2026-Q4."""
    return f"{day.year:04d}-Q{(day.month + 2) // 3}"


def name_of(period: Period, day: date) -> str:
    """Return the name of the week, month or quarter that holds a day."""
    return {"week": week_of, "month": month_of, "quarter": quarter_of}[period](day)


def period_of(name: str) -> Period:
    """Tell which kind of period a name is; UsageError if it is none or there is no such week or month."""
    days(name)
    return "week" if "W" in name else "quarter" if "Q" in name else "month"


@lru_cache(maxsize=512)
def days(name: str) -> tuple[date, date]:
    """Return the first and last day of a named week, month or quarter; UsageError if there is none of that name."""
    try:
        if match := _WEEK.fullmatch(name):
            first = date.fromisocalendar(int(match[1]), int(match[2]), 1)
            return first, first + 6 * _DAY
        if match := _MONTH.fullmatch(name):
            return _months(int(match[1]), int(match[2]), 1)
        if match := _QUARTER.fullmatch(name):
            return _months(int(match[1]), int(match[2]) * 3 - 2, 3)
    except (ValueError, OverflowError) as error:
        raise UsageError(f"{name}: no such week, month or quarter ({error})", _held(name)) from None
    raise UsageError(f"{name}: not a week, month or quarter", "write 2026-W47, 2026-11 or 2026-Q4")


def _held(name: str) -> str:
    """Say which weeks, or months, the year of a name has."""
    year = max(int(name[:4]), 1)
    if "W" in name:
        return f"{year:04d} has the weeks W01 to W{date(year, 12, 28).isocalendar().week}"
    return f"{year:04d} has the months 01 to 12"


def before(name: str) -> str:
    """Return the name of the period before."""
    return name_of(period_of(name), days(name)[0] - _DAY)


def after(name: str) -> str:
    """Return the name of the period after."""
    return name_of(period_of(name), days(name)[1] + _DAY)


def _months(year: int, month: int, count: int) -> tuple[date, date]:
    following = year * 12 + month - 1 + count
    return date(year, month, 1), date(following // 12, following % 12 + 1, 1) - _DAY
