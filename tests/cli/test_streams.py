"""Closed and full streams, signals and a deleted folder: the command as a process, seen from outside."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from journals import make_journal

RUN = f"{sys.executable} -c 'from session_journal.cli.main import main; main()'"
pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and /dev/full are of Unix")


@pytest.fixture
def journal(tmp_path, monkeypatch):
    made = make_journal(tmp_path / "journal")
    monkeypatch.setenv("JOURNAL_HOME", made.root)
    return made


def shell(line, cwd="/"):
    return subprocess.run(["sh", "-c", line], capture_output=True, text=True, cwd=cwd, check=False)


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("command", ["--version", "--help", "list", "note it works", "new --no-edit Queue"])
def test_a_closed_stream_is_no_failure(journal, closed, command):
    done = shell(f"{RUN} {command} {closed}")
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full")
@pytest.mark.parametrize("command", ["--version", "--help", "note it works", "log", "new --no-edit Queue"])
def test_output_that_cannot_be_written_is_told(journal, command):
    done = shell(f"{RUN} {command} >/dev/full")
    assert (done.returncode, done.stderr) == (1, "journal: the output could not be written\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full")
def test_a_full_stderr_is_a_failure_without_words(journal):
    assert shell(f"{RUN} list 2>/dev/full").returncode == 1


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
def test_a_signal_ends_a_command_cleanly_and_keeps_the_text(journal, tmp_path, number, code):
    ready = tmp_path / "ready"
    editor = tmp_path / "editor"
    # The command must be waiting for its editor, not still starting it: a busy machine takes a while for that.
    editor.write_text(f'#!/bin/sh\necho precious >> "$1"\nsleep 1\n: > {ready}\nexec sleep 60\n')
    editor.chmod(0o755)
    process = subprocess.Popen(
        [sys.executable, "-c", "from session_journal.cli.main import main; main()", "new", "Queue"],
        env={**os.environ, "EDITOR": str(editor)}, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    deadline = time.monotonic() + 30
    while not ready.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(number)
    _, said = process.communicate(timeout=30)
    assert (process.returncode, said.strip()) == (code, "journal: interrupted; what was finished is kept")
    assert "precious" in Path(journal.cache("editing"), "sessions").rglob("*.md").__next__().read_text()


@pytest.mark.parametrize("command", ["list", "context", "note it works", "new --no-edit Queue", "start", "new -m text"])
def test_a_folder_that_was_deleted_is_no_failure(journal, tmp_path, command):
    gone = tmp_path / "gone"
    gone.mkdir()
    done = shell(f"rmdir {gone}; {RUN} {command}", cwd=gone)
    assert (done.returncode, "bug" in done.stderr) == (0, False), done.stderr
