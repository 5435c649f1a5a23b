"""Decided: what a reply lists under a heading of decisions is one, whatever its words."""

import pytest

from scripts import Script
from session_journal.core.insights import story
from session_journal.core.insights.decided import decisions
from session_journal.core.insights.prose import statements

MEMORY = "The hour table of `gauge.py` stays in memory"


def told(reply, since=1):
    return [one.text for one in decisions(statements(reply, 3, closing=True), since)]


@pytest.mark.parametrize(
    "heading",
    [
        "## Decision",
        "### Key decisions",
        "## Two decisions worth flagging",
        "## Design decisions & rationale",
        "**Decisions made in this session:**",
        "## What I chose and why",
        "## Judgment calls",
        "A few judgment calls I made along the way:",
        "I made two decisions here:",
    ],
)
def test_a_bullet_under_a_heading_of_decisions_is_one(heading):
    assert told(f"{heading}\n\n- {MEMORY}. A file would be read once an hour.\n") == [MEMORY]


@pytest.mark.parametrize(
    "heading", ["## Decisions needed", "## Open decisions", "## Decisions for you", "## Choices?", "## Next steps"]
)
def test_what_is_yet_to_be_decided_is_no_decision(heading):
    assert told(f"{heading}\n\n- {MEMORY}.\n") == []


def test_a_name_of_few_words_is_told_with_what_goes_on_from_it():
    reply = "## Decisions\n\n- **Scoped to tides only.** The `wind` key does nothing while the gauge is offline. It may later."
    assert told(reply) == ["Scoped to tides only: the `wind` key does nothing while the gauge is offline"]


def test_each_paragraph_and_each_numbered_part_opens_with_its_decision():
    reply = f"## What I chose and why\n\nI kept the old `order` of the harbours. It reads well.\n\n{MEMORY}, as before."
    assert told(reply) == ["Kept the old `order` of the harbours", f"{MEMORY}, as before"]
    reply = f"## Decisions\n\n### 1. Where the hours live\n\n{MEMORY}. It is small."
    assert told(reply) == [f"Where the hours live: {MEMORY}"]


def test_a_list_of_decisions_before_the_first_edit_may_be_of_anybodys_code():
    assert told(f"## Design decisions\n\n- {MEMORY}.", since=0) == []
    assert told(f"## Design decisions\n\n- {MEMORY}.", since=4) == []
    assert told(f"## What I decided\n\n- {MEMORY}.", since=0) == [MEMORY]


def test_a_verdict_is_its_first_sentence_and_praise_is_none():
    reply = "## Verdict\n\nDo not merge `tides` before the hour table is fixed. The rest can wait.\n\nThe page loads."
    assert told(reply, since=0) == ["Verdict: do not merge `tides` before the hour table is fixed"]
    assert told("## Verdict\n\nThis is a well-executed change of the whole gauge. Two nits remain.") == []


def test_a_decision_under_its_heading_is_told_once_and_as_one():
    script = Script()
    script.says("Keep the hours of the gauge at hand")
    script.edits("gauge.py")
    script.replies(f"Added the table.\n\n## Decisions\n\n- {MEMORY} because a file is read once an hour.\n")
    kinds = [one.kind for one in story.tell(script.session(), ()).items if MEMORY in one.text]
    assert kinds == ["decision"]
