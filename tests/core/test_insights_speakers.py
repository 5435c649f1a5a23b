"""Evidence names who really spoke."""

from __future__ import annotations

from session_journal.core.events import Event, Session
from session_journal.core.insights.evidence import quotes


def test_what_a_sub_agent_was_told_and_a_summary_are_not_quoted_as_the_users():
    events = (
        Event("prompt", 1, "user", text="Look at the upload."),
        Event("prompt", 2, "user", text="Search the upload for retries.", agent="a1"),
        Event("compaction", 3, "user", text="The upload was looked at."),
    )
    told = quotes(Session("claude-code", "s", events), {1: ["upload"], 2: ["upload"], 3: ["upload"]})
    assert [quote.role for quote in told] == ["user", "assistant", "system"]
