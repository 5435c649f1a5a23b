"""A value is found in whatever a model writes around it, and nothing else is taken for one."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from session_journal.llm import parsing
from session_journal.llm.parsing import UnreadableError, read_value


class Item(BaseModel):
    text: str
    turn: int = 0


class Items(BaseModel):
    items: list[Item]


class Entry(BaseModel):
    title: str
    notes: list[str] = []


class Loose(BaseModel):
    title: str = ""
    kind: str = Field(default="", alias="type")


GOOD = '{"title": "Mend it", "notes": ["a", "b"]}'
ENTRY = Entry(title="Mend it", notes=["a", "b"])
DRAFT = '{"title": "No, not this", "notes": []}'

WRAPPED = {
    "alone": GOOD,
    "with a byte order mark": "\ufeff" + GOOD,
    "in a fence": f"```json\n{GOOD}\n```",
    "in an unclosed fence": f"```\n{GOOD}",
    "after words": f"Sure! Here it is:\n{GOOD}",
    "before words": f"{GOOD}\n\nI hope that this helps {{you}}!",
    "after brackets": f"I looked at [t12] and {{this}}, so: {GOOD}",
    "after thoughts": f"<think>Maybe {DRAFT}? No.</think>\n{GOOD}",
    "after thoughts in capitals": f"<THINKING>{DRAFT}</THINKING>{GOOD}",
    "after thoughts twice": f"<think>{DRAFT}</think>\n<think>{DRAFT}</think>{GOOD}",
    "after thoughts without an opening": f"Well, {DRAFT} is wrong.\n</think>\n\n{GOOD}",
    "after thoughts without an end": f"<think>\nThe user wants a title.\n{DRAFT}\n{GOOD}",
    "after thoughts, in a fence": f"<think>hm</think>\n```json\n{GOOD}\n```\nDone.",
    "after a draft": f"First {DRAFT}, better:\n{GOOD}",
    "with a comma too many": '{"title": "Mend it", "notes": ["a", "b",],}',
    "with commas and lines": 'Here:\n{\n  "title": "Mend it",\n  "notes": ["a", "b" , \n ],\n}\nBye',
    "in a list": f"[{GOOD}]",
    "in a wrapper": f'{{"entry": {GOOD}}}',
    "in a fence and a wrapper": f'```json\n{{"result": {GOOD}}}\n```',
    "as a string": json.dumps(GOOD),
}


@pytest.mark.parametrize("name", WRAPPED)
def test_a_value_is_found(name):
    assert read_value(WRAPPED[name], Entry) == ENTRY


TALK_OF_TAGS = {"title": "Strip </think> and <think>", "notes": ["a ,] b", "```", "{", '\\"', "x,}"]}


@pytest.mark.parametrize("shape", ["{}", "```json\n{}\n```", "Here: {}", "<think>hm</think>{}", "{} Bye."])
def test_what_stands_in_a_string_is_no_syntax(shape):
    assert read_value(shape.replace("{}", json.dumps(TALK_OF_TAGS)), Entry) == Entry(**TALK_OF_TAGS)


def test_a_bare_list_is_the_only_list_that_was_asked_for():
    assert read_value('[{"text": "a"}, {"text": "b"}]', Items) == Items(items=[Item(text="a"), Item(text="b")])
    assert read_value('```\n[{"text": "a"}]\n```', Items) == Items(items=[Item(text="a")])
    assert read_value("[]", Items) == Items(items=[])


def test_a_line_break_in_a_string_is_kept():
    assert read_value('{"title": "Mend\nit"}', Entry).title == "Mend\nit"


@pytest.mark.parametrize(
    "text",
    ["", "A poem.", "{title: Mend it}", "{", "[[[[", '{"title": "Mend', "<think>hm", "null", "7", "NaN"],
)
def test_a_text_without_an_object_is_told_as_such(text):
    with pytest.raises(UnreadableError, match="it holds no JSON object") as raised:
        read_value(text, Entry)
    assert not raised.value.is_json


def test_thoughts_alone_are_no_answer():
    for text in (f"<think>{GOOD}</think>", f"<think>{GOOD}</think> Done.", f"Perhaps {GOOD}.\n</think>\n"):
        with pytest.raises(UnreadableError, match="it holds no JSON object"):
            read_value(text, Entry)


def test_a_value_behind_long_thoughts_is_found():
    assert read_value(f"<think>{'[x] {y} ' * 1_000}</think>{GOOD}", Entry) == ENTRY


def test_an_object_of_other_fields_is_not_an_empty_answer():
    with pytest.raises(UnreadableError, match="it has none of the fields title, type"):
        read_value('{"error": "no", "reason": "none"}', Loose)
    assert read_value('{"answer": {"type": "x"}}', Loose).kind == "x"
    assert read_value("{}", Loose) == Loose()


def test_a_draft_in_the_thoughts_does_not_stand_in_for_a_wrong_answer():
    with pytest.raises(UnreadableError, match="title: Input should be a valid string"):
        read_value(f'<think>{DRAFT}</think>{{"title": 7}}', Entry)


def test_problems_name_the_place_and_not_the_value():
    with pytest.raises(UnreadableError) as raised:
        read_value('{"items": [{"text": "fine"}, {"text": ["SECRET"]}]}', Items)
    assert raised.value.problem == "items.1.text: Input should be a valid string"
    assert raised.value.is_json


@pytest.mark.parametrize(
    "text",
    [
        "[" * 200_000,
        '{"a":' * 100_000,
        "{" * 400_000,
        "[1,]" * 100_000,
        '{"title": ' + "9" * 6_000 + "}",
        '"' * 300_000,
    ],
)
def test_a_hostile_text_ends_in_an_error_like_any_other(text):
    with pytest.raises(UnreadableError):
        read_value(text, Entry)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
entries = st.builds(Entry, title=texts, notes=st.lists(texts, max_size=3))


@given(entries, st.text("abc .:\n", max_size=20), st.text("abc .:\n", max_size=20), st.sampled_from([None, 2]))
def test_any_value_is_found_between_any_words(entry, before, after, indent):
    shown = json.dumps(entry.model_dump(), indent=indent, ensure_ascii=False)
    assert read_value(before + shown + after, Entry) == entry


@given(entries, texts)
def test_any_value_is_found_in_spite_of_spare_commas(entry, note):
    entry = entry.model_copy(update={"notes": [*entry.notes, note]})
    shown = json.dumps(entry.model_dump(), indent=1).replace("\n ]", ",\n ]").removesuffix("}") + " , }"
    assert read_value(shown, Entry) == entry


@given(st.text('{}[]",:\\\nab7</think>', max_size=60))
def test_no_text_breaks_the_parser(text):
    with suppress(UnreadableError):
        assert isinstance(read_value(text, Loose), Loose)


def test_a_text_made_to_take_for_ever_is_given_up_after_little_work(monkeypatch):
    """Each comma that is forgiven copies the text: 500 brackets with 50 commas each are 25,000 copies."""
    decoded = []
    decode = parsing._DECODER.raw_decode

    class Counting:
        def raw_decode(self, text, at):
            decoded.append(at)
            return decode(text, at)

    monkeypatch.setattr(parsing, "_DECODER", Counting())
    with pytest.raises(UnreadableError):
        read_value("[" * 500 + "[1,]," * 5_000, Items)
    assert len(decoded) < 1_000


def test_a_text_that_is_far_too_long_is_not_looked_at():
    value = json.dumps({"title": "x", "items": ["y" * parsing.MOST_CHARACTERS]})
    with pytest.raises(UnreadableError, match="far too long"):
        read_value(value, Items)
