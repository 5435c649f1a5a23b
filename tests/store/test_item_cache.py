"""Items that were found before are the items that would be found now, or they are found anew."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from session_journal.core.sections import items
from session_journal.store.entries import load
from session_journal.store.item_cache import ItemCache

BODY = "## Action items\n\n- [ ] tag it [t3, t4] ^a1b2c3\n- [x] ask Ada\n\n## Insights\n\n- Caf\u00e9s are loud\n"


def never(body):
    raise AssertionError(f"searched again: {body!r}")


@pytest.fixture
def cache(tmp_path):
    path = str(tmp_path / "git" / "journal" / "items.json")
    first = ItemCache(path)
    first.items(BODY, items)
    first.keep()
    return path


def test_what_was_found_is_remembered_whole(cache):
    assert ItemCache(cache).items(BODY, never) == items(BODY)


def test_a_changed_body_is_searched(cache):
    changed = BODY.replace("ask Ada", "ask Bo")
    assert ItemCache(cache).items(changed, items) == items(changed)


def test_bodies_that_are_gone_are_forgotten(cache):
    again = ItemCache(cache)
    again.items("## Insights\n\n- New\n", items)
    again.keep()
    assert b"tag it" not in Path(cache).read_bytes()


@pytest.mark.parametrize("broken", [b"", b"{", b"[]", b'{"form": "0", "items": {}}', b"\xff"])
def test_a_broken_memory_is_none(cache, broken):
    Path(cache).write_bytes(broken)
    assert ItemCache(cache).items(BODY, items) == items(BODY)


def test_what_another_program_found_counts_for_nothing(cache):
    told = json.loads(Path(cache).read_bytes())
    told["form"] = "0.0.1 00000000"
    Path(cache).write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(AssertionError, match="searched again"):
        ItemCache(cache).items(BODY, never)


def test_rows_of_another_form_are_searched_again(cache):
    told = json.loads(Path(cache).read_bytes())
    told["items"] = {key: [["action"]] for key in told["items"]}
    Path(cache).write_text(json.dumps(told), encoding="utf-8")
    assert ItemCache(cache).items(BODY, items) == items(BODY)


def test_a_place_that_cannot_be_written_costs_nothing(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    cache = ItemCache(str(tmp_path / "file" / "items.json"))
    assert cache.items(BODY, items) == items(BODY)
    cache.keep()


def test_a_journal_reads_the_same_with_and_without_it(tmp_path):
    folder = tmp_path / "journal" / "sessions" / "2026"
    folder.mkdir(parents=True)
    for number in range(3):
        text = f"---\nid: {number}\ndate: 2026-11-1{number}\n---\n\n{BODY}- number {number}\n"
        (folder / f"2026-11-1{number}-x.md").write_text(text, encoding="utf-8")
    cache = str(tmp_path / "items.json")
    assert load(str(tmp_path), cache) == load(str(tmp_path), cache) == load(str(tmp_path))
