"""What agents run as their hook, and what that starts: no click, for the agent waits; exit code 0 whatever happens."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from session_journal.app.draft import Clock

_SECONDS = 1.0
"""Codex gives SessionEnd one second, Claude Code one and a half."""
_MOST = 8 * 1024 * 1024
_OPTION = "--hook"


def hook_line(argv: list[str]) -> tuple[str, str, list[str]] | None:
    """Return journal, agent and what follows of `[--journal DIR] capture --hook AGENT …`, None for every other line.

    A line that names no agent is one, too: whatever is wrong with it, the agent that runs it must not be troubled.
    """
    from session_journal.cli.quick import journal_option

    journal_dir, words = journal_option(argv)
    if words[:1] != ["capture"] or "--help" in words or "-h" in words:
        return None
    for at, word in enumerate(words):
        name, _, value = word.partition("=")
        if name == _OPTION:
            rest = words[at + 1 :]
            return (journal_dir, value, rest) if value or not rest else (journal_dir, rest[0], rest[1:])
    return None


def run_hook_capture(journal_dir: str, agent: str, rest: list[str]) -> int:
    """Note what the agent says and have it seen to; say nothing, and never fail."""
    from session_journal.core.own_calls import GUARD

    env = dict(os.environ)
    if GUARD in env:
        return 0
    if journal_dir:
        env["JOURNAL_HOME"] = os.path.abspath(os.path.expanduser(journal_dir))
    try:
        _run(agent, rest, env)
    except BaseException as error:  # noqa: BLE001 - even an interrupt must not become the agent's trouble
        _note(agent, error)
    return 0


def run_hook_work(name: str) -> int:
    """Do what a hook has left to be done: "publish" or "wait"."""
    try:
        from session_journal.app import hook_work

        if name == "wait":
            import time

            hook_work.wait(os.environ, time.time)
        else:
            hook_work.publish(os.environ, _clock)
    except Exception as error:  # noqa: BLE001 - nobody would see it
        _note("agents", error)
        return 1
    return 0


def _run(agent: str, rest: list[str], env: Mapping[str, str]) -> None:
    import time

    from session_journal.app.hooked import on_event

    given = _read(rest)
    start = on_event(env, agent, given, time.time()) if given is not None else ""
    if start:
        from session_journal.app.detached import start_detached
        from session_journal.store.marks import Marks

        start_detached(("hooks", start), env, Marks(env).folder)


def _clock() -> Clock:
    from datetime import datetime

    from session_journal.app.draft import Clock
    from session_journal.cli.output import LocalZone

    return Clock(datetime.now().astimezone(), LocalZone())


def _note(agent: str, error: BaseException) -> None:
    """Keep what went wrong for `journal doctor`; where even that fails, nothing can be done."""
    try:
        from datetime import datetime

        from session_journal.errors import JournalError
        from session_journal.store.failures import Failure, note_failure

        known = error if isinstance(error, JournalError) else None
        what = known.message if known else str(getattr(error, "strerror", "") or type(error).__name__)
        when = datetime.now().astimezone().isoformat(sep=" ", timespec="seconds")
        note_failure(os.environ, Failure(when, f"hook of {agent}", what, known.hint if known else ""))
    except BaseException:  # noqa: BLE001, S110
        pass


# --- reading what the agent says ------------------------------------------------------------------------------------


def _read(rest: list[str]) -> Mapping[str, object] | None:
    """Return the JSON object that the agent gave, on stdin or (Codex' notify) as last argument; None for anything else.

    An agent that never closes stdin is not waited for: a whole object is enough.
    """
    if rest and rest[-1].startswith("{"):
        return _parse(rest[-1].encode("utf-8", "surrogateescape"))
    data = b""
    for part in _parts():
        data += part
        if len(data) > _MOST:
            return None
        if part.rstrip()[-1:] == b"}" and (given := _parse(data)) is not None:
            return given
    return _parse(data)


def _parse(data: bytes) -> Mapping[str, object] | None:
    import json

    try:
        given = json.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):
        return None
    return given if isinstance(given, dict) else None


def _parts() -> Iterator[bytes]:
    """Yield what comes in on stdin until it ends or time is up."""
    if os.name == "nt":
        yield from _parts_on_windows()
        return
    import select
    import time

    deadline = time.monotonic() + _SECONDS
    while (left := deadline - time.monotonic()) > 0 and select.select([0], [], [], left)[0]:
        part = os.read(0, 65536)
        if not part:
            return
        yield part


def _parts_on_windows() -> Iterator[bytes]:
    """Do the same with a thread, for nothing else waits for a pipe there; it ends with the process."""
    import queue
    import threading
    import time

    parts: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def read() -> None:
        while part := os.read(0, 65536):
            parts.put(part)
        parts.put(b"")

    threading.Thread(target=read, daemon=True).start()
    deadline = time.monotonic() + _SECONDS
    while (left := deadline - time.monotonic()) > 0:
        try:
            part = parts.get(timeout=left)
        except queue.Empty:
            return
        if not part:
            return
        yield part
