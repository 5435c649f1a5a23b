"""No entry takes more tokens than its user allows, however often a server makes us ask."""

from __future__ import annotations

import pytest

from llm.asking import GOOD, QUESTION, Notebook
from llm.server import Behaviour, fails, says
from session_journal.errors import ModelError
from session_journal.llm.cap import Purse
from session_journal.llm.client import connect
from session_journal.llm.completions import Completion
from session_journal.llm.request import Endpoint
from session_journal.llm.tokens import estimate_tokens


def ask_often(url, cap, times=50):
    """Ask until the cap stops it; return how often an answer came."""
    answers = 0
    with connect(Endpoint(url, "tiny"), Notebook(), [].append, purse=Purse(cap), sleep=[].append) as asking:
        for _ in range(times):
            try:
                asking(QUESTION)
            except ModelError as error:
                if "llm.tokens" in error.message:
                    return answers
            else:
                answers += 1
    raise AssertionError("the cap was never reached")


def sent_in(server, longest=True):
    """Return the tokens of all that was sent, with the longest replies that were allowed."""
    return sum(
        estimate_tokens("\n".join(one["content"] for one in body["messages"])) + longest * body.get("max_tokens", 0)
        for body in server.bodies
    )


WASTING = {
    "no JSON": [says("a poem", usage=[])],
    "half a reply": [says('{"title": "Mend', finish="length", usage=[])],
    "a poem and half a reply": [says("a poem", usage=[]), says('{"title": "Mend', finish="length", usage=[])],
    "a break-down": [fails(500, "oops")],
    "a reply that breaks off": [Behaviour(200, b'{"id"', missing=100)],
    "a lie about its length": [says(GOOD, usage={"prompt_tokens": 1, "completion_tokens": 0})],
    "no count": [says(GOOD, usage=[])],
}


@pytest.mark.parametrize("name", WASTING)
def test_whatever_a_server_makes_us_ask_again_is_counted(model_server, name):
    model_server.will(*WASTING[name] * 100)
    ask_often(model_server.url, 20_000)
    assert 10_000 < sent_in(model_server) <= 20_000


def test_what_is_refused_at_once_costs_nothing(model_server):
    model_server.will(*[fails(400, "messages: too weird")] * 30, *[says(GOOD)] * 30)
    assert ask_often(model_server.url, 5_000, times=200) > 5


def test_what_a_reply_did_not_use_is_given_back(model_server):
    model_server.always = says(GOOD)
    assert ask_often(model_server.url, 5_000) > ask_often_without_counts(model_server)


def ask_often_without_counts(server):
    server.always = says(GOOD, usage=[])
    return ask_often(server.url, 5_000)


def test_a_server_that_counts_more_than_the_estimate_is_believed():
    purse = Purse(10_000)
    purse.book(100, 500)
    purse.settle(100, 500, Completion("x", cut=False, prompt_tokens=9_000, reply_tokens=10))
    with pytest.raises(ModelError, match="10,000"):
        purse.book(500, 500)


def test_a_long_reply_is_not_counted_as_a_short_one():
    purse = Purse(10_000)
    purse.book(100, 9_000)
    purse.settle(100, 9_000, Completion("x" * 54_000, cut=False, prompt_tokens=100, reply_tokens=1))
    with pytest.raises(ModelError):
        purse.book(500, 500)
