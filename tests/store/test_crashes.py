"""Publish and seal killed at every step: nothing is lost, and the next command mends what was left half done."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from journals import NOW, git, make_journal, page, where
from mortal import Mortal
from session_journal.app.seal import seal
from session_journal.app.verify import verify
from session_journal.core.chain import entry_commitment
from session_journal.store.journal import Change, Journal

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="dying at a step takes fork")
LATER = int(NOW.timestamp()) + 86_400
UNTIDY = (".tmp", ".lock", "index.journal-")


@pytest.fixture
def mortal(tmp_path, isolated):
    server = Mortal(str(tmp_path / "j"), str(isolated / ".local" / "state"))
    yield server
    server.close()


def hand_edits(journal):
    Path(journal.path(where("new"))).write_bytes(page(1000, "typed by hand"))
    Path(journal.path(where("plain"))).write_bytes(b"# Typed without an id\n")
    Path(journal.path(where("old"))).write_bytes(page(1, "edited by hand"))
    Path(journal.path(where("other"))).rename(journal.path(where("moved")))
    Path(journal.path(where("third"))).unlink()


def waiting(journal):
    git(journal, "checkout", "-q", "--detach")
    journal.publish([Change(where("late"), page(3000))], "entry: late", NOW)
    git(journal, "checkout", "-q", "main")


def roll_over(journal):
    gone = [Change("", None, entry=entry_commitment(f"gone-{n}")) for n in range(251)]
    assert journal.publish(gone, "entry: many records", NOW, reseal=True).commit


def forget_lanes(journal):
    shutil.rmtree(Path(os.environ["HOME"], ".local", "state"))


# what is done → how the journal is made ready for it, and the command that dies
DEATHS = {
    "a new entry": (None, "new"),
    "a changed entry": (None, "changed"),
    "a moved entry": (None, "moved"),
    "a deleted entry": (None, "deleted"),
    "several files": (None, "several"),
    "files that waited": (waiting, "several"),
    "while git is busy": (lambda journal: git(journal, "checkout", "-q", "--detach"), "several"),
    "a new log file": (roll_over, "several"),
    "a seal": (hand_edits, "seal"),
    "a new lane": (forget_lanes, "several"),
}
# The text that a command wants to store; seal finds it on disk, so there it must never be lost.
TYPED = ("typed by hand", "Typed without an id", "edited by hand")


def prepare(mortal, ready):
    journal = make_journal(mortal.root)
    first = [Change(where(name), page(n, name)) for n, name in enumerate(("old", "other", "third", "kept"), 1)]
    journal.publish(first, "entry: first", NOW)
    if ready:
        ready(journal)
    mortal.save()


def untidy(journal):
    found = []
    for folder, _, files in os.walk(journal.root):
        found += [f"{folder}/{name}" for name in files if any(mark in name for mark in UNTIDY)]
    return found


def texts(journal):
    """Return all that the working tree and the current commit hold."""
    held = [
        git(journal, "show", f"HEAD:{path}") for path in git(journal, "ls-tree", "-r", "--name-only", "HEAD").split()
    ]
    return held + [path.read_text() for path in Path(journal.root, "journal").rglob("*.md")]


def check_whole(journal):
    assert verify(journal, LATER).findings == ()
    assert git(journal, "status", "--porcelain") == ""
    git(journal, "fsck", "--strict", "--no-dangling")
    assert untidy(journal) == []


def release(journal):
    """Do what our stale index lock tells its finder to do."""
    lock = Path(journal.git_dir, "index.lock")
    if lock.exists():
        assert b"held by journal" in lock.read_bytes() or not lock.read_bytes()
        lock.unlink()


def after_a_kill(mortal, what):
    """Kill what is done after each of its steps in turn; yield the journal each time."""
    ready, action = DEATHS[what]
    prepare(mortal, ready)
    step = 1
    while mortal.run(action, step):
        journal = Journal(str(mortal.root), os.environ)
        if what == "while git is busy":
            git(journal, "checkout", "-q", "main")
        if what == "a seal":
            assert all(any(words in text for text in texts(journal)) for words in TYPED)
        yield journal
        mortal.restore()
        step += 1
    assert step > 8
    if what == "a new log file":
        assert len(list(Path(mortal.root, "journal", "log").glob("*/000001.jsonl"))) == 1


@pytest.mark.parametrize("what", DEATHS)
def test_the_next_command_mends_what_a_kill_after_any_step_left(mortal, what):
    for journal in after_a_kill(mortal, what):
        journal.publish([Change(where("next"), page(2000))], "entry: next", NOW)
        assert not verify(journal, LATER).failed
        seal(journal, NOW)
        check_whole(journal)


@pytest.mark.parametrize("what", list(DEATHS)[4:])
def test_a_plain_commit_right_after_a_kill_deletes_nothing(mortal, what):
    asked = {where("other"), where("third")}  # moved and deleted on purpose
    for journal in after_a_kill(mortal, what):
        had = set(git(journal, "ls-tree", "-r", "--name-only", "HEAD").split())
        lines = {line for path in had if "/log/" in path for line in git(journal, "show", f"HEAD:{path}").split()}
        on_disk = set(Path(journal.root, "journal").rglob("*.md"))
        release(journal)
        subprocess.run(
            ["git", "commit", "-q", "-a", "-m", "by hand"], cwd=journal.root, capture_output=True, check=False
        )
        has = set(git(journal, "ls-tree", "-r", "--name-only", "HEAD").split())
        assert had - has <= asked
        assert lines <= {
            line for path in has if "/log/" in path for line in git(journal, "show", f"HEAD:{path}").split()
        }
        assert on_disk <= set(Path(journal.root, "journal").rglob("*.md"))
        seal(journal, NOW)
        journal.publish([Change(where("next"), page(2000))], "entry: next", NOW)
        check_whole(journal)


def test_a_journal_whose_making_was_killed_is_made_by_the_same_command(mortal):
    mortal.save()
    step = 1
    while mortal.run("create", step):
        mortal.run("create")
        journal = Journal(str(mortal.root), os.environ)
        journal.publish([Change(where("next"), page(2000))], "entry: next", NOW)
        check_whole(journal)
        mortal.restore()
        step += 1
    assert step > 20


@pytest.mark.parametrize("elsewhere", ["", "commit --allow-empty -q -m elsewhere"], ids=["finish", "abandon"])
def test_mending_that_is_killed_is_mended_in_turn(mortal, elsewhere):
    prepare(mortal, None)
    step = 1
    while mortal.run("several", step):
        if Path(mortal.root, ".git", "journal", "pending").exists():
            break
        mortal.restore()
        step += 1
    mortal.restore()
    mortal.run("several", step + 5)  # some of its files are written
    journal = Journal(str(mortal.root), os.environ)
    release(journal)
    if elsewhere:
        git(journal, *elsewhere.split())
    mortal.save()
    step = 1
    while mortal.run("next", step):
        seal(journal, NOW)
        journal.publish([Change(where("last"), page(2001))], "entry: last", NOW)
        check_whole(journal)
        held = texts(journal)
        assert all(any(words in text for text in held) for words in ("the new entry", "changed", "moved"))
        mortal.restore()
        step += 1
    assert step > 20


def seal_as_told(journal):
    """Seal; remove the lock of a dead git where the user is told to, for git itself can't tell whose it is."""
    for _ in range(3):
        done = seal(journal, NOW).published
        told = (
            re.search(r"'([^']+\.lock)': File exists; if no git is running, remove that file", done.waiting)
            if done
            else None
        )
        if told:
            Path(told[1]).unlink()


