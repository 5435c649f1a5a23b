"""The door to git: what it finds out about a repository, and how failures read."""

from __future__ import annotations

import os
import subprocess

import pytest

from journals import git, make_journal
from session_journal.errors import GitError, NotFoundError
from session_journal.store.git import Finished, environment, remotes, run_git
from session_journal.store.gitdirs import git_dir_of
from session_journal.store.repository import Repository


@pytest.fixture
def journal(tmp_path):
    return make_journal(tmp_path / "j")


def test_remotes_are_named_with_their_urls(journal):
    assert remotes(journal.root) == {}
    git(journal, "remote", "add", "origin", "https://example.org/a.git")
    git(journal, "remote", "add", "backup", "short:b.git")
    git(journal, "config", "url.ssh://example.org/.insteadOf", "short:")
    assert remotes(journal.root) == {"origin": "https://example.org/a.git", "backup": "ssh://example.org/b.git"}


def test_a_failure_is_told_in_gits_own_words(journal):
    with pytest.raises(GitError, match="git rev-parse failed: fatal: Needed a single revision"):
        run_git(["rev-parse", "--verify", "nowhere"], journal.root)
    assert run_git(["rev-parse", "--verify", "--quiet", "nowhere"], journal.root, check=False).code == 1


def test_both_ways_to_start_git_give_the_same(journal):
    args = [_git(), "-C", journal.root, "cat-file", "--batch"]
    data = b"HEAD:journal/journal.toml\n" * 2000
    there = Finished(args, data, environment()).wait()
    here = run_git(["cat-file", "--batch"], journal.root, data)
    assert (here.code, here.out, here.err) == (there.code, there.out, there.err)
    assert len(here.out) > 100_000, "more than a pipe holds"


def _git() -> str:
    return subprocess.run(["which", "git"], capture_output=True, text=True, check=True).stdout.strip()


def test_git_missing_from_the_path_is_told(journal, monkeypatch):
    from session_journal.store import git as door

    monkeypatch.setattr(door, "_EXECUTABLE", "")
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(GitError, match="git is not on the PATH"):
        run_git(["status"], journal.root)


def test_foreign_git_variables_are_scrubbed_and_identity_is_kept(monkeypatch):
    monkeypatch.setenv("GIT_WORK_TREE", "/elsewhere")
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", "'core.bare=true'")
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Robin")
    env = environment()
    assert "GIT_WORK_TREE" not in env
    assert "GIT_CONFIG_PARAMETERS" not in env
    assert (env["GIT_AUTHOR_NAME"], env["LC_ALL"]) == ("Robin", "C")


def test_a_packed_ref_is_found(journal):
    head = git(journal, "rev-parse", "HEAD").strip()
    git(journal, "pack-refs", "--all")
    assert not os.path.exists(os.path.join(journal.git_dir, "refs", "heads", "main"))
    assert (journal.repo.branch(), journal.repo.head()) == ("refs/heads/main", head)


def test_a_folder_that_is_no_repository_is_told(tmp_path):
    assert git_dir_of(str(tmp_path)) == ""
    with pytest.raises(NotFoundError, match="not the top of a git repository"):
        Repository(str(tmp_path))


def test_missing_objects_are_left_out(journal):
    oid = git(journal, "rev-parse", "HEAD:journal/journal.toml").strip()
    assert journal.repo.blobs([oid, "0" * 40]) == {oid: b"format = 1\n"}
    assert journal.repo.blobs([]) == {}
    assert journal.repo.tree("") == {}
