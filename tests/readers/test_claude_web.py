"""The Claude.ai reader, on samples that are true to the format."""

import io
import json
import tracemalloc
from datetime import UTC, datetime

import pytest

from reading import SAMPLES, assert_one_role_a_turn, essence, told
from session_journal.errors import TranscriptError
from session_journal.readers import read_transcript, recognise
from streams import in_parts

TIDES = [
    (1, "user", "prompt", "", "How high is the tide at Brest?"),
    (2, "assistant", "thought", "", "Look it up."),
    (2, "assistant", "reply", "", "I search."),
    (2, "assistant", "search", "tide Brest", ""),
    (3, "tool", "result", "", "High water 6.9 m"),
    (4, "assistant", "reply", "", "6.9 m at high water."),
    (5, "user", "prompt", "", "the table:\n6.9"),
    (6, "assistant", "edit", "/home/claude/plot.py", "+ plot()"),
    (6, "assistant", "command", "python plot.py", "Plot it"),
    (7, "tool", "result", "", "File created"),
    (7, "tool", "error", "", "no module named matplotlib"),
    (8, "assistant", "edit", "/home/claude/plot.py", "- plot()\n+ print()"),
    (8, "assistant", "reply", "", "It prints instead."),
]


def message(sender, content, uuid="m", **more):
    return {"uuid": uuid, "sender": sender, "text": "", "content": content, "attachments": [], **more}


def text(words):
    return {"type": "text", "text": words}


def conversation(*messages, **more):
    return {"uuid": "c", "name": "N", "chat_messages": list(messages), **more}


def read(value):
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return list(read_transcript(io.BytesIO(data), "conversations.json"))


def said(value):
    return [event.text for session in read(value) for event in session.events]


def test_an_export_is_read_conversation_by_conversation():
    first, second = read((SAMPLES / "claude_web.json").read_bytes())
    assert told(first) == TIDES
    assert_one_role_a_turn(first)
    assert [event.call for event in first.events if event.call] == ["t1", "t1", "t2", "t3", "t2", "t3", "t4"]
    assert (first.agent, first.id, first.title) == ("claude-web", "tides-1", "Tides at Brest")
    assert first.started == datetime(2026, 11, 18, 9, 0, 1, tzinfo=UTC)
    assert first.ended == datetime(2026, 11, 18, 9, 0, 9, tzinfo=UTC)
    assert (second.id, second.events) == ("empty-1", ())
    assert second.started == datetime(2026, 11, 19, 9, 0, tzinfo=UTC)


def test_a_conversation_from_the_web_page_is_read_along_the_branch_that_is_shown():
    messages = [
        message("human", [text("go")], "a", parent_message_uuid="00000000-0000-4000-8000-000000000000"),
        message("assistant", [text("old")], "b", parent_message_uuid="a"),
        message("assistant", [text("new")], "d", parent_message_uuid="a"),
        message("human", [text("other")], "c", parent_message_uuid="b"),
    ]
    (session,) = read(conversation(*messages, current_leaf_message_uuid="d", model="claude-opus-4-5"))
    assert ([event.text for event in session.events], session.model) == (["go", "new"], "claude-opus-4-5")
    assert said(conversation(*messages)) == ["go", "old", "other"]
    assert said(conversation(*messages, current_leaf_message_uuid="gone")) == ["go", "old", "other"]


def test_only_ids_that_name_a_message_everywhere_tell_where_a_conversation_goes_on():
    key = "0199f3a2-7c1e-4b7e-9c53-0f3f6a1d2e44"
    (session,) = read(conversation(message("human", [text("a")], key), message("assistant", [text("b")], "msg-2")))
    assert session.uuids == {key}


def test_circles_and_missing_parents_end_the_way_up():
    circle = [
        message("human", [text("one")], "a", parent_message_uuid="b"),
        message("assistant", [text("two")], "b", parent_message_uuid="a"),
    ]
    assert said(conversation(*circle, current_leaf_message_uuid="b")) == ["one", "two"]


