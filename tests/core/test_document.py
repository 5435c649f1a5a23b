"""Documents: files kept byte for byte apart from what an edit must change."""

import datetime as dt
import subprocess
import sys

import frontmatter
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from session_journal.core.document import Document, compose, dump, fields, parse, set_body, set_fields
from session_journal.core.front import Handler
from session_journal.core.scalars import KEY_ORDER
from session_journal.errors import DocumentError

PLAIN = b"---\ntitle: A day\n---\n\nbody\n"


@pytest.mark.parametrize(
    "data",
    [
        PLAIN,
        b"no front matter\n",
        b"---\n---\n",
        b"---\n---",
        b"--- \t\r\na: 1\r\n---\t\r\nbody",
        b"\xef\xbb\xbf---\na: 1\n---\nbody\n",
        b"\xef\xbb\xbfbody only",
        b"---\na: 1\n...\nbody\n",
        b"---\na: 1\r\nb: 2\n---\r\nmixed\r\nlines\n",
        b"----\na rule, not a fence\n",
        "---\ntitle: ü\u2028 x\n---\nbody\x0c\x85\u2028\r\rend".encode(),
        b"\n---\nnot: front matter\n---\n",
    ],
)
def test_dump_gives_back_the_bytes_that_were_parsed(data):
    assert dump(parse(data)) == data


@settings(deadline=None)
@given(st.binary(max_size=80) | st.text(alphabet="-\r\n\t #:ab\ufeff.", max_size=60).map(lambda text: text.encode()))
def test_any_bytes_are_an_error_with_a_place_or_come_back_as_they_were(data):
    try:
        came_back, failed = dump(parse(data, "x.md")), None
    except DocumentError as error:
        came_back, failed = data, error
    assert came_back == data
    assert failed is None or (failed.message.startswith("x.md:") and failed.hint)


def test_a_byte_order_mark_does_not_hide_the_front_matter():
    doc = parse(b"\xef\xbb\xbf" + PLAIN)
    assert (doc.bom, fields(doc)) == (True, {"title": "A day"})


def test_values_are_typed_and_ids_and_names_are_text():
    data = (
        b"---\nid: 1e10\ntitle: 2026\nproject: on\ndate: 2026-11-20\ncreated: 2026-11-20T10:00:00+01:00\nturns: 12\n"
        b"source_sha256: 0123\ntags:\n  - 1e3\n  - yes\n  - a\nflag: on\nnothing:\nmodel: ~\n---\n"
    )
    assert fields(parse(data)) == {
        "id": "1e10", "title": "2026", "project": "on", "date": dt.date(2026, 11, 20),
        "created": dt.datetime(2026, 11, 20, 10, tzinfo=dt.timezone(dt.timedelta(hours=1))), "turns": 12,
        "source_sha256": "0123", "tags": ["1e3", "yes", "a"], "flag": True, "nothing": None, "model": None,
    }  # fmt: skip


def test_names_within_values_are_text_that_json_can_hold():
    assert fields(parse(b"---\na: {2026: x, on: [{1: y}]}\n---\n")) == {"a": {"2026": "x", "True": [{"1": "y"}]}}


def test_many_brackets_are_read_all_the_same():
    lists = ", ".join(["[x, {1: 2}]"] * 120)
    assert fields(parse(f"---\na: [{lists}]\nn: 0x1f\n---\n".encode())) == {"a": [["x", {"1": 2}]] * 120, "n": 31}


