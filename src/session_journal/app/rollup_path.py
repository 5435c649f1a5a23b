"""Where a period's rollup lies; two projects whose names make one file name have a page each."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from session_journal.app.earlier import versions_of
from session_journal.core.document import fields, parse
from session_journal.core.projects import are_called_alike
from session_journal.core.slug import slugify
from session_journal.errors import DocumentError
from session_journal.store.files import markdown_files, read_bytes
from session_journal.store.journal import Journal


def path_of(journal: Journal, name: str, project: str = "") -> str:
    """Return the path of a period's rollup; that of one project stands beside that of all.

    The page that says it is of this project is its page, under whatever number; else the first name that no other
    project's page has, nor had before a person deleted it, for it would come back with what they put on it.
    """
    if not project:
        return f"journal/rollups/{name}.md"
    there = markdown_files(journal.root, "rollups")
    for path in _numbered(name, project, len(there) + 1):
        if path in there and are_called_alike(_project_of(path, read_bytes(journal.path(path))), project):
            return path
    return next(path for path in _numbered(name, project) if not _is_of_another(journal, path, project))


def _numbered(name: str, project: str, most: int | None = None) -> Iterator[str]:
    for number in count(1) if most is None else range(1, most + 1):
        yield f"journal/rollups/{name}-{slugify(project)}{f'-{number}' if number > 1 else ''}.md"


def _is_of_another(journal: Journal, path: str, project: str) -> bool:
    """Tell whether a page is of another project by its own word; one that names none may be of any."""
    data = read_bytes(journal.path(path)) or next(iter(versions_of(journal, path)), None)
    told = _project_of(path, data)
    return bool(told) and not are_called_alike(told, project)


def _project_of(path: str, data: bytes | None) -> str:
    """Return the project that a page says it is of, "" where it says none that can be read."""
    try:
        return str(fields(parse(data or b"", path), path).get("project") or "")
    except DocumentError:
        return ""
