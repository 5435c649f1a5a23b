"""Queries: plain questions work, operators are few, and no text is a malformed query."""

from __future__ import annotations

import sqlite3
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from session_journal.core.query import Filters, Query, narrow, parse, span_of, topic


def words(query):
    return [term.text for term in query.terms]


def tokens(query):
    return {phrase.tokens for term in query.terms for phrase in term.phrases}


def test_question_words_are_dropped():
    assert words(parse("When did we fix the cache?")) == ["fix", "cache", "fix cache"]


def test_a_query_of_stop_words_alone_looks_for_them():
    assert words(parse("to be or not to be"))[:4] == ["to", "be", "or", "not"]


@pytest.mark.parametrize("text", ["", "   ", '""', "!! -- ?", "*", '"', "-", "()", "^", ":"])
def test_punctuation_asks_for_nothing(text):
    assert parse(text).is_empty


def test_a_quoted_phrase_must_occur():
    query = parse('retry "connection reset by peer"')
    assert [phrase.tokens for phrase in query.phrases] == [("connection", "reset", "by", "peer")]
    assert words(query) == ["retry"]


def test_a_dash_excludes_a_word_but_not_a_flag():
    query = parse('commit -merge -"work in progress" --no-edit -m e-mail')
    assert [phrase.tokens for phrase in query.excluded] == [("merge",), ("work", "in", "progress")]
    assert ("no", "edit") in tokens(query)
    assert ("m",) in tokens(query)
    assert ("e", "mail") in tokens(query)


def test_an_exclusion_alone_is_looked_for():
    assert words(parse("-rf")) == ["rf"]


def test_filters_limit_and_are_no_words():
    query = parse(
        'project:cli kind:debugging tag:go since:2026-01 until:2026-W05 is:draft -tag:wip project:"My App" leak'
    )
    assert words(query) == ["leak"]
    assert query.filters == Filters(
        ("cli", "my app"), ("debugging",), ("go",), (), ("draft",), date(2026, 1, 1), date(2026, 2, 1)
    )
    assert query.unwanted.tag == ("wip",)


def test_a_filter_that_cannot_be_read_is_searched_for_and_said():
    query = parse("since:soon is:great")
    assert query.filters == Filters()
    assert len(query.notes) == 2
    assert {("since", "soon"), ("is", "great")} <= tokens(query)


def test_an_unknown_key_is_text():
    assert ("error", "enoent") in tokens(parse("error:ENOENT"))


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("InitializeSession", ("initialize", "session")),
        ("os.Chdir", ("os", "chdir")),
        ("foo_bar", ("foo", "bar")),
        ("cmd/cli/hooks.go", ("cmd", "cli", "hooks", "go")),
        ("getHTTPServer_v2", ("get", "http", "server", "v", "2")),
        ("web hook", ("webhook",)),
        ("Maria's", ("maria",)),
        ("ran", ("run",)),
        ("rewriting", ("rewrote",)),
        ("config", ("configuration",)),
        ("authentication", ("auth",)),
        ("serialise", ("serialize",)),
        ("colour", ("color",)),
        ("東京都庁", ("京都",)),
    ],
)
def test_a_word_is_found_in_its_other_forms(asked, written):
    assert written in tokens(parse(asked))


def test_a_topic_has_no_operators():
    query = topic('project:cli -fast "exact words" is:draft')
    assert (query.phrases, query.excluded, query.filters) == ((), (), Filters())
    assert ("fast",) in tokens(query)


def test_options_and_query_limit_together():
    query = narrow(parse("x project:a since:2026-02-01"), Filters(project=("b",), since=date(2026, 1, 1)))
    assert query.filters == Filters(project=("b",), since=date(2026, 2, 1))


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("2026-11-20", (date(2026, 11, 20), date(2026, 11, 20))),
        ("2026-02", (date(2026, 2, 1), date(2026, 2, 28))),
        ("2026-12", (date(2026, 12, 1), date(2026, 12, 31))),
        ("2026-W53", (date(2026, 12, 28), date(2027, 1, 3))),
        ("2026", (date(2026, 1, 1), date(2026, 12, 31))),
        ("9999-12", (date(9999, 12, 1), date(9999, 12, 31))),
        ("2026-13", None),
        ("2025-W53", None),
        ("0000", None),
        ("9999-W53", None),
        ("2026-11-2", None),
        ("٢٠٢٦", None),
    ],
)
def test_a_day_a_week_a_month_and_a_year_are_spans(text, span):
    assert span_of(text) == span


@pytest.fixture(scope="module")
def table():
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE t USING fts5(text, tokenize='porter unicode61 remove_diacritics 2')")
    db.execute("INSERT INTO t VALUES ('some text')")
    yield db
    db.close()


ODD = st.text(alphabet="abZ019 \t\n\"'*^()-+:{}[],.;/\\%_&|~@#<>=!?éß東\x00\ud800\U0001f600NEARORAND")


@given(st.one_of(st.text(), ODD))
@example('NEAR("a" "b") AND NOT text : x* ^y OR "')
@example('project:"')
@example('since:9999-12-31 until:0001-01-01 -"')
@example("'; DROP TABLE t; --")
def test_no_text_is_a_malformed_query(table, text):
    for query in (parse(text), topic(text)):
        assert isinstance(query, Query)
        asked = [*query.phrases, *query.excluded]
        asked += [phrase for term in query.terms for each in (term, term.widened()) for phrase in each.phrases]
        for phrase in asked:
            assert phrase.tokens
            table.execute("SELECT count(*) FROM t WHERE t MATCH ?", (phrase.match,)).fetchone()
