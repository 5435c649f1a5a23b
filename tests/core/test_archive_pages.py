"""Events as a page: the log can follow it, its lines come back, and of two versions the longer one is found."""

from __future__ import annotations

import hashlib
import json

import pytest

from session_journal.core.archive_pages import archive_path, is_as_made, lines_of, longer, make_page
from session_journal.core.chain import find_id
from session_journal.core.document import dump, fields, parse
from session_journal.core.events import Event, Session
from session_journal.core.folders import is_archive, is_logged
from session_journal.core.packing import pack, unpack

ENTRY = "ab" * 16


def lines(*texts, **more):
    session = Session("codex", "s1", tuple(Event("reply", 1, "assistant", text) for text in texts), **more)
    return "".join(f"{line}\n" for line in pack(session))


def events(data):
    return [event.text for event in unpack(lines_of(data)).events]


@pytest.mark.parametrize(
    "text", ["done", "```\n---\n```", "\ud800 half", "a\u2028b\x85c\x00\x1b[2J\r\n", "é 東", '"\\']
)
def test_what_was_put_into_a_page_comes_back(text):
    data = make_page(ENTRY, lines("first", text))
    assert events(data) == ["first", text]
    assert is_as_made(data)
    assert dump(parse(data)) == data


def test_the_log_can_follow_a_page_by_an_id_that_is_not_its_entrys():
    data = make_page(ENTRY, lines("done"))
    assert find_id(data) == fields(parse(data))["id"]
    assert len(find_id(data)) == 32
    assert find_id(data) not in {ENTRY, find_id(make_page("cd" * 16, lines("done")))}
    assert find_id(data) == find_id(make_page(ENTRY, lines("something else")))


def test_a_page_reaches_nobody_else():
    assert fields(parse(make_page(ENTRY, lines("done"))))["visibility"] == "self"


def test_its_path_follows_from_the_entry_and_stays_in_its_folder():
    assert archive_path(ENTRY) == f"journal/archive/{ENTRY}.md"
    for odd in ("../../x", "", "A b", "\udc80", "a" * 99):
        path = archive_path(odd)
        assert is_archive(path)
        assert is_logged(path)
        assert path.count("/") == 2


def test_an_id_with_quotes_stays_one_value():
    data = make_page('a": "b\nvisibility: team', lines("done"))
    assert fields(parse(data))["visibility"] == "self"


def test_a_change_by_hand_is_seen():
    data = make_page(ENTRY, lines("the name of the customer", "done"))
    edited = data.replace(b"the name of the customer", b"(taken out)")
    assert not is_as_made(edited)
    assert events(edited) == ["(taken out)", "done"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"# Not front matter\n",
        b"---\ntype: session\n---\n\n```jsonl\n{}\n```\n",
        b"---\ntype: events\n---\n",
    ],
)
def test_what_is_no_such_page_is_refused(data):
    with pytest.raises(ValueError, match=r".+"):
        lines_of(data)
    assert not is_as_made(data)


def test_the_longer_of_two_versions_holds_the_shorter():
    short, long = make_page(ENTRY, lines("a", "b")), make_page(ENTRY, lines("a", "b", "c", title="later"))
    assert longer(short, long) == longer(long, short) == long
    assert longer(short, short) == short


def test_of_two_versions_that_went_apart_neither_holds_the_other():
    one, two = make_page(ENTRY, lines("a", "b")), make_page(ENTRY, lines("a", "x", "c"))
    assert longer(one, two) is None
    assert longer(one, b"torn") is None


@pytest.mark.parametrize(
    ("before", "after"),
    [(b"type: events", b"type: events\nnote: mine"), (b"visibility: self", b"visibility: team"), (b"codex", b"Codex")],
)
def test_what_a_person_wrote_into_the_shorter_of_two_versions_is_not_held_by_the_longer(before, after):
    short, long = make_page(ENTRY, lines("a", "b")), make_page(ENTRY, lines("a", "b", "c"))
    edited = short.replace(before, after)
    assert edited != short
    assert longer(edited, long) is longer(long, edited) is None


def test_of_two_versions_as_long_the_one_that_a_person_changed_is_kept():
    made = make_page(ENTRY, lines("a", "b"))
    edited = made.replace(b"codex", b"Codex")
    assert longer(edited, made) == longer(made, edited) == edited


def test_the_digest_in_a_page_is_that_of_its_lines():
    text = lines("done")
    front = fields(parse(make_page(ENTRY, text)))
    assert front["sha256"] == hashlib.sha256(text.encode()).hexdigest()
    assert json.loads(text.splitlines()[1])["text"] == "done"
