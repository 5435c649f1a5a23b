"""The hooks that Claude Code's user settings get: which, where, and what keeps them from running."""

from __future__ import annotations

import os

from session_journal.agents import HookEdits, Host
from session_journal.agents.claude_code import NAME, home
from session_journal.core.hook_command import make_command

EVENTS = ("SessionStart", "Stop", "SessionEnd")
"""Stop runs after each turn; SessionEnd is not run when the process is killed, so SessionStart sees to what is left."""
_SECONDS = 10
"""The hook returns at once; without a longer time of its own, all SessionEnd hooks together have 1.5 s."""


def edits(host: Host, program: str) -> HookEdits:
    """Return what is added to Claude Code's settings."""
    command = make_command(program, NAME, windows=host.platform == "win32")
    group = {"hooks": [{"type": "command", "command": command, "timeout": _SECONDS}]}
    return HookEdits(os.path.join(home(host), "settings.json"), command, dict.fromkeys(EVENTS, group))


def why_inactive(host: Host, settings: object, place: tuple[str, int, int]) -> str:
    """Say what keeps an installed hook from running, "" where nothing is known to."""
    del host, place
    off = isinstance(settings, dict) and settings.get("disableAllHooks") is True
    return "disableAllHooks is set" if off else ""


def note(host: Host) -> str:
    """Return what a person should know once the hooks are in place."""
    del host
    return "Sessions that start from now on are captured. What Claude Code runs is listed there: /hooks"
