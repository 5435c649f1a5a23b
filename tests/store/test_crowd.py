"""Many at once: writers, seals, plain git commits, git gc, worktrees and clones on one journal."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from journals import NOW, git, make_journal, page, where
from session_journal.app.verify import verify
from session_journal.core.chain import entry_commitment, find_id
from session_journal.core.fold import fold
from session_journal.store.journal import Change, open_journal
from session_journal.store.log import read_log

LATER = int(NOW.timestamp()) + 10**9


@pytest.fixture
def journal(tmp_path):
    journal = make_journal(tmp_path / "j")
    journal.publish([Change(where("first"), page(9))], "entry: first", NOW)
    return journal


# Each loop runs until its stdin is closed or it has done its count, and prints what it has stored.
WRITER = textwrap.dedent("""
    import os, sys
    from datetime import UTC, datetime
    from journals import page, where
    from session_journal.app.note import add_note
    from session_journal.store.journal import Change, Journal
    root, me, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    for number in range(count):
        journal = Journal(root, os.environ)
        change = Change(where(f"{me}-{number}"), page(1000 + 100 * me + number, f"{me} wrote {number}"))
        journal.publish([change], "entry: x", datetime.now(UTC))
        add_note(journal, f"note {number} of {me}.", datetime(2026, 11, 20, 12, tzinfo=UTC))
""")
SEALER = textwrap.dedent("""
    import os, sys
    from datetime import UTC, datetime
    from pathlib import Path
    from journals import where
    from session_journal.app.seal import seal
    from session_journal.errors import ConflictError
    from session_journal.store.journal import Journal
    root, me, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    for number in range(count):
        journal = Journal(root, os.environ)
        Path(journal.path(where(f"typed-{me}-{number}"))).write_text(f"{me} typed {number}\\n")
        try:
            seal(journal, datetime.now(UTC))
        except ConflictError:
            pass  # somebody writes to a file at this moment: the next seal takes it
