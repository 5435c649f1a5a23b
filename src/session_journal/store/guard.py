"""What may be stored: paths inside the journal, plain files, no secrets, no unresolved conflicts."""

from __future__ import annotations

import os

from session_journal.core.chain import find_id
from session_journal.core.document import conflict_line
from session_journal.core.folders import is_logged
from session_journal.core.redact import redact, secrets
from session_journal.errors import JournalError, SecretError

__all__ = ["allow_hint", "check", "conflict_line", "find_secrets", "is_logged"]

_LARGE = 1_000_000
_CLEAN: dict[str, bytes] = {}  # the last large text that was found clean: a seal asks twice, and each takes seconds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from session_journal.store.allowed import Allowed


def check(root: str, path: str, data: bytes | None, allowed: Allowed | None = None) -> None:
    """Refuse a file that may not be stored, with a message that names it; data None is a deletion."""
    _check_path(root, path)
    if data is None:
        return
    if is_logged(path) and not find_id(data):
        raise JournalError(f"{path} carries no id in its front matter", "journal seal")
    check_content(path, data, allowed)


def check_content(path: str, data: bytes, allowed: Allowed | None = None) -> None:
    """Refuse what may not be stored whatever the file is: conflict markers and secrets, each with its line."""
    marker = conflict_line(data)
    if marker:
        raise JournalError(
            f"{path}:{marker} holds conflict markers; nothing was stored", "resolve them, then try again"
        )
    found = find_secrets(path, data, allowed)
    if found:
        line, kind, mark = found[0]
        named = f", fingerprint {mark}" if mark else ""
        raise SecretError(f"{path}:{line} holds a secret ({kind}){named}; nothing was stored", allow_hint(path, [mark]))


def find_secrets(path: str, data: bytes, allowed: Allowed | None = None) -> list[tuple[int, str, str]]:
    """Return (line, kind, fingerprint) of each secret that a file or its name holds and the user has not allowed."""
    if _CLEAN.get(path) is data:
        return []
    text = data.decode("utf-8", "replace")
    words = allowed.words() if allowed else ()
    if not redact(path, words=words)[1] and not redact(text, words=words)[1]:
        _remember_clean(path, data)
        return []
    return [
        (secret.line, secret.kind, allowed.fingerprint(secret.value) if allowed else "")
        for secret in [*secrets(path, words), *secrets(text, words)]
        if not (allowed and allowed.permits(secret.kind, secret.value))
    ]


def _remember_clean(path: str, data: bytes) -> None:
    if len(data) > _LARGE:
        _CLEAN.clear()
        _CLEAN[path] = data


def allow_hint(path: str, marks: list[str], command: str = "journal seal") -> str:
    """Say what can be done about secrets with these fingerprints."""
    options = "".join(f" --allow {mark}" for mark in dict.fromkeys(marks) if mark)
    no_secret = f"; if it is no secret: {command}{options}" if options else ""
    return f"take it out of {path}, then try again{no_secret}"


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
