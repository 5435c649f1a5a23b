"""The settings files: read together, the user's edited without losing a comment."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from session_journal.app.config import get, put, settings_list, take_out
from session_journal.errors import JournalError, NotFoundError, UsageError
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


def test_what_is_unset_goes_and_every_comment_stays(env):
    text = '# mine\neditor = "vi"\n\n# who is asked\n[llm]  # mine\n# here\nbase_url = "http://x/v1"\nmodel = "m"\n'
    path = write(env, text)
    assert take_out(env, "llm.base_url") == ["llm.base_url"]
    assert take_out(env, "llm.model") == ["llm.model"]
    assert path.read_text() == text.replace('base_url = "http://x/v1"\nmodel = "m"\n', "")
    assert not load(env).text("llm.base_url")


def test_names_with_dots_are_unset_however_they_are_written(env):
    path = write(env, 'llm.model = "m"\n[projects]\n"a.b" = "x"\n[projects.c]\nd = "y"\n')
    for name in ("llm.model", "projects.a.b", "projects.c.d"):
        take_out(env, name)
    assert tomllib.loads(path.read_text()) == {"projects": {"c": {}}}


def test_a_setting_that_means_nothing_can_be_unset(env):
    path = write(env, 'editor = "vi"\n[llm]\nmodle = "m"\ncontext = 3\n')
    take_out(env, "llm.modle")
    take_out(env, "llm.context")
    assert path.read_text() == 'editor = "vi"\n[llm]\n'


def test_unsetting_what_is_not_set_says_so_and_what_is_unknown_is_named(env):
    with pytest.raises(NotFoundError, match="editor is not set"):
        take_out(env, "editor")
    with pytest.raises(UsageError, match="no setting is called edito"):
        take_out(env, "edito")


def test_an_empty_value_is_refused_with_the_way_to_unset_it(env):
    with pytest.raises(UsageError) as told:
        put(env, "llm.base_url", "", "/")
    assert told.value.hint == "journal config unset llm.base_url"


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


def test_a_journals_own_file_cannot_have_events_committed_and_can_forbid_it(env, root):
    own = root / "journal" / "journal.toml"
    own.write_text('[archive]\ncommit = "yes"\n', encoding="utf-8")
    assert load(env, str(root)).text("archive.commit", "no") == "no"
    write(env, '[archive]\ncommit = "yes"\n')
    assert load(env, str(root)).text("archive.commit", "no") == "yes"
    own.write_text('[archive]\ncommit = "no"\n', encoding="utf-8")
    assert load(env, str(root)).text("archive.commit", "no") == "no"
    assert get(env, "archive.commit", str(root)) == "no"
    shown = {one.key: (one.value, one.source) for one in settings_list(env, str(root))}
    assert shown["archive.commit"] == ("no", "journal")
