"""Where this user's settings and this machine's own state lie; platformdirs' answers, asked for only off Linux."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

NAME = "session-journal"


def config_file(env: Mapping[str, str]) -> str:
    """Return the path of the user's config.toml (`JOURNAL_CONFIG` overrides)."""
    return env.get("JOURNAL_CONFIG") or os.path.join(_folder(env, "config"), "config.toml")


def state_dir(env: Mapping[str, str]) -> str:
    """Return the folder of what this machine has seen and may trust: lane ownership, pins, keys."""
    return env.get("JOURNAL_STATE") or _folder(env, "state")


def _folder(env: Mapping[str, str], kind: str) -> str:
    # platformdirs takes longer to import than a commit; on Linux its answer is the XDG rule below.
    if os.name == "posix" and os.uname().sysname == "Linux":
        variable, default = {"config": ("XDG_CONFIG_HOME", ".config"), "state": ("XDG_STATE_HOME", ".local/state")}[
            kind
        ]
        base = env.get(variable, "")
        if not os.path.isabs(base):
            base = os.path.join(env.get("HOME") or os.path.expanduser("~"), default)
        return os.path.join(base, NAME)
    import platformdirs

    if kind == "config":
        return platformdirs.user_config_dir(NAME, appauthor=False)
    return platformdirs.user_state_dir(NAME, appauthor=False)
