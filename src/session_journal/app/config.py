"""The user's settings: what is set, where, and changing one."""

from __future__ import annotations

import os
from collections.abc import Mapping

from session_journal.app.remotes import setting_names
from session_journal.core.config import KEYS, Value, find, flatten, is_tightest, read_value
from session_journal.core.records import record
from session_journal.errors import JournalError, NotFoundError
from session_journal.store.places import config_file
from session_journal.store.settings import change, load, read_toml, unset


@record(frozen=True, slots=True)
class Setting:
    """One setting with its value ("" where nothing is set) and where that comes from."""

    key: str
    value: Value
    source: str
    help: str


def settings_list(env: Mapping[str, str], journal_root: str = "") -> list[Setting]:
    """Return every setting that exists or is set, in the order of their table."""
    settings = load(env, journal_root)
    found: list[Setting] = []
    for key in KEYS:
        names = [name for name in sorted({*settings.user, *settings.journal}) if find(name) is key]
        found += [_setting(name, settings.user, settings.journal, key.help) for name in names]
        if not names:
            found.append(Setting(key.name, "", "", key.help))
    return found


def _setting(name: str, user: Mapping[str, Value], journal: Mapping[str, Value], text: str) -> Setting:
    if name in user and not is_tightest(name, journal.get(name)):
        return Setting(name, user[name], "user", text)
    return Setting(name, journal[name], "journal", text)


def get(env: Mapping[str, str], name: str, journal_root: str = "") -> Value:
    """Return a setting's value; one that is not set is an error with the command that sets it."""
    find(name)
    typed, name = name, setting_names(name, journal_root)[0]
    settings = load(env, journal_root)
    if name not in settings.user and name not in settings.journal:
        raise NotFoundError(f"{typed} is not set", f"journal config set {typed} VALUE")
    return _setting(name, settings.user, settings.journal, "").value


def put(
    env: Mapping[str, str], name: str, text: str, cwd: str, journal_root: str = "", *, dry_run: bool = False
) -> dict[str, Value]:
    """Set one of the user's settings and return what was set; a default journal has to be one."""
    value = read_value(name, text)
    if name == "default":
        value = _journal_at(str(value), cwd)
    names = setting_names(name, journal_root)
    for one in () if dry_run else names:
        change(env, one, value)
    return dict.fromkeys(names, value)


def take_out(env: Mapping[str, str], name: str, journal_root: str = "", *, dry_run: bool = False) -> list[str]:
    """Unset one of the user's settings and return what was unset; the default holds again, or what the journal says."""
    there = flatten(read_toml(config_file(env)))
    if name not in there:  # what means nothing can be taken out, too
        find(name)
    names = [one for one in ([name] if name in there else setting_names(name, journal_root)) if one in there]
    if not names:
        raise NotFoundError(f"{name} is not set in your settings", "journal config list")
    return [one for one in names if dry_run or unset(env, one)]


def _journal_at(text: str, cwd: str) -> str:
    root = os.path.abspath(os.path.join(cwd, os.path.expanduser(text)))
    if not os.path.isfile(os.path.join(root, "journal", "journal.toml")):
        raise JournalError(f"{root} holds no journal", f"journal init {text}")
    return root
