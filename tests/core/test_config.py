"""Settings: known names, checked values, no secrets, and what a cloned journal may not decide."""

from __future__ import annotations

import pytest

from session_journal.core.config import KEYS, find, flatten, known, read_value
from session_journal.errors import UsageError


def test_an_unknown_name_leads_to_its_neighbour():
    with pytest.raises(UsageError) as caught:
        find("patern.sessions")
    assert caught.value.hint == "journal config get patterns.sessions"
    with pytest.raises(UsageError) as caught:
        find("zzz")
    assert caught.value.hint == "journal config list"


@pytest.mark.parametrize("name", ["llm.api_key", "llm.key", "github-token", "password", "a.b.secret"])
def test_a_name_for_a_secret_is_refused_as_such(name):
    with pytest.raises(UsageError, match="settings hold no secrets"):
        find(name)


def test_a_secret_as_a_value_is_refused_and_not_repeated():
    token = "ghp_" + "A1b2C3d4E5" * 4
    with pytest.raises(UsageError, match="looks like a secret") as caught:
        read_value("editor", token)
    assert token not in caught.value.message + caught.value.hint


def test_numbers_are_numbers_within_their_bounds():
    assert read_value("patterns.sessions", "4") == 4
    for text in ("1", "many", "-3", "", "4.5", "99999999", "٤"):
        with pytest.raises(UsageError, match="a number from 2 to 100"):
            read_value("patterns.sessions", text)


def test_names_with_dots_and_slashes_are_projects():
    assert find("projects.shop.v2").name == "projects.*"
    with pytest.raises(UsageError):
        find("projects.")


def test_a_journals_own_file_cannot_start_programs():
    flat = flatten({"editor": "rm -rf", "default": "/", "projects": {"a": "b"}, "patterns": {"days": 3}})
    assert known(flat, shared_only=True) == {"projects.a": "b", "patterns.days": 3}
    assert known(flat) == flat


def test_what_a_setting_cannot_hold_is_as_if_it_were_not_set():
    assert known({"patterns.days": "3", "patterns.sessions": True, "editor": 5, "other": 1}) == {}


def test_every_setting_says_what_it_is_for():
    assert all(key.help for key in KEYS)


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("llm.base_url", "https://api.openai.com/v1", "ftp://a/v1"),
        ("llm.base_url", "http://localhost:11434/v1", "http://robin:word@a/v1"),
        ("llm.base_url", "http://[::1]:8080/v1", "http://a/v1?token=x"),
        ("llm.model", "qwen3:8b", " "),
        ("llm.key_env", "OPENAI_API_KEY", "$OPENAI_API_KEY"),
        ("llm.price", "0.15/0.60", "0.15"),
        ("llm.price", "0/0", "-1/2"),
        ("llm.consent", "yes", "no"),
        ("llm.context", "32768", "0"),
    ],
)
def test_a_setting_of_the_model_holds_only_what_makes_sense(name, good, bad):
    assert str(read_value(name, good)) == good
    with pytest.raises(UsageError) as caught:
        read_value(name, bad)
    assert caught.value.hint
    assert known({name: bad}) == {}


def test_whom_sessions_are_sent_to_is_no_matter_of_a_journal():
    table = {key.name: "http://localhost:1/v1" for key in KEYS if key.name.startswith("llm.")}
    assert "llm.base_url" in known(table)
    assert known(table, shared_only=True) == {}


def test_a_journals_own_file_holds_of_a_users_setting_only_what_is_stricter():
    assert known({"archive.commit": "yes"}) == {"archive.commit": "yes"}
    assert known({"archive.commit": "yes"}, shared_only=True) == {}
    assert known({"archive.commit": "no"}, shared_only=True) == {"archive.commit": "no"}
    assert known({"llm.consent": "ask", "remote.x": ""}, shared_only=True) == {}
