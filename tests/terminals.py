"""Commands run on a pseudo terminal, as a person runs them."""

from __future__ import annotations

import os
import sys

RUN = "from session_journal.cli.main import main; main()"


def on_terminal(args, answers="", **env):
    """Run the command with answers typed in; return its exit code and what the terminal showed."""
    import pty  # terminals are POSIX

    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(env)
        os.execv(sys.executable, [sys.executable, "-c", RUN, *args])
    os.write(terminal, answers.encode())
    shown = b""
    try:
        while part := os.read(terminal, 65536):
            shown += part
    except OSError:  # Linux reports the end of a terminal so
        pass
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode()
