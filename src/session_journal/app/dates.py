"""Dates as people type them: 2026-11-20, yesterday, last friday, 3 days ago, 2026-W47, 2026-11, november, 2026."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from session_journal.core.periods import before, days, month_of
from session_journal.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAYS_BACK = {"today": 0, "now": 0, "yesterday": 1, "tomorrow": -1}
_UNITS = {"day": 1, "week": 7}
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_SHORTEST = 3
"""Fewer characters than this name no day: the parser of any language would make one of "7", and of "a"."""


def read_day(text: str, now: datetime) -> date:
    """Return the one day that is meant."""
    first, last = read_span(text, now)
    if first != last:
        raise UsageError(f"{text!r} is more than one day", f"--date {first.isoformat()}")
    return first


def read_span(text: str, now: datetime) -> tuple[date, date]:
    """Return the first and the last day that is meant; a week, a month, a quarter and a year have several."""
    words = " ".join(text.lower().split())
    for reader in (_iso, _period, _month_or_year, _spoken):
        found = reader(words, now)
        if found:
            return found
    if words[:1] in {"w", "q"} and words[1:].isdecimal():  # would be read as a day of the month
        raise UsageError(f"{text!r} names no year", f"write it with its year: {now.year}-{words.upper()}")
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
        return days(month_of(today))
    if words == "last month":
        return days(before(month_of(today)))
    return _named_period(words)


def _named_period(words: str) -> tuple[date, date] | None:
    year, rest = words[:4], words[4:].removeprefix("-")
    if not (year.isdecimal() and words[4:5] in {"-", "w", "q"}):
        return None
    kind, number = (rest[0].upper(), rest[1:]) if rest[:1] in {"w", "q"} else ("", rest)
    if not number.isdecimal():
        return None
    return days(f"{year}-{kind}{int(number):0{1 if kind == 'Q' else 2}}")


def _month_or_year(words: str, now: datetime) -> tuple[date, date] | None:
    """Read a year, and a month by its name: without a year the last one that has begun."""
    name, _, year = words.removeprefix("in ").partition(" ")
    if name.isdecimal() and len(name) == 4 and not year:
        return days(f"{name}-Q1")[0], days(f"{name}-Q4")[1]
    number = next((at for at, month in enumerate(_MONTHS, 1) if name in {month, month[:3]}), 0)
    if not number or (year and not (year.isdecimal() and len(year) == 4)):
        return None
    return days(f"{int(year or now.year - (number > now.month)):04}-{number:02}")


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
    found = _dateparser()(text, now) if len(text.strip()) >= _SHORTEST else None
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
