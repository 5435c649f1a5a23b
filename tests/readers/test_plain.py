"""The reader of conversations kept by hand, and what it must not take for one."""

import io
import tracemalloc

import pytest

from session_journal.errors import TranscriptError
from session_journal.readers import read_transcript, recognise
from streams import in_parts


def read(text):
    (session,) = read_transcript(io.BytesIO(text if isinstance(text, bytes) else text.encode()), "chat.txt")
    return session


def told(text):
    return [(event.turn, event.role, event.kind, event.text) for event in read(text).events]


TIDES = [
    (1, "user", "prompt", "How high is it?"),
    (2, "assistant", "reply", "2.35 m.\n\nIn tenths: 2.4."),
    (3, "user", "prompt", "thanks"),
]


@pytest.mark.parametrize(
    "text",
    [
        "User: How high is it?\n\nAssistant: 2.35 m.\n\nIn tenths: 2.4.\n\nUser: thanks\n",
        "Human: How high is it?\nAI: 2.35 m.\n\nIn tenths: 2.4.\nHuman: thanks",
        "You:\nHow high is it?\n\nAI:\n2.35 m.\n\nIn tenths: 2.4.\n\nYou:\nthanks\n",
        "Me: How high is it?\nChatGPT: 2.35 m.\n\nIn tenths: 2.4.\nMe: thanks",
        "user: How high is it?\nassistant: 2.35 m.\n\nIn tenths: 2.4.\nuser: thanks\n",
        "USER: How high is it?\r\nASSISTANT: 2.35 m.\r\n\r\nIn tenths: 2.4.\r\nUSER: thanks\r\n",
        "**User:** How high is it?\n\n**Assistant:** 2.35 m.\n\nIn tenths: 2.4.\n\n**User:** thanks\n",
        "**User**: How high is it?\n\n**Claude**: 2.35 m.\n\nIn tenths: 2.4.\n\n**User**: thanks\n",
        "_**User**_\n\nHow high is it?\n\n_**Assistant**_\n\n2.35 m.\n\nIn tenths: 2.4.\n\n_**User**_\n\nthanks\n",
        "## User\n\nHow high is it?\n\n## Assistant\n\n2.35 m.\n\nIn tenths: 2.4.\n\n## User\n\nthanks\n",
        "### 👤 User\nHow high is it?\n### 🤖 Assistant\n2.35 m.\n\nIn tenths: 2.4.\n### 👤 User\nthanks\n",
        "## User (09:12):\nHow high is it?\n## Claude (09:13):\n2.35 m.\n\nIn tenths: 2.4.\n## User (09:14):\nthanks\n",
        "You said:\nHow high is it?\nChatGPT said:\n2.35 m.\n\nIn tenths: 2.4.\nYou said:\nthanks\n",
        "##### You said:\nHow high is it?\n###### ChatGPT said:\n2.35 m.\n\nIn tenths: 2.4.\n##### You said:\nthanks\n",
        "\ufeff# Tides\n\nSaved 2026-11-18\n\nUser: How high is it?\nAI: 2.35 m.\n\nIn tenths: 2.4.\nUser: thanks",
        "System: You are terse.\nUser: How high is it?\nAssistant: 2.35 m.\n\nIn tenths: 2.4.\nUser: thanks",
        "---\ntags: tides\n---\n\n**User:** How high is it?\n**AI:** 2.35 m.\n\nIn tenths: 2.4.\n**User:** thanks",
    ],
)
def test_turns_are_read_however_they_are_marked(text):
    assert told(text) == TIDES


def test_the_title_is_the_text_s_own():
    assert read("# About  tides\n\nUser: a\nAI: b").title == "About tides"


def test_turns_in_fenced_code_and_in_another_way_of_writing_are_what_somebody_says():
    text = (
        "## User\nExplain:\n```\n\n## User\nx\n```\nUser: is a name.\n## Assistant\nSystem: fine.\n### User\nno turn\n"
    )
    assert told(text) == [
        (1, "user", "prompt", "Explain:\n```\n\n## User\nx\n```\nUser: is a name."),
        (2, "assistant", "reply", "System: fine.\n### User\nno turn"),
    ]
    assert told("User: a\nAssistant: b\nSystem: Linux")[-1] == (2, "assistant", "reply", "b\nSystem: Linux")


def test_private_and_injected_parts_are_not_kept():
    assert told("User: a <private>secret</private>b\nAI: c")[0][3] == "a b"


def test_an_id_stays_when_the_conversation_goes_on_and_differs_from_another_one():
    before = read("User: a\nAI: b\n")
    assert read("User: a\nAI: b\n\nUser: c\nAI: d\n").id == before.id
    assert read("User: a\nAI: another\n").id != before.id
    assert (before.agent, before.started, before.cwd) == ("plain", None, "")


