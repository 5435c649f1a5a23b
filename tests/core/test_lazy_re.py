"""Patterns that are compiled at their first use."""

import importlib
import pkgutil
import re

import pytest

from session_journal.core import insights, lazy_re


def test_every_pattern_that_drafting_may_use_can_be_compiled():
    names = [f"{insights.__name__}.{module.name}" for module in pkgutil.iter_modules(insights.__path__)]
    values = [value for name in names for value in vars(importlib.import_module(name)).values()]
    patterns = [value for value in values if hasattr(value, "groupindex")]
    assert len(patterns) > len(names)
    assert all(pattern.flags & re.UNICODE for pattern in patterns)


def test_a_pattern_finds_what_the_compiled_one_finds():
    text, made = "a1 B2", r"([a-z])(\d)"
    lazy, compiled = lazy_re.compile(made, lazy_re.IGNORECASE), re.compile(made, re.IGNORECASE)
    assert lazy.findall(text) == compiled.findall(text)
    assert lazy.sub(r"\2\1", text) == compiled.sub(r"\2\1", text)
    assert lazy.search(text, 1).span() == compiled.search(text, 1).span()
    assert (lazy.pattern, lazy.flags, lazy.groups) == (compiled.pattern, compiled.flags, compiled.groups)


def test_a_pattern_is_not_compiled_before_it_is_used():
    broken = lazy_re.compile("(")
    with pytest.raises(re.error):
        broken.match("")


def test_a_lazy_pattern_has_what_a_pattern_has_and_no_more():
    with pytest.raises(AttributeError):
        getattr(lazy_re.compile("a"), "find")  # noqa: B009 - to ask for it is the test
