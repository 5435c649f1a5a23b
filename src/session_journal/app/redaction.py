"""The redactor of this user: with this machine's key, the user's words to hide, and what the user has allowed."""

from __future__ import annotations

from collections.abc import Mapping

from session_journal.core.redact import Redactor
from session_journal.store.allowed import Allowed


def make_redactor(env: Mapping[str, str], allowed: Allowed | None = None, *, touch: bool = True) -> Redactor:
    """Return the redactor for transcripts; without `touch`, no key is made where this machine has none yet."""
    known = allowed or Allowed(env)
    key = known.key(make=touch)
    return Redactor(key, known.words(), known.permits if key else None)
