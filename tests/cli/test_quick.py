"""The way past click: which lines it takes, and that both ways do the same."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from journals import git, make_journal
from session_journal.cli.quick import read_line

QUICK = [
    ["new", "fix", "the", "tests", "--no-edit"],
    ["new", "--no-edit"],
    ["new", "topic", "-m", "what happened", "--tag", "a", "--tag", "b", "--project", "web"],
    ["new", "-m", "first line\nsecond line"],
    ["new", "topic", "--no-edit", "--project", ""],
    ["note", "saw", "it", "again"],
]
CLICK = [
    ["new"],
    ["new", "topic"],
    ["new", "--no-edit", "--date", "yesterday"],
    ["new", "--no-edit", "-n"],
    ["new", "-m", " "],
    ["new", "-m"],
    ["new", "--tag=a", "--no-edit"],
    ["new", "-", "--no-edit"],
    ["new", "--help"],
    ["note"],
    ["note", "-"],
    ["note", "--dry-run", "x"],
    ["list"],
    ["--journal"],
    [],
]


@pytest.mark.parametrize("argv", QUICK, ids=" ".join)
def test_plain_forms_are_taken(argv):
    assert read_line(argv) is not None
    assert read_line(["--journal", "/somewhere", *argv]).journal_dir == "/somewhere"
    assert read_line(["--journal=/somewhere", *argv]).journal_dir == "/somewhere"


@pytest.mark.parametrize("argv", CLICK, ids=" ".join)
def test_every_other_line_is_left_to_click(argv):
    assert read_line(argv) is None


def call(way: str, root: str, argv: list[str]) -> tuple[int, str, str]:
    code = {
        "quick": "from session_journal.cli.quick import run_quick as run",
        "click": "from session_journal.cli.group import run_click as run",
    }[way]
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nsys.exit(run(sys.argv[1:]))", "--journal", root, *argv],
        capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False, cwd=os.path.dirname(root),
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def masked(text: str) -> str:
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:+.]+", "TIME", text)
    return re.sub(r'id: "[0-9a-f]{32}"', "ID", re.sub(r"- \d\d:\d\d ", "- CLOCK ", text))


@pytest.mark.parametrize("argv", QUICK, ids=" ".join)
def test_both_ways_print_and_write_the_same(argv, tmp_path):
    results = {}
    for way in ("quick", "click"):
        journal = make_journal(tmp_path / way)
        code, out, err = call(way, journal.root, argv)
        written = git(journal, "show", "--format=%s", "--name-only", "HEAD").splitlines()
        text = (tmp_path / way / out.strip()).read_text(encoding="utf-8")
        message, paths = written[0], [path for path in written[2:] if not path.startswith("journal/log/")]
        results[way] = (code, out, err, message, paths, masked(text))
    assert results["quick"] == results["click"]
    assert results["quick"][0] == 0


def test_the_quick_way_takes_a_secret_out_and_says_so(tmp_path):
    journal = make_journal(tmp_path / "j")
    token = "ghp_" + "A1b2C3d4E5" * 3 + "f6G7H8"
    code, out, err = call("quick", journal.root, ["note", "use", token])
    assert code == 0
    assert token not in out + err + (tmp_path / "j" / out.strip()).read_text(encoding="utf-8")
    assert "1 github-token" in err


def test_the_quick_way_uses_the_settings_names_for_projects(tmp_path, isolated):
    journal = make_journal(tmp_path / "j")
    (isolated / ".config" / "session-journal").mkdir(parents=True)
    config = isolated / ".config" / "session-journal" / "config.toml"
    config.write_text('[projects]\nshop-v2 = "shop"\n', encoding="utf-8")
    work = tmp_path / "shop-v2"
    subprocess.run(["git", "init", "-q", str(work)], check=True)
    done = subprocess.run(
        [sys.executable, "-m", "session_journal", "--journal", journal.root, "new", "x", "--no-edit"],
        cwd=work, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert "project: shop\n" in (tmp_path / "j" / done.stdout.strip()).read_text(encoding="utf-8")
