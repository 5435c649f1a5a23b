"""Remaining: what a closing reply lists as still to be done is an action, unless it was done after all."""

import pytest

from scripts import Script
from session_journal.core.insights.goals import prompts
from session_journal.core.insights.learning import replies
from session_journal.core.insights.remaining import items
from session_journal.core.signals import signals

HOUR = "Carry the hour of the gauge over midnight"


def left(script, **more):
    session = script.session(**more)
    asked = prompts(session)
    return [(one.kind, one.text) for one in items(session, replies(session, asked), signals(session, asked))]


@pytest.fixture
def script():
    made = Script()
    made.says("Keep the hours of the gauge")
    made.edits("tide.py")
    return made


@pytest.mark.parametrize(
    "heading",
    [
        "Outstanding:",
        "**Outstanding (1 of 5):**",
        "## Remaining",
        "### Remaining work",
        "## What's left",
        "## What\u2019s still missing",
        "Still to do:",
        "**Left to do**",
        "## TODO",
        "Not done yet:",
        "## Not implemented",
        "Pending items:",
        "Deferred:",
        "## Known gaps",
        "Left for a later change:",
    ],
)
def test_what_stands_in_a_list_of_what_remains_is_an_action(script, heading):
    script.replies(f"The hours are kept.\n\n{heading}\n\n- {HOUR}. It is lost there.\n")
    assert left(script) == [("action", HOUR)]


@pytest.mark.parametrize(
    "heading",
    ["## Done", "## What changed", "## Remaining questions?", "## Limitations", "## Missing values in a gauge"],
)
def test_other_lists_leave_nothing_to_do(script, heading):
    script.replies(f"The hours are kept.\n\n{heading}\n\n- {HOUR}.\n")
    assert left(script) == []


@pytest.mark.parametrize(
    "item",
    [
        "[x] Carry the hour of the gauge over",
        "\u2705 Carry the hour over",
        "None at all for now",
        "~~Carry the hour over~~",
    ],
)
def test_what_is_ticked_or_nothing_is_not_left(script, item):
    script.replies(f"The hours are kept.\n\n## TODO\n\n- {item}\n")
    assert left(script) == []


def test_what_was_done_later_is_not_left(script):
    script.replies(f"The hours are kept.\n\n## TODO\n\n- {HOUR}\n- Name the harbours of Husum\n")
    script.says("do the first one")
    script.edits("gauge.py", new="def carry_hour_over_midnight(gauge): ...")
    assert left(script) == [("action", "Name the harbours of Husum")]


def test_nothing_is_said_of_a_session_with_events_left_out(script):
    script.replies(f"The hours are kept.\n\n## TODO\n\n- {HOUR}\n")
    assert left(script, left_out=2) == []
