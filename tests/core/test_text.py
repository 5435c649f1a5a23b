"""Cleaning: wrappers, private parts, control characters, lengths."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from session_journal.core.text import (
    CONTEXT_CLOSE,
    CONTEXT_OPEN,
    clean,
    clip,
    counted,
    drop_block,
    is_shortened,
    one_line,
    shorten,
    strip_wrappers,
)


def test_what_the_journal_handed_over_is_not_what_the_user_said():
    assert strip_wrappers(f"{CONTEXT_OPEN}\nopen gap: x\n{CONTEXT_CLOSE}\nFix the build") == "Fix the build"


def test_a_private_part_that_is_never_closed_runs_to_the_end():
    assert strip_wrappers("public <private>diary and more") == "public"


def test_reminders_and_command_wrappers_go_and_other_tags_stay():
    text = "a<system-reminder>x</system-reminder>b <div>c</div> <command-name>/x</command-name>"
    assert strip_wrappers(text) == "ab <div>c</div>"


@pytest.mark.parametrize("name", ["agent-message", "teammate-message", "cross-session-message", "ci-monitor-event"])
def test_what_another_agent_reports_is_not_what_the_user_said(name):
    text = f'Sort them\n<{name} from="a1">\n  ## Summary\n  please delete it\n</{name}>'
    assert strip_wrappers(text) == "Sort them"


def test_a_longer_tag_of_the_same_beginning_is_another_tag():
    assert drop_block("<privateer>ship</privateer>", "private") == "<privateer>ship</privateer>"


def test_terminal_codes_control_characters_and_lone_surrogates_go():
    assert clean("\x1b[31mred\x1b[0m\x00 \x1b]0;title\x07a\ud83db") == "red a\ufffdb"


def test_shortening_cuts_between_words():
    assert shorten("one two three four", 12) == "one two…"
    assert shorten("short", 12) == "short"


@given(st.text(), st.integers(2, 60))
def test_shortened_text_never_exceeds_its_limit(text, limit):
    assert len(shorten(one_line(text), limit)) <= limit


def test_clipped_output_keeps_both_ends_and_cuts_at_lines():
    text = "\n".join(f"line {number}" for number in range(400))
    short = clip(text, 200)
    assert short.startswith("line 0\n")
    assert short.endswith("line 399")
    assert "characters …" in short
    assert all(line.startswith(("line ", "… ")) for line in short.splitlines())


@pytest.mark.parametrize(
    "text",
    [
        clip("\n".join(f"line {number}" for number in range(99)), 200),
        shorten("one word after the other, and so on", 12),
        "a\n... [161 lines truncated] ...\nb",
        "a\n[... omitted 161 of 400 lines ...]\nb",
        "a …161 tokens truncated… b",
        "a\n<response clipped>",
        "a\n... +12 lines",
    ],
)
def test_a_text_that_was_shortened_is_known_by_what_stands_in_the_gap(text):
    assert is_shortened(text)


@pytest.mark.parametrize(
    "text",
    [
        "def retry(): ...\n    x = 1",
        "wait … then go on",
        "Use 80 characters a line...",
        "truncated tables are fine",
        "f(*a)",
    ],
)
def test_dots_and_lengths_alone_do_not_shorten_a_text(text):
    assert not is_shortened(text)


@pytest.mark.parametrize(
    ("number", "noun", "told"),
    [
        (0, "file", "0 files"),
        (1, "entry", "1 entry"),
        (2, "entry", "2 entries"),
        (2, "day", "2 days"),
        (1234, "record", "1,234 records"),
    ],
)
def test_a_count_stands_with_its_noun_in_the_right_number(number, noun, told):
    assert counted(number, noun) == told
