"""Days and times as people write them into headings and file names; what can be read two ways is never guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache

from session_journal.core.records import record

# English, German, Dutch, French, Spanish, Italian, Portuguese, Danish/Norwegian and Swedish, without accents.
_MONTHS = (
    "january jan januar januari janvier janv enero ene gennaio gen janeiro",
    "february feb februar februari fevrier fevr febrero febbraio fevereiro fev",
    "march mar marz maerz maart mrt mars marzo marco",
    "april apr avril avr abril abr aprile",
    "may mai mei mayo maggio mag maio maj",
    "june jun juni juin junio giugno giu junho",
    "july jul juli juillet juil julio luglio lug julho",
    "august aug augustus aout agosto ago augusti",
    "september sep sept septembre septiembre settembre set setembro",
    "october oct oktober okt octobre octubre ottobre ott outubro out",
    "november nov novembre noviembre novembro",
    "december dec dezember dez decembre diciembre dic dicembre dezembro desember",
)
_WORD = r"([^\W\d_]{3,12})"
_ORDINAL = r"(?:st|nd|rd|th|er|º|\.)?"
_OF = r"(?:(?:of|de|del)[ ]+)?"
_YEAR_FIRST = (
    re.compile(r"(?<!\d)((?:19|20)\d{2})([-/._])(\d{1,2})\2(\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)((?:19|20)\d{2})()(\d{2})(\d{2})(?!\d)"),
    re.compile(r"(?<!\d)((?:19|20)\d{2})\s*([年년])\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]"),
)
_WORDED = (
    re.compile(
        rf"(?<!\d)(?P<day>\d{{1,2}}){_ORDINAL}[ -]*{_OF}(?P<month>{_WORD})\.?,?[ -]*{_OF}(?P<year>\d{{4}})(?!\d)"
    ),
    re.compile(rf"(?P<month>{_WORD})\.?[ ]+(?P<day>\d{{1,2}}){_ORDINAL},?[ ]+(?P<year>\d{{4}})(?!\d)"),
)
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})([./-])(\d{1,2})\2((?:19|20)\d{2})(?!\d)")
# An offset with a colon counts after seconds alone: 09:00-10:30 is how people write from when to when.
_TIME = re.compile(
    r"(?<![\d.:])(?P<hour>\d{1,2})(?:[:h](?P<minute>\d{2})(?P<second>:\d{2}(?:[.,]\d+)?)?)?"
    r"[ ]?(?P<half>[ap]\.?m\b\.?)?"
    r"(?:[ ]?(?P<zone>Z\b|UTC\b|GMT\b|[+-](?:0\d|1[0-4])(?:(?(second):?|)[0-5]\d)(?!\d)))?(?!:?\d)",
    re.IGNORECASE,
)


_LONGEST_VALUE = 100


@record(frozen=True, slots=True)
class Found:
    """A day and where in the text it stands."""

    day: date
    start: int
    end: int


def find_day(text: str, *, day_first: bool | None = None) -> Found | None:
    """Return the first day a text names with its year; `day_first` tells how 03/04/2025 is meant, None: not at all."""
    found = [one for one in (*_year_first(text), *_worded(text), *_year_last(text, day_first=day_first)) if one]
    return min(found, key=lambda one: (one.start, -one.end), default=None)


def is_ambiguous(text: str) -> bool:
    """Tell whether a text names a day that can be read two ways, and no other."""
    return find_day(text) is None and find_day(text, day_first=True) is not None


def order_of(texts: Iterable[str]) -> bool | None:
    """Return whether these texts write the day before the month, as far as one of them proves it."""
    proofs = set()
    for text in texts:
        for match in _YEAR_LAST.finditer(text):
            first, second = int(match[1]), int(match[3])
            if match[2] != "." and max(first, second) > 12 >= min(first, second):
                proofs.add(first > 12)
    return proofs.pop() if len(proofs) == 1 else None


def find_time(text: str) -> time | None:
    """Return the first time of day a text names, with its offset where that follows."""
    for match in _TIME.finditer(text):
        if match["minute"] or match["half"]:
            hour = int(match["hour"])
            if match["half"] and hour <= 12:
                hour = hour % 12 + (12 if match["half"][0] in "pP" else 0)
            try:
                return time(hour, int(match["minute"] or 0), _seconds(match["second"]), tzinfo=_zone(match["zone"]))
            except ValueError:
                continue
    return None


def without(text: str, found: Found | None) -> tuple[str, str]:
    """Return what stands before and after a day, without times, weekdays and the signs that joined them."""
    before, after = (text[: found.start], after_day(text, found)) if found else (text, "")
    return _bare(before), _bare(after)


def after_day(text: str, found: Found) -> str:
    """Return what follows a day; the T of 2026-11-20T14:05 is no part of it."""
    rest = text[found.end :]
    return rest[1:] if rest[:1] == "T" and rest[1:2].isdigit() else rest


def moment_of(value: object) -> datetime | None:
    """Read a front matter value as a moment; a day alone is none."""
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or len(value) > _LONGEST_VALUE:
        return None
    found = find_day(value)
    clock = find_time(after_day(value, found)) if found else None
    return datetime.combine(found.day, clock) if found and clock else None


def day_of(value: object) -> date | None:
    """Read a front matter value as a day."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    found = find_day(value) if isinstance(value, str) and len(value) <= _LONGEST_VALUE else None
    return found.day if found else None


def month_number(word: str) -> int:
    """Return the month a word names, 0 where it is none."""
    return _months().get(_folded(word), 0)


def make_day(year: int, month: int, day: int) -> date | None:
    """Return a day, None where the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _year_first(text: str) -> Iterator[Found | None]:
    for pattern in _YEAR_FIRST:
        for match in pattern.finditer(text):
            yield _found(match, int(match[1]), int(match[3]), int(match[4]))


def _worded(text: str) -> Iterator[Found | None]:
    for pattern in _WORDED:
        for match in pattern.finditer(text):
            yield _found(match, int(match["year"]), month_number(match["month"]), int(match["day"]))


def _year_last(text: str, *, day_first: bool | None) -> Iterator[Found | None]:
    for match in _YEAR_LAST.finditer(text):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        if match[2] == "." or first > 12 or first == second:
            yield _found(match, year, second, first)
        elif second > 12:
            yield _found(match, year, first, second)
        elif day_first is not None:
            yield _found(match, year, *((second, first) if day_first else (first, second)))


def _found(match: re.Match[str], year: int, month: int, day: int) -> Found | None:
    made = make_day(year, month, day)
    return Found(made, match.start(), match.end()) if made else None


def _seconds(text: str | None) -> int:
    return int(text[1:3]) if text else 0


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    if text[0] not in "+-":
        return UTC
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)


def _bare(text: str) -> str:
    text = _TIME.sub(lambda match: " " if match["minute"] or match["half"] else match[0], text)
    words = text.strip(_SIGNS).split()
    while words and _folded(words[-1].strip(_SIGNS)) in _WEEKDAYS:
        words.pop()
    while words and _folded(words[0].strip(_SIGNS)) in _WEEKDAYS:
        words.pop(0)
    return " ".join(words).strip(_SIGNS)


_SIGNS = " \t-–—:;,.|/·•~()[]{}#*_@"
_WEEKDAYS = frozenset({
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    "mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun",
    "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag",
    "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
    "lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo",
})  # fmt: skip


@cache
def _months() -> dict[str, int]:
    return {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}


def _folded(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(char for char in plain if not unicodedata.combining(char))
