"""Records: their one canonical line, what is refused on reading, and what commitments cover."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from session_journal.core import chain, digest
from session_journal.core.chain import (
    Record,
    content_commitment,
    decode,
    encode,
    entry_commitment,
    find_id,
    lane_file,
    record_id,
)

LANE = "00112233445566aa"
HEX = st.text("0123456789abcdef", min_size=64, max_size=64)


def put(**changes) -> Record:
    values = {"op": "put", "w": LANE, "s": 3, "t": 1_790_000_000, "c": "a" * 64, "e": "b" * 64, "p": ["c" * 64], "l": 4}
    return Record(**{**values, **changes})


@given(HEX, HEX, st.lists(HEX, max_size=4, unique=True), st.integers(0, 10**12), st.integers(0, 10**9))
def test_a_record_survives_writing_and_reading(c, e, parents, seconds, seq):
    record = put(c=c, e=e, p=parents, t=seconds, s=seq)
    again = decode(encode(record))
    assert (again.id, encode(again)) == (record.id, encode(record))
    assert again.p == tuple(sorted(parents))


def test_a_line_is_sorted_ascii_json_with_exactly_the_documented_fields():
    line = encode(put())
    raw = json.loads(line)
    assert list(raw) == ["c", "e", "l", "op", "p", "s", "t", "v", "w"]
    assert json.dumps(raw, sort_keys=True, separators=(",", ":")).encode("ascii") == line


def test_the_record_id_is_the_rfc_6962_leaf_hash_of_the_line():
    line = encode(put())
    assert record_id(line) == hashlib.sha256(b"\x00" + line).hexdigest() == put().id


def test_digests_agree_with_hashlib():
    for data in (b"", b"journal", b"x" * 100_000):
        assert digest.sha256(data).hexdigest() == hashlib.sha256(data).hexdigest()
        assert digest.sha1(data).hexdigest() == hashlib.sha1(data).hexdigest()


GOOD = encode(put()).decode()


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(GOOD.replace('"l":4', '"l":4.0'), id="a float for an integer"),
        pytest.param(GOOD.replace('"l":4', '"l":true'), id="a boolean for an integer"),
        pytest.param(GOOD.replace('"l":4', '"l":-4'), id="a negative number"),
        pytest.param(GOOD.replace('"l":4', '"l":NaN'), id="not a number"),
        pytest.param(GOOD.replace('"v":1', '"v":2'), id="another version"),
        pytest.param(GOOD.replace('"v":1', '"v":1.0'), id="1.0 for 1"),
        pytest.param(GOOD.replace('{"c"', '{"c":"","c"'), id="a duplicate key"),
        pytest.param(GOOD.replace('"v":1', '"v":1,"x":1'), id="an extra field"),
        pytest.param(GOOD.replace('"s":3,', ""), id="a missing field"),
        pytest.param(GOOD.replace(":", ": ", 1), id="white space"),
        pytest.param(GOOD + "\r", id="a carriage return"),
        pytest.param(GOOD.replace('"op":"put"', '"op":"PUT"'), id="an unknown operation"),
        pytest.param(GOOD.replace("a" * 64, "A" * 64), id="upper-case hex"),
        pytest.param(GOOD.replace("a" * 64, "a" * 63), id="a short commitment"),
        pytest.param(GOOD.replace("a" * 64, ""), id="a put without content"),
        pytest.param(GOOD.replace('"op":"put"', '"op":"del"'), id="a deletion with content"),
        pytest.param(GOOD.replace(LANE, "../../../../etc"), id="a lane that is a path"),
        pytest.param(
            GOOD.replace('["' + "c" * 64 + '"]', '["' + "c" * 64 + '","' + "c" * 64 + '"]'), id="a parent twice"
        ),
        pytest.param("", id="nothing"),
        pytest.param("[" * 100_000, id="a nesting bomb"),
        pytest.param("[1]", id="no object"),
        pytest.param(GOOD.replace("put", "p\u00fct"), id="not ASCII"),
    ],
)
def test_a_line_that_is_not_canonical_is_refused(line):
    with pytest.raises(ValueError, match=r"^(not|with|of) "):
        decode(line.encode())


def test_content_commitments_cover_name_and_bytes_without_a_seam():
    assert content_commitment("ab", b"c") != content_commitment("a", b"bc")
    assert content_commitment("a.md", b"x") != content_commitment("a.md", b"x\n")
    expected = hashlib.sha256(b"journal/v1/content\0" + (4).to_bytes(4, "big") + b"a.mdx").hexdigest()
    assert content_commitment("a.md", b"x") == expected
    assert entry_commitment("ff") == hashlib.sha256(b"journal/v1/entry\0ff").hexdigest()


def test_a_lane_starts_a_new_file_every_256_records():
    assert lane_file(LANE, 255) == f"journal/log/{LANE}/000000.jsonl"
    assert lane_file(LANE, 256) == f"journal/log/{LANE}/000001.jsonl"


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b'---\nid: "ab12"\n---\n', "ab12"),
        (b"---\ntitle: x\nid: 'ab12' # mine\n---\n", "ab12"),
        (b"---\r\nid: ab12\r\n---\r\n", "ab12"),
        (b"\xef\xbb\xbf---\nid: ab12 # mine\n---\n", "ab12"),
        (b"---\ntitle: x\n---\nid: ab12\n", ""),
        (b"---\nother:\n  id: ab12\n---\n", ""),
        (b"id: ab12\n", ""),
        (b"", ""),
    ],
)
def test_the_id_is_read_from_the_front_matter_alone(data, found):
    assert find_id(data) == found


@given(
    st.integers(0, len(GOOD)),
    st.sampled_from(["", " ", "0", "a", "A", '"', ",", "\\", "\u00e9", "-", "."]),
    st.booleans(),
)
def test_the_quick_way_to_read_a_line_agrees_with_the_json_parser(at, text, inserted):
    line = (GOOD[:at] + text + GOOD[at + (not inserted) :]).encode()
    quick = chain._sound(line, line.decode("latin-1"))
    try:
        slow = chain._explained(line)
    except ValueError:
        slow = None
    assert (quick and quick.id) == (slow and slow.id)
    if quick and slow:
        assert encode(quick) == encode(slow) == line
