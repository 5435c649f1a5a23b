"""What the hooks of git run: no click, for a person waits for every commit."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def run_hook(name: str, args: Sequence[str]) -> int:
    """Do what a hook asks for and return its exit code; BLOCKED alone means that git must not go on."""
    from datetime import datetime

    from session_journal.app.git_events import run_event
    from session_journal.app.project import working_folder
    from session_journal.core.hook_scripts import BLOCKED

    piped = name in {"pre-push", "post-rewrite"} and bool(args)
    lines = sys.stdin.buffer.read().decode("utf-8", "surrogateescape").splitlines() if piped else []
    said = run_event(working_folder(), name, args, lines, os.environ, datetime.now().astimezone())
    for line in said.lines:
        sys.stderr.write(line + "\n" if line.startswith("hint: ") else f"journal: {line}\n")
    return BLOCKED if said.blocked else 0
