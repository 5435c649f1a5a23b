"""Beginning a journal: harmless twice, and never in the wrong place unasked."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from session_journal.app.init import begin, find_top
from session_journal.errors import JournalError, UsageError
from session_journal.store.settings import load

NOW = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)


@pytest.fixture
def env(isolated):
    return {"HOME": str(isolated)}


def git(*args, cwd):
    return subprocess.check_output(["git", *args], cwd=cwd, text=True)


@pytest.fixture
def shop(tmp_path):
    folder = tmp_path / "shop"
    folder.mkdir()
    git("init", "-q", cwd=folder)
    (folder / "a.py").write_text("x = 1\n")
    git("add", ".", cwd=folder)
    git("commit", "-qm", "start", cwd=folder)
    return folder


def test_a_journal_begins_with_one_commit_and_a_clean_tree(tmp_path, env):
    begun = begin(str(tmp_path / "j"), env, NOW)
    assert begun.files == (".gitattributes", "journal/journal.toml")
    assert git("log", "--format=%s", cwd=begun.root) == "journal: begin\n"
    assert git("status", "--short", cwd=begun.root) == ""


def test_the_first_journal_becomes_the_default_and_the_second_does_not(tmp_path, env):
    first = begin(str(tmp_path / "one"), env, NOW)
    second = begin(str(tmp_path / "two"), env, NOW)
    assert first.default == second.default == first.root
    assert load(env).text("default") == first.root


def test_a_default_that_is_gone_is_replaced(tmp_path, env):
    first = begin(str(tmp_path / "one"), env, NOW)
    Path(first.root).rename(tmp_path / "moved")
    assert begin(str(tmp_path / "two"), env, NOW).default == str(tmp_path / "two")


def test_twice_is_harmless(tmp_path, env):
    begun = begin(str(tmp_path / "j"), env, NOW)
    Path(begun.root, "journal", "journal.toml").write_text("# mine\n")
    head = git("rev-parse", "HEAD", cwd=begun.root)
    again = begin(begun.root, env, NOW)
    assert again.existed
    assert Path(begun.root, "journal", "journal.toml").read_text() == "# mine\n"
    assert git("rev-parse", "HEAD", cwd=begun.root) == head


def test_a_dry_run_makes_nothing(tmp_path, env, isolated):
    assert begin(str(tmp_path / "j"), env, NOW, dry_run=True).files
    assert not (tmp_path / "j").exists()
    assert not (isolated / ".config").exists()


@pytest.mark.parametrize("old", [b"*.png binary\n", b"*.png binary", b"*.png binary\r\n"])
def test_gitattributes_keep_every_byte_they_had(tmp_path, env, old):
    folder = tmp_path / "j"
    folder.mkdir()
    (folder / ".gitattributes").write_bytes(old)
    begin(str(folder), env, NOW)
    data = (folder / ".gitattributes").read_bytes()
    assert data.startswith(old)
    assert data.rstrip(b"\r\n").endswith(b"\njournal/** -text")


def test_inside_somebodys_repository_it_has_to_be_asked_for(shop, env):
    (shop / "src").mkdir()
    for folder in (shop, shop / "src", shop / "new"):
        with pytest.raises(UsageError, match="lies inside the repository"):
            begin(str(folder), env, NOW)
    assert find_top(str(shop / "src")) == str(shop)


def test_an_empty_repository_and_a_home_in_git_are_no_obstacle(tmp_path, env, isolated):
    (tmp_path / "empty").mkdir()
    git("init", "-q", cwd=tmp_path / "empty")
    assert begin(str(tmp_path / "empty"), env, NOW).files
    git("init", "-q", cwd=isolated)
    (isolated / ".profile").write_text("")
    git("add", ".profile", cwd=isolated)
    begun = begin("~/journal", env, NOW)
    assert begun.root == str(isolated / "journal")
    assert git("rev-parse", "--show-toplevel", cwd=begun.root).strip() == str((isolated / "journal").resolve())


def test_beside_code_nothing_staged_is_taken_along(shop, env):
    (shop / "b.py").write_text("")
    git("add", "b.py", cwd=shop)
    begun = begin(str(shop), env, NOW, here=True)
    assert git("status", "--short", cwd=shop) == "A  b.py\n"
    assert "here = true" in Path(begun.root, "journal", "journal.toml").read_text()
    assert begun.default == ""


def test_with_a_remote_it_says_who_reads_it_and_wants_to_be_told(shop, env):
    git("remote", "add", "origin", "https://robin:hunter2@example.org/team/shop.git", cwd=shop)
    with pytest.raises(UsageError, match=r"example\.org/team/shop") as caught:
        begin(str(shop), env, NOW, here=True)
    assert "--shared" in caught.value.hint
    assert "hunter2" not in caught.value.message
    assert begin(str(shop), env, NOW, here=True, shared=True).files


def test_every_remote_is_named(shop, env):
    git("remote", "add", "upstream", "https://example.org/team/shop.git", cwd=shop)
    git("remote", "add", "mirror", "https://mirror.example.net/shop.git", cwd=shop)
    with pytest.raises(UsageError, match=r"example\.org/team/shop\.git, https://mirror\.example\.net"):
        begin(str(shop), env, NOW, here=True)


def test_here_needs_a_repository(tmp_path, env):
    with pytest.raises(UsageError, match="not inside a git repository"):
        begin(str(tmp_path), env, NOW, here=True)


def test_a_file_in_the_way_is_reported(tmp_path, env):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="is a file"):
        begin(str(tmp_path / "file"), env, NOW)
    (tmp_path / "j").mkdir()
    (tmp_path / "j" / "journal").write_text("")
    with pytest.raises(UsageError, match="is a file"):
        begin(str(tmp_path / "j"), env, NOW)


def test_without_an_identity_nothing_is_begun(tmp_path, env, isolated):
    (isolated / ".gitconfig").unlink()
    with pytest.raises(JournalError) as caught:
        begin(str(tmp_path / "j"), env, NOW)
    assert caught.value.hint.count("git config") == 2
    assert not (tmp_path / "j").exists()
