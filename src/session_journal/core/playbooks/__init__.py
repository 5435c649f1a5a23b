"""Playbooks: patterns with enough evidence, as pages that a person or an assistant can follow."""

from session_journal.core.playbooks.contents import values_of, values_without
from session_journal.core.playbooks.lifecycle import (
    DAYS,
    LEVELS,
    SESSIONS,
    Bar,
    Standing,
    front_matter,
    lacking,
    next_level,
    objections,
    promotable,
    stand,
)
from session_journal.core.playbooks.marks import Mark, Verdict, add, take_back
from session_journal.core.playbooks.members import support
from session_journal.core.playbooks.page import BY_HAND, Playbook, doubles, match, read_playbook, relative_link
from session_journal.core.playbooks.remains import lost_sources, remains
from session_journal.core.playbooks.wording import forms, tags_of, title_now, title_of

BLOCK = "playbook"

__all__ = [
    "BLOCK", "BY_HAND", "DAYS", "LEVELS", "SESSIONS", "Bar", "Mark", "Playbook", "Standing", "Verdict", "add",
    "doubles", "forms", "front_matter", "lacking", "lost_sources", "match", "next_level", "objections", "promotable",
    "read_playbook", "relative_link", "remains", "stand", "support", "tags_of", "take_back", "title_now", "title_of",
    "values_of", "values_without",
]  # fmt: skip
