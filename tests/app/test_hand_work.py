"""What people do with plain git, and whether seal and what verify says lead them out of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from journals import NOW, git, make_journal, page, read, where
from session_journal.app.committed import seal_committed
from session_journal.app.note import add_note
from session_journal.app.seal import seal
from session_journal.app.verify import verify
from session_journal.store.journal import Change

SECONDS = int(NOW.timestamp())
NOTES = "journal/notes/2026-11-20.md"


@pytest.fixture
def journal(tmp_path):
    journal = make_journal(tmp_path / "j")
    for number, name in enumerate("abc", 1):
        journal.publish([Change(where(name), page(number))], f"entry: {name}", NOW)
    return journal


def found(journal, **more):
    return [(finding.level, finding.code) for finding in verify(journal, SECONDS, **more).findings]


def two_notes(journal):
    """Begin the day's notes on two branches, as two laptops do."""
    git(journal, "checkout", "-qb", "side")
    add_note(journal, "from the side", NOW)
    git(journal, "checkout", "-q", "main")
    add_note(journal, "from main", NOW)


def keep_both(journal):
    """Resolve the conflict as a careful person would: one front matter, both lines."""
    ours, theirs = (git(journal, "show", f":{stage}:{NOTES}") for stage in (2, 3))
    lines = [line for line in theirs.splitlines() if line.startswith("- ")]
    Path(journal.path(NOTES)).write_text(ours + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    git(journal, "add", "-A")


@pytest.mark.parametrize("way", ["merge", "rebase"])
@pytest.mark.parametrize("sealing", [seal, seal_committed], ids=["seal", "seal --committed"])
def test_notes_of_one_day_that_git_put_together_by_hand_are_sealed(journal, way, sealing):
    two_notes(journal)
    if way == "merge":
        git(journal, "merge", "-q", "side", code=1)
        keep_both(journal)
        git(journal, "commit", "-q", "--no-edit")
    else:
        git(journal, "checkout", "-q", "side")
        git(journal, "rebase", "-q", "main", code=1)
        keep_both(journal)
        git(journal, "-c", "core.editor=true", "rebase", "--continue")
    before = read(journal, NOTES)
    told = [finding for finding in verify(journal, SECONDS).findings if finding.code in {"deleted", "replaced-entry"}]
    assert told
    assert all("checkout" not in finding.hint and "seal" in finding.hint for finding in told)
    assert sealing(journal, NOW).changes
    assert (found(journal), read(journal, NOTES)) == ([], before)


def test_an_entry_that_only_the_log_knows_is_recorded_as_gone(journal):
    two_notes(journal)
    git(journal, "checkout", "-q", "side")
    git(journal, "rebase", "-q", "-X", "ours", "main")
    assert ("FAIL", "deleted") in found(journal)
    seal(journal, NOW)
    assert found(journal) == []


@pytest.mark.parametrize("sealing", [seal, seal_committed], ids=["seal", "seal --committed"])
def test_a_name_that_is_not_utf8_is_refused_and_the_rest_is_sealed(journal, sealing):
    odd = os.path.join(os.fsencode(Path(journal.path(where("a"))).parent), b"2026-11-20-caf\xe9.md")
    Path(os.fsdecode(odd)).write_bytes(page(7))
    Path(journal.path(where("good"))).write_bytes(page(8))
    git(journal, "add", "-A")
    git(journal, "commit", "-qm", "by hand")
    sealed = sealing(journal, NOW)
    assert ["UTF-8" in refused.message for refused in sealed.refused] == [True]
    assert all(refused.path.isprintable() and refused.path.isascii() for refused in sealed.refused)
    assert where("good") in [change.path for change in sealed.changes]


@pytest.mark.parametrize("what", ["entry", "log"])
def test_a_missing_object_is_told_as_damage_with_the_command_that_looks_into_it(journal, what):
    from session_journal.errors import GitError

    lane = next(Path(journal.path("journal/log")).glob("*/*.jsonl"))
    path = where("b") if what == "entry" else lane.relative_to(journal.root).as_posix()
    oid = git(journal, "rev-parse", f"HEAD:{path}").strip()
    Path(journal.git_dir, "objects", oid[:2], oid[2:]).unlink()
    if what == "log":
        with pytest.raises(GitError, match="damaged") as caught:
            verify(journal, SECONDS)
        assert "git fsck" in caught.value.hint
        return
    (finding,) = verify(journal, SECONDS).findings
    assert (finding.level, finding.code, finding.where) == ("FAIL", "damaged", path)
    assert "git fsck" in finding.hint


def test_in_the_middle_of_a_merge_verify_says_so_and_leaves_the_working_tree_alone(journal):
    two_notes(journal)
    git(journal, "merge", "-q", "side", code=1)
    verdict = verify(journal, SECONDS)
    assert verdict.findings == ()
    assert verdict.unchecked == ("the working tree, for git is in the middle of a merge: finish it first",)


def test_a_working_copy_of_the_log_that_is_gone_is_never_to_be_sealed(journal):
    for path in Path(journal.path("journal/log")).glob("*/*.jsonl"):
        path.unlink()
    (finding,) = verify(journal, SECONDS).findings
    assert ("git restore" in finding.hint, "seal" in finding.hint) == (True, False)


def test_a_record_that_another_one_replaced_is_to_be_repaired(journal):
    lane = next(Path(journal.path("journal/log")).glob("*/*.jsonl"))
    lane.write_bytes(lane.read_bytes().replace(b'"op":"put"', b'"op":"move"', 1))
    git(journal, "commit", "-qam", "behind its back")
    hints = {finding.hint for finding in verify(journal, SECONDS).findings if finding.code in {"lost", "no-parent"}}
    assert all("journal log repair" in hint for hint in hints)


def test_a_file_that_does_not_belong_in_the_log_is_to_be_taken_out(journal):
    odd = Path(journal.path("journal/log/zzzz/000000.jsonl"))
    odd.parent.mkdir()
    odd.write_text("nonsense\n")
    git(journal, "add", "-A")
    git(journal, "commit", "-qm", "by hand")
    told = [finding for finding in verify(journal, SECONDS).findings if finding.where.startswith("journal/log/zzzz")]
    assert [finding.code for finding in told] == ["foreign-log-file"]
    assert "git rm" in told[0].hint


def test_a_named_commit_is_not_held_against_what_only_this_machine_has_seen(journal):
    git(journal, "checkout", "-qb", "side")
    add_note(journal, "dropped", NOW)
    git(journal, "checkout", "-q", "main")
    git(journal, "branch", "-qD", "side")
    assert found(journal) == [("FAIL", "pin")]
    assert found(journal, commit=journal.repo.head()) == []


@pytest.mark.parametrize("sealing", [seal, seal_committed], ids=["seal", "seal --committed"])
def test_a_secret_that_is_in_a_commit_is_not_said_to_be_stored_nowhere(journal, sealing):
    place = Path(journal.path(where("a")))
    place.write_bytes(page(1, "ghp_" + "A1b2C3d4E5" * 3 + "f6G7H8"))
    if sealing is seal:
        assert "nothing was stored" in sealing(journal, NOW).refused[0].message
    git(journal, "commit", "-qam", "by hand")
    (refused,) = sealing(journal, NOW).refused
    assert "github-token" in refused.message
    assert ("the last commit has it" in refused.message, "nothing was stored" in refused.message) == (True, False)
