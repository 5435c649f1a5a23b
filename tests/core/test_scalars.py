"""Values as YAML text."""

import datetime as dt
import math

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from session_journal.core.scalars import KEY_ORDER, double_quoted, field, flow, is_plain, ordered, scalar

TRICKY = (
    "yes", "No", "ON", "y", "n", "null", "~", "", " ", "1e3", "1.5", "0x1F", "0o17", "017", "1_000", "+1", "-1", ".5", ".inf",
    "-.INF", ".NaN", "1:30", "190:20:30.15", "2026-01-01", "2026-1-1", "2001-12-14t21:59:43.10-05:00", "2026-01-01 10:00:00",
    "a: b", "a:", ":a", "a #b", "#a", "- a", "-a", "? a", "@a", "`a", "%a", "*a", "&a", "!a", "|", ">", "'a'", '"a"', "[a]",
    "{a}", "a, b", "<<", "=", "---", "...", "--- a", "a\nb", "\n", "a\r\nb", "a\tb", "\x00", "\x1b[0m", "\x7f", "\x85", "\u2028",
    "\ufeff", "\ufffe", "é", "日本語", "🎯", "\U0001f469\u200d\U0001f4bb", "true", "0b11", "1e+3", "12e03", "0.", "1,2", "2 bad", "3 tests",
    "don't", 'say "hi"', "back\\slash", "C:\\x", "http://x.y/z#a", "#", "a#b", "a:b", " a", "a ", "\ta",
)  # fmt: skip

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(TRICKY)


@pytest.mark.parametrize("value", TRICKY)
def test_tricky_text_comes_back_as_the_same_text(value):
    assert yaml.safe_load(f"k: {scalar(value)}\nz: 1\n") == {"k": value, "z": 1}


@settings(deadline=None)
@given(text)
def test_any_text_comes_back_as_the_same_text(value):
    for loader in (yaml.SafeLoader, yaml.CSafeLoader):
        assert yaml.load(f"k: {scalar(value)}\n", loader) == {"k": value}
        assert yaml.load(f"k:\n  - {scalar(value)}\n", loader) == {"k": [value]}
        assert yaml.load(f"k: {flow([value, value])}\n", loader) == {"k": [value, value]}
        assert yaml.load(f"k: {double_quoted(value)}\n", loader) == {"k": value}
        assert yaml.load(f"{scalar(value)}: 1\n", loader) == {value: 1}


@settings(deadline=None)
@given(st.text(alphabet="0123456789+-._:eExXoObBtTzZ aAfFnNiI", min_size=1, max_size=14))
@example("08")
@example("0o8")
def test_text_that_looks_like_a_number_or_a_time_stays_text(value):
    assert yaml.safe_load(f"k: {scalar(value)}") == {"k": value}


@pytest.mark.parametrize(
    "value", ["Fix the flaky test", "2 bad", "3 tests fixed", "it's done", "17/18", "a:b", "C#", "Ünïcode – ok"]
)
def test_text_is_quoted_only_where_yaml_needs_it(value):
    assert scalar(value) == value
    assert is_plain(value)


@settings(deadline=None)
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False)
        | text
        | st.dates(min_value=dt.date(1000, 1, 1)),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=3),
        max_leaves=6,
    )
)
def test_any_value_comes_back_on_one_line(value):
    assert yaml.safe_load(f"k: {flow(value)}\nz: 1\n") == {"k": value, "z": 1}


def test_not_a_number_comes_back():
    assert math.isnan(yaml.safe_load(scalar(math.nan)))


@settings(deadline=None)
@given(
    st.datetimes().filter(lambda moment: moment.year >= 1000),
    st.sampled_from([None, dt.UTC, dt.timezone(dt.timedelta(hours=-5, minutes=-30))]),
)
def test_times_come_back_with_their_offset(moment, zone):
    moment = moment.replace(tzinfo=zone)
    assert yaml.safe_load(f"k: {scalar(moment)}") == {"k": moment}


def test_lone_surrogates_are_replaced_for_no_file_can_hold_them():
    assert double_quoted("a\ud83d") == '"a�"'
    assert double_quoted("\ud83d\ude00") == '"😀"'


def test_lists_are_block_lists_and_ids_and_hashes_are_quoted():
    assert field("tags", ["a", "1"]) == 'tags:\n  - a\n  - "1"\n'
    assert field("tags", ()) == "tags: []\n"
    assert field("id", "123abc") == 'id: "123abc"\n'
    assert field("source_sha256", "ab") == 'source_sha256: "ab"\n'


def test_dates_stand_without_quotes_whether_given_as_text_or_as_dates():
    assert field("date", dt.date(2026, 11, 20)) == "date: 2026-11-20\n"
    assert field("date", "2026-11-20") == "date: 2026-11-20\n"
    assert field("created", "2026-11-20T10:00:00+01:00") == "created: 2026-11-20T10:00:00+01:00\n"
    assert field("title", "2026-11-20") == 'title: "2026-11-20"\n'
    assert field("date", "2026-13-45") == 'date: "2026-13-45"\n'


def test_names_stay_text_whatever_they_are_given_as():
    assert field("title", 2026) == 'title: "2026"\n'
    assert field("effectiveness", 4) == "effectiveness: 4\n"


def test_keys_come_in_an_entrys_order_and_unknown_ones_follow_as_given():
    assert ordered(["zeta", "tags", "alpha", "id"]) == ["id", "tags", "zeta", "alpha"]
    assert ordered(reversed(KEY_ORDER)) == list(KEY_ORDER)
