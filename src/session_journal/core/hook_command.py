"""The command that an agent's settings hold for each hook: made once, known again, the same in every version.

Agents hand it to a shell: sh on Unix; on Windows Git Bash, PowerShell or cmd, as the agent and the machine have it.
"""

from __future__ import annotations

import shlex
import string

_NAMES = {"journal", "journal.exe", "journal.cmd"}
_PLAIN = frozenset(string.ascii_letters + string.digits + "_./:-")
_CMD = "cmd /c "


def make_command(program: str, agent: str, *, windows: bool, powershell: bool = False) -> str:
    """Return the command for a program's absolute path.

    On Windows slashes lean forward, for Git Bash takes the others as escapes, and a path that needs no quotes has none,
    for PowerShell takes a quoted one as text. powershell: the agent may use it, so a path with quotes needs cmd before.
    """
    if not windows:
        return shlex.quote(program) + _rest(agent)
    program = program.replace("\\", "/")
    if set(program) <= _PLAIN:
        return program + _rest(agent)
    return f'{_CMD if powershell else ""}"{program}"{_rest(agent)}'


def is_ours(command: str, agent: str) -> bool:
    """Tell whether a command is one that `make_command` makes for this agent, wherever the program lay."""
    named = program_of(command, agent).replace("\\", "/").rpartition("/")[2].casefold()
    return named in _NAMES and command.endswith(_rest(agent))


def program_of(command: str, agent: str) -> str:
    """Return the path of the program that a command of ours runs, "" where it is none."""
    if not command.endswith(_rest(agent)):
        return ""
    quoted = command.removesuffix(_rest(agent)).removeprefix(_CMD)
    try:
        words = shlex.split(quoted)
    except ValueError:
        return ""
    return words[0] if len(words) == 1 else ""


def _rest(agent: str) -> str:
    return f" capture --hook {agent}"
