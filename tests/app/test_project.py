"""Which project a folder belongs to."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from session_journal.app.project import find_place, lies_in_project, name_project, remote_name


def git(*args, cwd):
    subprocess.run(["git", *args], cwd=cwd, check=True, capture_output=True)


@pytest.fixture
def shop(tmp_path):
    folder = tmp_path / "shop"
    folder.mkdir()
    git("init", "-q", cwd=folder)
    git("commit", "-q", "--allow-empty", "-m", "start", cwd=folder)
    return folder


def test_without_a_remote_the_repository_folder_names_the_project(shop):
    (shop / "src").mkdir()
    assert name_project(str(shop / "src")) == "shop"


def test_the_remote_names_the_project(shop):
    git("remote", "add", "upstream", "https://example.org/a/other.git", cwd=shop)
    git("remote", "add", "origin", "git@example.org:team/webshop.git", cwd=shop)
    assert name_project(str(shop)) == "webshop"


def test_worktrees_belong_to_the_one_project(shop, tmp_path):
    git("worktree", "add", "-q", str(tmp_path / "elsewhere-7"), cwd=shop)
    assert name_project(str(tmp_path / "elsewhere-7")) == "shop"


def test_an_alias_renames(shop):
    assert name_project(str(shop), aliases={"shop": "webshop"}) == "webshop"


def test_no_repository_no_project(tmp_path):
    assert name_project(str(tmp_path)) == ""


def test_a_journal_of_its_own_is_no_project(shop):
    (shop / "journal").mkdir()
    (shop / "journal" / "journal.toml").write_text("")
    assert name_project(str(shop), str(shop)) == ""


def test_a_journal_beside_code_leaves_the_project_its_name(shop):
    (shop / "journal").mkdir()
    (shop / "journal" / "journal.toml").write_text("# x\nhere = true\n")
    assert lies_in_project(str(shop))
    assert name_project(str(shop), str(shop)) == "shop"
    assert name_project(str(shop / "journal"), str(shop)) == ""


@pytest.mark.parametrize(
    "url",
    [
        "git@example.org:team/webshop.git",
        "https://example.org/team/webshop",
        "ssh://git@example.org:22/webshop.git/",
        "/srv/git/webshop.git",
        "C:\\git\\webshop",
        "host:webshop.git",
    ],
)
def test_every_form_of_remote_gives_the_same_name(url):
    assert remote_name(url) == "webshop"


def test_a_submodule_style_link_without_commondir_is_followed(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "config").write_text('[remote "origin"]\n\turl = https://example.org/thing.git\n')
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / ".git").write_text("gitdir: ../real\n")
    place = find_place(str(tmp_path / "lib"))
    assert place is not None
    assert name_project(str(tmp_path / "lib")) == "thing"


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="file names are text there")
def test_a_folder_whose_name_is_not_text_still_names_a_project(tmp_path):
    folder = os.path.join(os.fsencode(tmp_path), b"caf\xe9")
    os.makedirs(os.path.join(folder, b".git"))
    name_project(os.fsdecode(folder)).encode()
