"""The errors a user may meet: what failed, where, and what to run next."""

from __future__ import annotations


class JournalError(Exception):
    """Say what failed and where; `hint` is one command or sentence that helps."""

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(JournalError):
    """Report a command line that cannot be carried out as written (exit 2)."""

    exit_code = 2


class DocumentError(JournalError):
    """Report a markdown file that cannot be read; the message names path and line."""


class TranscriptError(JournalError):
    """Report a transcript in which nothing can be read."""


class GitError(JournalError):
    """Report a git command that failed, with what git itself said."""


class ConflictError(JournalError):
    """Report that a file on disk is no longer what the caller read; nothing was written."""


class SecretError(JournalError):
    """Refuse to store a text that still holds a secret; the message names path, line and kind."""


class NotFoundError(JournalError):
    """Report that a journal, an entry or a file named by the user does not exist."""


class ModelError(JournalError):
    """Report a language model that gave no usable reply; what is at hand offline is used instead."""
