"""Pins: which records this machine has seen in a repository, kept outside of it; they must stay there for good."""

from __future__ import annotations

from session_journal.errors import JournalError
from session_journal.store.ledger import Ledger

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_LETGO = "abandoned"


class Pin:
    """The last record seen of a lane, and when (unix seconds)."""

    __slots__ = ("id", "lane", "seconds", "seq")

    def __init__(self, lane: str, seq: int, id: str, seconds: int) -> None:  # noqa: A002
        self.lane, self.seq, self.id, self.seconds = lane, seq, id, seconds


class Pins:
    """What this machine has seen of a repository's log, and which records its user has let go."""

    __slots__ = ("_ledger",)

    def __init__(self, common_dir: str, env: Mapping[str, str]) -> None:
        self._ledger = Ledger("pins", common_dir, env)

    def all(self) -> list[Pin]:
        """Return the pins, by lane."""
        lines = sorted(self._ledger.lines.items())
        return [Pin(lane, int(words[0]), words[1], int(words[2])) for lane, words in lines if len(words) == 3]

    def abandoned(self) -> set[str]:
        """Return the ids of the records that were let go."""
        return {key for key, words in self._ledger.lines.items() if words == [_LETGO]}

    def advance(self, lane: str, seq: int, id: str, seconds: int) -> None:  # noqa: A002
        """Pin a record, unless a later one of its lane is pinned; a state folder that can't be written pins nothing."""
        known = self._ledger.lines.get(lane, [])
        if len(known) == 3 and int(known[0]) >= seq:
            return
        try:
            self._ledger.put(lane, str(seq), id, str(seconds))
        except (JournalError, OSError):
            return  # the commit is made; what is not pinned today is pinned by the next verification

    def let_go(self, lane: str, records: Iterable[str]) -> None:
        """Forget a lane's pin and remember the records that were let go with it."""
        for record in records:
            self._ledger.put(record, _LETGO)
        self._ledger.drop({lane})
