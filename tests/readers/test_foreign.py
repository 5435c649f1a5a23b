"""What is no transcript of a known tool is refused, however much of one it looks like."""

import json

import pytest

from session_journal.readers import recognise

QWEN = [
    {"uuid": "a", "parentUuid": None, "sessionId": "s", "type": "user", "cwd": "/w", "message": {"role": "user", "parts": [{"text": "hello"}]}},
    {"uuid": "b", "parentUuid": "a", "sessionId": "s", "type": "system", "subtype": "ui_telemetry", "systemPayload": {}},
    {"uuid": "c", "parentUuid": "b", "sessionId": "s", "type": "assistant", "message": {"role": "model", "parts": [{"text": "hi"}]}},
]  # fmt: skip
RECORD = '{"type": "user", "uuid": "u", "sessionId": "s", "message": {"role": "user", "content": "hello"}}'
GEMINI = '{"sessionId": "s", "projectHash": "h", "lastUpdated": "x", "messages": []}'


def lines(*records):
    return "".join(json.dumps(record) + "\n" for record in records)


FOREIGN = {
    "a relative of Claude Code": lines(*QWEN),
    "users with ids": lines({"uuid": "a", "type": "user", "name": "Ben"}, {"uuid": "b", "type": "user", "name": "Eve"}),
    "events of an application": lines({"sessionId": "s", "type": "system", "event": "started"}),
    "prompts alone": lines({"display": "fix it", "pastedContents": {}, "project": "/w", "sessionId": "s"}),
    "messages of a queue": lines({"id": "1", "type": "user.message", "data": {"content": "hello"}, "source": "x"}),
    "training data": lines(
        {"messages": [{"role": "user", "content": "hello"}, {"role": "assistant", "content": "hi"}]}
    ),
    "dialogues": json.dumps([{"id": "x", "conversations": [{"from": "human", "value": "hi"}]}]),
    "chats of an application": json.dumps([{"id": 1, "title": "t", "messages": [{"role": "user", "content": "hi"}]}]),
    "messages of a coach": json.dumps({"chat_messages": [{"id": "u", "role": "coach", "content": "Welcome"}]}),
    "a schema's tables": json.dumps({"chat_messages": ["id", "role", "content"]}),
    "fields of a search engine": json.dumps(
        {"title": "books", "mapping": {"properties": {"author": {"type": "text"}, "content_type": {"type": "keyword"}}}}
    ),
    "a program with a record in it": f"import json\n\nLINE = '''\n{RECORD}\n'''\n\n\ndef test():\n    json.loads(LINE)\n",
    "a manual with a record in it": f"# Format\n\nEach line is an object:\n\n```json\n{RECORD}\n```\n\nMore follows.\n",
    "a program with a session in it": f"import json\n\nSESSION = '{GEMINI}'\n",
}


@pytest.mark.parametrize("text", FOREIGN.values(), ids=FOREIGN.keys())
def test_what_is_no_transcript_of_a_known_tool_is_refused(text):
    assert recognise(text.encode()) is None


@pytest.mark.parametrize("before", ["", "\n\n", '{"type": "us\n', "\0\0\0\n", "torn off\n"])
def test_a_torn_or_empty_line_before_the_first_record_hides_no_transcript(before):
    assert recognise(f"{before}{RECORD}\n{RECORD}\n".encode()) is not None
