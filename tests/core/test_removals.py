"""Items that are dropped: they and their quotes go, every other line stays as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from session_journal.core.removals import drop_items, read_numbers
from session_journal.core.sections import items
from session_journal.errors import UsageError

BODY = """
## What happened

Done: the upload retries. [t9]

## Decisions

- Keep one clock per test [t3]
- Retry twice, then give up [t5, t7]

## Questions

- How long may an upload take? [t7]

## Evidence

- [t3] user: "one clock per test, please"
- [t5] assistant: "Retrying twice is enough."
- [t7] user: "twice. how long may it take?"
- [t9] tool: "9 passed"
"""


def lines_that_went(before, after):
    """Return the lines of `before` that `after` lacks; what `after` has must stand in `before`, in order."""
    left = iter(before.splitlines(keepends=True))
    went = []
    for line in after.splitlines(keepends=True):
        for other in left:
            if other == line:
                break
            went.append(other)
        else:
            raise AssertionError(f"{line!r} was not there before")
    return [*went, *left]


def test_an_item_goes_with_the_quote_that_only_it_rested_on():
    removal = drop_items(BODY, {1})
    assert lines_that_went(BODY, removal.body) == [
        "- Keep one clock per test [t3]\n", '- [t3] user: "one clock per test, please"\n',
    ]  # fmt: skip
    assert removal.items == ("- Keep one clock per test [t3]",)
    assert removal.quotes == ('- [t3] user: "one clock per test, please"',)


def test_a_quote_that_something_else_rests_on_stays():
    removal = drop_items(BODY, {2})
    assert removal.quotes == ('- [t5] assistant: "Retrying twice is enough."',)
    assert "[t7] user" in removal.body


def test_a_quote_that_nothing_named_before_stays():
    body = BODY + '- [t11] user: "mine"\n'
    assert '[t11] user: "mine"' in drop_items(body, {1, 2, 3}).body


def test_a_heading_under_which_nothing_is_left_goes_too():
    assert drop_items(BODY, {3}).body == BODY.replace("## Questions\n\n- How long may an upload take? [t7]\n\n", "")


def test_sections_emptied_at_the_end_leave_no_blank_lines_there():
    body = '\nText.\n\n## Questions\n\n- Why? [t1]\n\n## Evidence\n\n- [t1] user: "why?"\n'
    assert drop_items(body, {1}).body == "\nText.\n"


def test_a_heading_with_a_section_below_it_stays():
    body = "\n## Decisions\n\n- One\n\n### Decisions about tests\n\n- Two\n"
    assert drop_items(body, {1}).body == "\n## Decisions\n\n\n### Decisions about tests\n\n- Two\n"


def test_what_is_nested_below_an_item_and_its_further_lines_go_with_it():
    body = "\n## Decisions\n\n- One\n  goes on\nlazily\n  - detail\n\n    more\n- Two\n\n  still two\n\nText.\n"
    assert drop_items(body, {1}).body == "\n## Decisions\n\n- Two\n\n  still two\n\nText.\n"
    assert drop_items(body, {2}).body == "\n## Decisions\n\n- One\n  goes on\nlazily\n  - detail\n\n    more\n\nText.\n"


def test_code_and_tables_below_an_item_are_none_of_it():
    body = "\n## Decisions\n\n- One\n```\n- code\n```\n- Two\n| a |\n"
    assert drop_items(body, {1, 2}).body == "\n## Decisions\n\n```\n- code\n```\n| a |\n"


def test_a_paragraph_that_is_an_item_goes_whole():
    body = "\n## Decisions\n\nOne clock\nper test.\n\nRetry twice.\n"
    assert drop_items(body, {1}).body == "\n## Decisions\n\n\nRetry twice.\n"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", [True, False])
def test_line_ends_stay_as_they_are(end, last):
    body = ("\n## Decisions\n\n- One\n- Two" + ("\n" if last else "")).replace("\n", end)
    assert drop_items(body, {1}).body == body.replace(f"- One{end}", "")
    assert drop_items(body, {2}).body == body.removesuffix("- Two" + (end if last else ""))


def test_nothing_chosen_changes_nothing():
    assert drop_items(BODY, ()).body == BODY


LINES = st.sampled_from(
    ["## Decisions", "## Evidence", "### More", "- One [t1]", "- Two [t2]", "  - in [t3]", "text [t2]", "  text", "",
     "- [ ] Do [t4]", '- [t1] user: "a"', '- [t2] tool: "b"', "```", "| t |", "> q", "<!-- c -->", "## Questions", "**Insights**",
     "- Label:", "\tx", "1. One", "- a\u2028b\x0bc"]
)  # fmt: skip


@given(st.lists(LINES, max_size=25).map("\n".join), st.sets(st.integers(1, 12)))
def test_whatever_is_dropped_no_line_changes_and_the_other_items_stay(body, numbers):
    removal = drop_items(body, numbers)
    left = iter(body.split("\n"))
    assert all(line in left for line in removal.body.rstrip("\n").split("\n") if line)
    before = items(body)
    dropped = [item for number, item in enumerate(before, 1) if number in numbers]
    if not dropped:
        assert removal.body == body
    assert len(removal.items) >= len({item.line for item in dropped})


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("2", (2,)), ("2 5-7", (2, 5, 6, 7)), ("2,5", (2, 5)), (" 7 - 6 ", None), ("3 - 4; 3", (3, 4)), ("", ()),
     ("0", None), ("8", None), ("x", None), ("1-", None), ("-1", None), ("1-99999999", None)],
)  # fmt: skip
def test_numbers_are_read_as_a_person_writes_them(text, numbers):
    if numbers is None:
        with pytest.raises(UsageError, match="1 to 7"):
            read_numbers(text, 7)
    else:
        assert read_numbers(text, 7) == numbers


def test_an_entry_without_items_has_no_numbers():
    with pytest.raises(UsageError, match="has none"):
        read_numbers("1", 0)
