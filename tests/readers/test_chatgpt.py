"""The ChatGPT reader, on samples that are true to the format, and the zip in which an export arrives."""

import io
import json
import tracemalloc
import zipfile
from datetime import UTC, datetime

import pytest

from reading import SAMPLES, assert_one_role_a_turn, essence, told
from session_journal.errors import TranscriptError
from session_journal.readers import read_transcript, recognise
from streams import in_parts

TIDES = [
    (1, "user", "prompt", "", "How high is the tide at Brest?"),
    (2, "assistant", "thought", "", "Look it up.\n\nThen answer."),
    (3, "assistant", "search", "tide table Brest; Brest tides today", ""),
    (4, "tool", "result", "", "Tide table\n\nhttps://example.org/brest\n\nHigh water 6.9 m"),
    (5, "assistant", "reply", "", "6.9 m at high water."),
    (6, "user", "prompt", "", "plot it\n\nand label the axes"),
    (7, "assistant", "tool", "python", "import matplotlib"),
    (8, "tool", "error", "", "ModuleNotFoundError: matplotlib"),
    (9, "assistant", "command", "bash -lc pip install matplotlib", ""),
    (10, "tool", "result", "", "installed"),
    (11, "assistant", "reply", "", "Done: see the plot."),
]


def node(key, parent, role="user", text="", **more):
    content = more.pop("content", {"content_type": "text", "parts": [text]})
    author = {"role": role, **more.pop("author", {})}
    message = {"id": f"m-{key}", "author": author, "content": content, "recipient": "all", **more}
    return {key: {"id": key, "parent": parent, "children": [], "message": message}}


def conversation(*nodes, current="last", **more):
    mapping = {key: value for one in nodes for key, value in one.items()}
    return {"title": "T", "conversation_id": "c", "mapping": mapping, "current_node": current, **more}


def read(value, name="conversations.json"):
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return list(read_transcript(io.BytesIO(data), name))


def prompts(session):
    return [event.text for event in session.events if event.kind == "prompt"]


def zipped(files, **more):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED, **more) as archive:
        for name, content in files.items():
            archive.writestr(name, content if isinstance(content, bytes) else json.dumps(content))
    return data.getvalue()


def test_an_export_is_read_conversation_by_conversation():
    first, second = read((SAMPLES / "chatgpt.json").read_bytes())
    assert told(first) == TIDES
    assert_one_role_a_turn(first)
    calls = [event.call for event in first.events if event.call]
    assert calls == ["m-search", "m-search", "m-python", "m-python", "m-exec", "m-exec"]
    assert (first.agent, first.id, first.title, first.model) == ("chatgpt", "tides-1", "Tides at Brest", "gpt-5")
    assert first.started == datetime(2026, 11, 18, 9, 0, 1, tzinfo=UTC)
    assert first.ended == datetime(2026, 11, 18, 9, 0, 11, tzinfo=UTC)
    assert (second.id, told(second)) == ("empty-1", [])
    assert second.started == datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
    assert (first.skipped, second.skipped) == (0, 0)
    assert first.sha256 != second.sha256


def test_a_single_conversation_and_one_in_an_envelope_are_read():
    whole = conversation(node("last", None, text="go"))
    assert prompts(read(whole)[0]) == ["go"]
    assert prompts(read({"kind": "capture", "raw": whole, "list": [1]})[0]) == ["go"]
    assert prompts(read(json.dumps(whole).encode() + b"\n{}")[0]) == ["go"]


def test_what_was_said_on_another_branch_is_left_out():
    nodes = [node("a", None, text="go"), node("b", "a", "assistant", "old"), node("last", "a", "assistant", "new")]
    assert [event.text for event in read(conversation(*nodes))[0].events] == ["go", "new"]


def test_without_a_current_node_the_branch_written_to_last_is_read():
    nodes = [
        node("a", None, text="go", create_time=1),
        node("b", "a", "assistant", "new", create_time=9),
        node("c", "a", "assistant", "old", create_time=3),
    ]
    for current in ("gone", None, 7):
        assert [event.text for event in read(conversation(*nodes, current=current))[0].events] == ["go", "new"]


