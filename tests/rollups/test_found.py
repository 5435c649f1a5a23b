"""What people found out, where no heading says so."""

from __future__ import annotations

import pytest

from rolled import entry, roll, texts
from session_journal.rollups.found import facts


@pytest.mark.parametrize(("said", "found"), [
    ("The search revealed that gauges keep their readings in a table of their own.", "Gauges keep their readings in a table of their own."),
    ("It came through a long search that revealed Gauges keeps all readings in one table.", "Gauges keeps all readings in one table."),
    ("Key insight: what felt like a limit of the pump led to a simpler export.", "What felt like a limit of the pump led to a simpler export."),
    ("We learned that it was the wrong table of gauges all along.", ""),
    ("The user confirmed that gauges keep their readings in a table.", ""),
    ("The analysis revealed a missing table of gauges and pumps.", ""),
    ("Root cause: unknown.", ""),
])  # fmt: skip
def test_running_text_tells_what_was_found(said, found):
    body = f"## Summary\n\nA long day. {said}\n"
    assert [item.text for item in facts(entry("a", body))] == [found] * bool(found)
    assert facts(entry("a", body, status="draft")) == []


def test_what_was_found_is_learned_after_what_was_noted_as_a_lesson():
    body = "## Key takeaways\n\n- Close the gauge first\n\n## Summary\n\nThe search revealed that gauges share one table of names.\n"
    assert texts(roll(entry("a", body))["learned"]) == ["Close the gauge first", "Gauges share one table of names."]