def test_changing_the_returned_values_does_not_change_the_document():
    doc = parse(b"---\ntags: [a]\n---\n")
    fields(doc)["tags"].append("b")
    assert fields(doc) == {"tags": ["a"]}


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (b"", 1, "empty"),
        (b"\xef\xbb\xbf \r\n\n", 1, "empty"),
        (b"---\ntitle: a\n---\n\ncaf\xe9\n", 5, "not UTF-8"),
        ("---\ntitle: a\n---\n".encode("utf-16"), 1, "not UTF-8"),
        (b"---\ntitle: a\n", 1, "not closed"),
        (b"---\ntitle: a\nb: [1, 2\nc: 3\n---\n", 3, "expected"),
        (b"---\na: 1\n\tb: 2\n---\n", 3, "tab character"),
        (b"---\n- a\n---\n", 2, "not a list of `key: value`"),
        (b"---\njust words\n---\n", 2, "not a list of `key: value`"),
        (b"---\na: 1\nb: 2\na: 3\n---\n", 4, "`a` stands twice (first in line 2)"),
        (b"---\na:\n  x: 1\n  x: 2\n---\n", 4, "`x` stands twice (first in line 3)"),
        (b"---\na: 1\ndate: 2026-13-45\n---\n", 3, "`2026-13-45` is not a value"),
        (b"---\na: 0x_\n---\n", 2, "`0x_` is not a value"),
        (b"---\na: !tag 1\n---\n", 2, "tag"),
        (b"---\na: !!set {x}\n---\n", 2, "tag"),
        (b"---\na: !!map [1]\n---\n", 2, "expected a mapping"),
        (b"---\ntitle: Fix: it\n---\n", 2, "mapping values are not allowed"),
        (b"---\na: \x01\n---\n", 2, "control characters"),
        (b"---\n? [a]\n: 1\n---\n", 2, "a key must be plain text"),
        (b"---\na: &x [*x]\n---\n", 2, "aliases grow"),
        (b"---\na: &a [1,1,1,1,1,1,1,1,1]\n" + b"".join(
            b"%c: &%c [%s]\n" % (98 + n, 98 + n, b",".join([b"*%c" % (97 + n)] * 9)) for n in range(8)
        ) + b"---\n", 2, "aliases grow"),
        (b"---\na: " + b"[" * 60_000 + b"\n---\n", 2, "nested too deep"),
        (b"---\n" + b"- " * 60_000 + b"\n---\n", 2, "nested too deep"),
        (b"---\n" + b"? " * 60_000 + b"\n---\n", 2, "nested too deep"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_an_error_that_names_path_and_line(data, line, words):
    with pytest.raises(DocumentError) as caught:
        fields(parse(data, "journal/sessions/x.md"), "journal/sessions/x.md")
    assert caught.value.message.startswith(f"journal/sessions/x.md:{line}: ")
    assert words in caught.value.message
    assert caught.value.hint


def test_documents_are_values():
    doc = parse(PLAIN)
    assert doc == parse(PLAIN)
    assert hash(doc) == hash(parse(PLAIN))
    assert doc != parse(PLAIN + b"x")
    assert doc != PLAIN
    assert "A day" in repr(doc)
    with pytest.raises(AttributeError):
        doc.body = "other"


def test_composing_writes_keys_in_an_entrys_order_a_blank_line_and_the_body():
    doc = compose(
        {"zeta": 1, "tags": ["b", "a"], "title": "Fix: it", "id": "12", "phase": None, "date": dt.date(2026, 11, 20)},
        "Hello.\n",
    )
    assert dump(doc).decode() == (
        '---\nid: "12"\ntitle: "Fix: it"\ndate: 2026-11-20\ntags:\n  - b\n  - a\nzeta: 1\n---\n\nHello.\n'
    )


keys = st.sampled_from(KEY_ORDER) | st.text(alphabet="abcdefgh-_ é", min_size=1, max_size=8)
one_value = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
values = st.dictionaries(keys, one_value | st.lists(one_value, min_size=1, max_size=3), max_size=6)


@settings(deadline=None)
@given(values, st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_what_is_composed_is_read_back_as_it_was_given(given_values, body):
    doc = compose(given_values, body)
    back = parse(dump(doc))
    assert back == doc
    read = fields(back)
    assert {key: _as_text(value) for key, value in read.items()} == given_values
    assert back.body.removeprefix("\n") == body.removeprefix("\n")


def _as_text(value):
    return value.isoformat() if isinstance(value, dt.date) else value


def test_a_new_body_takes_the_files_line_ends():
    doc = parse(b"---\r\na: 1\r\n---\r\nold\r\n")
    assert dump(set_body(doc, "new\nlines\r\n")) == b"---\r\na: 1\r\n---\r\nnew\r\nlines\r\n"
    assert dump(set_body(parse(PLAIN), "new\n")) == b"---\ntitle: A day\n---\nnew\n"


def test_a_body_does_not_run_into_a_fence_that_ended_the_file():
    assert dump(set_body(parse(b"---\na: 1\n---"), "new\n")) == b"---\na: 1\n---\nnew\n"
    assert dump(set_body(parse(b"---\na: 1\n---"), "")) == b"---\na: 1\n---"


def test_a_new_body_in_a_file_of_mixed_lines_is_written_as_given():
    doc = parse(b"---\r\na: 1\r\n---\r\none\ntwo\r\n")
    assert set_body(doc, "one\nthree\r\n").body == "one\nthree\r\n"


def test_lone_surrogates_in_a_body_are_replaced_for_no_file_can_hold_them():
    assert dump(set_body(parse(PLAIN), "a\ud83d\n")).endswith("a�\n".encode())
    assert dump(compose({}, "a\ud83d\n")).endswith("a�\n".encode())


def test_front_matter_is_put_before_a_file_that_has_none():
    assert dump(set_fields(parse(b"# Title\n"), {"id": "ab"})) == b'---\nid: "ab"\n---\n# Title\n'
    data = b"\xef\xbb\xbfone\r\ntwo"
    assert dump(set_fields(parse(data), {"id": "ab"})) == b'\xef\xbb\xbf---\r\nid: "ab"\r\n---\r\none\r\ntwo'
    assert set_fields(parse(data), {"id": None}) == parse(data)


def test_composing_imports_no_yaml_for_the_quick_path():
    code = (
        "import sys\nfrom session_journal.core.document import compose, dump\n"
        "dump(compose({'title': 'Fix: it', 'id': '12', 'tags': ['a']}, 'x'))\n"
        "print(sorted({'yaml', 'frontmatter', 'dataclasses', 'typing', 'pathlib'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path[:] = {sys.path!r}\n{code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_python_frontmatter_reads_and_writes_through_our_handler_without_loss():
    handler = Handler()
    text = "\ufeff---\nzeta: 1\nalpha: 2\n---\n\nbody\n"
    assert handler.detect(text)
    metadata, content = handler.split(text)
    post = frontmatter.Post(content, handler=handler, **handler.load(metadata))
    assert frontmatter.dumps(post, handler=handler) == text.removeprefix("\ufeff")


def test_documents_are_made_of_their_parts():
    assert (
        dump(Document(body="x", opening="---\n", front="a: 1\n", closing="---\n", bom=True))
        == b"\xef\xbb\xbf---\na: 1\n---\nx"
    )
