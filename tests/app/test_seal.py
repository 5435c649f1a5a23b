"""Seal: large journals, and what it says while it works."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from journals import NOW, git, make_journal, page, where
from session_journal.app.seal import seal
from session_journal.app.verify import verify
from session_journal.core.chain import find_id
from session_journal.store.journal import Change


@pytest.fixture
def journal(tmp_path):
    journal = make_journal(tmp_path / "j")
    journal.publish([Change(where("a"), page(1)), Change(where("b"), page(2))], "entry: a and b", NOW)
    return journal


def test_long_work_is_announced_and_short_work_is_not(journal):
    said = []
    Path(journal.path(where("c"))).write_text("# Three\n")
    seal(journal, NOW, say=said.append)
    assert said == []
    for number in range(501):
        Path(journal.path(where(f"n{number}"))).write_text(f"# Note {number}\n")
    assert len(seal(journal, NOW, say=said.append).changes) == 501
    assert said == ["recording 501 files of 0 MB …"]
    assert verify(journal, int(NOW.timestamp())).findings == ()


def test_what_refuses_a_file_without_an_id_names_the_line_that_a_person_sees(journal):
    conflict = "<<<<<<< HEAD\n- Salt\n=======\n- Sugar\n>>>>>>> other\n"
    secret = "The key is ghp_" + "a1B2c3D4e5" * 3 + "f6G7h8\n"
    for name, text in (("c", conflict), ("d", secret)):
        Path(journal.path(where(name))).write_text(f"---\ntitle: T\ndate: 2026-11-20\n---\n\n{text}")
    told = [refused.message for refused in seal(journal, NOW).refused]
    assert [f"{where(name)}:6 holds" in why for name, why in zip("cd", told, strict=True)] == [True, True]


def test_files_that_lost_their_ids_get_them_back_each_its_own(journal):
    for name, text in (("a", "# A, rewritten\n"), ("b", "# B, rewritten\n")):
        Path(journal.path(where(name))).write_text(text)
    assert sorted(seal(journal, NOW).named) == [where("a"), where("b")]
    ids = [find_id(Path(journal.path(where(name))).read_bytes()) for name in "ab"]
    assert ids == [f"{1:032x}", f"{2:032x}"]
    assert verify(journal, int(NOW.timestamp())).findings == ()


def test_an_id_that_another_file_carries_by_now_is_not_given_back(journal):
    Path(journal.path(where("a"))).rename(journal.path(where("moved")))
    Path(journal.path(where("a"))).write_text("# Something else\n")
    seal(journal, NOW)
    ids = {find_id(Path(journal.path(where(name))).read_bytes()) for name in ("a", "moved", "b")}
    assert len(ids) == 3
    assert verify(journal, int(NOW.timestamp())).findings == ()


def test_a_recorded_file_keeps_its_id_against_a_copy(journal):
    Path(journal.path(where("0-copy"))).write_bytes(page(1))
    sealed = seal(journal, NOW)
    assert [refused.path for refused in sealed.refused] == [where("0-copy")]
    assert os.path.exists(journal.path(where("0-copy")))
    assert where("0-copy") not in git(journal, "ls-files")


def test_a_file_saved_under_its_old_name_while_a_seal_is_signed_stays(journal, tmp_path):
    old = journal.path(where("a"))
    os.rename(old, journal.path(where("moved")))
    signer = tmp_path / "gpg"
    signer.write_text(
        f"#!/bin/sh\ncat >/dev/null\necho '# Saved again' > {old}\necho '[GNUPG:] SIG_CREATED ' >&2\necho signature\n"
    )
    signer.chmod(0o755)
    for name, value in (("gpg.program", str(signer)), ("user.signingkey", "x"), ("commit.gpgsign", "true")):
        git(journal, "config", name, value)
    seal(journal, NOW)
    assert "# Saved again" in Path(old).read_text()
    assert Path(journal.path(where("moved"))).read_bytes() == page(1)
    assert verify(journal, int(NOW.timestamp())).findings == ()


@pytest.mark.parametrize("committed", [False, True])
def test_a_renamed_file_that_is_refused_is_not_recorded_as_deleted(journal, committed):
    moved = Path(journal.path(where("moved")))
    os.rename(journal.path(where("a")), moved)
    moved.write_bytes(page(1) + b"ghp_" + b"A1b2C3d4E5" * 4 + b"\n")
    if committed:
        git(journal, "add", "-A")
        git(journal, "commit", "-q", "-m", "by hand")
    sealed = seal(journal, NOW)
    assert [one.path for one in sealed.refused] == [where("moved")]
    assert sealed.changes == []
    moved.write_bytes(page(1))
    assert [(one.path, one.data) for one in seal(journal, NOW).changes] == [(where("moved"), page(1))]
    assert verify(journal, int(NOW.timestamp())).findings == ()


@pytest.mark.parametrize("committed", [False, True])
def test_an_entry_whose_place_another_file_has_taken_is_named_by_its_path(journal, committed):
    Path(journal.path(where("a"))).write_bytes(page(7))
    if committed:
        git(journal, "commit", "-qam", "by hand")
    sealed = seal(journal, NOW)
    assert [sealed.where(change) for change in sealed.changes] == [
        where("a"),
        f"{where('a')} as it was before; another file has taken its place",
    ]
    assert verify(journal, int(NOW.timestamp())).findings == ()
