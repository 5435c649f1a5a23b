"""Steps that are all taken, or none."""

from __future__ import annotations

import os
import stat

import pytest

from journals import git, make_journal
from session_journal.errors import ConflictError, JournalError
from session_journal.store.steps import Configure, Move, Remove, Write, local_values, take


@pytest.fixture
def journal(tmp_path):
    return make_journal(tmp_path / "j")


def test_steps_are_taken_in_order(journal, tmp_path):
    (tmp_path / "a").write_bytes(b"theirs")
    take([
        Move(str(tmp_path / "a"), str(tmp_path / "b")),
        Write(str(tmp_path / "a"), b"ours"),
        Configure(journal.repo, "core.hooksPath", ("x", "y z")),
    ])  # fmt: skip
    assert ((tmp_path / "a").read_bytes(), (tmp_path / "b").read_bytes()) == (b"ours", b"theirs")
    assert os.access(tmp_path / "a", os.X_OK)
    assert local_values(journal.repo, "core.hooksPath") == ("x", "y z")
    take([Remove(str(tmp_path / "a")), Configure(journal.repo, "core.hooksPath", ())])
    assert not (tmp_path / "a").exists()
    assert local_values(journal.repo, "core.hooksPath") == ()


def test_when_one_fails_those_before_it_are_undone(journal, tmp_path):
    for name, mode in (("a", 0o640), ("b", 0o755), ("taken", 0o644)):
        (tmp_path / name).write_bytes(name.encode())
        (tmp_path / name).chmod(mode)
    git(journal, "config", "some.key", "before")

    def picture():
        files = {
            path.name: (path.read_bytes(), stat.S_IMODE(path.stat().st_mode))
            for path in tmp_path.iterdir()
            if path.is_file()
        }
        return files, git(journal, "config", "--local", "--list")

    before = picture()
    with pytest.raises(ConflictError, match="taken is there already"):
        take([
            Move(str(tmp_path / "a"), str(tmp_path / "c")),
            Write(str(tmp_path / "a"), b"new"),
            Write(str(tmp_path / "b"), b"other"),
            Configure(journal.repo, "some.key", ("after",)),
            Configure(journal.repo, "another.key", ("new",)),
            Move(str(tmp_path / "c"), str(tmp_path / "taken")),
        ])  # fmt: skip
    assert picture() == before


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "closed").mkdir(mode=0o500)
    with pytest.raises(JournalError, match="closed"):
        take([Write(str(tmp_path / "closed" / "a"), b"x")])


def test_a_file_where_a_folder_should_be_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(JournalError, match="cannot"):
        take([Write(str(tmp_path / "file" / "a"), b"x")])