""")


def start(program, journal, me, count):
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen([sys.executable, "-c", program, journal.root, str(me), str(count)], env=env)


def run_beside(journal, writers, *commands):
    """Run plain git commands in a loop until the writers have ended; return how often each succeeded."""
    worked = [0] * len(commands)
    while any(writer.poll() is None for writer in writers):
        for number, command in enumerate(commands):
            done = subprocess.run(command, shell=True, cwd=journal.root, capture_output=True, text=True, check=False)
            worked[number] += not done.returncode
            # To come too late (somebody else has the lock or has moved the branch) is what git itself allows.
            late = ".lock" in done.stderr or "cannot lock ref" in done.stderr or "nothing to commit" in done.stdout
            assert done.returncode == 0 or late, done.stderr
    assert [writer.wait() for writer in writers] == [0] * len(writers)
    return worked


def check_whole(journal, entries, notes=()):
    """Every entry and note is there, every entry has exactly one record, and git is whole and tidy."""
    journal.publish([Change(where("settles"), page(999_999))], "entry: settles what waited", NOW)
    assert verify(journal, LATER).findings == ()
    assert git(journal, "status", "--porcelain", "--", "journal") == ""
    git(journal, "fsck", "--strict", "--no-dangling")
    held = set(git(journal, "ls-files").split())
    assert {where(name) for name in entries} <= held
    if notes:
        text = Path(journal.path("journal/notes/2026-11-20.md")).read_text()
        assert sorted(line for line in text.splitlines() if line.startswith("- ")) == sorted(
            f"- 12:00 {note}" for note in notes
        )
    for folder, _, files in os.walk(journal.root):
        assert [name for name in files if name.endswith((".tmp", ".lock")) and name != "writing.lock"] == [], folder


def once_each(journal, ids):
    records = fold(read_log(journal.repo, journal.repo.head())).records.values()
    seen = [record.e for record in records]
    assert [entry_id for entry_id in ids if seen.count(entry_commitment(entry_id)) != 1] == []


def written(writers, count):
    return [f"{me}-{number}" for me in writers for number in range(count)]


def noted(writers, count):
    return [f"note {number} of {me}." for me in writers for number in range(count)]


def test_eight_writers_lose_nothing(journal):
    writers = [start(WRITER, journal, me, 4) for me in range(8)]
    assert [writer.wait() for writer in writers] == [0] * 8
    check_whole(journal, written(range(8), 4), noted(range(8), 4))
    once_each(journal, [f"{1000 + 100 * me + number:032x}" for me in range(8) for number in range(4)])


COMMITS = {
    "other files": ["date +%N > f.txt; git add f.txt; git commit -q -m 'by hand'"],
    "everything": ["date +%N > f.txt; git commit -q -a -m 'by hand'"],
    "the same folder": ["echo typed > journal/typed.txt; date +%N >> journal/typed.txt; git add journal; git commit -q -m 'by hand'"],
}  # fmt: skip


@pytest.mark.parametrize("what", COMMITS)
def test_a_writer_beside_a_plain_commit_loses_nothing(journal, what):
    subprocess.run("echo 1 > f.txt; git add f.txt; git commit -q -m f", shell=True, cwd=journal.root, check=True)
    writers = [start(WRITER, journal, me, 12) for me in range(2)]
    worked = run_beside(journal, writers, *COMMITS[what])
    assert sum(worked) > 3
    assert "by hand" in git(journal, "log", "--format=%s")
    check_whole(journal, written(range(2), 12), noted(range(2), 12))


def test_a_writer_beside_gc_loses_nothing(journal):
    writers = [start(WRITER, journal, me, 12) for me in range(2)]
    worked = run_beside(
        journal, writers, "git gc -q", "git repack -q -a -d", "git pack-refs --all", "git prune-packed -q"
    )
    assert min(worked) > 0
    check_whole(journal, written(range(2), 12), noted(range(2), 12))
    once_each(journal, [f"{1000 + 100 * me + number:032x}" for me in range(2) for number in range(12)])


def test_writers_in_two_worktrees_each_keep_to_their_branch(journal, tmp_path):
    git(journal, "worktree", "add", "-q", "-b", "side", str(tmp_path / "tree"))
    tree = open_journal(str(tmp_path / "tree"))
    writers = [start(WRITER, journal, 1, 6), start(WRITER, journal, 2, 6), start(WRITER, tree, 3, 6)]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    check_whole(journal, written([1, 2], 6), noted([1, 2], 6))
    check_whole(tree, written([3], 6), noted([3], 6))
    assert set(os.listdir(tree.path("journal/log"))) > set(os.listdir(journal.path("journal/log"))) & {""}


def test_writers_in_two_clones_each_have_a_lane_and_merge(journal, tmp_path):
    subprocess.run(["git", "clone", "-q", journal.root, str(tmp_path / "clone")], check=True)
    clone = open_journal(str(tmp_path / "clone"))
    writers = [start(WRITER, journal, 1, 6), start(WRITER, clone, 2, 6)]
    assert [writer.wait() for writer in writers] == [0, 0]
    check_whole(journal, written([1], 6), noted([1], 6))
    check_whole(clone, written([2], 6), noted([2], 6))
    git(
        clone, "rm", "-q", "journal/notes/2026-11-20.md", where("settles")
    )  # both clones have them: not this test's matter
    git(clone, "commit", "-q", "-m", "make room")
    git(clone, "pull", "-q", "--no-rebase", "--no-edit", "-s", "ort", "-X", "theirs")
    assert {where(name) for name in written([1, 2], 6)} <= set(git(clone, "ls-files").split())
    assert len(os.listdir(clone.path("journal/log"))) == 2


def test_writers_and_seals_at_once_lose_nothing(journal):
    running = [
        start(WRITER, journal, 1, 8),
        start(WRITER, journal, 2, 8),
        start(SEALER, journal, 3, 8),
        start(SEALER, journal, 4, 8),
    ]
    assert [process.wait() for process in running] == [0] * 4
    from session_journal.app.seal import seal

    seal(journal, NOW)
    typed = [f"typed-{name}" for name in written([3, 4], 8)]
    check_whole(journal, written([1, 2], 8) + typed, noted([1, 2], 8))
    ids = [find_id(Path(journal.path(where(name))).read_bytes()) for name in typed]
    once_each(journal, ids + [f"{1000 + 100 * me + number:032x}" for me in (1, 2) for number in range(8)])


def test_tidying_up_by_git_is_waited_for_by_nobody(journal, tmp_path):
    """A gc that hangs (in a hook of the user's) holds neither the command nor the next one up."""
    gate, began = tmp_path / "gate", tmp_path / "began"
    os.mkfifo(gate)
    os.mkfifo(began)
    hook = Path(journal.git_dir, "hooks", "pre-auto-gc")
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\necho x > {began}\ncat {gate}\n")
    hook.chmod(0o755)
    git(journal, "config", "gc.auto", "1")
    (Path(journal.git_dir) / "objects" / "17").mkdir(exist_ok=True)
    for name in ("a", "b"):
        (Path(journal.git_dir) / "objects" / "17" / (name * 38)).touch()  # what git counts to guess how many there are
    gone = [Change("", None, entry=entry_commitment(f"gone-{number}")) for number in range(256)]
    assert journal.publish(gone, "entry: many records", NOW, reseal=True).commit
    with began.open("r+b", buffering=0) as news:
        assert select.select([news], [], [], 60)[0], "git gc has not begun"
    assert journal.publish([Change(where("a"), page(1))], "entry: a", NOW).commit
    gate.write_bytes(b"go on")
    assert verify(journal, LATER).findings == ()


def test_git_tidies_up_only_where_the_user_lets_it(journal):
    git(journal, "config", "gc.auto", "0")
    gone = [Change("", None, entry=entry_commitment(f"gone-{number}")) for number in range(256)]
    assert journal.publish(gone, "entry: many records", NOW, reseal=True).commit
    assert git(journal, "count-objects", "-v").splitlines()[2] == "in-pack: 0"
