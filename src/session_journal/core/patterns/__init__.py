"""What recurs across entries, found by comparing statement with statement; no model, same input same answer."""

from session_journal.core.patterns.likeness import distinct
from session_journal.core.patterns.recurrence import find
from session_journal.core.patterns.statements import Pattern, Statement, key_of, squash, statements
from session_journal.core.patterns.words import mentions, shared_words, telling_terms

__all__ = [
    "Pattern",
    "Statement",
    "distinct",
    "find",
    "key_of",
    "mentions",
    "shared_words",
    "squash",
    "statements",
    "telling_terms",
]
