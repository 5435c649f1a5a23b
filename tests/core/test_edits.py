"""Edits of front matter: only the lines that must change do."""

import datetime as dt
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from session_journal.core.document import dump, fields, parse, set_body, set_fields
from session_journal.core.scalars import as_text
from session_journal.errors import DocumentError

ENTRY = """\
---
# written by hand
title: 'Old'   # keep me
id:
date: 2026-11-20
tags: [a, "b", c] # mine
goals: # of today
  - one  # first
  # above two
  - two
  - "three"

# about x
x: |
  hello
  # not a comment

y: >-
  foo
  bar
z: {nested: 1}
---
body
"""


def changed(text, **values):
    return dump(set_fields(parse(text.encode()), values)).decode()


def lines_changed(text, **values):
    before, after = text.splitlines(), changed(text, **values).splitlines()
    return [line for line in before if line not in after], [line for line in after if line not in before]


@pytest.mark.parametrize(
    ("values", "gone", "new"),
    [
        ({"title": "New it's"}, ["title: 'Old'   # keep me"], ["title: 'New it''s'   # keep me"]),
        ({"title": "a\nb"}, ["title: 'Old'   # keep me"], ['title: "a\\nb"   # keep me']),
        ({"id": "12"}, ["id:"], ['id: "12"']),
        ({"tags": ["b", "z,z", "c"]}, ['tags: [a, "b", c] # mine'], ['tags: ["b", "z,z", c] # mine']),
        ({"tags": []}, ['tags: [a, "b", c] # mine'], ["tags: [] # mine"]),
        ({"goals": ["one", "two", "three", "4"]}, [], ['  - "4"']),
        ({"goals": ["one", "three"]}, ["  - two"], []),
        ({"goals": "one"}, ["goals: # of today", "  - one  # first", "  # above two", "  - two", '  - "three"'], ["goals: one # of today"]),
        ({"tags": "a"}, ['tags: [a, "b", c] # mine'], ["tags: a # mine"]),
        ({"title": ["a"]}, ["title: 'Old'   # keep me"], ["title:   # keep me", "  - a"]),
        ({"x": "short"}, ["x: |", "  hello", "  # not a comment"], ["x: short"]),
        ({"y": None}, ["y: >-", "  foo", "  bar"], []),
        ({"z": 3}, ["z: {nested: 1}"], ["z: 3"]),
        ({"z": None}, ["z: {nested: 1}"], []),
        ({"status": "draft"}, [], ["status: draft"]),
        ({"date": dt.date(2026, 11, 21)}, ["date: 2026-11-20"], ["date: 2026-11-21"]),
        ({"unknown": "x"}, [], ["unknown: x"]),
    ],
)  # fmt: skip
def test_an_edit_changes_only_the_lines_it_must(values, gone, new):
    assert lines_changed(ENTRY, **values) == (gone, new)


@pytest.mark.parametrize(
    "values",
    [
        {"title": "Old"}, {"date": dt.date(2026, 11, 20)}, {"date": "2026-11-20"}, {"tags": ("a", "b", "c")}, {"absent": None},
        {"goals": ["one", "two", "three"]}, {"x": "hello\n# not a comment\n"}, {"y": "foo bar"}, {"z": {"nested": 1}}, {},
    ],
)  # fmt: skip
def test_setting_a_key_to_the_value_it_has_changes_no_byte(values):
    assert changed(ENTRY, **values) == ENTRY


def test_a_day_in_words_replaces_a_date():
    assert changed("---\ndate: 2026-11-20\n---\n", date="soon") == "---\ndate: soon\n---\n"


def test_setting_a_number_where_a_truth_stands_is_a_change():
    assert changed("---\na: true\n---\n", a=1) == "---\na: 1\n---\n"
    assert changed("---\na: 1\n---\n", a="1") == '---\na: "1"\n---\n'


def test_new_keys_go_to_their_place_in_an_entrys_order():
    text = "---\ntitle: a\n# about tags\ntags: [x]\nmine: 1\n---\n"
    assert changed(text, id="1", date="2026-11-20", source="s", other=2) == (
        '---\nid: "1"\ntitle: a\ndate: 2026-11-20\n# about tags\ntags: [x]\nsource: s\nmine: 1\nother: 2\n---\n'
    )


