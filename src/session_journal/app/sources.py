"""The transcripts that lie on this machine."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date, datetime

from session_journal.agents import claude_code


def transcripts(env: Mapping[str, str], since: date | None) -> tuple[str, ...]:
    """Return the transcript files that were written to since a day, oldest first."""
    files = reversed(claude_code.transcript_files(env))
    return tuple(path for path in files if since is None or _written(path) >= since)


def newest(env: Mapping[str, str], cwd: str) -> str:
    """Return the newest transcript of the folder one is in, else of this machine; "" where there is none."""
    return claude_code.newest_transcript(env, cwd) or next(iter(claude_code.transcript_files(env)), "")


def _written(path: str) -> date:
    try:
        return datetime.fromtimestamp(os.path.getmtime(path)).date()  # noqa: DTZ006 - the local day is meant
    except (OSError, OverflowError, ValueError):
        return date.min  # the tool clears away old ones by itself; a time out of bounds is no time
