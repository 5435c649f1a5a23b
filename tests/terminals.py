"""Commands run on a pseudo terminal, as a person runs them."""

from __future__ import annotations

import os
import signal
import sys

RUN = "from session_journal.cli.main import main; main()"


def on_terminal(args, answers="", **env):
    """Run the command with answers typed in; return its exit code and what the terminal showed."""
    return talk(args, [("", answers)], **env)


def talk(args, turns, **env):
    """Run the command and type each answer once its text is shown; return its exit code and all it showed.

    An answer can be a function: it is called then, and returns what is typed.
    """
    import pty  # terminals are POSIX

    pid, terminal = pty.fork()
    if pid == 0:
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job would ignore Ctrl+C
        os.environ.update(env)
        os.execv(sys.executable, [sys.executable, "-c", RUN, *args])
    shown, seen = b"", 0
    for wanted, answer in turns:
        while wanted.encode() not in shown[seen:] and (part := _read(terminal)):
            shown += part
        seen = len(shown)
        os.write(terminal, (answer() if callable(answer) else answer).encode())
    while part := _read(terminal):
        shown += part
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode()


def _read(terminal):
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux reports the end of a terminal so
        return b""