def test_only_ids_that_name_a_message_everywhere_tell_where_a_conversation_goes_on():
    key = "0199f3a2-7c1e-4b7e-9c53-0f3f6a1d2e44"
    nodes = node("a", None, text="go", id=key), node("last", "a", "assistant", "so")
    assert read(conversation(*nodes))[0].uuids == {key}


def test_circles_and_missing_parents_end_the_way_up():
    nodes = [node("a", "last", text="one"), node("last", "a", "assistant", "two")]
    assert [event.text for event in read(conversation(*nodes))[0].events] == ["one", "two"]
    assert [event.text for event in read(conversation(node("last", "gone", text="one")))[0].events] == ["one"]


def test_what_the_page_does_not_show_is_nobody_speaking():
    hidden = {"is_visually_hidden_from_conversation": True}
    nodes = [
        node("a", None, "system", "You are ChatGPT."),
        node("b", "a", text="profile", content={"content_type": "user_editable_context", "user_profile": "I am Mira."}),
        node("c", "b", text="instructions", metadata=hidden),
        node("d", "c", text="mine", metadata={"is_user_system_message": True}),
        node("e", "d", "assistant", "put aside", weight=0.0),
        node("f", "e", "assistant", "Mira likes tides", recipient="bio"),
        node("g", "f", "tool", "Model set context updated.", author={"name": "bio"}),
        node("last", "g", text="go <private>secret</private>now"),
    ]
    assert [(event.kind, event.text) for event in read(conversation(*nodes))[0].events] == [("prompt", "go now")]


def test_a_spoken_prompt_is_heard_and_an_image_says_nothing():
    parts = [{"content_type": "audio_transcription", "text": "hello"}, {"content_type": "image_asset_pointer"}, None, 7]
    session = read(conversation(node("last", None, content={"content_type": "multimodal_text", "parts": parts})))[0]
    assert prompts(session) == ["hello"]


@pytest.mark.parametrize(
    ("recipient", "text", "target"),
    [
        ("browser", 'search("tides brest", recency_days=3)', "tides brest"),
        ("web.run", '{"open":[{"ref_id":"turn0search1"}]}', "turn0search1"),
        ("file_search.msearch", '{"queries":["a","b"]}', "a; b"),
        ("web.search", '{"query": 7}', '{"query": 7}'),
    ],
)
def test_a_search_is_for_what_was_asked(recipient, text, target):
    session = read(conversation(node("last", None, "assistant", text, recipient=recipient)))[0]
    assert [(event.kind, event.target) for event in session.events] == [("search", target)]


def test_marks_of_sources_are_not_said():
    text = "High \ue200cite\ue202turn0search1\ue201water【11†source】."
    assert read(conversation(node("last", None, "assistant", text)))[0].events[0].text == "High water."


