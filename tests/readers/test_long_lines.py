"""Lines that are too long to be parsed as they are."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from session_journal.readers.long_lines import STRING_LIMIT, shorten_strings

LIMIT = 2 * 1024 * 1024


def pieces(data, size=1_000):
    return [data[at : at + size] for at in range(0, len(data), size)]


def shortened(value, size=1_000, limit=LIMIT):
    return json.loads(shorten_strings(pieces(json.dumps(value).encode(), size), limit))


def test_a_long_string_keeps_its_beginning_and_everything_around_it_stays():
    value = {
        "before": 'a "quoted" word',
        "long": "so many words " * 100_000,
        "image": "A" * 3_000_000,
        "after": [1, "é\n"],
    }
    found = shortened(value)
    assert (found["before"], found["after"]) == (value["before"], value["after"])
    assert value["long"].startswith(found["long"])
    assert STRING_LIMIT - 20 < len(found["long"]) <= STRING_LIMIT
    assert len(found["image"]) <= STRING_LIMIT


@given(
    st.recursive(
        st.one_of(st.none(), st.integers(), st.text(max_size=40)),
        lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=5), inner, max_size=4)),
    ),
    st.integers(1, 20),
    st.booleans(),
)
def test_what_is_short_stays_as_it_is_wherever_the_pieces_end(value, size, ascii_only):
    data = json.dumps(value, ensure_ascii=ascii_only).encode()
    assert shorten_strings(pieces(data, size), LIMIT) == data


@given(st.text(alphabet='é\U0001f600\\"\n a', min_size=5, max_size=40), st.integers(900, 1_100), st.booleans())
def test_a_string_is_never_cut_inside_an_escape_or_a_character(part, size, ascii_only):
    text = part * (2 * STRING_LIMIT // len(part))
    data = json.dumps({"text": text, "after": 1}, ensure_ascii=ascii_only).encode()
    found = json.loads(shorten_strings(pieces(data, size), LIMIT))
    assert found["after"] == 1
    assert text.startswith(found["text"])
    assert len(found["text"]) < len(text)


def test_a_line_of_very_many_strings_keeps_a_little_of_each():
    found = shortened([f"{number} " + "word " * 2_000 for number in range(500)])
    assert [text.split(" ")[0] for text in found] == [str(number) for number in range(500)]


def test_a_line_that_is_too_long_even_so_is_given_up_and_read_to_its_end():
    left = iter(pieces(json.dumps(list(range(100_000))).encode()))
    assert shorten_strings(left, 10_000) is None
    assert next(left, None) is None


@pytest.mark.parametrize(
    ("torn", "kept"),
    [(b'{"torn": "', b'{"torn": "'), (b'"a\\', b'"a'), (b'"a\\"', b'"a\\"'), (b"\\", b"\\"), (b"", b"")],
)
def test_a_torn_line_is_kept_up_to_the_tear(torn, kept):
    assert shorten_strings([torn], LIMIT) == kept
