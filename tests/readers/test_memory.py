"""Reading takes the same memory however long a file is: measured in processes of their own, with room to spare."""

import subprocess
import sys

import pytest

import transcripts

pytest.importorskip("resource", reason="this platform does not tell the memory of a process")
MOST = 90
"""Megabytes over an interpreter; 60 are meant, and machines differ."""


def megabytes(path):
    command = [sys.executable, "-c", transcripts.MEMORY, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    peak, events, left_out = done.stdout.split()
    return float(peak), int(events), int(left_out)


@pytest.mark.parametrize("make", [transcripts.claude_code, transcripts.codex, transcripts.gemini, transcripts.cursor])
def test_a_file_much_larger_than_the_memory_is_read(make, tmp_path):
    path = tmp_path / "large.jsonl"
    transcripts.write(path, make(), 64 * 1024 * 1024)
    peak, events, _ = megabytes(path)
    assert peak < MOST
    assert events > 10_000


def test_a_line_much_longer_than_the_memory_is_read(tmp_path):
    path = tmp_path / "line.jsonl"
    transcripts.write_long_line(path, 120 * 1024 * 1024)
    peak, events, left_out = megabytes(path)
    assert peak < MOST
    assert (events, left_out) == (3, 0)
