"""The user's config.toml and the journal's own journal.toml: read together, and the user's edited in place."""

from __future__ import annotations

import os
from collections.abc import Mapping, MutableMapping

from session_journal.core import config
from session_journal.core.records import record
from session_journal.errors import JournalError
from session_journal.store.places import config_file


@record(frozen=True, slots=True)
class Settings:
    """What is set, with the user's file above the journal's, but for what the journal makes stricter.

    Names are dotted.
    """

    user: Mapping[str, config.Value]
    journal: Mapping[str, config.Value]

    def text(self, name: str, default: str = "") -> str:
        """Return a setting that is a word."""
        return str(self._find(name, default))

    def number(self, name: str, default: int) -> int:
        """Return a setting that is a number."""
        return int(self._find(name, default))

    def projects(self) -> dict[str, str]:
        """Return which project each known folder or remote name belongs to."""
        both = {**self.journal, **self.user}
        return {
            name.removeprefix("projects."): str(value) for name, value in both.items() if name.startswith("projects.")
        }

    def _find(self, name: str, default: config.Value) -> config.Value:
        own = self.journal.get(name)
        if own is not None and config.is_tightest(name, own):
            return own
        return self.user.get(name, default if own is None else own)


def load(env: Mapping[str, str], journal_root: str = "") -> Settings:
    """Read both files; one that is missing sets nothing."""
    user = config.known(config.flatten(read_toml(config_file(env))))
    if not journal_root:
        return Settings(user, {})
    own = read_toml(os.path.join(journal_root, "journal", "journal.toml"))
    return Settings(user, config.known(config.flatten(own), shared_only=True))


def read_toml(path: str) -> dict[str, object]:
    """Read a settings file; {} when it is missing, an error that names the file when it is broken."""
    import tomllib

    try:
        with open(path, "rb") as stream:
            return tomllib.load(stream)
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise JournalError(f"{path} cannot be read: {error}", "mend the file in an editor, or move it away") from error
    except OSError as error:
        raise JournalError(f"{path} cannot be read: {error.strerror or error}") from error


def change(env: Mapping[str, str], name: str, value: config.Value) -> str:
    """Set one of the user's settings, leaving comments and order alone; return the file's path."""
    import tomlkit

    path = config_file(env)
    read_toml(path)  # a broken file is reported, never rewritten
    document = tomlkit.parse(_text(path))
    table, last = _table(document, name)
    table[last] = value
    _save(path, tomlkit.dumps(document))
    return path


def unset(env: Mapping[str, str], name: str) -> bool:
    """Take one of the user's settings out, leaving comments and order alone; False where it is not set."""
    import tomlkit

    path = config_file(env)
    read_toml(path)
    document = tomlkit.parse(_text(path))
    if not _take_out(document, name):
        return False
    _save(path, tomlkit.dumps(document))
    return True


def _take_out(table: MutableMapping[str, object], name: str) -> bool:
    """Take a setting out of a table, or of one below it; an empty table stays, for comments can stand in it."""
    if name in table:
        del table[name]
        return True
    below = ((one, f"{first}.") for first, one in table.items() if isinstance(one, MutableMapping))
    return any(_take_out(one, name.removeprefix(first)) for one, first in below if name.startswith(first))


def _table(document: object, name: str) -> tuple[dict[str, object], str]:
    import tomlkit

    first, dot, rest = name.partition(".")
    table: dict[str, object] = document  # type: ignore[assignment]  # tomlkit's document is a dict
    if not dot:
        return table, first
    if not isinstance(table.get(first), dict):
        table[first] = tomlkit.table()
    return table[first], rest  # type: ignore[return-value]


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", newline="") as stream:
            return stream.read()
    except FileNotFoundError:
        return ""


def _save(path: str, text: str) -> None:
    from session_journal.store.files import write_atomic

    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        write_atomic(path, text.encode())
    except OSError as error:
        raise JournalError(f"{path} cannot be written: {error.strerror or error}") from error
