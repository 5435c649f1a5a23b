"""Playbooks: patterns with enough evidence, as pages that a person or an assistant can follow."""

from session_journal.core.playbooks.lifecycle import DAYS, SESSIONS, front_matter, promotable, status_of, values_of
from session_journal.core.playbooks.members import support
from session_journal.core.playbooks.page import Playbook, match, read_playbook, relative_link
from session_journal.core.playbooks.wording import tags_of, title_of

BLOCK = "playbook"

__all__ = [
    "BLOCK", "DAYS", "SESSIONS", "Playbook", "front_matter", "match", "promotable", "read_playbook", "relative_link",
    "status_of", "support", "tags_of", "title_of", "values_of",
]  # fmt: skip
