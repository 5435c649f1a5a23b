"""Entries that were read before are the entries that would be read now, or they are read anew."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from session_journal.core import document
from session_journal.core.entry import read
from session_journal.errors import DocumentError
from session_journal.store.entries import load
from session_journal.store.entry_cache import EntryCache

PATH = "journal/sessions/2026/2026-11-10-x.md"
BODY = "## Action items\n\n- [ ] tag it [t3, t4] ^a1b2c3\n- [x] ask Ada\n\n## Insights\n\n- Caf\u00e9s are loud\n"
FRONT = """id: "0a"
title: A title
date: 2026-11-10
created: 2026-11-10T09:30:00.250000+01:00
started: 2026-11-10 09:30:00
status: draft
visibility: team
project: shop
tags: [a, "#b"]
goals:
  - One: two
effectiveness: 4
turns: 12
share: 0.3
done: true
none:
odd: {1: 2026-11-10, "two": [x, 3]}
source: "codex 1"
"""
PAGE = f"---\n{FRONT}---\n\n{BODY}".encode()


@pytest.fixture
def cache(tmp_path):
    path = str(tmp_path / "git" / "journal" / "items.json")
    first = EntryCache(path)
    first.read(PAGE, PATH)
    first.keep()
    return path


def known(cache, data, path=PATH):
    """Return the entry, and tell whether it was known."""
    told = EntryCache(cache)
    found = told.read(data, path)
    return found, not told._fresh


def test_what_was_read_is_remembered_whole(cache):
    found, was_known = known(cache, PAGE)
    assert was_known
    assert found == read(PAGE, PATH)
    assert repr(found.fields) == repr(read(PAGE, PATH).fields)


@pytest.mark.parametrize(
    "page", [BODY, f"\ufeff---\r\ndate: 2026-11-10\r\n---\r\n{BODY}", "---\ndate: 2026-11-10\n---\n"]
)
def test_a_body_is_remembered_wherever_it_begins(cache, page):
    again = EntryCache(cache)
    again.read(page.encode(), PATH)
    again.keep()
    assert known(cache, page.encode()) == (read(page.encode(), PATH), True)


def test_a_changed_file_is_read(cache):
    changed = PAGE.replace(b"ask Ada", b"ask Bob")
    assert known(cache, changed) == (read(changed, PATH), False)


def test_the_same_bytes_under_another_name_are_read(cache):
    page = b"No front matter\n"
    again = EntryCache(cache)
    again.read(page, PATH)
    again.keep()
    assert known(cache, page, "journal/sessions/2026/2026-11-11-y.md")[0].title == "Y"


def test_a_file_that_is_no_entry_is_an_error_each_time(cache):
    for _ in range(2):
        told = EntryCache(cache)
        with pytest.raises(DocumentError):
            told.read(b"---\nid: [\n---\n", PATH)
        told.keep()


def test_entries_that_are_gone_are_forgotten(cache):
    again = EntryCache(cache)
    again.read(b"## Insights\n\n- New\n", "journal/sessions/2026/2026-11-12-z.md")
    again.keep()
    assert b"tag it" not in Path(cache).read_bytes()


@pytest.mark.parametrize("broken", [b"", b"{", b"[]", b'{"form": "0", "entries": {}}', b"\xff"])
def test_a_broken_memory_is_none(cache, broken):
    Path(cache).write_bytes(broken)
    assert known(cache, PAGE) == (read(PAGE, PATH), False)


def test_what_another_program_read_counts_for_nothing(cache):
    told = json.loads(Path(cache).read_bytes())
    told["form"] = "0.0.1 00000000"
    Path(cache).write_text(json.dumps(told), encoding="utf-8")
    assert not known(cache, PAGE)[1]


ROWS = [[], ["action"], {}, 3, [None] * 9]


@pytest.mark.parametrize("row", ROWS)
def test_rows_of_another_form_are_read_again(cache, row):
    told = json.loads(Path(cache).read_bytes())
    digest = told["entries"][PATH][0]
    told["entries"] = {PATH: [digest, *row[1:]] if isinstance(row, list) else row}
    Path(cache).write_text(json.dumps(told), encoding="utf-8")
    assert known(cache, PAGE) == (read(PAGE, PATH), False)


@pytest.mark.parametrize("value", ["123456789012345678901234567890", ".nan", ".inf"])
def test_what_cannot_be_kept_exactly_is_read_each_time_and_keeps_no_other_from_being_kept(tmp_path, value):
    path = str(tmp_path / "items.json")
    odd = f"---\ndate: 2026-11-10\nodd: {value}\n---\n\n{BODY}".encode()
    first = EntryCache(path)
    first.read(odd, "journal/sessions/2026/odd.md")
    first.read(PAGE, PATH)
    first.keep()
    assert not known(path, odd, "journal/sessions/2026/odd.md")[1]
    assert known(path, PAGE)[1]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.dates() | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.from_regex("[a-z]{1,6}", fullmatch=True), VALUES, max_size=5), st.text(max_size=80))
def test_any_front_matter_and_body_come_back_as_they_are(tmp_path_factory, values, body):
    data = document.dump(document.compose({"date": "2026-11-10", **values}, body))
    try:
        expected = read(data, PATH)
    except DocumentError:
        return
    path = str(tmp_path_factory.mktemp("cache") / "items.json")
    first = EntryCache(path)
    assert first.read(data, PATH) == expected
    first.keep()
    assert repr(known(path, data)[0]) == repr(expected)


def test_a_place_that_cannot_be_written_costs_nothing(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    cache = EntryCache(str(tmp_path / "file" / "items.json"))
    assert cache.read(PAGE, PATH) == read(PAGE, PATH)
    cache.keep()


def test_a_journal_reads_the_same_with_and_without_it(tmp_path):
    folder = tmp_path / "journal" / "sessions" / "2026"
    folder.mkdir(parents=True)
    for number in range(3):
        text = f"---\nid: {number}\ndate: 2026-11-1{number}\n---\n\n{BODY}- number {number}\n"
        (folder / f"2026-11-1{number}-x.md").write_text(text, encoding="utf-8")
    cache = str(tmp_path / "items.json")
    assert load(str(tmp_path), cache) == load(str(tmp_path), cache) == load(str(tmp_path))


def test_a_file_changed_without_a_sign_is_seen(tmp_path):
    file = tmp_path / PATH
    file.parent.mkdir(parents=True)
    file.write_bytes(PAGE)
    cache = str(tmp_path / "items.json")
    load(str(tmp_path), cache)
    status = file.stat()
    file.write_bytes(PAGE.replace(b"ask Ada", b"ask Bob"))
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    (found,) = load(str(tmp_path), cache)[0]
    assert [item.text for item in found.items][1] == "ask Bob"
