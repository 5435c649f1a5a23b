"""Ticking: one line changes, and nothing else that an entry says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from session_journal.core.sections import items
from session_journal.core.ticking import set_mark
from session_journal.errors import JournalError


def ticked(line, mark="x", block_id="a1b2c3"):
    body = f"## Action items\n\n- [ ] first\n{line}\n\nPlain text.\n"
    item = items(body)[1]
    changed = set_mark(body, item, mark, block_id)
    head, tail = "## Action items\n\n- [ ] first\n", "\n\nPlain text.\n"
    assert changed.startswith(head)
    assert changed.endswith(tail)
    return changed[len(head) : -len(tail)]


@pytest.mark.parametrize(("line", "mark", "expected"), [
    ("- [ ] call Ann", "x", "- [x] call Ann ^a1b2c3"),
    ("- [x] call Ann", " ", "- [ ] call Ann ^a1b2c3"),
    ("* [ ] call Ann [t3, t4]", "/", "* [/] call Ann [t3, t4] ^a1b2c3"),
    ("- call Ann", "x", "- [x] call Ann ^a1b2c3"),
    ("2. call Ann", "x", "2. [x] call Ann ^a1b2c3"),
    ("-   [ ]  call Ann  ", "x", "-   [x]  call Ann ^a1b2c3"),
    ("- [ ] call Ann ^mine1", "x", "- [x] call Ann ^mine1"),
    ("- [ ] call Ann ^mine1 [t3]", "x", "- [x] call Ann ^mine1 [t3]"),
    ("- [X] call Ann ^mine1", "x", "- [X] call Ann ^mine1"),
    ("- [-] call Ann ^mine1", "x", "- [-] call Ann ^mine1"),
    ("- [>] call Ann ^mine1", " ", "- [>] call Ann ^mine1"),
    ("- [ ] call Ann\n  about the bill\n  - her number", "x", "- [x] call Ann\n  about the bill ^a1b2c3\n  - her number"),
    ("- Friday:\n  - [ ] call Ann", "x", "- Friday:\n  - [x] call Ann ^a1b2c3"),
    ("- [ ] call Ann\n  > soon\n", "x", "- [x] call Ann ^a1b2c3\n  > soon\n"),
])  # fmt: skip
def test_the_mark_is_set_and_a_block_id_given_once(line, mark, expected):
    assert ticked(line, mark) == expected


def test_a_line_of_a_crlf_file_keeps_its_end():
    body = "## Todo\r\n\r\n- [ ] one\r\n- [ ] two\r\n"
    assert set_mark(body, items(body)[0], "x", "a1b2c3") == "## Todo\r\n\r\n- [x] one ^a1b2c3\r\n- [ ] two\r\n"


def test_a_paragraph_becomes_a_task_where_it_stands_alone():
    body = "## Knowledge gaps\n\nHow leap seconds\nwork [t3]\n"
    assert set_mark(body, items(body)[0], "/", "a1b2c3") == (
        "## Knowledge gaps\n\n- [/] How leap seconds\nwork [t3] ^a1b2c3\n"
    )


def test_one_of_several_paragraphs_is_refused_for_the_others_would_be_no_items_any_more():
    body = "## Knowledge gaps\n\nLeap seconds.\n\nTime zones.\n"
    with pytest.raises(JournalError, match="cannot be ticked"):
        set_mark(body, items(body)[0], "x", "a1b2c3")


LINES = st.lists(
    st.sampled_from([
        "- [ ] one", "- two [t1]", "  - [x] three ^old12", "  goes on", "", "1. four", "- Label:", "  - five", "Text.",
        "```", "<!-- note", "-->", "> quoted", "## Todo", "## Knowledge gaps", "---", "\t- [ ] six", "- seven\r",
    ]),
    max_size=12,
)  # fmt: skip


@given(LINES, st.sampled_from(["x", "/", " "]), st.integers(0, 11))
def test_every_other_item_reads_as_before_or_nothing_is_changed(lines, mark, number):
    body = "\n".join(["## Todo", *lines])
    before = items(body)
    if not before:
        return
    item = before[number % len(before)]
    try:
        after = items(set_mark(body, item, mark, "a1b2c3"))
    except JournalError:
        return
    assert [one for one in after if one.line != item.line] == [one for one in before if one.line != item.line]
    (told,) = [one for one in after if one.line == item.line]
    assert (told.kind, told.text, told.mark, bool(told.block_id)) == (item.kind, item.text, mark, True)
    again = items(set_mark(set_mark(body, item, mark, "a1b2c3"), told, mark, "a1b2c3"))
    assert again == after
