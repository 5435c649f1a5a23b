"""Small files of this machine's own knowledge: lines of words, the newest line of a key counts."""

from __future__ import annotations

import os

from session_journal.core.digest import sha256
from session_journal.store.files import append_line, read_bytes, write_atomic
from session_journal.store.places import state_dir

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_COMPACT_BYTES = 16_384


class Ledger:
    """What this machine knows about one git directory; kept under a name made of both.

    So a repository that was copied or restored elsewhere starts with an empty one.
    """

    __slots__ = ("_path", "_whole", "lines")

    def __init__(self, kind: str, git_dir: str, env: Mapping[str, str]) -> None:
        self._path = os.path.join(state_dir(env), kind, place_name(git_dir))
        data = read_bytes(self._path) or b""
        # A last line without its end was torn by a crash: the next line must not be glued to it.
        self._whole = len(data) <= _COMPACT_BYTES and data.endswith(b"\n")
        words = (line.split(" ") for line in data.decode("utf-8", "surrogateescape").split("\n"))
        self.lines = {line[0]: line[1:] for line in words if len(line) > 1}

    def put(self, key: str, *words: str) -> None:
        """Write down a key's newest words."""
        self.lines[key] = list(words)
        if not self._whole or not append_line(self._path, _line(key, words)):
            self._rewrite()

    def drop(self, keys: set[str]) -> None:
        """Forget keys."""
        self.lines = {key: words for key, words in self.lines.items() if key not in keys}
        self._rewrite()

    def _rewrite(self) -> None:
        write_atomic(self._path, b"".join(_line(key, words) for key, words in sorted(self.lines.items())))
        self._whole = True


def _line(key: str, words: Iterable[str]) -> bytes:
    return f"{key} {' '.join(words)}\n".encode("utf-8", "surrogateescape")  # a branch may have any name


def place_name(git_dir: str, *more: str) -> str:
    """Return the name under which this machine keeps what it knows about a git directory."""
    name = "\0".join([machine_name(), os.path.realpath(git_dir), *more])
    return sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:32]


def machine_name() -> str:
    """Return a name of this machine that survives restarts."""
    for path in ("/etc/machine-id", "/var/lib/dbus/machine-id"):
        data = read_bytes(path) if os.path.exists(path) else None
        if data and data.strip():
            return data.decode("ascii", "replace").strip()
    if hasattr(os, "uname"):
        return os.uname().nodename
    return os.environ.get("COMPUTERNAME", "")
