"""The hooks that Codex gets in its hooks.json: which, where, and what keeps them from running.

Codex runs a user's hook only once its user has trusted it, by a hash of all that is written here, at its place in the
file: nothing of it may change from version to version, and it is always added at the end.
"""

from __future__ import annotations

import os
import re
import tomllib

from session_journal.agents import HookEdits, Host
from session_journal.agents.codex import home
from session_journal.core.hook_command import make_command

NAME = "codex"
_SECONDS = {"SessionStart": 10, "Stop": 10, "SessionEnd": 3}
"""Codex warns at every start of more than 3 seconds for SessionEnd."""


def edits(host: Host, program: str) -> HookEdits:
    """Return what is added to Codex's hooks."""
    command = make_command(program, NAME, windows=host.platform == "win32", powershell=True)
    groups = {
        event: {"hooks": [{"type": "command", "command": command, "timeout": seconds}]}
        for event, seconds in _SECONDS.items()
    }
    return HookEdits(os.path.join(home(host), "hooks.json"), command, groups)


def why_inactive(host: Host, settings: object, place: tuple[str, int, int]) -> str:
    """Say what keeps an installed hook from running, "" where nothing is known to."""
    del settings
    config = _config(host)
    flags = _table(config, "features")
    off = next((name for name in ("hooks", "codex_hooks") if flags.get(name) is False), "")
    if off:
        return f"features.{off} is false in config.toml"
    state = _state(host, _table(_table(config, "hooks"), "state"), place)
    if state.get("enabled") is False:
        return "turned off in Codex"
    return "" if state.get("trusted_hash") else "Codex waits for you to trust it there: /hooks"


def _state(host: Host, states: dict[str, object], place: tuple[str, int, int]) -> dict[str, object]:
    """Return what Codex keeps about one hook, under its file and its place in it."""
    event, group, handler = place
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", event).lower()
    file = os.path.realpath(os.path.join(home(host), "hooks.json"))
    for key in states:
        path, *rest = key.rsplit(":", 3)
        if rest == [name, str(group), str(handler)] and os.path.realpath(path) == file:
            return _table(states, key)
    return {}


def note(host: Host) -> str:
    """Return what a person should know once the hooks are in place."""
    del host
    return "Codex runs them once you have trusted them there: /hooks"


def _table(table: dict[str, object], key: str) -> dict[str, object]:
    value = table.get(key)
    return value if isinstance(value, dict) else {}


def _config(host: Host) -> dict[str, object]:
    try:
        with open(os.path.join(home(host), "config.toml"), "rb") as stream:
            return tomllib.load(stream)
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        return {}  # Codex itself tells its user about a broken file