@pytest.mark.parametrize(
    "text",
    [
        "# Tidepool\n\nReads tides.\n\n## Usage\n\nThe roles are:\n\n## User\n\nMay read.\n\n## Assistant\n\nMay write.\n",
        "# API\n\n```\nUser: hello\nAssistant: hi\n```\n",
        "User: mira logged in\nUser: mira logged out\nUser: ada logged in\nUser: ada logged out\nAI: restarted\n",
        "2026-11-18 09:12:40 INFO User: mira\n2026-11-18 09:12:41 INFO AI: ready\n",
        "User: mira\nAssistant: Claude Code\nDate: 2026-11-18\n\n# What happened\n\nRounded once.\n",
        "---\nid: 1\ntype: session\n---\n\n## Context\n\nx\n\n## Evidence\n\n- [t1] user: a\n- [t2] assistant: b\n",
        "From: mira@example.org\nTo: ada@example.org\nSubject: chat\n\nUser: hi\nAI: hello\n",
        "def f():\n    '''\n    User: a\n    Assistant: b\n    '''\n",
        "system: |\n  x\nuser: mira\nassistant: none\nretries: 3\n",
        "<html>\nUser: a\nAI: b\n",
        '{"User": 1}\nUser: a\nAI: b\n',
        "User: a\nUser: b\n",
        "User:\nAssistant:\n",
        "Human: {question}\n\nAssistant:",
        "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nUser: a\nAI: b\n",
        "The User: a\nThe Assistant: b\n",
        "User a\nAssistant b\n",
        "\0\0User: a\nAI: b\n",
        "",
    ],
)
def test_texts_that_only_name_users_and_assistants_are_no_conversation(text):
    assert recognise(text.encode()) is None


def test_the_project_s_own_pages_are_no_conversation(request):
    pages = [
        path
        for path in request.config.rootpath.rglob("*.md")
        if "samples" not in path.parts and ".venv" not in path.parts
    ]
    assert len(pages) > 5
    assert [path for path in pages if recognise(path.read_bytes())] == []


def test_a_torn_and_a_hostile_conversation_give_what_can_be_read():
    assert told("User: a\nAssistant: b\nUse") == [(1, "user", "prompt", "a"), (2, "assistant", "reply", "b\nUse")]
    rubbish = b"\x00\xff\xed\xa0\x80" * 40 + b"[" * 10_000 + b"`" * 10_000 + b"\n"
    session = read(b"User: a\nAssistant: b\n" + rubbish + b"User: c\x00d\n" + rubbish)
    assert [event.text[:2] for event in session.events if event.kind == "prompt"] == ["a", "cd"]
    assert all("\x00" not in event.text for event in session.events)


def test_a_very_long_line_is_passed_over_and_counted_in_little_memory():
    tracemalloc.start()
    stream = in_parts(b"User: a\nAI: b\n", b"x\n" * 2**18, *[b"x" * 2**20] * 120, b"\nUser: c\n")
    (session,) = read_transcript(stream, "x")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [event.text for event in session.events if event.kind == "prompt"] == ["a", "c"]
    assert session.skipped == 1
    assert peak < 120_000_000


def test_a_text_of_nothing_but_names_is_an_error_with_a_hint():
    with pytest.raises(TranscriptError) as caught:
        read("User: a\nUser: b\n")
    assert caught.value.hint


def test_a_chat_exported_from_an_editor_is_read_without_the_rules_between_turns():
    text = (
        "# Explain the tides\n_Exported on 7/8/2025 at 19:03:40 PDT from Cursor (1.2.1)_\n\n---\n\n**User**\n\n"
        "Explain round()\n\n---\n\n**Cursor**\n\nIt rounds.\n\n---\nHalf to even.\n\n---\n\n**User**\n\nthanks\n"
    )
    (session,) = read_transcript(io.BytesIO(text.encode()), "x.md")
    assert session.title == "Explain the tides"
    assert [(event.kind, event.text) for event in session.events] == [
        ("prompt", "Explain round()"), ("reply", "It rounds.\n\n---\nHalf to even."), ("prompt", "thanks"),
    ]  # fmt: skip


def test_a_header_of_facts_and_times_between_turns_are_nobody_speaking():
    facts = "".join(f"**Fact {number}:** {number}\n" for number in range(8))
    text = (
        f"# Session Export\n\n{facts}\n---\n\n**[2025-07-02 20:06:59]**\n\n### 👤 User\n\nwhy?\n\n---\n\n"
        "**[2025-07-02 21:56:17]**\n\n### 🤖 Assistant (claude-opus-4)\n\nBecause.\n"
    )
    (session,) = read_transcript(io.BytesIO(text.encode()), "x.md")
    assert [(event.kind, event.text) for event in session.events] == [("prompt", "why?"), ("reply", "Because.")]


def test_who_said_it_may_stand_in_a_bold_heading_of_any_level():
    text = "##### **You said:**\n\nwhy?\n\n#### **ChatGPT said:**\n\nBecause.\n"
    (session,) = read_transcript(io.BytesIO(text.encode()), "x.md")
    assert [(event.kind, event.text) for event in session.events] == [("prompt", "why?"), ("reply", "Because.")]


def test_no_row_of_rules_makes_reading_slow():
    text = "**User**\n\nwhy?\n\n**Cursor**\n\nso\n" + "---\n\n" * 50_000 + "x\n"
    (session,) = read_transcript(io.BytesIO(text.encode()), "x.md")
    assert session.events[-1].text.endswith("x")
