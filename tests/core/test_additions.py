"""Adding lines to the sections of an entry."""

from hypothesis import given
from hypothesis import strategies as st

from session_journal.core.additions import add_lines
from session_journal.core.sections import items, split

BODY = """
Some words of my own.

## Decisions

- Keep the queue [t3]

## What I learned

A paragraph of mine.

## Evidence

- [t3] user: "keep it"
"""


def test_lines_go_under_the_heading_that_means_their_section():
    after = add_lines(BODY, {"Decisions": ["- Drop the cache [t9]"], "Evidence": ['- [t9] user: "drop it"']})
    assert (
        after == BODY.replace("[t3]\n", "[t3]\n- Drop the cache [t9]\n", 1).rstrip("\n") + '\n- [t9] user: "drop it"\n'
    )


def test_a_bullet_keeps_apart_from_a_paragraph():
    title = next(one.title for one in split(BODY) if one.heading == "What I learned")
    after = add_lines(BODY, {title: ["- New"]})
    assert "A paragraph of mine.\n\n- New\n\n## Evidence" in after


def test_a_missing_section_comes_in_its_place():
    after = add_lines(BODY, {"Challenges": ["- It broke → mended [t8]"]})
    assert after == BODY.replace("## What I learned", "## Challenges\n\n- It broke → mended [t8]\n\n## What I learned")
    assert add_lines("Words.\n", {"Decisions": ["- One"]}) == "Words.\n\n## Decisions\n\n- One\n"
    assert add_lines("", {"Decisions": ["- One"]}) == "## Decisions\n\n- One\n"


def test_line_ends_stay_what_they_are():
    body = BODY.replace("\n", "\r\n")
    after = add_lines(body, {"Decisions": ["- Two"], "Questions": ["- Why?"]})
    assert after.replace("\r\n", "").count("\n") == 0
    assert [one.text for one in items(after.replace("\r\n", "\n")) if one.kind in {"decision", "question"}] == [
        "Keep the queue",
        "Two",
        "Why?",
    ]


SNIPPETS = st.lists(
    st.sampled_from(["## Decisions", "# Insights", "- a", "text", "", "```", "## Evidence", "  - b", "## Mine"]),
    max_size=12,
)


@given(SNIPPETS, st.booleans())
def test_every_line_that_stood_there_stands_there_still_in_order(lines, ended):
    body = "\n".join(lines) + ("\n" if ended else "")
    after = add_lines(body, {"Decisions": ["- NEW"], "Evidence": ["- [t1] user: x"]}).split("\n")
    left = iter(after)
    assert all(line in left for line in body.split("\n") if line.strip())
    assert "- NEW" in after
