"""The transcripts that lie on this machine."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date, datetime


def transcripts(env: Mapping[str, str], since: date | None) -> tuple[str, ...]:
    """Return the transcript files that were written to since a day, oldest first."""
    from session_journal.agents.claude_code import transcript_files

    found = []
    for path in transcript_files(os.path.expanduser("~"), env):
        try:
            changed = os.path.getmtime(path)
        except OSError:
            continue  # deleted meanwhile: the tool clears away old ones by itself
        if since is None or datetime.fromtimestamp(changed).date() >= since:  # noqa: DTZ006 - the local day is meant
            found.append((changed, path))
    return tuple(path for _, path in sorted(found))
