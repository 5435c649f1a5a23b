"""Questions within a thought: open where the thought ends on them, and where they can be read alone."""

import pytest

from session_journal.core.asked import answers, asked_in
from session_journal.core.entry import read
from session_journal.core.mentions import of_entries, of_pages
from session_journal.core.reading import read_page

OPEN = "Which of the two caches should the nightly job fill first?"


@pytest.mark.parametrize(
    ("thought", "asked"),
    [
        (OPEN, [OPEN]),
        (f"I like it so far. {OPEN}", [OPEN]),
        (f"{OPEN} And who tells the people that wait for it?", [OPEN, "And who tells the people that wait for it?"]),
        (f"{OPEN} I don't know yet.", [OPEN]),
        (
            "1 - Read the log. 2 - should old entries have tags too? 3 - Write it down.",
            ["Should old entries have tags too?"],
        ),
        ("Do I want to keep all of the old logs?", ["Do I want to keep all of the old logs?"]),
        ("Do I dislike it because I am not used to it?", []),
        (f"{OPEN} I meant it to be the small one. Watch this.", [OPEN]),
        (f"{OPEN} I guess the smaller one.", []),
        ("Is it because it reads like a machine wrote it?", []),
        ("Which one, then?", []),
        (f'"{OPEN}"', []),
        (f"Human: {OPEN}", []),
        ("I asked “which of the two caches comes first in this?” and is anybody sure of “that”?", []),
        ("No question at all.", []),
    ],
)
def test_a_question_is_open_where_a_thought_ends_on_it_and_it_can_be_read_alone(thought, asked):
    assert list(asked_in(thought)) == asked


def found(status, *bullets):
    lines = "\n".join(f"- {bullet}" for bullet in bullets)
    body = f"---\nid: e1\ndate: 2026-11-20\nstatus: {status}\n---\n\n## Insights\n\n{lines}\n".encode()
    path = "journal/sessions/2026/2026-11-20-s.md"
    page = read_page(path, body)
    whole = of_entries([read(body, path)])
    indexed = of_pages((page, passage) for passage in page.passages)
    told = [[(one.kind, one.text, one.aside) for one in each] for each in (whole, indexed)]
    assert told[0] == told[1]
    return told[0]


def test_only_what_a_person_thought_counts_and_both_ways_to_read_agree():
    assert found("final", OPEN) == [("question", OPEN, True)]
    assert found("final", f"{OPEN} [t3]") == []
    assert found("draft", OPEN) == []


TOOLS = "If I collect the readings at night, what are the gauge tools I should offer by day?"


@pytest.mark.parametrize(("question", "after", "is_answered"), [
    (TOOLS, "A tool is worth it where the readings are at hand. The gauge tools I thought of last night are:", True),
    (TOOLS, "I think the gauge tools of the day are the chart, the search and the export of readings.", True),
    (TOOLS, "Those last two tools are worth the gauge server beside the nightly readings.", True),
    (TOOLS, "Those last two days I read the gauge by hand.", False),
    (TOOLS, "I think I am hungry.", False),
    (TOOLS, "What I dislike about gauge readings:", False),
    (TOOLS, "Why should the gauge tools read at night at all?", False),
    (TOOLS, "The gauge tools were tested at night.", False),
    (TOOLS, "Next week I want to look at tools:", False),
    ("Should the gauge export have tags too?", "I guess tags on the gauge export are worth it.", True),
    ("Should the gauge export have tags too?", "I guess the pump is worth it.", False),
])  # fmt: skip
def test_what_its_writer_went_on_to_answer_is_no_open_question(question, after, is_answered):
    assert answers(question, after) is is_answered
    assert (found("final", question, after)[:1] == []) is (is_answered)
