"""The one write path: what a publish commits, leaves alone, refuses and survives."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from journals import FILES, NOW, git, make_journal, page, read, where
from session_journal.app.verify import verify
from session_journal.core.chain import content_commitment, entry_commitment
from session_journal.core.fold import fold
from session_journal.errors import ConflictError, GitError, JournalError, SecretError
from session_journal.store.journal import Change, create, open_journal
from session_journal.store.log import read_log


@pytest.fixture
def journal(tmp_path):
    return make_journal(tmp_path / "j")


def verdict(journal):
    return [(finding.level, finding.code) for finding in verify(journal, int(NOW.timestamp())).findings]


def test_entry_and_record_stand_in_one_commit(journal):
    done = journal.publish([Change(where("a"), page(1))], "entry: a", NOW)
    changed = git(journal, "show", "--name-only", "--format=%an <%ae> %s", done.commit).splitlines()
    assert changed[0] == "Test Person <person@example.org> entry: a"
    lane = next(name for name in changed if name.startswith("journal/log/"))
    assert sorted(changed[2:]) == sorted([lane, where("a")])
    last = list(fold(read_log(journal.repo, done.commit)).records.values())[-1]
    assert last.c == content_commitment(where("a"), page(1))
    assert last.e == entry_commitment(f"{1:032x}")
    assert git(journal, "status", "--porcelain") == ""
    assert verdict(journal) == []


def test_what_the_user_has_staged_and_changed_is_left_alone(journal):
    journal.publish([Change(where("a"), page(1)), Change(where("b"), page(2))], "entry: a and b", NOW)
    with open(journal.path(where("a")), "ab") as file:
        file.write(b"staged by hand\n")
    git(journal, "add", where("a"))
    with open(journal.path(where("b")), "ab") as file:
        file.write(b"not staged\n")
    with open(journal.path("other.txt"), "w") as file:
        file.write("mine\n")
    before = git(journal, "status", "--porcelain")
    journal.publish([Change(where("c"), page(3))], "entry: c", NOW)
    assert git(journal, "status", "--porcelain") == before
    assert git(journal, "diff", "--cached", "--name-only").split() == [where("a")]


def test_publishing_what_is_there_already_commits_nothing(journal):
    journal.publish([Change(where("a"), page(1))], "entry: a", NOW)
    before = git(journal, "rev-parse", "HEAD")
    assert journal.publish([Change(where("a"), page(1), page(1))], "entry: a", NOW).commit == ""
    assert git(journal, "rev-parse", "HEAD") == before


def test_a_new_file_never_overwrites_one_that_is_there(journal):
    journal.publish([Change(where("a"), page(1))], "entry: a", NOW)
    with pytest.raises(ConflictError, match="already there"):
        journal.publish([Change(where("a"), page(2))], "entry: a", NOW)


def test_a_file_changed_since_it_was_read_is_not_overwritten(journal):
    journal.publish([Change(where("a"), page(1))], "entry: a", NOW)
    with open(journal.path(where("a")), "ab") as file:
        file.write(b"typed meanwhile\n")
    with pytest.raises(ConflictError, match="changed on disk"):
        journal.publish([Change(where("a"), page(1, "other"), page(1))], "entry: a", NOW)
    assert read(journal, where("a")).endswith(b"typed meanwhile\n")


def test_a_secret_is_refused_with_its_line_and_nothing_is_stored(journal):
    token = "ghp_" + "A1b2C3d4E5" * 3 + "f6G7H8"
    before = git(journal, "rev-parse", "HEAD")
    with pytest.raises(SecretError, match=r"a\.md:7 holds a secret \(github-token\)") as caught:
        journal.publish([Change(where("a"), page(1, f"the token {token} is here"))], "entry: a", NOW)
    assert token not in str(caught.value)
    assert not os.path.exists(journal.path(where("a")))
    assert git(journal, "rev-parse", "HEAD") == before


@pytest.mark.parametrize("path", ["../outside.md", "/etc/passwd", "journal/../../x.md", ".git/config", "journal//x.md"])
def test_a_path_outside_the_journal_is_refused(journal, path):
    with pytest.raises(JournalError, match="not a path inside"):
        journal.publish([Change(path, page(1))], "entry: x", NOW)


def test_a_markdown_file_without_id_is_refused(journal):
    with pytest.raises(JournalError, match="carries no id"):
        journal.publish([Change(where("a"), b"# Hand-written\n")], "entry: x", NOW)


def test_deleting_and_moving_are_recorded(journal):
    journal.publish([Change(where("a"), page(1)), Change(where("b"), page(2))], "entry: a and b", NOW)
    journal.publish([Change(where("a"), None, page(1))], "entry: delete a", NOW)
    journal.publish([Change(where("c"), page(2), page(2), old_path=where("b"))], "entry: rename b", NOW)
    assert [record.op for record in fold(read_log(journal.repo, journal.repo.head())).records.values()] == [
        "init", "put", "put", "del", "move",
    ]  # fmt: skip
    assert sorted(os.listdir(journal.path("journal/sessions/2026"))) == ["2026-11-20-c.md"]
    assert git(journal, "status", "--porcelain") == ""
    assert verdict(journal) == []


def test_without_an_identity_the_two_commands_are_named(tmp_path, isolated, monkeypatch):
    (isolated / ".gitconfig").unlink()
    with pytest.raises(JournalError, match="who you are") as caught:
        make_journal(tmp_path / "j")
    assert caught.value.hint.count("git config --global user.") == 2


def test_the_identity_may_come_from_the_environment(tmp_path, isolated, monkeypatch):
    (isolated / ".gitconfig").unlink()
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", f"{who.title()} Person")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "env@example.org")
    journal = make_journal(tmp_path / "j")
    assert git(journal, "log", "--format=%an, %cn").strip() == "Author Person, Committer Person"


def test_commits_are_signed_where_the_user_signs(journal, tmp_path):
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    for name, value in (("gpg.format", "ssh"), ("user.signingkey", str(key)), ("commit.gpgsign", "true")):
        git(journal, "config", name, value)
    done = journal.publish([Change(where("a"), page(1))], "entry: a", NOW)
    assert "gpgsig -----BEGIN SSH SIGNATURE" in git(journal, "cat-file", "commit", done.commit)
    assert verdict(journal) == []


def test_a_signing_key_that_fails_leaves_nothing_behind(journal):
    git(journal, "config", "gpg.format", "ssh")
    git(journal, "config", "user.signingkey", "/nowhere/key")
    git(journal, "config", "commit.gpgsign", "true")
    before = git(journal, "rev-parse", "HEAD")
    with pytest.raises(GitError, match="could not be signed"):
        journal.publish([Change(where("a"), page(1))], "entry: a", NOW)
    assert git(journal, "rev-parse", "HEAD") == before
    assert git(journal, "status", "--porcelain") == ""


def test_git_variables_of_a_hook_do_not_reach_our_git(journal, tmp_path, monkeypatch):
    foreign = make_journal(tmp_path / "foreign")
    before = git(foreign, "rev-parse", "HEAD").strip()
    monkeypatch.setenv("GIT_DIR", foreign.git_dir)
    monkeypatch.setenv("GIT_INDEX_FILE", os.path.join(foreign.git_dir, "index"))
    journal.publish([Change(where("a"), page(1))], "entry: a", NOW)
    monkeypatch.delenv("GIT_DIR")
    monkeypatch.delenv("GIT_INDEX_FILE")
    assert git(foreign, "rev-parse", "HEAD").strip() == before
    assert git(journal, "log", "-1", "--format=%s").strip() == "entry: a"


OPERATIONS = {
    "a merge": ["git checkout -q -b side", "echo side > f.txt", "git add f.txt", "git commit -qm side", "git checkout -q main",
                "echo main > f.txt", "git add f.txt", "git commit -qm main", "git merge -q side || true"],
    "a rebase": ["git checkout -q -b side", "echo side > f.txt", "git add f.txt", "git commit -qm side", "git checkout -q main",
                 "echo main > f.txt", "git add f.txt", "git commit -qm main", "git rebase -q side || true"],
    "a cherry-pick": ["git checkout -q -b side", "echo side > f.txt", "git add f.txt", "git commit -qm side",
                      "git checkout -q main", "echo main > f.txt", "git add f.txt", "git commit -qm main",
                      "git cherry-pick side || true"],
    "a bisect": ["git bisect start -q HEAD HEAD~1 || true"],
    "a detached HEAD": ["git checkout -q --detach"],
}  # fmt: skip


@pytest.mark.parametrize("operation", OPERATIONS)
def test_in_the_middle_of_an_operation_the_file_is_written_and_the_commit_waits(journal, operation):
    journal.publish([Change(where("first"), page(9))], "entry: first", NOW)
    subprocess.run("\n".join(OPERATIONS[operation]), shell=True, cwd=journal.root, check=True, capture_output=True)
    before = git(journal, "rev-parse", "HEAD")
    done = journal.publish([Change(where("a"), page(1))], "entry: a", NOW)
    assert (done.commit, done.waiting) == ("", operation)
    assert read(journal, where("a")) == page(1)
    assert git(journal, "rev-parse", "HEAD") == before


def test_the_next_publish_commits_what_had_to_wait(journal):
    git(journal, "checkout", "-q", "--detach")
    journal.publish([Change(where("a"), page(1))], "entry: a", NOW)
    git(journal, "checkout", "-q", "main")
    journal.publish([Change(where("b"), page(2))], "entry: b", NOW)
    assert git(journal, "status", "--porcelain") == ""
    assert verdict(journal) == []
    assert where("a") in git(journal, "ls-files")


def test_an_index_lock_held_by_another_command_makes_the_commit_wait(journal):
    lock = os.path.join(journal.git_dir, "index.lock")
    Path(lock).touch()
    done = journal.publish([Change(where("a"), page(1))], "entry: a", NOW)
    assert "index.lock" in done.waiting
    assert os.path.exists(lock), "a foreign lock is never removed"
    os.remove(lock)
    journal.publish([Change(where("b"), page(2))], "entry: b", NOW)
    assert verdict(journal) == []


def save_while_waiting(monkeypatch, journal, saves):
    """Let plain git hold the index, and a person save path → bytes while a publish waits for it."""
    Path(journal.git_dir, "index.lock").touch()

    def save(_):
        for path, data in saves.items():
            Path(journal.path(path)).write_bytes(data)

    monkeypatch.setattr(time, "sleep", save)


@pytest.mark.parametrize("change", [
    Change(where("a"), page(1, "new"), page(1)),
    Change(where("a"), None, page(1)),
    Change(where("b"), page(1), page(1), where("a")),
], ids=["changed", "deleted", "moved"])  # fmt: skip
def test_a_file_saved_while_the_index_is_held_is_not_overwritten(journal, monkeypatch, change):
    journal.publish([Change(where("a"), page(1))], "entry: a", NOW)
    save_while_waiting(monkeypatch, journal, {where("a"): page(1, "saved meanwhile")})
    with pytest.raises(ConflictError, match="changed on disk meanwhile"):
        journal.publish([change], "entry: a", NOW)
    assert read(journal, where("a")) == page(1, "saved meanwhile")
    assert not os.path.exists(journal.path(where("b")))


def test_a_file_saved_at_the_new_name_while_the_index_is_held_is_not_overwritten(journal, monkeypatch):
    journal.publish([Change(where("a"), page(1))], "entry: a", NOW)
    save_while_waiting(monkeypatch, journal, {where("b"): page(2)})
    with pytest.raises(ConflictError, match="changed on disk meanwhile"):
        journal.publish([Change(where("b"), page(1), page(1), where("a"))], "entry: a", NOW)
    assert (read(journal, where("a")), read(journal, where("b"))) == (page(1), page(2))


def test_what_is_sealed_as_it_lies_on_disk_is_not_written_while_it_waits(journal, monkeypatch):
    journal.publish([Change(where("a"), page(1))], "entry: a", NOW)
    os.rename(journal.path(where("a")), journal.path(where("b")))
    saves = {where("a"): b"# A new text under the old name\n", where("b"): page(1, "a later save")}
    change = Change(where("b"), page(1), page(1), where("a"))
    with monkeypatch.context() as patch:
        save_while_waiting(patch, journal, saves)
        assert journal.publish([change], "seal: b", NOW, reseal=True).waiting
    assert {path: read(journal, path) for path in saves} == saves
    os.remove(os.path.join(journal.git_dir, "index.lock"))
    journal.publish([Change(where("c"), page(3))], "entry: c", NOW)
    assert git(journal, "show", f"HEAD:{where('b')}") == page(1, "a later save").decode()


def test_a_stale_lock_of_our_own_is_removed(journal):
    from session_journal.store.staging import OURS

    lock = os.path.join(journal.git_dir, "index.lock")
    with open(lock, "wb") as file:
        file.write(OURS)
    assert journal.publish([Change(where("a"), page(1))], "entry: a", NOW).commit
    assert not os.path.exists(lock)


WRITER = textwrap.dedent("""
    import sys
    from datetime import UTC, datetime
    from session_journal.store.journal import Change, Journal
    import os
    root, me, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    for number in range(count):
        ident = me * 1000 + number
        data = f'---\\nid: "{ident:032x}"\\ntitle: t\\ndate: 2026-11-20\\n---\\n\\n{me} wrote {number}\\n'.encode()
        Journal(root, os.environ).publish([Change(f"journal/sessions/2026/2026-11-20-{me}-{number}.md", data)], "entry: x", datetime.now(UTC))
