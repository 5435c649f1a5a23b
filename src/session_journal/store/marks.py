"""Which sessions of agents have changed and wait to be captured: a small file each in the state folder.

The file's name tells how far it is: `.begun` (started, no turn has ended yet), `.changed` (a turn has ended),
`.due` (to be captured now), `.taken` (being captured; left over where that was killed). Nothing of what was said in a
session is kept here, only where its transcript lies.
"""

from __future__ import annotations

import os

from session_journal.core.digest import sha256
from session_journal.store.files import join_list, read_bytes, remove_if_there, split_list, write_atomic
from session_journal.store.places import state_dir

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

BEGUN, CHANGED, DUE, TAKEN = "begun", "changed", "due", "taken"
_STATES = (BEGUN, CHANGED, DUE, TAKEN)


class Mark:
    """One session. cwd: where the agent worked; home: the JOURNAL_HOME it had; tries: how often capturing failed."""

    __slots__ = ("agent", "cwd", "home", "path", "session", "tries")

    def __init__(self, agent: str, session: str, path: str, cwd: str = "", home: str = "", tries: int = 0) -> None:
        self.agent, self.session, self.path = agent, session, path
        self.cwd, self.home, self.tries = cwd, home, tries

    @property
    def key(self) -> str:
        """Return a file name for the session."""
        named = f"{self.agent}\0{self.session or self.path}"
        return str(sha256(named.encode("utf-8", "surrogatepass")).hexdigest()[:24])


class Marks:
    """All marks of this machine."""

    __slots__ = ("folder",)

    def __init__(self, env: Mapping[str, str]) -> None:
        self.folder = os.path.join(state_dir(env), "hooks", "marks")

    def put(self, mark: Mark, state: str) -> None:
        """Note a session's state; the folder it began in stays the one it belongs to."""
        os.makedirs(self.folder, mode=0o700, exist_ok=True)
        for other in (BEGUN, CHANGED):
            known = self.read(mark.key, other)
            if known is not None:
                mark.cwd, mark.path = known.cwd or mark.cwd, mark.path or known.path
        fields = (mark.agent, mark.session, mark.path, mark.cwd, mark.home, str(mark.tries))
        write_atomic(self._file(mark.key, state), join_list(fields))
        for other in (BEGUN, CHANGED):
            if other != state:
                self.drop(mark.key, other)

    def states(self) -> dict[str, set[str]]:
        """Return the states of each session; one can have two, where it went on while it was being captured."""
        found: dict[str, set[str]] = {}
        for name in sorted(os.listdir(self.folder)) if os.path.isdir(self.folder) else ():
            key, _, state = name.rpartition(".")
            if state in _STATES and key[:1] != ".":
                found.setdefault(key, set()).add(state)
        return found

    def read(self, key: str, state: str) -> Mark | None:
        """Return a mark, None where it is gone or cannot be understood."""
        fields = split_list(read_bytes(self._file(key, state)) or b"")
        if len(fields) != 6:
            return None
        agent, session, path, cwd, home, tries = fields
        return Mark(agent, session, path, cwd, home, int(tries) if tries.isdecimal() else 0)

    def move(self, key: str, state: str, to: str) -> bool:
        """Give a mark another state; False where another process was quicker, or (on Windows) reads it right now."""
        try:
            os.replace(self._file(key, state), self._file(key, to))
        except (FileNotFoundError, PermissionError):
            return False
        return True

    def drop(self, key: str, state: str) -> None:
        """Forget a mark."""
        remove_if_there(self._file(key, state))

    def touched(self, key: str, state: str) -> float:
        """Return when a session last did anything, in seconds since 1970: its mark and its transcript tell."""
        mark = self.read(key, state)
        return max(_modified(self._file(key, state)), _modified(mark.path) if mark else 0.0)

    def _file(self, key: str, state: str) -> str:
        return os.path.join(self.folder, f"{key}.{state}")


def _modified(path: str) -> float:
    try:
        return os.stat(path).st_mtime
    except (OSError, ValueError):
        return 0.0
