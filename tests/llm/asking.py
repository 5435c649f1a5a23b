"""A question, and how the tests put it to a server."""

from __future__ import annotations

from pydantic import BaseModel

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


SECRET_TEXT = "Anna mended the parser on Tuesday, before her dentist rang."
QUESTION = Request("You write titles.", SECRET_TEXT, Found, longest=500)
GOOD = {"title": "Mend the parser", "items": ["one"]}
VALUE = Found(title="Mend the parser", items=["one"])


def ask(url, request=QUESTION, *, memory=None, said=None, slept=None, patience=60.0, **settings):
    """Ask one question; waiting is told and slept into the lists given."""
    endpoint = Endpoint(url, "tiny", **settings)
    memory = Notebook() if memory is None else memory
    say = [].append if said is None else said.append
    sleep = [].append if slept is None else slept.append
    with connect(endpoint, memory, say, patience=patience, sleep=sleep) as asking:
        return asking(request)
