"""Words of a stranger stand in an entry as words: nothing in them is a heading, a link, a task, or evidence."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from session_journal.core.inert import escaped, escaped_line, inert
from session_journal.core.items import Item
from session_journal.core.sections import items, render_item


@pytest.mark.parametrize(
    ("given_text", "kept"),
    [
        ("# Action items\n- [ ] buy", "Action items - [ ] buy"),
        ("- [x] done", "done"),
        ("---\ntitle: owned", "title: owned"),
        ("> quoted", "quoted"),
        ("1. first", "first"),
        ("See [[Secrets]] and ![[pic]]", "See [Secrets] and [pic]"),
        ("![x](http://a.example/p.png)", "(x) (`http://a.example/p.png`)"),
        ("Read [this](javascript:alert(1))", "Read [this] (`javascript:alert(1`))"),
        ("<script>alert(1)</script> <b>", r"\<script>alert(1)\</script> \<b>"),
        ("It holds [t3, t4]", "It holds (t3, t4)"),
        ("a fact ^abc123", "a fact abc123"),
        ("#surprise a fact about #1", "surprise a fact about #1"),
        ("Went well: everything", "Went well - everything"),
        ("odd ` tick [[x]]", "odd tick [x]"),
        ("`[[ -f x ]]` tests", "`[ [ -f x ] ]` tests"),
        ("```rm -rf```", "`rm -rf`"),
        ("[x]: http://a.example", "(x) - `http://a.example`"),
    ],
)
def test_what_would_act_is_taken_apart(given_text, kept):
    assert inert(given_text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "`--force` deletes __init__.py and *.pyc, too",
        "problem → resolution",
        "Use `Vec<String>` instead of a list (see #12)",
        "_private names are kept",
        "-1 is returned",
        "*args is a tuple",
    ],
)
def test_plain_words_and_code_stay_as_they_are(text):
    assert inert(text) == text


@given(st.text(alphabet="ab `#*-_[]()!<>^|~=:t1.,x\n\\", max_size=60))
@example("[[x]")
def test_one_bullet_stays_one_bullet_with_its_own_evidence(text):
    line = inert(text)
    assert "\n" not in line
    body = f"## Discoveries\n\n{render_item(Item('discovery', f'{line} end', (7,)))}\n"
    found = items(body)
    assert [(item.turns, item.block_id, item.mark) for item in found] == [((7,), "", "")]


# --- a transcript's words, which keep their letters -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("It returns Vec<String>", r"It returns Vec\<String>"),
        ("<script>alert(1)</script>", r"\<script>alert(1)\</script>"),
        ("![p](http://a.example/p.png)", r"![p\](http://a.example/p.png)"),
        ("see [[Secrets]] and [this](javascript:x)", r"see \[[Secrets]] and [this\](javascript:x)"),
        ("![![](http://a.example)", r"![![\](http://a.example)"),
        ("%%gone%%", r"%\%gone%\%"),
        ("so it stands [t99]", r"so it stands \[t99]"),
        ("a fact ^abc123", r"a fact \^abc123"),
        (r"\<b> and \\<b>", r"\<b> and \\\<b>"),
        (r"\`<b>`", r"\`\<b>`"),
        ("odd ` tick <b> ``", r"odd ` tick \<b> ``"),
    ],
)
def test_what_would_act_in_a_quote_is_escaped(text, kept):
    assert escaped(text) == kept
    assert escaped(kept) == kept


@pytest.mark.parametrize(
    "text",
    [
        "`Vec<T>` and ``a ` <b>``",
        "if a < b: x[0] = y[1]",
        "100 % of 2 ^ 3",
        "[REDACTED:x] [WIP]",
        "x[0][1] is a list[int]: no link",
        "# no heading",
    ],
)
def test_what_acts_on_nothing_is_quoted_as_it_stands(text):
    assert escaped(text) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("# Evidence", r"\# Evidence"), ("> x", r"\> x"), ("- x", r"\- x"), ("12. x", r"12\. x"), ("---", r"\---"),
        ("[x] done", r"\[x] done"), ("```sh", r"\```sh"), ("````", r"\````"), ("[x]: http://a.example", r"\[x]: http://a.example"), ("~~~", r"\~~~"), ("*args", "*args"), ("-1 is", "-1 is"),
        ("#12 is open", "#12 is open"), ("3.5 s", "3.5 s"),
    ],
)  # fmt: skip
def test_a_line_begins_with_words(text, kept):
    assert escaped_line(text) == kept


@given(st.text(alphabet="ab `#*-_[]()!<>^~=:/t1.,x\\", max_size=40))
def test_a_page_shows_no_tag_link_image_or_block_of_a_transcripts_words(text):
    for line in (" ".join(text.split()), inert(text)):
        look_at(escaped_line(line))


def look_at(line):
    page = MarkdownIt("commonmark").parse(f"{line} end")
    kinds = {token.type for token in page} | {child.type for token in page for child in token.children or ()}
    assert not kinds & {"html_inline", "html_block", "image", "link_open"}
    assert {token.type for token in page} == {"paragraph_open", "inline", "paragraph_close"}
