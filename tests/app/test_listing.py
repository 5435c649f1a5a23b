"""Which entries match, and what is said of an entry."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from session_journal.app.listing import Filter, advise, describe, make_filter, select, summarise
from session_journal.app.show import detail
from session_journal.core.entry import Entry
from session_journal.core.items import Item
from session_journal.errors import UsageError
from session_journal.store.entries import Problem

NOW = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
ENTRIES = [
    Entry("a.md", "1", "A", date(2026, 11, 1), project="Web", tags=("auth", "ci"), kind="debugging", status="draft"),
    Entry("b.md", "2", "B", date(2026, 11, 15), project="web", tags=("auth",), kind="review"),
    Entry("c.md", "3", "C", date(2026, 11, 20)),
]


def titles(**filters):
    return "".join(entry.title for entry in select(ENTRIES, make_filter(NOW, **filters)))


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, "ABC"),
        ({"since": "2026-11-15"}, "BC"),
        ({"until": "2026-11-15"}, "AB"),
        ({"since": "this week"}, "C"),
        ({"since": "last week", "until": "last week"}, "B"),
        ({"until": "2026-11"}, "ABC"),
        ({"project": "WEB"}, "AB"),
        ({"tags": ["Auth"]}, "AB"),
        ({"tags": ["#auth", "ci"]}, "A"),
        ({"kind": "review"}, "B"),
        ({"status": "final"}, "BC"),
        ({"project": "web", "status": "draft", "kind": "review"}, ""),
    ],
)
def test_every_filter_narrows(filters, found):
    assert titles(**filters) == found


def test_a_span_that_ends_before_it_begins_is_refused():
    with pytest.raises(UsageError, match="comes before"):
        make_filter(NOW, since="yesterday", until="2026-11-01")


def test_an_empty_filter_wants_everything():
    assert select(ENTRIES, Filter()) == ENTRIES


def test_every_summary_has_the_same_keys():
    keys = [list(summarise(entry)) for entry in ENTRIES]
    assert keys[0] == keys[1] == keys[2]
    assert summarise(ENTRIES[0])["date"] == "2026-11-01"


def test_a_detail_has_the_items_with_their_evidence():
    entry = Entry("a.md", "1", "A", date(2026, 11, 1), body="text", items=(Item("action", "do it", (3,), " ", "a1"),))
    shown = detail(entry)
    assert shown["items"] == [{"kind": "action", "text": "do it", "turns": [3], "mark": " ", "block_id": "a1"}]
    assert shown["body"] == "text"


def test_a_problem_names_its_place():
    assert describe(Problem("a.md", 3, "why")) == "a.md:3: why"
    assert describe(Problem("a.md", 0, "why")) == "a.md: why"


@pytest.mark.parametrize("message", ["a symbolic link, not a file", "not a regular file", "cannot be read: no"])
def test_an_editor_is_not_offered_for_what_it_cannot_open(message):
    assert advise(Problem("journal/sessions/a.md", 1, message)) == ""


def test_a_hint_quotes_a_path_for_the_shell():
    assert advise(Problem("journal/sessions/a b.md", 3, "no title")) == "journal edit 'journal/sessions/a b.md'"
