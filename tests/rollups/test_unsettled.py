"""What was called solved is told as worked on where a later statement says that it has yet to work."""

from __future__ import annotations

import pytest

from rolled import entry, roll, section, texts
from session_journal.core.entry import read
from session_journal.rollups.unsettled import as_tried, undone

SOLVED = """### Summary

Solved the fundamental limit of the gauge export: it read only the last page.

### Accomplishments

- Wrote a reader of all pages

### Frustrations or Roadblocks

- **Lost time**: Spent a day on the tide table, which the fundamental limit of the gauge export had left half empty
"""


def line_of(*entries):
    (project,) = roll(*entries)["projects"]
    return next(line for part in project.parts for line in part.lines if "limit of the gauge export" in line.gist)


@pytest.mark.parametrize(("said", "is_open"), [
    ("- [ ] Make the gauge export work", True),
    ("- [ ] Get gauge exports working", True),
    ("- [ ] We still have to fix the tide table", True),
    ("- [ ] Tell Ann: the gauge export does not work yet", True),
    ("- [ ] The gauge export still needs to be fixed", True),
    ("- [ ] Make the gauge export work on Windows", False),
    ("- [ ] Make the export work", False),
    ("- [ ] Make the chart of stations work", False),
    ("- [x] Make the gauge export work", False),
    ("- [ ] Use the gauge export", False),
])  # fmt: skip
@pytest.mark.parametrize("later", [True, False])
def test_what_has_yet_to_work_was_worked_on_and_not_solved(said, is_open, later):
    told = f"## Action items\n\n{said}\n"
    entries = [entry("a", SOLVED), entry("b", told, "2026-11-17")] if later else [entry("a", f"{SOLVED}\n{told}")]
    values = roll(*entries)
    assert line_of(*entries).gist.startswith("Worked on the" if is_open else "Solved the")
    assert any("\u2192 Solved" in text for text in texts(values["challenges"])) is not is_open


def test_what_was_to_be_made_work_before_it_was_solved_is_solved():
    to_do = entry("a", section("Action items", "[ ] Make the gauge export work"), "2026-11-15")
    assert line_of(to_do, entry("b", SOLVED)).gist.startswith("Solved the")


def test_a_title_and_a_day_of_many_accounts_claim_no_more():
    second = "\n\n### Summary\n\nPainted the chart.\n\n### Action items\n\n- [ ] Make the gauge export work\n"
    day = SOLVED + second
    path = "journal/sessions/2026/2026-11-16-a.md"
    titled = (
        "---\nid: a\ntitle: 'Solved the fundamental limit of the gauge export: it read only the last page.'\n---\n\n"
    )
    (project,) = roll(read(f"{titled}{day}".encode(), path))["projects"]
    (line,) = (line for part in project.parts for line in part.lines)
    assert line.text == "Worked on the fundamental limit of the gauge export: it read only the last page"


def test_how_a_claim_is_told_that_does_not_hold():
    assert as_tried("Successfully fixed the export") == "Worked on the export"
    assert as_tried("Export: resolved all failures") == "Export: Worked on all failures"
    assert as_tried("Worked around the export") == "Worked around the export"


def test_what_was_got_to_work_is_not_open():
    assert undone([entry("a", section("Insights", "I finally got the gauge export working"))]) == []
