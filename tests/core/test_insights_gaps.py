"""Knowledge gaps: what the user asked to have explained, named by the concept."""

import pytest

from scripts import Script
from session_journal.core.drafting import draft
from session_journal.core.insights.gaps import gaps
from session_journal.core.insights.goals import prompts


def found(script):
    session = script.session()
    return [(one.text, one.turns) for one in gaps(session, prompts(session))]


def asked(*texts):
    script = Script()
    for text in texts:
        script.says(text)
        script.replies("It is a matter of who holds the lock, and of when it is given back to the pool.")
    return [text for text, _ in found(script)]


@pytest.mark.parametrize(
    ("said", "concept"),
    [
        ("What does eventual consistency mean?", "What eventual consistency means"),
        ("what does TTL stand for", "What TTL stands for"),
        ("Wait, what do you mean by optimistic locking?", "What optimistic locking means"),
        ("Can you explain how a three-way merge handles renames?", "How a three-way merge handles renames"),
        ("Please explain closures.", "Closures"),
        ("How does the tide predictor pick its harbour?", "How the tide predictor picks its harbour"),
        ("how do generators keep their state", "How generators keep their state"),
        ("Why does Raft need an odd number of nodes?", "Why Raft needs an odd number of nodes"),
        ("What's the difference between a mutex and a semaphore?", "The difference between a mutex and a semaphore"),
        ("ok, and what is a bloom filter?", "What a bloom filter is"),
        ("What are git worktrees?", "What git worktrees are"),
        ("What does `git rebase --onto` do?", "What `git rebase --onto` does"),
        ("How do I rebase without losing merge commits?", "How to rebase without losing merge commits"),
        ("When should I use a deque instead of a list?", "When to use a deque instead of a list"),
        ("I don't understand how lifetimes relate to references.", "How lifetimes relate to references"),
        ("I'm still confused about lifetimes in async functions.", "Lifetimes in async functions"),
        ("I have never used protobuf.", "Protobuf"),
        ("I'm not sure what a covering index does.", "What a covering index does"),
        ("help me understand the purpose of the index in git", "The purpose of the index in git"),
        ("I don't understand the difference between rebase and merge, can you elaborate?",
         "The difference between rebase and merge"),
    ],
)  # fmt: skip
def test_what_the_user_wants_explained_is_named_by_its_concept(said, concept):
    assert asked(said) == [concept]


@pytest.mark.parametrize(
    "said",
    [
        "Can you fix the failing test?",
        "Could you add an index to the harbour table?",
        "Why don't we use a set here?",
        "How about using a set?",
        "What about the docs?",
        "What if the file is empty?",
        "Is it done?",
        "What's left?",
        "What is the next step?",
        "Did you run the tests?",
        "Where do we stand with the review?",
        "What do you think of this feedback?",
        "How do you want to proceed?",
        "How would you approach this?",
        "Why did you change the parser?",
        "Why does the method exist at all?",
        "Why does the upload test fail?",
        "Why is the tooltip showing NaN?",
        "What is going on with the build?",
        "What is this repo?",
        "What is a good name for this?",
        "How does it work?",
        "How does this function work?",
        "Explain your changes.",
        "Explain the error.",
        "Explain the codebase.",
        "Explain that a restart may be needed when the key was just set.",
        "Explain in the README how the cache works.",
        "I don't get any output.",
        "I don't know, maybe later.",
        "Not sure the token is needed any more.",
        "I need to know which files changed.",
        "How do I fix this?",
        "how are you?",
    ],
)
def test_requests_suggestions_and_questions_on_the_work_are_no_gaps(said):
    assert asked(said) == []


def test_a_question_in_a_pasted_text_is_somebody_elses():
    assert asked("What does idempotent mean? " + "The harbour master wrote to us. " * 30) == []


def test_what_is_asked_about_more_often_comes_first_and_a_gap_is_named_once():
    texts = asked(
        "What is a bloom filter?",
        "What are git worktrees?",
        "How do generators keep their state?",
        "Please explain generators and how they keep state, the state of generators",
        "I still don't understand how generators keep their state.",
    )
    assert texts == ["How generators keep their state", "What a bloom filter is"]


def test_what_was_written_down_twice_was_asked_once():
    script = Script()
    turn = script.says("What is a bloom filter?")
    script.says("What is a bloom filter?")
    assert found(script) == [("What a bloom filter is", (turn,))]


def test_an_explanation_that_the_user_took_in_is_named_and_the_gap_stays_open():
    script = Script()
    asking = script.says("What is a bloom filter?")
    told = script.replies("A set that may say yes wrongly and never says no wrongly.")
    script.says("ah ok, makes sense")
    assert found(script) == [("What a bloom filter is — explained", (asking, told))]
    lines = dict(draft(script.session()).sections)["Knowledge gaps"]
    assert lines == (f"- [ ] What a bloom filter is — explained [t{asking}, t{told}]",)


def test_an_explanation_that_left_doubt_is_not_called_one():
    script = Script()
    script.says("What is a bloom filter?")
    script.replies("A set that may say yes wrongly.")
    script.says("thanks, but why would it say yes wrongly?")
    assert found(script)[0][0] == "What a bloom filter is"
