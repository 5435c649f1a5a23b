"""What an entry says of how it went can be read back from its words."""

import re
from pathlib import Path

import pytest

from session_journal.core.observations import NEXT, TABLE, practices, read, words

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("one", TABLE, ids=lambda one: one.key)
def test_every_observation_is_read_back_as_itself(one):
    numbered = "{n}" in one.words
    (found,) = read(words(one.key, 4, "`make test; make lint`" if "`" not in one.words else "make test"))
    assert (found.key, found.number) == (one.key, 4 if numbered else 0)


def test_practices_share_a_phrase_and_are_read_back_one_by_one():
    found = [("plan-first", 0), ("read-first", 6), ("check-named", 0)]
    text = practices(found)
    assert text == "plan made, 6 files read before the first edit; check named in the first request"
    assert [(one.key, one.number) for one in read(text)] == found


def test_a_tip_and_a_full_stop_do_not_hide_the_observation():
    assert [one.key for one in read(f"3 corrections by the user{NEXT}state constraints and conventions up front.")] == [
        "corrected"
    ]


def test_a_persons_own_words_are_no_observation():
    assert list(read("I had to correct it; the plan was good")) == []


def test_a_command_with_a_semicolon_in_it_is_one_clause():
    text = words("looped-passed", 3, "cd app; make test")
    assert [(one.key, one.number) for one in read(text)] == [("looped-passed", 3)]


def test_the_page_on_signals_tells_of_every_observation():
    told = re.sub(r"\d+", "#", (ROOT / "docs" / "signals.md").read_text(encoding="utf-8"))
    for one in TABLE:
        assert re.sub(r"\d+", "#", words(one.key, 2, "…").replace("`…`", "`make test`")).lower() in told.lower(), (
            one.key
        )
        assert one.advice in told or one.sort == "practice", one.key
