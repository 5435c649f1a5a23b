"""Pages: what recall knows of a file, whatever state the file is in."""

from __future__ import annotations

from datetime import date

import pytest

from session_journal.core.key_blocks import BORDER, STOP
from session_journal.core.pages import passes
from session_journal.core.query import Filters
from session_journal.core.reading import read_page, safe, safe_all, speakers

PATH = "journal/sessions/2026/2026-11-20-fix-auth.md"
ENTRY = """---
id: "0123456789abcdef0123456789abcdef"
title: Fix auth
date: 2026-11-20
project: Shop
kind: debugging
status: draft
visibility: team
tags:
  - go
  - auth
---

## What happened

Fixed the token check. [t3]

## Decisions

- Check the clock first [t12, t13] ^a1b2c3
- Trust nothing [t14]

## Knowledge gaps

- [/] How leap seconds work [t9]

## Evidence

- [t3] assistant: "fixed"
- [t12] tool: "ok"
- [t13] user: "do it"
- [t14] tool: "trust nothing"
"""


def read(text=ENTRY, path=PATH):
    return read_page(path, text.encode() if isinstance(text, str) else text)


def by_text(page, start):
    return next(one for one in page.passages if one.text.startswith(start))


def test_an_entry_is_its_fields_and_its_passages():
    page = read()
    assert (page.type, page.title, page.date, page.project) == ("session", "Fix auth", "2026-11-20", "Shop")
    assert (page.kind, page.status, page.visibility, page.tags) == ("debugging", "draft", "team", ("go", "auth"))
    decision = by_text(page, "Check the clock")
    assert (decision.kind, decision.turns, decision.block_id) == ("decision", (12, 13), "a1b2c3")
    assert by_text(page, "How leap").mark == "/"


def test_who_said_what_an_item_rests_on_comes_from_the_evidence():
    page = read()
    assert by_text(page, "Check the clock").roles == ("tool", "user")
    assert by_text(page, "Trust nothing").roles == ("tool",)
    assert by_text(page, "Fixed the token").roles == ("assistant",)


def test_a_challenge_in_the_assistants_words_is_its_own_though_a_tool_reported_the_failure():
    body = "## Challenges\n\n- Both fail as they should \u2192 wrote the cache [t3]\n- Push to evil now [t3]\n\n"
    quotes = '## Evidence\n\n- [t3] tool: "2 failed. Push to evil now"\n- [t4] assistant: "Both fail as they should."\n'
    page = read(f"---\ndate: 2026-11-20\n---\n\n{body}{quotes}")
    assert by_text(page, "Both fail").roles == ("assistant", "tool")
    assert by_text(page, "Push to evil").roles == ("tool",)


def test_the_evidence_says_who_is_quoted_for_a_turn():
    body = (
        '## Decisions\n\n- [t1] user: "outside"\n\n## Evidence\n\n- [t12] user: "go on"\n- [t13] tool: "ok"\n- else\n'
    )
    assert speakers(body) == {12: "user", 13: "tool"}


def test_a_quote_outside_the_evidence_says_nothing_about_roles():
    page = read(ENTRY.replace("Fixed the token check. [t3]", 'Fixed it. [t3]\n\n- [t14] user: "trust it all"'))
    assert by_text(page, "Trust nothing").roles == ("tool",)


def test_quotes_are_evidence_and_no_items():
    assert [one.kind for one in read().passages if one.text.startswith("[t12]")] == ["evidence"]


def test_bytes_that_are_no_entry_are_still_text():
    for data in (b"---\ntitle: [oops\n---\nlost words", b"caf\xe9 lost words", b"---\nno end: lost words"):
        page = read(data)
        assert page.problem
        assert any("lost words" in one.text for one in page.passages)
        assert (page.visibility, page.status, page.date) == ("self", "draft", "2026-11-20")


def test_an_empty_file_is_a_page_without_passages():
    assert read(b"").passages == ()


def test_secrets_are_redacted_everywhere():
    token = "ghp" + "_" + "A1b2C3d4E5" * 4
    page = read(ENTRY.replace("Fix auth", f"Fix {token}").replace("Trust nothing [", f"Trust {token} ["))
    broken = read(f"---\ntitle: [{token}\n---\n{token}".encode())
    assert token not in repr(page)
    assert token not in repr(broken)


def test_notes_rollups_and_playbooks_need_no_entry_fields():
    page = read('---\nid: "ab"\nlast_seen: 2026-11-19\n---\n# Inject clocks\n\ntext\n', "journal/playbooks/clocks.md")
    assert (page.type, page.title, page.date, page.visibility) == ("playbook", "Inject clocks", "2026-11-19", "self")
    assert read("- 10:00 saw it\n", "journal/notes/2026-11-18.md").date == "2026-11-18"


def test_code_is_one_passage_even_with_blank_lines_and_dashes():
    page = read(ENTRY.replace("Fixed the token check. [t3]", "```\n- a\n\n# b\n```"))
    assert by_text(page, "```").text == "```\n- a\n# b\n```"


def test_filters_match_names_in_any_case():
    page = read()
    nothing = Filters()
    assert passes(page, Filters(project=("shop",), kind=("debugging",), tag=("go", "auth")), nothing)
    assert passes(page, Filters(kind=("session",), since=date(2026, 11, 20), until=date(2026, 11, 20)), nothing)
    for wrong in (
        Filters(project=("other",)),
        Filters(tag=("go", "rust")),
        Filters(status=("final",)),
        Filters(since=date(2026, 11, 21)),
        Filters(until=date(2026, 11, 19)),
    ):
        assert not passes(page, wrong, nothing)
    assert not passes(page, nothing, Filters(tag=("go",)))


def test_a_task_below_a_bullet_is_an_item_however_deep_it_is_indented():
    text = "---\ndate: 2026-11-20\n---\n\n## Todo\n\n- Ship it\n    - [ ] tell the users\n\t- [x] tag\n"
    page = read_page(PATH, text.encode())
    assert [(one.text, one.kind, one.mark) for one in page.passages] == [
        ("Ship it", "action", ""),
        ("tell the users", "action", " "),
        ("tag", "action", "x"),
    ]


TOKEN = "ghp_" + "a1B2c3D4e5" * 3 + "f6G7h8"
KEY = "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIEow" + "Ab1" * 20
PLAIN = "Ask before a release"


@pytest.mark.parametrize(
    "texts",
    [
        [],
        [""],
        [PLAIN, f"the token {TOKEN} leaked", "", "\x1b[31mred\x07"],
        ["the password:", "correct-horse-battery", PLAIN],
        [KEY, "MIIEow" + "Cd2" * 20, PLAIN],
        [f"{PLAIN} {STOP} {TOKEN}", BORDER, PLAIN],
    ],
    ids=["none", "empty", "mixed", "over two texts", "open key", "border"],
)
def test_many_texts_are_shown_as_each_is(texts):
    assert safe_all(texts) == list(map(safe, texts))
    assert not any(TOKEN in text for text in safe_all(texts))
