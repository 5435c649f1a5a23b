"""Each sample of each format is recognised as its own, whatever its name is."""

import io
from pathlib import Path

import pytest

from session_journal import readers
from session_journal.readers.heads import first_lines

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


class Pipe(io.BytesIO):
    """A stream that cannot be rewound and gives little at once."""

    def seekable(self):
        return False

    def seek(self, *_):
        raise OSError("a pipe cannot be rewound")

    def read(self, size=-1):
        return super().read(min(size, 700) if size > 0 else size)
