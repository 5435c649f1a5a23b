"""Edits of other people's JSON: what is added stands where it belongs, and every other byte stays."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from session_journal.core.settings_edit import NotJsonError, append, find, parse, remove, replace

ITEM = {"hooks": [{"type": "command", "command": "/bin/journal", "timeout": 10}]}
PRETTY = """{
  "model": "opus",
  "hooks": {
    "Stop": [
      {
        "hooks": [{"type": "command", "command": "say done"}]
      }
    ],
    "Other": []
  },
  "é": "\\u00e9"
}
"""


def test_an_item_is_appended_in_the_files_own_layout():
    assert append(PRETTY, ("hooks", "Stop"), {"a": 1}) == PRETTY.replace(
        "      }\n    ],", '      },\n      {\n        "a": 1\n      }\n    ],'
    )


def test_an_empty_array_is_opened_up_at_its_indentation():
    assert append(PRETTY, ("hooks", "Other"), 1) == PRETTY.replace("[]", "[\n      1\n    ]")


def test_missing_objects_and_arrays_are_made_at_the_end():
    assert append('{\n\t"a": 1\n}\n', ("hooks", "Stop"), "x") == (
        '{\n\t"a": 1,\n\t"hooks": {\n\t\t"Stop": [\n\t\t\t"x"\n\t\t]\n\t}\n}\n'
    )
    assert append("{}", ("hooks", "Stop"), "x") == '{\n  "hooks": {\n    "Stop": [\n      "x"\n    ]\n  }\n}'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a":1}', '{"a":1,"hooks":{"Stop":["x"]}}'),
        ('{"a": 1}', '{"a": 1, "hooks": {"Stop": ["x"]}}'),
        ('{"hooks":{"Stop":["y"]}}', '{"hooks":{"Stop":["y","x"]}}'),
        ('{"hooks": {"Stop": []}}', '{"hooks": {"Stop": ["x"]}}'),
    ],
)
def test_a_file_of_one_line_stays_one_line(text, expected):
    assert append(text, ("hooks", "Stop"), "x") == expected


def test_line_ends_of_windows_are_kept():
    text = PRETTY.replace("\n", "\r\n")
    changed = append(text, ("hooks", "Stop"), ITEM)
    assert "\n" not in changed.replace("\r\n", "")
    assert json.loads(changed)["hooks"]["Stop"][1] == ITEM


def test_of_a_key_that_stands_twice_the_last_one_counts():
    text = '{"hooks": {"Stop": ["old"]}, "hooks": {"Stop": ["new"]}}'
    assert json.loads(append(text, ("hooks", "Stop"), "x"))["hooks"]["Stop"] == ["new", "x"]


def test_what_stands_between_others_is_taken_out_with_its_comma():
    assert remove('{"a": 1, "b": 2, "c": 3}', ("b",)) == '{"a": 1, "c": 3}'
    assert remove("[1,\n 2,\n 3]", (0,)) == "[2,\n 3]"
    assert remove("[1,\n 2,\n 3]", (2,)) == "[1,\n 2]"
    assert remove('{"a": [1]}', ("a", 0)) == '{"a": []}'


def test_what_is_not_there_is_not_taken_out():
    assert remove(PRETTY, ("hooks", "Stop", 7)) == PRETTY
    assert remove(PRETTY, ("nothing", "Stop")) == PRETTY


def test_a_string_is_replaced_and_nothing_else():
    path = ("hooks", "Stop", 0, "hooks", 0, "command")
    assert replace(PRETTY, path, 'say "é"') == PRETTY.replace('"say done"', '"say \\"é\\""')


@pytest.mark.parametrize("text", ["", " ", "{", '{"a": 1,}', "// no\n{}", "{} {}", '{"a": NaN}', "[" * 100_000])
def test_what_is_no_json_is_refused(text):
    with pytest.raises(NotJsonError):
        parse(text)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)
EVENTS = st.dictionaries(st.sampled_from(["Stop", "Start", "x"]), st.lists(VALUES, max_size=3), max_size=3)
LAYOUTS = st.sampled_from([
    {"indent": 2}, {"indent": 4}, {"indent": "\t"}, {"indent": None}, {"indent": None, "separators": (",", ":")},
])  # fmt: skip


@given(VALUES, LAYOUTS)
def test_every_value_is_read_with_its_own_place(value, layout):
    text = json.dumps(value, ensure_ascii=False, **layout)
    root = parse(text)
    assert (root.start, root.end) == (0, len(text))
    for child in root.children:
        found = find(root, (child.key,) if root.is_object else (root.children.index(child),))
        inside = value[child.key] if root.is_object else value[root.children.index(child)]
        assert json.loads(text[found.start : found.end]) == inside


@given(
    st.dictionaries(st.text().filter(lambda key: key != "hooks"), VALUES, max_size=3), EVENTS, LAYOUTS, st.booleans()
)
def test_what_is_added_is_all_that_changes_and_taking_it_out_gives_the_same_bytes(rest, events, layout, crlf):
    text = json.dumps({**rest, "hooks": {**events, "Stop": [*events.get("Stop", []), 1]}}, **layout)
    text = text.replace("\n", "\r\n") if crlf else text
    before = json.loads(text)
    changed = append(text, ("hooks", "Stop"), ITEM)
    count = len(before["hooks"]["Stop"])
    assert json.loads(changed) == {**before, "hooks": {**before["hooks"], "Stop": [*before["hooks"]["Stop"], ITEM]}}
    assert remove(changed, ("hooks", "Stop", count)) == text
    assert remove(append(text, ("hooks", "New"), ITEM), ("hooks", "New")) == text
