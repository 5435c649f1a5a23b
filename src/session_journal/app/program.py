"""Where the command itself lies: hooks name it by its path, for what runs them may have another PATH."""

from __future__ import annotations

import os
import sys


def find_program() -> str:
    """Return the path of the command that runs now, "" where only the PATH can tell."""
    names = ("journal.exe", "journal.cmd") if os.name == "nt" else ("journal",)
    beside = [os.path.join(os.path.dirname(sys.executable), name) for name in names]
    typed = [os.path.abspath(sys.argv[0])] if os.path.basename(sys.argv[0]) in names else []
    found = next((path for path in [*typed, *beside] if os.path.isfile(path) and os.access(path, os.X_OK)), "")
    return found.replace(os.sep, "/")