def test_a_key_goes_into_empty_front_matter_and_below_comments():
    assert changed("---\n---\nx\n", id="1") == '---\nid: "1"\n---\nx\n'
    assert changed("---\n# only this\n---\nx\n", id="1") == '---\n# only this\nid: "1"\n---\nx\n'


def test_the_last_key_can_go():
    assert changed("---\na: 1\n---\nx\n", a=None) == "---\n---\nx\n"


def test_comments_above_items_that_stay_stay_with_them():
    text = "---\ntags:\n# about a\n- a\n# about b\n- b # b\n# at the end\nz: 1\n---\n"
    out = changed(text, tags=["b", "c"])
    for comment in ("# about a", "# about b", "- b # b", "# at the end"):
        assert comment in out
    assert fields(parse(out.encode())) == {"tags": ["b", "c"], "z": 1}


def test_a_list_of_long_or_nested_items_is_replaced_as_a_whole():
    text = "---\ntags:\n  - a\n  - long\n    item\n  - [x]\nz: 1\n---\n"
    assert changed(text, tags=["a", "b"]) == "---\ntags:\n  - a\n  - b\nz: 1\n---\n"


def test_front_matter_in_braces_is_written_as_lines():
    assert changed("---\n{title: a, n: 1}\n---\nx\n", id="1", n=None) == '---\nid: "1"\ntitle: a\n---\nx\n'


def test_indented_front_matter_keeps_its_indent():
    assert changed("---\n  title: a\n  n: 1\n---\n", id="1", n=2) == '---\n  id: "1"\n  title: a\n  n: 2\n---\n'


def test_quoted_keys_are_found():
    assert changed("---\n\"title\" : a\n'n': 1\n---\n", title="b", n=None) == '---\n"title" : b\n---\n'


def test_an_anchor_that_another_key_needs_cannot_be_taken_away():
    text = "---\na: &x 1\nb: *x\n---\n"
    assert changed(text, b=2) == "---\na: &x 1\nb: 2\n---\n"
    with pytest.raises(DocumentError, match="cannot be set"):
        changed(text, a=2)


def test_an_edit_of_front_matter_leaves_the_body_alone():
    text = "\ufeff---\r\ntitle: a\r\nmine: 'x'   # y\r\n---\r\nbody\x0c\r\nno end"
    assert changed(text, title="b", tags=["t"]) == (
        "\ufeff---\r\ntitle: b\r\ntags:\r\n  - t\r\nmine: 'x'   # y\r\n---\r\nbody\x0c\r\nno end"
    )


@dataclass(frozen=True)
class Part:
    """A key as somebody wrote it."""

    key: str
    text: str


WORDS = st.text(alphabet="abc é", min_size=1, max_size=8).map(str.strip).filter(bool).map(lambda word: "w" + word)
FORMS = st.one_of(
    WORDS.map(lambda w: f" {w}\n"),
    WORDS.map(lambda w: f"   '{w}'   # why\n"),
    WORDS.map(lambda w: f' "{w} \\u00e9 \\"" # "odd" comment\n'),
    st.lists(WORDS, max_size=3).map(lambda ws: f" [{', '.join(ws)}]  # list\n"),
    st.lists(WORDS, min_size=1, max_size=3).map(lambda ws: " [\n" + "".join(f"    {w}, # {w}\n" for w in ws) + "  ]\n"),
    st.lists(WORDS, min_size=1, max_size=3).map(
        lambda ws: " # head\n" + "".join(f"  # above\n  - {w} # {w}\n" for w in ws)
    ),
    st.lists(WORDS, min_size=1, max_size=3).map(lambda ws: "\n" + "".join(f"- '{w}'\n" for w in ws)),
    WORDS.map(lambda w: f" |\n  {w}\n\n  # text\n  - text\n  key: text\n"),
    WORDS.map(lambda w: f" >+ # head\n   {w}\n   {w}\n\n"),
    WORDS.map(lambda w: f" {w}\n  goes on: not\n".replace(": not", " here")),
    WORDS.map(lambda w: f"\n  inner: {w}\n  # inside\n  list:\n    - {w}\n"),
    st.just("\n"),
    st.just(" # only a comment\n"),
    st.just(" ~\n"),
    st.sampled_from([" 12\n", " yes\n", " 1.5\n", " 2026-11-20\n", " 0x1f\n"]),
)
KEYS = st.sampled_from(
    ["title", "id", "tags", "goals", "status", "outcome", "mine", "Another Key", "x-y", "été", '"quoted"']
)
BETWEEN = st.sampled_from(["", "", "", "\n", "# a comment\n", "\n# a comment: here\n\n"])


