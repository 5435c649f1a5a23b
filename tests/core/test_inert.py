"""Words of a stranger stand in an entry as words: nothing in them is a heading, a link, a task, or evidence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from session_journal.core.inert import inert
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
        ("![x](http://a.example/p.png)", "[x] (`http://a.example/p.png`)"),
        ("Read [this](javascript:alert(1))", "Read [this] (`javascript:alert(1`))"),
        ("<script>alert(1)</script> <b>", r"\<script>alert(1)\</script> \<b>"),
        ("It holds [t3, t4]", "It holds (t3, t4)"),
        ("a fact ^abc123", "a fact abc123"),
        ("#surprise a fact about #1", "surprise a fact about #1"),
        ("Went well: everything", "Went well - everything"),
        ("odd ` tick [[x]]", "odd tick [x]"),
        ("`[[ -f x ]]` tests", "`[ [ -f x ] ]` tests"),
        ("```rm -rf```", "`rm -rf`"),
        ("[x]: http://a.example", "[x] - `http://a.example`"),
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
def test_one_bullet_stays_one_bullet_with_its_own_evidence(text):
    line = inert(text)
    assert "\n" not in line
    body = f"## Discoveries\n\n{render_item(Item('discovery', f'{line} end', (7,)))}\n"
    found = items(body)
    assert [(item.turns, item.block_id, item.mark) for item in found] == [((7,), "", "")]
