"""What is known of endpoints lies in the state folder, and losing it loses nothing."""

from __future__ import annotations

import os

import pytest

from session_journal.store.endpoints import Endpoints
from session_journal.store.places import state_dir


@pytest.fixture
def env(tmp_path):
    return {"JOURNAL_STATE": str(tmp_path / "state")}


def test_words_are_kept_by_endpoint_and_model(env):
    Endpoints(env).write("http://a/v1 m", "json_object max_tokens temperature")
    assert Endpoints(env).read("http://a/v1 m") == "json_object max_tokens temperature"
    assert Endpoints(env).read("http://a/v1 other") == ""


def test_a_consent_is_for_one_address_and_one_model(env):
    Endpoints(env).agree("http://a/v1/", "m")
    known = Endpoints(env)
    assert known.has_agreed("http://a/v1", "m")
    assert not known.has_agreed("http://a/v1", "n")
    assert not known.has_agreed("http://b/v1", "m")
    assert not known.has_agreed("http://a", "v1 m")


def test_names_with_tabs_and_lines_forge_no_consent(env):
    Endpoints(env).write("x", "y\nagreed http://a/v1 m\tyes")
    Endpoints(env).write("z\nagreed http://a/v1 m\tyes", "yes")
    assert not Endpoints(env).has_agreed("http://a/v1", "m")


@pytest.mark.skipif(os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root writes everywhere")
def test_a_state_folder_that_cannot_be_written_keeps_nothing(env, tmp_path):
    (tmp_path / "state").mkdir(mode=0o500)
    Endpoints(env).agree("http://a/v1", "m")
    assert not Endpoints(env).has_agreed("http://a/v1", "m")


def test_a_state_folder_that_is_a_file_keeps_nothing(env, tmp_path):
    (tmp_path / "state").write_text("")
    Endpoints(env).agree("http://a/v1", "m")


def test_a_consent_that_is_taken_back_meanwhile_is_not_written_again(env):
    Endpoints(env).agree("http://a/v1", "m")
    running = Endpoints(env)
    os.unlink(os.path.join(state_dir(env), "endpoints.tsv"))
    Endpoints(env).write("http://b/v1 m", "prompt max_tokens")
    running.write("http://a/v1 m", "json_object max_tokens")
    assert not Endpoints(env).has_agreed("http://a/v1", "m")
    assert Endpoints(env).read("http://b/v1 m") == "prompt max_tokens"
