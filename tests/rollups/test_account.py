"""What was accomplished is told in as much room as the page has, and cut line by line where it has less."""

from __future__ import annotations

from itertools import pairwise

import pytest

from rolled import entry
from session_journal.core.patterns import find, statements
from session_journal.rollups import contents, monthly, weekly
from session_journal.rollups.span import Span

DEEDS = (
    "Wrote the parser of tides", "Drew the map of harbours", "Fixed the export of gauges", "Renamed every station",
    "Measured the queue at night", "Translated the handbook", "Signed the release", "Painted the dashboard",
)  # fmt: skip


def week():
    """Return five days, each with one account more than the day before."""
    days = [
        entry("day", "".join(f"## Summary\n\n{deed} on day {number}.\n\n" for deed in DEEDS[: 4 + number]), f"2026-11-{16 + number}")
        for number in range(5)
    ]  # fmt: skip
    return Span("2026-W47", days, (), find(statements(days)), {}, days)


def told(span, lines, most=weekly.MOST):
    (project,) = contents.values_of(span, most, lines)["projects"]
    return [len(line.pieces) for line in project.lines]


def test_a_page_of_one_line_less_names_one_piece_of_work_less():
    span = week()
    counts = [sum(told(span, lines)) for lines in range(60, 14, -1)]
    assert (counts[0], counts[-1]) == (16, 5)
    assert {before - after for before, after in pairwise(counts)} == {0, 1}


def test_the_days_that_have_most_untold_keep_their_pieces_of_work_longest():
    span = week()
    assert [told(span, lines) for lines in (26, 25, 24, 23, 20)] == [
        [2, 3, 3, 4, 4], [2, 3, 3, 3, 4], [2, 3, 3, 3, 3], [2, 2, 3, 3, 3], [2, 2, 2, 2, 2],
    ]  # fmt: skip


def test_the_projects_that_are_not_named_one_by_one_lose_their_lines_one_by_one():
    days = [
        entry(f"{name}{number}", "", f"2026-11-{10 + number}", project=name)
        for name, count in (("a", 3), ("b", 3), ("c", 3), ("d", 3), ("e", 1), ("f", 1), ("g", 1))
        for number in range(count)
    ]
    span = Span("2026-11", days, (), find(statements(days)), {}, days)

    def others(lines):
        *_, last = contents.values_of(span, monthly.MOST | {"accomplished": 15}, lines)["projects"]
        return last.name, len(last.lines)

    told = [others(lines) for lines in range(60, 15, -1)]
    counts = [count for _, count in told]
    assert (counts[0], counts[-1]) == (3, 0)
    assert {before - after for before, after in pairwise(counts)} == {0, 1}
    assert {name for name, count in told if count} == {"Others: e, f, g"}
    assert list(dict.fromkeys(name for name, _ in told)) == [
        "Others: e, f, g", "Others: d, e, f, g", "Others: c, d, e, f, g", "Others: b, c, d, e, f, g",
    ]  # fmt: skip


MERGED = (
    "## What happened\n\nPartly done: merged `origin/tides` into the working tree, not committed, conflicts resolved in "
    "`pump.go`; no check ran after the last edit. [t3]\n"
)


@pytest.mark.parametrize(("project", "day", "expected"), [
    ("pumps", "2026-11-17", "merged `origin/tides`, conflicts resolved in `pump.go`"),
    ("gauges", "2026-11-17", "merged `origin/tides` into the working tree, not committed, conflicts resolved in `pump.go`"),
    ("pumps", "2026-11-23", "merged `origin/tides` into the working tree, not committed, conflicts resolved in `pump.go`"),
])  # fmt: skip
def test_a_page_says_how_a_session_left_the_repository_only_where_none_followed_in_its_period(project, day, expected):
    first = entry("a", MERGED, status="draft", outcome="partial", project="pumps")
    later = entry("b", "## Decisions\n\n- Keep the pumps\n", day, project=project)
    week = [one for one in (first, later) if one.date.isoformat() < "2026-11-23"]
    values = contents.values_of(Span("2026-W47", week, (), (), {}, [first, later]), weekly.MOST)
    (line,) = (
        line for one in values["projects"] for part in one.parts for line in part.lines if "About a" in line.text
    )
    assert (line.gist, line.state) == (expected, "partly done (no check ran after the last edit)")
