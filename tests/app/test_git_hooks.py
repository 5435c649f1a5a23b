"""Hooks put in place beside other people's, and taken away without a trace."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

import pytest

from hooked import findings, ok, run, subjects, write
from journals import NOW, make_journal, page, where
from session_journal.app.git_hooks import install, status, uninstall
from session_journal.core.hook_scripts import NAMES, is_ours
from session_journal.errors import ConflictError, JournalError
from session_journal.store.journal import Change, open_journal

FOREIGN = '#!/bin/sh\n# somebody\'s own\necho "foreign $0 $*" >> "$HOME/foreign"\ncat >> "$HOME/stdin"\n'


@pytest.fixture
def journal(tmp_path):
    journal = make_journal(tmp_path / "j")
    journal.publish([Change(where("a"), page(1))], "entry: a", NOW)
    return journal


@pytest.fixture
def default(journal):
    return Path(journal.git_dir, "hooks")


def put(path, text=FOREIGN, mode=0o755):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)


def picture(folder):
    """Return what lies in a folder: names, bytes, modes and links."""
    return {
        str(path.relative_to(folder)): os.readlink(path) if path.is_symlink() else (path.read_bytes(), stat.S_IMODE(path.stat().st_mode))
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    }  # fmt: skip


def config(journal):
    return ok(journal, "config", "--local", "--list")


def active(journal):
    return [one.active for one in status(journal)]


def by_hand(journal):
    """Commit an edit and tell whether it was recorded."""
    write(journal, where("a"), "more\n")
    ok(journal, "commit", "-qam", "by hand")
    return subjects(journal, "-1")[0].startswith("seal: ")


def test_all_hooks_are_written_once_and_taken_away_again(journal, default):
    before = picture(default)
    assert len(install(journal)) == len(NAMES)
    assert [(one.hook, one.state) for one in status(journal)] == [(name, "active") for name in NAMES]
    assert install(journal) == []
    assert by_hand(journal)
    assert len(uninstall(journal)) == len(NAMES)
    assert (picture(default), active(journal)) == (before, [False] * 5)
    assert uninstall(journal) == []


def test_a_dry_run_says_what_would_be_done_and_does_nothing(journal, default):
    put(default / "pre-commit")
    before = picture(default)
    planned = install(journal, dry_run=True)
    assert picture(default) == before
    assert planned == install(journal)
    after = picture(default)
    planned = uninstall(journal, dry_run=True)
    assert picture(default) == after
    assert planned == uninstall(journal)
    assert picture(default) == before


@pytest.mark.parametrize("mode", [0o755, 0o700, 0o644])
def test_a_hook_that_was_there_runs_first_and_comes_back_as_it_was(journal, default, isolated, mode):
    for name in NAMES:
        put(default / name, mode=mode)
    before = picture(default)
    install(journal)
    assert [one.state for one in status(journal)] == [f"active (after {name}.chained)" for name in NAMES]
    assert by_hand(journal)
    ran = (isolated / "foreign").read_text().split() if (isolated / "foreign").exists() else []
    assert len(ran) == (4 if mode & 0o100 else 0)  # pre-commit and post-commit, two words each
    uninstall(journal)
    assert picture(default) == before


def test_a_hook_that_was_there_gets_its_arguments_and_its_input(journal, default, isolated, tmp_path):
    put(default / "pre-push")
    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "bare")], check=True)
    ok(journal, "remote", "add", "origin", str(tmp_path / "bare"))
    ok(journal, "push", "-q", "--dry-run", "origin", "main")
    plain = [(isolated / name).read_text() for name in ("foreign", "stdin")]
    for name in ("foreign", "stdin"):
        (isolated / name).unlink()
    install(journal)
    run(journal, "push", "-q", "--dry-run", "origin", "main")
    chained = [(isolated / name).read_text() for name in ("foreign", "stdin")]
    assert chained == [plain[0].replace("pre-push ", "pre-push.chained ", 1), plain[1]]
    assert plain[1].startswith("refs/heads/main ")


def test_a_hook_that_was_there_still_decides(journal, default):
    put(default / "pre-commit", "#!/bin/sh\nexit 7\n")
    install(journal)
    write(journal, where("a"), "more\n")
    assert run(journal, "commit", "-qam", "x").returncode != 0
    put(default / "pre-commit.chained", "#!/bin/sh\nexit 0\n")
    put(default / "post-commit.chained", "#!/bin/sh\nexit 7\n")
    assert by_hand(journal)


def test_a_link_that_was_a_hook_comes_back_as_a_link(journal, default):
    put(Path(journal.root, "scripts", "check"))
    default.mkdir(exist_ok=True)
    (default / "pre-commit").symlink_to("../../scripts/check")
    before = picture(default)
    install(journal)
    uninstall(journal)
    assert picture(default) == before


def test_a_name_that_is_taken_stops_everything_before_anything_is_done(journal, default):
    put(default / "pre-push")
    put(default / "pre-push.chained", "precious")
    before = picture(default)
    with pytest.raises(ConflictError, match=r"pre-push\.chained is there already"):
        install(journal)
    assert picture(default) == before


def test_a_hook_of_ours_that_was_edited_is_kept_unless_forced(journal, default):
    install(journal)
    put(default / "post-commit", (default / "post-commit").read_text() + "echo mine\n")
    before = picture(default)
    assert [one.state for one in status(journal)].count("active (edited by hand)") == 1
    for change in (install, uninstall):
        with pytest.raises(ConflictError, match="edited by hand"):
            change(journal)
        assert picture(default) == before
    install(journal, force=True)
    assert [one.state for one in status(journal)] == ["active"] * 5


def test_a_folder_in_a_hooks_place_is_moved_aside_like_any_other(journal, default):
    (default / "pre-push").mkdir(parents=True)
    (default / "pre-push" / "x").touch()
    before = picture(default)
    install(journal)
    assert all(active(journal))
    uninstall(journal)
    assert picture(default) == before


def test_a_hook_that_git_would_not_run_is_told(journal, default):
    install(journal)
    (default / "pre-push").chmod(0o644)
    (found,) = [one for one in status(journal) if not one.active]
    assert (found.hook, found.state) == ("pre-push", "inactive: not executable")
    assert install(journal) == [f"write {default / 'pre-push'}"]
    assert all(active(journal))


def test_a_hook_that_took_our_place_is_told(journal, default):
    put(default / "pre-commit")
    install(journal)
    put(default / "pre-commit")
    assert "another hook has taken its place" in status(journal)[0].state


def test_a_linked_hooks_folder_is_never_written_to(journal, default, tmp_path):
    shared = tmp_path / "shared"
    put(shared / "commit-msg")
    subprocess.run(["rm", "-rf", str(default)], check=True)
    default.symlink_to(shared)
    before = picture(shared)
    with pytest.raises(JournalError, match="is a link to") as caught:
        install(journal)
    assert picture(shared) == before
    ok(journal, *caught.value.hint.split(", then")[0].split()[1:])
    install(journal)
    assert picture(shared) == before
    assert by_hand(journal)


# --- core.hooksPath -------------------------------------------------------------------------------------------------


@pytest.fixture(params=["local", "local relative", "global"])
def elsewhere(request, journal, tmp_path):
    """Return a folder of somebody else's hooks that core.hooksPath leads to."""
    folder = Path(journal.root, ".husky", "_") if request.param == "local relative" else tmp_path / "theirs"
    for name in ("pre-commit", "commit-msg", "post-checkout"):
        put(folder / name, f'#!/bin/sh\necho {name} >> "$HOME/foreign"\n')
    put(folder / "pre-rebase", "#!/bin/sh\nexit 1\n", 0o644)
    put(folder / "helper.sh", "exit 1\n")
    value = ".husky/_" if request.param == "local relative" else str(folder)
    ok(journal, "config", "--global" if request.param == "global" else "--local", "core.hooksPath", value)
    return folder


