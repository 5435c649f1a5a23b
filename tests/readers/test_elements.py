"""One large JSON document is read element by element."""

from __future__ import annotations

import hashlib
import io
import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from session_journal.readers.elements import ELEMENT_LIMIT, FIELD_LIMIT, Elements, decode, elements

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text('ab"\\{}[],: \n\u00e9\u2028')
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text('a"\\]}'), inner),
    max_leaves=12,
)


class Slow(io.BytesIO):
    """A stream that gives a few bytes at a time, as a pipe may."""

    step = 1

    def read(self, size=-1):
        return super().read(self.step)


def slow(data, step):
    stream = Slow(data)
    stream.step = step
    return stream


def read(data, key=None):
    found = Elements(io.BytesIO(data), key)
    return [json.loads(raw) for raw in found], found


@given(st.lists(VALUES), st.integers(1, 9), st.sampled_from([None, 2]), st.booleans())
def test_every_element_of_an_array_is_found_however_the_bytes_arrive(values, step, indent, ascii_only):
    data = json.dumps(values, indent=indent, ensure_ascii=ascii_only).encode()
    assert [json.loads(raw) for raw in elements(slow(data, step))] == values


@given(st.lists(VALUES), st.dictionaries(st.text("abc"), VALUES), VALUES, st.integers(1, 9))
def test_the_array_under_a_key_is_found_among_any_other_members(values, before, after, step):
    data = json.dumps({**before, "messages": values, "after": after}).encode()
    found = Elements(slow(data, step), "messages")
    assert [json.loads(raw) for raw in found] == values
    assert found.fields == {**before, "after": after}
    assert found.skipped == 0


@given(st.lists(VALUES, min_size=1), st.data())
def test_a_document_that_breaks_off_gives_what_is_whole_and_counts_one(values, data):
    whole = json.dumps(values).encode()
    cut = whole[: data.draw(st.integers(1, len(whole) - 1))]
    found = Elements(io.BytesIO(cut))
    got = [json.loads(raw) for raw in found]
    assert got == values[: len(got)]
    assert found.skipped == 1


def test_the_hash_is_that_of_every_byte():
    data = b'\xef\xbb\xbf {"messages": [1], "rest": "x"}\n\n'
    found = Elements(io.BytesIO(data), "messages")
    assert list(found) == [b"1"]
    assert found.sha256 == hashlib.sha256(data).hexdigest()


def test_a_key_deeper_in_the_document_is_not_the_array():
    values, found = read(b'{"info": {"messages": [1]}, "messages": [2]}', "messages")
    assert values == [2]
    assert found.fields == {"info": {"messages": [1]}}


def test_a_key_that_holds_no_array_is_a_field():
    values, found = read(b'{"messages": {"0": 1}}', "messages")
    assert values == []
    assert found.fields == {"messages": {"0": 1}}


def test_two_documents_in_a_row_are_read_as_one():
    assert read(b"[1, 2]\n[3]")[0] == [1, 2, 3]


def test_the_other_kind_of_document_has_no_elements():
    assert read(b'{"a": [1]}')[0] == []
    assert read(b'[{"a": [1]}]', "a")[0] == []


@pytest.mark.parametrize("key", [None, "a"])
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0\0",
        b"]]}}",
        b'"',
        b'{"a"',
        b'{"a":',
        b'{"a"}',
        b'{"a":}',
        b"{:1}",
        b"{1:2}",
        b"[,,]",
        b"\xff\xfe[",
        b'[\\"',
    ],
)
def test_what_is_no_document_never_raises(data, key):
    assert len(list(elements(io.BytesIO(data), key))) <= 1


def test_an_element_without_an_end_is_not_given():
    values, found = read(b'[{"a": 1}, {"b": "\\"}]')
    assert values == [{"a": 1}]
    assert found.skipped == 1


def test_a_nesting_bomb_is_one_element():
    bomb = b"[" * 10_000 + b"]" * 10_000
    found = Elements(io.BytesIO(b"[1, " + bomb + b", 2]"))
    assert list(found) == [b"1", bomb, b"2"]
    assert found.skipped == 0


@pytest.mark.parametrize("depth", range(1, 16))
@pytest.mark.parametrize("step", [3, 7, 1_000])
def test_an_element_ends_where_it_ends_however_deep_it_is_nested(depth, step):
    deep = 'x\\"]}\\'
    for level in range(depth):
        deep = {"a": deep, "b": "]"} if level % 2 else [deep, "}", level]
    data = json.dumps([deep, 1, deep]).encode()
    assert [json.loads(raw) for raw in elements(slow(data, step))] == [deep, 1, deep]


@pytest.mark.parametrize("filling", [b"x", b"\\\\", b'\\"', b"{"])
def test_an_element_too_long_is_passed_over_and_counted(filling):
    long = b'"' + filling * (ELEMENT_LIMIT // len(filling)) + b'"'
    found = Elements(io.BytesIO(b"[1, " + long + b", 2]"))
    assert list(found) == [b"1", b"2"]
    assert found.skipped == 1


def test_a_member_too_long_is_no_field():
    data = b'{"blob": "' + b"x" * FIELD_LIMIT + b'", "messages": [1], "small": 2}'
    values, found = read(data, "messages")
    assert (values, found.fields) == ([1], {"small": 2})


class Endless(io.RawIOBase):
    """An array of many elements that is nowhere as a whole."""

    def __init__(self, count):
        self.left = count
        self.element = b'{"text": "' + b"word " * 20_000 + b'"},'

    def read(self, size=-1):
        self.left -= 1
        if self.left < 0:
            return b""
        return self.element if self.left else self.element[:-1] + b"]"


def test_the_memory_does_not_grow_with_the_file():
    tracemalloc.start()
    try:
        stream = Endless(300)
        count = sum(1 for _ in elements(io.BytesIO(b"[1]"))) + sum(1 for _ in Elements(_Joined(b"[", stream)))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 301
    assert peak < 4_000_000


class _Joined:
    def __init__(self, head, rest):
        self.head, self.rest = head, rest

    def read(self, size=-1):
        head, self.head = self.head, b""
        return head or self.rest.read(size)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (rb'"\ud83d\ude00"', "\U0001f600"),
        (rb'"a\ud83d"', "a\ufffd"),
        (rb'"\uDE00b\ud83d\u0041"', "\ufffdb\ufffdA"),
        (rb'"\\ud83d"', "\\ud83d"),
        (rb'["\\\ud83d"]', ["\\\ufffd"]),
        (b'{"a": "\xff"}', {"a": "\ufffd"}),
        (b'{"a": "torn', None),
        (b'{"a": 1} {"b": 2}', None),
        (b"[" * 10_000 + b"]" * 10_000, None),
        (b"\0", None),
        (b"", None),
    ],
)
def test_broken_characters_are_replaced_and_broken_values_are_none(raw, value):
    assert decode(raw) == value


@given(VALUES)
def test_what_is_whole_is_decoded_as_it_is(value):
    assert decode(json.dumps(value).encode()) == value
