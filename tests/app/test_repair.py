"""Putting the log's files right: after conflicts in the middle of a lane, and where a commit took records away."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from journals import NOW, git, make_journal, page, where
from session_journal.app.repair import let_go, lost_of, repair
from session_journal.app.seal import seal
from session_journal.app.verify import verify
from session_journal.core.chain import decode
from session_journal.errors import JournalError
from session_journal.store.journal import Change

SECONDS = int(NOW.timestamp())


@pytest.fixture
def journal(tmp_path):
    journal = make_journal(tmp_path / "j")
    for number, name in enumerate("abcd", 1):
        journal.publish([Change(where(name), page(number))], f"entry: {name}", NOW)
    return journal


def found(journal):
    return [(finding.level, finding.code) for finding in verify(journal, SECONDS).findings]


def lane_of(journal):
    (path,) = sorted(Path(journal.path("journal/log")).glob("*/*.jsonl"))
    return path


def there(journal):
    return sorted(path.stem[11:] for path in Path(journal.path("journal/sessions/2026")).glob("*.md"))


def test_a_revert_in_the_middle_of_a_lane_is_repaired_and_sealed(journal):
    before = lane_of(journal).read_bytes()
    git(journal, "revert", "--no-edit", "HEAD~2", code=1)
    assert repair(journal, NOW).repaired
    assert lane_of(journal).read_bytes() == before
    git(journal, "-c", "core.editor=true", "revert", "--continue")
    assert there(journal) == ["a", "c", "d"]
    assert found(journal) == [("FAIL", "deleted")]
    assert [change.path for change in seal(journal, NOW).changes] == [where("b")]
    assert found(journal) == []


def test_a_revert_of_the_newest_entry_is_sealed_with_its_record_back(journal):
    before = lane_of(journal).read_bytes()
    git(journal, "revert", "--no-edit", "HEAD")
    assert ("FAIL", "lost") in found(journal)
    sealed = seal(journal, NOW)
    assert (sealed.restored, [change.path for change in sealed.changes]) == (
        [lane_of(journal).relative_to(journal.root).as_posix()], [where("d")],
    )  # fmt: skip
    assert lane_of(journal).read_bytes().startswith(before)
    assert found(journal) == [("WARN", "lost-and-back")]
    assert seal(journal, NOW).restored == []


def test_a_cherry_pick_from_the_middle_of_a_lane_is_repaired_and_sealed(journal):
    git(journal, "checkout", "-qb", "side", "main~3")
    before = lane_of(journal).read_bytes()
    git(journal, "cherry-pick", "main~1", code=1)
    assert repair(journal, NOW).repaired
    assert lane_of(journal).read_bytes() == before
    git(journal, "-c", "core.editor=true", "cherry-pick", "--continue")
    assert there(journal) == ["a", "c"]
    assert found(journal) == [("WARN", "unsealed")]
    seal(journal, NOW)
    assert found(journal) == []
    git(journal, "checkout", "-q", "main")
    assert found(journal) == []


def test_a_cherry_pick_of_a_lane_that_is_not_here_adds_no_file(journal, tmp_path):
    git(journal, "checkout", "-qb", "side", "main~3")
    journal.publish([Change(where("s"), page(31)), Change(where("t"), page(32))], "entry: s and t", NOW)
    journal.publish([Change(where("u"), page(33))], "entry: u", NOW)
    git(journal, "checkout", "-q", "main")
    lanes = sorted(Path(journal.path("journal/log")).iterdir())
    git(journal, "cherry-pick", "side", code=1)
    repair(journal, NOW)
    git(journal, "-c", "core.editor=true", "cherry-pick", "--continue")
    assert sorted(path for path in Path(journal.path("journal/log")).iterdir() if list(path.iterdir())) == lanes
    seal(journal, NOW)
    assert found(journal) == []


def forked(journal, tmp_path):
    """Let the same lane be continued twice, as a machine restored from a snapshot does; return the other repository."""
    import shutil

    shutil.copytree(journal.root, tmp_path / "snapshot")
    journal.publish([Change(where("mine"), page(41))], "entry: mine", NOW)
    shutil.move(journal.root, tmp_path / "first")
    shutil.move(tmp_path / "snapshot", journal.root)
    state = Path.home() / ".local/state/session-journal"
    for path in (state / "lanes").iterdir():  # the snapshot had the state folder of its day, too
        lane, last = lane_of(journal).parent.name, decode(lane_of(journal).read_bytes().splitlines()[-1]).id
        path.write_text(f"{lane} {last}\n")
    journal.publish([Change(where("theirs"), page(42))], "entry: theirs", NOW)
    git(journal, "pull", "-q", "--no-rebase", "--no-edit", str(tmp_path / "first"), "main", code=1)


def test_two_records_in_one_place_are_named_and_let_go_by_an_explicit_word(journal, tmp_path):
    forked(journal, tmp_path)
    lane = lane_of(journal).parent.name
    done = repair(journal, NOW)
    assert done.left == [lane_of(journal).relative_to(journal.root).as_posix()]
    git(journal, "commit", "-q", "--no-edit")
    seal(journal, NOW)
    assert ("FAIL", "lost") in found(journal)
    lost = lost_of(journal, lane)
    assert len(lost.told) == 1
    let_go(journal, lost)
    assert found(journal) == [("WARN", "abandoned")]
    assert {"mine", "theirs"} <= set(there(journal))


def test_conflict_markers_that_were_committed_are_taken_out(journal):
    before = lane_of(journal).read_bytes()
    lines = before.splitlines(keepends=True)
    broken = b"".join([*lines[:3], b"<<<<<<< HEAD\n", *lines[3:], b"=======\n", b">>>>>>> main\n"])
    lane_of(journal).write_bytes(broken)
    git(journal, "commit", "-qam", "resolved in a hurry")
    assert ("FAIL", "bad-line") in found(journal)
    assert repair(journal, NOW).repaired
    assert lane_of(journal).read_bytes() == before
    assert found(journal) == []


def test_a_record_that_was_changed_comes_back_as_it_was(journal):
    before = lane_of(journal).read_bytes()
    lane_of(journal).write_bytes(before.replace(b'"op":"put"', b'"op":"move"', 1))
    git(journal, "commit", "-qam", "behind its back")
    repair(journal, NOW)
    assert lane_of(journal).read_bytes() == before
    assert {level for level, _ in found(journal)} == {"WARN"}


def test_dry_run_changes_nothing(journal):
    git(journal, "revert", "--no-edit", "HEAD")
    before = git(journal, "rev-parse", "HEAD"), lane_of(journal).read_bytes()
    assert repair(journal, NOW, dry_run=True).repaired
    assert (git(journal, "rev-parse", "HEAD"), lane_of(journal).read_bytes()) == before


def test_a_log_in_order_needs_no_repair_and_nothing_can_be_let_go(journal):
    assert repair(journal, NOW).repaired == []
    lane = lane_of(journal).parent.name
    with pytest.raises(JournalError, match="no lane has lost a record"):
        lost_of(journal, lane)


def test_a_merge_that_conflicts_in_the_log_is_united(journal):
    """Two branches that continued one lane after a reset: the records of both stay if nothing stands in one place."""
    git(journal, "checkout", "-qb", "side", "main~2")
    lines = lane_of(journal).read_bytes()
    lane_of(journal).write_bytes(lines.rstrip(b"\n"))
    git(journal, "commit", "-qam", "an editor took the last line end")
    git(journal, "checkout", "-q", "main")
    merged = subprocess.run(
        ["git", "merge", "-q", "--no-edit", "side"], cwd=journal.root, capture_output=True, check=False
    )
    assert merged.returncode == 1
    assert repair(journal, NOW).left == []
    git(journal, "commit", "-q", "--no-edit")
    assert {level for level, _ in found(journal)} <= {"WARN"}
