"""Replay the command-line sessions in tests/sessions: every command's output and exit code must be as written there.

A session is a text file: `$ command` lines, each with the output it gives (stdout and stderr as a terminal shows them)
and `[exit N]` where the code is not 0. `[..]` stands for any text in a line, `[...]` alone for any lines. Lines that
begin with `##` are talk. Commands run in a shell, in `$HOME/work`; `$EXAMPLES` are the sample transcripts.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SESSIONS = Path(__file__).parent / "sessions"
EXAMPLES = Path(__file__).resolve().parents[1] / "examples" / "transcripts"


def read_session(text):
    """Return the (command, expected output) pairs of a session."""
    steps = []
    for line in text.splitlines():
        if line.startswith("$ "):
            steps.append((line[2:], []))
        elif steps and not line.startswith("##"):
            steps[-1][1].append(line)
    return [(command, "\n".join(lines).strip("\n")) for command, lines in steps]


def matches(expected, output):
    """Tell whether an output is as expected, wildcards considered."""
    lines = ("(?:.*\n)*?" if line == "[...]" else _line_pattern(line) for line in expected.splitlines())
    return re.fullmatch("".join(lines), output + "\n" if output else "") is not None


def _line_pattern(line):
    return re.escape(line).replace(r"\[\.\.\]", ".*?") + "\n"


def run(command, cwd):
    """Run one command in a shell and return what a terminal would show, with its exit code."""
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    output = done.stdout.decode().replace("\r\n", "\n").strip("\n")
    if done.returncode:
        output += f"\n[exit {done.returncode}]"
    return output.strip("\n")


@pytest.fixture
def shell(isolated, monkeypatch):
    """Put the installed command on the PATH and return the folder that sessions run in."""
    if os.name == "nt":
        pytest.skip("sessions are written for a POSIX shell")
    scripts = Path(sys.executable).parent
    assert shutil.which("journal", path=str(scripts)), "install the project first: pip install -e ."
    monkeypatch.setenv("PATH", f"{scripts}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("EXAMPLES", str(EXAMPLES))
    work = isolated / "work"
    work.mkdir()
    return work


@pytest.mark.parametrize("path", sorted(SESSIONS.glob("*.txt")), ids=lambda path: path.stem)
def test_session_runs_as_written(path, shell):
    for command, expected in read_session(path.read_text(encoding="utf-8")):
        output = run(command, shell).replace(str(shell.parent), "~").replace(str(EXAMPLES), "$EXAMPLES")
        assert matches(expected, output), f"$ {command}\n--- expected\n{expected}\n--- got\n{output}"


def test_every_session_has_commands():
    for path in SESSIONS.glob("*.txt"):
        assert read_session(path.read_text(encoding="utf-8")), path.name


def test_wildcards_stand_for_text_and_lines_and_nothing_else():
    assert matches("a [..] c", "a b c")
    assert matches("a\n[...]\nd", "a\nb\nc\nd")
    assert not matches("a [..] c", "a b\nc")
    assert not matches("a", "a\nb")
    assert not matches("a.c", "abc")