def test_a_folder_of_somebody_elses_hooks_is_never_written_to_and_its_hooks_run_first(journal, elsewhere, isolated):
    folder, settings = picture(elsewhere), config(journal)
    install(journal)
    assert install(journal) == []
    assert picture(elsewhere) == folder
    assert [one.state for one in status(journal)] == ["active"] * 5
    assert by_hand(journal)
    assert (isolated / "foreign").read_text().split() == ["pre-commit", "commit-msg"]
    ok(journal, "checkout", "-q", "-b", "other")
    assert (isolated / "foreign").read_text().split()[2:] == ["post-checkout"]
    uninstall(journal)
    assert (picture(elsewhere), config(journal)) == (folder, settings)
    assert not list(Path(journal.git_dir, "journal", "hooks").glob("*"))


def test_hooks_that_change_git_by_being_there_are_passed_on_only_where_they_exist(journal, elsewhere):
    install(journal)
    own = Path(journal.git_dir, "journal", "hooks")
    odd = {"reference-transaction", "push-to-checkout", "proc-receive", "fsmonitor-watchman", "post-index-change", "update", "pre-receive"}  # fmt: skip
    assert {path.name for path in own.iterdir()} & odd == set()
    assert not (own / "helper.sh").exists()
    put(elsewhere / "reference-transaction", "#!/bin/sh\nexit 0\n")
    assert "has a new hook: reference-transaction" in status(journal)[0].state
    install(journal)
    assert (own / "reference-transaction").exists()
    assert [one.state for one in status(journal)] == ["active"] * 5


