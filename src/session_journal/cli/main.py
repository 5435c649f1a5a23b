"""The command's first steps: what needs no command module, and how every failure ends."""

from __future__ import annotations

import os
import sys

# Everything else is imported inside `run`, where an interrupt is met.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

FAILED, BUG, INTERRUPTED = 1, 3, 130
_signalled: list[int] = []


def main() -> NoReturn:
    """Run the command line and exit with its code."""
    try:
        _fill_streams()
        _hear_signals()
        code = _flush(run(sys.argv[1:]))
    except KeyboardInterrupt:
        code = _interrupted()
    sys.exit(code)


def run(argv: list[str]) -> int:
    """Run one command line; return its exit code: 0, 1 expected failure, 2 usage, 3 bug, 130 interrupted."""
    try:
        return _dispatch(argv)
    except KeyboardInterrupt:
        return _interrupted()
    except BrokenPipeError:
        return 0
    except Exception as error:  # noqa: BLE001 - the last net: a user never meets a traceback
        return _tell(error)


def _fill_streams() -> None:
    """Open what the caller closed (`>&-`), or the next file that is opened would take the stream's place."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            handle = os.open(os.devnull, os.O_RDWR)
            os.set_inheritable(handle, True)  # noqa: FBT003 - as the caller's own would be
            setattr(sys, name, open(handle, mode, encoding="utf-8"))  # noqa: SIM115 - open to the end


def _hear_signals() -> None:
    """End at SIGTERM and SIGHUP as at Ctrl-C: through every `finally`."""
    import _signal  # type: ignore[import-not-found]  # `signal` would import enum

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(_signal, name, None)
        if number is not None and _signal.getsignal(number) == _signal.SIG_DFL:  # not under nohup
            _signal.signal(number, _stop)


def _stop(number: int, frame: object) -> None:
    del frame
    _signalled.append(number)
    raise KeyboardInterrupt


def _interrupted() -> int:
    code = 128 + _signalled[0] if _signalled else INTERRUPTED
    return _explain("interrupted; what was finished is kept", "", code)


def _flush(code: int) -> int:
    """Write out what is buffered; streams that cannot be written are closed, or Python complains at exit."""
    failed = False
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:  # `journal list | head` closed the pipe: it has seen enough
            _silence(stream.fileno())
        except OSError:
            failed = True
            _silence(stream.fileno())
    return _explain("the output could not be written", "", FAILED) if failed else code


def _silence(handle: int) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), handle)


def _tell(error: Exception) -> int:
    from session_journal.errors import JournalError

    if isinstance(error, JournalError):
        return _explain(error.message, error.hint, error.exit_code)
    if isinstance(error, OSError) and _is_of_output(error):
        return _flush(0) or _explain("the output could not be written", "", FAILED)
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        return _explain(where + error.strerror, "check the folder, its permissions and the disk's room", FAILED)
    return _report_bug(error)


def _is_of_output(error: OSError) -> bool:
    """Tell whether writing to stdout or stderr failed: only the command line and click do that, and name no file."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    name = str(trace.tb_frame.f_globals.get("__name__", "")) if trace else ""
    return error.filename is None and name.startswith(("session_journal.cli.", "click.", "rich."))


def _dispatch(argv: list[str]) -> int:
    if argv == ["--version"]:
        from session_journal import __version__

        sys.stdout.write(f"journal {__version__}\n")
        return 0
    done = _hooked(argv)
    if done is not None:
        return done
    from session_journal.cli.quick import run_quick

    done = run_quick(argv)
    if done is not None:
        return done
    from session_journal.cli.group import run_click

    return run_click(argv)


def _hooked(argv: list[str]) -> int | None:
    """Run what hooks of git and of agents call, which have no time for click; None for every other command line."""
    if argv[:2] == ["hooks", "run"]:
        from session_journal.cli.hook_run import run_hook
        from session_journal.core.hook_scripts import NAMES

        if len(argv) > 2 and argv[2] in NAMES and "--help" not in argv:
            return run_hook(argv[2], argv[3:])
    elif "capture" in argv[:3] or argv[:1] == ["hooks"]:
        from session_journal.cli.hook_capture import hook_line, run_hook_capture, run_hook_work

        if argv in (["hooks", "publish"], ["hooks", "wait"]):
            return run_hook_work(argv[1])
        line = hook_line(argv)
        return run_hook_capture(*line) if line else None
    return None


def _explain(message: str, hint: str, code: int) -> int:
    try:
        # A message may quote the name of a file, and that anything.
        sys.stderr.write(_without_secrets(f"journal: {message}\n" + (f"hint: {hint}\n" if hint else "")))
    except UnicodeEncodeError:  # a file name that is not text
        sys.stderr.write(ascii(message) + "\n")
    except OSError:
        _silence(sys.stderr.fileno())
    return code


def _without_secrets(text: str) -> str:
    from session_journal.core.redact import redact
    from session_journal.errors import JournalError
    from session_journal.store.allowed import Allowed

    try:
        words = Allowed(os.environ).words()
    except JournalError:  # settings that cannot be read: that may be the very message
        words = ()
    return redact(text, words=words)[0]


def _report_bug(error: Exception) -> int:
    import tempfile
    import traceback

    from session_journal.core.redact import hide_homes

    name = type(error).__name__
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="journal-bug-", suffix=".txt", delete=False, encoding="utf-8"
        ) as file:
            file.write(hide_homes(_without_secrets("".join(traceback.format_exception(error)))))
            place = f"; the details lie in {file.name}"
    except OSError:
        place = ""
    return _explain(
        f"this is a bug in journal ({name}){place}",
        "please report it, without private text; what the journal holds now: journal verify",
        BUG,
    )
