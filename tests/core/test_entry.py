"""Entries as the rest of the tool reads them."""

import datetime as dt

import pytest

from session_journal.core.entry import read
from session_journal.errors import DocumentError

FULL = """\
---
id: "0123abcd"
title: "Fix: auth"
date: 2026-11-20
created: 2026-11-20T10:00:00+01:00
type: session
status: draft
visibility: team
project: api
agent: claude-code
kind: debugging
goals:
  - make it green
outcome: done
effectiveness: 4
tags:
  - auth
  - "2026"
source: claude-code 12
mine: [1]
---

## Decisions

- Use a lock [t3]
"""


def entry(text, path="journal/sessions/2026/2026-11-20-fix-auth-tests.md"):
    return read(text.encode(), path)


def test_an_entry_has_what_its_front_matter_says():
    found = entry(FULL)
    assert (found.id, found.title, found.date, found.type) == (
        "0123abcd",
        "Fix: auth",
        dt.date(2026, 11, 20),
        "session",
    )
    assert (found.status, found.visibility, found.project, found.agent) == ("draft", "team", "api", "claude-code")
    assert (found.kind, found.outcome, found.effectiveness, found.tags) == ("debugging", "done", 4, ("auth", "2026"))
    assert (found.goals, found.source, found.fields["mine"]) == (("make it green",), "claude-code 12", [1])
    assert found.created == dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)
    assert [(item.kind, item.text, item.turns) for item in found.items] == [("decision", "Use a lock", (3,))]
    assert (found.name, found.slug) == ("2026-11-20-fix-auth-tests", "fix-auth-tests")


def test_a_file_without_front_matter_takes_its_date_and_title_from_its_name():
    found = entry("- a line\n")
    assert (found.title, found.date, found.id) == ("Fix auth tests", dt.date(2026, 11, 20), "")
    assert (found.status, found.visibility, found.type, found.outcome) == ("final", "self", "session", "unknown")


def test_the_first_heading_that_is_no_section_is_the_title():
    assert entry("## Decisions\n- a\n\n# The *auth* fix:\n").title == "The auth fix"
    assert entry("# Decisions\n- a\n").title == "Fix auth tests"


@pytest.mark.parametrize(
    ("front", "path", "day"),
    [
        ("date: 2026-11-19", "2026-11-20-x.md", dt.date(2026, 11, 19)),
        ("date: 2026-11-19 10:00:00", "x.md", dt.date(2026, 11, 19)),
        ('date: "2026-11-19"', "x.md", dt.date(2026, 11, 19)),
        ("date: last week", "2026-11-20-x.md", dt.date(2026, 11, 20)),
        ("created: 2026-11-18T10:00:00+01:00", "x.md", dt.date(2026, 11, 18)),
        ("title: x", "2026-11-20.md", dt.date(2026, 11, 20)),
        ("title: x", "2026-11-20_x.md", dt.date(2026, 11, 20)),
    ],
)
def test_the_date_is_found_wherever_it_stands(front, path, day):
    assert entry(f"---\n{front}\n---\n", path).date == day


def test_an_entry_without_any_date_is_an_error_with_a_hint():
    with pytest.raises(DocumentError, match=r"x\.md:1: the entry has no date") as caught:
        entry("# x\n", "journal/sessions/x.md")
    assert "date:" in caught.value.hint


def test_values_of_the_wrong_kind_count_as_absent():
    found = entry(
        "---\neffectiveness: high\nstatus: whatever\nvisibility: everyone\ngoals: one goal\ntags: 'a, #b c'\nproject: [x]\ncreated: soon\n---\n"
    )
    assert (found.effectiveness, found.status, found.visibility) == (0, "final", "self")
    assert (found.goals, found.tags, found.project, found.created) == (("one goal",), ("a", "b", "c"), "", None)
    assert entry("---\neffectiveness: 9\ntags: [[x]]\ngoals: {a: b}\n---\n").effectiveness == 0


def test_entries_sort_by_day_then_creation_then_path():
    early = entry("---\ncreated: 2026-11-20T08:00:00+00:00\n---\n", "journal/sessions/2026/2026-11-20-z.md")
    late = entry("---\ncreated: 2026-11-20T09:30:00\n---\n", "journal/sessions/2026/2026-11-20-a.md")
    bare = entry("x", "journal/sessions/2026/2026-11-20-b.md")
    other = entry("x", "journal/sessions/2026/2026-11-19-b.md")
    assert sorted([late, bare, early, other], key=lambda found: found.order) == [other, bare, early, late]