def test_a_hook_of_theirs_that_comes_later_runs_and_one_that_goes_is_not_missed(journal, elsewhere, isolated):
    install(journal)
    (elsewhere / "pre-commit").unlink()
    put(elsewhere / "post-commit", '#!/bin/sh\necho late >> "$HOME/foreign"\n')
    assert by_hand(journal)
    assert (isolated / "foreign").read_text().split() == ["commit-msg", "late"]


def test_when_somebody_sets_the_path_anew_status_says_so_and_install_mends_it(journal, tmp_path):
    for name in ("one", "two"):
        put(tmp_path / name / "pre-commit")
    ok(journal, "config", "core.hooksPath", str(tmp_path / "one"))
    install(journal)
    ok(journal, "config", "core.hooksPath", str(tmp_path / "two"))
    assert {(one.active, one.state, one.hint) for one in status(journal)} == {
        (False, f"inactive: core.hooksPath leads to {tmp_path / 'two'}", "journal hooks install git")
    }
    install(journal)
    assert [one.state for one in status(journal)] == ["active"] * 5
    uninstall(journal)
    assert ok(journal, "config", "core.hooksPath").strip() == str(tmp_path / "two")


def test_taking_away_leaves_a_path_that_somebody_set_since(journal, tmp_path):
    put(tmp_path / "one" / "pre-commit")
    ok(journal, "config", "core.hooksPath", str(tmp_path / "one"))
    install(journal)
    ok(journal, "config", "core.hooksPath", str(tmp_path / "two"))
    uninstall(journal)
    assert ok(journal, "config", "core.hooksPath").strip() == str(tmp_path / "two")


def test_another_global_folder_is_told(journal, tmp_path):
    for name in ("one", "two"):
        put(tmp_path / name / "pre-commit")
    ok(journal, "config", "--global", "core.hooksPath", str(tmp_path / "one"))
    install(journal)
    ok(journal, "config", "--global", "core.hooksPath", str(tmp_path / "two"))
    assert {one.state for one in status(journal)} == {f"active (core.hooksPath leads to {tmp_path / 'two'} by now)"}


def test_a_path_for_one_worktree_alone_is_refused(journal, tmp_path):
    ok(journal, "config", "extensions.worktreeConfig", "true")
    ok(journal, "config", "--worktree", "core.hooksPath", str(tmp_path / "mine"))
    before = config(journal)
    with pytest.raises(JournalError, match="this worktree alone"):
        install(journal)
    assert config(journal) == before


def test_worktrees_share_the_hooks(journal, tmp_path):
    ok(journal, "worktree", "add", "-q", "-b", "other", str(tmp_path / "tree"))
    tree = open_journal(str(tmp_path / "tree"))
    install(tree)
    assert all(active(journal))
    assert by_hand(journal)
    assert by_hand(tree)
    uninstall(journal)
    assert not any(active(tree))


def test_a_recorded_command_that_is_gone_is_told(journal, default, tmp_path):
    install(journal)
    from session_journal.core.hook_scripts import make_script

    put(default / "pre-commit", make_script("pre-commit", str(tmp_path / "gone")).decode())
    assert "is gone, so the one on the PATH is used" in status(journal)[0].state
    assert install(journal) == [f"write {default / 'pre-commit'}"]


def test_every_script_is_sound_for_a_posix_shell(journal, default):
    put(Path(journal.root, "o'brien", "pre-commit"), "#!/bin/sh\n")
    ok(journal, "config", "core.hooksPath", "o'brien")
    install(journal)
    for path in Path(journal.git_dir, "journal", "hooks").iterdir():
        assert is_ours(path.read_bytes())
        checked = subprocess.run(["sh", "-n", str(path)], capture_output=True, text=True, check=False)
        assert (checked.returncode, checked.stderr) == (0, "")
    assert by_hand(journal)
    assert findings(journal) == []
