"""A verification that goes on from what was found sound says what a whole one says, and reads only what is new."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest

from journals import NOW, git, make_journal, page, where
from session_journal.app.seal import seal
from session_journal.app.verify import verify
from session_journal.store.journal import Change, open_journal

SECONDS = int(NOW.timestamp())


@pytest.fixture
def journal(tmp_path):
    journal = make_journal(tmp_path / "j")
    for number in range(1, 4):
        journal.publish([Change(where(str(number)), page(number))], "entry: x", NOW)
    return journal


def memory_of(journal):
    (path,) = Path.home().joinpath(".local/state/session-journal/verified").iterdir()
    return path


def test_the_second_verification_reads_no_record_and_the_next_only_new_ones(journal):
    assert verify(journal, SECONDS).checked == 4
    assert verify(journal, SECONDS).checked == 0
    journal.publish([Change(where("9"), page(9))], "entry: x", NOW)
    verdict = verify(journal, SECONDS)
    assert (verdict.checked, verdict.records, verdict.files, verdict.findings) == (1, 5, 4, ())
    assert verify(journal, SECONDS, full=True).checked == 5


def test_a_failure_is_not_remembered_as_sound(journal):
    Path(journal.path(where("1"))).write_bytes(page(1, "forged"))
    git(journal, "commit", "-qam", "behind its back")
    for _ in range(2):
        assert [finding.code for finding in verify(journal, SECONDS).findings] == ["content"]


def test_a_warning_is_told_again_each_time(journal):
    Path(journal.path(where("new"))).write_bytes(page(9))
    git(journal, "add", "-A")
    git(journal, "commit", "-qm", "by hand")
    for _ in range(3):
        assert [finding.code for finding in verify(journal, SECONDS).findings] == ["unsealed"]
    seal(journal, NOW)
    assert verify(journal, SECONDS).findings == ()


@pytest.mark.parametrize("damage", [b"", b"00000000\n{}", b"nonsense"])
def test_a_memory_that_is_damaged_is_no_memory(journal, damage):
    verify(journal, SECONDS)
    memory_of(journal).write_bytes(damage)
    assert verify(journal, SECONDS).checked == 4
    assert verify(journal, SECONDS).checked == 0


def test_a_working_file_changed_with_its_times_put_back_is_seen(journal):
    import os
    import time

    place = Path(journal.path(where("1")))
    before = place.stat()
    late = int(time.time()) + 100  # so that all times count as settled
    assert verify(journal, late).findings == ()
    place.write_bytes(place.read_bytes().replace(b"happened", b"HAPPENED"))
    os.utime(place, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert [finding.code for finding in verify(journal, late).findings] == ["uncommitted-change"]


def test_another_branch_is_verified_in_its_own_light(journal):
    verify(journal, SECONDS)
    git(journal, "checkout", "-qb", "side", "HEAD~2")
    assert verify(journal, SECONDS).findings == ()
    journal.publish([Change(where("side"), page(31))], "entry: side", NOW)
    assert verify(journal, SECONDS).findings == ()
    git(journal, "checkout", "-q", "main")
    verdict = verify(journal, SECONDS)
    assert (verdict.findings, verdict.checked, verdict.records) == ((), 0, 4)


def test_records_of_a_deleted_branch_fail_until_they_are_let_go(journal):
    from session_journal.app.repair import let_go, lost_of

    git(journal, "checkout", "-qb", "side")
    journal.publish([Change(where("side"), page(31))], "entry: side", NOW)
    git(journal, "checkout", "-q", "main")
    assert verify(journal, SECONDS).findings == ()
    git(journal, "branch", "-qD", "side")
    (finding,) = verify(journal, SECONDS).findings
    assert (finding.level, finding.code) == ("FAIL", "pin")
    lane = finding.where.rpartition("/")[2]
    let_go(journal, lost_of(journal, lane))
    assert verify(journal, SECONDS).findings == ()


def append(path):
    with path.open("ab") as file:
        file.write(b"more\n")


def commit(journal):
    git(journal, "add", "-A")
    git(journal, "commit", "-q", "--allow-empty", "-m", "plain")


def pull(journal, other):
    if not git(journal, "status", "--porcelain"):
        git(journal, "pull", "-q", "--no-rebase", "--no-edit", str(other.root), "main")


def step(rng, journal, other, number):
    """Do one thing that happens to journals."""
    files = sorted(Path(journal.path("journal/sessions/2026")).glob("*.md"))
    file = rng.choice(files)
    things = {
        "publish": lambda: journal.publish([Change(where(f"n{number}"), page(100 + number))], "entry: n", NOW),
        "theirs": lambda: other.publish([Change(where(f"t{number}"), page(500 + number))], "entry: t", NOW),
        "pull": lambda: pull(journal, other),
        "edit": lambda: append(file),
        "delete": lambda: file.unlink() if len(files) > 2 else None,
        "rename": lambda: file.rename(journal.path(where(f"r{number}"))),
        "plain": lambda: commit(journal),
        "seal": lambda: seal(journal, NOW),
    }
    things[rng.choice(sorted(things))]()


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_the_short_way_says_what_the_long_way_says(journal, seed):
    rng = random.Random(seed)
    target = Path(journal.root).parent / "other"
    subprocess.run(["git", "clone", "-q", journal.root, str(target)], check=True)
    other = open_journal(str(target))
    for number in range(14):
        step(rng, journal, other, number)
        short = verify(journal, SECONDS)
        whole = verify(journal, SECONDS, full=True)
        assert short.findings == whole.findings, number
        assert (short.records, short.files, short.heads) == (whole.records, whole.files, whole.heads)


def folds(journal, monkeypatch):
    """Return a list that gets the number of records of each fold from here on."""
    from session_journal.core import fold as module

    counted = []
    real = module.fold

    def counting(files, graph=None):
        folded = real(files, graph)
        counted.append(len(folded.records))
        return folded

    monkeypatch.setattr(module, "fold", counting)
    return counted


def test_a_commit_by_hand_does_not_make_the_next_command_read_the_log(journal, monkeypatch):
    counted = folds(journal, monkeypatch)
    Path(journal.path(where("plain"))).write_bytes(page(8))
    git(journal, "add", "-A")
    git(journal, "commit", "-qm", "by hand")
    journal.publish([Change(where("9"), page(9))], "entry: x", NOW)
    assert counted == []
    assert [finding.code for finding in verify(journal, SECONDS, full=True).findings] == ["unsealed"]


def test_after_a_pull_only_the_new_records_are_read(journal, monkeypatch):
    verify(journal, SECONDS)
    target = Path(journal.root).parent / "other"
    subprocess.run(["git", "clone", "-q", journal.root, str(target)], check=True)
    other = open_journal(str(target))
    for number in (21, 22):
        other.publish([Change(where(f"t{number}"), page(number))], "entry: t", NOW)
    git(journal, "pull", "-q", "--no-rebase", "--no-edit", str(target), "main")
    counted = folds(journal, monkeypatch)
    journal.publish([Change(where("9"), page(9))], "entry: x", NOW)
    assert counted == [2]
    assert verify(journal, SECONDS, full=True).findings == ()


def test_a_remembered_end_whose_commit_is_gone_is_none(journal):
    git(journal, "checkout", "-q", "--orphan", "anew")
    git(journal, "commit", "-qm", "all of it")
    git(journal, "branch", "-qD", "main")
    git(journal, "reflog", "expire", "--expire=now", "--all")
    git(journal, "gc", "-q", "--prune=now")
    journal.publish([Change(where("9"), page(9))], "entry: x", NOW)
    assert verify(journal, SECONDS, full=True).findings == ()
