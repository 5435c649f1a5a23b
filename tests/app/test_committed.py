"""`journal seal --committed`: the current commit gets its records, whatever lies in index and working tree."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from journals import NOW, git, make_journal, page, read, where
from session_journal.app.committed import seal_committed, touched_by
from session_journal.app.verify import verify
from session_journal.errors import ConflictError
from session_journal.store.journal import Change


@pytest.fixture
def journal(tmp_path):
    journal = make_journal(tmp_path / "j")
    journal.publish([Change(where(name), page(number)) for number, name in enumerate("abc", 1)], "entry: abc", NOW)
    return journal


def findings(journal):
    verdict = verify(journal, int(NOW.timestamp()), journal.repo.head())
    return [(one.level, one.code) for one in verdict.findings]


def put(journal, name, data):
    Path(journal.path(where(name))).write_bytes(data)


def commit(journal, *paths):
    git(journal, "add", "--all", "--", *(paths or ("journal",)))
    git(journal, "commit", "-qm", "by hand")


def changes(sealed):
    return sorted((change.path, change.old_path, change.data is None) for change in sealed.changes)


def test_edits_new_files_renames_and_deletions_of_any_commit_are_recorded(journal):
    put(journal, "a", page(1, "Edited."))
    commit(journal)
    git(journal, "mv", where("b"), where("renamed"))
    git(journal, "rm", "-q", where("c"))
    put(journal, "new", page(9))
    commit(journal)
    put(journal, "a", page(1, "Half edited."))
    sealed = seal_committed(journal, NOW)
    assert changes(sealed) == [
        (where("a"), "", False), (where("c"), "", True), (where("new"), "", False), (where("renamed"), "", False),
    ]  # fmt: skip
    assert findings(journal) == []
    assert read(journal, where("a")) == page(1, "Half edited.")
    assert seal_committed(journal, NOW).changes == []


def test_only_what_the_named_commits_touched_is_recorded(journal):
    put(journal, "a", page(1, "Somebody else's."))
    commit(journal)
    put(journal, "b", page(2, "Mine."))
    commit(journal)
    sealed = seal_committed(journal, NOW, touched_by(journal.repo, [journal.repo.head()]))
    assert changes(sealed) == [(where("b"), "", False)]
    assert findings(journal) == [("FAIL", "content")]


def test_a_dry_run_records_nothing(journal):
    put(journal, "a", page(1, "Edited."))
    commit(journal)
    before = journal.repo.head()
    assert changes(seal_committed(journal, NOW, dry_run=True)) == [(where("a"), "", False)]
    assert journal.repo.head() == before


def test_index_entries_and_working_files_stay_byte_for_byte(journal):
    put(journal, "a", page(1, "Committed."))
    commit(journal)
    put(journal, "a", page(1, "Staged."))
    git(journal, "add", where("a"))
    put(journal, "a", page(1, "On disk."))
    git(journal, "rm", "-q", "--cached", where("b"))
    os.remove(journal.path(where("c")))
    before = git(journal, "ls-files", "-s", "journal/sessions"), git(journal, "status", "--porcelain")
    assert seal_committed(journal, NOW).published.commit
    assert (git(journal, "ls-files", "-s", "journal/sessions"), git(journal, "status", "--porcelain")) == before
    assert read(journal, where("a")) == page(1, "On disk.")
    assert findings(journal) == []


def test_a_lost_id_is_given_back(journal):
    put(journal, "a", b"---\ntitle: t\n---\n\ntext\n")
    commit(journal)
    sealed = seal_committed(journal, NOW, touched_by(journal.repo, [journal.repo.head()]))
    assert sealed.named == [where("a")]
    assert f'id: "{1:032x}"'.encode() in read(journal, where("a"))
    assert findings(journal) == []


def test_of_two_files_with_one_id_the_one_that_had_it_is_recorded(journal):
    put(journal, "0-copy", page(1, "Copied."))
    put(journal, "a", page(1, "Edited."))
    commit(journal)
    sealed = seal_committed(journal, NOW, touched_by(journal.repo, [journal.repo.head()]))
    assert changes(sealed) == [(where("a"), "", False)]
    assert [(one.path, "same id" in one.message) for one in sealed.refused] == [(where("0-copy"), True)]


def test_a_copy_whose_original_goes_takes_its_place(journal):
    put(journal, "copy", page(1))
    commit(journal)
    git(journal, "rm", "-q", where("a"))
    commit(journal)
    sealed = seal_committed(journal, NOW, touched_by(journal.repo, [journal.repo.head()]))
    assert changes(sealed) == [(where("copy"), where("a"), False)]
    assert findings(journal) == []


def test_secrets_and_links_are_refused_and_the_rest_is_recorded(journal):
    token = "ghp_" + "A1b2C3d4E5" * 4
    put(journal, "a", page(1, token))
    put(journal, "b", page(2, "Edited."))
    os.remove(journal.path(where("c")))
    os.symlink("b.md", journal.path(where("c")))
    commit(journal)
    sealed = seal_committed(journal, NOW)
    assert changes(sealed) == [(where("b"), "", False)]
    assert {one.path for one in sealed.refused} == {where("a"), where("c")}
    assert token not in "".join(one.message for one in sealed.refused)


def test_while_git_is_busy_nothing_is_written(journal):
    put(journal, "a", page(1, "Edited."))
    commit(journal)
    git(journal, "checkout", "-q", "--detach")
    before = git(journal, "status", "--porcelain"), journal.repo.head()
    assert seal_committed(journal, NOW).published.waiting == "a detached HEAD"
    git(journal, "checkout", "-q", "main")
    lock = Path(journal.git_dir, "index.lock")
    lock.touch()
    assert "index.lock" in seal_committed(journal, NOW).published.waiting
    lock.unlink()
    assert (git(journal, "status", "--porcelain"), journal.repo.head()) == before
    assert seal_committed(journal, NOW).published.commit


def test_what_an_earlier_command_left_waiting_is_not_committed_along(journal):
    git(journal, "checkout", "-q", "--detach")
    journal.publish([Change(where("late"), page(8))], "entry: late", NOW)
    git(journal, "checkout", "-q", "main")
    put(journal, "a", page(1, "Edited."))
    commit(journal, where("a"))
    seal_committed(journal, NOW)
    assert git(journal, "status", "--porcelain") == f"?? {where('late')}\n"
    journal.publish([Change(where("next"), page(9))], "entry: next", NOW)
    assert (git(journal, "status", "--porcelain"), findings(journal)) == ("", [])


def test_a_record_is_written_onto_a_later_commit_only_if_that_has_the_same_file(journal):
    put(journal, "a", page(1, "Edited."))
    commit(journal)
    head = journal.repo.head()
    change = Change(where("a"), page(1, "Edited."), page(1, "Edited."), committed=True)
    put(journal, "a", page(1, "Edited again."))
    commit(journal)
    with pytest.raises(ConflictError, match="moved on"):
        journal.record([change], "seal: a", NOW, head)
    put(journal, "a", page(1, "Edited."))
    put(journal, "b", page(2, "Edited too."))
    commit(journal)
    journal.record([change], "seal: a", NOW, head)
    assert seal_committed(journal, NOW).changes[0].path == where("b")