def test_killed_at_200_random_moments_nothing_is_lost(mortal):
    prepare(mortal, None)
    journal = Journal(str(mortal.root), os.environ)
    moments, stored, killed = random.Random(20261120), [], 0
    for number in range(200):
        action = "seal" if number % 2 else f"entry {number}"
        if action == "seal":
            Path(journal.path(where(f"typed-{number}"))).write_text(f"typed by hand, {number}\n")
        died = mortal.run(action, seconds=moments.uniform(0.001, 0.04), gits=moments.random() < 0.25)
        stored += [f"typed by hand, {number}"] if action == "seal" else [] if died else [f"text of {number}"]
        killed += died
        if number % 20 == 19:
            seal_as_told(journal)
            check_whole(journal)
            held = "".join(texts(journal))
            assert [text for text in stored if f"{text}\n" not in held] == []
        elif any(Path(journal.git_dir).rglob("*.lock")) and died:
            seal_as_told(journal)
        elif not died:
            assert not verify(journal, LATER).failed
    assert killed > 50


def test_a_kill_is_mended_on_its_own_branch_when_another_is_checked_out(mortal):
    prepare(mortal, None)
    git(Journal(str(mortal.root), os.environ), "branch", "side")
    mortal.save()
    step = 1
    while mortal.run("several", step):
        journal = Journal(str(mortal.root), os.environ)
        release(journal)
        git(journal, "checkout", "-q", "side")  # what is changed comes along
        journal.publish([Change(where("next"), page(2000))], "entry: next", NOW)
        check_whole(journal)
        git(journal, "checkout", "-q", "main")
        check_whole(journal)
        mortal.restore()
        step += 1
    assert step > 20


def test_a_repository_whose_making_was_killed_is_made_again(mortal):
    Path(mortal.root, ".git").mkdir(parents=True)
    mortal.run("create")
    check_whole(Journal(str(mortal.root), os.environ))


def test_a_kill_among_many_files_is_mended(mortal):
    prepare(mortal, None)
    journal = Journal(str(mortal.root), os.environ)
    for number in range(150):
        Path(journal.path(where(f"n{number}"))).write_text(f"typed {number}\n")
    mortal.save()
    step = 0
    while not Path(journal.git_dir, "journal", "pending").exists():
        mortal.restore()
        step += 60
        assert mortal.run("seal", step)
    assert git(journal, "status", "--porcelain")
    journal.publish([Change(where("next"), page(2000))], "entry: next", NOW)
    check_whole(journal)
