"""Deeds: the terms by which a step is found in what was done."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from session_journal.core.insights.deeds import words
from session_journal.core.insights.wording import terms

TEXTS = st.text(alphabet="abTZ09_#/.- é\n", max_size=60)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("def loadConfig(path_name):", {"loadconfig", "load", "config", "def", "path_name", "path", "name"}),
        ("src/retry-policy.ts", {"src", "retry", "policy"}),
        ("see #12 of the 3 issues", {"#12", "issu"}),
    ],
)
def test_the_parts_of_joined_names_are_terms_too(text, found):
    assert words(text) == found


@given(TEXTS)
def test_a_name_has_the_same_terms_wherever_it_stands(text):
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[_/.-]", " ", text)
    assert words(text) == terms(text) | terms(apart)