@st.composite
def files(draw):
    names = draw(st.lists(KEYS, unique=True, max_size=6))
    parts = [Part(name.strip('"'), f"{name}:{draw(FORMS)}") for name in names]
    between = [draw(BETWEEN) for _ in range(len(parts) + 1)]
    front = between[0] + "".join(part.text + gap for part, gap in zip(parts, between[1:], strict=True))
    body = draw(st.sampled_from(["", "\nbody\n", "no last newline", "# a\n\n- b\n---\nc: d\n---\n"]))
    text = f"---\n{front}---\n{body}"
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    bom = draw(st.sampled_from(["", "\ufeff"]))
    return (bom + text.replace("\n", newline)).encode(), [
        Part(part.key, part.text.replace("\n", newline)) for part in parts
    ]


NEW = st.one_of(
    st.none(), st.text(st.characters(exclude_categories=["Cs"]), max_size=15), st.integers(), st.booleans(), st.dates(),
    st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), max_size=4),
    st.lists(WORDS, max_size=3),
)  # fmt: skip
TYPED = {"title": st.text(max_size=9).filter(lambda t: t.isprintable()), "id": st.sampled_from(["1", "ab", "1e5"])}


def test_blank_lines_below_a_key_that_goes_do_not_become_the_value_above():
    doc = parse(b"---\ntitle: |+\n  Tides\nstatus: final\n\n\nmine: 1\n---\n")
    assert dump(set_fields(doc, {"status": None})) == b"---\ntitle: |+\n  Tides\nmine: 1\n---\n"


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(files(), st.data())
def test_other_keys_comments_quoting_order_and_bytes_survive_every_edit(file, data):
    raw, parts = file
    doc = parse(raw)
    names = data.draw(
        st.lists(
            st.sampled_from(["title", "id", "tags", "goals", "status", "mine", "été", "new", "quoted"]),
            max_size=3,
            unique=True,
        )
    )
    values = {name: data.draw(TYPED.get(name, NEW)) for name in names}
    out = set_fields(doc, values)
    after = dump(out).decode()
    untouched = [part.text for part in parts if part.key not in values]
    place = 0
    for text in untouched:
        place = after.index(text, place) + len(text)
    for comment in ("# a comment", "# a comment: here"):
        assert after.splitlines().count(comment) == raw.decode().splitlines().count(comment)
    assert (out.bom, out.newline, out.body) == (doc.bom, doc.newline, doc.body)
    assert doc.newline == "\n" or "\n" not in after.replace("\r\n", "")
    old, new = fields(doc), fields(parse(dump(out)))
    for key, value in values.items():
        assert key not in new if value is None else new[key] == as_text(key, value)
    assert {key: value for key, value in new.items() if key not in values} == {
        key: value for key, value in old.items() if key not in values
    }
    assert set_fields(out, values) == out


@settings(deadline=None)
@given(files())
def test_what_is_parsed_is_dumped_as_it_was(file):
    raw, _ = file
    doc = parse(raw)
    assert dump(doc) == raw
    assert set_fields(doc, {key: value for key, value in fields(doc).items() if value is not None}) == doc
    assert set_body(doc, doc.body) == doc


YAMLISH = st.text(alphabet="ab:-#'\"[]{}|>&*!?,% \n\n\r\u2028\x85\t1", max_size=40)


@settings(max_examples=600, deadline=None)
@given(YAMLISH, st.sampled_from(["a", "b", "new"]), NEW)
def test_whatever_the_front_matter_an_edit_succeeds_without_harm_or_says_why_not(front, key, value):
    try:
        doc = parse(f"---\n{front}\n---\n".encode())
        out = set_fields(doc, {key: value})
    except DocumentError:
        return
    old, new = fields(doc), fields(parse(dump(out)))
    assert {name: new[name] for name in new if name != key} == {name: old[name] for name in old if name != key}
    assert (key in new) == (value is not None)
