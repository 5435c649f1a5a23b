"""Capture as a process: stopped half-way it keeps what is done, and goes on there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from journals import make_journal
from session_journal.app.outcome import Outcome
from session_journal.cli import capturing
from session_journal.cli.output import Context
from session_journal.store.entries import load

EXAMPLE = Path(__file__).parents[2] / "examples" / "transcripts" / "2026-11-09-flaky-test.jsonl"
RUN = [sys.executable, "-c", "from session_journal.cli.main import main; main()"]


@pytest.fixture
def transcripts(tmp_path):
    """Write many sessions of the same work, each with ids of its own."""
    text = (
        EXAMPLE.read_text(encoding="utf-8")
        .replace('"uuid":"', '"uuid":"#-')
        .replace('"sessionId":"', '"sessionId":"#-')
    )
    folder = tmp_path / "transcripts"
    folder.mkdir()
    for number in range(40):
        (folder / f"{number:02}.jsonl").write_text(text.replace("#", str(number)), encoding="utf-8")
    return sorted(map(str, folder.iterdir()))


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent as on POSIX")
def test_a_capture_that_was_stopped_goes_on_where_it_was(tmp_path, transcripts, isolated):
    journal = make_journal(tmp_path / "journal")
    command = [*RUN, "--journal", journal.root, "capture"]
    fifo = tmp_path / "late.jsonl"
    os.mkfifo(fifo)  # a transcript that never comes: here the first run is stopped
    files = [*transcripts[:9], str(fifo), *transcripts[9:]]
    process = subprocess.Popen([*command, *files], stderr=subprocess.PIPE, text=True)
    with open(fifo, "wb"):  # opens when the reader has come this far
        process.send_signal(signal.SIGINT)
    # What was read ends now: a signal that came right before the reader began to wait is seen after it.
    _, said = process.communicate()
    assert process.returncode == 130
    assert "9 sessions captured so far. To go on: journal capture" in said
    assert len(load(journal.root)[0]) == 9
    done = subprocess.run([*command, *transcripts], capture_output=True, text=True, check=True)
    assert "40 sessions: 31 added, 9 already in the journal." in done.stderr
    assert len({entry.source for entry in load(journal.root)[0]}) == 40
    assert subprocess.check_output(["git", "status", "--short"], cwd=journal.root) == b""


def test_a_file_of_many_sessions_is_named_once_and_stored_in_few_commits(tmp_path, isolated):
    journal = make_journal(tmp_path / "journal")
    said = "#### Pin the clock of test {0}\n\nThe cause was the clock.\n\n> Applied edit to clock{0}.py\n\n"
    runs = [f"# aider chat started at 2026-11-{day:02} 1{hour}:00:00\n\n" for day in range(1, 29) for hour in range(6)]
    text = "".join(run + (said.format(number) if number % 2 else "") for number, run in enumerate(runs))
    path = tmp_path / ".aider.chat.history.md"
    path.write_text(text, encoding="utf-8")
    done = subprocess.run(
        [*RUN, "--journal", journal.root, "capture", str(path)], capture_output=True, text=True, check=True
    )
    assert f"trivial: {path}: 84 sessions\n" in done.stderr
    assert "168 sessions: 84 added, 84 with nothing worth an entry." in done.stderr
    subjects = subprocess.check_output(["git", "log", "--format=%s"], cwd=journal.root, text=True).splitlines()
    assert subjects == ["entries: 20 from aider", "entries: 64 from aider", "journal: begin"]
    assert subprocess.check_output(["git", "status", "--short"], cwd=journal.root) == b""
    assert subprocess.run([*RUN, "--journal", journal.root, "verify"], capture_output=True, check=False).returncode == 0


def test_a_session_too_long_to_be_kept_whole_is_told(capsys):
    long = Outcome("long.jsonl", "added", "journal/sessions/2026/a.md", "A title", left_out=3)
    short = Outcome("short.jsonl", "added", "journal/sessions/2026/b.md", "Another")
    capturing._tell_done(Context(), [long, short])
    said = capsys.readouterr().err
    assert said == "too long to be kept whole: long.jsonl: 3 events left out\n"
