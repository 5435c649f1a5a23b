"""The kind of work, its languages, and what is no work at all."""

import pytest

from scripts import Script
from session_journal.core.events import Event
from session_journal.core.insights import story
from session_journal.core.insights.kinds import is_trivial


def told(request, *paths, reads=0):
    script = Script()
    script.says(request)
    for number in range(reads):
        script.calls_tool("read", f"f{number}.py", output="x")
    for path in paths:
        script.edits(path)
    return story.tell(script.session(), ())


@pytest.mark.parametrize(
    ("request_", "paths", "kind"),
    [
        ("Review this branch", (), "review"),
        ("/pr-review 12", ("a.py",), "review"),
        ("Consider this review feedback: the table is sorted twice", ("a.py",), "implementation"),
        ("Why do the tide tests fail?", (), "debugging"),
        ("The table does not work for Brest", ("a.py",), "debugging"),
        ("KeyError: 'Brest'", ("a.py",), "debugging"),
        ("La tabla no funciona con Brest", ("a.py",), "debugging"),
        ("港口表报错了", ("a.py",), "debugging"),
        ("Print an error if the port is missing", ("a.py",), "implementation"),
        ("In cleanup, ignore recursion errors too", ("a.py",), "implementation"),
        ("Add a test for the broken ports", ("test_a.py",), "implementation"),
        ("Fix merge conflicts with main", ("a.py",), "operations"),
        ("Deploy the table", (), "operations"),
        ("Audit our GitHub Actions", (), "operations"),
        ("Make it say: u - Upgrade to Pro", ("a.py",), "implementation"),
        ("When computing the stats for a release, count all ports", ("a.py",), "implementation"),
        ("Sort the ports", ("docs/ports.md",), "writing"),
        ("Sort the ports", ("docs/ports.md", "a.py"), "implementation"),
        ("How should we store the ports?", (), "planning"),
        ("Write a short scene in a harbour", (), "writing"),
        ("What were the main reasons for the fall of Carthage?", (), "learning"),
        ("Which ports are there", (), "research"),
        ("hello", (), "research"),
    ],
)
def test_the_kind_is_what_was_ordered_then_what_was_done(request_, paths, kind):
    assert told(request_, *paths).kind == kind


def test_a_question_about_the_code_that_was_read_is_research():
    assert told("What does the table hold?", reads=2).kind == "research"
    assert told("What does a tide table hold?").kind == "learning"


def test_tags_are_the_languages_of_the_changed_files():
    assert told("Sort", "a.vue", "b.pyi", "c.py", "README", ".env").tags == ("python", "vue")


@pytest.mark.parametrize(
    ("said", "reply", "trivial"),
    [
        (("hi",), "word " * 80, True),
        (("bonjour", "what's up, claude?"), "word " * 80, True),
        (("hi", "thanks"), "word " * 80, True),
        (("hi", "Which ports are there?"), "word " * 80, False),
        (("Which ports are there?",), "Brest.", True),
        (("Hello there, how are you?",), "word " * 80, True),
        (("哪些港口？",), "港口有很多，例如布雷斯特和洛里昂。" * 12, False),
        ((), "word " * 80, True),
    ],
)
def test_a_session_of_greetings_or_without_an_answer_is_trivial(said, reply, trivial):
    script = Script()
    for text in said:
        script.says(text)
        script.replies(reply)
    assert is_trivial(script.session()) is trivial


@pytest.mark.parametrize(("role", "trivial"), [("tool", True), ("assistant", False)])
def test_a_file_that_the_user_only_put_into_the_conversation_is_no_work(role, trivial):
    script = Script()
    turn = script.says("What is this?")
    script.events.append(Event("read", turn, role, target="tides.py"))
    assert is_trivial(script.session()) is trivial


def test_a_greeting_before_work_is_no_trivial_session():
    script = Script()
    script.says("hi")
    script.edits("tides.py")
    assert not is_trivial(script.session())
