"""How effectiveness moved over time: its mean by week, month or quarter, and whether that is more than noise."""

from __future__ import annotations

from collections.abc import Sequence

from session_journal.core.periods import Period, after, name_of
from session_journal.core.records import record
from session_journal.core.reflecting.accounts import FEWEST, Account

_MOST_SPANS = 16
_CLEAR = 0.4
_BARS = "▁▂▃▄▅▆▇█"


@record(frozen=True, slots=True)
class Span:
    """A week, month, quarter or year. mean: of the effectiveness, None where no session could be judged."""

    name: str
    judged: int
    mean: float | None


@record(frozen=True, slots=True)
class Trend:
    """Effectiveness over time.

    change: better, lower, steady, or unknown for too few judged sessions; before and lately: the means of the older
    and the newer half of them.
    """

    judged: int
    change: str
    before: float = 0.0
    lately: float = 0.0
    unit: str = ""
    spans: tuple[Span, ...] = ()


def trend(found: Sequence[Account]) -> Trend:
    """Return how effectiveness moved, by the halves of the judged sessions: each half needs enough of them."""
    judged = [one for one in found if one.mark]
    if len(judged) < 2 * FEWEST:
        return Trend(len(judged), "unknown")
    half = len(judged) // 2
    before, lately = _mean(judged[:half]), _mean(judged[half:])
    moved = lately - before
    change = "steady" if abs(moved) < _CLEAR else "better" if moved > 0 else "lower"
    return Trend(len(judged), change, before, lately, *_spans(judged))


def _mean(found: Sequence[Account]) -> float:
    return round(sum(one.mark for one in found) / len(found), 1)


def _spans(judged: Sequence[Account]) -> tuple[str, tuple[Span, ...]]:
    """Return the unit that the sessions fit in, and each of its spans, those without a session too."""
    first, last = judged[0].date, judged[-1].date
    units: tuple[Period, ...] = ("week", "month", "quarter")
    for unit in units:
        names, final = [name_of(unit, first)], name_of(unit, last)
        while names[-1] != final and len(names) <= _MOST_SPANS:
            names.append(after(names[-1]))
        if len(names) <= _MOST_SPANS:
            days = [(name, [one for one in judged if name_of(unit, one.date) == name]) for name in names]
            return unit, tuple(_span(name, own) for name, own in days)
    years = range(max(first.year, last.year - _MOST_SPANS + 1), last.year + 1)
    return "year", tuple(_span(str(year), [one for one in judged if one.date.year == year]) for year in years)


def _span(name: str, own: Sequence[Account]) -> Span:
    return Span(name, len(own), _mean(own) if own else None)


def sparkline(spans: Sequence[Span], *, plain: bool = False) -> str:
    """Return one sign for each span, by its mean from 1 to 5; plain: digits, where blocks cannot be shown."""
    return "".join(_sign(one.mean, plain=plain) for one in spans)


def _sign(mean: float | None, *, plain: bool) -> str:
    if mean is None:
        return "." if plain else "·"
    if plain:
        return str(int(mean + 0.5))
    return _BARS[round((mean - 1) / 4 * (len(_BARS) - 1))]
