"""Patterns sharpened by the user's embedding model, over a real wire: consent first, offline whatever goes wrong."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest

from journals import make_journal
from llm.points import entries
from llm.server import Behaviour, embeds, fails
from session_journal.app.endpoint import Voice
from session_journal.app.meaning import make_sense
from session_journal.app.patterns import look_up, recurring
from session_journal.core.playbooks import Bar
from session_journal.store.endpoints import Endpoints
from session_journal.store.entries import load
from session_journal.store.journal import Change, Journal
from session_journal.store.settings import change

NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)


@pytest.fixture
def env(tmp_path, model_server):
    made = {**os.environ, "JOURNAL_CONFIG": str(tmp_path / "config.toml"), "JOURNAL_STATE": str(tmp_path / "state")}
    change(made, "llm.base_url", model_server.url)
    change(made, "llm.embedding_model", "small")
    model_server.embeds = directions
    return made


def direction(text):
    """Return a vector by the words of a text: what shares words has a like direction, as with a real model."""
    numbers = [0.05] * 64
    for word in text.lower().split():
        numbers[sum(word.encode()) % 64] += 1.0
    return numbers


def directions(body):
    return embeds(*map(direction, body["input"]))


@pytest.fixture
def journal(tmp_path, env):
    """A journal in whose statements the same words come up again and again, so that much is left open."""
    made = make_journal(tmp_path / "journal")
    made.publish([Change(path, text.encode()) for path, text in entries()], "entry: some", NOW)
    return Journal(made.root, env)


class Person:
    def __init__(self, *, agrees=True):
        self.agrees, self.shown, self.told, self.steps = agrees, [], [], []

    def voice(self, *, there=True, yes=False):
        return Voice(
            lambda why, hint: self.told.append((why, hint)), self.agree if there else None, self.shown.append,
            progress=lambda done, every: self.steps.append((done, every)), yes=yes,
        )  # fmt: skip

    def agree(self, preview):
        self.shown.append(preview)
        return self.agrees


def patterns(journal, person=None, **voice):
    sense = make_sense(journal, person.voice(**voice)) if person else None
    return look_up(journal, Bar(), sense=sense).patterns


def sent(server):
    return [text for body in server.embedded for text in body["input"]]


def test_nothing_is_asked_without_an_embedding_model_or_an_endpoint(tmp_path):
    journal = make_journal(tmp_path / "journal")
    for name in ("llm.base_url", "llm.embedding_model"):
        made = {**os.environ, "JOURNAL_CONFIG": str(tmp_path / f"{name}.toml")}
        change(made, name, "http://localhost:1/v1")
        assert make_sense(Journal(journal.root, made), Person().voice()) is None


def test_before_the_first_send_its_user_sees_to_whom_and_how_much(journal, model_server):
    person = Person()
    patterns(journal, person)
    (preview,) = person.shown
    assert (preview.purpose, preview.model, preview.chunks) == ("meaning", "small", len(sent(model_server)))
    assert preview.tokens > sum(map(len, sent(model_server))) // 4
    assert person.told == []
    assert person.steps[0] == (0, preview.chunks)
    assert person.steps[-1] == (preview.chunks, preview.chunks)


def test_a_no_and_nobody_to_ask_send_nothing_and_leave_the_patterns_of_the_words(journal, model_server):
    alone = patterns(journal)
    for person, voice in ((Person(agrees=False), {}), (Person(), {"there": False})):
        assert patterns(journal, person, **voice) == alone
        assert len(person.told) == 1
        assert person.told[0][0].startswith("Compared offline")
    assert model_server.embedded == []


def test_a_consent_to_the_model_that_drafts_is_none_to_the_one_that_compares(journal, env, model_server):
    Endpoints(env).agree(model_server.url, "tiny")
    person = Person()
    patterns(journal, person)
    patterns(journal, person)
    assert len(person.shown) == 1


def test_a_statement_is_sent_once_and_later_runs_say_the_same_without_asking(journal, model_server):
    first = patterns(journal, Person(), yes=True)
    count = len(sent(model_server))
    assert count == len(set(sent(model_server))) > 0
    model_server.embeds = fails(500, "gone")
    assert patterns(journal, Person()) == first
    assert patterns(journal) == first
    assert recurring(journal, load(journal.root)[0]) == first
    assert len(sent(model_server)) == count


WRONG = {
    "down": fails(500, "broken"),
    "no such thing": fails(404, "nothing here"),
    "too few": embeds([1.0, 2.0]),
    "no numbers": Behaviour(body=b'{"data": [NaN]}'),
    "a page": Behaviour(body=b"<html>hello</html>"),
    "slow": Behaviour(silent=True),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_whatever_a_server_sends_the_patterns_of_the_words_stand_and_one_line_says_why(
    journal, env, model_server, wrong
):
    alone = patterns(journal)
    change(env, "llm.timeout", 5)
    model_server.embeds = wrong
    person = Person()
    assert patterns(journal, person, yes=True) == alone
    ((why, hint),) = person.told
    assert why.startswith("Compared offline: ")
    assert hint.startswith("journal ")
    assert "draft" not in hint


def test_what_came_before_a_failure_is_kept(journal, model_server, monkeypatch):
    monkeypatch.setattr("session_journal.llm.embedding.BATCH", 4)
    model_server.vectors.extend([directions, fails(400, "no more")])
    model_server.embeds = fails(400, "no more")
    patterns(journal, Person(), yes=True)
    first = model_server.embedded[0]["input"]
    model_server.embedded.clear()
    model_server.embeds = directions
    patterns(journal, Person(), yes=True)
    assert not set(first) & set(sent(model_server))


def test_secrets_and_words_to_hide_are_not_sent(journal, env, model_server):
    change(env, "redact.words", "Acme, scheduler")
    token = "ghp_" + "a1B2" * 9
    text = f"- The parser needs a deadline for slow disks {token}\n- Acme gave the parser a smaller buffer\n"
    head = f'---\nid: "{99:032x}"\ndate: 2026-11-19\nstatus: final\n---\n\n## Key takeaways\n\n'
    path = os.path.join(journal.root, "journal/sessions/2026/2026-11-19-s.md")
    with open(path, "w", encoding="utf-8") as file:
        file.write(head + text)
    patterns(journal, Person(), yes=True)
    told = "\n".join(sent(model_server))
    assert "deadline for slow disks" in told
    assert not any(word in told for word in (token, "Acme", "scheduler"))