def test_messages_that_do_not_name_what_they_answer_are_read_as_they_stand():
    messages = [message("human", [text("one")], ""), message("assistant", [text("two")], "")]
    assert said(conversation(*messages, current_leaf_message_uuid="x")) == ["one", "two"]


def test_older_messages_say_their_text_alone():
    assert said(conversation({"sender": "human", "text": "one"}, message("assistant", None, text="two"))) == [
        "one",
        "two",
    ]
    assert said(conversation(message("assistant", [{"type": "text", "text": None}], text="two"))) == ["two"]


def test_what_was_pasted_instead_of_written_is_the_prompt_and_beside_words_it_is_not():
    paste = [{"file_name": "paste.txt", "extracted_content": "x\n" * 4_500}, 7, {"extracted_content": None}]
    (session,) = read(conversation(message("human", [], attachments=paste)))
    assert 3_000 < len(session.events[0].text) < 5_000
    assert said(conversation(message("human", [text("sum up")], attachments=paste))) == ["sum up"]


def test_what_the_page_does_not_show_is_not_said():
    placeholder = "a\n```\nThis block is not supported on your current device yet.\n```\nb"
    assert said(conversation(message("assistant", [text(placeholder)]))) == ["a\n\nb"]
    assert said(conversation(message("assistant", [text("<antThinking>hm</antThinking>yes")]))) == ["yes"]
    assert said(conversation(message("human", [text("a <private>b</private>c")]))) == ["a c"]


def test_a_result_without_a_name_answers_the_last_call():
    content = [{"type": "tool_use", "name": "repl", "input": {"code": "1"}}, {"type": "tool_result", "content": "1"}]
    (session,) = read(conversation(message("assistant", content)))
    assert [(event.kind, event.call, event.text) for event in session.events] == [
        ("tool", "1", "code=1"),
        ("result", "1", "1"),
    ]


def test_a_truncated_file_gives_everything_up_to_the_tear():
    data = (SAMPLES / "claude_web.json").read_bytes()
    (session,) = read(data[: data.index(b'"empty-1"')])
    assert (told(session), session.skipped) == (TIDES, 1)
    whole = json.dumps(conversation(*(message("human", [text(f"{number}")], str(number)) for number in range(3))))
    (session,) = read(whole[:-20].encode())
    assert ([event.text for event in session.events], session.id, session.skipped) == (["0", "1"], "c", 1)


def test_hostile_values_are_survived_and_what_cannot_be_read_is_counted():
    wrong = [
        None, 7, [], {"chat_messages": {}}, {"chat_messages": [None, 3, {"sender": []}]},
        conversation(message("human", {"a": 1}, text=[]), message("assistant", [None, {"type": {}}], uuid=[])),
        conversation(message("assistant", [{"type": "tool_use", "name": "Bash", "input": []}], created_at=1e300)),
        conversation(message("assistant", [{"type": "tool_result", "content": {"a": 1}}], parent_message_uuid=[])),
    ]  # fmt: skip
    good = conversation(message("human", [text("still here \ud83d\x00")]))
    data = json.dumps([*wrong, good]).encode()[:-1] + b',{"chat_messages": [' + b"[" * 10_000 + b"]" * 10_000 + b"torn"
    sessions = read(data)
    assert [event.text for event in sessions[-1].events] == ["still here \ufffd"]
    assert sessions[-1].skipped >= 3


def test_a_long_prompt_is_kept_whole():
    long = "tide" * 100_000
    assert said(conversation(message("human", [text(long)]))) == [long]


def test_a_single_conversation_with_a_very_long_string_is_read_in_little_memory():
    begin = b'{"uuid": "c", "chat_messages": [{"sender": "human", "text": "before"}, {"sender": "human", "text": "'
    stream = in_parts(begin, *[b"x " * 2**19] * 120, b'"}, {"sender": "human", "text": "after"}]}')
    tracemalloc.start()
    (session,) = read_transcript(stream, "x")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [event.text[:6] for event in session.events] == ["before", "x x x ", "after"]
    assert peak < 60_000_000


