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


def default_journal(env: Mapping[str, str]) -> str:
    """Return the root of the journal that the user's settings make the default, "" where they name none."""
    from session_journal.store.files import read_bytes

    data = read_bytes(config_file(env)) or b""
    value = _plain_default(data)
    if value is None:
        import tomllib

        from session_journal.errors import JournalError

        try:
            found = tomllib.loads(data.decode("utf-8")).get("default", "")
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise JournalError(
                f"{config_file(env)} cannot be read: {error}", "mend the file, or move it away"
            ) from error
        value = found if isinstance(found, str) else ""
    return os.path.abspath(os.path.expanduser(value)) if value else ""


def _plain_default(data: bytes) -> str | None:
    """Read `default = "…"` at the top of the settings without a TOML parser; None where it takes one to be sure."""
    for line in data.decode("utf-8", "replace").splitlines():
        name, _, value = line.partition("=")
        value = value.strip()
        if name.strip() == "default":
            plain = len(value) > 1 and value[0] == value[-1] == '"' and not set(value[1:-1]) & {'"', "\\"}
            return value[1:-1] if plain else None
        if line.strip() and not line.lstrip().startswith("#"):
            return None
    return ""
