"""Dates as people type them: 2026-11-20, yesterday, last friday, 3 days ago, 2026-W47, 2026-11."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from session_journal.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAYS_BACK = {"today": 0, "now": 0, "yesterday": 1, "tomorrow": -1}
_UNITS = {"day": 1, "week": 7}


def read_day(text: str, now: datetime) -> date:
    """Return the one day that is meant."""
    first, last = read_span(text, now)
    if first != last:
        raise UsageError(f"{text!r} is more than one day", f"--date {first.isoformat()}")
    return first


def read_span(text: str, now: datetime) -> tuple[date, date]:
    """Return the first and the last day that is meant; a week or a month has several."""
    words = " ".join(text.lower().split())
    for reader in (_iso, _period, _spoken):
        found = reader(words, now)
        if found:
            return found
    parsed = _any_language(text, now)
    return parsed, parsed


def _iso(words: str, _now: datetime) -> tuple[date, date] | None:
    if len(words) < 8 or not words[0].isdigit():
        return None
    try:
        day = date.fromisoformat(words)
    except ValueError:
        return None
    return day, day


def _period(words: str, now: datetime) -> tuple[date, date] | None:
    today = now.date()
    monday = today - timedelta(days=today.weekday())
    if words == "this week":
        return monday, monday + timedelta(days=6)
    if words == "last week":
        return monday - timedelta(days=7), monday - timedelta(days=1)
    if words == "this month":
        return _month(today.replace(day=1))
    if words == "last month":
        return _month((today.replace(day=1) - timedelta(days=1)).replace(day=1))
    return _named_period(words)


def _named_period(words: str) -> tuple[date, date] | None:
    year, dash, rest = words.partition("-")
    if not (dash and year.isdigit() and len(year) == 4):
        return None
    try:
        if rest.startswith("w"):
            monday = date.fromisocalendar(int(year), int(rest[1:]), 1)
            return monday, monday + timedelta(days=6)
        return _month(date(int(year), int(rest), 1))
    except ValueError:
        return None


def _month(first: date) -> tuple[date, date]:
    following = (first + timedelta(days=31)).replace(day=1)
    return first, following - timedelta(days=1)


def _spoken(words: str, now: datetime) -> tuple[date, date] | None:
    back = _days_back(words, now.date())
    if back is None:
        return None
    try:
        day = now.date() - timedelta(days=back)
    except OverflowError:
        return None
    return day, day


def _days_back(words: str, today: date) -> int | None:
    if words in _DAYS_BACK:
        return _DAYS_BACK[words]
    name = words.removeprefix("last ").removeprefix("on ")
    if name in _WEEKDAYS:
        back = (today.weekday() - _WEEKDAYS.index(name)) % 7
        return back or (7 if words.startswith("last ") else 0)
    parts = words.split(" ")
    if len(parts) == 3 and parts[2] == "ago" and parts[1].removesuffix("s") in _UNITS:
        amount = "1" if parts[0] in {"a", "one"} else parts[0]
        return int(amount) * _UNITS[parts[1].removesuffix("s")] if amount.isdecimal() else None
    return None


def _any_language(text: str, now: datetime) -> date:
    found = _dateparser()(text, now) if text.strip() else None
    if found is None:
        raise UsageError(
            f"cannot read {text!r} as a date", "write 2026-11-20, yesterday, 'last friday' or '3 days ago'"
        )
    return found.date()


def _dateparser() -> Callable[[str, datetime], datetime | None]:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # dateparser and its own imports warn about themselves
        import dateparser

    def parse(text: str, now: datetime) -> datetime | None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return dateparser.parse(
                text,
                settings={"RELATIVE_BASE": now.replace(tzinfo=None), "PREFER_DATES_FROM": "past"},
            )

    return parse
