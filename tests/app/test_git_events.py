"""Hooks as git runs them: what is committed by hand is checked, recorded, and nothing else is touched."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hooked import TOKEN, findings, make_hooked, ok, run, subjects, write
from journals import NOW, page, read, where
from session_journal.app.repair import let_go, lost_of
from session_journal.app.verify import verify
from session_journal.store.journal import Change, open_journal


@pytest.fixture
def journal(tmp_path):
    return make_hooked(tmp_path / "j")


# --- after a commit -------------------------------------------------------------------------------------------------

COMMITS = {
    "commit": [("add", "journal"), ("commit", "-qm", "by hand")],
    "commit -a": [("commit", "-qam", "by hand")],
    "commit PATH": [("commit", "-qm", "by hand", where("a"))],
    "commit --no-verify": [("commit", "-qanm", "by hand")],
    "commit --amend": [("commit", "-qa", "--amend", "-m", "by hand")],
}


@pytest.mark.parametrize("way", COMMITS)
def test_what_was_committed_by_hand_is_recorded_at_once(journal, way):
    write(journal, where("a"), "more\n")
    said = "".join(ok(journal, *args) for args in COMMITS[way])
    assert "journal: recorded 1 file in the journal's log" in said
    assert findings(journal) == []
    assert subjects(journal, "-2") == [f"seal: {os.path.basename(where('a'))}", "by hand"]
    assert ok(journal, "status", "--porcelain") == ""


def test_a_commit_from_a_folder_inside_and_one_from_a_linked_worktree_are_recorded(journal, tmp_path):
    write(journal, where("a"), "more\n")
    ok(journal, "commit", "-qam", "by hand", cwd=journal.path("journal/sessions"))
    assert findings(journal) == []
    ok(journal, "worktree", "add", "-q", "-b", "other", str(tmp_path / "tree"))
    tree = open_journal(str(tmp_path / "tree"))
    write(tree, where("a"), "in the worktree\n")
    ok(tree, "commit", "-qam", "there", cwd=tree.path("journal"))
    assert (findings(tree), subjects(tree, "-1")) == ([], [f"seal: {os.path.basename(where('a'))}"])
    assert "in the worktree" not in read(journal, where("a")).decode()


def test_only_what_is_committed_is_recorded_and_nothing_else_is_touched(journal):
    for number, name in enumerate("bcd", 2):
        journal.publish([Change(where(name), page(number))], f"entry: {name}", NOW)
    write(journal, where("a"), "committed\n")
    write(journal, where("b"), "staged\n")
    ok(journal, "add", where("a"), where("b"))
    write(journal, where("b"), "half edited\n")
    write(journal, where("c"), "not staged\n")
    write(journal, "journal/sessions/2026/untracked.md", "# Not yet\n")
    os.remove(journal.path(where("d")))
    before = ok(journal, "status", "--porcelain"), ok(journal, "ls-files", "-s", where("b")), read(journal, where("b"))
    ok(journal, "commit", "-qm", "one of them", where("a"))
    after = ok(journal, "status", "--porcelain"), ok(journal, "ls-files", "-s", where("b")), read(journal, where("b"))
    assert (after[0], after[1:]) == (before[0].replace(f"M  {where('a')}\n", ""), before[1:])
    assert findings(journal, "HEAD") == []


def test_a_file_that_is_edited_again_before_it_is_recorded_keeps_both_versions(journal):
    write(journal, where("a"), "first\n")
    ok(journal, "add", where("a"))
    write(journal, where("a"), "second\n")
    ok(journal, "commit", "-qm", "the first line")
    assert ok(journal, "show", f"HEAD:{where('a')}").endswith("first\n")
    assert read(journal, where("a")).endswith(b"first\nsecond\n")
    assert findings(journal, "HEAD") == []


def test_new_renamed_and_deleted_files_are_recorded(journal):
    journal.publish([Change(where("b"), page(2)), Change(where("c"), page(3))], "entry: b and c", NOW)
    write(journal, where("new"), page(9).decode())
    ok(journal, "mv", where("b"), where("renamed"))
    ok(journal, "rm", "-q", where("c"))
    ok(journal, "add", "journal")
    ok(journal, "commit", "-qm", "many things")
    assert findings(journal) == []
    last = ok(journal, "log", "-1", "-p", "--format=", "--", "journal/log")
    assert sorted(op for op in ("put", "move", "del") for line in last.splitlines() if f'"op":"{op}"' in line and line.startswith("+")) == ["del", "move", "put"]  # fmt: skip


def test_a_hand_written_file_gets_its_id(journal):
    write(journal, where("mine"), "# Mine\n")
    ok(journal, "add", "journal")
    said = ok(journal, "commit", "-qm", "mine")
    assert f"{where('mine')} had no id; it has one now" in said
    assert read(journal, where("mine")).startswith(b'---\nid: "')
    assert (findings(journal), ok(journal, "status", "--porcelain")) == ([], "")


def test_a_file_without_id_that_is_being_edited_waits(journal):
    write(journal, where("mine"), "# Mine\n")
    ok(journal, "add", "journal")
    write(journal, where("mine"), "more that is not committed\n")
    said = ok(journal, "commit", "-qm", "mine")
    assert "it has no id yet and is being changed" in said
    assert read(journal, where("mine")) == b"# Mine\nmore that is not committed\n"
    assert ok(journal, "diff", "--stat").count("mine.md") == 1


def run_instead(journal, program):
    """Let the hooks run another program than journal."""
    for hook in Path(journal.path(".git/hooks")).glob("p*[!e]"):
        text = hook.read_text()
        (line,) = [line for line in text.splitlines() if line.startswith("journal=")]
        hook.write_text(text.replace(line, f"journal='{program}'"))


def test_what_holds_nothing_of_the_journal_does_not_even_start_it(journal, tmp_path):
    seen = tmp_path / "seen"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\necho \"$3\" >> '{seen}'\n")
    program.chmod(0o755)
    run_instead(journal, program)
    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "bare")], check=True)
    ok(journal, "push", "-q", str(tmp_path / "bare"), "main")
    ok(journal, "checkout", "-q", "-b", "side")
    for branch in ("side", "main"):
        ok(journal, "checkout", "-q", branch)
        (Path(journal.root) / f"{branch}.py").write_text("print()\n")
        ok(journal, "add", f"{branch}.py")
        ok(journal, "commit", "-qm", branch)
    ok(journal, "push", "-q", str(tmp_path / "bare"), "main")
    ok(journal, "rebase", "-q", "main", "side")
    ok(journal, "checkout", "-q", "main")
    ok(journal, "merge", "-q", "side")
    assert seen.read_text().split() == ["pre-push"]  # the first push, which brought the journal
    write(journal, where("a"), "more\n")
    ok(journal, "commit", "-qam", "by hand")
    assert seen.read_text().split()[1:] == ["pre-commit", "post-commit"]


def with_git_only(journal):
    """Return a PATH with git and the tools of sh, and no journal."""
    folder = Path(journal.root).parent / "bin"
    folder.mkdir(exist_ok=True)
    for name in ("git", "sh", "cat", "cut", "grep"):
        target = subprocess.run(["sh", "-c", f"command -v {name}"], capture_output=True, text=True, check=True)
        if not (folder / name).exists():
            (folder / name).symlink_to(target.stdout.strip())
    return str(folder)


def test_without_the_command_git_goes_on_with_one_line(journal):
    run_instead(journal, "/nowhere/journal")
    write(journal, where("a"), "more\n")
    said = ok(journal, "commit", "-qam", "by hand", PATH=with_git_only(journal))
    assert said.splitlines() == [
        "journal: its command was not found, so nothing was checked; git goes on",
        "journal: its command was not found, so nothing was recorded in the journal's log; git goes on",
    ]
    assert subjects(journal, "-1") == ["by hand"]


def test_a_fault_of_ours_never_stops_git(journal):
    run_instead(journal, sys.executable)
    write(journal, where("a"), "more\n")
    said = ok(journal, "commit", "-qam", "by hand")
    assert "journal: nothing was checked (exit code 2); git goes on" in said


def test_another_journal_of_the_user_is_never_meant(journal, tmp_path):
    other = make_hooked(tmp_path / "other")
    write(journal, where("a"), "more\n")
    before = subjects(other)
    ok(journal, "commit", "-qam", "by hand", JOURNAL_HOME=other.root)
    assert (findings(journal), subjects(other)) == ([], before)


def test_what_git_puts_into_the_environment_leads_nowhere_else(journal, tmp_path):
    other = make_hooked(tmp_path / "other")
    before = subjects(other)
    write(journal, where("a"), "more\n")
    ok(journal, "--git-dir", journal.git_dir, "--work-tree", journal.root, "commit", "-qam", "by hand", cwd=other.root)
    assert (findings(journal), subjects(other)) == ([], before)


@pytest.mark.parametrize("staged", [False, True], ids=["commit -a", "commit"])
def test_a_note_written_while_the_commit_message_is_open_loses_nothing(journal, staged):
    editor = Path(journal.root).parent / "editor"
    editor.write_text(f"#!/bin/sh\nset -e\n'{sys.executable}' -m session_journal --journal '{journal.root}' note meanwhile >/dev/null\necho by hand > \"$1\"\n")  # fmt: skip
    editor.chmod(0o755)
    write(journal, where("a"), "more\n")
    if staged:
        ok(journal, "add", "journal")
    done = run(journal, "commit", *([] if staged else ["-a"]), GIT_EDITOR=f"'{editor}'")
    assert done.returncode == 0, done.stderr  # the note is written, its commit waits for the person's own
    notes = list(Path(journal.path("journal/notes")).glob("*.md"))
    assert [b"meanwhile" in note.read_bytes() for note in notes] == [True]
    journal.publish([Change(where("b"), page(2))], "entry: b", NOW)
    assert read(journal, where("a")).endswith(b"more\n")
    assert (findings(journal), ok(journal, "status", "--porcelain")) == ([], "")


# --- operations -----------------------------------------------------------------------------------------------------


def branch_off(journal):
    """Commit an entry on a branch and another one on main, both by hand; main is checked out."""
    ok(journal, "checkout", "-q", "-b", "side")
    write(journal, where("side"), page(20).decode())
    ok(journal, "add", "journal")
    ok(journal, "commit", "-qm", "side")
    ok(journal, "checkout", "-q", "main")
    write(journal, where("main"), page(21).decode())
    ok(journal, "add", "journal")
    ok(journal, "commit", "-qm", "main")


def test_a_merge_that_changes_nothing_needs_no_record(journal):
    branch_off(journal)
    ok(journal, "merge", "-q", "--no-edit", "side")
    assert (findings(journal), subjects(journal, "-1")) == ([], ["Merge branch 'side'"])


@pytest.mark.parametrize("autostash", ["--no-autostash", "--autostash"])
def test_text_that_git_merged_is_recorded_when_the_merge_is_done(journal, autostash):
    lines = page(1).decode() + "\n".join(f"line {number}" for number in range(20)) + "\n"
    write(journal, where("a"), lines, "w")
    ok(journal, "commit", "-qam", "long")
    ok(journal, "checkout", "-q", "-b", "side")
    write(journal, where("a"), lines + "at the end\n", "w")
    ok(journal, "commit", "-qam", "side")
    ok(journal, "checkout", "-q", "main")
    write(journal, where("a"), lines.replace("line 1\n", "line one\n"), "w")
    ok(journal, "commit", "-qam", "main")
    dirty = Path(journal.root, ".gitattributes")
    if autostash == "--autostash":
        dirty.write_text("journal/** -text\n# mine\n")
    ok(journal, "merge", "-q", "--no-edit", autostash, "side")
    assert [one for one in findings(journal) if one[1] != "uncommitted-change"] == []
    assert subjects(journal, "-2") == [f"seal: {os.path.basename(where('a'))}", "Merge branch 'side'"]
    assert not os.path.exists(os.path.join(journal.git_dir, "MERGE_HEAD"))
    assert ("# mine" in dirty.read_text()) == (autostash == "--autostash")


def test_what_a_pull_brought_in_is_not_recorded_in_its_authors_place(journal, tmp_path):
    subprocess.run(["git", "clone", "-q", journal.root, str(tmp_path / "clone")], check=True)
    clone = open_journal(str(tmp_path / "clone"))
    write(clone, where("a"), "behind the log's back\n")
    ok(clone, "commit", "-qam", "no hooks there")
    before = subjects(clone)
    ok(journal, "pull", "-q", str(clone.root), "main")
    assert subjects(journal) == before
    assert findings(journal) == [("FAIL", "content")]
    write(journal, where("mine"), page(5).decode())
    ok(journal, "add", "journal")
    ok(journal, "commit", "-qm", "mine")
    assert findings(journal) == [("FAIL", "content")]  # it is still for the person to say `journal seal`


@pytest.mark.parametrize("how", [[], ["--autostash"], ["--update-refs"], ["--rebase-merges"]])
def test_a_rebase_runs_through_and_ends_recorded(journal, how):
    ok(journal, "checkout", "-q", "-b", "side")
    for name in ("one", "two"):  # committed before there were hooks: no records in between
        write(journal, where(name), page(30 + len(name) + ord(name[0])).decode())
        ok(journal, "add", "journal")
        ok(journal, "-c", "core.hooksPath=/dev/null", "commit", "-qm", name)
    ok(journal, "checkout", "-q", "main")
    write(journal, where("main"), page(21).decode())
    ok(journal, "add", "journal")
    ok(journal, "commit", "-qm", "main")
    ok(journal, "checkout", "-q", "side")
    if how == ["--autostash"]:
        write(journal, where("a"), "dirty\n")
    usage = run(journal, "rebase", "-h")
    if how == ["--update-refs"] and "update-refs" not in usage.stdout + usage.stderr:
        pytest.skip("this git has no --update-refs")
    said = ok(journal, "rebase", *how, "main")
    assert "recorded 2 files" in said
    assert subjects(journal, "-3") == ["seal: 2 files", "two", "one"]
    assert findings(journal, "HEAD") == []
    expected = f" M {where('a')}\n" if how == ["--autostash"] else ""
    assert ok(journal, "status", "--porcelain") == expected
    assert ok(journal, "branch", "--show-current") == "side\n"
    assert not os.path.exists(os.path.join(journal.git_dir, "rebase-merge"))


def test_pull_with_rebase_and_autostash_ends_recorded(journal, tmp_path):
    subprocess.run(["git", "clone", "-q", journal.root, str(tmp_path / "clone")], check=True)
    clone = open_journal(str(tmp_path / "clone"))
    clone.publish([Change(where("theirs"), page(40))], "entry: theirs", NOW)
    write(journal, where("mine"), page(41).decode())
    ok(journal, "add", "journal")
    ok(journal, "-c", "core.hooksPath=/dev/null", "commit", "-qm", "mine")
    write(journal, where("a"), "dirty\n")
    ok(journal, "pull", "-q", "--rebase", "--autostash", clone.root, "main")
    assert subjects(journal, "-3") == ["seal: 2026-11-20-mine.md", "mine", "entry: theirs"]
    assert (findings(journal, "HEAD"), ok(journal, "status", "--porcelain")) == ([], f" M {where('a')}\n")


def test_commits_of_a_rebase_that_ends_on_no_branch_are_recorded_by_the_next_hook(journal):
    branch_off(journal)
    ok(journal, "checkout", "-q", "side")
    ok(journal, "reset", "-q", "--soft", "HEAD~1")
    ok(journal, "rm", "-q", "--cached", "-r", "journal/log")
    ok(journal, "reset", "-q", "--hard", "HEAD~1")
    write(journal, where("late"), page(50).decode())
    ok(journal, "add", "journal")
    ok(journal, "-c", "core.hooksPath=/dev/null", "commit", "-qm", "late")
    (gone,) = [finding.where for finding in verify(journal, int(NOW.timestamp())).findings if finding.code == "pin"]
    let_go(journal, lost_of(journal, gone.rpartition("/")[2]))  # what the reset threw away
    said = ok(journal, "rebase", "-q", "--apply", "main")
    assert "recorded" not in said
    assert findings(journal) == [("WARN", "unsealed")]
    write(journal, where("next"), page(51).decode())
    ok(journal, "add", "journal")
    assert "recorded 2 files" in ok(journal, "commit", "-qm", "next")
    assert findings(journal) == []


def test_a_cherry_pick_of_many_runs_through_and_the_next_hook_records_it(journal):
    ok(journal, "checkout", "-q", "-b", "side")
    for number, name in enumerate(("one", "two"), 60):
        write(journal, where(name), page(number).decode())
        ok(journal, "add", "journal")
        ok(journal, "-c", "core.hooksPath=/dev/null", "commit", "-qm", name)
    ok(journal, "checkout", "-q", "main")
    assert "recorded" not in ok(journal, "cherry-pick", "side~1", "side")
    assert subjects(journal, "-2") == ["two", "one"]
    write(journal, where("a"), "more\n")
    assert "recorded 3 files" in ok(journal, "commit", "-qam", "next")
    assert findings(journal) == []


@pytest.mark.parametrize("way", ["merge", "rebase"])
def test_a_conflict_that_was_resolved_by_hand_is_recorded(journal, way):
    ok(journal, "checkout", "-q", "-b", "side")
    write(journal, where("a"), "from the side\n")
    ok(journal, "commit", "-qam", "side")
    ok(journal, "checkout", "-q", "main")
    write(journal, where("a"), "from main\n")
    ok(journal, "commit", "-qam", "main")
    assert run(journal, way, "side").returncode != 0
    done = run(journal, "commit", "-am", "resolved")
    assert done.returncode == 1
    assert "holds conflict markers" in done.stderr
    write(journal, where("a"), page(1).decode() + "from both\n", "w")
    ok(journal, "add", "journal")
    ok(journal, way, "--continue", GIT_EDITOR="true")
    assert findings(journal) == []
    assert subjects(journal, "-1")[0].startswith("seal: ")
    assert ok(journal, "status", "--porcelain") == ""


def test_a_seal_that_is_amended_stays_sound(journal):
    write(journal, where("a"), "more\n")
    ok(journal, "commit", "-qam", "by hand")
    write(journal, where("a"), "and more\n")
    ok(journal, "commit", "-qa", "--amend", "--no-edit")
    assert findings(journal) == []


def test_commits_that_waited_and_are_gone_by_now_are_forgotten(journal):
    ok(journal, "checkout", "-q", "--detach")
    write(journal, where("b"), page(2).decode())
    ok(journal, "add", "journal")
    ok(journal, "commit", "-qm", "on no branch")
    waiting = Path(journal.git_dir, "journal", "unsealed")
    assert waiting.read_text().split() == ok(journal, "rev-parse", "HEAD").split()
    waiting.write_text(waiting.read_text() + "0" * 40 + "\n")
    ok(journal, "checkout", "-q", "main")
    write(journal, where("a"), "more\n")
    assert "recorded 1 file" in ok(journal, "commit", "-qam", "by hand")
    assert not waiting.exists()
    assert findings(journal) == []


def test_what_could_not_be_recorded_is_recorded_by_the_next_hook(journal, isolated):
    config = isolated / ".gitconfig"
    known = config.read_text()
    config.write_text("")
    write(journal, where("a"), "more\n")
    said = ok(journal, "-c", "user.name=T", "-c", "user.email=t@example.org", "commit", "-qam", "by hand")
    assert "git does not know who you are" in said
    assert "nothing was recorded in the journal's log (exit code 1): journal seal" in said
    config.write_text(known)
    write(journal, where("b"), page(2).decode())
    ok(journal, "add", "journal")
    assert "recorded 2 files" in ok(journal, "commit", "-qm", "next")
    assert findings(journal) == []


def test_commits_that_were_recorded_when_they_were_made_go_through_a_rebase_in_silence(journal):
    ok(journal, "checkout", "-q", "-b", "side")
    journal.publish([Change(where("side"), page(20))], "entry: side", NOW)
    ok(journal, "checkout", "-q", "main")
    journal.publish([Change(where("main"), page(21))], "entry: main", NOW)
    assert ok(journal, "rebase", "-q", "main", "side") == ""
    assert (findings(journal), subjects(journal, "-1")) == ([], ["entry: side"])


NOTES = """
import os, sys
from datetime import UTC, datetime
from session_journal.app.note import add_note
from session_journal.store.journal import Journal
for number in range(12):
    add_note(Journal(sys.argv[1], os.environ), f"note {number}", datetime(2026, 11, 20, tzinfo=UTC))
