"""What an agent's hook does while the agent waits: it notes what happened, and says what has to be started.

A turn's end only marks its session. A session is captured when it ends, when another one starts, or when it has been
quiet for half an hour: one commit a session, not one a turn. SessionEnd alone would not do, for an agent that is killed
runs no hook.
"""

from __future__ import annotations

import os

from session_journal.store.lock import Lock
from session_journal.store.marks import BEGUN, CHANGED, DUE, TAKEN, Mark, Marks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

WAIT, PUBLISH = "wait", "publish"
QUIET_SECONDS = 30 * 60
QUIET = "JOURNAL_QUIET_SECONDS"
"""The environment variable that says another time of quiet."""


def on_event(env: Mapping[str, str], agent: str, given: Mapping[str, object], now: float) -> str:
    """Note what a hook was told; return what has to be started: PUBLISH, WAIT or "".

    given: the JSON that the agent sent; now: seconds since 1970.
    """
    marks, mark, event = Marks(env), _mark(env, agent, given), _event(given)
    if event == "SessionStart":
        _make_others_due(marks, mark)
        if mark and not marks.states().get(mark.key):
            marks.put(mark, BEGUN)
    elif mark and event != "SessionEnd":
        marks.put(mark, CHANGED)
    elif mark:
        _end(marks, mark)
    if make_quiet_due(marks, marks.states(), env, now):
        return PUBLISH
    return WAIT if marks.states() and not is_waiting(marks) else ""


def make_quiet_due(
    marks: Marks, states: Mapping[str, set[str]], env: Mapping[str, str], now: float
) -> set[tuple[str, str]]:
    """Make sessions due that have been quiet for long enough; return all that are due, each with its state."""
    due = due_in(states)
    for key, found in states.items():
        for state in found & {BEGUN, CHANGED}:
            if now - marks.touched(key, state) >= quiet_seconds(env):
                mark = marks.read(key, state)
                if mark is None or (state == BEGUN and not has_transcript(mark)):
                    marks.drop(key, state)  # nobody said anything in it
                    continue
                if marks.move(key, state, DUE):
                    due.add((key, DUE))
    return due


def due_in(states: Mapping[str, set[str]]) -> set[tuple[str, str]]:
    """Return the sessions that are to be captured, each with its state."""
    return {(key, state) for key, found in states.items() for state in found & {DUE, TAKEN}}


def has_transcript(mark: Mark) -> bool:
    """Tell whether a session's transcript lies where the agent said; one that it said nothing of may lie anywhere."""
    return not mark.path or os.path.isfile(mark.path)


def quiet_seconds(env: Mapping[str, str]) -> int:
    """Return after how many seconds without a sign a session counts as over."""
    said = env.get(QUIET, "")
    return int(said) if said.isdecimal() else QUIET_SECONDS


def waiting_lock(marks: Marks) -> Lock:
    """Return the lock of the one process that waits for sessions to fall quiet."""
    return Lock(os.path.join(os.path.dirname(marks.folder), "waiting.lock"))


def is_waiting(marks: Marks) -> bool:
    """Tell whether that process is there."""
    lock = waiting_lock(marks)
    if not lock.try_enter():
        return True
    lock.leave()
    return False


def _event(given: Mapping[str, object]) -> str:
    """Return what happened; what Codex sends to `notify` comes after each turn."""
    event = given.get("hook_event_name")
    return event if isinstance(event, str) else "Stop"


def _mark(env: Mapping[str, str], agent: str, given: Mapping[str, object]) -> Mark | None:
    """Return the session that a hook was told of, None where it was told of none."""
    session, cwd = _text(given, "session_id") or _text(given, "thread-id"), _text(given, "cwd")
    path = _text(given, "transcript_path")
    path = os.path.join(cwd, os.path.expanduser(path)) if path else ""
    return Mark(agent, session, path, cwd, env.get("JOURNAL_HOME", "")) if session or path else None


def _text(given: Mapping[str, object], name: str) -> str:
    value = given.get(name)
    return value if isinstance(value, str) and "\0" not in value else ""


def _end(marks: Marks, mark: Mark) -> None:
    """Make a session due that has ended; one that was opened and closed again has no transcript."""
    if CHANGED in marks.states().get(mark.key, ()) or has_transcript(mark):
        marks.put(mark, DUE)
    else:
        marks.drop(mark.key, BEGUN)


def _make_others_due(marks: Marks, starting: Mark | None) -> None:
    """Make every session due that had a turn and is not the one that starts (or is resumed, or goes on compacted)."""
    for key, states in marks.states().items():
        if CHANGED in states and not (starting and key == starting.key):
            marks.move(key, CHANGED, DUE)
