"""The pre-commit framework beside our hooks, in either order, and our checks run by it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from hooked import TOKEN, findings, ok, run, subjects, write
from journals import NOW, make_journal, page, where
from session_journal.app.git_hooks import install, status, uninstall
from session_journal.store.journal import Change

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(sys.executable).parent / "pre-commit"
STAGES = ("pre-commit", "post-commit", "post-merge", "post-rewrite", "pre-push")

pytestmark = pytest.mark.skipif(
    not PROGRAM.exists() or os.name == "nt" or not shutil.which("bash"), reason="the pre-commit framework is not here"
)


@pytest.fixture
def journal(tmp_path, monkeypatch):
    """Return a journal, the framework's cache in a folder of its own and our command on the PATH."""
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}")
    journal = make_journal(tmp_path / "j")
    journal.publish([Change(where("a"), page(1))], "entry: a", NOW)
    return journal


def configure(journal, hooks):
    text = yaml.safe_dump({"repos": [{"repo": "local", "hooks": hooks}]})
    write(journal, ".pre-commit-config.yaml", text, "w")
    ok(journal, "add", ".pre-commit-config.yaml")
    ok(journal, "commit", "-qm", "configure", "--no-verify")


def witness(journal):
    """Let the framework tell that it ran."""
    hook = {"id": "witness", "name": "witness", "entry": 'sh -c "echo ran >> $HOME/ran"', "language": "system"}
    configure(journal, [{**hook, "always_run": True, "pass_filenames": False}])


def framework(journal, *args):
    done = subprocess.run([str(PROGRAM), *args], cwd=journal.root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def commits_well(journal, isolated):
    """Tell whether both sides ran for a commit by hand."""
    (isolated / "ran").unlink(missing_ok=True)
    write(journal, where("a"), "more\n")
    ok(journal, "commit", "-qam", "by hand")
    return (isolated / "ran").read_text(), subjects(journal, "-1")[0][:5], findings(journal)


WELL = ("ran\n", "seal:", [])


def test_the_framework_first_then_we(journal, isolated):
    witness(journal)
    framework(journal, "install")
    before = (Path(journal.git_dir) / "hooks" / "pre-commit").read_bytes()
    install(journal)
    assert status(journal)[0].state == "active (after pre-commit.chained)"
    assert commits_well(journal, isolated) == WELL
    uninstall(journal)
    assert (Path(journal.git_dir) / "hooks" / "pre-commit").read_bytes() == before


def test_we_first_then_the_framework(journal, isolated):
    witness(journal)
    install(journal)
    framework(journal, "install")
    assert status(journal)[0].state == "active (run by the pre-commit framework)"
    assert commits_well(journal, isolated) == WELL
    write(journal, where("a"), f"{TOKEN}\n")
    assert run(journal, "commit", "-am", "x").returncode == 1
    assert install(journal) == []
    ok(journal, "checkout", "-q", ".")
    uninstall(journal)
    folder = Path(journal.git_dir) / "hooks"
    assert not (folder / "pre-commit.legacy").exists()
    assert b"pre-commit.com" in (folder / "pre-commit").read_bytes()
    assert not any(one.active for one in status(journal))
    write(journal, where("a"), "more\n")
    ok(journal, "commit", "-qam", "without us")


def test_the_framework_taken_away_gives_our_place_back(journal, isolated):
    witness(journal)
    install(journal)
    framework(journal, "install")
    framework(journal, "uninstall")
    assert [one.state for one in status(journal)] == ["active"] * 5


def test_the_framework_first_then_we_then_the_framework_again(journal, isolated):
    witness(journal)
    framework(journal, "install")
    install(journal)
    framework(journal, "install")
    assert commits_well(journal, isolated) == WELL
    assert status(journal)[0].active
    uninstall(journal)
    folder = Path(journal.git_dir) / "hooks"
    assert sorted(path.name for path in folder.glob("pre-commit*") if path.suffix != ".sample") == ["pre-commit"]


@pytest.mark.parametrize("stage", ["post-rewrite", "post-merge"])
def test_we_run_by_the_framework_still_hear_of_rebases_and_merges(journal, stage):
    witness(journal)
    install(journal)
    framework(journal, "install", "--hook-type", stage)
    check_operations(journal)


def check_operations(journal):
    """Rebase and merge commits that nobody recorded, and see them recorded at the end."""
    off = ("-c", "core.hooksPath=/dev/null")
    ok(journal, "checkout", "-q", "-b", "side")
    write(journal, where("side"), page(20).decode())
    ok(journal, "add", "journal")
    ok(journal, *off, "commit", "-qm", "side")
    ok(journal, "checkout", "-q", "main")
    journal.publish([Change(where("main"), page(21))], "entry: main", NOW)
    ok(journal, "rebase", "-q", "main", "side")
    assert subjects(journal, "-2") == ["seal: 2026-11-20-side.md", "side"]
    assert findings(journal) == []
    lines = page(1).decode() + "\n".join(f"line {number}" for number in range(20)) + "\n"
    write(journal, where("a"), lines, "w")
    ok(journal, "commit", "-qam", "long")
    ok(journal, "checkout", "-q", "-b", "more")
    write(journal, where("a"), lines + "end\n", "w")
    ok(journal, "commit", "-qam", "more")
    ok(journal, "checkout", "-q", "side")
    write(journal, where("a"), lines.replace("line 1\n", "line one\n"), "w")
    ok(journal, "commit", "-qam", "one")
    ok(journal, "merge", "-q", "--no-edit", "more")
    assert subjects(journal, "-1") == ["seal: 2026-11-20-a.md"]
    assert findings(journal) == []


def test_the_checks_that_we_offer_do_the_same_when_the_framework_runs_them(journal, tmp_path):
    offered = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    configure(journal, [{**hook, "language": "system"} for hook in offered if hook["id"] != "journal-verify"])
    framework(journal, "install", *(word for stage in STAGES for word in ("--hook-type", stage)))
    write(journal, where("a"), f"{TOKEN}\n")
    refused = run(journal, "commit", "-am", "x")
    assert refused.returncode == 1
    assert "it holds a secret (github-token)" in refused.stdout + refused.stderr
    ok(journal, "checkout", "-q", ".")
    write(journal, where("mine"), "# Mine\n")
    write(journal, where("a"), "more\n")
    ok(journal, "add", "journal")
    write(journal, where("mine"), "not staged\n")
    ok(journal, "commit", "-qm", "by hand")
    assert findings(journal, "HEAD") == [("WARN", "no-id")]
    assert Path(journal.path(where("mine"))).read_bytes() == b"# Mine\nnot staged\n"
    os.remove(journal.path(where("mine")))
    ok(journal, "rm", "-q", "--cached", where("mine"))
    ok(journal, "commit", "-qm", "without it")
    check_operations(journal)
    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "bare")], check=True)
    ok(journal, "remote", "add", "origin", str(tmp_path / "bare"))
    pushed = run(journal, "push", "origin", "HEAD")
    assert pushed.returncode == 1
    assert "of visibility self would be pushed to origin" in pushed.stdout + pushed.stderr