""")


def test_six_processes_at_once_lose_nothing(journal):
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, journal.root, str(me), "5"]) for me in range(6)]
    assert [writer.wait() for writer in writers] == [0] * 6
    assert len(os.listdir(journal.path("journal/sessions/2026"))) == 30
    assert git(journal, "status", "--porcelain") == ""
    assert git(journal, "rev-list", "--count", "HEAD").strip() == "31"
    result = verify(journal, int(NOW.timestamp()) + 10**9)
    assert (result.findings, result.records, result.files) == ((), 31, 30)


def test_a_copied_repository_opens_a_lane_of_its_own(journal, tmp_path):
    journal.publish([Change(where("a"), page(1))], "entry: a", NOW)
    subprocess.run(["cp", "-r", journal.root, str(tmp_path / "copy")], check=True)
    copy = open_journal(str(tmp_path / "copy"))
    copy.publish([Change(where("b"), page(2))], "entry: b", NOW)
    journal.publish([Change(where("c"), page(3))], "entry: c", NOW)
    assert len(os.listdir(copy.path("journal/log"))) == 2
    assert len(os.listdir(journal.path("journal/log"))) == 1


def test_two_clones_that_both_wrote_merge_without_conflict(journal, tmp_path):
    subprocess.run(["git", "clone", "-q", journal.root, str(tmp_path / "clone")], check=True)
    clone = open_journal(str(tmp_path / "clone"))
    clone.publish([Change(where("b"), page(2))], "entry: b", NOW)
    journal.publish([Change(where("c"), page(3))], "entry: c", NOW)
    git(clone, "pull", "-q", "--no-rebase", "--no-edit")
    assert verdict(clone) == []
    clone.publish([Change(where("d"), page(4))], "entry: d", NOW)
    folded = fold(read_log(clone.repo, clone.repo.head()))
    assert len(folded.heads) == 1
    assert folded.findings == ()


def test_branches_that_alternate_reuse_their_lanes(journal):
    git(journal, "checkout", "-q", "-b", "side")
    journal.publish([Change(where("s1"), page(1))], "entry: s1", NOW)
    git(journal, "checkout", "-q", "main")
    journal.publish([Change(where("m1"), page(2))], "entry: m1", NOW)
    lanes = set(os.listdir(journal.path("journal/log")))
    git(journal, "checkout", "-q", "side")
    journal.publish([Change(where("s2"), page(3))], "entry: s2", NOW)
    git(journal, "checkout", "-q", "main")
    journal.publish([Change(where("m2"), page(4))], "entry: m2", NOW)
    git(journal, "merge", "-q", "--no-edit", "side")
    assert set(os.listdir(journal.path("journal/log"))) == lanes
    assert len(lanes) == 2
    assert verdict(journal) == []


def test_a_journal_begins_again_in_a_git_worktree(journal, tmp_path):
    git(journal, "worktree", "add", "-q", "-b", "other", str(tmp_path / "tree"))
    tree = open_journal(str(tmp_path / "tree"))
    tree.publish([Change(where("w"), page(5))], "entry: w", NOW)
    assert git(tree, "status", "--porcelain") == ""
    assert verdict(tree) == []
    assert verdict(journal) == []


def test_a_sha_256_repository_works_the_same(tmp_path):
    root = tmp_path / "j"
    subprocess.run(["git", "init", "-q", "--object-format=sha256", str(root)], check=True)
    journal = create(str(root), NOW, FILES)
    journal.publish([Change(where("a"), page(1))], "entry: a", NOW)
    assert git(journal, "status", "--porcelain") == ""
    assert verdict(journal) == []


def test_line_ending_conversion_does_not_reach_the_journal(journal):
    git(journal, "config", "core.autocrlf", "true")
    journal.publish([Change(where("a"), page(1))], "entry: a", NOW)
    assert git(journal, "status", "--porcelain") == ""
    assert verdict(journal) == []


def test_the_journal_is_found_by_option_environment_folder_and_default(journal, tmp_path, isolated, monkeypatch):
    assert open_journal(journal.root).root == journal.root
    assert open_journal(os.path.join(journal.root, "journal")).root == journal.root
    assert open_journal("", str(tmp_path), {"JOURNAL_HOME": journal.root, "HOME": str(isolated)}).root == journal.root
    assert open_journal("", journal.path("journal/log"), {"HOME": str(isolated)}).root == journal.root
    with pytest.raises(JournalError, match="no journal yet"):
        open_journal("", str(tmp_path), {"HOME": str(isolated)})
    config = isolated / "config.toml"
    config.write_text(f"default = '{journal.root}'\n")
    assert open_journal("", str(tmp_path), {"HOME": str(isolated), "JOURNAL_CONFIG": str(config)}).root == journal.root
    config.write_text("default = \n")
    with pytest.raises(JournalError, match="cannot be read"):
        open_journal("", str(tmp_path), {"HOME": str(isolated), "JOURNAL_CONFIG": str(config)})
    with pytest.raises(JournalError, match="holds no journal"):
        open_journal(str(tmp_path))


def test_a_writer_killed_at_any_moment_loses_nothing_and_the_next_one_mends(journal):
    pause = 0.0
    for me in range(12):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, journal.root, str(me), "50"])
        pause = 0.08 + me * 0.013
        with pytest.raises(subprocess.TimeoutExpired):
            writer.wait(pause)
        writer.kill()
        writer.wait()
        journal.publish([Change(where(f"after-{me}"), page(900_000 + me))], "entry: after", NOW)
        result = verify(journal, int(NOW.timestamp()) + 10**9)
        assert [finding for finding in result.findings if finding.level == "FAIL"] == []
        assert git(journal, "status", "--porcelain", "--untracked-files=no") == ""
        git(journal, "fsck", "--strict")


class Killed(BaseException):
    """Stands for SIGKILL: no handler of ours may run."""


STEPS = {
    "before the first file": ("write_file", 0),
    "between the files": ("write_file", 1),
    "before the index": ("install", 0),
    "before the ref": ("_move_ref", 0),
}


def stop_at(monkeypatch, step, error):
    """Make one step of the commit end in an error, after it has run so many times."""
    from session_journal.store import commit, staging

    name, times = STEPS[step]
    where = staging.IndexLock if name == "install" else commit
    real, left = getattr(where, name), [times]

    def broken(*args):
        if not left[0]:
            raise error
        left[0] -= 1
        return real(*args)

    monkeypatch.setattr(where, name, broken)


@pytest.mark.parametrize(
    "error", [KeyboardInterrupt(), OSError(28, "No space left on device")], ids=["Ctrl-C", "full disk"]
)
@pytest.mark.parametrize("step", STEPS)
def test_a_failure_before_the_ref_moved_puts_everything_back(journal, monkeypatch, step, error):
    journal.publish([Change(where("a"), page(1))], "entry: a", NOW)
    before = git(journal, "rev-parse", "HEAD"), git(journal, "status", "--porcelain"), read(journal, where("a"))
    with monkeypatch.context() as patch:
        stop_at(patch, step, error)
        with pytest.raises((KeyboardInterrupt, OSError)):
            journal.publish([Change(where("a"), page(1, "new"), page(1)), Change(where("b"), page(2))], "entry: b", NOW)
    assert (
        git(journal, "rev-parse", "HEAD"),
        git(journal, "status", "--porcelain"),
        read(journal, where("a")),
    ) == before
    assert not Path(journal.git_dir, "index.lock").exists()
    assert verdict(journal) == []


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_before_the_ref_moved_is_finished_by_the_next_command(journal, monkeypatch, step):
    from session_journal.store import commit, staging

    journal.publish([Change(where("a"), page(1))], "entry: a", NOW)
    with monkeypatch.context() as patch:
        stop_at(patch, step, Killed())
        patch.setattr(commit, "_put_back", lambda *_: None)
        patch.setattr(staging.IndexLock, "__exit__", lambda *_: None)
        with pytest.raises(Killed):
            journal.publish([Change(where("a"), page(1, "new"), page(1)), Change(where("b"), page(2))], "entry: b", NOW)
    Path(journal.path(where("b"))).with_name(f".{Path(where('b')).name}.1.tmp").write_bytes(b"half")
    git(journal, "commit", "-q", "-a", "-m", "by hand", code=128)  # our lock keeps plain git out until we have mended
    journal.publish([Change(where("c"), page(3))], "entry: c", NOW)
    assert (read(journal, where("a")), read(journal, where("b"))) == (page(1, "new"), page(2))
    assert git(journal, "status", "--porcelain") == ""
    assert verdict(journal) == []


@pytest.mark.parametrize("sign", ["\u2028", "\n", "\x85", "\r"])
def test_a_kill_is_mended_whatever_the_names_of_the_files(journal, monkeypatch, sign):
    from session_journal.store import commit

    odd = where(f"x{sign}y")
    with monkeypatch.context() as patch:
        stop_at(patch, "before the ref", Killed())
        patch.setattr(commit, "_put_back", lambda *_: None)
        with pytest.raises(Killed):
            journal.publish([Change(odd, page(2))], "entry: b", NOW)
    journal.publish([Change(where("c"), page(3))], "entry: c", NOW)
    assert read(journal, odd) == page(2)
    assert git(journal, "status", "--porcelain") == ""
    assert verdict(journal) == []


@pytest.mark.parametrize("sign", ["\u2028", "\n", "\x85", "\r"])
def test_what_had_to_wait_is_committed_whatever_its_name(journal, sign):
    git(journal, "checkout", "-q", "--detach")
    journal.publish([Change(where(f"x{sign}y"), page(1))], "entry: a", NOW)
    git(journal, "checkout", "-q", "main")
    journal.publish([Change(where("b"), page(2))], "entry: b", NOW)
    assert git(journal, "status", "--porcelain") == ""
    assert verdict(journal) == []


def test_lists_that_an_earlier_version_left_are_read(journal, monkeypatch):
    from session_journal.store import commit

    with monkeypatch.context() as patch:
        stop_at(patch, "before the ref", Killed())
        patch.setattr(commit, "_put_back", lambda *_: None)
        with pytest.raises(Killed):
            journal.publish([Change(where("b"), page(2))], "entry: b", NOW)
    folder = Path(journal.git_dir, "journal")
    pending = folder / "pending"
    pending.write_bytes(pending.read_bytes().replace(b"\0", b"\n"))
    Path(journal.path(where("late"))).write_bytes(page(4))
    Path(journal.path(where("later"))).write_bytes(page(5))
    (folder / "waiting").write_text(f"{where('late')}\n{where('later')}\n")
    journal.publish([Change(where("c"), page(3))], "entry: c", NOW)
    assert git(journal, "status", "--porcelain") == ""
    assert verdict(journal) == []


@pytest.mark.parametrize("step", ["before the index", "before the ref"])
def test_no_plain_commit_after_a_kill_deletes_what_was_to_be_stored(journal, monkeypatch, step):
    from session_journal.store import commit

    with monkeypatch.context() as patch:
        stop_at(patch, step, Killed())
        patch.setattr(commit, "_put_back", lambda *_: None)
        with pytest.raises(Killed):
            journal.publish([Change(where("b"), page(2))], "entry: b", NOW)
    (Path(journal.root) / "other.txt").write_text("x")
    git(journal, "add", "other.txt")
    git(journal, "commit", "-q", "-a", "-m", "by hand")
    journal.publish([Change(where("c"), page(3))], "entry: c", NOW)
    assert read(journal, where("b")) == page(2)
    assert where("b") in git(journal, "ls-files")
    assert verdict(journal) == []


def test_what_a_person_typed_after_a_kill_stays(journal, monkeypatch):
    from session_journal.store import commit

    with monkeypatch.context() as patch:
        stop_at(patch, "before the index", Killed())
        patch.setattr(commit, "_put_back", lambda *_: None)
        with pytest.raises(Killed):
            journal.publish([Change(where("b"), page(2))], "entry: b", NOW)
    Path(journal.path(where("b"))).write_bytes(page(2, "typed after the crash"))
    journal.publish([Change(where("c"), page(3))], "entry: c", NOW)
    assert read(journal, where("b")) == page(2, "typed after the crash")
    assert verdict(journal) == [("WARN", "uncommitted-change")]


@pytest.mark.parametrize("staged", [page(1, "staged"), None], ids=["changed", "deleted"])
def test_what_a_person_staged_after_a_kill_stays_staged(journal, monkeypatch, staged):
    from session_journal.store import commit

    journal.publish([Change(where("a"), page(1))], "entry: a", NOW)
    with monkeypatch.context() as patch:
        stop_at(patch, "before the index", Killed())
        patch.setattr(commit, "_put_back", lambda *_: None)
        with pytest.raises(Killed):
            journal.publish([Change(where("a"), page(1, "new"), page(1)), Change(where("b"), page(2))], "entry: b", NOW)
    if staged:
        Path(journal.path(where("a"))).write_bytes(staged)
        git(journal, "add", where("a"))
    else:
        git(journal, "rm", "-q", "--cached", where("a"))
    Path(journal.path(where("a"))).write_bytes(page(1, "typed later"))
    journal.publish([Change(where("c"), page(3))], "entry: c", NOW)
    assert git(journal, "diff", "--cached", "--name-only").split() == [where("a")]
    assert (git(journal, "show", f":{where('a')}") if staged else "").encode() == (staged or b"")
    assert git(journal, "show", f"HEAD:{where('a')}").encode() == page(1, "new")
    assert read(journal, where("a")) == page(1, "typed later")


def test_a_file_saved_while_the_commit_is_signed_is_not_overwritten(journal, tmp_path):
    journal.publish([Change(where("a"), page(1))], "entry: a", NOW)
    place = journal.path(where("a"))
    signer = tmp_path / "gpg"
    signer.write_text(
        f"#!/bin/sh\ncat >/dev/null\necho typed >> {place}\necho '[GNUPG:] SIG_CREATED ' >&2\necho signature\n"
    )
    signer.chmod(0o755)
    for name, value in (("gpg.program", str(signer)), ("user.signingkey", "x"), ("commit.gpgsign", "true")):
        git(journal, "config", name, value)
    with pytest.raises(ConflictError, match="changed on disk meanwhile"):
        journal.publish([Change(where("a"), page(1, "new"), page(1))], "entry: a", NOW)
    assert read(journal, where("a")) == page(1) + b"typed\n"


def test_a_secret_in_text_that_waited_is_not_committed(journal):
    git(journal, "checkout", "-q", "--detach")
    journal.publish([Change(where("a"), page(1))], "entry: a", NOW)
    token = "ghp_" + "A1b2C3d4E5" * 4
    with open(journal.path(where("a")), "a", encoding="utf-8") as file:
        file.write(token + "\n")
    git(journal, "checkout", "-q", "main")
    journal.publish([Change(where("b"), page(2))], "entry: b", NOW)
    assert git(journal, "log", "--all", f"-S{token}", "--oneline") == ""
    assert verdict(journal) == [("WARN", "unsealed")]


def test_a_deletion_that_had_to_wait_is_committed_later(journal):
    journal.publish([Change(where("a"), page(1))], "entry: a", NOW)
    git(journal, "checkout", "-q", "--detach")
    journal.publish([Change(where("a"), None, page(1))], "entry: delete a", NOW)
    git(journal, "checkout", "-q", "main")
    journal.publish([Change(where("b"), page(2))], "entry: b", NOW)
    assert where("a") not in git(journal, "ls-files")
    assert verdict(journal) == []


def test_a_link_in_the_way_is_refused(journal, tmp_path):
    (tmp_path / "outside.md").write_bytes(page(5, "private"))
    Path(journal.path("journal/notes")).symlink_to(tmp_path)
    with pytest.raises(JournalError, match="symbolic link"):
        journal.publish([Change("journal/notes/new.md", page(6))], "note: x", NOW)


def test_conflict_markers_are_refused(journal):
    text = "<<<<<<< Updated upstream\nmine\n=======\ntheirs\n>>>>>>> Stashed changes"
    with pytest.raises(JournalError, match=r"a\.md:7 holds conflict markers"):
        journal.publish([Change(where("a"), page(1, text))], "entry: a", NOW)


def test_a_secret_in_a_message_is_redacted(journal):
    token = "ghp_" + "A1b2C3d4E5" * 4
    journal.publish([Change(where("a"), page(1))], f"entry: {token}", NOW)
    assert git(journal, "log", "-1", "--format=%s").strip() == "entry: [REDACTED:github-token]"


def test_a_torn_cache_is_read_again_from_the_log(journal):
    journal.publish([Change(where("a"), page(1))], "entry: a", NOW)
    (cache,) = Path(journal.git_dir, "journal").glob("log-end-*")
    for damage in (b"\0" * 200, cache.read_bytes()[:40], b"", b"lamport x\n"):
        (cache,) = Path(journal.git_dir, "journal").glob("log-end-*")
        cache.write_bytes(damage)
        journal.publish([Change(where(f"x{len(damage)}"), page(100 + len(damage)))], "entry: x", NOW)
    assert verdict(journal) == []


def test_a_log_that_is_gone_is_not_begun_again(journal):
    journal.publish([Change(where("a"), page(1))], "entry: a", NOW)
    git(journal, "rm", "-r", "-q", "journal/log")
    git(journal, "commit", "-q", "-m", "wipe")
    with pytest.raises(JournalError, match="no journal log to build on"):
        journal.publish([Change(where("b"), page(2))], "entry: b", NOW)
    assert not Path(journal.path(where("b"))).exists()


def test_a_detached_worktree_is_read_from_its_own_head(journal, tmp_path):
    first = git(journal, "rev-parse", "HEAD").strip()
    journal.publish([Change(where("a"), page(1))], "entry: a", NOW)
    second = git(journal, "rev-parse", "HEAD").strip()
    git(journal, "worktree", "add", "-q", "--detach", str(tmp_path / "tree"))
    git(journal, "checkout", "-q", "--detach", first)
    assert open_journal(str(tmp_path / "tree")).repo.head() == second
    assert journal.repo.head() == first


def test_a_journal_folder_below_the_top_is_no_journal(journal, tmp_path, isolated):
    nested = Path(journal.root, "docs", "journal")
    nested.mkdir(parents=True)
    (nested / "journal.toml").touch()
    assert open_journal("", str(nested), {"HOME": str(isolated)}).root == journal.root


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
@pytest.mark.parametrize("rights", [0o600, 0o640, 0o444])
def test_who_may_read_and_write_a_file_stays_as_its_person_set_it(journal, rights):
    journal.publish([Change(where("a"), page(1))], "entry: a", NOW)
    path = Path(journal.path(where("a")))
    path.chmod(rights)
    journal.publish([Change(where("a"), page(1, "more"), page(1))], "entry: a", NOW)
    assert path.stat().st_mode & 0o777 == rights
    assert path.read_bytes() == page(1, "more")
    assert git(journal, "status", "--porcelain") == ""
