"""What search shows to a person on a terminal, and to a program."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from journals import make_journal, page, where
from terminals import on_terminal

pty = pytest.importorskip("pty", reason="terminals are POSIX")

RUN = "import sys; from session_journal.cli.main import main; main()"


@pytest.fixture
def journal(tmp_path):
    made = make_journal(tmp_path / "journal")
    for number, (name, text) in enumerate(
        {"lease": "A lease on the row.", "odd": "A row\x1b[31m of \x07bells."}.items()
    ):
        place = Path(made.path(where(name)))
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(page(number + 1, text, f"About {name}"))
    return made


def search(journal, *args):
    return subprocess.run(
        [sys.executable, "-c", RUN, "--journal", journal.root, "search", *args],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.filterwarnings("ignore:.*forkpty.*:DeprecationWarning")
def test_what_matched_is_bold_on_a_terminal_only(journal):
    assert "A \x1b[1mlease\x1b[0m on" in on_terminal(["--journal", journal.root, "search", "lease"], TERM="xterm")[1]
    assert "\x1b" not in on_terminal(["--journal", journal.root, "search", "lease"], TERM="xterm", NO_COLOR="1")[1]
    assert "A lease on the row." in search(journal, "lease").stdout
    assert "\x1b" not in search(journal, "lease").stdout


def test_control_codes_of_an_entry_reach_no_terminal(journal):
    shown = search(journal, "bells").stdout
    assert "A row of bells." in shown
    assert "\x1b" not in shown
    assert "\x07" not in shown


def test_no_words_and_odd_words_are_no_bug(journal):
    for text in ('"', "NEAR(", "a AND", "\udc80", "-", "--", "-x", "since:", "* OR *", "'; DROP TABLE page; --"):
        done = search(journal, "--json", "--", text)
        assert done.returncode == 0, (text, done.stderr)
        assert isinstance(json.loads(done.stdout), list)


def test_a_word_after_a_dash_is_excluded_whatever_options_it_looks_like(journal):
    for word in ("-lease", "-limit", "-help", "-json"):
        done = search(journal, "row", word)
        assert done.returncode == 0, (word, done.stderr)
        assert ("About lease" in done.stdout) == (word != "-lease")


def test_an_unknown_option_is_a_usage_error(journal):
    done = search(journal, "row", "--limt", "3")
    assert done.returncode == 2
    assert "--limt" in done.stderr


def test_a_search_writes_nothing_into_the_journal(journal):
    def files():
        return sorted(str(path) for path in Path(journal.root, "journal").rglob("*"))

    before = files()
    search(journal, "lease")
    assert files() == before
    status = subprocess.run(["git", "status", "--short"], cwd=journal.root, capture_output=True, text=True, check=True)
    assert "index" not in status.stdout