def test_other_json_is_not_taken_for_a_conversation():
    for value in ({"chat_messages": {}}, {"messages": []}, [{"a": "chat_messages"}], 7):
        assert recognise(json.dumps(value).encode()) is None


def test_a_file_without_a_conversation_is_an_error_with_a_hint():
    with pytest.raises(TranscriptError) as caught:
        read(b'{"chat_messages": [ torn')
    assert caught.value.hint


REAL = {
    "Sinity+polylogue__claude-ai-export.json": [(1, "Prove the parser claim.", "Prove the parser claim.")],
    "osteele+claude-chat-viewer__conversations.json": [
        (1, "Hello, Claude!", "Hello, Claude!"),
        (2, "Can you help me with Python?", "I need to write a function that sorts a list."),
    ],
    "osteele+claude-chat-viewer__business-strategy.json": [
        (
            3,
            "I'm planning to open a specialty coffee shop in Seattle. Can",
            "Can you create a simple financial projection for the first y",
        )
    ],
    "osteele+claude-chat-viewer__conversation-rendering-tests.json": [
        (
            3,
            "This is a normal message that should render correctly.",
            "Testing special characters: <>&\"'`\\n\\t and unicode: 你好世界 🎉 é",
        )
    ],
    "osteele+claude-chat-viewer__conversation-with-errors.json": [
        (3, "This is a normal message that should render correctly.", "Invalid content type - not an array")
    ],
    "osteele+claude-chat-viewer__creative-writing.json": [
        (
            3,
            "I'm working on a mystery novel and need help developing an i",
            "That's perfect! Now can you help me outline the first three ",
        )
    ],
    "osteele+claude-chat-viewer__history.json": [
        (
            3,
            "What were the main factors that led to the fall of the Weste",
            "What about the Byzantine Empire? How did it manage to surviv",
        )
    ],
}


def test_every_real_file_is_read(shared_data):
    files = sorted((shared_data / "claude-web").glob("*.json"))
    assert {path.name for path in files} == set(REAL)
    for path in files:
        sessions = read(path.read_bytes())
        found = [essence(session) for session in sessions]
        assert [(one["prompts"], one["first"], one["last"]) for one in found] == REAL[path.name]
        assert all(one["commands"] == [] and one["edited"] == [] for one in found)
        assert all(session.skipped == 0 for session in sessions)


def test_messages_of_an_organisations_export_name_their_sender_as_a_role():
    record = {
        "id": "claude_chat_1",
        "name": "Tides",
        "chat_messages": [
            {"id": "claude_chat_msg_1", "role": "user", "content": [{"type": "text", "text": "why?"}]},
            {"id": "claude_chat_msg_2", "role": "assistant", "content": [{"type": "text", "text": "because"}]},
        ],
    }
    (session,) = read(record)
    assert session.id == "claude_chat_1"
    assert [(event.kind, event.text) for event in session.events] == [("prompt", "why?"), ("reply", "because")]


def test_what_is_said_may_stand_as_bare_text_in_the_content():
    said = [{"uuid": "a", "sender": "human", "content": "why?"}, {"uuid": "b", "sender": "assistant", "content": "so"}]
    (session,) = read({"uuid": "c", "chat_messages": said})
    assert [(event.kind, event.text) for event in session.events] == [("prompt", "why?"), ("reply", "so")]


def test_of_a_thought_that_is_not_shown_its_summaries_are_told():
    hidden = {"type": "thinking", "thinking": "", "summaries": [{"summary": "Weighing."}, 7, {"summary": "Deciding."}]}
    assert said(conversation(message("assistant", [hidden, text("done")]))) == ["Weighing.\n\nDeciding.", "done"]
