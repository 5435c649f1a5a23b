"""What stands in a commit's way: git in the middle of something, odd repositories, folders and disks that refuse."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from journals import FILES, NOW, git, make_journal, page, read, where
from session_journal.app.seal import seal
from session_journal.app.verify import verify
from session_journal.core.fold import fold
from session_journal.errors import JournalError
from session_journal.store.journal import Change, Journal, create, open_journal
from session_journal.store.log import read_log

LATER = int(NOW.timestamp()) + 86_400


@pytest.fixture
def journal(tmp_path):
    journal = make_journal(tmp_path / "j")
    journal.publish([Change(where("first"), page(9))], "entry: first", NOW)
    return journal


def publish(journal, name, number):
    return journal.publish([Change(where(name), page(number, f"text of {name}"))], f"entry: {name}", NOW)


def shell(journal, script, **env):
    return subprocess.run(
        script, shell=True, cwd=journal.root, check=True, capture_output=True, text=True, env={**os.environ, **env}
    )


def check_whole(journal):
    assert verify(journal, LATER).findings == ()
    assert git(journal, "status", "--porcelain", "--", "journal") == ""
    git(journal, "fsck", "--strict", "--no-dangling")
    assert not list(Path(journal.git_dir).rglob("*.lock"))


def check_waits(journal, why):
    """Publish into an obstacle: the file is written, nothing else moves, and the user is told what git is busy with."""
    before = git(journal, "rev-parse", "HEAD"), git(journal, "ls-files", "-s", "-u")
    done = publish(journal, "a", 1)
    assert done.commit == ""
    assert why in done.waiting
    assert read(journal, where("a")) == page(1, "text of a")
    assert (git(journal, "rev-parse", "HEAD"), git(journal, "ls-files", "-s", "-u")) == before


def check_completes(journal):
    """Publish after it is gone: what waited is committed, too."""
    assert publish(journal, "b", 2).commit
    assert {where("a"), where("b"), where("first")} <= set(git(journal, "ls-files").split())
    check_whole(journal)


CONFLICT = """
echo base > f.txt; git add f.txt; git commit -qm base
git checkout -q -b side; echo side > f.txt; git commit -qam side
git checkout -q main; echo main > f.txt; git commit -qam main
"""
OPERATIONS = {
    "a merge": ("git merge -q side || true", "git merge --abort"),
    "a rebase": ("git rebase -q side || true", "git rebase --abort"),
    "a rebase (apply)": ("git rebase -q --apply side || true", "git rebase --abort"),
    "a rebase (edit)": ("GIT_SEQUENCE_EDITOR='sed -i s/^pick/edit/' git rebase -q -i HEAD~1", "git rebase --continue"),
    "a rebase (done)": ("git rebase -q side || true", "echo both > f.txt; git add f.txt; GIT_EDITOR=true git rebase --continue"),
    "a cherry-pick": ("git cherry-pick side || true", "git cherry-pick --abort"),
    "a revert": ("git revert --no-edit HEAD~1 || true", "git revert --abort"),
    "a rebase (am)": ("git format-patch -1 --stdout side | git am -q || true", "git am --abort"),
    "a bisect": ("git bisect start -q HEAD HEAD~2", "git bisect reset"),
    "a detached HEAD": ("git checkout -q --detach", "git checkout -q main"),
}  # fmt: skip


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_operation_of_git_comes_first_and_what_waited_is_stored_after_it(journal, operation):
    start, end = OPERATIONS[operation]
    shell(journal, CONFLICT + start)
    check_waits(journal, operation.partition(" (")[0])
    shell(journal, end)
    check_completes(journal)


def test_an_entry_moved_while_git_is_busy_stays_one_entry(journal):
    for old, new, number in (("z", "a", 1), ("c", "d", 2)):  # its new name before and after the old one
        publish(journal, old, number)
        git(journal, "checkout", "-q", "--detach")
        data = read(journal, where(old))
        journal.publish([Change(where(new), data, data, old_path=where(old))], "entry: move", NOW)
        journal.publish([Change(where(f"{new}-2"), data + b"more\n", data, old_path=where(new))], "entry: move", NOW)
        assert read(journal, where(f"{new}-2")) == data + b"more\n"
        git(journal, "checkout", "-q", "main")
    publish(journal, "next", 3)
    check_whole(journal)
    names = {name for name in git(journal, "ls-files").split() if "sessions" in name}
    assert names == {where(name) for name in ("first", "a-2", "d-2", "next")}


def test_an_entry_that_waited_can_be_moved_and_deleted(journal):
    git(journal, "checkout", "-q", "--detach")
    publish(journal, "a", 1)
    publish(journal, "b", 2)
    git(journal, "checkout", "-q", "main")
    data = read(journal, where("a"))
    journal.publish([Change(where("moved"), data, data, old_path=where("a"))], "entry: move", NOW)
    journal.publish([Change(where("b"), None, read(journal, where("b")))], "entry: delete", NOW)
    check_whole(journal)
    names = {name for name in git(journal, "ls-files").split() if "sessions" in name}
    assert names == {where("first"), where("moved")}


def test_what_was_stored_is_not_recorded_again(journal):
    git(journal, "checkout", "-q", "--detach")
    publish(journal, "a", 1)
    git(journal, "checkout", "-q", "main")
    seal(journal, NOW)
    before = len(fold(read_log(journal.repo, journal.repo.head())).records)
    publish(journal, "b", 2)
    assert len(fold(read_log(journal.repo, journal.repo.head())).records) == before + 1


COMMITS = {
    "git commit": "git add f.txt && git commit -q",
    "git commit -a": "git commit -q -a",
    "git commit PATH": "git commit -q f.txt",
    "git commit --amend": "git add f.txt && git commit -q --amend",
}
EDITOR = """#!/bin/sh
"{python}" -c '{code}' > "{said}" 2>&1 || exit 1
echo "by hand" > "$1"
"""
WRITE = """
import os
from journals import NOW, page, where
from session_journal.store.journal import Change, Journal
done = Journal("{root}", os.environ).publish([Change(where("a"), page(1, "text of a"))], "entry: a", NOW)
print(done.waiting)
"""


@pytest.mark.parametrize("commit", COMMITS)
def test_a_commit_whose_message_is_open_in_an_editor_succeeds(journal, tmp_path, commit):
    shell(journal, "echo one > f.txt; git add f.txt; git commit -qm one; echo two > f.txt")
    said = tmp_path / "said"
    editor = tmp_path / "editor"
    code = WRITE.format(root=journal.root).replace("'", '"')
    editor.write_text(EDITOR.format(python=sys.executable, code=code, said=said))
    editor.chmod(0o755)
    shell(journal, COMMITS[commit], GIT_EDITOR=str(editor), PYTHONPATH=os.pathsep.join(sys.path))
    assert git(journal, "log", "-1", "--format=%s").strip() == "by hand"
    assert git(journal, "show", "HEAD:f.txt") == "two\n"
    assert read(journal, where("a")) == page(1, "text of a")
    assert "message is being written" in said.read_text() or "index.lock is held" in said.read_text()
    check_completes(journal)


def test_a_commit_that_was_given_up_keeps_nobody_waiting(journal):
    shell(journal, "echo x > f.txt; git add f.txt; GIT_EDITOR=false git commit -q || true")
    assert Path(journal.git_dir, "COMMIT_EDITMSG").exists()
    assert publish(journal, "a", 1).commit
    assert git(journal, "diff", "--cached", "--name-only").split() == ["f.txt"]


@pytest.mark.parametrize("name", ["index.lock", "HEAD.lock", "refs/heads/main.lock"])
def test_a_lock_of_another_git_makes_the_commit_wait_and_is_left_alone(journal, name):
    lock = Path(journal.git_dir, name)
    lock.touch()
    check_waits(journal, str(lock))
    assert lock.exists()
    lock.unlink()
    check_completes(journal)


def hook(journal, name, text):
    place = Path(journal.git_dir, "hooks", name)
    place.parent.mkdir(exist_ok=True)
    place.write_text(f"#!/bin/sh\n{text}\n")
    place.chmod(0o755)
    return place


def test_a_hook_that_refuses_to_move_the_branch_makes_the_commit_wait(journal):
    place = hook(journal, "reference-transaction", '[ "$1" != prepared ] || { echo "not today" >&2; exit 1; }')
    check_waits(journal, "aborted by hook: not today")
    place.unlink()
    check_completes(journal)
    assert len(os.listdir(journal.path("journal/log"))) == 1, "a lane is not given up for that"


@pytest.mark.parametrize("name", ["pre-commit", "post-commit", "reference-transaction", "post-index-change"])
def test_slow_hooks_of_others_change_nothing(journal, name):
    hook(journal, name, "sleep 1")
    assert publish(journal, "a", 1).commit
    check_whole(journal)


def test_packed_refs_are_built_on(journal):
    git(journal, "pack-refs", "--all", "--prune")
    assert publish(journal, "a", 1).commit
    git(journal, "gc", "-q", "--prune=now")
    assert publish(journal, "b", 2).commit
    check_whole(journal)


@pytest.mark.parametrize("branch", ["feature/one/two", "wünsche/日本", b"latin-\xe9", "-dash'quote\"$x"])
def test_a_branch_may_have_any_name_that_git_allows(journal, branch):
    subprocess.run(["git", "symbolic-ref", "HEAD", b"refs/heads/" + os.fsencode(branch)], cwd=journal.root, check=True)
    git(journal, "commit", "-q", "--allow-empty", "-m", "start", code=0)
    git(journal, "checkout", "-q", "main", "--", "journal")
    git(journal, "commit", "-q", "--allow-empty", "-m", "as main")
    assert publish(journal, "a", 1).commit
    check_whole(journal)


def test_the_first_commit_may_be_a_journals(tmp_path):
    subprocess.run(["git", "init", "-q", str(tmp_path / "j")], check=True)
    Path(tmp_path, "j", "staged.txt").write_text("mine")
    subprocess.run(["git", "add", "staged.txt"], cwd=tmp_path / "j", check=True)
    journal = create(str(tmp_path / "j"), NOW, FILES)
    assert git(journal, "diff", "--cached", "--name-only").split() == ["staged.txt"]
    check_whole(journal)


def test_on_a_branch_without_a_log_nothing_is_written_and_the_way_back_is_named(journal):
    git(journal, "checkout", "-q", "--orphan", "empty")
    with pytest.raises(JournalError, match="no journal log to build on") as caught:
        publish(journal, "a", 1)
    assert "another branch" in caught.value.hint
    assert not Path(journal.path(where("a"))).exists()
    git(journal, "checkout", "-q", "-f", "main")
    publish(journal, "a", 1)
    check_completes(journal)


def test_a_branch_that_another_worktree_has_moved_is_not_committed_to(journal, tmp_path):
    git(journal, "worktree", "add", "-q", "-f", str(tmp_path / "tree"), "main")
    tree = open_journal(str(tmp_path / "tree"))
    publish(tree, "w", 5)
    Path(journal.root, "mine.txt").write_text("mine\n")
    done = publish(journal, "a", 1)
    assert done.commit == ""
    assert "another worktree has moved" in done.waiting
    seal(journal, NOW)
    assert where("w") in git(tree, "ls-tree", "-r", "--name-only", "HEAD")
    shell(journal, done.waiting.partition("along: ")[2])
    check_completes(journal)
    assert Path(journal.path(where("w"))).exists()
    assert Path(journal.root, "mine.txt").exists()


SETTINGS = {
    "split index": "git config core.splitIndex true; git update-index --split-index",
    "untracked cache": "git config core.untrackedCache true; git update-index --untracked-cache; git status",
    "fsmonitor hook": "git config core.fsmonitor .git/hooks/watch; git status",
    "index version 4": "git config index.version 4; git update-index --index-version 4",
    "shared with a group": "git config core.sharedRepository group",
    "no reflog": "git config core.logAllRefUpdates false; rm -rf .git/logs",
    "no file times": "git config core.trustctime false; git config core.checkStat minimal",
    "flushed": "git config core.fsync all; git config core.fsyncMethod fsync",
    "case folding": "git config core.ignoreCase true; git config core.precomposeUnicode true",
    "many files": "git config feature.manyFiles true; git update-index --index-version 4",
    "alternates": "git clone -q -s . ../other; mv .git ../old.git; mv ../other/.git .; (cd ../old.git/objects; pwd) > .git/objects/info/alternates",
}  # fmt: skip


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_repository_set_up_otherwise_works_the_same(journal, setting):
    hook(journal, "watch", 'printf "token\\0/\\0"')
    shell(journal, SETTINGS[setting])
    Path(journal.root, "staged.txt").write_text("mine")
    git(journal, "add", "staged.txt")
    for number, name in enumerate("abc", 1):
        assert publish(journal, name, number).commit
    changed = Change(where("a"), page(1, "new"), page(1, "text of a"))
    assert journal.publish([changed, Change(where("b"), None, page(2, "text of b"))], "entry: a", NOW).commit
    assert git(journal, "diff", "--cached", "--name-only").split() == ["staged.txt"]
    check_whole(journal)


def test_a_journal_in_a_submodule_works_the_same(journal, tmp_path):
    outer = tmp_path / "outer"
    subprocess.run(["git", "init", "-q", str(outer)], check=True)
    command = ["git", "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", journal.root, "inner"]
    subprocess.run(command, cwd=outer, check=True)
    inner = open_journal(str(outer / "inner"))
    assert publish(inner, "a", 1).commit
    check_whole(inner)


def test_files_outside_a_sparse_checkout_are_not_gone(journal):
    publish(journal, "a", 1)
    journal.publish([Change("journal/notes/2026-11-20.md", page(7))], "note: x", NOW)
    git(journal, "status")  # or sparse-checkout takes the files for changed
    git(journal, "sparse-checkout", "set", "--no-cone", "/*", "!/journal/sessions/")
    assert not Path(journal.path(where("a"))).exists()
    sealed = seal(journal, NOW)
    assert [change.path for change in sealed.changes] == []
    publish(journal, "b", 2)
    assert {where("a"), where("b")} <= set(git(journal, "ls-tree", "-r", "--name-only", "HEAD").split())
    git(journal, "sparse-checkout", "disable")
    check_whole(journal)


def test_the_variables_of_a_hook_lead_nowhere_else(journal, tmp_path, monkeypatch):
    foreign = make_journal(tmp_path / "foreign")
    for name, value in {
        "GIT_DIR": foreign.git_dir, "GIT_WORK_TREE": foreign.root, "GIT_COMMON_DIR": foreign.git_dir,
        "GIT_INDEX_FILE": f"{foreign.git_dir}/index", "GIT_OBJECT_DIRECTORY": f"{foreign.git_dir}/objects",
        "GIT_PREFIX": "journal/", "GIT_NAMESPACE": "x", "GIT_CEILING_DIRECTORIES": "/", "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.bare", "GIT_CONFIG_VALUE_0": "true",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    assert publish(journal, "a", 1).commit
    Path(journal.path(where("typed"))).write_text("# Typed\n")
    assert seal(journal, NOW).published.commit
    for name in [name for name in os.environ if name.startswith("GIT_") and name != "GIT_CONFIG_NOSYSTEM"]:
        monkeypatch.delenv(name)
    check_whole(journal)
    assert git(foreign, "rev-list", "--count", "HEAD").strip() == "1"


# --- folders and disks that refuse ----------------------------------------------------------------------------------


@pytest.fixture
def read_only():
    """Return a function that forbids changes in a folder, also for root; they are allowed again at the end."""
    forbidden = []

    def forbid(folder):
        if os.geteuid():
            Path(folder).chmod(0o500)
        elif not shutil.which("chattr") or subprocess.run(["chattr", "+i", folder], check=False).returncode:
            pytest.skip("root writes everywhere here, and chattr +i does not work on this file system")
        forbidden.append(folder)

    def allow():
        for folder in forbidden:
            if os.geteuid():
                Path(folder).chmod(0o700)
            else:
                subprocess.run(["chattr", "-i", folder], check=True)
        forbidden.clear()

    forbid.allow = allow
    yield forbid
    allow()


@pytest.mark.parametrize("where_to", [
    ".git", ".git/objects", ".git/journal", ".git/refs/heads", ".git/logs", "journal/sessions/2026", "journal/log",
    "state",
])  # fmt: skip
def test_a_folder_that_refuses_is_named_and_afterwards_the_same_command_works(journal, isolated, read_only, where_to):
    state = isolated / ".local" / "state" / "session-journal" / "lanes"
    shutil.rmtree(state)
    state.mkdir()
    before = git(journal, "rev-parse", "HEAD")
    error = None
    read_only(str(state) if where_to == "state" else os.path.join(journal.root, where_to))
    try:
        publish(journal, "a", 1)
    except JournalError as caught:
        error = caught
    read_only.allow()
    if error:
        assert "cannot" in error.message
        assert error.hint
        assert git(journal, "rev-parse", "HEAD") == before
        assert git(journal, "status", "--porcelain") == ""
        assert publish(journal, "a", 1).commit
    assert read(journal, where("a")) == page(1, "text of a")
    check_completes(journal)


@pytest.fixture
def small_disk(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(disk)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk takes the right to mount one")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def fill(disk, pages):
    """Leave so many pages of a disk free."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(b"x" * 4096):
                pass
        except OSError:
            pass
        file.truncate(max(0, filler.stat().st_size // 4096 - pages) * 4096)
    return filler


def test_a_disk_that_is_full_at_any_moment_costs_nothing_but_the_command(small_disk):
    journal = make_journal(small_disk / "j")
    journal.publish([Change(where("old"), page(1, "old " * 2000))], "entry: old", NOW)
    stored, errors = 0, []
    for pages in range(40):
        head = git(journal, "rev-parse", "HEAD")
        filler = fill(small_disk, pages)
        text = f"text {pages} " * 500
        try:
            done = journal.publish([Change(where(f"n{pages}"), page(100 + pages, text))], "entry: n", NOW)
            stored += bool(done.commit)
        except JournalError as error:
            errors.append(error)
        filler.unlink()
        assert not verify(journal, LATER).failed
        journal.publish([Change(where(f"after-{pages}"), page(1000 + pages))], "entry: after", NOW)
        check_whole(journal)
        assert git(journal, "rev-parse", "HEAD") != head
    assert stored > 5
    assert len(errors) > 5
    assert [error for error in errors if "No space left" not in error.message and not error.hint] == []


def test_a_full_disk_under_the_state_folder_is_named(journal, small_disk, monkeypatch):
    monkeypatch.setenv("JOURNAL_STATE", str(small_disk / "state"))
    journal = Journal(journal.root, os.environ)
    filler = fill(small_disk, 0)
    with pytest.raises(JournalError, match="No space left") as caught:
        publish(journal, "a", 1)
    assert caught.value.hint
    assert git(journal, "status", "--porcelain") == ""
    filler.unlink()
    publish(journal, "a", 1)
    check_completes(journal)


def test_a_home_that_does_not_exist_is_no_obstacle(journal, tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.path.join(os.environ["HOME"], ".gitconfig"))
    monkeypatch.setenv("HOME", str(tmp_path / "nowhere"))
    assert publish(Journal(journal.root, os.environ), "a", 1).commit
    check_completes(journal)
