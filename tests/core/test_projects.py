"""Project names: worktrees, remotes, aliases, and paths relative to the project."""

import pytest

from session_journal.core.projects import may_be_one, project_name, relative_path, respelled


@pytest.mark.parametrize(
    "cwd",
    [
        "/home/mira/code/cli",
        "/home/mira/code/cli/",
        "/home/mira/code/cli/.worktrees/2",
        "/home/mira/code/cli/.worktrees/mira/fix-it",
        "/home/mira/code/cli/.claude/worktrees/brave-otter",
        "/home/mira/code/cli-worktrees/feature",
        r"C:\code\cli\.worktrees\4",
    ],
)
def test_all_worktrees_of_a_project_have_its_name(cwd):
    assert project_name(cwd) == "cli"


@pytest.mark.parametrize(
    "remote", ["git@github.com:org/cli.git", "https://example.org/org/cli", "ssh://git@host/cli.git/"]
)
def test_the_remote_names_the_project(remote):
    assert project_name("/home/mira/code/checkout-7", remote) == "cli"


def test_an_alias_renames_by_name_folder_or_a_folder_above():
    assert project_name("/w/cli", aliases={"cli": "tool"}) == "tool"
    assert project_name("/w/cli/.worktrees/2", aliases={"/w/cli": "tool"}) == "tool"
    assert project_name("/w/deep/down", aliases={"/w": "all", "/w/deep": "near"}) == "near"
    assert project_name("/w2/x", aliases={"/w": "all"}) == "x"


def test_a_temporary_folder_is_no_project():
    assert project_name("/private/var/folders/x/T/tmp9ds7z693") == ""
    assert project_name("/tmp/tmp9ds7z693", "https://example.org/shop.git") == "shop"
    assert project_name("/home/mira/tmpreaper") == "tmpreaper"


def test_paths_are_relative_within_the_project_and_its_other_worktrees():
    roots = ("/w/cli/.worktrees/2",)
    assert relative_path("/w/cli/.worktrees/2/a/b.go", roots) == "a/b.go"
    assert relative_path("/w/cli/a/b.go", roots) == "a/b.go"
    assert relative_path("/w/cli/.worktrees/4/a/b.go", roots) == "a/b.go"
    assert relative_path("/w/client/a.go", roots) == "/w/client/a.go"
    assert relative_path("a/b.go", roots) == "a/b.go"
    assert relative_path(r"C:\w\cli\a.go", ("C:/w/cli",)) == "a.go"


@pytest.mark.parametrize("cwd", ["/home/mira", "/Users/mira/", r"C:\Users\mira", "~"])
def test_a_home_folder_is_no_project(cwd):
    assert project_name(cwd) == ""
    assert project_name(cwd, "git@example.org:mira/dotfiles.git") == "dotfiles"
    assert project_name(cwd, aliases={cwd.rstrip("/").replace("\\", "/"): "home"}) == "home"


def test_capitals_make_no_other_project():
    assert [may_be_one("api", other) for other in ("API", "api-v2", "")] == [True, False, True]
    assert respelled(["api", "API", "api", "shop", ""]) == {"API": "api"}
    assert respelled(["API", "api"]) == respelled(["api", "API"]) == {"API": "api"}
