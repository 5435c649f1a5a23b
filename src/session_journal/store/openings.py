"""The openings of rollups that a model wrote, by what they were made from, in the git directory: lost without harm."""

from __future__ import annotations

import os
from collections.abc import Mapping

from session_journal.errors import JournalError
from session_journal.store.files import read_bytes, write_atomic

_MOST = 200


def recall(place: str) -> dict[str, str]:
    """Read what was kept: key → opening, "" for one of which too little held; what is torn counts as none."""
    import orjson

    try:
        told = orjson.loads(read_bytes(place) or b"{}")
    except (ValueError, JournalError, OSError):
        return {}
    known = told if isinstance(told, dict) else {}
    return {key: text for key, text in known.items() if isinstance(text, str)}


def keep(place: str, openings: Mapping[str, str]) -> None:
    """Keep the latest openings; a folder that can't be written keeps nothing."""
    import orjson

    try:
        os.makedirs(os.path.dirname(place), exist_ok=True)
        write_atomic(place, orjson.dumps(dict([*openings.items()][-_MOST:])))
    except (JournalError, OSError, TypeError):  # TypeError: a text that is no Unicode
        return
