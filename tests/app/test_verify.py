"""What verification says of every change behind the journal's back, and how sealing takes it in."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from journals import NOW, forget_state, git, make_journal, page, read, where
from session_journal.app.seal import seal
from session_journal.app.story import tell
from session_journal.app.verify import verify
from session_journal.store.journal import Change


@pytest.fixture
def journal(tmp_path):
    journal = make_journal(tmp_path / "j")
    journal.publish([Change(where(name), page(number)) for number, name in enumerate("abc", 1)], "entry: three", NOW)
    journal.publish([Change(where("a"), page(1, "second"), page(1))], "entry: a again", NOW)
    return journal


def file(journal, name="a") -> Path:
    return Path(journal.path(where(name)))


def found(journal):
    return {(finding.level, finding.code, finding.where) for finding in verify(journal, int(NOW.timestamp())).findings}


def commit(journal):
    git(journal, "add", "-A")
    git(journal, "commit", "-q", "-m", "behind its back")


def swap(journal):
    a, b = file(journal, "a").read_bytes(), file(journal, "b").read_bytes()
    file(journal, "a").write_bytes(b)
    file(journal, "b").write_bytes(a)


def link(journal):
    file(journal, "b").unlink()
    file(journal, "b").symlink_to("2026-11-20-c.md")


BEHIND = {
    "edit": (lambda j: file(j).write_bytes(page(1, "forged")), {("FAIL", "content", where("a"))}),
    "trailing space": (lambda j: file(j).write_bytes(page(1, "second ")), {("FAIL", "content", where("a"))}),
    "CRLF": (lambda j: file(j).write_bytes(page(1, "second").replace(b"\n", b"\r\n")), {("FAIL", "content", where("a"))}),
    "BOM": (lambda j: file(j).write_bytes(b"\xef\xbb\xbf" + page(1, "second")), {("FAIL", "content", where("a"))}),
    "an older version": (lambda j: file(j).write_bytes(page(1)), {("FAIL", "content", where("a"))}),
    "swapped contents": (swap, {("FAIL", "content", where("a")), ("FAIL", "content", where("b"))}),
    "deletion": (lambda j: file(j).unlink(), {("FAIL", "deleted", where("a"))}),
    "rename": (lambda j: file(j).rename(file(j, "z")), {("FAIL", "content", where("z"))}),
    "symlink": (link, {("FAIL", "replaced-entry", where("b")), ("WARN", "no-id", where("b"))}),
    "executable bit": (lambda j: file(j).chmod(0o755), {("FAIL", "mode", where("a"))}),
    "new file": (lambda j: file(j, "new").write_bytes(page(9)), {("WARN", "unsealed", where("new"))}),
    "copy with the same id": (lambda j: file(j, "z").write_bytes(page(3)), {("FAIL", "double-id", where("z"))}),
    "name that differs in case": (
        lambda j: file(j, "A").write_bytes(page(9)), {("WARN", "unsealed", where("A")), ("WARN", "alike", where("a"))}
    ),
}  # fmt: skip


def test_an_untouched_journal_is_ok(journal):
    verdict = verify(journal, int(NOW.timestamp()))
    assert (verdict.findings, verdict.files, verdict.records, verdict.failed) == ((), 3, 5, False)


@pytest.mark.parametrize("knowing", ["verified before", "as a stranger"])
@pytest.mark.parametrize("name", BEHIND)
def test_a_committed_change_without_record_is_reported(journal, name, knowing):
    change, expected = BEHIND[name]
    if knowing == "verified before":
        assert found(journal) == set()
    change(journal)
    commit(journal)
    if knowing == "as a stranger":
        forget_state()
    assert found(journal) == expected
    assert verify(journal, int(NOW.timestamp())).failed == any(level == "FAIL" for level, _, _ in expected)


@pytest.mark.parametrize("name", ["edit", "CRLF", "deletion", "rename", "new file"])
def test_sealing_takes_a_committed_change_in(journal, name):
    BEHIND[name][0](journal)
    commit(journal)
    assert seal(journal, NOW).published.commit
    assert found(journal) == set()


@pytest.mark.parametrize("name", ["edit", "CRLF", "deletion", "rename", "new file"])
def test_sealing_commits_a_change_of_the_working_tree_as_it_is(journal, name):
    BEHIND[name][0](journal)
    before = {path.name: path.read_bytes() for path in file(journal).parent.iterdir()}
    seal(journal, NOW)
    assert {path.name: path.read_bytes() for path in file(journal).parent.iterdir()} == before
    assert found(journal) == set()
    assert git(journal, "status", "--porcelain") == ""


def test_sealing_twice_records_nothing_new(journal):
    file(journal).write_bytes(page(1, "by hand"))
    seal(journal, NOW)
    before = git(journal, "rev-parse", "HEAD")
    assert seal(journal, NOW).changes == []
    assert git(journal, "rev-parse", "HEAD") == before


def test_an_uncommitted_edit_is_a_warning_with_the_way_back(journal):
    file(journal).write_bytes(page(1, "damaged"))
    (finding,) = verify(journal, int(NOW.timestamp())).findings
    assert (finding.level, finding.code) == ("WARN", "uncommitted-change")
    assert f"git restore -- {where('a')}" in finding.hint
    git(journal, "restore", "--", where("a"))
    assert found(journal) == set()


def test_what_waits_for_its_commit_is_not_to_be_thrown_away(journal):
    lock = Path(journal.git_dir, "index.lock")
    lock.touch()
    old = read(journal, where("a"))
    changes = [Change(where("a"), page(1, "ticked"), old), Change(where("new"), page(9))]
    assert journal.publish(changes, "entry: ticked", NOW).waiting
    lock.unlink()
    told = {(one.where, one.message, one.hint) for one in verify(journal, int(NOW.timestamp())).findings}
    assert told == {
        (where(name), "it is written, and its commit waits", "journal doctor --fix") for name in ("a", "new")
    }
    journal.complete(NOW)
    assert found(journal) == set()


def test_a_named_commit_is_checked_without_the_working_tree(journal):
    before = journal.repo.head()
    file(journal).write_bytes(page(1, "forged"))
    assert verify(journal, int(NOW.timestamp()), before).findings == ()
    commit(journal)
    assert verify(journal, int(NOW.timestamp()), before).findings == ()
    (finding,) = verify(journal, int(NOW.timestamp()), journal.repo.head()).findings
    assert (finding.level, finding.code) == ("FAIL", "content")


def test_an_edit_hidden_from_git_status_is_seen(journal):
    git(journal, "update-index", "--assume-unchanged", where("a"))
    file(journal).write_bytes(page(1, "hidden"))
    assert git(journal, "status", "--porcelain") == ""
    assert ("WARN", "uncommitted-change", where("a")) in found(journal)


def test_a_replaced_object_does_not_fool_the_check(journal):
    file(journal).write_bytes(page(1, "forged"))
    commit(journal)
    forged, true = (git(journal, "rev-parse", f"{at}:{where('a')}").strip() for at in ("HEAD", "HEAD~1"))
    git(journal, "replace", forged, true)
    assert ("FAIL", "content", where("a")) in found(journal)


def test_a_deleted_entry_that_is_back_is_a_warning(journal):
    data = read(journal, where("b"))
    journal.publish([Change(where("b"), None, data)], "entry: delete b", NOW)
    file(journal, "b").write_bytes(data)
    commit(journal)
    assert found(journal) == {("WARN", "deleted-back", where("b"))}


def test_an_empty_log_is_a_failure(journal):
    subprocess.run(["rm", "-r", journal.path("journal/log")], check=True)
    commit(journal)
    assert ("FAIL", "no-log", "journal/log") in found(journal)


def test_a_journal_without_a_commit_has_no_log(journal):
    git(journal, "checkout", "-q", "--orphan", "empty")
    assert ("FAIL", "no-log", "journal/log") in found(journal)


def test_a_link_at_a_log_path_is_a_failure(journal):
    (lane,) = Path(journal.path("journal/log")).glob("*/*.jsonl")
    lane.rename(Path(journal.root, "elsewhere.jsonl"))
    lane.symlink_to("../../../elsewhere.jsonl")
    commit(journal)
    assert any(code == "log-mode" for _, code, _ in found(journal))


def test_a_record_from_the_future_is_a_warning(journal):
    findings = verify(journal, int(NOW.timestamp()) - 10 * 86_400).findings
    assert {(finding.level, finding.code) for finding in findings} == {("WARN", "future")}


def test_a_hand_written_file_gets_its_id_when_sealed(journal):
    file(journal, "hand").write_bytes("---\ntitle: Hand-written # mine\n---\n\n# Ünïcode\n".encode())
    sealed = seal(journal, NOW)
    assert sealed.named == [where("hand")]
    text = file(journal, "hand").read_text(encoding="utf-8")
    assert "title: Hand-written # mine\n" in text
    assert text.endswith("---\n\n# Ünïcode\n")
    assert found(journal) == set()


REFUSED = {
    "front matter that does not parse": (b'---\nid: "ff"\ntitle: [\n---\n', r"x\.md:\d"),
    "a file that is not UTF-8": (b"---\ntitle: \xff\xfe\n---\n", r"x\.md"),
    "an empty file": (b"", r"x\.md"),
    "a duplicate id": (page(2), r"same id as .*-b\.md"),
    "a secret": (page(8, "ghp_" + "A1b2C3d4E5" * 3 + "f6G7H8"), r"x\.md:7 holds a secret \(github-token\)"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_sealed_is_named_and_the_rest_is_sealed(journal, name):
    data, message = REFUSED[name]
    file(journal, "x").write_bytes(data)
    file(journal, "good").write_bytes(page(77))
    sealed = seal(journal, NOW)
    (refused,) = sealed.refused
    assert refused.path == where("x")
    import re

    assert re.search(message, f"{refused.path}: {refused.message}")
    assert file(journal, "x").read_bytes() == data
    assert found(journal) == {("WARN", "unsealed", where("x"))}


def test_dry_run_changes_nothing(journal):
    file(journal).write_bytes(page(1, "by hand"))
    before = git(journal, "rev-parse", "HEAD"), read(journal, where("a"))
    assert [change.path for change in seal(journal, NOW, dry_run=True).changes] == [where("a")]
    assert (git(journal, "rev-parse", "HEAD"), read(journal, where("a"))) == before


def test_the_log_tells_its_story_newest_first(journal):
    journal.publish([Change(where("b"), None, page(2))], "entry: delete b", NOW)
    told = [(line.what, os.path.basename(line.path)) for line in tell(journal)]
    assert told == [
        ("deleted", "2026-11-20-b.md"),
        ("recorded again", "2026-11-20-a.md"),
        ("recorded", "2026-11-20-c.md"),
        ("recorded", "2026-11-20-b.md"),
        ("recorded", "2026-11-20-a.md"),
        ("began", ""),
    ]
    assert [line.what for line in tell(journal, 2)] == ["deleted", "recorded again"]


def test_an_entry_that_lost_its_id_line_keeps_its_id(journal):
    file(journal).write_bytes(page(1, "by hand").replace(f'id: "{1:032x}"\n'.encode(), b""))
    file(journal, "other").write_bytes(page(50))
    sealed = seal(journal, NOW)
    assert sealed.refused == []
    assert f'id: "{1:032x}"' in file(journal).read_text(encoding="utf-8")
    assert found(journal) == set()


def test_a_file_replaced_by_another_entry_is_recorded_as_both(journal):
    file(journal).write_bytes(page(60, "something else"))
    assert seal(journal, NOW).refused == []
    assert found(journal) == set()
    assert [line.what for line in tell(journal, 2)] == ["deleted", "recorded"]


def test_a_copy_does_not_take_over_the_originals_identity(journal):
    file(journal, "C-copy").write_bytes(file(journal, "c").read_bytes())
    commit(journal)
    assert [refused.path for refused in seal(journal, NOW).refused] == [where("C-copy")]


@pytest.mark.parametrize(
    "line", ['"id" : abc1', "id:\n  abc1", "id: [a]", "id: >-\n  abc", "id: ~", "id: a b"], ids=repr
)
def test_an_id_that_git_and_yaml_would_read_differently_is_refused_or_replaced(journal, line):
    text = f"---\n{line}\ntitle: x\n---\n\nText.\n"
    file(journal, "x").write_text(text, encoding="utf-8")
    file(journal, "good").write_bytes(page(77))
    sealed = seal(journal, NOW)
    if sealed.refused:
        assert [refused.path for refused in sealed.refused] == [where("x")]
        assert file(journal, "x").read_text(encoding="utf-8") == text
    else:
        assert sealed.named == [where("x")]
    assert where("good") in git(journal, "ls-files")


def test_links_and_pipes_are_refused_and_nothing_hangs(journal, tmp_path):
    (tmp_path / "diary.md").write_bytes(page(70, "private"))
    file(journal, "link").symlink_to(tmp_path / "diary.md")
    os.mkfifo(file(journal, "pipe"))
    refused = {one.path for one in seal(journal, NOW).refused}
    assert refused == {where("link"), where("pipe")}
    assert "private" not in git(journal, "log", "-p", "--all")
    file(journal, "a").unlink()
    file(journal, "a").symlink_to(tmp_path / "diary.md")
    assert ("WARN", "uncommitted-change", where("a")) in found(journal)


def test_a_name_that_is_not_utf8_is_told_apart(journal):
    odd = os.path.join(os.fsencode(file(journal).parent), b"2026-11-20-\xff.md")
    with open(odd, "wb") as handle:
        handle.write(page(71))
    (refused,) = seal(journal, NOW).refused
    assert "not UTF-8" in refused.message
    assert {code for _, code, _ in found(journal)} == {"unsealed"}
