"""The command's first steps: what needs no command module, and how every failure ends."""

from __future__ import annotations

import os
import sys

from session_journal import __version__
from session_journal.errors import JournalError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

BUG, INTERRUPTED = 3, 130


def main() -> NoReturn:
    """Run the command line and exit with its code."""
    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        # `journal list | head` closed the pipe: point stdout elsewhere, or the interpreter complains at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def run(argv: list[str]) -> int:
    """Run one command line; return its exit code: 0, 1 expected failure, 2 usage, 3 bug, 130 interrupted."""
    if argv == ["--version"]:
        sys.stdout.write(f"journal {__version__}\n")
        return 0
    try:
        return _dispatch(argv)
    except JournalError as error:
        return _explain(error.message, error.hint, error.exit_code)
    except KeyboardInterrupt:
        return _explain("interrupted; what was finished is kept", "", INTERRUPTED)
    except BrokenPipeError:
        return 0
    except Exception:  # noqa: BLE001 - the last net: a user never meets a traceback
        return _report_bug()


def _dispatch(argv: list[str]) -> int:
    from session_journal.cli.quick import run_quick

    done = run_quick(argv)
    if done is not None:
        return done
    from session_journal.cli.group import run_click

    return run_click(argv)


def _explain(message: str, hint: str, code: int) -> int:
    sys.stderr.write(f"journal: {message}\n")
    if hint:
        sys.stderr.write(f"hint: {hint}\n")
    return code


def _report_bug() -> int:
    import tempfile
    import traceback

    error = sys.exception() if sys.version_info >= (3, 12) else sys.exc_info()[1]
    name = type(error).__name__
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="journal-bug-", suffix=".txt", delete=False, encoding="utf-8"
        ) as file:
            traceback.print_exc(file=file)
            place = f"; the details lie in {file.name}"
    except OSError:
        place = ""
    return _explain(
        f"this is a bug in journal ({name}){place}",
        "please report it, without private text; your files are as they were",
        BUG,
    )