def test_no_repetition_makes_reading_slow():
    for piece in ("\ue200", "【", "【†", "search(", "{", '{"q":['):
        text = piece * (600_000 // len(piece))
        made = node("last", None, "assistant", text, recipient="web.run"), node("last", None, "assistant", text)
        assert all(len(read(conversation(one))[0].events) == 1 for one in made)


def test_a_truncated_export_gives_everything_up_to_the_tear():
    data = (SAMPLES / "chatgpt.json").read_bytes()
    (session,) = read(data[: data.index(b'"empty-1"')])
    assert (told(session), session.skipped) == (TIDES, 1)


def test_hostile_values_are_survived_and_what_cannot_be_read_is_counted():
    good = conversation(node("last", None, text="still here \ud83d"))
    wrong = [
        None, 7, "x", [], {"mapping": []}, {"mapping": {"a": None, "b": 3, "c": {"message": 4, "parent": {}}}},
        conversation(node("last", [], role=["user"], content=[], id={}, create_time="never", recipient=3)),
        conversation(node("last", {}, content={"content_type": [], "parts": {"a": 1}}, metadata=[], create_time=1e300)),
    ]  # fmt: skip
    data = (
        json.dumps([*wrong, good]).encode()[:-1]
        + b","
        + b"[" * 10_000
        + b"]" * 10_000
        + b', {"mapping": {"a"\x00: torn}]'
    )
    sessions = read(data)
    assert [prompts(session) for session in sessions if session.events] == [["still here \ufffd"]]
    assert sessions[-1].skipped >= 5


def test_a_nested_conversation_deeper_than_anything_is_skipped_and_the_next_is_read():
    deep = b'{"mapping": {"a": ' + b'{"a":' * 10_000 + b"1" + b"}" * 10_002
    (session,) = read(b"[" + deep + b"," + json.dumps(conversation(node("last", None, text="go"))).encode() + b"]")
    assert (prompts(session), session.skipped) == (["go"], 1)


def test_a_conversation_larger_than_memory_is_skipped_and_the_next_is_read():
    small = json.dumps(conversation(node("last", None, text="go"))).encode()
    stream = in_parts(b'[{"mapping": {"content_type": "', *[b"x" * 2**20] * 120, b'"}},', small, b"]")
    tracemalloc.start()
    (session,) = read_transcript(stream, "x")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (prompts(session), session.skipped) == (["go"], 1)
    assert peak < 60_000_000


def test_other_json_is_not_taken_for_a_conversation():
    for value in ({"mapping": {"a": 1}}, {"title": "x", "author": "y"}, [{"mapping": "a", "title": "b"}], []):
        assert recognise(json.dumps(value).encode()) is None


def test_a_file_without_a_conversation_is_an_error_with_a_hint():
    with pytest.raises(TranscriptError) as caught:
        read(b'{"title": "T", "mapping": {"a" torn')
    assert caught.value.hint


def test_the_conversations_of_a_zip_are_read_where_they_lie():
    shards = [[conversation(node("last", None, text=text), conversation_id=text)] for text in ("one", "two")]
    files = {
        "chat.html": b"<html>",
        "export/conversations-001.json": shards[1],
        "export/conversations-000.json": shards[0],
    }
    assert [session.id for session in read(zipped(files), "export.zip")] == ["one", "two"]
    claude = [{"uuid": "u", "name": "n", "chat_messages": [{"sender": "human", "text": "hi"}]}]
    assert [session.agent for session in read(zipped({"conversations.json": claude, "users.json": []}))] == [
        "claude-web"
    ]


def test_a_zip_that_is_no_export_is_damaged_or_comes_through_a_pipe_is_an_error_with_a_hint():
    whole = zipped({"conversations.json": [conversation(node("last", None, text="go"))]})
    with pytest.raises(TranscriptError, match="no conversations"):
        read(zipped({"readme.txt": b"x"}))
    with pytest.raises(TranscriptError, match="damaged"):
        read(whole[:-30])
    with pytest.raises(TranscriptError, match="pipe"):
        list(read_transcript(in_parts(whole), "x"))
    with pytest.raises(TranscriptError, match="nothing in this transcript"):
        read(zipped({"conversations.json": b'{"a": 1}'}))


def test_an_entry_that_is_damaged_inside_gives_what_stands_before():
    value = [conversation(node("last", None, text=f"{number} " * 200_000)) for number in range(4)]
    data = bytearray(zipped({"conversations.json": value}, compresslevel=0))
    at = data.index(b"2 2 2") + 200_000
    data[at : at + 40_000] = b"\0" * 40_000
    sessions = read(bytes(data))
    assert [prompts(session)[0][:1] for session in sessions][:2] == ["0", "1"]


def test_a_zip_bomb_is_read_no_further_than_text_can_be_packed(monkeypatch):
    from session_journal.readers import export_zip

    monkeypatch.setattr(export_zip, "_ALWAYS", 1024 * 1024)
    good = json.dumps(conversation(node("last", None, text="go"))).encode()
    data = zipped({"conversations.json": b"[" + good + b"," + b" " * 200_000_000 + good + b"]"})
    assert len(data) < 1_000_000
    sessions = read(data)
    assert [prompts(session) for session in sessions] == [["go"]]
    assert sessions[0].skipped == 1


def test_every_real_file_is_read(shared_data):
    for path in sorted((shared_data / "chatgpt").glob("*.json")):
        (session,) = read(path.read_bytes())
        assert session.title == "Privacy-safe ChatGPT native fixture"
        said = "Analyze the attached fixture and create an artifact."
        assert essence(session) == {"prompts": 1, "first": said, "last": said, "commands": [], "edited": []}
        assert [event.target for event in session.events if event.kind == "search"] == ["fixture evidence"]
        assert "Superseded answer." not in {event.text for event in session.events}
        assert session.events[-1].text.startswith("Final answer.")
