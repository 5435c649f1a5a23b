"""Vectors from a real server on the loopback: what is sent, and that nothing but vectors is taken."""

from __future__ import annotations

import pytest

from llm.server import Behaviour, embeds, fails, sends
from session_journal.core.patterns import pack
from session_journal.errors import ModelError
from session_journal.llm.embedding import embedding
from session_journal.llm.request import Endpoint

ONE, TWO = [1.0, 0.0, 0.5], [0.0, 1.0, 0.25]


def vectors(url, *texts, said=None, **settings):
    say = [].append if said is None else said.append
    with embedding(Endpoint(url, "small", **settings), say, sleep=[].append) as embed:
        return embed(texts)


def test_texts_are_sent_at_once_with_the_model_and_nothing_else(model_server):
    model_server.vectors.append(embeds(ONE, TWO))
    assert vectors(model_server.url, "first", "second") == [pack(ONE), pack(TWO)]
    assert model_server.embedded == [{"model": "small", "input": ["first", "second"]}]


def test_vectors_come_in_the_order_of_their_texts_whatever_order_they_are_sent_in(model_server):
    model_server.vectors.append(embeds(ONE, TWO, order=[1, 0]))
    assert vectors(model_server.url, "first", "second") == [pack(ONE), pack(TWO)]


def test_whole_numbers_are_numbers_too(model_server):
    model_server.vectors.append(embeds([1, 0]))
    assert vectors(model_server.url, "first") == [pack([1.0, 0.0])]


def test_a_long_text_is_sent_up_to_what_every_server_takes(model_server):
    model_server.vectors.append(embeds(ONE))
    vectors(model_server.url, "word " * 1000)
    assert len(model_server.embedded[0]["input"][0]) == 600


@pytest.mark.parametrize("status", [400, 413, 422])
def test_what_is_too_much_at_once_is_sent_in_halves(model_server, status):
    def picky(body):
        if len(body["input"]) > 1:
            return fails(status, "batch size 2 > maximum allowed batch size 1")
        return embeds(ONE if body["input"] == ["first"] else TWO)

    model_server.embeds = picky
    assert vectors(model_server.url, "first", "second") == [pack(ONE), pack(TWO)]


def test_of_a_single_text_that_is_too_much_the_beginning_is_sent(model_server):
    def small(body):
        return embeds(ONE) if len(body["input"][0]) < 200 else fails(500, "input is larger than the context size")

    model_server.embeds = small
    assert vectors(model_server.url, "word " * 100) == [pack(ONE)]
    assert [len(body["input"][0]) for body in model_server.embedded] == [500, 250, 125]


def test_a_busy_server_is_asked_again(model_server):
    said = []
    model_server.vectors.extend([fails(503, "loading"), embeds(ONE)])
    assert vectors(model_server.url, "first", said=said) == [pack(ONE)]
    assert "busy (503)" in said[0]


WRONG = {
    "too few": embeds(ONE),
    "too many": embeds(ONE, ONE, ONE),
    "of two sizes": embeds(ONE, [1.0, 2.0]),
    "not a number": sends({"data": [{"embedding": ["x", 1.0]}, {"embedding": ONE}]}),
    "NaN": Behaviour(body=b'{"data": [{"embedding": [NaN, 1.0]}, {"embedding": [1.0, 1.0]}]}', headers={}),
    "null": embeds([None, 1.0, 2.0], ONE),
    "truth values": embeds([True, False, True], ONE),
    "zeros": embeds([0.0, 0.0, 0.0], ONE),
    "endless": sends({"data": [{"embedding": [1e400, 1.0]}, {"embedding": ONE}]}),
    "base64": sends({"data": [{"embedding": "AACAPw=="}, {"embedding": "AACAPw=="}]}),
    "twice the same": sends({"data": [{"index": 0, "embedding": ONE}, {"index": 0, "embedding": TWO}]}),
    "no place": sends({"data": [{"index": [0], "embedding": ONE}, {"index": "1", "embedding": TWO}]}),
    "no list": sends({"data": "none"}),
    "no rows": sends({"data": [1, 2]}),
    "an object": sends({"embedding": ONE}),
    "a page": Behaviour(body=b"<html>welcome</html>"),
    "an error that is none": sends({"error": {"message": "out of memory"}}),
    "cut off": Behaviour(body=b'{"data": [', missing=100),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_what_is_no_vector_for_each_text_is_refused(model_server, wrong):
    model_server.embeds = wrong
    with pytest.raises(ModelError):
        vectors(model_server.url, "first", "second")


def test_a_server_without_embeddings_is_told_so(model_server):
    with pytest.raises(ModelError, match=r"gives no embeddings of small \(404\)") as caught:
        vectors(model_server.url, "first")
    assert caught.value.hint == "journal config unset llm.embedding_model"


def test_an_unknown_model_names_the_setting(model_server):
    model_server.embeds = fails(404, 'model "small" not found, try pulling it first')
    with pytest.raises(ModelError, match="no model called small") as caught:
        vectors(model_server.url, "first")
    assert caught.value.hint == "journal config set llm.embedding_model NAME"


def test_a_server_that_does_not_answer_in_time_is_given_up(model_server):
    model_server.embeds = Behaviour(silent=True)
    with pytest.raises(ModelError, match="took too long to answer"):
        vectors(model_server.url, "first", timeout=0.2)


def test_a_refusal_that_repeats_what_was_sent_is_not_repeated(model_server):
    text = "Anna mended the parser on Tuesday, before her dentist rang."
    model_server.embeds = fails(400, f"cannot read: {text}")
    with pytest.raises(ModelError) as caught:
        vectors(model_server.url, text)
    assert "dentist" not in caught.value.message
