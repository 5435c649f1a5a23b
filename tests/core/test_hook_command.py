"""The command in an agent's settings: one that its shell can run, and that is known again."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from session_journal.core.hook_command import is_ours, make_command, program_of

PROGRAMS = ["/usr/local/bin/journal", "/Users/Ana Li/it's $HOME/`x`/journal", "/opt/a\\b/journal"]
ON_WINDOWS = {
    r"C:\Users\ana\bin\journal.exe": "C:/Users/ana/bin/journal.exe capture --hook codex",
    r"C:\Users\Ana Li\bin\journal.exe": '"C:/Users/Ana Li/bin/journal.exe" capture --hook codex',
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_shell_runs_the_program_whatever_its_path(program, tmp_path):
    if shutil.which("sh") is None:
        pytest.skip("there is no POSIX shell")
    path = tmp_path / program[1:].replace("/", "_") / "journal"
    path.parent.mkdir()
    path.write_text('#!/bin/sh\necho "$@"\n')
    path.chmod(0o755)
    command = make_command(str(path), "claude-code", windows=False)
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout == "capture --hook claude-code\n"
    assert program_of(command, "claude-code") == str(path)


@pytest.mark.parametrize(("program", "command"), ON_WINDOWS.items())
def test_on_windows_slashes_lean_forward_and_only_what_must_be_is_quoted(program, command):
    assert make_command(program, "codex", windows=True) == command
    assert program_of(command, "codex") == program.replace("\\", "/")


def test_where_powershell_may_run_it_a_quoted_program_comes_after_cmd():
    program = r"C:\Users\Ana Li\bin\journal.exe"
    command = make_command(program, "codex", windows=True, powershell=True)
    assert command == 'cmd /c "C:/Users/Ana Li/bin/journal.exe" capture --hook codex'
    assert is_ours(command, "codex")


@pytest.mark.parametrize(
    "command",
    [
        "/usr/bin/journal capture --hook codex",
        "'/Users/Ana Li/journal' capture --hook codex",
        "C:/x/journal.exe capture --hook codex",
        r'"C:\x y\journal.exe" capture --hook codex',
    ],
)
def test_ours_is_known_wherever_the_program_lay(command):
    assert is_ours(command, "codex")


@pytest.mark.parametrize(
    "command",
    [
        "/usr/bin/journal capture --hook claude-code",
        "/usr/bin/journal capture --hook codex --project x",
        "/usr/bin/my-journal capture --hook codex",
        "X=1 /usr/bin/journal capture --hook codex",
        "sleep 1; /usr/bin/journal capture --hook codex",
        "'/usr/bin/journal capture --hook codex",
        " capture --hook codex",
        "",
    ],
)
def test_what_somebody_else_wrote_is_not_ours(command):
    assert not is_ours(command, "codex")
