"""Front matter read without YAML."""

import datetime as dt

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from session_journal.core import flat
from session_journal.core.document import compose
from session_journal.core.front import read
from session_journal.core.scalars import KEY_ORDER
from session_journal.errors import DocumentError

ENTRY = compose(
    {
        "id": "0f" * 16, "title": "3 tests: fixed", "date": dt.date(2026, 11, 20),
        "created": dt.datetime(2026, 11, 20, 10, 1, 2, tzinfo=dt.timezone(dt.timedelta(hours=1))), "type": "session",
        "duration": 34, "goals": ["Fix it", "2026-01-01"], "tags": [], "source": "claude-code 12", "verified": "17/18",
    },
    "",
)  # fmt: skip


def test_what_the_tool_writes_is_read_without_yaml():
    assert flat.read(ENTRY.front) == read(ENTRY.front)
    assert repr(flat.read(ENTRY.front)["title"]) == "'3 tests: fixed'"


def agrees(front):
    """Return whether the quick reader knew the form, after checking that it says what YAML says."""
    values = flat.read(front)
    if values is not None:
        slow = read(front)
        assert values == slow
        assert {key: type(value) for key, value in values.items()} == {key: type(value) for key, value in slow.items()}
        assert list(values) == list(slow)
    return values is not None


ATOMS = st.sampled_from([
    "a", "id", "title", "tags", "date", "n", "x_y", "yes", "null", "true", "~", "12", "012", "1e3", "1_0", "0x1f", "1:30", "17/18",
    "2026-11-20", "2026-13-45", "2026-11-20T10:00:00+01:00", "2026-11-20T10:00:00.123456-05:30", "2026-11-20T25:00:00+01:00",
    ": ", ":", " ", "  - ", "- ", "\n", "\n", "\n", "#", " #", '"', "'", "\\", "[", "]", "[]", "{", "}", ",", "|", ">", "&a", "*a", "!", "%",
    "@", "`", "?", "...", "---", "é", "\u2028", "\ufeff", "\t", "\r", "=", "<<", ".5", "+1", "-1", ".inf", "\u202a", "\xa0",
])  # fmt: skip


@settings(max_examples=1500, deadline=None)
@given(st.lists(ATOMS, max_size=14).map("".join))
@example("a: b\n  - c\n")
@example("a:\n  - b\n    c\n")
@example("a: 9999-12-31T23:59:59.999999-12:00\n")
def test_the_quick_reader_is_unsure_or_agrees_with_yaml(front):
    agrees(front)


KEYS = st.sampled_from(["id", "title", "tags", "date", "created", "n", "flag", "goals", "yes", "null"])
VALUES = ATOMS | st.tuples(ATOMS, ATOMS).map("".join)


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.tuples(KEYS, VALUES, st.lists(VALUES, max_size=2)), max_size=4))
def test_keys_and_values_are_read_as_yaml_reads_them(parts):
    front = "".join(
        f"{key}: {value}\n" if not items else f"{key}:\n" + "".join(f"  - {item}\n" for item in items)
        for key, value, items in parts
    )
    agrees(front)


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(KEY_ORDER),
        st.text(max_size=12) | st.integers() | st.booleans() | st.dates() | st.lists(st.text(max_size=6), max_size=3),
    )
)
def test_composed_front_matter_is_read_as_yaml_reads_it(values):
    agrees(compose(values, "").front)


@pytest.mark.parametrize(
    "front", ["a: 1\na: 2\n", "# c\na: 1\n", "a: 2026-13-45\n", 'a: "\\x"\n', "a: [1]\n", "a: |\n  b\n", "  a: 1\n"]
)
def test_what_is_not_surely_plain_is_left_to_yaml(front):
    assert flat.read(front) is None


def test_yaml_still_refuses_what_the_quick_reader_left_to_it():
    with pytest.raises(DocumentError):
        read("a: 1\na: 2\n")
