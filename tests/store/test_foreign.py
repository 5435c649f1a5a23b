"""Files of other programs: nothing that somebody else wrote meanwhile is lost."""

from __future__ import annotations

import os

import pytest

from session_journal.errors import ConflictError, JournalError
from session_journal.store.foreign import BACKUP, drop_backup, read_foreign, remove_foreign, replace_foreign


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "settings.json"
    path.write_bytes(b"theirs")
    return path


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_what_was_changed_since_it_was_read_is_not_written_over(file):
    old = read_foreign(str(file))
    file.write_bytes(b"newer")
    with pytest.raises(ConflictError, match="nothing was written"):
        replace_foreign(str(file), old, b"ours")
    assert file.read_bytes() == b"newer"
    assert not [name for name in names(file.parent) if name.endswith(".tmp")]


def test_what_appeared_since_nothing_was_there_is_not_written_over(file):
    with pytest.raises(ConflictError):
        replace_foreign(str(file), None, b"ours")
    assert file.read_bytes() == b"theirs"


def test_what_was_changed_since_it_was_read_is_not_removed(file):
    with pytest.raises(ConflictError):
        remove_foreign(str(file), b"older")
    assert file.read_bytes() == b"theirs"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_what_its_user_has_write_protected_stays(file):
    file.chmod(0o444)
    with pytest.raises(JournalError, match="write-protected"):
        replace_foreign(str(file), b"theirs", b"ours")
    assert file.read_bytes() == b"theirs"
    assert names(file.parent) == ["settings.json"]


@pytest.mark.parametrize("make", [os.mkdir, getattr(os, "mkfifo", os.mkdir)])
def test_what_is_no_file_is_an_error_with_its_name(tmp_path, make):
    make(tmp_path / "settings.json")
    with pytest.raises(JournalError, match=r"settings\.json is no ordinary file"):
        read_foreign(str(tmp_path / "settings.json"))


def test_what_was_kept_goes_once_the_file_is_the_same_again(file):
    replace_foreign(str(file), b"theirs", b"ours")
    drop_backup(str(file))
    assert names(file.parent) == ["settings.json", "settings.json" + BACKUP]
    replace_foreign(str(file), b"ours", b"theirs")
    drop_backup(str(file))
    assert names(file.parent) == ["settings.json"]
