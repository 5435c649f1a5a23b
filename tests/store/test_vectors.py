"""Vectors that were given once are kept, and whatever became of the file, nothing but a model's own comes back."""

from __future__ import annotations

import os

import pytest

from session_journal.core.patterns import pack
from session_journal.store.vectors import keep, key_of, recall

VECTORS = {key_of("first"): pack([1.0, -0.5, 0.25]), key_of("second \ud800"): pack([0.0, 1.0, 0.0])}


@pytest.fixture
def place(tmp_path):
    return str(tmp_path / "patterns" / "vectors")


def test_what_is_kept_comes_back_for_the_same_model_alone(place):
    keep(place, "small", VECTORS)
    assert recall(place, "small") == VECTORS
    assert recall(place, "large") == {}


def test_a_number_takes_a_byte(place):
    keep(place, "small", VECTORS)
    assert os.path.getsize(place) < 100 + len(VECTORS) * (16 + 3)


def test_vectors_of_another_length_than_the_last_are_forgotten(place):
    longer = {key_of("third"): pack([1.0, 2.0, 3.0, 4.0])}
    keep(place, "small", {**VECTORS, **longer})
    assert recall(place, "small") == longer


@pytest.mark.parametrize(
    "change", [lambda data: data[:-1], lambda data: data[:-1] + b"x", lambda _: b"", lambda _: b"\n"]
)
def test_a_torn_file_counts_as_none(place, change):
    keep(place, "small", VECTORS)
    with open(place, "rb") as file:
        data = file.read()
    with open(place, "wb") as file:
        file.write(change(data))
    assert recall(place, "small") == {}


@pytest.mark.parametrize(
    "head", [b"{}", b"[]", b"x", b'{"form":1,"model":"small","size":-16}', b'{"form":1,"model":"small","size":"y"}']
)
def test_a_sound_file_that_says_nonsense_counts_as_none(place, head):
    import zlib

    rest = head + b"\n" + b"0" * 19
    os.makedirs(os.path.dirname(place))
    with open(place, "wb") as file:
        file.write(b"%08x\n" % zlib.crc32(rest) + rest)
    assert recall(place, "small") == {}


def test_a_place_that_cannot_be_written_keeps_nothing(tmp_path):
    (tmp_path / "patterns").write_text("a file where a folder should be")
    place = str(tmp_path / "patterns" / "vectors")
    keep(place, "small", VECTORS)
    assert recall(place, "small") == {}
