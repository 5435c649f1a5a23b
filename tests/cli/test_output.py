"""Results to stdout, talk to stderr, colour and pager only where a person looks."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from session_journal.cli.output import Context, LocalZone, align, colours, cut, lay_out, to_json, width


class Terminal(io.StringIO):
    def isatty(self):
        return True


@dataclass(frozen=True, slots=True)
class Thing:
    name: str
    day: date
    parts: tuple[str, ...]


def test_json_knows_our_values_and_keeps_every_letter():
    text = to_json([Thing("Größe", date(2026, 11, 20), ("a",))])
    assert json.loads(text) == [{"name": "Größe", "day": "2026-11-20", "parts": ["a"]}]
    assert "Größe" in text
    assert json.loads(to_json({"set": {"b", "a"}})) == {"set": ["a", "b"]}


def test_an_empty_list_is_an_empty_array(capsys):
    Context().emit([], as_json=True)
    assert capsys.readouterr().out == "[]\n"


def test_text_ends_in_one_line_break_and_nothing_stays_nothing(capsys):
    context = Context()
    context.emit("a\n")
    context.emit(["b", "c"])
    context.emit(4)
    context.emit([])
    context.say("talk")
    said = capsys.readouterr()
    assert (said.out, said.err) == ("a\nb\nc\n4\n", "talk\n")


def test_colours_only_on_a_terminal_that_wants_them():
    assert colours(Terminal(), {})
    assert not colours(io.StringIO(), {})
    assert not colours(Terminal(), {"NO_COLOR": "1"})
    assert colours(Terminal(), {"NO_COLOR": ""})
    assert not colours(Terminal(), {"TERM": "dumb"})


def test_no_colour_codes_into_a_pipe(capsys):
    assert Context(env={}).style("draft", "draft") == "draft"


def test_a_terminal_without_the_letter_gets_an_escape(monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(raw, encoding="cp1252"))
    Context().write("a → b \udc80")
    assert raw.getvalue() == rb"a \u2192 b \udc80" + b"\n"


def test_columns_line_up_for_wide_and_combining_letters():
    lines = align([("日本", "x"), ("e\u0301", "y"), ("abcd", "z")])
    assert lines == ["日本  x", "e\u0301     y", "abcd  z"]
    assert align([]) == []


@given(st.lists(st.tuples(st.text("ab日é"), st.text("ab日é").filter(str.strip)), min_size=1))
def test_the_second_column_begins_in_one_place(rows):
    starts = {width(line[: len(line) - len(row[1])]) for line, row in zip(align(rows), rows, strict=True)}
    assert len(starts) == 1


@pytest.mark.parametrize("lay", [align, lambda rows: lay_out(rows, 12)])
def test_a_table_holds_no_terminal_codes_of_what_it_shows(lay):
    lines = lay([("a", "\x1b[31mred\x1b]0;title\x07 and \x08more")])
    assert not set("\x1b\x07\x08") & set("".join(lines))
    assert "red" in "".join(lines)


@pytest.mark.parametrize(("month", "hours"), [(1, 1), (7, 2)])
def test_the_local_zone_knows_summer_time(monkeypatch, month, hours):
    import time

    if not hasattr(time, "tzset"):
        pytest.skip("this system's zone cannot be changed for a test")
    monkeypatch.setenv("TZ", "Europe/Vienna")
    time.tzset()
    try:
        moment = datetime(2026, month, 1, 12, tzinfo=UTC).astimezone(LocalZone())
        assert moment.utcoffset() == timedelta(hours=hours)
        assert moment.hour == 12 + hours
        assert moment.isoformat().endswith(f"+0{hours}:00")
    finally:
        monkeypatch.undo()
        time.tzset()


@given(st.text("ab日é"), st.integers(1, 20))
def test_a_cut_line_fits_and_says_that_it_was_cut(line, room):
    shown = cut(line, room)
    assert width(shown) <= room
    assert shown == line or shown.endswith("…")


def test_a_table_gives_the_last_column_lines_of_its_own_where_it_is_narrow():
    rows = [("added", "2026-11-20", "Cache the fit of each station"), ("trivial", "-", "Quick question")]
    assert lay_out(rows, 80) == align(rows)
    assert lay_out(rows, 46)[0] == "added    2026-11-20  Cache the fit of each st…"
    assert lay_out(rows, 30) == [
        "added    2026-11-20",
        "    Cache the fit of each sta…",
        "trivial  -",
        "    Quick question",
    ]
    assert lay_out([], 30) == []
