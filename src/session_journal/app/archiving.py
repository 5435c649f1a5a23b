"""The events of captured sessions: kept on this machine, and a page of the journal where its user wants that."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from session_journal.app.remotes import open_remotes
from session_journal.core.events import Session
from session_journal.errors import JournalError
from session_journal.store.archive import events_of, keep, page_change
from session_journal.store.journal import Change, Journal
from session_journal.store.settings import Settings, load

T = TypeVar("T")
SETTING = "archive.commit"


class Archivist:
    """Keeps the events of one run; whatever goes wrong here must not lose an entry.

    unkept: why events were not kept on this machine, uncommitted: why they did not go into a commit, "" where they
    did or nobody wanted it. dry_run: nothing is kept.
    """

    def __init__(self, journal: Journal, *, dry_run: bool = False) -> None:
        self._journal, self._dry_run = journal, dry_run
        self.unkept = self.uncommitted = ""
        self._commits: bool | None = None

    def keep(self, entry_id: str, session: Session) -> None:
        """Keep a captured session's events, redacted already."""
        if not self._dry_run:
            _, why = _tried(lambda: keep(self._journal, entry_id, session), f"{_events(entry_id)} could not be kept")
            self.unkept = why or self.unkept

    def keep_longer(self, entry_id: str, session: Session) -> None:
        """Keep the events of a session that went on, where its entry's turns still are what they were."""
        try:
            known = events_of(self._journal, entry_id)
        except JournalError as error:
            self.unkept = error.message
            return
        marks = {(event.turn, event.kind, event.role, event.call) for event in session.events}
        if not known or all((event.turn, event.kind, event.role, event.call) in marks for event in known.events):
            self.keep(entry_id, session)

    def changes(self, entry_id: str, session: Session | None) -> list[Change]:
        """Return what an entry's commit has to hold for its session, redacted already; nothing unless it is wanted."""
        if session is None:
            return []
        failed = f"{_events(entry_id)} could not be written"
        change, why = _tried(lambda: self._change(entry_id, session), failed)
        self.uncommitted = why or self.uncommitted
        return [change] if change else []

    def _change(self, entry_id: str, session: Session) -> Change | None:
        return page_change(self._journal, entry_id, session) if self.is_wanted() else None

    def is_wanted(self) -> bool:
        """Tell whether events go into commits: their user wants it, and no remote is open to others."""
        if self._dry_run:
            return False
        if self._commits is None:
            settings = load(self._journal.env, self._journal.root)
            self._commits = is_wanted(settings)
            reader = open_remote(self._journal, settings) if self._commits else ""
            if reader:
                self._commits = False
                command = f"journal config set remote.{reader} private"
                self.uncommitted = f"remote {reader} is not marked as private (if nobody else can read it: {command})"
        return self._commits


def is_wanted(settings: Settings) -> bool:
    """Tell whether the user wants events committed, and the journal does not forbid it."""
    return settings.text(SETTING, "no") == "yes"


def open_remote(journal: Journal, settings: Settings) -> str:
    """Return a remote that others may be able to read, "" for none: what is committed now will be pushed there."""
    return next(iter(open_remotes(settings, journal.root)), "")


def kept_changes(journal: Journal, entry_id: str) -> list[Change]:
    """Return what an entry's commit has to hold for the events that are kept of it on this machine."""
    archivist = Archivist(journal)
    try:
        return archivist.changes(entry_id, events_of(journal, entry_id)) if archivist.is_wanted() else []
    except JournalError:  # they cannot be read: `timeline` says so, and the entry does not depend on it
        return []


def _events(entry_id: str) -> str:
    return f"the events of entry {entry_id[:8]}"


def _tried(act: Callable[[], T], failed: str) -> tuple[T | None, str]:
    """Return what came of it, or why nothing did: whatever goes wrong with events must not lose the entry."""
    try:
        return act(), ""
    except JournalError as error:
        return None, error.message
    except Exception as error:  # noqa: BLE001 - see above
        return None, f"{failed} ({type(error).__name__})"
