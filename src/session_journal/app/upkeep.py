"""What is wrong with the files that the tool reads again to bring them up to date."""

from __future__ import annotations

from session_journal.app.corrections import read_corrections
from session_journal.app.generated import prove
from session_journal.core.document import fields, parse, refuse_conflict
from session_journal.core.folders import CORRECTIONS
from session_journal.core.learnings import PATH
from session_journal.errors import JournalError
from session_journal.store.files import markdown_files, read_bytes
from session_journal.store.journal import Journal

_FOLDERS = ("rollups", "playbooks")


def wrong_with(path: str, data: bytes) -> tuple[str, str]:
    """Return why the tool can't use a rollup, a playbook, the digest or the decisions, and a hint; "" where it can."""
    try:
        if path == CORRECTIONS:
            return next(iter(read_corrections(data)[1]), ""), ""
        if path == PATH or path.startswith(tuple(f"journal/{folder}/" for folder in _FOLDERS)):
            refuse_conflict(data, path)
            fields(parse(data, path), path)
            prove(path, data)
    except JournalError as error:
        return error.message, error.hint
    return "", ""


def kept_files(journal: Journal) -> dict[str, bytes]:
    """Return those files of a journal with their bytes."""
    paths = [*markdown_files(journal.root, *_FOLDERS), PATH, CORRECTIONS]
    found = {path: read_bytes(journal.path(path)) for path in paths}
    return {path: data for path, data in found.items() if data is not None}
