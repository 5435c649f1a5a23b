"""Tokens are estimated from above, and only a price that the user named is one."""

from __future__ import annotations

import pytest

from session_journal.errors import ModelError
from session_journal.llm.tokens import estimate_tokens, price


@pytest.mark.parametrize(("text", "tokens"), [("", 0), ("a", 1), ("abc", 1), ("abcd", 2), ("日本語", 3), ("\ud83d", 1)])
def test_three_bytes_are_a_token(text, tokens):
    assert estimate_tokens(text) == tokens


def test_the_estimate_of_a_whole_is_never_more_than_that_of_its_parts():
    whole = "Der Übersetzer prüft 12 Zeilen.\n" * 40
    assert estimate_tokens(whole) <= estimate_tokens(whole[:333]) + estimate_tokens(whole[333:])


def test_a_price_is_what_the_user_named_for_a_million_tokens():
    assert price("0.15/0.60", 1_000_000, 1_000_000) == pytest.approx(0.75)
    assert price(" 3 / 15 ", 10_000, 2_000) == pytest.approx(0.06)
    assert price("0/0", 10_000, 2_000) == 0


def test_an_unknown_price_is_not_guessed():
    assert price("", 10_000, 2_000) is None
    assert price("  ", 10_000, 2_000) is None


@pytest.mark.parametrize("override", ["0.15", "a/b", "1/", "/1", "-1/2", "nan/1", "inf/1", "1/2/3", "$1/$2"])
def test_prices_that_are_none_are_told_as_such(override):
    with pytest.raises(ModelError, match="holds no two prices") as raised:
        price(override, 1, 1)
    assert raised.value.hint.startswith("journal config set llm.price ")
