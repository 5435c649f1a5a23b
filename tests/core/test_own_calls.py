"""Sessions that this tool began itself are known by their first prompt, and no other is."""

from __future__ import annotations

from session_journal.core.events import Event, Session
from session_journal.core.own_calls import MARK, is_own_call
from session_journal.core.redact import redact_all
from session_journal.core.text import clean, strip_wrappers


def session(*prompts, agent=""):
    events = [Event("prompt", turn, "user", text=text, agent=agent) for turn, text in enumerate(prompts, 1)]
    return Session(agent="claude-code", id="s1", events=tuple(events))


def test_the_mark_comes_through_all_that_readers_do_to_a_prompt():
    prompt = f"{MARK}\nSummarise this."
    assert is_own_call(session(redact_all(strip_wrappers(clean(prompt)), {})))


def test_a_mark_later_in_a_session_is_something_that_somebody_said():
    assert not is_own_call(session("What is this?", MARK))
    assert not is_own_call(session("A long question. " * 40 + MARK))
    assert not is_own_call(session(MARK, agent="a1"))
    assert not is_own_call(session())
