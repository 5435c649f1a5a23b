"""What may be stored: paths inside the journal, plain files, no secrets, no unresolved conflicts."""

from __future__ import annotations

import os

from session_journal.core.chain import find_id
from session_journal.core.redact import redact
from session_journal.errors import JournalError, SecretError

_LARGE = 1_000_000
_CLEAN: dict[str, bytes] = {}  # the last large text that was found clean: a seal asks twice, and each takes seconds


def check(root: str, path: str, data: bytes | None) -> None:
    """Refuse a file that may not be stored, with a message that names it; data None is a deletion."""
    _check_path(root, path)
    if data is None:
        return
    if is_logged(path) and not find_id(data):
        raise JournalError(f"{path} carries no id in its front matter", "journal seal")
    lines = data.split(b"\n") if b"<<<<<<< " in data and b">>>>>>> " in data else []
    marker = next((number for number, line in enumerate(lines, 1) if line.startswith(b"<<<<<<< ")), 0)
    if marker and any(line.startswith(b">>>>>>> ") for line in lines[marker:]):
        raise JournalError(
            f"{path}:{marker} holds conflict markers; nothing was stored", "resolve them, then try again"
        )
    if _CLEAN.get(path) is not data:
        _refuse_secrets(path, data.decode("utf-8", "replace"))
        if len(data) > _LARGE:
            _CLEAN.clear()
            _CLEAN[path] = data


def _check_path(root: str, path: str) -> None:
    parts = path.split("/")
    if path.startswith("/") or "\\" in path or {"..", ".git", ""} & set(parts):
        raise JournalError(f"{path} is not a path inside the journal")
    for length in range(1, len(parts) + 1):
        if os.path.islink(os.path.join(root, *parts[:length])):
            raise JournalError(
                f"{'/'.join(parts[:length])} is a symbolic link; the journal keeps plain files and folders",
                "put the file itself there",
            )


def _refuse_secrets(path: str, text: str) -> None:
    if not redact(path)[1] and not redact(text)[1]:
        return
    for number, line in enumerate([path, *text.splitlines()]):
        kinds = redact(line)[1]
        if kinds:
            raise SecretError(
                f"{path}:{number or 1} holds a secret ({', '.join(sorted(kinds))}); nothing was stored",
                f"take it out of {path}, then try again",
            )
    raise SecretError(
        f"{path} holds a secret ({', '.join(sorted(redact(text)[1]))}); nothing was stored",
        f"take it out of {path}, then try again",
    )


def is_logged(path: str) -> bool:
    """Tell whether a path is one of the files that the log keeps a record of."""
    return path.startswith("journal/") and path.endswith(".md") and not path.startswith("journal/log/")
