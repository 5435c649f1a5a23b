"""Values that look like secrets and are none: what this user has said so about, remembered without the values.

A fingerprint is an HMAC with a key that never leaves this machine. Nothing of this lies in a repository: a journal
that was cloned must not decide what may be stored.
"""

from __future__ import annotations

import os

from session_journal.core.redact import fingerprint, redact
from session_journal.errors import JournalError, UsageError
from session_journal.store.files import append_line, read_bytes
from session_journal.store.places import config_file, state_dir

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_KEY_BYTES = 32
_LENGTH = 16


class Allowed:
    """The fingerprints of values that may be stored; the files are read when the first secret is met.

    seen: fingerprints of what was met and is not allowed.
    """

    __slots__ = ("_config", "_folder", "_key", "_known", "_words", "seen")

    def __init__(self, env: Mapping[str, str]) -> None:
        self._folder = state_dir(env)
        self._config = config_file(env)
        self._key = b""
        self._words: tuple[str, ...] | None = None
        self._known: set[str] | None = None
        self.seen: list[str] = []

    def permits(self, kind: str, value: str) -> bool:
        """Tell whether the user has allowed this value."""
        del kind  # one value can be found by several rules
        mark = self.fingerprint(value)
        if mark and mark in self._read():
            return True
        if mark and mark not in self.seen:
            self.seen.append(mark)
        return False

    def redact(self, text: str) -> tuple[str, dict[str, int]]:
        """Return what a person wrote without secrets and hidden words that are not allowed, and how many there were."""
        return redact(text, self.permits, self.words())

    def fingerprint(self, value: str) -> str:
        """Return the value's name in the list of what is allowed, "" where this machine can keep no key."""
        key = self.key()
        return fingerprint(value, key) if key else ""

    def key(self, *, make: bool = True) -> bytes:
        """Return this machine's key; b"" where it can keep none, or has none yet and shall not `make` it."""
        try:
            self._key = self._key or read_bytes(self._path("redaction.key")) or (self._make_key() if make else b"")
        except JournalError:  # a state folder that cannot be written: every value stays refused, and that is said
            return b""
        return self._key

    def words(self) -> tuple[str, ...]:
        """Return the words that this user wants hidden (`redact.words` of the user's settings)."""
        if self._words is None:
            data = read_bytes(self._config) or b""
            self._words = _hidden_words(self._config) if b"words" in data else ()
        return self._words

    def allow(self, marks: Iterable[str], *, remember: bool = True) -> None:
        """Allow the values with these fingerprints, for this process or from now on."""
        new = [mark.strip().lower() for mark in marks]
        for mark in new:
            if len(mark) != _LENGTH or not set(mark) <= set("0123456789abcdef"):
                raise UsageError(
                    f"{mark!r} is no fingerprint of a refused value ({_LENGTH} hex digits)",
                    "the message that refused it names the fingerprint",
                )
        fresh = [mark for mark in new if mark not in self._read()]
        self._read().update(fresh)
        if remember and fresh:
            path = self._path("allowed")
            _make_private(path, b"")
            append_line(path, "".join(f"{mark}\n" for mark in fresh).encode())

    def _read(self) -> set[str]:
        if self._known is None:
            self._known = set((read_bytes(self._path("allowed")) or b"").decode("ascii", "replace").split())
        return self._known

    def _path(self, name: str) -> str:
        return os.path.join(self._folder, name)

    def _make_key(self) -> bytes:
        """Make the key; of two commands that make one at once, both use the one that was there first."""
        path = self._path("redaction.key")
        _make_private(path, os.urandom(_KEY_BYTES))
        return read_bytes(path) or b""


def _hidden_words(path: str) -> tuple[str, ...]:
    from session_journal.core.config import split_words
    from session_journal.store.settings import read_toml

    table = read_toml(path).get("redact")
    value = table.get("words", "") if isinstance(table, dict) else ""
    return split_words(value)


def _make_private(path: str, data: bytes) -> None:
    """Create a file that only its owner can read, whole or not at all; one that is there stays."""
    from session_journal.store.lock import Lock

    with Lock(f"{path}.lock"):
        if os.path.exists(path):
            return
        temporary = f"{path}.{os.getpid()}.tmp"
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
        try:
            with open(os.open(temporary, flags, 0o600), "wb") as file:
                file.write(data)
            os.replace(temporary, path)
        except OSError as error:
            raise JournalError(
                f"cannot write {path}: {error.strerror}", "check the disk's room and the folder's permissions"
            ) from error
