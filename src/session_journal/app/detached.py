"""Commands of ours that go on by themselves: whoever started them may return, or be killed, at once."""

from __future__ import annotations

import os
import sys

from session_journal.core.own_calls import GUARD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# Windows' own numbers. Not DETACHED_PROCESS: without a console, each git that is started would open a window.
_NO_WINDOW, _NEW_GROUP, _NO_JOB = 0x08000000, 0x00000200, 0x01000000


def start_detached(args: tuple[str, ...], env: Mapping[str, str], folder: str) -> None:
    """Start one of our commands in a folder, apart from this process' terminal, streams and process group."""
    # -P: a module of that name in the folder one is in must not be taken for ours.
    command = [sys.executable, "-P", "-m", "session_journal", *args]
    if os.name == "nt":
        _start_on_windows(command, {**env, GUARD: "1"}, folder)
    else:
        _start(command, {**env, GUARD: "1"}, folder)


def _start(command: list[str], env: Mapping[str, str], folder: str) -> None:
    """Fork twice, so that nobody has to wait for it; `subprocess` takes longer to import than all of this."""
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return
    try:
        os.setsid()
        if not os.fork():
            os.chdir(folder)
            null = os.open(os.devnull, os.O_RDWR)
            for stream in range(3):
                os.dup2(null, stream)
            os.closerange(3, 1024)  # a pipe that the agent reads to its end must not stay open
            os.execve(command[0], command, env)  # noqa: S606 - no shell is wanted
    finally:
        os._exit(0)


def _start_on_windows(command: list[str], env: Mapping[str, str], folder: str) -> None:
    import subprocess

    def start(flags: int) -> None:
        subprocess.Popen(
            command, cwd=folder, env=dict(env), creationflags=flags, close_fds=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    try:
        start(_NO_WINDOW | _NEW_GROUP | _NO_JOB)
    except OSError:  # the agent's job lets nobody out
        start(_NO_WINDOW | _NEW_GROUP)
