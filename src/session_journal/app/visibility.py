"""Who an entry may reach, and what a wider circle would see that is private."""

from __future__ import annotations

from session_journal.app.redaction import make_redactor
from session_journal.core.context import LEVELS
from session_journal.core.records import record
from session_journal.core.redact import Redactor
from session_journal.store.journal import Journal

REACH = {
    "self": "only you: it is pushed to no remote that you have not called private (what was pushed before stays there)",
    "team": "everyone who can read this journal's remotes",
    "public": "anybody",
}


@record(frozen=True, slots=True)
class Exposure:
    """A line of a file that shows something private: its number from 1, and the kinds of what it shows."""

    line: int
    kinds: tuple[str, ...]


def is_raise(before: str, after: str) -> bool:
    """Tell whether more people may see it afterwards."""
    return LEVELS.get(after, 0) > LEVELS.get(before, 0)


def find_private(journal: Journal, data: bytes) -> tuple[Exposure, ...]:
    """Return the lines of a file that show a secret, personal data or a home folder which the user has not allowed.

    Hand-written text is not redacted of personal data when it is stored, so this is where it is looked for.
    """
    redactor = make_redactor(journal.env, journal.allowed, touch=False)
    found = [Exposure(number, _kinds(redactor, line)) for number, line in enumerate(data.decode().split("\n"), 1)]
    return tuple(one for one in found if one.kinds)


def _kinds(redactor: Redactor, line: str) -> tuple[str, ...]:
    redactor.counts = {}
    hidden = redactor.redact(line)
    return tuple(sorted(redactor.counts)) or (("home-folder",) if hidden != line else ())
