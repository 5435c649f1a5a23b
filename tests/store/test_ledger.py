"""What this machine knows about a repository: the newest line of a key counts, and a torn line harms nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from session_journal.store.ledger import Ledger
from session_journal.store.pins import Pins


@pytest.fixture
def place(tmp_path):
    (tmp_path / "repo").mkdir()
    return str(tmp_path / "repo")


def only_file(kind) -> Path:
    (path,) = Path(os.environ["HOME"], ".local/state/session-journal", kind).iterdir()
    return path


def test_the_newest_words_of_a_key_count(place):
    ledger = Ledger("things", place, os.environ)
    ledger.put("a", "1")
    ledger.put("b", "2", "3")
    ledger.put("a", "4")
    assert Ledger("things", place, os.environ).lines == {"a": ["4"], "b": ["2", "3"]}
    ledger.drop({"a"})
    assert Ledger("things", place, os.environ).lines == {"b": ["2", "3"]}


def test_another_place_and_another_kind_know_nothing_of_it(place, tmp_path):
    Ledger("things", place, os.environ).put("a", "1")
    assert Ledger("things", str(tmp_path), os.environ).lines == {}
    assert Ledger("others", place, os.environ).lines == {}


def test_a_line_that_a_crash_tore_is_not_glued_to_the_next_one(place):
    Ledger("things", place, os.environ).put("a", "1")
    with only_file("things").open("ab") as file:
        file.write(b"b half")
    Ledger("things", place, os.environ).put("c", "3")
    assert Ledger("things", place, os.environ).lines["c"] == ["3"]


def test_a_long_ledger_is_written_anew_with_what_counts(place):
    ledger = Ledger("things", place, os.environ)
    for number in range(3000):
        ledger.put("key", str(number))
    Ledger("things", place, os.environ).put("key", "last")
    assert only_file("things").read_text() == "key last\n"


def test_a_pin_moves_forward_only(place):
    pins = Pins(place, os.environ)
    pins.advance("lane", 5, "id5", 100)
    pins.advance("lane", 3, "id3", 200)
    (pin,) = Pins(place, os.environ).all()
    assert (pin.lane, pin.seq, pin.id, pin.seconds) == ("lane", 5, "id5", 100)


def test_what_was_let_go_is_no_pin_any_more_and_is_remembered(place):
    pins = Pins(place, os.environ)
    pins.advance("lane", 5, "id5", 100)
    pins.advance("other", 1, "id1", 100)
    pins.let_go("lane", ["id4", "id5"])
    again = Pins(place, os.environ)
    assert ([pin.lane for pin in again.all()], again.abandoned()) == (["other"], {"id4", "id5"})


def test_a_state_folder_that_cannot_be_written_pins_nothing_and_fails_nothing(place, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    Pins(place, {"JOURNAL_STATE": str(tmp_path / "file")}).advance("lane", 1, "id", 1)
    assert Pins(place, {"JOURNAL_STATE": str(tmp_path / "file")}).all() == []
