"""A conversation with a real server on the loopback: what is sent, what comes back, and every way to fail."""

from __future__ import annotations

import pytest
from pydantic import BaseModel

from llm.server import Server, says, serving
from session_journal.llm.client import connect
from session_journal.llm.request import Endpoint, Request


class Notebook(dict):
    """A memory that lasts as long as a test."""

    def read(self, key):
        return self.get(key, "")

    def write(self, key, value):
        self[key] = value


class Found(BaseModel):
    title: str
    items: list[str] = []


QUESTION = Request("You write titles.", "What was done: the parser was mended.", Found)
GOOD = {"title": "Mend the parser", "items": ["one"]}


@pytest.fixture
def server():
    with serving() as running:
        yield running


def ask(server: Server, request=QUESTION, memory=None, said=None, sleeps=None, **settings):
    endpoint = Endpoint(server.url, "tiny", **settings)
    with connect(
        endpoint,
        Notebook() if memory is None else memory,
        [].append if said is None else said.append,
        sleep=[].append if sleeps is None else sleeps.append,
    ) as asking:
        return asking(request)


def test_a_valid_reply_comes_back_as_a_value_with_the_servers_counts(server):
    server.will(says(GOOD))
    reply = ask(server)
    assert reply.value == Found(title="Mend the parser", items=["one"])
    assert (reply.prompt_tokens, reply.reply_tokens) == (11, 7)