"""


def test_a_writer_and_commits_by_hand_at_once_lose_nothing(journal):
    writer = subprocess.Popen([sys.executable, "-c", NOTES, journal.root])
    for number in range(8):
        write(journal, where(f"h{number}"), page(100 + number).decode())
        while run(journal, "add", where(f"h{number}")).returncode:
            pass  # the writer holds the index
        while run(journal, "commit", "-qm", f"hand {number}", where(f"h{number}")).returncode:
            pass  # the writer moved the branch
    assert writer.wait() == 0
    write(journal, where("a"), "the last\n")
    ok(journal, "commit", "-qam", "the last")
    journal.publish([Change(where("end"), page(99))], "entry: end", NOW)  # takes along a note that had to wait
    assert read(journal, "journal/notes/2026-11-20.md").count(b"note ") == 12
    assert (findings(journal), ok(journal, "status", "--porcelain")) == ([], "")


def test_a_revert_is_recorded(journal):
    write(journal, where("a"), "more\n")
    ok(journal, "-c", "core.hooksPath=/dev/null", "commit", "-qam", "more")
    ok(journal, "revert", "--no-edit", "HEAD")
    assert findings(journal) == []


def test_a_commit_during_a_bisect_is_left_alone_until_it_is_over(journal):
    journal.publish([Change(where("b"), page(2))], "entry: b", NOW)
    ok(journal, "bisect", "start")
    write(journal, where("a"), "more\n")
    assert "recorded" not in ok(journal, "commit", "-qam", "in between")
    ok(journal, "bisect", "reset")
    assert subjects(journal, "-1") == ["in between"]
    write(journal, where("a"), "and more\n")
    ok(journal, "commit", "-qam", "after")
    assert findings(journal) == []


# --- before a commit ------------------------------------------------------------------------------------------------

BAD = {
    "front matter that cannot be read": ('---\nid: "x\n---\n', r".md:"),
    "front matter without an end": ("---\ntitle: x\n", "the front matter is not closed"),
    "conflict markers": (page(9, "<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs").decode(), ".md:7: it holds conflict"),
    "a secret": (page(9, f"the token {TOKEN}").decode(), ".md:7: it holds a secret (github-token), fingerprint "),
    "bytes that are no text": (None, "not UTF-8 text"),
}


@pytest.mark.parametrize("what", BAD)
@pytest.mark.parametrize("way", ["add", "-a", "PATH"])
def test_a_bad_file_is_refused_and_nothing_is_changed(journal, what, way):
    text, expected = BAD[what]
    data = b"\xff\xfe\n" if text is None else text.encode()
    Path(journal.path(where("a"))).write_bytes(data)
    if way == "add":
        ok(journal, "add", "journal")
    before = ok(journal, "status", "--porcelain"), ok(journal, "ls-files", "-s"), subjects(journal)
    arguments = {"add": ["-m", "x"], "-a": ["-am", "x"], "PATH": ["-m", "x", where("a")]}[way]
    done = run(journal, "commit", *arguments)
    assert done.returncode == 1
    assert expected in done.stderr
    assert TOKEN not in done.stderr
    assert read(journal, where("a")) == data
    assert (ok(journal, "status", "--porcelain"), ok(journal, "ls-files", "-s"), subjects(journal)) == before


def test_what_is_not_committed_now_is_not_checked(journal):
    write(journal, where("a"), f"{TOKEN}\n")
    write(journal, where("b"), page(2).decode())
    ok(journal, "add", where("b"))
    ok(journal, "commit", "-qm", "b alone")
    write(journal, where("b"), "more\n")
    ok(journal, "commit", "-qm", "b again", where("b"))
    assert findings(journal, "HEAD") == []


def test_a_value_that_was_allowed_passes_and_another_one_in_the_same_line_does_not(journal):
    write(journal, where("a"), f"{TOKEN}\n")
    refused = run(journal, "commit", "-am", "x")
    (command,) = {line.partition("no secret: journal ")[2] for line in refused.stderr.splitlines() if "--allow" in line}
    allow = [sys.executable, "-m", "session_journal", "--journal", journal.root, *command.split()]
    assert subprocess.run(allow, capture_output=True, check=False).returncode == 0
    ok(journal, "commit", "-qam", "allowed")
    assert findings(journal) == []
    write(journal, where("a"), f"{TOKEN} and ghp_{'Z9y8X7w6V5' * 4}\n")
    again = run(journal, "commit", "-am", "y")
    assert again.returncode == 1
    assert again.stderr.count("it holds a secret") == 1
    for path in Path(os.environ["HOME"]).rglob("*"):
        assert not path.is_file() or TOKEN.encode() not in path.read_bytes(), path


def test_links_executables_and_copies_are_refused(journal):
    os.symlink("a.md", journal.path(where("link")))
    write(journal, where("run"), page(7).decode())
    os.chmod(journal.path(where("run")), 0o755)
    write(journal, where("copy"), page(1).decode())
    ok(journal, "add", "journal")
    done = run(journal, "commit", "-m", "x")
    assert done.returncode == 1
    for name, what in (("link", "a symbolic link"), ("run", "marked executable"), ("copy", "the same id as")):
        assert any(where(name) in line and what in line for line in done.stderr.splitlines()), done.stderr


def test_files_outside_the_journal_are_not_our_business(journal):
    (Path(journal.root) / "leak.txt").write_text(TOKEN)
    ok(journal, "add", "leak.txt")
    assert ok(journal, "commit", "-qm", "not ours") == ""


# --- hands off the log ----------------------------------------------------------------------------------------------


def lane(journal):
    (path,) = Path(journal.path("journal/log")).rglob("*.jsonl")
    return path


def change_log(journal, how):
    path = lane(journal)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(how(lines)))
    ok(journal, "add", "journal")


LOG_EDITS = {
    "the first line taken out": lambda lines: lines[1:],
    "the last line taken out": lambda lines: lines[:-1],
    "lines swapped": lambda lines: [lines[1], lines[0]],
    "a line twice": lambda lines: [*lines, lines[-1]],
    "a line changed": lambda lines: [*lines[:-1], lines[-1].replace(b'"t":1', b'"t":2')],
    "a blank line added": lambda lines: [*lines, b"\n"],
    "a torn line added": lambda lines: [*lines, lines[-1].replace(b'"s":1', b'"s":2').rstrip(b"\n")],
    "text added": lambda lines: [*lines, b"hello\n"],
    "other line ends": lambda lines: [line.replace(b"\n", b"\r\n") for line in lines],
    "a record of elsewhere": lambda lines: [*lines, lines[-1].replace(b'"s":1', b'"s":999')],
}


@pytest.mark.parametrize("how", LOG_EDITS)
def test_every_edit_of_the_log_is_refused_with_the_way_back(journal, how):
    change_log(journal, LOG_EDITS[how])
    done = run(journal, "commit", "-m", "x")
    assert done.returncode == 1, done.stderr
    (hint,) = [line.removeprefix("hint: ") for line in done.stderr.splitlines() if line.startswith("hint: ")]
    subprocess.run(hint, shell=True, cwd=journal.root, check=True)
    assert ok(journal, "status", "--porcelain") == ""


def test_a_log_file_that_is_removed_or_does_not_belong_there_is_refused(journal):
    write(journal, "journal/log/readme.md", "# Log\n")
    ok(journal, "add", "journal")
    assert "it is no file of the log" in run(journal, "commit", "-m", "x").stderr
    ok(journal, "rm", "-qf", "journal/log/readme.md")
    ok(journal, "rm", "-q", str(lane(journal).relative_to(journal.root)))
    assert "the log only grows" in run(journal, "commit", "-m", "x").stderr


def test_a_checkpoint_may_be_added_and_never_changed_or_taken_away(journal):
    note = "journal/log/checkpoints/000001"
    write(journal, note, "note\n")
    ok(journal, "add", "journal")
    ok(journal, "commit", "-qm", "a checkpoint")
    write(journal, note, "more\n")
    assert "the log only grows" in run(journal, "commit", "-am", "x").stderr
    ok(journal, "checkout", "-q", ".")
    ok(journal, "rm", "-q", note)
    assert "the log only grows" in run(journal, "commit", "-m", "x").stderr


def test_a_commit_made_anew_after_a_soft_reset_and_a_merge_pass(journal):
    journal.publish([Change(where("b"), page(2))], "entry: b", NOW)
    ok(journal, "reset", "-q", "--soft", "HEAD~1")
    ok(journal, "commit", "-qm", "b again")
    branch_off(journal)
    ok(journal, "merge", "-q", "--no-commit", "side")
    ok(journal, "commit", "-qm", "merged by hand")
    assert findings(journal) == []


def test_a_repositorys_first_commit_is_checked_too(tmp_path, journal):
    ok(journal, "checkout", "-q", "--orphan", "fresh")
    assert run(journal, "commit", "-m", "x").returncode == 0
    ok(journal, "checkout", "-q", "--orphan", "fresher")
    write(journal, where("a"), TOKEN)
    ok(journal, "add", "journal")
    assert "it holds a secret" in run(journal, "commit", "-m", "x").stderr
