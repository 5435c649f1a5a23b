"""Pins: which records this machine has seen in a repository, kept outside of it; they must stay there for good."""

from __future__ import annotations

from session_journal.errors import JournalError
from session_journal.store.ledger import Ledger

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_LETGO = "abandoned"


class Pin:
    """The last record seen of a lane, when (unix seconds), and on which branch ("" for none)."""

    __slots__ = ("branch", "id", "lane", "seconds", "seq")

    def __init__(self, lane: str, seq: int, id: str, seconds: int, branch: str = "") -> None:  # noqa: A002
        self.lane, self.seq, self.id, self.seconds, self.branch = lane, seq, id, seconds, branch


class Pins:
    """What this machine has seen of a repository's log, and which records its user has let go."""

    __slots__ = ("_ledger",)

    def __init__(self, common_dir: str, env: Mapping[str, str]) -> None:
        self._ledger = Ledger("pins", common_dir, env)

    def all(self) -> list[Pin]:
        """Return the pins, by lane."""
        return [pin for lane, words in sorted(self._ledger.lines.items()) if (pin := _pin(lane, words))]

    def abandoned(self) -> set[str]:
        """Return the ids of the records that were let go."""
        return {key for key, words in self._ledger.lines.items() if words == [_LETGO]}

    def advance(self, lane: str, seq: int, id: str, seconds: int, branch: str = "") -> None:  # noqa: A002
        """Pin a record, unless a later one of its lane is pinned; a state folder that can't be written pins nothing."""
        known = _pin(lane, self._ledger.lines.get(lane, []))
        if known and known.seq >= seq:
            return
        try:
            self._ledger.put(lane, str(seq), id, str(seconds), branch or "-")
        except (JournalError, OSError):
            return  # the commit is made; what is not pinned today is pinned by the next verification

    def let_go(self, lane: str, records: Iterable[str]) -> None:
        """Forget a lane's pin and remember the records that were let go with it."""
        for record in records:
            self._ledger.put(record, _LETGO)
        self._ledger.drop({lane})


def _pin(lane: str, words: list[str]) -> Pin | None:
    """Read a pin; a line that is none (an abandoned record's, or damage) pins nothing."""
    if len(words) != 4 or not (words[0].isdigit() and words[2].isdigit()):
        return None
    return Pin(lane, int(words[0]), words[1], int(words[2]), words[3].strip("-"))
