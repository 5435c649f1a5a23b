"""Each sample of each format is recognised as its own, whatever its name is."""

import io
from pathlib import Path

import pytest

from session_journal import readers
from session_journal.readers.heads import first_lines, first_records, line_object, whole_object

SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.jsonl"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_sample_is_recognised_by_its_own_format_alone(path):
    head = path.read_bytes()[: readers.HEAD]
    own = next(name for name in readers.FORMATS if path.name.startswith(name))
    reader = readers.recognise(head)
    assert reader is not None
    assert reader.__name__.endswith(f".{own}")


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_file_reads_the_same_from_a_pipe_and_while_it_grows(path):
    """Bytes that were not there yet are nothing but a torn last line."""
    data = path.read_bytes()
    whole = list(readers.read_transcript(io.BytesIO(data), path.name))
    assert list(readers.read_transcript(Pipe(data), path.name)) == whole
    for end in range(len(data) * 9 // 10, len(data), 97):
        (session,) = readers.read_transcript(io.BytesIO(data[:end]), path.name)
        assert session.id == whole[0].id
        kept = [event for event in session.events if event.text or event.target]
        assert {(one.kind, one.target) for one in kept} <= {(one.kind, one.target) for one in whole[0].events}


def test_an_object_over_many_lines_is_no_object_a_line():
    members = b",\n".join(b'  "member%d": "text"' % number for number in range(50))
    assert first_lines(b"{\n" + members + b"\n}\n", 20) == ()
    assert len(first_lines(b'{"a": 1,\n' + members + b"\n}\n", 20)) == 20  # its first line can be a torn record


def test_lines_of_objects_are_found_behind_a_torn_one():
    assert first_lines(b"{\n" + b'{"type": "user"}\n' * 3, 20) == (b"{", *[b'{"type": "user"}'] * 3)
    assert first_lines(b"{", 20) == (b"{",)


def test_a_file_is_read_the_same_again():
    """What was found in its beginning is kept for its reader, which takes nothing out of it."""
    data = (Path(__file__).parent / "samples/gemini_rounding.json").read_bytes()
    first = list(readers.read_transcript(io.BytesIO(data), "x"))
    assert first[0].events
    assert list(readers.read_transcript(io.BytesIO(data), "x")) == first


def test_what_was_found_in_one_file_is_not_told_of_another():
    heads = [b'{"a": 1}\n{"b": 2}\n', b'{"c": 1}\n{"d": 2}\n']
    assert [list(first_records(head)) for head in heads] == [[{"a": 1}, {"b": 2}], [{"c": 1}, {"d": 2}]]
    assert [line_object(head) for head in (*heads, heads[0])] == [{"a": 1}, {"c": 1}, {"a": 1}]
    assert [whole_object(head) for head in (b'{"a": 1}', b'{"b": 1}')] == [{"a": 1}, {"b": 1}]


def test_a_beginning_is_an_object_only_where_it_ends_as_one():
    assert whole_object(b'\xef\xbb\xbf {"a": {}}\r\n ') == {"a": {}}
    for cut in (b'{"a": {}', b'{"a": "}', b'{"a": 1},', b"[1]", b""):
        assert whole_object(cut) == {}
    assert line_object(b'{"a": 1}') == {}  # not a line, but the whole of what there is


class Pipe(io.BytesIO):
    """A stream that cannot be rewound and gives little at once."""

    def seekable(self):
        return False

    def seek(self, *_):
        raise OSError("a pipe cannot be rewound")

    def read(self, size=-1):
        return super().read(min(size, 700) if size > 0 else size)
