"""Managed blocks in a person's file."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from session_journal.core.blocks import edited, inside, move_out, names, read, remove, replace, restamp, ticked
from session_journal.errors import JournalError


def test_a_block_is_appended_once_and_then_only_its_inside_changes():
    one = replace("# Mine\n", "weekly", "a\n")
    assert one.startswith("# Mine\n\n<!-- journal:weekly v1 sha256:")
    assert one.endswith(" -->\na\n<!-- /journal:weekly -->\n")
    assert replace(one, "weekly", "a\n") == one
    two = replace(one + "after\n", "weekly", "b\nc")
    assert (read(two, "weekly"), two.startswith("# Mine\n\n<!-- "), two.endswith("-->\nafter\n")) == (
        "b\nc\n",
        True,
        True,
    )


PROSE = st.text(alphabet="ab# -<!>\n\t`é", max_size=40)


@settings(deadline=None)
@given(PROSE, PROSE, PROSE, PROSE, st.sampled_from(["\n", "\r\n"]))
def test_every_byte_outside_stays(before, after, first, second, newline):
    before, after = (
        before.replace("\n", newline),
        (newline + after if after else "").replace("\r\n", "\n").replace("\n", newline),
    )
    with_block = replace(before, "x", first)
    assert with_block.startswith(before)
    text = with_block.removesuffix(newline) + after
    out = replace(text, "x", second)
    start, end = text.index("<!-- journal:x "), len(text) - text.index("<!-- /journal:x -->")
    assert out.startswith(text[:start])
    assert out.endswith(text[len(text) - end :])
    assert read(out, "x") == (second if not second or second.endswith("\n") else second + "\n")
    assert not edited(out, "x")
    assert replace(out, "x", second) == out


def test_a_crlf_file_stays_one():
    out = replace("# Mine\r\n", "x", "a\nb\n")
    assert "\n" not in out.replace("\r\n", "")
    assert read(out, "x") == "a\nb\n"
    assert not edited(out, "x")


def test_converted_line_ends_are_nobodys_edit():
    assert not edited(replace("# Mine\n", "x", "a\n").replace("\n", "\r\n"), "x")


def test_what_a_person_changed_inside_is_not_overwritten_unless_forced():
    text = replace("# Mine\n", "x", "a\n").replace("\na\n", "\na, I think\n")
    assert edited(text, "x")
    with pytest.raises(JournalError, match="changed by hand") as caught:
        replace(text, "x", "b\n")
    assert caught.value.hint
    with pytest.raises(JournalError, match="changed by hand"):
        remove(text, "x")
    assert read(replace(text, "x", "b\n", force=True), "x") == "b\n"
    assert not edited(replace(text, "x", "a, I think\n"), "x")


def test_a_block_whose_marker_carries_no_hash_counts_as_edited():
    assert edited("<!-- journal:x -->\na\n<!-- /journal:x -->\n", "x")


@pytest.mark.parametrize(
    "text",
    [
        "<!-- journal:x v1 -->\n",
        "<!-- /journal:x -->\n",
        "<!-- /journal:x -->\n<!-- journal:x v1 -->\n",
        "<!-- journal:x v1 -->\n<!-- /journal:x -->\n<!-- journal:x v1 -->\n<!-- /journal:x -->\n",
        "<!-- journal:x v1 -->\n<!-- journal:x v1 -->\n<!-- /journal:x -->\n",
        "<!-- journal:x v1 -->\n<!-- /journal:x -->\n<!-- /journal:x -->",
    ],
)
def test_markers_that_are_not_one_pair_in_order_are_refused(text):
    for act in (
        lambda: replace(text, "x", "a\n", force=True),
        lambda: read(text, "x"),
        lambda: edited(text, "x"),
        lambda: remove(text, "x"),
    ):
        with pytest.raises(JournalError, match="not one pair"):
            act()


def test_other_blocks_and_mentions_in_a_line_are_left_alone():
    text = "see <!-- journal:x --> here\n<!-- journal:xy v1 -->\n<!-- /journal:xy -->\n"
    assert read(text, "x") is None
    assert replace(text, "x", "a").startswith(text)


def test_content_that_looks_like_a_marker_cannot_break_the_block():
    out = replace("", "x", "<!-- /journal:x -->\n<!--journal:x-->\n<!-- journal:y v1 -->\n")
    assert read(out, "x") == "&lt;!-- /journal:x -->\n&lt;!--journal:x-->\n&lt;!-- journal:y v1 -->\n"
    assert replace(out, "x", "<!-- /journal:x -->\n<!--journal:x-->\n<!-- journal:y v1 -->\n") == out


def test_a_block_can_be_taken_out():
    text = replace("# Mine\n", "x", "a\n")
    assert remove(text + "after\n", "x") == "# Mine\n\nafter\n"
    assert remove("no block\n", "x") == "no block\n"


def test_an_empty_block_is_a_block():
    assert read(replace("", "x", ""), "x") == ""
    assert not edited(replace("", "x", ""), "x")


def test_a_name_must_be_plain():
    with pytest.raises(JournalError, match="no name"):
        replace("", "a b", "")


@pytest.mark.parametrize("mark", ["x", "X", "/"])
def test_a_tick_inside_a_block_is_no_edit(mark):
    text = replace("# Mine\n", "x", "- [ ] one\n- two\n")
    done = text.replace("- [ ] one", f"- [{mark}] one")
    assert (edited(done, "x"), ticked(done, "x"), ticked(text, "x")) == (False, True, False)
    assert edited(done.replace("one", "won"), "x")
    assert read(replace(done, "x", "- two\n"), "x") == "- two\n"


@pytest.mark.parametrize("mark", ["x", "/"])
def test_a_task_that_the_tool_wrote_ticked_is_nobodys_tick(mark):
    text = replace("# Mine\n", "x", f"- [{mark}] one\n- [ ] two\n")
    assert (edited(text, "x"), ticked(text, "x"), replace(text, "x", f"- [{mark}] one\n- [ ] two\n")) == (
        False,
        False,
        text,
    )
    for other in (text.replace(f"[{mark}]", "[ ]"), text.replace("[ ] two", "[x] two")):
        assert (edited(other, "x"), ticked(other, "x")) == (False, True)


def test_a_block_whose_hash_counts_its_ticks_is_as_it_was_written():
    sha = hashlib.sha256(b"- [x] one\n").hexdigest()[:16]
    text = f"<!-- journal:x v1 sha256:{sha} -->\n- [x] one\n<!-- /journal:x -->\n"
    assert (edited(text, "x"), ticked(text, "x")) == (False, False)


def test_the_lines_inside_blocks_are_known_by_number():
    text = replace(replace("# Mine\n", "x", "a\n"), "y", "b\nc\n") + "after\n"
    lines = text.split("\n")
    assert [line[:4] for number, line in enumerate(lines) if number in inside(text)] == [
        "<!--", "a", "<!--", "<!--", "b", "c", "<!--",
    ]  # fmt: skip
    assert inside("<!-- journal:x v1 -->\nnever closed\n") == frozenset()


def test_a_stamp_owns_ticks_and_words_only_where_it_is_told_to():
    text = replace("", "x", "- [ ] one\n")
    done = restamp(text.replace("[ ] one", "[x] one"), "x")
    assert (ticked(done, "x"), edited(done, "x")) == (False, False)
    won = text.replace("[ ] one", "[x] won")
    assert (ticked(restamp(won, "x"), "x"), edited(restamp(won, "x"), "x")) == (False, True)
    assert edited(restamp(won, "x", words=True), "x") is False
    assert names(won) == ("x",)


MADE = "Above.\n" + replace("", "weekly", "## Done\n\n- [ ] one\n- two\n") + "\nBelow.\n"


def test_lines_added_inside_go_below_the_block_in_order_and_the_rest_stays():
    text = MADE.replace("## Done\n\n", "## Done\n\nMine.\n\n").replace("- two\n", "- two\n\n  - why\n")
    moved = move_out(text, "weekly", MADE)
    assert moved == MADE.replace("-->\n\nBelow", "-->\n\nMine.\n\n  - why\n\nBelow")
    assert not edited(moved, "weekly")


def test_a_tick_or_an_id_is_no_change_of_a_line_that_keeps_others_from_moving():
    text = MADE.replace("- [ ] one\n", "- [x] one ^a1b2c3\nMine.\n")
    assert move_out(text, "weekly", MADE) == MADE.replace("- [ ] one\n", "- [x] one ^a1b2c3\n").replace(
        "-->\n\nBelow", "-->\n\nMine.\n\nBelow"
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [("- two\n", "- 2\n"), ("- two\n", ""), ("- [ ] one\n- two\n", "- two\n- [ ] one\n"), ("- two", "- two, and more")],
)
def test_a_line_that_was_changed_removed_or_moved_keeps_all_where_it_is(old, new):
    assert move_out(MADE.replace(old, f"{new}Mine.\n"), "weekly", MADE) is None


def test_only_the_very_block_that_the_markers_tell_of_is_compared():
    text = MADE.replace("- two\n", "- two\nMine.\n")
    assert move_out(text, "weekly", replace("", "weekly", "- two\n")) is None
    assert move_out(text, "weekly", text) is None
    assert move_out(text, "weekly", "No block.\n") is None


def test_lines_that_are_moved_keep_windows_line_ends():
    text = MADE.replace("- two\n", "- two\nMine.\n").replace("\n", "\r\n")
    moved = move_out(text, "weekly", MADE)
    assert moved == MADE.replace("-->\n\nBelow", "-->\n\nMine.\n\nBelow").replace("\n", "\r\n")


def test_blank_lines_alone_are_nothing_to_move():
    assert move_out(MADE.replace("- two\n", "\n\n- two\n\n"), "weekly", MADE) == MADE


LINES = st.lists(st.sampled_from(["", "a", "b", "- c", "  d"]), max_size=6)


@settings(max_examples=200)
@given(LINES, st.data(), st.sampled_from(["", "\n", "\n\n", "\ntail\n", "\n\ntail"]))
def test_whatever_is_added_none_of_it_is_lost_and_what_was_made_stands(lines, data, tail):
    made = replace("", "weekly", "".join(f"{line}\n" for line in lines))[:-1]
    inside_now = lines[:]
    for line in data.draw(LINES):
        inside_now.insert(data.draw(st.integers(0, len(inside_now))), line)
    marker, rest = made.split("\n", 1)
    end = rest.rsplit("\n", 1)[-1]
    text = "\n".join([marker, *inside_now, end]) + tail
    moved = move_out(text, "weekly", made)
    assert not edited(moved, "weekly")
    assert read(moved, "weekly") == read(made, "weekly")
    assert sorted(filter(str.strip, moved.split("\n"))) == sorted(filter(str.strip, text.split("\n")))
    assert move_out(moved, "weekly", made) == moved
