"""What hooks leave to be done behind the agent's back: capturing the sessions that are due, waiting for quiet ones."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping

from session_journal.app.detached import start_detached
from session_journal.app.hooked import PUBLISH, WAIT, due_in, is_waiting, make_quiet_due, quiet_seconds, waiting_lock
from session_journal.errors import JournalError, NotFoundError, TranscriptError
from session_journal.store.failures import Failure, note_failure
from session_journal.store.lock import Lock
from session_journal.store.marks import CHANGED, TAKEN, Mark, Marks
from session_journal.store.places import default_journal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from session_journal.app.draft import Clock
    from session_journal.store.journal import Journal

_LONGEST_NAP = 60.0
_BUSY_NAP = 5.0
_ROUNDS = 60
"""How often the waiting process sees sessions that are due and stay so before it leaves them to the next hook."""
_SETTLED = 1.0
"""Seconds: agents write the end of a transcript a little later than they run the hook."""
_TRIES = 3
_SHORTEST_ID = 8


def publish(env: Mapping[str, str], clock: Callable[[], Clock]) -> None:
    """Capture every session that is due; one process at a time, and the next one sees to what came meanwhile."""
    marks = Marks(env)
    while due_in(marks.states()):
        lock = Lock(os.path.join(os.path.dirname(marks.folder), "publishing.lock"))
        if not lock.try_enter():
            return  # whoever holds it looks again once it has left
        try:
            due = sorted(due_in(marks.states()), key=lambda one: (marks.touched(*one), one))
            taken = [key for key, state in due if marks.move(key, state, TAKEN)]
            for key in taken:
                _take(env, marks, key, clock)
        finally:
            lock.leave()
        if not taken:
            return
    if marks.states() and not is_waiting(marks):
        start_detached(("hooks", WAIT), env, marks.folder)


def wait(env: Mapping[str, str], now: Callable[[], float]) -> None:
    """Wait for marked sessions to fall quiet and have them captured; end when none is left, or another waits already.

    One process for all sessions, which loads next to nothing; after a reboot the next hook starts it again. What
    another hook has just made due is that hook's to capture, in its own environment; it is seen to here where it
    is still due at the next look.
    """
    marks = Marks(env)
    rounds = 0
    due: set[tuple[str, str]] = set()
    while marks.states() and rounds < _ROUNDS:
        lock = waiting_lock(marks)
        if not lock.try_enter():
            return
        try:
            while (states := marks.states()) and rounds < _ROUNDS:
                others = due_in(states) - due
                due = make_quiet_due(marks, states, env, now())
                if due and not others:
                    start_detached(("hooks", PUBLISH), env, marks.folder)
                rounds = rounds + 1 if due else 0
                time.sleep(_BUSY_NAP if due else _nap(env, marks, states, now()))
        finally:
            lock.leave()  # a mark that came since the last look makes another round


def _nap(env: Mapping[str, str], marks: Marks, states: Mapping[str, set[str]], now: float) -> float:
    """Return for how many seconds nothing can be due; never long, for sessions can end and machines sleep meanwhile."""
    quiet = quiet_seconds(env)
    ends = [marks.touched(key, state) + quiet for key, found in states.items() for state in found]
    return max(0.2, min(_LONGEST_NAP, quiet / 10, min(ends, default=now) - now))


def _take(env: Mapping[str, str], marks: Marks, key: str, clock: Callable[[], Clock]) -> None:
    """Capture one session; what goes wrong is noted, and tried again later where that may help."""
    mark = marks.read(key, TAKEN)
    try:
        if mark is not None:
            _settle(mark, clock)
            _capture(env, mark, clock())
    except (JournalError, OSError) as error:
        said = error if isinstance(error, JournalError) else JournalError(f"{error.strerror or error}")
        _note(env, clock, mark, said)
        if mark is not None and not isinstance(error, NotFoundError | TranscriptError) and mark.tries + 1 < _TRIES:
            mark.tries += 1
            marks.put(mark, CHANGED)
    except Exception as error:  # noqa: BLE001 - nobody is there to meet a traceback
        bug = JournalError(f"this is a bug in journal ({type(error).__name__})", "please report it")
        _note(env, clock, mark, bug)
    marks.drop(key, TAKEN)


def _settle(mark: Mark, clock: Callable[[], Clock]) -> None:
    """Wait until a transcript's end is written, but not for one that is being written to all the time."""
    for _ in range(10):
        try:
            age = clock().now.timestamp() - os.stat(mark.path).st_mtime
        except OSError:
            return
        if not 0 <= age < _SETTLED:
            return
        time.sleep(_SETTLED / 4)


def _note(env: Mapping[str, str], clock: Callable[[], Clock], mark: Mark | None, error: JournalError) -> None:
    when = clock().now.isoformat(sep=" ", timespec="seconds")
    where = f"{mark.agent} {mark.session}" if mark else "hook"
    no_journal = isinstance(error, NotFoundError)
    note_failure(env, Failure(when, "capture" if no_journal else where, error.message, error.hint), once=no_journal)


def _capture(env: Mapping[str, str], mark: Mark, clock: Clock) -> None:
    """Capture one session into the journal that its folder belongs to."""
    path = _transcript(env, mark)
    if not path and mark.path:
        raise TranscriptError(f"there is no transcript {mark.path} any more", "journal capture")
    if not path:
        return
    from session_journal.app.capture import Capture
    from session_journal.app.endpoint import Voice, may_ask
    from session_journal.app.modelled import make_retell
    from session_journal.app.outcome import Wanted
    from session_journal.app.redaction import make_redactor
    from session_journal.store.settings import load

    def note(why: str, hint: str) -> None:
        when = clock.now.isoformat(sep=" ", timespec="seconds")
        note_failure(env, Failure(when, f"{mark.agent} {mark.session}", why, hint))

    # Nobody is there to be asked: without their consent nothing is sent, and nothing is said of it each time.
    retell = make_retell(env, make_redactor(env), Voice(note)) if may_ask(env) else None
    for journal in _journals(env, mark):
        wanted = Wanted(aliases=load(env, journal.root).projects())
        outcomes = Capture(journal, clock, wanted, retell).take_file(path)
        for outcome in outcomes:
            if outcome.action == "failed":
                raise TranscriptError(f"{path}: {outcome.why.removeprefix(f'{path}: ')}", f"journal capture {path}")
        if any(outcome.action != "elsewhere" for outcome in outcomes):
            return


def _journals(env: Mapping[str, str], mark: Mark) -> Iterator[Journal]:
    """Yield the journal around a session's folder, then the default one: the first may keep only its own project."""
    from session_journal.store.journal import open_journal

    env = {**env, "JOURNAL_HOME": mark.home}
    first = open_journal("", mark.cwd, env)
    yield first
    default = default_journal(env)
    if default and os.path.realpath(default) != os.path.realpath(first.root):
        yield open_journal(default, env=env)


def _transcript(env: Mapping[str, str], mark: Mark) -> str:
    """Return where a session's transcript lies: as the agent said, or else where a file is named for it."""
    if mark.path and os.path.isfile(mark.path):
        return mark.path
    from session_journal.agents import this_machine
    from session_journal.app.sources import transcripts

    found = transcripts(this_machine(env, mark.cwd), None, mark.agent) if len(mark.session) >= _SHORTEST_ID else ()
    return next((one for one in reversed(found) if mark.session in os.path.basename(one)), "")
