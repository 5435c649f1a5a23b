"""The settings files: read together, the user's edited without losing a comment."""

from __future__ import annotations

from pathlib import Path

import pytest

from session_journal.app.config import get, put, settings_list
from session_journal.errors import JournalError, NotFoundError
from session_journal.store.settings import change, load


@pytest.fixture
def env(tmp_path):
    return {"JOURNAL_CONFIG": str(tmp_path / "settings" / "config.toml")}


def write(env, text):
    path = Path(env["JOURNAL_CONFIG"])
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def root(tmp_path):
    (tmp_path / "j" / "journal").mkdir(parents=True)
    return tmp_path / "j"


def test_a_change_keeps_comments_and_order(env):
    text = '# mine\neditor = "vi"   # fast\n\n[projects]  # names\nb = "x"\na = "y"\n'
    path = write(env, text)
    change(env, "editor", "nano")
    assert path.read_text() == text.replace('"vi"', '"nano"')
    change(env, "projects.a", "z")
    assert path.read_text() == text.replace('"vi"', '"nano"').replace('"y"', '"z"')


def test_a_new_top_key_does_not_fall_into_a_table(env):
    write(env, '[projects]\na = "b"\n')
    change(env, "editor", "nano")
    assert load(env).text("editor") == "nano"
    assert load(env).projects() == {"a": "b"}


def test_a_missing_file_is_made_and_ends_in_a_line_break(env):
    path = Path(change(env, "editor", "nano"))
    assert path.read_text() == 'editor = "nano"\n'


def test_names_with_dots_and_slashes_come_back(env):
    change(env, "projects./home/robin/code.v2", "shop")
    assert load(env).projects() == {"/home/robin/code.v2": "shop"}


def test_a_broken_file_is_named_and_left_as_it_is(env):
    path = write(env, "editor = \n")
    for act in (lambda: load(env), lambda: change(env, "editor", "x")):
        with pytest.raises(JournalError, match="line 1") as caught:
            act()
        assert str(path) in caught.value.message
    assert path.read_text() == "editor = \n"


def test_the_user_overrules_the_journal(env, root):
    (root / "journal" / "journal.toml").write_text(
        'editor = "evil"\n[patterns]\ndays = 3\nsessions = 4\n[projects]\na = "b"\n'
    )
    write(env, '[patterns]\nsessions = 9\n[projects]\nc = "d"\n')
    settings = load(env, str(root))
    assert (settings.number("patterns.days", 2), settings.number("patterns.sessions", 3)) == (3, 9)
    assert settings.number("patterns.other", 2000) == 2000
    assert settings.text("editor") == ""
    assert settings.projects() == {"a": "b", "c": "d"}
    sources = {setting.key: setting.source for setting in settings_list(env, str(root))}
    assert (sources["patterns.days"], sources["patterns.sessions"], sources["editor"]) == ("journal", "user", "")


def test_what_is_not_set_says_how_to_set_it(env):
    with pytest.raises(NotFoundError) as caught:
        get(env, "editor")
    assert caught.value.hint == "journal config set editor VALUE"


def test_the_default_journal_has_to_be_one(env, root):
    with pytest.raises(JournalError, match="holds no journal"):
        put(env, "default", "j", str(root.parent))
    (root / "journal" / "journal.toml").write_text("")
    assert put(env, "default", "j", str(root.parent)) == {"default": str(root)}
    assert get(env, "default") == str(root)


def test_a_dry_run_sets_nothing(env):
    assert put(env, "editor", "nano", "/", dry_run=True) == {"editor": "nano"}
    assert not Path(env["JOURNAL_CONFIG"]).exists()
