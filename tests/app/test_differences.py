"""`log --diff`: every file that is not what was recorded, with what a terminal would hide written out."""

from __future__ import annotations

from pathlib import Path

import pytest

from journals import NOW, git, make_journal, page, where
from session_journal.app.differences import find_differences, unified
from session_journal.store.journal import Change


@pytest.fixture
def journal(tmp_path):
    journal = make_journal(tmp_path / "j")
    for number, name in enumerate("ab", 1):
        journal.publish([Change(where(name), page(number))], f"entry: {name}", NOW)
    journal.publish([Change(where("a"), page(1, "second"), page(1))], "entry: a again", NOW)
    return journal


def file(journal, name) -> Path:
    return Path(journal.path(where(name)))


def commit(journal):
    git(journal, "add", "-A")
    git(journal, "commit", "-q", "-m", "behind its back")


def told(journal):
    return [(one.path, one.what) for one in find_differences(journal)]


def shown(journal):
    return [line for one in find_differences(journal) for line in unified(one).splitlines()]


def test_a_journal_in_order_has_no_differences(journal):
    assert told(journal) == []


def test_a_committed_edit_is_shown_against_the_version_that_was_recorded_last(journal):
    file(journal, "a").write_bytes(page(1, "forged"))
    commit(journal)
    assert told(journal) == [(where("a"), "differs from its record")]
    assert {"-second", "+forged"} <= set(shown(journal))


def test_a_renamed_file_is_shown_against_what_was_recorded_under_its_old_name(journal):
    file(journal, "b").write_bytes(page(2, "moved and changed"))
    file(journal, "b").rename(file(journal, "z"))
    commit(journal)
    assert told(journal) == [(where("z"), "differs from its record")]
    assert {"-What happened.", "+moved and changed"} <= set(shown(journal))


def test_a_deleted_file_is_shown_with_all_it_held(journal):
    file(journal, "a").unlink()
    commit(journal)
    assert told(journal) == [(where("a"), "is gone")]
    assert "-second" in shown(journal)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (b"second\n", b"second\r\n", r"+second\r"),
        (b"second\n", b"second", r"\ No newline at end of file"),
        (b"second\n", b"\xef\xbb\xbfsecond\n", r"+\ufeffsecond"),
        (b"second\n", b"sec\x1b[2Jond\n", r"+sec\x1b[2Jond"),
        (b"second\n", b"sec\xffond\n", r"+sec\xffond"),
    ],
    ids=["CRLF", "no newline", "BOM", "escape sequence", "not UTF-8"],
)
def test_what_a_terminal_would_hide_is_written_out(journal, old, new, line):
    file(journal, "a").write_bytes(page(1, "second").replace(old, new))
    commit(journal)
    assert line in shown(journal)


def test_what_is_not_committed_is_shown_too(journal):
    file(journal, "a").write_bytes(page(1, "typed"))
    file(journal, "b").unlink()
    file(journal, "new").write_bytes(page(9, "by hand"))
    assert told(journal) == [
        (where("a"), "is not committed"),
        (where("b"), "is deleted, not committed"),
        (where("new"), "is not committed"),
    ]
    assert {"+typed", "-What happened.", "+by hand"} <= set(shown(journal))


def test_a_version_that_the_history_no_longer_has_is_said_to_be_gone(journal):
    file(journal, "a").write_bytes(page(1, "forged"))
    git(journal, "checkout", "-q", "--orphan", "anew")
    commit(journal)
    assert "the version that was recorded is not in this repository's history" in shown(journal)
