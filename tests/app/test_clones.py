"""Verification where a repository is not the ordinary one: worktrees, shallow and partial clones, CRLF, SHA-256."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from journals import FILES, NOW, git, make_journal, page, where
from session_journal.app.seal import seal
from session_journal.app.verify import verify
from session_journal.store.journal import Change, Journal, create, open_journal
from session_journal.store.repository import Repository

SECONDS = int(NOW.timestamp())


@pytest.fixture
def journal(tmp_path):
    journal = make_journal(tmp_path / "j")
    for number, name in enumerate("abcd", 1):
        journal.publish([Change(where(name), page(number))], f"entry: {name}", NOW)
    git(journal, "config", "uploadpack.allowFilter", "true")
    return journal


def clone(journal, *args) -> Journal:
    target = Path(journal.root).parent / "clone"
    subprocess.run(
        ["git", "clone", "-q", *args, f"file://{journal.root}", str(target)], check=True, capture_output=True
    )
    return open_journal(str(target))


def codes(journal, **more):
    return {(finding.level, finding.code) for finding in verify(journal, SECONDS, **more).findings}


def test_a_shallow_clone_is_checked_and_says_what_it_cannot_see(journal):
    shallow = clone(journal, "--depth", "2")
    verdict = verify(shallow, SECONDS)
    assert (verdict.findings, verdict.records) == ((), 5)
    assert verdict.unchecked == ("this is a shallow clone: how the log grew before its first commits was not checked",)
    assert verify(journal, SECONDS).unchecked == ()
    shallow.publish([Change(where("e"), page(5))], "entry: e", NOW)
    assert codes(shallow) == set()


def test_a_cut_in_a_shallow_clone_is_found_where_its_history_shows_it(journal):
    lane = next(Path(journal.path("journal/log")).glob("*/*.jsonl"))
    lane.write_bytes(b"".join(lane.read_bytes().splitlines(keepends=True)[:-1]))
    Path(journal.path(where("d"))).unlink()
    git(journal, "commit", "-qam", "behind its back")
    assert ("FAIL", "lost") in codes(clone(journal, "--depth", "2"))


def missing(journal) -> int:
    out = git(journal, "rev-list", "--objects", "--all", "--missing=print")
    return sum(line.startswith("?") for line in out.splitlines())


def test_a_partial_clone_fetches_nothing_and_says_what_was_not_checked(journal):
    journal.publish([Change(where("a"), page(1, "second"), page(1))], "entry: a", NOW)
    partial = clone(journal, "--filter=blob:none")
    before = missing(partial)
    assert before > 0
    for full in (False, True):
        verdict = verify(partial, SECONDS, full=full)
        assert (verdict.findings, verdict.records) == ((), 6)
    assert "earlier version(s) of the log" in verdict.unchecked[0]
    assert missing(partial) == before


def test_a_file_whose_content_is_not_here_is_said_to_be_unchecked(journal):
    target = Path(journal.root).parent / "sparse"
    url = f"file://{journal.root}"
    subprocess.run(["git", "clone", "-q", "--filter=blob:none", "--no-checkout", url, str(target)], check=True)
    for args in (["sparse-checkout", "set", "--no-cone", "/journal/log/", "/journal/journal.toml"], ["checkout", "-q"]):
        subprocess.run(["git", *args], cwd=target, check=True)
    partial = open_journal(str(target))
    told = [finding for finding in verify(partial, SECONDS).findings if finding.code == "not-here"]
    assert [finding.where for finding in told] == [where(name) for name in "abcd"]
    assert missing(partial) >= 4


def test_a_checkout_with_crlf_conversion_keeps_the_journal_as_it_is(journal, isolated):
    subprocess.run(["git", "config", "--global", "core.autocrlf", "true"], check=True)
    windows = clone(journal)
    assert b"\r\n" not in Path(windows.path(where("a"))).read_bytes()
    assert codes(windows) == set()
    windows.publish([Change(where("e"), page(5))], "entry: e", NOW)
    assert (codes(windows), git(windows, "status", "--porcelain")) == (set(), "")


def test_a_linked_worktree_has_its_own_lane_and_is_verified_like_any_other(journal):
    place = Path(journal.root).parent / "linked"
    git(journal, "worktree", "add", "-q", "-b", "side", str(place))
    linked = open_journal(str(place))
    linked.publish([Change(where("side"), page(31))], "entry: side", NOW)
    journal.publish([Change(where("main"), page(32))], "entry: main", NOW)
    assert (codes(linked), codes(journal)) == (set(), set())
    git(journal, "merge", "-q", "--no-edit", "side")
    verdict = verify(journal, SECONDS)
    assert (verdict.findings, verdict.lanes) == ((), 2)
    assert git(linked, "status", "--porcelain") == ""


def test_a_name_that_differs_in_case_is_warned_of_once_it_is_sealed(journal):
    Path(journal.path(where("A"))).write_bytes(page(9))
    seal(journal, NOW)
    assert codes(journal) == {("WARN", "alike")}
    git(journal, "mv", where("A"), where("other"))
    seal(journal, NOW)
    assert codes(journal) == set()


@pytest.fixture
def modern(tmp_path):
    """Return a journal in a repository whose object ids are SHA-256."""
    subprocess.run(["git", "init", "-q", "--object-format=sha256", str(tmp_path / "modern")], check=True)
    journal = create(str(tmp_path / "modern"), NOW, FILES)
    for number, name in enumerate("abcd", 1):
        journal.publish([Change(where(name), page(number))], f"entry: {name}", NOW)
    return journal


def test_a_repository_with_sha256_ids_is_verified_with_its_history(modern):
    assert modern.repo.oid_length() == 64
    assert verify(modern, SECONDS).findings == ()
    modern.publish([Change(where("e"), page(5))], "entry: e", NOW)
    assert verify(modern, SECONDS).checked == 1
    git(modern, "revert", "--no-edit", "HEAD")
    assert ("FAIL", "lost") in codes(modern)
    seal(modern, NOW)
    assert codes(modern) == {("WARN", "lost-and-back")}


def test_a_copied_repository_owns_no_lane_and_has_seen_nothing(journal):
    import shutil

    copied = shutil.copytree(journal.root, Path(journal.root).parent / "copied")
    other = open_journal(str(copied))
    other.publish([Change(where("copy"), page(31))], "entry: copy", NOW)
    verdict = verify(other, SECONDS)
    assert (verdict.findings, verdict.lanes) == ((), 2)
    git(journal, "pull", "-q", "--no-edit", str(copied), "main")
    assert codes(journal) == set()


def test_repositories_tell_what_is_here(journal):
    repo = Repository(journal.root)
    oid = repo.tree("HEAD", "journal")[where("a")][1]
    assert repo.sizes([oid, "0" * 40]) == {oid: len(page(1))}
    assert repo.local([oid, "0" * 40]) == {oid, "0" * 40}
    assert repo.objects_named([f"HEAD:{where('a')}", "HEAD:nothing"]) == {f"HEAD:{where('a')}": oid}
